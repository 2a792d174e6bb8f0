//! S10: verified and exempt can be told apart, and the exemption is exact.

use wxpay::http::{Message, Verified};
use wxpay::time;
use wxpay::v3::compose;
use wxpay::v3::exempt::is_unsigned_by_design;

use super::wechat::{self, client, code, pairs, refused};

const YES: bool = true;
const NO: bool = false;

/// (method, target, status, unsigned by design)
const TABLE: &[(&str, &str, u16, bool)] = &[
    ("GET", "/v3/billdownload/file", 200, YES),
    ("GET", "/v3/billdownload/file?token=abc", 200, YES),
    ("GET", "/v3/billdownload/file?token=a%2Fb//..;x", 200, YES),
    ("GET", "/v3/new-tax-control-fapiao/download", 200, YES),
    (
        "GET",
        "/v3/transferdownload/elecvoucherfile?token=1",
        200,
        YES,
    ),
    ("GET", "/v3/transferdownload/signfile", 200, YES),
    ("GET", "/v3/merchant-service/images/ABC", 200, YES),
    ("GET", "/v3/merchant-service/images/a._~=-Z9", 200, YES),
    ("GET", "/v3/merchant-service/images/abc%3D%3D", 200, YES),
    ("GET", "/v3/merchant-service/images/abc%2Bdef", 200, YES),
    ("GET", "/v3/merchant-service/images/x?upload", 200, YES),
    ("GET", "/v3/merchant-service/images/uploads", 200, YES),
    // Method.
    ("POST", "/v3/billdownload/file", 200, NO),
    ("PUT", "/v3/billdownload/file", 200, NO),
    ("PATCH", "/v3/billdownload/file", 200, NO),
    ("DELETE", "/v3/billdownload/file", 200, NO),
    ("HEAD", "/v3/billdownload/file", 200, NO),
    ("get", "/v3/billdownload/file", 200, NO),
    ("", "/v3/billdownload/file", 200, NO),
    ("POST", "/v3/merchant-service/images/ABC", 200, NO),
    // Status.
    ("GET", "/v3/billdownload/file", 201, NO),
    ("GET", "/v3/billdownload/file", 202, NO),
    ("GET", "/v3/billdownload/file", 204, NO),
    ("GET", "/v3/billdownload/file", 206, NO),
    ("GET", "/v3/billdownload/file", 0, NO),
    // Spelling: exact, never decoded, never normalised.
    ("GET", "/v3/billdownload/file/", 200, NO),
    ("GET", "/v3/billdownload/file/x", 200, NO),
    ("GET", "/v3/billdownload/files", 200, NO),
    ("GET", "/v3/billdownload/fil", 200, NO),
    ("GET", "/v3/billdownload", 200, NO),
    ("GET", "/V3/billdownload/file", 200, NO),
    ("GET", "/v3/BillDownload/File", 200, NO),
    ("GET", "/v3//billdownload/file", 200, NO),
    ("GET", "//v3/billdownload/file", 200, NO),
    ("GET", "/v3/./billdownload/file", 200, NO),
    ("GET", "/v3/pay/../billdownload/file", 200, NO),
    ("GET", "/v3/billdownload/file/../pay", 200, NO),
    ("GET", "/v3/billdownload/file;x=1", 200, NO),
    ("GET", "/v3/billdownload%2Ffile", 200, NO),
    ("GET", "/v3/billdownload%2ffile", 200, NO),
    ("GET", "/v3/billdownload/file%3Ftoken=1", 200, NO),
    ("GET", "/v3/billdownload/file%00", 200, NO),
    ("GET", "/v3/billdownload/%66ile", 200, NO),
    ("GET", "/v3/pay/x?u=/v3/billdownload/file", 200, NO),
    ("GET", "/v3/pay/transactions/id/1", 200, NO),
    ("GET", "/hk/v3/billdownload/file", 200, NO),
    ("GET", "/x/v3/billdownload/file", 200, NO),
    (
        "GET",
        "https://api.mch.weixin.qq.com/v3/billdownload/file",
        200,
        NO,
    ),
    ("GET", "", 200, NO),
    ("GET", "/", 200, NO),
    ("GET", "?", 200, NO),
    // Images: one more segment, and not any.
    ("GET", "/v3/merchant-service/images", 200, NO),
    ("GET", "/v3/merchant-service/images/", 200, NO),
    ("GET", "/v3/merchant-service/images/upload", 200, NO),
    ("GET", "/v3/merchant-service/images/upload?x=1", 200, NO),
    ("GET", "/v3/merchant-service/images/.", 200, NO),
    ("GET", "/v3/merchant-service/images/..", 200, NO),
    ("GET", "/v3/merchant-service/images/a..b", 200, NO),
    ("GET", "/v3/merchant-service/images/a/b", 200, NO),
    ("GET", "/v3/merchant-service/images/a//", 200, NO),
    ("GET", "/v3/merchant-service/images/a;b", 200, NO),
    ("GET", "/v3/merchant-service/images/a%2Fb", 200, NO),
    ("GET", "/v3/merchant-service/images/%2e%2e", 200, NO),
    ("GET", "/v3/merchant-service/images/a%5Cb", 200, NO),
    ("GET", "/v3/merchant-service/images/a%25b", 200, NO),
    ("GET", "/v3/merchant-service/images/a%3d", 200, NO),
    ("GET", "/v3/merchant-service/images/%%3D3D", 200, NO),
    ("GET", "/v3/merchant-service/images/图", 200, NO),
    ("GET", "/v3/merchant-service/Images/ABC", 200, NO),
    ("GET", "/v3/merchant-service/complaints-v2", 200, NO),
    // Certificates are only for the functions that load them; statements have a rule of their own.
    ("GET", "/v3/certificates", 200, NO),
    ("GET", "/v3/certificates?algorithm_type=RSA", 200, NO),
    ("GET", "/v3/Certificates", 200, NO),
    ("GET", "/v3/certificates/", 200, NO),
    ("GET", "/v3/certificates%3f", 200, NO),
    ("GET", "/v3/certificates%3F", 200, NO),
    ("GET", "/v3/global/certificates", 200, NO),
    ("GET", "/hk/v3/certificates", 200, NO),
    ("GET", "/v3/statements", 200, NO),
    ("GET", "/v3/global/statements", 200, NO),
    ("GET", "/hk/v3/statements", 200, NO),
];

