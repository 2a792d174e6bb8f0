//! `/v3/certificates`: the platform certificates, encrypted under the APIv3 key (protocol.md §1.8).

use super::answer::Answer;
use super::{Sim, clock, signer};
use axum::extract::State;
use serde_json::{Value, json};
use std::sync::Arc;

/// `GET /v3/certificates`
pub async fn list(State(sim): State<Arc<Sim>>) -> Answer {
    let entry = |platform: &super::identity::Platform| -> Result<Value, String> {
        let pem = platform.certificate_pem.as_bytes();
        Ok(json!({
            "serial_no": platform.serial,
            "effective_time": clock::rfc3339(platform.not_before.unix_timestamp()),
            "expire_time": clock::rfc3339(platform.not_after().unix_timestamp()),
            "encrypt_certificate": signer::resource(&sim.identity.api_v3_key, "certificate", pem)?,
        }))
    };
    let data: Result<Vec<Value>, String> = sim
        .signer
        .platforms()
        .iter()
        .map(|platform| entry(platform))
        .collect();
    match data {
        Ok(data) => Answer::ok(json!({"data": data})),
        Err(message) => Answer::system_error(&message),
    }
}
