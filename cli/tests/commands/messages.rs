//! `wxpay verify` and `wxpay decrypt` on messages that curl and a listening socket saved.

use crate::harness::{Reply, merchant_server, now, openssl, unbase64};
use crate::place::{Place, number};
use serde_json::{Value, json};
use std::time::Duration;

/// A notification as a server would log it, and what the order is called.
fn notification(place: &Place) -> (Vec<u8>, String) {
    let (url, received) = merchant_server(&[204]);
    let number = number();
    let order = place.sim.order(&number, &url).to_string();
    let run = place.wxpay(
        &[
            "request",
            "POST",
            "/v3/pay/transactions/native",
            "--body",
            "-",
        ],
        order.as_bytes(),
    );
    assert_eq!(run.status, 0, "{}", run.err);
    place
        .sim
        .control("POST", &format!("/_sim/pay/{number}"), &json!({}));
    let came: Reply = received.recv_timeout(Duration::from_secs(20)).unwrap();
    let mut saved = b"POST /notify HTTP/1.1\r\n".to_vec();
    for (name, value) in &came.headers {
        saved.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
    }
    saved.extend_from_slice(b"\r\n");
    saved.extend_from_slice(&came.body);
    (saved, number)
}

fn body_at(saved: &[u8]) -> usize {
    saved
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .unwrap()
        + 4
}

#[test]
fn a_saved_answer_is_verified_and_a_changed_one_is_not() {
    let place = Place::new(&[]);
    let order = place
        .sim
        .order(&number(), "http://127.0.0.1:9/")
        .to_string();
    let saved = place.saved_answer("POST", "/v3/pay/transactions/native", order.as_bytes());
    let file = place.sim.file(&saved);
    let run = place.wxpay(&["verify", &file], b"");
    assert_eq!(run.status, 0, "{}", run.words());
    assert!(
        run.words().contains("Verified. WeChat Pay signed these"),
        "{}",
        run.words()
    );
    let report = place.wxpay(&["verify", "-", "--json"], &saved).json();
    assert_eq!(report["verified"], 1);
    assert_eq!(report["key_id"], place.sim.get("public_key_id"));
    assert_eq!(report["body_bytes"], saved.len() - body_at(&saved));
    // Headers and body apart, in the spelling of CGI.
    let head = String::from_utf8(saved[..body_at(&saved)].to_vec()).unwrap();
    let cgi: String = head
        .lines()
        .skip(1)
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| format!("HTTP_{}: {value}\n", name.to_uppercase().replace('-', "_")))
        .collect();
    let (head, body) = (
        place.sim.file(cgi.as_bytes()),
        place.sim.file(&saved[body_at(&saved)..]),
    );
    let run = place.wxpay(&["verify", "--headers", &head, "--body", &body], b"");
    assert_eq!(run.status, 0, "{}", run.words());

    // An editor's line feed: refused, and said what it is.
    let mut longer = saved.clone();
    longer.push(b'\n');
    let run = place.wxpay(&["verify", "-"], &longer);
    assert_eq!(run.status, 1);
    for said in ["Not verified.", "SIGNATURE_INVALID", "Content-Length says"] {
        assert!(run.words().contains(said), "{said}: {}", run.words());
    }
    let report = place.wxpay(&["verify", "-", "--json"], &longer).json();
    assert_eq!(report["verified"], 0);
    assert_eq!(report["error"]["name"], "SIGNATURE_INVALID");
    assert_eq!(report["content_length_differs"], true);
}

/// S12: the window stays, and only the person may say when a message came.
#[test]
fn an_old_message_is_refused_and_said_to_be_right_apart_from_its_age() {
    let place = Place::new(&[]);
    let saved = place.saved_answer("GET", "/v3/certificates", b"");
    let later = (now() + 400).to_string();
    let run = place.wxpay(&["verify", "-", "--at", &later], &saved);
    assert_eq!(run.status, 1);
    for said in [
        "TIMESTAMP_EXPIRED",
        "Apart from its age the signature is right",
    ] {
        assert!(run.words().contains(said), "{said}: {}", run.words());
    }
    let report = place
        .wxpay(&["verify", "-", "--json", "--at", &later], &saved)
        .json();
    assert_eq!(
        (&report["right_apart_from_age"], &report["clock"]),
        (&json!(true), &json!("caller"))
    );
    let mut changed = saved.clone();
    *changed.last_mut().unwrap() = b' ';
    let run = place.wxpay(&["verify", "-", "--at", &later], &changed);
    assert_eq!(run.status, 1);
    assert!(
        run.words()
            .contains("And apart from its age: SIGNATURE_INVALID"),
        "{}",
        run.words()
    );
    for wrong in ["-1", "1700000000000", "x"] {
        let at = format!("--at={wrong}");
        assert_eq!(
            place.wxpay(&["verify", "-", &at], &saved).status,
            3,
            "{wrong}"
        );
    }
}