#[test]
fn exactly_the_answers_of_the_closed_table_are_unsigned_by_design() {
    const _: () = assert!(TABLE.len() >= 60);
    for (method, target, status, want) in TABLE {
        assert_eq!(
            is_unsigned_by_design(method, target, *status),
            *want,
            "{method} {target} {status}"
        );
    }
}

/// The same table through `check`: without a signature only the exempt are accepted, and they say
/// 2; with one, all are verified alike.
#[test]
fn check_accepts_an_unsigned_answer_only_by_the_closed_table() {
    let client = client();
    // `check` takes the target out of an absolute URL; the table knows targets only.
    for (method, target, status, exempt) in TABLE.iter().filter(|row| !row.1.starts_with("https:"))
    {
        let case = format!("{method} {target} {status}");
        let request = Message::request(method, target, Default::default());
        let mut response = wechat::response(*status, b"content", &[]);
        let verdict = client.check(&request, &mut response, time::clock());
        assert_eq!(verdict.is_ok(), *exempt, "{case}");
        let want = match (exempt, status) {
            (true, _) => Verified::NotSignedByDesign,
            (false, 200..300) => Verified::NotChecked,
            (false, _) => Verified::ErrorAnswer,
        };
        assert_eq!(response.verified, want, "{case}");
        if *status == 200 {
            let mut wrong =
                wechat::response(200, b"content", &pairs(&[("Wechatpay-Signature", "")]));
            let error = refused(&case, client.check(&request, &mut wrong, time::clock()));
            assert!([203, 106].contains(&code(&error)), "{case}: {error}");
            let mut bad = wechat::signed(200, b"other content");
            bad.body = wxpay::v3::compose::copied(b"content").unwrap();
            refused(&case, client.check(&request, &mut bad, time::clock()));
            assert_ne!(bad.verified, Verified::Signature, "{case}");
        }
    }
}

