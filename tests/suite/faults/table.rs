//! One row a fault. The expected values come from safety.md (S1 to S3, S10, S31) and docs/outcomes.md, not from a run.

use std::sync::Mutex;

use serde_json::json;
use wxpay::error::{Outcome, Status};
use wxpay::http::Verified;
use wxpay::v3::compose;

use super::merchant::{Counts, KINDS, Kind, Shop};

/// What one attempt ends in.
#[derive(Clone, Copy, Debug)]
enum Ends {
    Fine,
    Fails(Status, Outcome),
}

/// When the library asks again by itself, which then succeeds.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Again {
    Never,
    /// On a reused connection that died before any byte of the answer, what cannot act twice
    Died,
    /// A GET
    Probed,
}

struct Row {
    kind: &'static str,
    ends: Ends,
    /// What a reset is found out in depends on how fast it is.
    or: Option<Status>,
    /// Of one attempt
    hits: u64,
    actions: u64,
    again: Again,
}

const fn row(kind: &'static str, ends: Ends, actions: u64) -> Row {
    Row {
        kind,
        ends,
        or: None,
        hits: 1,
        actions,
        again: Again::Never,
    }
}

const fn fine(kind: &'static str) -> Row {
    row(kind, Ends::Fine, 1)
}

const fn unverified(kind: &'static str, status: Status) -> Row {
    row(kind, Ends::Fails(status, Outcome::DoneUnverified), 1)
}

const fn unknown(kind: &'static str, status: Status) -> Row {
    row(kind, Ends::Fails(status, Outcome::Unknown), 1)
}

const fn undone(kind: &'static str, status: Status) -> Row {
    row(kind, Ends::Fails(status, Outcome::Unknown), 0)
}

const fn rejected(kind: &'static str, status: Status) -> Row {
    row(kind, Ends::Fails(status, Outcome::Rejected), 0)
}

const fn died(row: Row) -> Row {
    Row {
        again: Again::Died,
        ..row
    }
}

/// The request never came, and may have.
const fn unread(kind: &'static str, status: Status) -> Row {
    Row {
        hits: 0,
        ..undone(kind, status)
    }
}

/// No connection came up.
const fn unsent(kind: &'static str, status: Status) -> Row {
    Row {
        hits: 0,
        ..row(kind, Ends::Fails(status, Outcome::NotSent), 0)
    }
}

