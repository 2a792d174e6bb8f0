//! Refunds: asked for, queried, and told to the merchant when they have succeeded.

use super::answer::Answer;
use super::orders::{self, TradeState};
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
    answer: Value,
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

    let now = sim.clock.now();
    let mut book = sim.book();
    let out_trade_no = match (&request["out_trade_no"], &request["transaction_id"]) {
        (Value::String(number), Value::Null) => number.clone(),
        (Value::Null, Value::String(id)) => book
            .transactions
            .get(id)
            .cloned()
            .ok_or_else(orders::no_order)?,
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
    if let Some(known) = book.refunds.get(&out_refund_no) {
        if known.request == request {
            return Ok(known.processing());
        }
        let message = "out_refund_no was used before with other parameters.";
        return Err(Answer::invalid_request(
            message,
            super::answer::number::REENTRY,
        ));
    }
    let order = book
        .orders
        .get_mut(&out_trade_no)
        .ok_or_else(orders::no_order)?;
    let refuse = |message: &str| {
        Err(Answer::invalid_request(
            message,
            super::answer::number::PARAMETER,
        ))
    };
    let Some((transaction_id, _)) = order.paid.clone() else {
        return refuse("The order has not been paid.");
    };
    if total != order.total {
        return refuse("amount.total differs from the order's.");
    }
    if refund > order.total - order.refunded {
        return refuse("amount.refund is more than what is left of the order.");
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
    let known = Refund { request, answer };
    let processing = known.processing();
    book.refunds.insert(out_refund_no, known);
    drop(book);
    if let Some(url) = notify_url {
        notify::start(sim, notify::Message::refund(url, told), None, true);
    }
    Ok(processing)
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
