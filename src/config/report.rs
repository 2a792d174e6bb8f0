//! `wxpay_config_check`: an offline report for people on what is configured, what is wrong and
//! what will be. Shows roles, lengths, serials and dates, never a secret.

use serde_json::{Value, json};

use super::build::{build, simulator_identity};
use super::forms::Form;
use super::{Config, keys, roles};
use crate::error::Status;
use crate::key;
use crate::time::{Now, rfc3339};

/// A certificate that ends within this time is worth a warning: it takes days to replace one.
const SOON_S: i64 = 30 * 86_400;

pub fn report(config: &Config, now: Now) -> String {
    let mut findings: Vec<Value> = Vec::new();
    let mut add = |severity: &str, id: &str, text: String, cure: &str| {
        findings.push(json!({"id": id, "severity": severity, "text": text, "cure": cure}));
    };
    let plan = build(config);
    let status = match &plan {
        Ok(_) => Status::Ok,
        Err(error) => {
            let fields = error.fields();
            add(
                "error",
                fields.status.row().name,
                fields.message.clone(),
                &fields.hint,
            );
            fields.status
        }
    };
    let own = roles::own(config).ok();
    let identity = simulator_identity(config, own.as_ref()).or_else(|| {
        let ring = roles::ring(config, own.as_ref()?, true).ok()?;
        roles::published_key(&ring.keys().keys)
    });
    if let Some(what) = identity {
        add(
            "error",
            "SIMULATOR_IDENTITY",
            format!("{what}."),
            "Never use it in production.",
        );
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
        if !plan.merchant.base.https {
            add(
                "warning",
                "PLAIN_HTTP",
                format!("base_url is {}: nothing is encrypted.", plan.merchant.base),
                "For local tests only.",
            );
        }
        for (host, bind) in &plan.transport.bind {
            add(
                "warning",
                "BIND_HOST",
                format!("{host} is bound to {}.", bind.ip),
                "Temporary: WeChat Pay shuts such addresses down. Remove it after the test.",
            );
        }
        if plan.merchant.api_v3_keys.is_empty() {
            add(
                "warning",
                "NO_API_V3_KEY",
                "api_v3_key is not set: notifications cannot be opened.".to_owned(),
                "Set it on the merchant platform and here.",
            );
        }
    }
    for (name, value) in config.iter() {
        if keys::find(name).is_ok_and(|(row, _)| row.form == Form::Path)
            && let Some(warning) = key::permissions_warning(value)
        {
            add(
                "warning",
                "FILE_PERMISSIONS",
                format!("{name}: {warning}"),
                "chmod 600",
            );
        }
    }
    if config.env_ignored {
        add(
            "warning",
            "ENV_IGNORED",
            "The environment was ignored: this process runs set-user-id.".to_owned(),
            "Use a file.",
        );
    }
    json!({
        "schema": 1,
        "status": status.code(),
        "clock": if now.from_caller { "caller" } else { "system" },
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

fn expiry(what: &str, not_after: i64, now: Now, add: &mut impl FnMut(&str, &str, String, &str)) {
    if not_after < now.seconds {
        add(
            "error",
            "CERTIFICATE_EXPIRED",
            format!("{what} expired on {}.", rfc3339(not_after)),
            "Renew it on the merchant platform.",
        );
    } else if not_after - now.seconds < SOON_S {
        add(
            "warning",
            "CERTIFICATE_EXPIRES",
            format!("{what} expires on {}.", rfc3339(not_after)),
            "Renew it on the merchant platform.",
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
