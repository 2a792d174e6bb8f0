//! `wxpay_client_info`: what a client is and did, redacted.

use std::sync::atomic::Ordering;
use std::time::UNIX_EPOCH;

use serde_json::{Value, json};

use super::Client;
use crate::time::rfc3339;
use crate::v3::keyring::{Origin, WeChatKey};

impl Client {
    pub fn info(&self) -> String {
        let merchant = &self.merchant;
        let transport = self.transport.info();
        json!({
            "schema": 1,
            "mchid": merchant.mchid,
            "brand_id": merchant.brand_id,
            "merchant_serial": merchant.serial,
            "private_key_sha256": merchant.private_key.as_ref().map(|key| key.public().fingerprint().to_owned()),
            "external_signer": merchant.private_key.is_none(),
            "base_url": merchant.base.to_string(),
            "backup_url": merchant.backup.as_ref().map(ToString::to_string),
            "plain_http": !merchant.base.https || merchant.backup.as_ref().is_some_and(|backup| !backup.https),
            "bind_host": self.transport.settings().bindings().map(|(host, bind)| json!({
                "host": host, "address": bind.to_string(), "expires_at": bind.expires_at.map(rfc3339),
            })).collect::<Vec<_>>(),
            "simulator": merchant.is_simulation(),
            "keys": merchant.ring.keys().keys.iter().map(|key| key_json(key)).collect::<Vec<_>>(),
            "auto_certificates": self.auto_certificates,
            "certificates_loaded_at": self.certificates.loaded_at().map(rfc3339),
            "requests": self.counters.requests.load(Ordering::Relaxed),
            "failovers": self.counters.failovers.load(Ordering::Relaxed),
            "retries": self.counters.repeats.load(Ordering::Relaxed) + transport.connect_retries,
            "connections": transport.connections,
            "connections_reused": transport.reused,
            "store": {
                "loads": transport.store_loads,
                "reloads": transport.store_reloads,
                "roots": transport.roots,
                "ignored": transport.ignored,
                "not_a_ca": transport.not_a_ca,
                "loaded_at": transport.loaded_at.and_then(|at| at.duration_since(UNIX_EPOCH).ok())
                    .map(|since| rfc3339(i64::try_from(since.as_secs()).unwrap_or_default())),
            },
        })
        .to_string()
    }
}

fn key_json(key: &WeChatKey) -> Value {
    json!({
        "id": key.id,
        "key_sha256": key.key.fingerprint(),
        "not_before": key.validity.map(|(from, _)| rfc3339(from)),
        "not_after": key.validity.map(|(_, to)| rfc3339(to)),
        "trusted_by": match &key.origin {
            Origin::Configured => "configured".to_owned(),
            Origin::DownloadedFirst => "downloaded (api_v3_key only)".to_owned(),
            Origin::DownloadedSignedBy(id) => format!("downloaded (signed by {id})"),
        },
    })
}
