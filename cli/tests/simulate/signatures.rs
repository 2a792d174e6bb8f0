//! What is verified of a request, byte for byte, and what is told of it when it is wrong.

use crate::harness::*;
use serde_json::json;

#[test]
fn a_wrong_signature_is_answered_with_what_was_verified() {
    let sim = Sim::start(&[]);
    let body = json!({"mchid": "长"}).to_string();
    let call = Call {
        signed_body: Some(b"{}"),
        ..Call::new("POST", "/v3/pay/transactions/native?x=%20", body.as_bytes())
    };
    let reply = sim.send(&call);
    let (timestamp, nonce) = (call.timestamp, &call.nonce);
    assert_eq!(reply.status, 401);
    assert_eq!(
        reply.json(),
        json!({
            "code": "SIGN_ERROR",
            "message": "Verification failed due to wrong signature",
            "detail": {
                "field": "signature", "issue": "sign not match", "location": "authorization",
                "sign_information": {
                    "method": "POST",
                    "url": "/v3/pay/transactions/native?x=%20",
                    "truncated_sign_message":
                        format!("POST\n/v3/pay/transactions/native?x=%20\n{timestamp}\n{nonce}\n{body}\n"),
                    "sign_message_length": format!("POST\n/v3/pay/transactions/native?x=%20\n{timestamp}\n{nonce}\n{body}\n").len(),
                },
            },
        })
    );
}

#[test]
fn of_a_long_body_64_bytes_are_shown_and_no_half_character() {
    let sim = Sim::start(&[]);
    // 62 bytes, then a character of three.
    let body = format!("{{\"description\":\"{}茶茶茶\"}}", "a".repeat(62 - 16));
    let call = Call {
        signed_body: Some(b"{}"),
        ..Call::new("POST", "/v3/pay/transactions/native", body.as_bytes())
    };
    let information = sim.send(&call).json()["detail"]["sign_information"].clone();
    let lines: Vec<&str> = information["truncated_sign_message"]
        .as_str()
        .unwrap()
        .split('\n')
        .collect();
    assert_eq!(lines[4].len(), 62, "{lines:?}");
    assert_eq!(lines[5], "", "{lines:?}");
    let whole = String::from_utf8(
        Call {
            signed_body: None,
            ..call
        }
        .message(),
    )
    .unwrap();
    assert_eq!(information["sign_message_length"], whole.len());
}

#[test]
fn the_target_is_verified_as_it_came() {
    let sim = Sim::start(&[]);
    for target in [
        "/v3/x",
        "/v3/x?",
        "/v3/x?a=%E8%8C%B6&a=&b=+%2B*~",
        "/v3/a%2Fb",
        "/v3/a/./../b",
        "/v3//a",
        "/v3/%7e?q=/?:@",
        "/v3/a;b=c",
    ] {
        let reply = sim.query(target);
        assert_eq!(
            (reply.status, reply.json()["code"].as_str()),
            (404, Some("NOT_FOUND")),
            "{target}"
        );
    }
    assert_eq!(sim.stats()["hits"]["GET /v3/a/./../b"], 1);
}

#[test]
fn of_an_upload_meta_alone_is_signed() {
    let sim = Sim::start(&[]);
    let meta = br#"{"filename":"a.png","sha256":"00"}"#;
    let mut body = b"--XX\r\nContent-Disposition: form-data; name=\"meta\";\r\nContent-Type: application/json\r\n\r\n".to_vec();
    body.extend_from_slice(meta);
    body.extend_from_slice(b"\r\n--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\";\r\n\r\n\x89PNG\r\n--XX--\r\n");
    let upload = |signed| {
        let call = Call {
            signed_body: Some(signed),
            ..Call::new("POST", "/v3/merchant/media/upload", &body)
        };
        sim.send(&Call {
            headers: vec![
                "Content-Type: multipart/form-data; boundary=XX".into(),
                "Accept: */*".into(),
            ],
            ..call
        })
        .status
    };
    // Let in, and only then found to have another digest than its file.
    assert_eq!((upload(&meta[..]), upload(&body)), (400, 401));
}