#[test]
fn what_has_nothing_to_verify_is_neither_good_nor_bad() {
    let place = Place::new(&[]);
    let error = place.saved_answer("GET", "/v3/pay/transactions/out-trade-no/none?mchid=1", b"");
    let run = place.wxpay(&["verify", "-"], &error);
    assert_eq!(run.status, 2, "{}", run.words());
    assert!(run.words().contains("An error answer"), "{}", run.words());
    let bill = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
    let file = "/v3/billdownload/file?token=x";
    assert_eq!(
        place
            .wxpay(&["verify", "-", "--for", "GET", file], bill)
            .status,
        2
    );
    // Without the request, or for another one, it is an answer without a signature.
    for options in [
        &["verify", "-"][..],
        &["verify", "-", "--for", "POST", file],
    ] {
        let run = place.wxpay(options, bill);
        assert_eq!(run.status, 1, "{options:?}");
        assert!(
            run.words().contains("SIGNATURE_HEADERS_MISSING"),
            "{}",
            run.words()
        );
    }
}

/// The plaintext's witness is openssl's counter mode (`Sim::decrypt`).
#[test]
fn a_notification_is_verified_then_decrypted() {
    let place = Place::new(&[]);
    let (saved, number) = notification(&place);
    assert_eq!(place.wxpay(&["verify", "-"], &saved).status, 0);
    let run = place.wxpay(&["decrypt", "-"], &saved);
    assert_eq!(run.status, 0, "{}", run.err);
    let envelope: Value = serde_json::from_slice(&saved[body_at(&saved)..]).unwrap();
    let expected: Value =
        serde_json::from_slice(&place.sim.decrypt(&envelope["resource"])).unwrap();
    assert_eq!(run.json()["resource"], expected);
    assert_eq!(expected["out_trade_no"], number.as_str());

    // Genuine or not at all: nothing of a changed one is shown.
    let mut changed = saved.clone();
    changed.push(b' ');
    let run = place.wxpay(&["decrypt", "-"], &changed);
    assert_eq!((run.status, run.text().as_str()), (1, ""));
    assert!(run.err.contains("SIGNATURE_INVALID"), "{}", run.err);
    // An editor's line feed: `verify` says what the library would.
    let edited = [saved.as_slice(), b"\n"].concat();
    let run = place.wxpay(&["verify", "-"], &edited);
    assert_eq!(run.status, 1, "{}", run.words());
    assert!(
        run.words().contains("Without that the signature verifies"),
        "{}",
        run.words()
    );
    let later = (now() + 400).to_string();
    let run = place.wxpay(&["decrypt", "-", "--at", &later], &saved);
    assert_eq!((run.status, run.text().as_str()), (1, ""));
    let wrong = place.with(&[("api_v3_key", "0123456789abcdefghijklmnopqrstuv")]);
    let run = place.wxpay_as(&wrong, &["decrypt", "-"], &saved);
    assert_eq!((run.status, run.text().as_str()), (1, ""));
    assert!(run.err.contains("DECRYPT_FAILED"), "{}", run.err);

    // Without verifying only by a word that says so.
    for text in [&envelope, &envelope["resource"]] {
        let run = place.wxpay(
            &["decrypt", "-", "--unverified"],
            text.to_string().as_bytes(),
        );
        assert_eq!(run.status, 0, "{}", run.err);
        assert_eq!(run.json(), expected);
        assert!(run.err.contains("not verified"), "{}", run.err);
        assert_eq!(
            place
                .wxpay(&["decrypt", "-"], text.to_string().as_bytes())
                .status,
            3
        );
    }
    let answer = place.saved_answer("GET", "/v3/certificates", b"");
    let run = place.wxpay(&["decrypt", "-"], &answer);
    assert_eq!(
        (run.status, run.text().as_str()),
        (3, ""),
        "an answer is no notification"
    );
}

#[test]
fn a_field_that_openssl_encrypted_is_decrypted_with_the_private_key() {
    let place = Place::new(&[]);
    let public = place.sim.file(&openssl(
        &[
            "x509",
            "-in",
            &place.sim.path("apiclient_cert.pem"),
            "-noout",
            "-pubkey",
        ],
        b"",
    ));
    let sealed = openssl(
        &[
            "pkeyutl",
            "-encrypt",
            "-pubin",
            "-inkey",
            &public,
            "-pkeyopt",
            "rsa_padding_mode:oaep",
            "-pkeyopt",
            "rsa_oaep_md:sha1",
        ],
        "张三".as_bytes(),
    );
    let text = format!("{}\n", crate::harness::base64(&sealed));
    assert_eq!(unbase64(text.trim()), sealed);
    let run = place.wxpay(&["decrypt", "-", "--field"], text.as_bytes());
    assert_eq!(
        (run.status, run.text().as_str()),
        (0, "张三"),
        "{}",
        run.err
    );
    let run = place.wxpay(&["decrypt", "-", "--field"], &text.as_bytes()[4..]);
    assert_eq!((run.status, run.text().as_str()), (1, ""));
    assert!(run.err.contains("DECRYPT_FAILED"), "{}", run.err);
}
