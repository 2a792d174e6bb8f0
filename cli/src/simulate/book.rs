//! The book of this run: every order and refund, and what may be done to an order, in whichever version of the API it is
//! asked for.

use super::answer::{Answer, number};
use super::refunds::Refund;
use super::v2::SignType;
use super::{Sim, clock, random};
use axum::http::StatusCode;
use serde_json::{Value, json};
use std::collections::HashMap;

/// Who pays where an order does not say.
pub const PAYER: &str = "oSIM0000000000000000000payer";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TradeState {
    NotPay,
    Success,
    Refund,
    Closed,
}

impl TradeState {
    pub fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::NotPay => ("NOTPAY", "订单未支付"),
            Self::Success => ("SUCCESS", "支付成功"),
            Self::Refund => ("REFUND", "订单发生过退款"),
            Self::Closed => ("CLOSED", "订单已关闭"),
        }
    }
}

#[derive(Clone)]
pub struct Order {
    pub request: Value,
    pub answer: Value,
    pub prepay_id: String,
    /// What the order was placed with under API v2, whose notification it then gets
    pub v2: Option<SignType>,
    pub trade_type: &'static str,
    pub total: i64,
    pub state: TradeState,
    /// Transaction id and time of payment.
    pub paid: Option<(String, i64)>,
    pub refunded: i64,
}

/// Why an order or refund is not granted; each version of the API has its own words for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    NoOrder,
    Paid,
    Closed,
    /// The merchant's number was used before with other parameters
    Reentry,
    NotPaid,
    TotalDiffers,
    TooMuch,
}

impl Refusal {
    pub fn message(self) -> &'static str {
        match self {
            Self::NoOrder => "The order does not exist.",
            Self::Paid => "The order has been paid.",
            Self::Closed => "The order has been closed.",
            Self::Reentry => "The merchant's number was used before with other parameters.",
            Self::NotPaid => "The order has not been paid.",
            Self::TotalDiffers => "amount.total differs from the order's.",
            Self::TooMuch => "amount.refund is more than what is left of the order.",
        }
    }
}

impl From<Refusal> for Answer {
    fn from(refusal: Refusal) -> Self {
        let (status, code, number) = match refusal {
            Refusal::NoOrder => (StatusCode::NOT_FOUND, "ORDER_NOT_EXIST", number::NO_ORDER),
            Refusal::Paid => (StatusCode::BAD_REQUEST, "ORDERPAID", number::PAID),
            Refusal::Closed => (StatusCode::BAD_REQUEST, "ORDER_CLOSED", number::CLOSED),
            Refusal::Reentry => (StatusCode::BAD_REQUEST, "INVALID_REQUEST", number::REENTRY),
            Refusal::NotPaid | Refusal::TotalDiffers | Refusal::TooMuch => (
                StatusCode::BAD_REQUEST,
                "INVALID_REQUEST",
                number::PARAMETER,
            ),
        };
        Self::error(status, code, refusal.message()).number(number)
    }
}

/// Every order and refund of this run.
#[derive(Default)]
pub struct Book {
    pub orders: HashMap<String, Order>,
    /// transaction_id to out_trade_no
    pub transactions: HashMap<String, String>,
    pub refunds: HashMap<String, Refund>,
}

impl Book {
    /// What was paid and refunded, for `GET /_sim/stats`: bills must say the same.
    pub fn money(&self) -> Value {
        let paid = self.orders.values().filter(|order| order.paid.is_some());
        let refunds = self.refunds.values();
        json!({
            "paid": paid.clone().count(),
            "paid_fen": paid.map(|order| order.total).sum::<i64>(),
            "refunds": self.refunds.len(),
            "refunded_fen": refunds.map(|refund| refund.fen).sum::<i64>(),
        })
    }
}

/// An order that is in form.
pub struct Wanted {
    pub request: Value,
    pub trade_type: &'static str,
    pub out_trade_no: String,
    pub total: i64,
    pub v2: Option<SignType>,
}

/// The order as it is entered now, or was before by the same request.
pub fn enter(sim: &Sim, book: &mut Book, wanted: Wanted) -> Result<Order, Refusal> {
    if let Some(order) = book.orders.get(&wanted.out_trade_no) {
        return match order.state {
            TradeState::Success | TradeState::Refund => Err(Refusal::Paid),
            TradeState::Closed => Err(Refusal::Closed),
            TradeState::NotPay
                if order.trade_type == wanted.trade_type && order.request == wanted.request =>
            {
                Ok(order.clone())
            }
            TradeState::NotPay => Err(Refusal::Reentry),
        };
    }
    let prepay_id = format!("wx{}{}", clock::compact(sim.clock.now()), random::hex(20));
    let answer = match wanted.trade_type {
        "NATIVE" => {
            json!({"code_url": format!("weixin://wxpay/bizpayurl?pr=SIM{}", random::alphanumeric(8))})
        }
        "MWEB" => json!({"h5_url": format!(
            "https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id={prepay_id}&package={}", random::digits(10)
        )}),
        _ => json!({"prepay_id": prepay_id}),
    };
    let order = Order {
        request: wanted.request,
        answer,
        prepay_id,
        v2: wanted.v2,
        trade_type: wanted.trade_type,
        total: wanted.total,
        state: TradeState::NotPay,
        paid: None,
        refunded: 0,
    };
    book.orders.insert(wanted.out_trade_no, order.clone());
    Ok(order)
}

/// Closes an order that was not paid.
pub fn shut(book: &mut Book, out_trade_no: &str) -> Result<(), Refusal> {
    let order = book.orders.get_mut(out_trade_no).ok_or(Refusal::NoOrder)?;
    if order.paid.is_some() {
        return Err(Refusal::Paid);
    }
    order.state = TradeState::Closed;
    Ok(())
}

/// Whether this call paid the order.
pub fn settle(sim: &Sim, book: &mut Book, out_trade_no: &str) -> Result<bool, Refusal> {
    let now = sim.clock.now();
    let order = book.orders.get_mut(out_trade_no).ok_or(Refusal::NoOrder)?;
    if order.state == TradeState::Closed {
        return Err(Refusal::Closed);
    }
    let fresh = order.paid.is_none();
    if fresh {
        let transaction_id = format!("42000{}{}", clock::date(now), random::digits(15));
        order.paid = Some((transaction_id.clone(), now));
        order.state = TradeState::Success;
        book.transactions
            .insert(transaction_id, out_trade_no.to_owned());
    }
    Ok(fresh)
}
