//! A merchant whose requests meet faults, and a second one, over connections of its own, that asks for them and counts.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::{Value, json};
use wxpay::client::Client;
use wxpay::http::Message;
use wxpay::v3::compose;

use crate::simulator::Simulator;

pub const NATIVE: &str = "/v3/pay/transactions/native";

/// What a request is allowed to do twice.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    Get,
    Post,
    /// A POST with `idempotent` set
    Marked,
}

pub const KINDS: [Kind; 3] = [Kind::Get, Kind::Post, Kind::Marked];

impl Kind {
    pub fn cannot_act_twice(self) -> bool {
        self != Kind::Post
    }
}

/// How often requests came, and how often they were carried out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Counts {
    pub hits: u64,
    pub actions: u64,
}

pub struct Shop {
    pub simulator: Simulator,
    control: Arc<Client>,
    /// An order that is there from the beginning, for GET
    known: String,
}

impl Shop {
    pub fn open() -> Shop {
        let simulator = Simulator::start();
        let mut config = simulator.config();
        // Another setting of the transport: none of its connections is shared with the others'.
        config.set("max_idle_connections", "3").unwrap();
        let shop = Shop {
            control: Client::new(&config).unwrap(),
            known: number(),
            simulator,
        };
        let order = shop.simulator.order(&shop.known, 100).to_string();
        shop.control.call("POST", NATIVE, order.as_bytes()).unwrap();
        shop
    }

    /// Without any connection yet; those of an earlier one are gone with it.
    pub fn client(&self, changes: &[(&str, &str)]) -> Arc<Client> {
        let mut config = self.simulator.config();
        for (name, value) in changes {
            config.set(name, value).unwrap();
        }
        Client::new(&config).unwrap()
    }

    /// A fault that strikes connections may strike the control's own.
    pub fn control(&self, method: &str, path: &str, body: &Value) -> Message {
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        let mut failures = Vec::new();
        for _ in 0..5 {
            match self.control.call(method, path, body.as_bytes()) {
                Ok(answer) => return answer,
                Err(error) => failures.push(error.to_string()),
            }
        }
        panic!("{method} {path}: {failures:?}")
    }

    pub fn ask_for(&self, faults: &Value) {
        self.control("POST", "/_sim/faults", faults);
    }

    pub fn clear(&self) {
        self.control("DELETE", "/_sim/faults", &Value::Null);
    }

    pub fn stats(&self) -> Value {
        let answer = self.control("GET", "/_sim/stats", &Value::Null);
        serde_json::from_slice(&answer.body).unwrap()
    }

    /// Of requests of that kind.
    pub fn counts_in(&self, stats: &Value, kind: Kind) -> Counts {
        let name = match kind {
            Kind::Get => format!("GET {}", self.known_path()),
            _ => format!("POST {NATIVE}"),
        };
        let read = |what: &str| stats[what][&name].as_u64().unwrap_or(0);
        Counts {
            hits: read("hits"),
            actions: read("actions"),
        }
    }

    pub fn counts(&self, kind: Kind) -> Counts {
        self.counts_in(&self.stats(), kind)
    }

    fn known_path(&self) -> String {
        format!("/v3/pay/transactions/out-trade-no/{}", self.known)
    }

    /// A question about the known order, or a new order.
    pub fn request(&self, kind: Kind) -> Message {
        let mut request = if kind == Kind::Get {
            let mchid = self.simulator.merchant()["mchid"].clone();
            let target = format!("{}?mchid={}", self.known_path(), mchid.as_str().unwrap());
            compose::request("GET", &target, b"")
        } else {
            let order = self.simulator.order(&number(), 100).to_string();
            compose::request("POST", NATIVE, order.as_bytes())
        }
        .unwrap();
        if kind == Kind::Marked {
            compose::set_option(&mut request, "idempotent", "1").unwrap();
        }
        request
    }

    /// The answer is the one to this request and to no other.
    pub fn answers(&self, case: &str, kind: Kind, answer: &Message) {
        if answer.status() == 204 {
            return;
        }
        let body: Value = serde_json::from_slice(&answer.body)
            .unwrap_or_else(|error| panic!("{case}: {error} in {:?}", answer.body.len()));
        match kind {
            Kind::Get => assert_eq!(body["out_trade_no"], json!(self.known), "{case}"),
            _ => assert!(body["code_url"].is_string(), "{case}: {body}"),
        }
    }
}

/// A business number that nobody had before.
pub fn number() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    format!("FAULT{:06}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// Of a request that makes an order.
pub fn out_trade_no(request: &Message) -> String {
    let body: Value = serde_json::from_slice(&request.body).unwrap();
    body["out_trade_no"].as_str().unwrap().to_owned()
}
