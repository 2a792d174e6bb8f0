//! Vectors, and the same computed by the openssl command: base string written out by hand.

use super::super::fields::Fields;
use super::super::sign::{sign, verify};
use super::openssl;
use crate::error::Status;
use crate::http::V2SignType::{HmacSha256, Md5};
use crate::secret::Secret;

struct Vector {
    json: &'static str,
    key: &'static str,
    base: &'static str,
    md5: &'static str,
    hmac: &'static str,
}

/// The first is the example of WeChat Pay's document on signing v2; all values again by Python
/// (`hashlib.md5`, `hmac.new(key, text, sha256)`).
const VECTORS: &[Vector] = &[
    Vector {
        json: r#"{"appid":"wxd930ea5d5a258f4f","mch_id":"10000100","device_info":1000,"body":"test","nonce_str":"ibuaiVcKdpRxkhJA"}"#,
        key: "192006250b4c09247ec02edce69f6a2d",
        base: "appid=wxd930ea5d5a258f4f&body=test&device_info=1000&mch_id=10000100&nonce_str=ibuaiVcKdpRxkhJA",
        md5: "9A0A8659F005D6984697E2CA0A9CF3B7",
        hmac: "6A9AE1657590FD6257D693A078E1C3E4BB6BA4DC30B23E0EE2496E54170DACD6",
    },
    // Upper case before lower, `re_openid` before `remark`, values as they are, "0" kept; sign,
    // null and empty left out.
    Vector {
        json: r#"{"remark":"0","re_openid":"o1","Zone":"上海 <&>'\"","_x":"a b","empty":"","amount":-5,"none":null,"sign":"AB"}"#,
        key: "0123456789abcdef0123456789abcdef",
        base: "Zone=上海 <&>'\"&_x=a b&amount=-5&re_openid=o1&remark=0",
        md5: "0AE264D7AD71CADA3B818FC1BD649B30",
        hmac: "03FEE34185D62B9045FF0B66AF62848EF356CE29382FCDFC9091E66C757A4554",
    },
];

#[test]
fn the_sign_is_that_of_the_document_and_of_openssl() {
    for vector in VECTORS {
        let fields = Fields::from_json(vector.json).unwrap();
        let key = Secret::new(vector.key.as_bytes());
        let whole = format!("{}&key={}", vector.base, vector.key);
        let md5 = openssl(&["dgst", "-md5"], whole.as_bytes());
        let hmac = openssl(&["dgst", "-sha256", "-hmac", vector.key], whole.as_bytes());
        assert_eq!((md5.as_str(), hmac.as_str()), (vector.md5, vector.hmac));
        assert_eq!(sign(Md5, &key, &fields).unwrap(), vector.md5);
        assert_eq!(sign(HmacSha256, &key, &fields).unwrap(), vector.hmac);
    }
}

#[test]
fn each_key_verifies_and_only_the_exact_spelling() {
    let vector = &VECTORS[0];
    let fields = Fields::from_json(vector.json).unwrap();
    let other = Secret::new(b"ffffffffffffffffffffffffffffffff");
    let key = Secret::new(vector.key.as_bytes());
    let both = [other.clone(), key];
    for (sign_type, right) in [(Md5, vector.md5), (HmacSha256, vector.hmac)] {
        assert!(verify(sign_type, &both, &fields, right).unwrap());
        assert!(!verify(sign_type, &both[..1], &fields, right).unwrap());
        assert!(!verify(sign_type, &both, &fields, &right.to_lowercase()).unwrap());
        assert!(!verify(sign_type, &both, &fields, &right[1..]).unwrap());
        assert!(!verify(sign_type, &both, &fields, "").unwrap());
        assert!(!verify(sign_type, &[], &fields, right).unwrap());
    }
}

#[test]
fn json_is_flat_text_and_integers_and_nothing_twice() {
    let long = format!(r#"{{"{}":1}}"#, "a".repeat(65));
    let deep = format!("{{\"a\":{}1{}}}", "[".repeat(200_000), "]".repeat(200_000));
    let many: Vec<String> = (0..513).map(|index| format!("\"a{index}\":1")).collect();
    let many = format!("{{{}}}", many.join(","));
    let big = format!("{{\"a\":\"{}\"}}", "x".repeat(1024 * 1024));
    for (json, status, says) in [
        (
            r#"{"scene_info":{"id":"1"}}"#,
            Status::InvalidArgument,
            "object or array",
        ),
        (r#"{"a":[1]}"#, Status::InvalidArgument, "object or array"),
        (&deep, Status::InvalidArgument, "object or array"),
        (r#"{"a":true}"#, Status::InvalidArgument, "true or false"),
        (r#"{"a":1.0}"#, Status::InvalidArgument, "not an integer"),
        (r#"{"a":1e3}"#, Status::InvalidArgument, "not an integer"),
        (r#"{"a":"1","a":"2"}"#, Status::MalformedJson, "twice"),
        (r#"{"a":"1","\u0061":"2"}"#, Status::MalformedJson, "twice"),
        (r#"{"a":null,"a":"2"}"#, Status::MalformedJson, "twice"),
        (r#"{"a":"\ud800"}"#, Status::MalformedJson, "a"),
        (r#"{"a b":"1"}"#, Status::InvalidArgument, "name of a field"),
        (r#"{"":"1"}"#, Status::InvalidArgument, "name of a field"),
        (
            r#"{"a=1&b":"1"}"#,
            Status::InvalidArgument,
            "name of a field",
        ),
        (&long, Status::InvalidArgument, "name of a field"),
        (r#"{"a":"x\ny"}"#, Status::InvalidArgument, "U+000A"),
        (r#"{"a":"\u0000"}"#, Status::InvalidArgument, "U+0000"),
        (r#"{"a":"\u007f"}"#, Status::InvalidArgument, "U+007F"),
        (&many, Status::LimitExceeded, "513 fields"),
        (&big, Status::LimitExceeded, "bytes"),
        ("[]", Status::MalformedJson, "not a JSON object"),
        ("", Status::MalformedJson, "not a JSON object"),
        (r#"{"a":1"#, Status::MalformedJson, "not a JSON object"),
        (r#"{"a":1}{"#, Status::MalformedJson, "not a JSON object"),
    ] {
        let case = json.chars().take(80).collect::<String>();
        let error = Fields::from_json(json).expect_err(&case);
        assert_eq!(error.status(), status, "{case}: {error}");
        assert!(error.fields().message.contains(says), "{case}: {error}");
    }
    let hint = Fields::from_json(r#"{"scene_info":{"id":"1"}}"#).unwrap_err();
    assert!(
        hint.fields().hint.contains("scene_info as a string"),
        "{hint}"
    );
    let fields = Fields::from_json(r#"{"fee":100000000000000000000,"a":"\u652f"}"#).unwrap();
    assert_eq!(
        *fields.to_json(),
        r#"{"fee":"100000000000000000000","a":"支"}"#
    );
}
