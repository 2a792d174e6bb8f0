//! Whatever the server does, in whatever order: the outcome is never wrong, and nothing acts twice without a promise.

use serde_json::{Value, json};
use wxpay::error::Outcome;

use super::merchant::{KINDS, Kind, Shop, out_trade_no};

const HOWS: [&str; 3] = ["reset", "close", "cut"];

const STAGES: [&str; 9] = [
    "accept",
    "handshake",
    "head",
    "request",
    "action",
    "status",
    "headers",
    "body",
    "end",
];

/// Other than the ends of a connection.
const OTHERS: &[&str] = &[
    "sign_probe",
    "bad_signature",
    "no_signature",
    "wrong_serial",
    "skew:-400",
    "other_body",
    "drop_header:nonce",
    "duplicate_header:serial",
    "html",
    "html:502",
    "gzip",
    "unframed:half",
    "unframed:cut",
    "chunked",
    "chunked:cut",
    "status:202",
    "status:204",
    "status:400",
    "status:409",
    "status:429",
    "status:500",
    "error:400:SYSTEM_ERROR",
    "error:400:ALREADY_EXISTS",
    "error:400:",
    "error:403:NO_AUTH",
    "no_request_id:400",
    "redirect:302:self",
    "redirect:307",
    "two_lengths",
    "length_and_chunked",
    "garbage",
    "interim:100",
    "interim:103",
    "early:413",
    "early:500",
    "twice",
    "body_on_204",
    "drip:1",
];

/// Knuth's constants: the same cases in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }
}

fn any_fault(random: &mut Random) -> String {
    if random.below(2) == 0 {
        return OTHERS[random.below(OTHERS.len())].to_owned();
    }
    format!(
        "{}:{}",
        HOWS[random.below(HOWS.len())],
        STAGES[random.below(STAGES.len())]
    )
}

/// One call under whatever faults are asked for; the business number if it says that all is well.
fn call(shop: &Shop, case: &str, client: &wxpay::client::Client, kind: Kind) -> Option<String> {
    let before = shop.counts(kind);
    let request = shop.request(kind);
    let result = client.send(&request);
    let after = shop.counts(kind);
    let (hits, actions) = (after.hits - before.hits, after.actions - before.actions);
    let most = if kind.cannot_act_twice() { 2 } else { 1 };
    assert!(
        hits <= most && actions <= most,
        "{case}: {hits} hits, {actions} actions"
    );
    match result {
        Ok(answer) => {
            shop.answers(case, kind, &answer);
            assert!(actions >= 1, "{case}: success, and nothing was done");
            return (kind != Kind::Get).then(|| out_trade_no(&request));
        }
        Err(error) => {
            let fields = error.fields();
            match fields.outcome {
                Outcome::NotSent => assert_eq!((hits, actions), (0, 0), "{case}: {error}"),
                Outcome::Rejected => assert_eq!(actions, 0, "{case}: {error}"),
                Outcome::DoneUnverified => {
                    assert!(
                        (200..300).contains(&fields.http_status) && actions >= 1,
                        "{case}: {error}"
                    );
                }
                Outcome::Unknown => {}
            }
            let nothing_is_open = matches!(fields.outcome, Outcome::NotSent | Outcome::Rejected);
            assert!(
                !fields.retryable || kind.cannot_act_twice() || nothing_is_open,
                "{case}: retryable: {error}"
            );
        }
    }
    None
}

/// Each way to die at each stage, once and for ever.
#[test]
fn a_server_that_dies_at_any_stage_is_never_reported_wrongly() {
    let shop = Shop::open();
    for how in HOWS {
        for stage in STAGES {
            for kind in KINDS {
                for (reused, count) in [(false, 9), (true, 1), (true, 9)] {
                    let case = format!("{how}:{stage} {kind:?} reused {reused} {count} times");
                    let client = shop.client(&[]);
                    if reused {
                        client.send(&shop.request(Kind::Get)).unwrap();
                    }
                    shop.ask_for(
                        &json!({"kind": format!("{how}:{stage}"), "count": count, "path": "/v3/"}),
                    );
                    call(&shop, &case, &client, kind);
                    shop.clear();
                }
            }
        }
    }
}

#[test]
fn no_sequence_of_faults_on_one_client_makes_an_outcome_wrong_or_acts_twice() {
    let shop = Shop::open();
    for seed in 0..60 {
        let mut random = Random(seed);
        let client = shop.client(&[]);
        let faults: Vec<String> = (0..=random.below(4))
            .map(|_| any_fault(&mut random))
            .collect();
        let wanted: Vec<Value> = faults
            .iter()
            .map(|kind| json!({"kind": kind, "path": "/v3/"}))
            .collect();
        shop.ask_for(&json!(wanted));
        let mut done = Vec::new();
        for at in 0..5 {
            let kind = KINDS[random.below(KINDS.len())];
            let case = format!("seed {seed}, {faults:?}, call {at}, {kind:?}");
            done.extend(call(&shop, &case, &client, kind));
        }
        shop.clear();
        let mchid = shop.simulator.merchant()["mchid"]
            .as_str()
            .unwrap()
            .to_owned();
        for number in done {
            let path = format!("/v3/pay/transactions/out-trade-no/{number}?mchid={mchid}");
            shop.control("GET", &path, &Value::Null);
        }
    }
}
