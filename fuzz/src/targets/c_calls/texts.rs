//! Texts that go through the first checks of a function, by the name of the parameter. "x" for a
//! name that is not here: it will do, but does not lead far.

use std::sync::LazyLock;

use super::super::super::world;

pub const BILL: &[u8] = b"a,b\n`1,`2.00\nc,d\n`1,`2.00\n";
pub const CERTIFICATE: &[u8] = world::MERCHANT_CERT.as_bytes();

/// Headers and body of a genuine notification.
pub fn notification() -> &'static (String, Vec<u8>) {
    static MADE: LazyLock<(String, Vec<u8>)> = LazyLock::new(|| {
        let ciphertext = world::encrypted(br#"{"mchid":"1900000001"}"#, b"transaction");
        let body = format!(
            r#"{{"id":"EV-1","create_time":"2018-06-08T10:34:56+08:00","resource_type":"encrypt-resource","event_type":"TRANSACTION.SUCCESS","summary":"x","resource":{{"original_type":"transaction","algorithm":"AEAD_AES_256_GCM","ciphertext":"{ciphertext}","associated_data":"transaction","nonce":"{}"}}}}"#,
            world::GCM_NONCE
        );
        let headers = world::signature_headers(body.as_bytes());
        let lines: Vec<String> = headers
            .iter()
            .map(|(name, value)| format!("{name}: {value}\r\n"))
            .collect();
        (lines.concat(), body.into_bytes())
    });
    &MADE
}

pub fn plausible(function: &str, parameter: &str, choice: u8) -> Vec<u8> {
    if parameter == "raw" && choice & 1 == 0 {
        return notification().0.clone().into_bytes();
    }
    if parameter == "body" && choice & 3 == 3 {
        return notification().1.clone();
    }
    if function == "wxpay_config_set" {
        let index = usize::from(choice) % CONFIGURATION.len();
        let (key, value) = CONFIGURATION[index];
        return (if parameter == "key" { key } else { value })
            .as_bytes()
            .to_vec();
    }
    let both = format!("{function}:{parameter}");
    let found = |wanted: &str| -> Vec<&'static str> {
        TEXTS
            .iter()
            .filter(|(name, _)| *name == wanted)
            .map(|(_, text)| *text)
            .collect()
    };
    let mut texts = found(&both);
    if texts.is_empty() {
        texts = found(parameter);
    }
    if texts.is_empty() {
        texts.push("x");
    }
    texts[usize::from(choice) % texts.len()].as_bytes().to_vec()
}

/// Keys and values by turns: one choice gives both of a pair.
const CONFIGURATION: &[(&str, &str)] = &[
    ("mchid", "1900000002"),
    ("private_key", world::MERCHANT_KEY),
    ("api_v3_key", world::API_V3_KEY),
    ("shared", "1"),
    ("external_signer", "1"),
    ("base_url", "http://127.0.0.1:1"),
    ("backup_url", "https://api2.mch.weixin.qq.com"),
    ("language", "zh"),
    ("proxy", "http://user:pass@127.0.0.1:1"),
    ("bind_host.api.mch.weixin.qq.com", "127.0.0.1:1"),
    ("extra_ca", world::MERCHANT_CERT),
    ("private_key_file", "/dev/zero"),
    ("clock_tolerance_s", "10"),
    ("platform_certificate", world::MERCHANT_CERT),
    ("auto_certificates", "1"),
    ("brand_id", "1"),
];

const TEXTS: &[(&str, &str)] = &[
    ("method", "GET"),
    ("method", "POST"),
    ("url", "/v3/certificates"),
    ("url", "/v3/pay/transactions/jsapi?a=1"),
    ("url", "https://api.mch.weixin.qq.com/v3/x"),
    ("wxpay_message_new_upload:url", "/v3/merchant/media/upload"),
    ("body", ""),
    ("body", "{\"name\":\"x\",\"list\":[{\"a\":\"y\"}]}"),
    ("wxpay_message_new_response:body", "{}"),
    (
        "wxpay_message_new_response:body",
        "<xml><return_code>SUCCESS</return_code></xml>",
    ),
    (
        "wxpay_message_new_response:body",
        "{\"code\":\"SIGN_ERROR\",\"message\":\"x\"}",
    ),
    ("name", "X-Fuzz"),
    ("name", "Wechatpay-Serial"),
    ("name", "HTTP_WECHATPAY_NONCE"),
    ("value", "1000"),
    ("raw", "X-Fuzz: 1\r\n\r\n"),
    ("wxpay_message_set:key", "timeout_ms"),
    ("wxpay_message_set:key", "idempotent"),
    ("wxpay_message_set:key", "key_id"),
    ("key", world::API_V3_KEY),
    ("wxpay_aead_decrypt:nonce", "0123456789ab"),
    ("ciphertext_base64", "7siLUfXlWjKyKPGC6SOdZ3CtmLw="),
    ("prefix", "WXPAY_FUZZ_"),
    ("json", "{\"_note\": \"x\", \"mchid\": \"1900000003\"}"),
    ("wxpay_v2_sign:json", "{\"a\":\"1\",\"b\":2}"),
    (
        "wxpay_v2_prepare:json",
        "{\"appid\":\"wx1\",\"out_trade_no\":\"1\",\"total_fee\":1}",
    ),
    ("timestamp", "1554208460"),
    ("nonce", "593BEC0C930BF1AFEB40B4A08C8FB242"),
    ("key_id", ""),
    ("key_id", world::KEY_ID),
    ("passphrase", ""),
    ("passphrase", "conformance"),
    ("kind", "jsapi"),
    ("kind", "app"),
    ("appid", "wxd678efh567hg6787"),
    ("prepay_id", "wx201410272009395522657a690389285100"),
    ("package", "DJIOSQPYWDxsjdldeuwhdodwxasd_dDiodnwjh9we"),
    (
        "h5_url",
        "https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=wx1&package=1",
    ),
    ("redirect_url", "https://www.example.com/"),
    ("sign_type", "HMAC-SHA256"),
    ("sign_type", "MD5"),
    ("path", "/pay/unifiedorder"),
    ("path", "/pay/downloadbill"),
    ("pointers", "/name"),
    ("pointers", "/list/*/a\n/name?"),
    ("filename", "a.png"),
    ("content_type", "image/png"),
    ("meta_json", ""),
    ("csv", "a,b\n`1,`2.00\nc,d\n`1,`2.00\n"),
    ("pem_or_der", world::MERCHANT_KEY),
    ("pem_or_der", world::MERCHANT_CERT),
    ("cert", world::MERCHANT_CERT),
    (
        "params",
        "{\"appId\":\"wx1\",\"timeStamp\":\"1\",\"nonceStr\":\"n\",\"package\":\"prepay_id=wx2\",\"signType\":\"RSA\"}",
    ),
    (
        "pasted_error",
        "curl: (60) SSL certificate problem: unable to get local issuer certificate",
    ),
    (
        "source",
        "{\"download_url\":\"/v3/billdownload/file?token=x\"}",
    ),
];
