//! `wxpay_config_check`: an offline report for people on what is configured, what is wrong and
//! what will be. Shows roles, lengths, serials and dates, never a secret.

use serde_json::{Value, json};

use super::build::{build, simulator_identity};
use super::forms::Form;
use super::{Config, keys, roles};
use crate::error::{Cause, Diagnosis, Severity, Status};
use crate::key;
use crate::time::{Now, rfc3339};

/// A certificate that ends within this time is worth a warning: it takes days to replace one.
const SOON_S: i64 = 30 * 86_400;

pub fn report(config: &Config, now: Now) -> String {
    let mut findings: Vec<Value> = Vec::new();
    let plan = build(config);
    let status = match &plan {
        Ok(_) => Status::Ok,
        Err(error) => {
            let fields = error.fields();
            findings.push(json!({
                "id": fields.status.row().name,
                "severity": Severity::Error.name(),
                "text": fields.message,
                "cure": fields.hint,
            }));
            fields.status
        }
    };
    let mut add = |cause: Cause, text: String| {
        findings.push(json!(Diagnosis::new(cause, text)));
    };
    let own = roles::own(config).ok();
    let identity = simulator_identity(config, own.as_ref()).or_else(|| {
        let ring = roles::ring(config, own.as_ref()?, true).ok()?;
        roles::published_key(&ring.keys().keys)
    });
    if let Some(what) = identity {
        add(Cause::SimulatorIdentity, format!("{what}."));
    }
    if let Some(certificate) = own.as_ref().and_then(|own| own.certificate.as_ref()) {
        expiry("merchant_certificate", certificate.not_after, now, &mut add);
    }
    if let Ok(plan) = &plan {
        for key in &plan.merchant.ring.keys().keys {
            if let Some((_, not_after)) = key.validity {
                expiry(
                    &format!("platform_certificate {}", key.id),
                    not_after,
                    now,
                    &mut add,
                );
            }
        }
        let merchant = &plan.merchant;
        let urls = [
            ("base_url", Some(&merchant.base)),
            ("backup_url", merchant.backup.as_ref()),
        ];
        for (name, origin) in urls {
            if let Some(origin) = origin.filter(|origin| !origin.https) {
                add(
                    Cause::PlainHttp,
                    format!("{name} is {origin}: nothing is encrypted."),
                );
            }
        }
        for (host, bind) in &plan.transport.bind {
            add(Cause::BindHost, format!("{host} is bound to {}.", bind.ip));
        }
        if plan.merchant.api_v3_keys.is_empty() {
            add(
                Cause::NoApiV3Key,
                "api_v3_key is not set: notifications cannot be opened.".to_owned(),
            );
        }
    }
    for (name, value) in config.iter() {
        // Certificates and public keys may be read by anybody.
        if matches!(
            name,
            "private_key_file" | "client_key_file" | "client_p12_file"
        ) && let Some(warning) = key::permissions_warning(value)
        {
            add(Cause::FilePermissions, format!("{name}: {warning}"));
        }
    }
    if config.env_ignored {
        add(
            Cause::EnvIgnored,
            "The environment was ignored: this process runs set-user-id.".to_owned(),
        );
    }
    json!({
        "schema": 1,
        "status": status.code(),
        "clock": now.clock(),
        "diagnosis": findings,
        "keys": config.iter().map(|(name, value)| (name.to_owned(), shown(name, value))).collect::<serde_json::Map<_, _>>(),
        "merchant": own.map(|own| json!({
            "serial": own.serial,
            "private_key_sha256": own.private_key.as_ref().map(|key| key.public().fingerprint().to_owned()),
            "certificate": own.certificate.as_ref().map(|one| json!({
                "serial": one.serial, "subject": one.subject, "not_before": rfc3339(one.not_before), "not_after": rfc3339(one.not_after),
            })),
        })),
        "wechat_pay_keys": plan.ok().map(|plan| plan.merchant.ring.keys().keys.iter().map(|key| json!({
            "id": key.id, "key_sha256": key.key.fingerprint(), "not_after": key.validity.map(|(_, to)| rfc3339(to)),
        })).collect::<Vec<_>>()),
    })
    .to_string()
}

fn expiry(what: &str, not_after: i64, now: Now, add: &mut impl FnMut(Cause, String)) {
    if not_after < now.seconds {
        add(
            Cause::CertificateExpired,
            format!("{what} expired on {}.", rfc3339(not_after)),
        );
    } else if not_after - now.seconds < SOON_S {
        add(
            Cause::CertificateExpires,
            format!("{what} expires on {}.", rfc3339(not_after)),
        );
    }
}

/// Plain values as they are; of secrets and key material only the length.
fn shown(name: &str, value: &str) -> Value {
    match keys::find(name).map(|(row, _)| row.form) {
        Ok(Form::Secret | Form::ApiKeys | Form::KeyText | Form::ProxyUrl) | Err(_) => {
            json!({ "bytes": value.len() })
        }
        Ok(_) => Value::from(value),
    }
}
