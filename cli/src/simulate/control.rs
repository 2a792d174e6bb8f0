//! `/_sim/…`: what a person or a test does to the simulator. Unsigned, so the gate keeps browsers and other hosts out.

use super::answer::Answer;
use super::{Sim, fields, notify, orders};
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde_json::{Value, json};
use std::sync::Arc;

fn bad(message: &str) -> Answer {
    Answer::error(StatusCode::BAD_REQUEST, "INVALID_REQUEST", message)
}

/// An object, or nothing at all.
fn options(body: &[u8]) -> Result<Value, Answer> {
    if body.is_empty() {
        Ok(json!({}))
    } else {
        fields::json_object(body)
    }
}

fn kind(options: &Value) -> Result<Option<notify::Kind>, Answer> {
    match options.get("kind").map(|kind| kind.as_str().unwrap_or("")) {
        None | Some("good") => Ok(None),
        Some(kind) => notify::Kind::parse(kind)
            .map(Some)
            .ok_or_else(|| bad(&format!("unknown kind {kind:?}"))),
    }
}

/// `POST /_sim/pay/{out_trade_no}`, optionally with `{"kind"}` for the first delivery of the notification.
pub async fn pay(
    State(sim): State<Arc<Sim>>,
    Path(out_trade_no): Path<String>,
    body: Bytes,
) -> Answer {
    let paid = || {
        let kind = kind(&options(&body)?)?;
        let (transaction, fresh) = orders::pay(&sim, &out_trade_no)?;
        let transaction_id = transaction["transaction_id"].clone();
        let notification = orders::message(&sim, &out_trade_no, transaction)
            .filter(|_| fresh)
            .map(|message| notify::start(&sim, message, kind, true));
        Ok(Answer::ok(
            json!({"transaction_id": transaction_id, "already_paid": !fresh, "notification": notification}),
        ))
    };
    paid().unwrap_or_else(|answer: Answer| answer)
}

/// `POST /_sim/notify` with `{"url", "kind", "resource"}` sends one notification, not repeated.
pub async fn notify(State(sim): State<Arc<Sim>>, body: Bytes) -> Answer {
    let sent = || {
        let options = options(&body)?;
        let kind = kind(&options)?;
        let url = options["url"]
            .as_str()
            .ok_or_else(|| bad("url is missing"))?
            .to_owned();
        let resource = options
            .get("resource")
            .cloned()
            .unwrap_or_else(|| json!({"mchid": sim.identity.mchid}));
        let id = notify::start(
            &sim,
            notify::Message::transaction(url, resource),
            kind,
            false,
        );
        Ok(Answer::ok(json!({"notification": id})))
    };
    sent().unwrap_or_else(|answer: Answer| answer)
}

/// `GET /_sim/notifications`
pub async fn notifications(State(sim): State<Arc<Sim>>) -> Answer {
    Answer::ok(sim.notifications.list())
}

/// `POST /_sim/fault` with `{"path", "method", "count", "kind"}`.
pub async fn fault(State(sim): State<Arc<Sim>>, body: Bytes) -> Answer {
    let added = || {
        let wanted = options(&body)?;
        if wanted["kind"] != "clear" && !wanted["path"].is_string() {
            return Err(bad("path is missing"));
        }
        sim.faults.add(&wanted).map_err(|message| bad(&message))?;
        Ok(Answer::no_content())
    };
    added().unwrap_or_else(|answer: Answer| answer)
}

/// `POST /_sim/faults` with one of them or an array; without `path` every request is meant.
pub async fn add_faults(State(sim): State<Arc<Sim>>, body: Bytes) -> Answer {
    let added = serde_json::from_slice(&body)
        .map_err(|error| error.to_string())
        .and_then(|wanted: Value| sim.faults.add(&wanted));
    added.map_or_else(|message| bad(&message), |()| Answer::no_content())
}

/// `GET /_sim/faults`
pub async fn faults(State(sim): State<Arc<Sim>>) -> Answer {
    Answer::ok(sim.faults.list())
}

/// `DELETE /_sim/faults`
pub async fn clear_faults(State(sim): State<Arc<Sim>>) -> Answer {
    sim.faults.clear();
    Answer::no_content()
}

/// `POST /_sim/clock` with `{"offset": SECONDS}`, from the machine's clock.
pub async fn clock(State(sim): State<Arc<Sim>>, body: Bytes) -> Answer {
    let set = || {
        let offset = options(&body)?["offset"]
            .as_i64()
            .filter(|offset| offset.abs() <= super::args::TEN_YEARS)
            .ok_or_else(|| bad("offset must be seconds, ten years at most"))?;
        sim.clock.set(offset);
        Ok(Answer::no_content())
    };
    set().unwrap_or_else(|answer: Answer| answer)
}

/// `POST /_sim/merchant-certificate` with `{"state"}`: what the merchant platform says of it.
pub async fn merchant_certificate(State(sim): State<Arc<Sim>>, body: Bytes) -> Answer {
    let set = || {
        let options = options(&body)?;
        let state = options["state"].as_str().unwrap_or("");
        sim.merchant_certificate
            .set(state)
            .map_err(|message| bad(&message))?;
        Ok(Answer::no_content())
    };
    set().unwrap_or_else(|answer: Answer| answer)
}

/// `GET /_sim/stats`
pub async fn stats(State(sim): State<Arc<Sim>>) -> Answer {
    let mut report = sim.stats.report();
    report["money"] = sim.book().money();
    Answer::ok(report)
}