const ROWS: &[Row] = &[
    // The answer came, done; that it is WeChat Pay's is not proved.
    Row {
        again: Again::Probed,
        ..unverified("sign_probe", Status::SignatureProbe)
    },
    unverified("bad_signature", Status::SignatureInvalid),
    unverified("other_body", Status::SignatureInvalid),
    unverified("no_signature", Status::SignatureHeadersMissing),
    unverified("drop_header:timestamp", Status::SignatureHeadersMissing),
    unverified("drop_header:nonce", Status::SignatureHeadersMissing),
    unverified("drop_header:signature", Status::SignatureHeadersMissing),
    unverified("drop_header:serial", Status::SignatureHeadersMissing),
    unverified("duplicate_header:timestamp", Status::HeaderDuplicate),
    unverified("duplicate_header:nonce", Status::HeaderDuplicate),
    unverified("duplicate_header:signature", Status::HeaderDuplicate),
    unverified("duplicate_header:serial", Status::HeaderDuplicate),
    unverified("duplicate_header:type", Status::HeaderDuplicate),
    unverified("rename_headers:x", Status::SignatureHeadersMissing),
    unverified("wrong_serial", Status::SerialUnknown),
    unverified("sm2", Status::UnsupportedAlgorithm),
    unverified("skew:-400", Status::TimestampExpired),
    unverified("skew:400", Status::TimestampExpired),
    unverified("stale:-400", Status::TimestampExpired),
    unverified("html", Status::SignatureHeadersMissing),
    unverified("gzip", Status::SignatureInvalid),
    unverified("unframed:half", Status::SignatureInvalid),
    // Odd, and right.
    fine("drop_header:type"),
    fine("rename_headers:lower"),
    fine("rename_headers:cgi"),
    fine("skew:-200"),
    fine("stale:200"),
    fine("no_request_id"),
    fine("delay_ms:200"),
    fine("drip:1"),
    fine("chunked"),
    fine("unframed:close"),
    // The chunks count (RFC 9112, 6.3), and the signature says that they are the answer.
    fine("length_and_chunked"),
    fine("interim:100"),
    fine("interim:103"),
    fine("twice"),
    fine("status:204"),
    fine("body_on_204"),
    fine("reset:end"),
    fine("close:end"),
    fine("cut:end"),
    fine("hang:end"),
    // Refused, and every part of the proof is there.
    rejected("status:400", Status::ApiError),
    rejected("status:401", Status::ApiError),
    rejected("status:403", Status::ApiError),
    rejected("status:404", Status::ApiError),
    rejected("status:429", Status::RateLimited),
    rejected("retry_after:7", Status::RateLimited),
    rejected("error:400:PARAM_ERROR", Status::ApiError),
    rejected("early:413", Status::ApiError),
    // Answers that leave it open.
    unknown("status:201", Status::ApiUnexpectedResponse),
    unknown("status:202", Status::ApiUnexpectedResponse),
    unknown("status:206", Status::ApiUnexpectedResponse),
    unknown("status:304", Status::ApiUnexpectedResponse),
    unknown("redirect:301", Status::ApiUnexpectedResponse),
    unknown("redirect:302", Status::ApiUnexpectedResponse),
    unknown("redirect:307", Status::ApiUnexpectedResponse),
    unknown("redirect:302:self", Status::ApiUnexpectedResponse),
    unknown("redirect:307:self", Status::ApiUnexpectedResponse),
    unknown("status:408", Status::ApiError),
    unknown("status:409", Status::ApiError),
    unknown("status:500", Status::ApiError),
    unknown("status:502", Status::ApiError),
    unknown("status:503", Status::ApiError),
    unknown("status:504", Status::ApiError),
    unknown("error:400:SYSTEM_ERROR", Status::ApiError),
    unknown("error:400:ACCEPT", Status::ApiError),
    unknown("error:400:USERPAYING", Status::ApiError),
    unknown("error:400:ALREADY_EXISTS", Status::ApiError),
    unknown("error:400:", Status::ApiUnexpectedResponse),
    unknown("no_request_id:400", Status::ApiError),
    unknown("no_request_id:429", Status::RateLimited),
    unknown("html:403", Status::ApiUnexpectedResponse),
    unknown("html:502", Status::ApiUnexpectedResponse),
    unknown("oversize:2000000", Status::BodyTooLarge),
    unknown("two_lengths", Status::HttpProtocol),
    unknown("garbage", Status::HttpProtocol),
    // The answer was cut: never a short one.
    unknown("truncate", Status::BodyTruncated),
    unknown("chunked:cut", Status::BodyTruncated),
    unknown("unframed:cut", Status::BodyTruncated),
    unknown("unframed:reset", Status::BodyTruncated),
    unknown("reset:status", Status::BodyTruncated),
    unknown("close:status", Status::BodyTruncated),
    unknown("cut:status", Status::BodyTruncated),
    unknown("reset:headers", Status::BodyTruncated),
    unknown("close:headers", Status::BodyTruncated),
    unknown("cut:headers", Status::BodyTruncated),
    unknown("reset:body", Status::BodyTruncated),
    unknown("close:body", Status::BodyTruncated),
    unknown("cut:body", Status::BodyTruncated),
    // The connection died before any byte of an answer.
    died(undone("reset:head", Status::Io)),
    died(undone("close:head", Status::Io)),
    died(undone("cut:head", Status::Io)),
    died(undone("reset:request", Status::Io)),
    died(undone("close:request", Status::Io)),
    died(undone("cut:request", Status::Io)),
    died(unknown("reset", Status::Io)),
    died(unknown("close", Status::Io)),
    died(unknown("cut", Status::Io)),
    // Silence.
    undone("hang:head", Status::Timeout),
    undone("hang:request", Status::Timeout),
    unknown("hang", Status::Timeout),
    unknown("hang:status", Status::Timeout),
    unknown("hang:headers", Status::Timeout),
    unknown("hang:body", Status::Timeout),
    unknown("unframed:hang", Status::Timeout),
];

/// These strike a connection before anything was asked on it, so never a reused one. TLS 1.3 lets a client write before
/// it knows what became of its handshake.
const UNASKED: &[Row] = &[
    Row {
        or: Some(Status::Connect),
        ..unsent("reset:accept", Status::TlsHandshake)
    },
    unsent("close:accept", Status::TlsHandshake),
    unsent("cut:accept", Status::TlsHandshake),
    unsent("hang:accept", Status::Timeout),
    unread("reset:handshake", Status::Io),
    unread("close:handshake", Status::Io),
    unread("cut:handshake", Status::Io),
    unread("hang:handshake", Status::Timeout),
];

/// Longer than an answer takes on a busy machine.
const TIMEOUT_MS: &str = "3000";

