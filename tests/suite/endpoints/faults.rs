//! Downloads and API v2 when the way goes wrong: no file is given that is not the one, and a refund
//! is asked for once, whatever comes back.

use serde_json::{Value, json};
use wxpay::error::{Outcome, Result};

use super::v2::{order, refund, send, with_pem};
use super::{bills, call, today};
use crate::simulator::Simulator;

/// From now on, until it is cleared: a repeat meets it as well.
fn fault(simulator: &Simulator, path: &str, kind: &str) {
    let asked = json!({"path": path, "kind": kind, "count": 9});
    simulator.control("POST", "/_sim/fault", &asked);
}

fn clear(simulator: &Simulator) {
    simulator.control("POST", "/_sim/fault", &json!({"kind": "clear"}));
}

const FILE: &str = "/v3/billdownload/file";

#[test]
fn a_bill_that_does_not_come_whole_and_unchanged_is_not_given() {
    let simulator = Simulator::start();
    let client = simulator.client();
    bills::trade(&simulator, &client);
    for tar_type in ["", "&tar_type=GZIP"] {
        let url = format!("/v3/bill/tradebill?bill_date={}{tar_type}", today("+%F"));
        let answer = call(&client, "GET", &url, "").to_string();
        let csv = client.download(&answer).unwrap();
        let streamed = || -> Result<Vec<u8>> {
            let download = client.download_open(&answer)?;
            let (mut whole, mut chunk) = (Vec::new(), [0; 100]);
            loop {
                match download.read(&mut chunk)? {
                    0 => return Ok(whole),
                    n => whole.extend_from_slice(&chunk[..n]),
                }
            }
        };
        for kind in [
            "cut:body",
            "close:body",
            "reset:body",
            "cut:headers",
            "reset",
            "chunked:cut",
            "unframed:half",
            "oversize:100000",
            "two_lengths",
            "garbage",
            "html",
            "redirect:302",
            "status:404",
            "status:500",
        ] {
            fault(&simulator, FILE, kind);
            assert!(client.download(&answer).is_err(), "{kind}{tar_type}");
            assert!(streamed().is_err(), "{kind}{tar_type}, streamed");
            clear(&simulator);
        }
        for kind in ["chunked", "unframed:close", "delay_ms:50", "interim:103"] {
            fault(&simulator, FILE, kind);
            let whole = client.download(&answer);
            let whole = whole.unwrap_or_else(|error| panic!("{kind}{tar_type}: {error}"));
            assert_eq!(whole, csv, "{kind}{tar_type}");
            assert_eq!(streamed().unwrap()[..], csv[..], "{kind}{tar_type}");
            clear(&simulator);
        }
    }
}

/// S2, S3: whether it was done is not known from such an answer, and nothing of v2 is repeated.
#[test]
fn a_refund_of_api_v2_is_sent_once_whatever_comes_back() {
    let simulator = Simulator::start();
    let client = with_pem(&simulator);
    let placed = order(&simulator, "v2-faults", "http://127.0.0.1:9/n");
    send(&client, "/pay/unifiedorder", "MD5", &placed).unwrap();
    simulator.control("POST", "/_sim/pay/v2-faults", &json!({}));
    let hits = || simulator.stats()["hits"]["POST /secapi/pay/refund"].clone();
    for (at, (kind, is_done)) in [
        ("reset", true),
        ("cut:action", true),
        ("cut:headers", true),
        ("cut:body", true),
        ("reset:body", true),
        ("chunked:cut", true),
        ("html", true),
        ("status:500", true),
        ("garbage", true),
        ("bad_signature", true),
        ("no_signature", true),
        ("redirect:302:self", true),
        ("reset:request", false),
        ("status:404", false),
    ]
    .into_iter()
    .enumerate()
    {
        let number = format!("R{at}");
        let mut asked = refund(&simulator, "v2-faults", &number);
        asked["refund_fee"] = json!(1);
        let before = hits().as_u64().unwrap_or(0);
        fault(&simulator, "/secapi/pay/refund", kind);
        let error = send(&client, "/secapi/pay/refund", "MD5", &asked).unwrap_err();
        clear(&simulator);
        let fields = error.fields();
        assert!(
            matches!(fields.outcome, Outcome::Unknown | Outcome::DoneUnverified),
            "{kind}: {error:?}"
        );
        assert!(!fields.retryable, "{kind}");
        assert_eq!(hits(), Value::from(before + 1), "{kind}");
        let query = json!({"appid": simulator.appid(), "out_refund_no": number});
        let found = send(&client, "/pay/refundquery", "MD5", &query);
        assert_eq!(found.is_ok(), is_done, "{kind}: {found:?}");
    }
}
