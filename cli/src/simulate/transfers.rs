//! Transfers to a payer's change: asked for with an encrypted name, confirmed by the payer, cancelled, queried.

use super::answer::{Answer, number};
use super::{Sim, clock, fields, notify, random, seal};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

const PATH: &str = "/v3/fund-app/mch-transfer/transfer-bills";
/// From this amount on the payee's name is needed (2,000 yuan), below the other it is not allowed (0.3 yuan).
const NAME_NEEDED_FEN: i64 = 200_000;
const NAME_ALLOWED_FEN: i64 = 30;

struct Transfer {
    /// With the name in clear: the ciphertext differs in every request
    request: Value,
    user_name: Option<Vec<u8>>,
    bill_no: String,
    state: &'static str,
    package_info: String,
    created: i64,
    updated: i64,
}

#[derive(Default)]
pub struct Transfers(Mutex<HashMap<String, Transfer>>);

impl Transfers {
    fn lock(&self) -> MutexGuard<'_, HashMap<String, Transfer>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub fn routes() -> Router<Arc<Sim>> {
    let number = format!("{PATH}/out-bill-no/{{out_bill_no}}");
    Router::new()
        .route(PATH, post(create))
        .route(&number, get(query))
        .route(&format!("{number}/cancel"), post(cancel))
        .route("/_sim/confirm/{out_bill_no}", post(confirm))
}

/// `POST /v3/fund-app/mch-transfer/transfer-bills`
async fn create(State(sim): State<Arc<Sim>>, headers: HeaderMap, body: Bytes) -> Answer {
    transfer(&sim, &headers, &body).unwrap_or_else(|answer| answer)
}

fn transfer(sim: &Sim, headers: &HeaderMap, body: &[u8]) -> Result<Answer, Answer> {
    let mut request = fields::json_object(body)?;
    let appid = fields::text(&request, "/appid", 1, 32)?;
    if appid != sim.identity.appid {
        let message = "appid and mchid do not belong together.";
        return Err(Answer::invalid_request(message, number::APPID_MCHID));
    }
    let out_bill_no = fields::business_number(&request, "/out_bill_no", 1, 32)?.to_owned();
    fields::text(&request, "/transfer_scene_id", 1, 36)?;
    fields::text(&request, "/openid", 1, 64)?;
    fields::text(&request, "/transfer_remark", 1, 32)?;
    let fen = fields::amount(&request, "/transfer_amount")?;
    if !request["transfer_scene_report_infos"].is_array() {
        let value = &request["transfer_scene_report_infos"];
        let pointer = "/transfer_scene_report_infos";
        return Err(Answer::parameter(
            pointer,
            value,
            "must be an array",
            "body",
        ));
    }
    let notify_url = match request.get("notify_url") {
        None => None,
        Some(_) => Some(fields::text(&request, "/notify_url", 1, 256)?),
    };
    notify_url.map_or(Ok(()), fields::notify_url_form)?;
    let user_name = match request.get("user_name") {
        None => None,
        Some(_) => Some(name_of(sim, headers, &request)?),
    };
    let refuse = |issue: &str| Answer::parameter("/user_name", &Value::Null, issue, "body");
    if user_name.is_none() && fen >= NAME_NEEDED_FEN {
        return Err(refuse("is needed from 2,000 yuan on"));
    }
    if user_name.is_some() && fen < NAME_ALLOWED_FEN {
        return Err(refuse("is not allowed below 0.3 yuan"));
    }
    if let Some(name) = &user_name {
        request["user_name"] = json!(String::from_utf8_lossy(name));
    }

    let now = sim.clock.now();
    let mut transfers = sim.transfers.lock();
    let known = transfers
        .entry(out_bill_no.clone())
        .or_insert_with(|| Transfer {
            request: request.clone(),
            user_name,
            bill_no: format!("13300{}{}", clock::date(now), random::digits(19)),
            state: "WAIT_USER_CONFIRM",
            package_info: format!("SIM{}", random::alphanumeric(60)),
            created: now,
            updated: now,
        });
    if known.request != request {
        let message = "out_bill_no was used before with other parameters.";
        return Err(Answer::invalid_request(message, number::REENTRY));
    }
    Ok(Answer::ok(json!({
        "out_bill_no": out_bill_no,
        "transfer_bill_no": known.bill_no,
        "create_time": clock::rfc3339(known.created),
        "state": known.state,
        "package_info": known.package_info,
    })))
}

