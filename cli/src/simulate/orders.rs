//! Orders: made, queried, closed and paid. Kept in memory, lost at the end.

use super::answer::{Answer, number};
use super::v2::SignType;
use super::{Sim, clock, fields, notify, random, v2};
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{StatusCode, Uri};
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::sync::Arc;

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
    pub refunds: HashMap<String, super::refunds::Refund>,
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

/// `POST /v3/pay/transactions/{native,jsapi,app,h5}`
pub async fn create(State(sim): State<Arc<Sim>>, Path(kind): Path<String>, body: Bytes) -> Answer {
    let result = place(&sim, &kind, &body);
    result.unwrap_or_else(|answer| answer)
}

fn place(sim: &Sim, kind: &str, body: &[u8]) -> Result<Answer, Answer> {
    let trade_type = match kind {
        "native" => "NATIVE",
        "jsapi" => "JSAPI",
        "app" => "APP",
        "h5" => "MWEB",
        _ => return Err(super::router::no_such_path()),
    };
    let request = fields::json_object(body)?;
    let (out_trade_no, total) = validate(sim, kind, &request)?;
    let wanted = Wanted {
        request,
        trade_type,
        out_trade_no,
        total,
        v2: None,
    };
    Ok(Answer::ok(enter(sim, &mut sim.book(), wanted)?.answer))
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

/// out_trade_no and total of a request that the service would take.
fn validate(sim: &Sim, kind: &str, request: &Value) -> Result<(String, i64), Answer> {
    let appid = fields::text(request, "/appid", 1, 32)?;
    fields::same_mchid(sim, &request["mchid"], "/mchid", "body")?;
    if appid != sim.identity.appid {
        return Err(Answer::error(
            StatusCode::BAD_REQUEST,
            "APPID_MCHID_NOT_MATCH",
            "appid and mchid do not belong together.",
        )
        .number(number::APPID_MCHID));
    }
    fields::text(request, "/description", 1, 127)?;
    let out_trade_no = fields::business_number(request, "/out_trade_no", 6, 32)?;
    let notify_url = fields::text(request, "/notify_url", 1, 255)?;
    fields::notify_url_form(notify_url)?;
    let total = fields::amount(request, "/amount/total")?;
    fields::currency(request)?;
    if kind == "jsapi" {
        fields::text(request, "/payer/openid", 1, 128)
            .map_err(|answer| answer.number(number::OPENID))?;
    }
    if kind == "h5" {
        fields::text(request, "/scene_info/payer_client_ip", 1, 45)?;
        fields::text(request, "/scene_info/h5_info/type", 1, 32)?;
    }
    Ok((out_trade_no.to_owned(), total))
}

/// `GET /v3/pay/transactions/out-trade-no/{out_trade_no}?mchid=`
pub async fn query_by_number(
    State(sim): State<Arc<Sim>>,
    Path(out_trade_no): Path<String>,
    uri: Uri,
) -> Answer {
    query(&sim, &out_trade_no, &uri).unwrap_or_else(|answer| answer)
}

/// `GET /v3/pay/transactions/id/{transaction_id}?mchid=`
pub async fn query_by_transaction(
    State(sim): State<Arc<Sim>>,
    Path(transaction_id): Path<String>,
    uri: Uri,
) -> Answer {
    let out_trade_no = sim
        .book()
        .transactions
        .get(&transaction_id)
        .cloned()
        .unwrap_or_default();
    query(&sim, &out_trade_no, &uri).unwrap_or_else(|answer| answer)
}

fn query(sim: &Sim, out_trade_no: &str, uri: &Uri) -> Result<Answer, Answer> {
    let parameters = axum::extract::Query::<HashMap<String, String>>::try_from_uri(uri)
        .map(|query| query.0)
        .unwrap_or_default();
    fields::same_mchid(sim, &json!(parameters.get("mchid")), "mchid", "query")?;
    let book = sim.book();
    let order = book.orders.get(out_trade_no).ok_or(Refusal::NoOrder)?;
    Ok(Answer::ok(transaction(sim, out_trade_no, order)))
}

/// `POST /v3/pay/transactions/out-trade-no/{out_trade_no}/close`
pub async fn close(
    State(sim): State<Arc<Sim>>,
    Path(out_trade_no): Path<String>,
    body: Bytes,
) -> Answer {
    let closed = || {
        let request = fields::json_object(&body)?;
        fields::same_mchid(&sim, &request["mchid"], "/mchid", "body")?;
        shut(&mut sim.book(), &out_trade_no)?;
        Ok(Answer::no_content())
    };
    closed().unwrap_or_else(|answer: Answer| answer)
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

/// Pays an order. The transaction, and whether this call paid it; Err says why it cannot be paid.
pub fn pay(sim: &Sim, out_trade_no: &str) -> Result<(Value, bool), Answer> {
    let mut book = sim.book();
    let fresh = settle(sim, &mut book, out_trade_no).map_err(|refusal| {
        let mut answer = Answer::from(refusal);
        if refusal == Refusal::Closed {
            answer.status = StatusCode::CONFLICT;
        }
        answer
    })?;
    let order = book.orders.get(out_trade_no).ok_or(Refusal::NoOrder)?;
    Ok((transaction(sim, out_trade_no, order), fresh))
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

/// The notification of a payment, in the version of the API that placed the order; None without a notify_url.
pub fn message(sim: &Sim, out_trade_no: &str, transaction: Value) -> Option<notify::Message> {
    let book = sim.book();
    let order = book.orders.get(out_trade_no)?;
    let url = order.request["notify_url"].as_str()?.to_owned();
    Some(match order.v2 {
        Some(sign_type) => notify::Message::v2(
            url,
            "PAYMENT",
            v2::Told::payment(sim, out_trade_no, order, sign_type),
        ),
        None => notify::Message::transaction(url, transaction),
    })
}

pub const PAYER: &str = "oSIM0000000000000000000payer";

/// The transaction as a query answers it and a notification carries it.
fn transaction(sim: &Sim, out_trade_no: &str, order: &Order) -> Value {
    let (state, description) = order.state.names();
    let request = &order.request;
    let mut transaction = Map::new();
    let mut put = |name: &str, value: Value| transaction.insert(name.to_owned(), value);
    put("appid", request["appid"].clone());
    put("mchid", json!(sim.identity.mchid));
    put("out_trade_no", json!(out_trade_no));
    put(
        "attach",
        request.get("attach").cloned().unwrap_or_else(|| json!("")),
    );
    put("trade_state", json!(state));
    put("trade_state_desc", json!(description));
    put("promotion_detail", json!([]));
    let Some((transaction_id, time)) = &order.paid else {
        put("payer", json!({}));
        put("amount", json!({"total": order.total}));
        return Value::Object(transaction);
    };
    put("transaction_id", json!(transaction_id));
    put("trade_type", json!(order.trade_type));
    put("bank_type", json!("OTHERS"));
    put("success_time", json!(clock::rfc3339(*time)));
    let openid = request
        .pointer("/payer/openid")
        .cloned()
        .unwrap_or_else(|| json!(PAYER));
    put("payer", json!({"openid": openid}));
    put(
        "amount",
        json!({"total": order.total, "payer_total": order.total, "currency": "CNY", "payer_currency": "CNY"}),
    );
    Value::Object(transaction)
}
