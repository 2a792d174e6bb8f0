//! Orders: made, queried, closed and paid. Kept in memory, lost at the end.

use super::answer::{Answer, number};
use super::{Sim, clock, fields, random};
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
    fn names(self) -> (&'static str, &'static str) {
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
    pub trade_type: &'static str,
    pub total: i64,
    pub state: TradeState,
    /// Transaction id and time of payment.
    pub paid: Option<(String, i64)>,
    pub refunded: i64,
}

/// Every order and refund of this run.
#[derive(Default)]
pub struct Book {
    pub orders: HashMap<String, Order>,
    /// transaction_id to out_trade_no
    pub transactions: HashMap<String, String>,
    pub refunds: HashMap<String, super::refunds::Refund>,
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
    let now = sim.clock.now();
    let mut book = sim.book();
    if let Some(order) = book.orders.get(&out_trade_no) {
        return match order.state {
            TradeState::Success | TradeState::Refund => Err(order_paid()),
            TradeState::Closed => Err(Answer::error(
                StatusCode::BAD_REQUEST,
                "ORDER_CLOSED",
                "The order has been closed.",
            )
            .number(number::CLOSED)),
            TradeState::NotPay if order.trade_type == trade_type && order.request == request => {
                Ok(Answer::ok(order.answer.clone()))
            }
            TradeState::NotPay => Err(Answer::invalid_request(
                "out_trade_no was used before with other parameters.",
                number::REENTRY,
            )),
        };
    }
    let prepay_id = format!("wx{}{}", clock::compact(now), random::hex(20));
    let answer = match kind {
        "native" => {
            json!({"code_url": format!("weixin://wxpay/bizpayurl?pr=SIM{}", random::alphanumeric(8))})
        }
        "h5" => json!({"h5_url": format!(
            "https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id={prepay_id}&package={}", random::digits(10)
        )}),
        _ => json!({"prepay_id": prepay_id}),
    };
    book.orders.insert(
        out_trade_no,
        Order {
            request,
            answer: answer.clone(),
            trade_type,
            total,
            state: TradeState::NotPay,
            paid: None,
            refunded: 0,
        },
    );
    Ok(Answer::ok(answer))
}

fn order_paid() -> Answer {
    Answer::error(
        StatusCode::BAD_REQUEST,
        "ORDERPAID",
        "The order has been paid.",
    )
    .number(number::PAID)
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
    let order = book.orders.get(out_trade_no).ok_or_else(no_order)?;
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
        let mut book = sim.book();
        let order = book.orders.get_mut(&out_trade_no).ok_or_else(no_order)?;
        if order.paid.is_some() {
            return Err(order_paid());
        }
        order.state = TradeState::Closed;
        Ok(Answer::no_content())
    };
    closed().unwrap_or_else(|answer: Answer| answer)
}

pub fn no_order() -> Answer {
    Answer::error(
        StatusCode::NOT_FOUND,
        "ORDER_NOT_EXIST",
        "The order does not exist.",
    )
    .number(number::NO_ORDER)
}

/// Pays an order. The transaction, and whether this call paid it; Err says why it cannot be paid.
pub fn pay(sim: &Sim, out_trade_no: &str) -> Result<(Value, bool), Answer> {
    let now = sim.clock.now();
    let mut book = sim.book();
    let order = book.orders.get_mut(out_trade_no).ok_or_else(no_order)?;
    if order.state == TradeState::Closed {
        return Err(Answer::error(
            StatusCode::CONFLICT,
            "ORDER_CLOSED",
            "The order has been closed.",
        ));
    }
    let fresh = order.paid.is_none();
    if fresh {
        let transaction_id = format!("42000{}{}", clock::date(now), random::digits(15));
        order.paid = Some((transaction_id.clone(), now));
        order.state = TradeState::Success;
        book.transactions
            .insert(transaction_id, out_trade_no.to_owned());
    }
    let order = book.orders.get(out_trade_no).ok_or_else(no_order)?;
    Ok((transaction(sim, out_trade_no, order), fresh))
}

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
        .unwrap_or_else(|| json!("oSIM0000000000000000000payer"));
    put("payer", json!({"openid": openid}));
    put(
        "amount",
        json!({"total": order.total, "payer_total": order.total, "currency": "CNY", "payer_currency": "CNY"}),
    );
    Value::Object(transaction)
}
