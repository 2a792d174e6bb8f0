//! Red packets: sent once for each `mch_billno`, answered without a sign (protocol.md §2.2).

use super::{Call, Failure, certified, coded, failure, fields, respond};
use crate::simulate::connection::Connection;
use crate::simulate::{Sim, clock, random};
use axum::Extension;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use serde_json::Value;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Request and `send_listid` by `mch_billno`.
#[derive(Default)]
pub struct RedPackets(Mutex<HashMap<String, (Value, String)>>);

impl RedPackets {
    fn send(&self, number: &str, request: Value, list_id: String) -> Result<String, Failure> {
        let mut sent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = sent
            .entry(number.to_owned())
            .or_insert_with(|| (request.clone(), list_id));
        if known.0 == request {
            Ok(known.1.clone())
        } else {
            let message = "mch_billno was used before with other parameters.";
            Err(failure("PARAM_ERROR", message))
        }
    }
}

/// `POST /mmpaymkttransfers/sendredpack`, with the client certificate
pub async fn sendredpack(
    State(sim): State<Arc<Sim>>,
    Extension(connection): Extension<Arc<Connection>>,
    body: Bytes,
) -> Response {
    let call = certified(&sim, &connection).and_then(|()| Call::read(&sim, &body));
    let call = match call {
        Ok(call) => call,
        Err(answer) => return answer,
    };
    let sent = || {
        for name in [
            "wxappid",
            "send_name",
            "wishing",
            "client_ip",
            "act_name",
            "remark",
        ] {
            call.text(name, 256)?;
        }
        let (number, openid) = (call.text("mch_billno", 28)?, call.text("re_openid", 32)?);
        if call.optional("total_num") != Some("1") {
            return Err(failure("PARAM_ERROR", "total_num must be 1"));
        }
        let total = call.fen("total_amount")?;
        if !(100..=20_000).contains(&total) {
            return Err(failure(
                "PARAM_ERROR",
                "total_amount must be 100 to 20000 fen",
            ));
        }
        let list_id = format!(
            "10000{}{}",
            clock::date(sim.clock.now()),
            random::digits(15)
        );
        let list_id = sim.red_packets.send(number, call.content(), list_id)?;
        Ok(fields([
            ("mch_billno", number),
            ("mch_id", &sim.identity.mchid),
            ("wxappid", &sim.identity.appid),
            ("re_openid", openid),
            ("total_amount", &total.to_string()),
            ("send_listid", &list_id),
        ]))
    };
    respond(&coded(sent()))
}
