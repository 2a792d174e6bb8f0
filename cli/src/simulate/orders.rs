//! Orders of API v3: made, queried, closed and paid. Kept in memory, lost at the end.

use super::answer::{Answer, number};
use super::book::{self, Order, PAYER, Refusal, Wanted};
use super::{Sim, clock, fields, notify, v2};
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{StatusCode, Uri};
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::sync::Arc;

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
    Ok(Answer::ok(
        book::enter(sim, &mut sim.book(), wanted)?.answer,
    ))
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
        book::shut(&mut sim.book(), &out_trade_no)?;
        Ok(Answer::no_content())
    };
    closed().unwrap_or_else(|answer: Answer| answer)
}

/// Pays an order. The transaction, and whether this call paid it; Err says why it cannot be paid.
pub fn pay(sim: &Sim, out_trade_no: &str) -> Result<(Value, bool), Answer> {
    let mut book = sim.book();
    let fresh = book::settle(sim, &mut book, out_trade_no).map_err(|refusal| {
        let mut answer = Answer::from(refusal);
        if refusal == Refusal::Closed {
            answer.status = StatusCode::CONFLICT;
        }
        answer
    })?;
    let order = book.orders.get(out_trade_no).ok_or(Refusal::NoOrder)?;
    Ok((transaction(sim, out_trade_no, order), fresh))
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
