//! Refunds of API v2, in the same book as API v3's.

use super::{answer, answer_certified, failure, fields, orders};
use crate::simulate::Sim;
use crate::simulate::book::Refusal;
use crate::simulate::clock;
use crate::simulate::connection::Connection;
use crate::simulate::refunds::{Asked, grant};
use axum::Extension;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;

/// `POST /secapi/pay/refund`, with the client certificate
pub async fn refund(
    State(sim): State<Arc<Sim>>,
    Extension(connection): Extension<Arc<Connection>>,
    body: Bytes,
) -> Response {
    answer_certified(&sim, &connection, &body, |call| {
        if call.optional("out_trade_no").is_none() && call.optional("transaction_id").is_none() {
            return Err(failure(
                "PARAM_ERROR",
                "out_trade_no or transaction_id is needed",
            ));
        }
        let owned = |name: &str| call.optional(name).map(str::to_owned);
        let asked = Asked {
            request: call.content(),
            out_trade_no: owned("out_trade_no"),
            transaction_id: owned("transaction_id"),
            out_refund_no: call.text("out_refund_no", 64)?.to_owned(),
            refund: call.fen("refund_fee")?,
            total: call.fen("total_fee")?,
            notify_url: owned("notify_url"),
            v2: Some(call.sign_type),
        };
        let granted = grant(&sim, asked).map_err(|refusal| match refusal {
            Refusal::Reentry => failure("REFUND_FEE_MISMATCH", refusal.message()),
            _ => refusal.into(),
        })?;
        let text = |name: &str| granted.answer[name].as_str().unwrap_or("");
        let fen = |pointer: &str| granted.answer["amount"][pointer].to_string();
        Ok(fields([
            ("transaction_id", text("transaction_id")),
            ("out_trade_no", text("out_trade_no")),
            ("out_refund_no", text("out_refund_no")),
            ("refund_id", text("refund_id")),
            ("refund_fee", &fen("refund")),
            ("total_fee", &fen("total")),
            ("cash_fee", &fen("total")),
        ]))
    })
}

/// `POST /pay/refundquery` by `out_refund_no`, `refund_id`, `out_trade_no` or `transaction_id`; fields of a refund end in
/// its index.
pub async fn refundquery(State(sim): State<Arc<Sim>>, body: Bytes) -> Response {
    answer(&sim, &body, |call| {
        let book = sim.book();
        let by_refund =
            call.optional("refund_id").is_some() || call.optional("out_refund_no").is_some();
        let order = if by_refund {
            None
        } else {
            Some(orders::named(&book, call)?)
        };
        let mut found: Vec<_> = book
            .refunds
            .iter()
            .filter(|(number, refund)| match &order {
                Some(order) => refund.out_trade_no == *order,
                None => match call.optional("refund_id") {
                    Some(id) => refund.answer["refund_id"] == id,
                    None => call.optional("out_refund_no") == Some(number.as_str()),
                },
            })
            .collect();
        found.sort_by_key(|(number, refund)| (refund.time, (*number).clone()));
        let (_, first) = found
            .first()
            .ok_or_else(|| failure("REFUNDNOTEXIST", "The refund does not exist."))?;
        let text = |name: &str| first.answer[name].as_str().unwrap_or("");
        let total = first.answer["amount"]["total"].to_string();
        let mut answer = fields([
            ("transaction_id", text("transaction_id")),
            ("out_trade_no", text("out_trade_no")),
            ("total_fee", &total),
            ("cash_fee", &total),
            ("refund_count", &found.len().to_string()),
        ]);
        for (at, (number, refund)) in found.iter().enumerate() {
            let mut put = |name: &str, value: &str| {
                answer.insert(format!("{name}_{at}"), value.to_owned());
            };
            put("out_refund_no", number);
            put(
                "refund_id",
                refund.answer["refund_id"].as_str().unwrap_or(""),
            );
            put("refund_fee", &refund.fen.to_string());
            put("refund_status", "SUCCESS");
            put("refund_channel", "ORIGINAL");
            put("refund_recv_accout", "支付用户零钱");
            put("refund_success_time", &clock::plain(refund.time));
        }
        Ok(answer)
    })
}