fn run(shop: &Shop, row: &Row, kind: Kind, reused: bool) -> Result<(), String> {
    let client = shop.client(&[("max_response_bytes", "1000000")]);
    if reused {
        client
            .send(&shop.request(Kind::Get))
            .map_err(|error| format!("warm: {error}"))?;
    }
    let before = shop.counts(kind);
    shop.ask_for(&json!({"kind": row.kind, "path": "/v3/"}));
    let mut request = shop.request(kind);
    if row.kind.contains("hang") && row.kind != "hang:end" {
        compose::set_option(&mut request, "timeout_ms", TIMEOUT_MS).unwrap();
    }
    let result = client.send(&request);
    let again = match row.again {
        Again::Never => false,
        Again::Died => reused && kind.cannot_act_twice(),
        Again::Probed => kind == Kind::Get,
    };
    let case = format!("{} {kind:?} reused {reused}", row.kind);
    let mut wrong = Vec::new();
    let mut expect = |what: &str, got: String, want: String| {
        if got != want {
            wrong.push(format!("{what} is {got}, expected {want}"));
        }
    };
    match (&result, if again { Ends::Fine } else { row.ends }) {
        (Ok(answer), Ends::Fine) => {
            expect(
                "verified",
                format!("{:?}", answer.verified),
                format!("{:?}", Verified::Signature),
            );
            shop.answers(&case, kind, answer);
        }
        (Ok(_), Ends::Fails(status, outcome)) => expect(
            "the result",
            "success".to_owned(),
            format!("{status:?} {outcome:?}"),
        ),
        (Err(error), Ends::Fine) => expect("the result", error.to_string(), "success".to_owned()),
        (Err(error), Ends::Fails(status, outcome)) => {
            let fields = error.fields();
            let found = row
                .or
                .filter(|other| *other == fields.status)
                .unwrap_or(status);
            expect(
                "status and outcome",
                format!("{:?} {:?} ({error})", fields.status, fields.outcome),
                format!("{found:?} {outcome:?} ({error})"),
            );
            // S2: the same call may be repeated now. A request that is not marked may be only if it left nothing open.
            let retryable = match outcome {
                Outcome::NotSent => true,
                Outcome::Unknown => kind.cannot_act_twice(),
                Outcome::Rejected => status == Status::RateLimited,
                Outcome::DoneUnverified => false,
            };
            expect(
                "retryable",
                fields.retryable.to_string(),
                retryable.to_string(),
            );
            if row.kind == "retry_after:7" {
                expect(
                    "retry_after_s",
                    format!("{:?}", fields.retry_after_s),
                    "Some(7)".to_owned(),
                );
            }
            if outcome == Outcome::DoneUnverified {
                let kept = fields
                    .response
                    .as_ref()
                    .map_or(0, |response| response.body.len());
                expect(
                    "the unverified body handed out",
                    kept.to_string(),
                    "0".to_owned(),
                );
            }
        }
    }
    let stats = shop.stats();
    let Counts { hits, actions } = shop.counts_in(&stats, kind);
    let more = u64::from(again);
    expect(
        "requests read",
        (hits - before.hits).to_string(),
        (row.hits + more).to_string(),
    );
    expect(
        "actions",
        (actions - before.actions).to_string(),
        (row.actions + more).to_string(),
    );
    // Whatever was left on the connection answers nothing else. A GET, because the end may come while it is under way.
    if row.kind != "hang:end" {
        let before = shop.counts_in(&stats, Kind::Get).hits;
        match client.send(&shop.request(Kind::Get)) {
            Ok(answer) => shop.answers(&case, Kind::Get, &answer),
            Err(error) => expect("the next request", error.to_string(), "success".to_owned()),
        }
        let asked = shop.counts(Kind::Get).hits > before;
        expect(
            "the next request was read",
            asked.to_string(),
            "true".to_owned(),
        );
    }
    if wrong.is_empty() {
        return Ok(());
    }
    Err(format!("{case}: {}", wrong.join("; ")))
}

/// Runs every case, several at a time, each with a simulator of its own, and tells all that are wrong.
fn run_all(cases: Vec<(&'static Row, Kind, bool)>) {
    const AT_A_TIME: usize = 6;
    let left = Mutex::new(cases);
    let wrong = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..AT_A_TIME {
            scope.spawn(|| {
                let shop = Shop::open();
                loop {
                    let Some((row, kind, reused)) = left.lock().unwrap().pop() else {
                        return;
                    };
                    if let Err(text) = run(&shop, row, kind, reused) {
                        wrong.lock().unwrap().push(text);
                        shop.clear();
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn each_fault_has_one_status_and_outcome_and_acts_as_often_as_promised() {
    const { assert!(ROWS.len() >= 90) };
    let mut cases = Vec::new();
    for row in ROWS {
        for kind in KINDS {
            cases.extend([(row, kind, false), (row, kind, true)]);
        }
    }
    run_all(cases);
}

#[test]
fn a_connection_that_dies_before_the_request_is_read_was_sent_nothing_or_nobody_knows() {
    run_all(
        UNASKED
            .iter()
            .flat_map(|row| KINDS.map(|kind| (row, kind, false)))
            .collect(),
    );
}
