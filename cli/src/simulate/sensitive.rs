//! Endpoints of the simulator's own that let a test see a sensitive field in clear, and a brand request answered.

use super::Sim;
use super::answer::Answer;
use super::{fields, seal};
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use serde_json::{Value, json};
use std::sync::Arc;

/// `POST /v3/_sim/echo-encrypted` with `{"ciphertext"}`, encrypted for the key that `Wechatpay-Serial` names, answers
/// `{"plaintext", "reencrypted"}`, the latter for the merchant's key.
pub async fn echo(State(sim): State<Arc<Sim>>, headers: HeaderMap, body: Bytes) -> Answer {
    let echoed = || {
        let request = fields::json_object(&body)?;
        let ciphertext = fields::text(&request, "/ciphertext", 1, 1024)?;
        let serial = headers
            .get("Wechatpay-Serial")
            .and_then(|serial| serial.to_str().ok())
            .unwrap_or("");
        let refuse =
            |field: &str, issue: &str| Answer::parameter(field, &Value::Null, issue, "body");
        let key = sim
            .signer
            .named(serial)
            .ok_or_else(|| refuse("Wechatpay-Serial", "names no key of WeChat Pay"))?;
        let plaintext = seal::oaep_decrypt(&key.private, ciphertext)
            .map_err(|issue| refuse("/ciphertext", &issue))?;
        let text = std::str::from_utf8(&plaintext)
            .map_err(|_| refuse("/ciphertext", "not UTF-8 when decrypted"))?;
        let reencrypted = seal::oaep_encrypt(&sim.identity.merchant_key, &plaintext)
            .map_err(|issue| Answer::system_error(&issue))?;
        Ok(Answer::ok(
            json!({"plaintext": text, "reencrypted": reencrypted}),
        ))
    };
    echoed().unwrap_or_else(|answer: Answer| answer)
}

/// `POST /brand/_sim/echo`: the body, to see that the brand scheme was taken.
pub async fn echo_body(body: Bytes) -> Answer {
    fields::json_object(&body).map_or_else(|answer| answer, Answer::ok)
}
