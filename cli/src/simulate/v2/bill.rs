//! The bill of API v2: a file when there is one, XML when there is none.

use super::{Call, fields, respond};
use crate::simulate::Sim;
use crate::simulate::answer::{self, Signing};
use crate::simulate::bills::{self, Kind};
use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;

/// `POST /pay/downloadbill`
pub async fn downloadbill(State(sim): State<Arc<Sim>>, body: Bytes) -> Response {
    let call = match Call::read(&sim, &body) {
        Ok(call) => call,
        Err(answer) => return answer,
    };
    let refuse = |message: &str, code: &str| {
        respond(&fields([
            ("return_code", "FAIL"),
            ("return_msg", message),
            ("error_code", code),
        ]))
    };
    let kind = match call.optional("bill_type") {
        None | Some("ALL") => Kind::All,
        Some("SUCCESS") => Kind::Success,
        Some("REFUND") => Kind::Refund,
        Some(_) => return refuse("invalid bill_type", "20001"),
    };
    let gzip = match call.optional("tar_type") {
        None => false,
        Some("GZIP") => true,
        Some(_) => return refuse("invalid tar_type", "20001"),
    };
    let date = call.optional("bill_date").unwrap_or("");
    if date.len() != 8 || !date.bytes().all(|byte| byte.is_ascii_digit()) {
        return refuse("invalid bill_date", "20001");
    }
    let Some(csv) = bills::trade_bill(&sim, date, kind) else {
        return refuse("No Bill Exist", "20002");
    };
    if !gzip {
        return answer::other("text/plain; charset=utf-8", csv.into_bytes(), Signing::None);
    }
    match bills::gzip(csv.as_bytes()) {
        Ok(bytes) => answer::other("application/x-gzip", bytes, Signing::None),
        Err(message) => refuse(&message, "20100"),
    }
}
