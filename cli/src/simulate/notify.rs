//! Notifications: made, signed, delivered, repeated as WeChat Pay repeats them, and remembered for
//! `GET /_sim/notifications` (protocol.md §1.6).

use super::signer::{self, Spoil};
use super::{Sim, clock, deliver, random, v2};
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
    content: Content,
}

enum Content {
    V3 {
        original_type: &'static str,
        summary: &'static str,
        resource: Value,
    },
    V2(v2::Told),
}

impl Content {
    /// Whether a reply means that the merchant has it.
    fn is_accepted_by(&self, reply: &deliver::Reply) -> bool {
        match self {
            Self::V3 { .. } => matches!(reply.status, 200 | 204),
            Self::V2(_) => reply.status == 200 && v2::is_accepted(&reply.body),
        }
    }
}

impl Message {
    pub fn transaction(url: String, resource: Value) -> Self {
        Self {
            url,
            event_type: "TRANSACTION.SUCCESS",
            content: Content::V3 {
                original_type: "transaction",
                summary: "支付成功",
                resource,
            },
        }
    }

    pub fn transfer(url: String, resource: Value) -> Self {
        Self {
            url,
            event_type: "MCHTRANSFER.BILL.FINISHED",
            content: Content::V3 {
                original_type: "mch_payment",
                summary: "商家转账单据终态通知",
                resource,
            },
        }
    }

    /// `event_type` is for `GET /_sim/notifications` only: API v2 has none.
    pub fn v2(url: String, event_type: &'static str, told: v2::Told) -> Self {
        Self {
            url,
            event_type,
            content: Content::V2(told),
        }
    }

    pub fn refund(url: String, resource: Value) -> Self {
        Self {
            url,
            event_type: "REFUND.SUCCESS",
            content: Content::V3 {
                original_type: "refund",
                summary: "退款成功",
                resource,
            },
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
        let (result, accepted, last) = match prepare(&sim, &message, &id, &create_time, kind) {
            Ok((headers, body)) => {
                let post = deliver::post(&message.url, &headers, &body, sim.expose);
                match tokio::time::timeout(timeout, post).await {
                    Ok(Ok(reply)) => {
                        let accepted = message.content.is_accepted_by(&reply);
                        let shown = json!({"status": reply.status, "body": cut(&reply.body)});
                        (shown, accepted, accepted)
                    }
                    Ok(Err(deliver::Failure::Refused(why))) => {
                        (json!({"refused": why}), false, true)
                    }
                    Ok(Err(deliver::Failure::Io(error))) => (json!({"error": error}), false, false),
                    Err(_) => (
                        json!({"error": format!("no reply within {timeout:?}")}),
                        false,
                        false,
                    ),
                }
            }
            Err(error) => (json!({"error": error}), false, true),
        };
        sim.log
            .line(|| format!("notification {id} -> {}: {result}", message.url));
        let done = last || !repeat || attempt == DELAYS.len();
        sim.notifications.change(at, |entry| {
            let mut shown = json!({"time": clock::rfc3339(time), "timestamp": time});
            if let (Some(shown), Value::Object(result)) = (shown.as_object_mut(), result) {
                shown.extend(result);
            }
            if let Some(attempts) = entry["attempts"].as_array_mut() {
                attempts.push(shown);
            }
            entry["delivered"] = json!(accepted);
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
    let (original_type, summary, resource) = match &message.content {
        Content::V2(told) => {
            let headers = vec![("Content-Type", "text/xml".to_owned())];
            return Ok((headers, told.body(&sim.identity, kind)?));
        }
        Content::V3 {
            original_type,
            summary,
            resource,
        } => (original_type, summary, resource),
    };
    let api_v3_key = if kind == Some(Kind::WrongApiKey) {
        random::bytes()
    } else {
        sim.identity.api_v3_key
    };
    let mut resource =
        signer::resource(&api_v3_key, original_type, resource.to_string().as_bytes())?;
    resource["original_type"] = json!(original_type);
    let body = json!({
        "id": id,
        "create_time": create_time,
        "resource_type": "encrypt-resource",
        "event_type": message.event_type,
        "summary": summary,
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
    let mut headers = signer::headers(&key, sim.clock.now(), &body, spoil)?;
    headers.push(("Content-Type", "application/json".to_owned()));
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
