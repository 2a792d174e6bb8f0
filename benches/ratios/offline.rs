//! What needs no network: signing a request and opening a notification.

use std::hint::black_box;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair,
};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use wxpay::client::Client;
use wxpay::http::{Body, Message};
use wxpay::time::{clock, now};
use wxpay::v3::prepare::prepare;

use super::files::{API_V3_KEY, Files, ORDER, PUBLIC_KEY_ID, TARGET};
use super::sampling::side_by_side;
use super::table::Row;

pub fn sign(key: &RsaKeyPair, message: &[u8]) -> Vec<u8> {
    let mut signature = vec![0; key.public_modulus_len()];
    key.sign(
        &RSA_PKCS1_SHA256,
        &SystemRandom::new(),
        message,
        &mut signature,
    )
    .expect("AWS-LC signs");
    signature
}

pub fn authorization(files: &Files) -> Vec<Row> {
    let client = Client::new(&files.config()).expect("the configuration is complete");
    let request = Message::request("POST", TARGET, Body::new(ORDER.into()));
    let prepared = prepare(&client.merchant, &request, clock()).expect("it signs");
    let bytes = prepared.signed().expect("signed").to_sign.to_vec();
    let key = files.merchant_key();
    let rounds = side_by_side(
        160,
        || prepare(&client.merchant, &request, now(0).expect("now")).expect("it signs"),
        || sign(&key, &bytes),
    );
    vec![Row::of_times(
        "Authorization",
        &rounds,
        Some(1.05),
        "`prepare` of a POST: URL and body checked, nonce from the system, all headers, signature; against RsaKeyPair::sign of aws-lc-rs over the same bytes.",
    )]
}

pub fn notification(files: &Files) -> Vec<Row> {
    let client = Client::new(&files.config()).expect("the configuration is complete");
    let body = envelope();
    let timestamp = clock().seconds.to_string();
    let nonce = "593BEC0C930BF1AFEB40B4A08C8FB242";
    let signed = [&timestamp, "\n", nonce, "\n", &body, "\n"].concat();
    let signature = sign(&files.wechat_key(), signed.as_bytes());
    let mut message = Message::response(0, Body::new(body.clone().into_bytes()));
    for (name, value) in [
        ("Host", "shop.example"),
        ("User-Agent", "Mozilla/4.0"),
        ("Accept", "*/*"),
        ("Content-Type", "application/json; charset=utf-8"),
        ("Content-Length", &body.len().to_string()),
        ("Wechatpay-Nonce", nonce),
        ("Wechatpay-Timestamp", &timestamp),
        ("Wechatpay-Serial", PUBLIC_KEY_ID),
        ("Wechatpay-Signature-Type", "WECHATPAY2-SHA256-RSA2048"),
        ("Wechatpay-Signature", &STANDARD.encode(&signature)),
    ] {
        message.headers.push(name, value);
    }
    let key = ParsedPublicKey::new(
        &RSA_PKCS1_2048_8192_SHA256,
        files.public_der("other-public.pem"),
    )
    .expect("a public key");
    let rounds = side_by_side(
        1600,
        || {
            client
                .open_notification(&message, now(0).expect("now"))
                .expect("it opens")
        },
        || {
            key.verify_sig(black_box(signed.as_bytes()), &signature)
                .expect("it verifies")
        },
    );
    vec![Row::of_times(
        "notification",
        &rounds,
        Some(1.5),
        format!(
            "`open_notification` of {} bytes: headers, window, signature, AES-256-GCM, envelope and resource as JSON; against verify_sig of aws-lc-rs, key parsed, over the same bytes.",
            body.len()
        ),
    )]
}

/// A paid order, as the official documents show it.
fn envelope() -> String {
    let resource = r#"{"transaction_id":"1217752501201407033233368018","amount":{"payer_total":100,"total":100,"currency":"CNY","payer_currency":"CNY"},"mchid":"1900000001","trade_state":"SUCCESS","bank_type":"CMC","promotion_detail":[{"amount":100,"wechatpay_contribute":0,"coupon_id":"109519","scope":"GLOBAL","merchant_contribute":0,"name":"单品惠-6","other_contribute":0,"currency":"CNY","stock_id":"931386","goods_detail":[{"goods_remark":"商品备注信息","quantity":1,"discount_amount":1,"goods_id":"M1006","unit_price":100}]}],"success_time":"2018-06-08T10:34:56+08:00","payer":{"openid":"oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"},"out_trade_no":"1217752501201407033233368018","appid":"wxd678efh567hg6787","trade_state_desc":"支付成功","trade_type":"MICROPAY","attach":"自定义数据","scene_info":{"device_id":"013467007045764"}}"#;
    let nonce = *b"fdasflkja484";
    let key = LessSafeKey::new(
        UnboundKey::new(&AES_256_GCM, API_V3_KEY.as_bytes()).expect("a key of 32 bytes"),
    );
    let mut ciphertext = resource.as_bytes().to_vec();
    key.seal_in_place_append_tag(
        Nonce::assume_unique_for_key(nonce),
        Aad::from(b"transaction"),
        &mut ciphertext,
    )
    .expect("it encrypts");
    let ciphertext = STANDARD.encode(ciphertext);
    format!(
        r#"{{"id":"EV-2018022511223320873","create_time":"2015-05-20T13:29:35+08:00","resource_type":"encrypt-resource","event_type":"TRANSACTION.SUCCESS","summary":"支付成功","resource":{{"original_type":"transaction","algorithm":"AEAD_AES_256_GCM","ciphertext":"{ciphertext}","associated_data":"transaction","nonce":"fdasflkja484"}}}}"#
    )
}