/// verified == 1 says that RSA ran and agreed: any bit of the signature, of the body or of what
/// stands between decides.
#[test]
fn one_flipped_bit_takes_the_verdict_away() {
    let client = client();
    let body = b"{\"trade_state\":\"SUCCESS\"}";
    for target in ["/v3/pay/x", "/v3/billdownload/file", "/v3/certificates"] {
        let request = Message::request("GET", target, Default::default());
        let good = wechat::signature(wechat::wechat(), wechat::PUBLIC_KEY_ID, wechat::now(), body);
        let mut response = wechat::response(200, body, &good);
        client
            .check(&request, &mut response, time::clock())
            .unwrap();
        assert_eq!(response.verified, Verified::Signature, "{target}");
        assert_eq!(&*response.key_id, wechat::PUBLIC_KEY_ID);

        use base64::Engine;
        let engine = base64::engine::general_purpose::STANDARD;
        let raw = engine.decode(&good[2].1).unwrap();
        for bit in (0..raw.len() * 8).step_by(61) {
            let mut flipped = raw.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            let mut headers = good.clone();
            headers[2].1 = engine.encode(&flipped);
            let mut response = wechat::response(200, body, &headers);
            let error = refused(bit, client.check(&request, &mut response, time::clock()));
            assert_eq!(
                (code(&error), response.verified),
                (201, Verified::NotChecked),
                "{target}: bit {bit} of the signature"
            );
        }
        for bit in 0..body.len() * 8 {
            let mut flipped = body.to_vec();
            flipped[bit / 8] ^= 1 << (bit % 8);
            let mut response = wechat::response(200, &flipped, &good);
            refused(bit, client.check(&request, &mut response, time::clock()));
            assert_eq!(
                response.verified,
                Verified::NotChecked,
                "{target}: bit {bit} of the body"
            );
        }
        let second = (wechat::now() + 1).to_string();
        for (index, changed) in [
            (0, second.as_str()),
            (1, "593BEC0C930BF1AFEB40B4A08C8FB243"),
        ] {
            let mut headers = good.clone();
            headers[index].1 = changed.to_owned();
            let mut response = wechat::response(200, body, &headers);
            assert_eq!(
                code(&refused(
                    index,
                    client.check(&request, &mut response, time::clock())
                )),
                201,
                "{target}"
            );
        }
    }
}

/// A second check that fails does not leave the first one's verdict standing.
#[test]
fn a_verdict_does_not_outlive_a_later_check_that_fails() {
    let client = client();
    let request = Message::request("GET", "/v3/pay/x", Default::default());
    let mut response = wechat::signed(200, b"{}");
    client
        .check(&request, &mut response, time::clock())
        .unwrap();
    assert_eq!(response.verified, Verified::Signature);
    let later = time::now(wechat::now() + 1000).unwrap();
    assert_eq!(
        code(&refused(
            "old",
            client.check(&request, &mut response, later)
        )),
        205
    );
    assert_eq!(response.verified, Verified::NotChecked);
    assert_eq!(&*response.key_id, "");
    for (case, request, mut response) in [
        (
            "two responses",
            wechat::signed(200, b"{}"),
            wechat::signed(200, b"{}"),
        ),
        ("two requests", request.clone(), request.clone()),
    ] {
        assert_eq!(
            code(&refused(
                case,
                client.check(&request, &mut response, time::clock())
            )),
            103,
            "{case}"
        );
    }
}

/// T N B with a line feed in B can be read as T, N + the first line, the rest: one signature, two
/// messages.
#[test]
fn a_line_feed_in_the_nonce_cannot_move_the_border_of_the_body() {
    let client = client();
    let request = Message::request("GET", "/v3/pay/x", Default::default());
    let genuine = b"{\"attach\":\"x\"}\n{\"trade_state\":\"SUCCESS\"}";
    let mut headers = wechat::signature(
        wechat::wechat(),
        wechat::PUBLIC_KEY_ID,
        wechat::now(),
        genuine,
    );
    let mut whole = wechat::response(200, genuine, &headers);
    client.check(&request, &mut whole, time::clock()).unwrap();
    let resplit_nonce = format!("{}\n{{\"attach\":\"x\"}}", headers[1].1);
    // Not by the ABI, which takes no line end in a value, and not past it either.
    let mut resplit = Message::response(200, Default::default());
    let refused_value = compose::add_header(&mut resplit, &headers[1].0, &resplit_nonce);
    assert_eq!(code(&refused("line feed", refused_value)), 100);
    headers.remove(1);
    let mut resplit = wechat::response(200, b"{\"trade_state\":\"SUCCESS\"}", &headers);
    resplit.headers.push("Wechatpay-Nonce", &resplit_nonce);
    assert_eq!(
        code(&refused(
            "re-split",
            client.check(&request, &mut resplit, time::clock())
        )),
        201
    );
}
