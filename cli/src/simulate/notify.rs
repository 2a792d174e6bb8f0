//! Notifications: made, signed, delivered, repeated as WeChat Pay repeats them, and remembered for
//! `GET /_sim/notifications` (protocol.md §1.6).

use super::signer::{self, Spoil};
use super::{Sim, clock, deliver, random};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Seconds before each of the 15 repetitions, as published.
const DELAYS: [f64; 15] = [
    15.0, 15.0, 30.0, 180.0, 600.0, 1200.0, 1800.0, 1800.0, 1800.0, 3600.0, 10800.0, 10800.0,
    10800.0, 21600.0, 21600.0,
];
/// A merchant must answer within this time.
const REPLY_SECONDS: f64 = 5.0;
/// Enough of a reply to see what went wrong.
const SHOWN_REPLY_CHARS: usize = 512;

/// How a notification differs from a good one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Spoilt(Spoil),
    /// Signed well, but encrypted under a key the merchant does not have
    WrongApiKey,
    /// Signed with the platform certificate instead of the public key
    Certificate,
}

impl Kind {
    pub fn parse(kind: &str) -> Option<Self> {
        match kind {
            "wrong_api_v3_key" => Some(Self::WrongApiKey),
            "certificate" => Some(Self::Certificate),
            _ => Spoil::parse(kind).map(Self::Spoilt),
        }
    }
}

pub struct Message {
    url: String,
    event_type: &'static str,
    original_type: &'static str,
    summary: &'static str,
    resource: Value,
}

impl Message {
    pub fn transaction(url: String, resource: Value) -> Self {
        Self {
            url,
            event_type: "TRANSACTION.SUCCESS",
            original_type: "transaction",
            summary: "支付成功",
            resource,
        }
    }

    pub fn refund(url: String, resource: Value) -> Self {
        Self {
            url,
            event_type: "REFUND.SUCCESS",
            original_type: "refund",
            summary: "退款成功",
            resource,
        }
    }
}

/// Every notification of this run, as `GET /_sim/notifications` shows it.
#[derive(Default)]
pub struct Log(Mutex<Vec<Value>>);

impl Log {
    pub fn list(&self) -> Value {
        Value::Array(
            self.0
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .clone(),
        )
    }

    fn add(&self, entry: Value) -> usize {
        let mut log = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        log.push(entry);
        log.len() - 1
    }

    fn change(&self, at: usize, change: impl FnOnce(&mut Value)) {
        if let Some(entry) = self
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get_mut(at)
        {
            change(entry);
        }
    }
}

/// Delivers in a task of its own and returns the notification's id at once. `kind` spoils the first delivery only, as
/// WeChat Pay's own probes do: the repetition is a good one.
pub fn start(sim: &Arc<Sim>, message: Message, kind: Option<Kind>, repeat: bool) -> String {
    let id = uuid();
    let at = sim.notifications.add(json!({
        "id": id, "url": message.url, "event_type": message.event_type, "attempts": [], "delivered": false, "done": false,
    }));
    tokio::spawn(run(sim.clone(), message, id.clone(), at, kind, repeat));
    id
}

async fn run(
    sim: Arc<Sim>,
    message: Message,
    id: String,
    at: usize,
    kind: Option<Kind>,
    repeat: bool,
) {
    let timeout = Duration::from_secs_f64((REPLY_SECONDS / sim.time_scale).max(1.0));
    let create_time = clock::rfc3339(sim.clock.now());
    for attempt in 0..=DELAYS.len() {
        if let Some(delay) = attempt.checked_sub(1).and_then(|before| DELAYS.get(before)) {
            tokio::time::sleep(Duration::from_secs_f64(delay / sim.time_scale)).await;
        }
        let kind = kind.filter(|_| attempt == 0);
        let time = sim.clock.now();
        let (result, last) = match prepare(&sim, &message, &id, &create_time, kind) {
            Ok((headers, body)) => {
                let post = deliver::post(&message.url, &headers, &body, sim.expose);
                match tokio::time::timeout(timeout, post).await {
                    Ok(Ok(reply)) => (
                        json!({"status": reply.status, "body": cut(&reply.body)}),
                        matches!(reply.status, 200 | 204),
                    ),
                    Ok(Err(deliver::Failure::Refused(why))) => (json!({"refused": why}), true),
                    Ok(Err(deliver::Failure::Io(error))) => (json!({"error": error}), false),
                    Err(_) => (
                        json!({"error": format!("no reply within {timeout:?}")}),
                        false,
                    ),
                }
            }
            Err(error) => (json!({"error": error}), true),
        };
        sim.log
            .line(|| format!("notification {id} -> {}: {result}", message.url));
        let delivered = result
            .get("status")
            .is_some_and(|status| status == 200 || status == 204);
        let done = last || !repeat || attempt == DELAYS.len();
        sim.notifications.change(at, |entry| {
            let mut shown = json!({"time": clock::rfc3339(time), "timestamp": time});
            if let (Some(shown), Value::Object(result)) = (shown.as_object_mut(), result) {
                shown.extend(result);
            }
            if let Some(attempts) = entry["attempts"].as_array_mut() {
                attempts.push(shown);
            }
            entry["delivered"] = json!(delivered);
            entry["done"] = json!(done);
        });
        if done {
            return;
        }
    }
}

type Signed = (Vec<(&'static str, String)>, Vec<u8>);

/// Headers and body of one delivery. Each has its own timestamp, nonce and signature.
fn prepare(
    sim: &Sim,
    message: &Message,
    id: &str,
    create_time: &str,
    kind: Option<Kind>,
) -> Result<Signed, String> {
    let api_v3_key = if kind == Some(Kind::WrongApiKey) {
        random::bytes()
    } else {
        sim.identity.api_v3_key
    };
    let mut resource = signer::resource(
        &api_v3_key,
        message.original_type,
        message.resource.to_string().as_bytes(),
    )?;
    resource["original_type"] = json!(message.original_type);
    let body = json!({
        "id": id,
        "create_time": create_time,
        "resource_type": "encrypt-resource",
        "event_type": message.event_type,
        "summary": message.summary,
        "resource": resource,
    });
    let body = body.to_string().into_bytes();
    let key = if kind == Some(Kind::Certificate) {
        sim.signer.platform_key()
    } else {
        sim.signer.public_key()
    };
    let spoil = match kind {
        Some(Kind::Spoilt(spoil)) => Some(spoil),
        _ => None,
    };
    let headers = signer::headers(&key, sim.clock.now(), &body, spoil)?;
    Ok((headers, body))
}

fn cut(body: &[u8]) -> String {
    String::from_utf8_lossy(body)
        .chars()
        .take(SHOWN_REPLY_CHARS)
        .collect()
}

fn uuid() -> String {
    let hex = random::hex(32);
    [
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..],
    ]
    .join("-")
}
