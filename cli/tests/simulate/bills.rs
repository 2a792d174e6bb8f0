//! Bills with curl, gzip and openssl; Python counts the columns.

use crate::harness::*;
use crate::orders::{NATIVE, error, is};
use serde_json::{Value, json};

fn today(format: &str) -> String {
    let output = command("date")
        .env("TZ", "Asia/Shanghai")
        .arg(format)
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// Two paid orders, of 1 and 2 yuan, and a refund of 30 fen.
fn trade(sim: &Sim) {
    for (number, fen) in [("BILL-0001", 100), ("BILL-0002", 200)] {
        let mut order = sim.order(number, "http://127.0.0.1:1/n");
        order["amount"]["total"] = json!(fen);
        sim.post(NATIVE, &order);
        sim.control("POST", &format!("/_sim/pay/{number}"), &json!({}));
    }
    let refund = json!({"out_trade_no": "BILL-0002", "out_refund_no": "R1", "amount": {"refund": 30, "total": 200, "currency": "CNY"}});
    assert_eq!(sim.post("/v3/refund/domestic/refunds", &refund).status, 200);
}

/// Path and query of a URL of the simulator's.
fn target<'a>(sim: &Sim, url: &'a Value) -> &'a str {
    url.as_str().unwrap().strip_prefix(&sim.base).unwrap()
}

fn sha1(bytes: &[u8]) -> String {
    String::from_utf8_lossy(&openssl(&["dgst", "-sha1", "-r"], bytes)[..40]).into_owned()
}

#[test]
fn a_bill_is_the_documented_text_packed_or_not() {
    let sim = Sim::start(&[]);
    trade(&sim);
    let date = today("+%F");
    let mut texts = Vec::new();
    for more in ["", "&tar_type=GZIP"] {
        let answer = sim.query(&format!(
            "/v3/bill/tradebill?bill_date={date}&bill_type=ALL{more}"
        ));
        assert!(sim.verifies(&answer.headers, &answer.body));
        let answer = answer.json();
        let file = sim.query(target(&sim, &answer["download_url"]));
        assert_eq!((file.status, file.header("Wechatpay-Signature")), (200, ""));
        let text = if more.is_empty() {
            file.body
        } else {
            run("gzip", &["-dc"], &file.body).stdout
        };
        assert_eq!(answer["hash_value"], sha1(&text).as_str(), "{more}");
        texts.push(text);
    }
    assert_eq!(texts[0], texts[1]);
    let text = String::from_utf8(texts.remove(0)).unwrap();
    let lines: Vec<&str> = text
        .strip_prefix('\u{feff}')
        .unwrap()
        .split("\r\n")
        .collect();
    assert_eq!(lines.len(), 1 + 3 + 2 + 1, "{text}");
    let columns = lines[0].split(',').count();
    assert_eq!(columns, 27);
    for row in &lines[1..4] {
        assert_eq!(row.split(",`").count(), columns, "{row}");
        assert!(row.starts_with(&format!("`{date} ")), "{row}");
    }
    assert_eq!(
        lines[4],
        "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额"
    );
    // Fees: 0.006 of 1.00, 2.00 and -0.30 yuan, each rounded to fen.
    assert_eq!(lines[5], "`3,`3.00,`0.30,`0.00,`0.02,`3.00,`0.30");
    assert_eq!(lines[6], "");
}

#[test]
fn a_token_is_for_one_file_and_what_is_no_bill_is_an_error() {
    let sim = Sim::start(&["--time-scale", "300"]);
    trade(&sim);
    let date = today("+%F");
    let answer = sim
        .query(&format!("/v3/bill/fundflowbill?bill_date={date}"))
        .json();
    let file = target(&sim, &answer["download_url"]).to_owned();
    assert_eq!(sim.query(&file).status, 200);
    assert_eq!(sim.query(&format!("{file}x")).status, 400);
    let mut unsigned = Call::new("GET", &file, b"");
    unsigned.authorization = Some(String::new());
    assert_eq!(sim.send(&unsigned).status, 401);
    std::thread::sleep(std::time::Duration::from_millis(1100));
    assert_eq!(
        sim.query(&file).status,
        400,
        "five minutes, divided by 300, are over"
    );
    for (query, code) in [
        ("bill_date=2020-01-01", "NO_STATEMENT_EXIST"),
        ("bill_date=20200101", "PARAM_ERROR"),
        ("", "PARAM_ERROR"),
        (&format!("bill_date={date}&bill_type=NONE"), "PARAM_ERROR"),
        (&format!("bill_date={date}&tar_type=ZIP"), "PARAM_ERROR"),
    ] {
        let reply = sim.query(&format!("/v3/bill/tradebill?{query}"));
        assert_eq!(error(&reply), is(400, code, 268_435_461), "{query}");
    }
}

/// OAEP for the merchant's key, then AES-256-GCM, whose counter mode openssl reads.
#[test]
fn openssl_opens_an_encrypted_bill() {
    let sim = Sim::start(&[]);
    trade(&sim);
    let target_of = format!(
        "/v3/bill/sub-merchant-fundflowbill?sub_mchid=1900000109&bill_date={}&account_type=BASIC&algorithm=AEAD_AES_256_GCM",
        today("+%F")
    );
    let bill = sim.query(&target_of).json()["download_bill_list"][0].clone();
    let key = openssl(
        &[
            "pkeyutl",
            "-decrypt",
            "-inkey",
            &sim.path("apiclient_key.pem"),
            "-pkeyopt",
            "rsa_padding_mode:oaep",
            "-pkeyopt",
            "rsa_oaep_md:sha1",
        ],
        &unbase64(bill["encrypt_key"].as_str().unwrap()),
    );
    assert_eq!(key.len(), 32);
    let hex = |bytes: &[u8]| {
        bytes
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>()
    };
    let iv = format!(
        "{}00000002",
        hex(bill["nonce"].as_str().unwrap().as_bytes())
    );
    let mut file = sim.query(target(&sim, &bill["download_url"])).body;
    file.truncate(file.len() - 16);
    let text = openssl(
        &["enc", "-d", "-aes-256-ctr", "-K", &hex(&key), "-iv", &iv],
        &file,
    );
    assert_eq!(bill["hash_value"], sha1(&text).as_str());
    assert!(String::from_utf8(text).unwrap().contains("资金流水总笔数"));
}

#[test]
fn the_signature_of_a_statement_is_over_its_digest() {
    let sim = Sim::start(&[]);
    trade(&sim);
    let reply = sim.query(&format!(
        "/v3/global/statements?mchid={}&date={}",
        sim.get("mchid"),
        today("+%Y%m%d")
    ));
    let digest = reply.header("Wechatpay-Statement-Sha1").to_owned();
    assert_eq!(digest, sha1(&reply.body));
    assert!(sim.verifies(
        &reply.headers,
        format!("{{\"sha1\":\"{digest}\"}}").as_bytes()
    ));
    assert!(!sim.verifies(&reply.headers, &reply.body));
}
