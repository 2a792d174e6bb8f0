//! Refunds: asked for, queried, and told to the merchant when they have succeeded.

use super::answer::Answer;
use super::book::{Book, Refusal, TradeState};
use super::v2::{self, SignType};
use super::{Sim, clock, fields, notify, random};
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde_json::{Value, json};
use std::sync::Arc;

#[derive(Clone)]
pub struct Refund {
    request: Value,
    /// As the query answers it.
    pub answer: Value,
    pub out_trade_no: String,
    pub fen: i64,
    pub time: i64,
}

impl Refund {
    /// As the first answer shows it: the money is on its way, only a query or the notification says that it arrived.
    fn processing(&self) -> Answer {
        let mut answer = self.answer.clone();
        answer["status"] = json!("PROCESSING");
        if let Some(answer) = answer.as_object_mut() {
            answer.shift_remove("success_time");
        }
        Answer::ok(answer)
    }
}

/// `POST /v3/refund/domestic/refunds`
pub async fn create(State(sim): State<Arc<Sim>>, body: Bytes) -> Answer {
    refund(&sim, &body).unwrap_or_else(|answer| answer)
}

fn refund(sim: &Arc<Sim>, body: &[u8]) -> Result<Answer, Answer> {
    let request = fields::json_object(body)?;
    let out_refund_no = fields::business_number(&request, "/out_refund_no", 1, 64)?.to_owned();
    let refund = fields::amount(&request, "/amount/refund")?;
    let total = fields::amount(&request, "/amount/total")?;
    fields::text(&request, "/amount/currency", 3, 3)?;
    fields::currency(&request)?;
    let notify_url = match request.get("notify_url") {
        None => None,
        Some(_) => Some(fields::text(&request, "/notify_url", 1, 255)?.to_owned()),
    };
    notify_url
        .as_deref()
        .map_or(Ok(()), fields::notify_url_form)?;

    let number = |name: &str| request[name].as_str().map(str::to_owned);
    let order = match (&request["out_trade_no"], &request["transaction_id"]) {
        (Value::String(_), Value::Null) | (Value::Null, Value::String(_)) => {
            (number("out_trade_no"), number("transaction_id"))
        }
        _ => {
            let issue = "exactly one of out_trade_no and transaction_id is needed";
            return Err(Answer::parameter(
                "/out_trade_no",
                &request["out_trade_no"],
                issue,
                "body",
            ));
        }
    };
    let asked = Asked {
        request,
        out_trade_no: order.0,
        transaction_id: order.1,
        out_refund_no,
        refund,
        total,
        notify_url,
        v2: None,
    };
    Ok(grant(sim, asked)?.processing())
}

/// A refund that is in form.
pub struct Asked {
    pub request: Value,
    pub out_trade_no: Option<String>,
    pub transaction_id: Option<String>,
    pub out_refund_no: String,
    pub refund: i64,
    pub total: i64,
    pub notify_url: Option<String>,
    pub v2: Option<SignType>,
}

/// out_trade_no by either number.
pub fn order_of(
    book: &Book,
    out_trade_no: Option<&str>,
    transaction_id: Option<&str>,
) -> Result<String, Refusal> {
    match (out_trade_no, transaction_id) {
        (_, Some(id)) => book.transactions.get(id).cloned().ok_or(Refusal::NoOrder),
        (Some(number), None) => Ok(number.to_owned()),
        (None, None) => Err(Refusal::NoOrder),
    }
}

/// Refunds at once, tells the merchant, and gives the refund; the same request again gives the same refund.
pub fn grant(sim: &Arc<Sim>, asked: Asked) -> Result<Refund, Refusal> {
    let now = sim.clock.now();
    let mut book = sim.book();
    let out_trade_no = order_of(
        &book,
        asked.out_trade_no.as_deref(),
        asked.transaction_id.as_deref(),
    )?;
    let Asked {
        request,
        out_refund_no,
        refund,
        total,
        ..
    } = asked;
    if let Some(known) = book.refunds.get(&out_refund_no) {
        return if known.request == request {
            Ok(known.clone())
        } else {
            Err(Refusal::Reentry)
        };
    }
    let order = book.orders.get_mut(&out_trade_no).ok_or(Refusal::NoOrder)?;
    let Some((transaction_id, _)) = order.paid.clone() else {
        return Err(Refusal::NotPaid);
    };
    if total != order.total {
        return Err(Refusal::TotalDiffers);
    }
    if refund > order.total - order.refunded {
        return Err(Refusal::TooMuch);
    }
    order.refunded += refund;
    order.state = TradeState::Refund;

    let refund_id = format!("50300{}{}", clock::date(now), random::digits(15));
    let time = clock::rfc3339(now);
    let answer = json!({
        "refund_id": refund_id,
        "out_refund_no": out_refund_no,
        "transaction_id": transaction_id,
        "out_trade_no": out_trade_no,
        "channel": "ORIGINAL",
        "user_received_account": "支付用户零钱",
        "success_time": time,
        "create_time": time,
        "status": "SUCCESS",
        "funds_account": "AVAILABLE",
        "amount": {
            "total": total, "refund": refund, "payer_total": total, "payer_refund": refund,
            "settlement_total": total, "settlement_refund": refund, "discount_refund": 0, "currency": "CNY",
        },
        "promotion_detail": [],
    });
    let told = json!({
        "mchid": sim.identity.mchid,
        "out_trade_no": out_trade_no,
        "transaction_id": transaction_id,
        "out_refund_no": out_refund_no,
        "refund_id": refund_id,
        "refund_status": "SUCCESS",
        "success_time": time,
        "user_received_account": "支付用户零钱",
        "amount": {"total": total, "refund": refund, "payer_total": total, "payer_refund": refund},
    });
    let granted = Refund {
        request,
        answer,
        out_trade_no,
        fen: refund,
        time: now,
    };
    book.refunds.insert(out_refund_no, granted.clone());
    drop(book);
    if let Some(url) = asked.notify_url {
        let message = match asked.v2 {
            Some(_) => notify::Message::v2(url, "REFUND", v2::Told::refund(&granted)),
            None => notify::Message::refund(url, told),
        };
        notify::start(sim, message, None, true);
    }
    Ok(granted)
}

/// `GET /v3/refund/domestic/refunds/{out_refund_no}`
pub async fn query(State(sim): State<Arc<Sim>>, Path(out_refund_no): Path<String>) -> Answer {
    sim.book().refunds.get(&out_refund_no).map_or_else(
        || {
            Answer::error(
                StatusCode::NOT_FOUND,
                "RESOURCE_NOT_EXISTS",
                "The refund does not exist.",
            )
        },
        |refund| Answer::ok(refund.answer.clone()),
    )
}