/// The name in clear, decrypted with the key that `Wechatpay-Serial` names.
fn name_of(sim: &Sim, headers: &HeaderMap, request: &Value) -> Result<Vec<u8>, Answer> {
    let refuse = |field: &str, issue: &str| Answer::parameter(field, &Value::Null, issue, "body");
    let ciphertext = fields::text(request, "/user_name", 1, 1024)?;
    let serial = headers
        .get("Wechatpay-Serial")
        .and_then(|serial| serial.to_str().ok())
        .unwrap_or("");
    let key = sim
        .signer
        .named(serial)
        .ok_or_else(|| refuse("Wechatpay-Serial", "names no key of WeChat Pay"))?;
    let name = seal::oaep_decrypt(&key.private, ciphertext).map_err(|_| {
        refuse(
            "/user_name",
            "cannot be decrypted with the key that Wechatpay-Serial names",
        )
    })?;
    if name.is_empty() || std::str::from_utf8(&name).is_err() {
        return Err(refuse("/user_name", "must be UTF-8 text when decrypted"));
    }
    Ok(name)
}

fn missing() -> Answer {
    let message = "The transfer does not exist.";
    Answer::error(StatusCode::NOT_FOUND, "NOT_FOUND", message)
}

/// `GET …/out-bill-no/{out_bill_no}`: `user_name` is encrypted for the merchant.
async fn query(State(sim): State<Arc<Sim>>, Path(out_bill_no): Path<String>) -> Answer {
    let transfers = sim.transfers.lock();
    let Some(transfer) = transfers.get(&out_bill_no) else {
        return missing();
    };
    let request = &transfer.request;
    let mut answer = json!({
        "mch_id": sim.identity.mchid,
        "out_bill_no": out_bill_no,
        "transfer_bill_no": transfer.bill_no,
        "appid": request["appid"],
        "state": transfer.state,
        "transfer_amount": request["transfer_amount"],
        "transfer_remark": request["transfer_remark"],
        "openid": request["openid"],
        "create_time": clock::rfc3339(transfer.created),
        "update_time": clock::rfc3339(transfer.updated),
    });
    if let Some(name) = &transfer.user_name {
        match seal::oaep_encrypt(&sim.identity.merchant_key, name) {
            Ok(name) => answer["user_name"] = json!(name),
            Err(message) => return Answer::system_error(&message),
        }
    }
    Answer::ok(answer)
}

/// Gives a transfer that waits for its payee another state.
fn change(sim: &Sim, out_bill_no: &str, state: &'static str) -> Result<Value, Answer> {
    let now = sim.clock.now();
    let mut transfers = sim.transfers.lock();
    let transfer = transfers.get_mut(out_bill_no).ok_or_else(missing)?;
    if transfer.state != "WAIT_USER_CONFIRM" && transfer.state != state {
        let message = "The transfer does not wait for its payee any more.";
        return Err(Answer::invalid_request(message, number::PARAMETER));
    }
    transfer.state = state;
    transfer.updated = now;
    Ok(json!({
        "out_bill_no": out_bill_no,
        "transfer_bill_no": transfer.bill_no,
        "state": state,
        "mch_id": sim.identity.mchid,
        "transfer_amount": transfer.request["transfer_amount"],
        "openid": transfer.request["openid"],
        "create_time": clock::rfc3339(transfer.created),
        "update_time": clock::rfc3339(now),
    }))
}

/// `POST …/out-bill-no/{out_bill_no}/cancel`: cancelled at once.
async fn cancel(State(sim): State<Arc<Sim>>, Path(out_bill_no): Path<String>) -> Answer {
    change(&sim, &out_bill_no, "CANCELLED").map_or_else(
        |answer| answer,
        |bill| {
            Answer::ok(json!({
                "out_bill_no": bill["out_bill_no"],
                "transfer_bill_no": bill["transfer_bill_no"],
                "state": bill["state"],
                "update_time": bill["update_time"],
            }))
        },
    )
}

/// `POST /_sim/confirm/{out_bill_no}`: the payee takes the money, and the merchant is told.
async fn confirm(State(sim): State<Arc<Sim>>, Path(out_bill_no): Path<String>) -> Answer {
    match change(&sim, &out_bill_no, "SUCCESS") {
        Ok(bill) => {
            let url = sim
                .transfers
                .lock()
                .get(&out_bill_no)
                .and_then(|transfer| Some(transfer.request["notify_url"].as_str()?.to_owned()));
            let notification = url
                .map(|url| notify::start(&sim, notify::Message::transfer(url, bill), None, true));
            Answer::ok(json!({"notification": notification}))
        }
        Err(answer) => answer,
    }
}
