//! Bills: asked for, downloaded, proved and read. The sums must be those that the simulator counted.

use serde_json::json;
use wxpay::bill::Bill;
use wxpay::client::Client;
use wxpay::error::Status;

use super::{call, openssl, today};
use crate::simulator::Simulator;

/// Three orders, two of them paid, one of these refunded in part.
pub fn trade(simulator: &Simulator, client: &Client) {
    for (number, fen) in [("bill-0001", 12_345), ("bill-0002", 100), ("bill-0003", 7)] {
        let mut order = simulator.order(number, fen);
        order["description"] = json!("茶, \"乌龙\" `x`");
        order["attach"] = json!("a=1,b=2");
        call(
            client,
            "POST",
            "/v3/pay/transactions/native",
            &order.to_string(),
        );
    }
    for number in ["bill-0001", "bill-0002"] {
        simulator.control("POST", &format!("/_sim/pay/{number}"), &json!({}));
    }
    let refund = json!({
        "out_trade_no": "bill-0001", "out_refund_no": "refund-0001",
        "amount": {"refund": 345, "total": 12_345, "currency": "CNY"},
    });
    call(
        client,
        "POST",
        "/v3/refund/domestic/refunds",
        &refund.to_string(),
    );
}

fn sum(bill: &mut Bill, column: &str) -> i64 {
    let at = usize::try_from(bill.column(column)).unwrap();
    let mut sum = 0;
    loop {
        bill.next().unwrap();
        if bill.row() == 0 {
            return sum;
        }
        sum += bill.fen(at).unwrap();
    }
}

#[test]
fn a_trade_bill_says_what_was_paid_and_refunded() {
    let simulator = Simulator::start();
    let client = simulator.client();
    trade(&simulator, &client);
    let money = simulator.stats()["money"].clone();
    assert_eq!(
        money,
        json!({"paid": 2, "paid_fen": 12_445, "refunds": 1, "refunded_fen": 345})
    );
    for (more, rows) in [
        ("", 3),
        ("&tar_type=GZIP", 3),
        ("&bill_type=SUCCESS&tar_type=GZIP", 2),
        ("&bill_type=REFUND", 1),
    ] {
        let url = format!("/v3/bill/tradebill?bill_date={}{more}", today("+%F"));
        let answer = call(&client, "GET", &url, "").to_string();
        let csv = client.download(&answer).unwrap();
        assert_eq!(&csv[..3], b"\xef\xbb\xbf");
        let download = client.download_open(&answer).unwrap();
        let mut bill = Bill::open_download(&download).unwrap();
        assert_eq!(download.verified(), 1, "{more}");
        assert_eq!(
            (
                bill.row_count(),
                bill.total("总交易单数").unwrap().to_string()
            ),
            (rows, rows.to_string()),
            "{more}"
        );
        let (paid, refunded) = (
            if more.contains("REFUND") { 0 } else { 12_445 },
            if more.contains("SUCCESS") { 0 } else { 345 },
        );
        assert_eq!(bill.total_fen("订单总金额"), Some(paid), "{more}");
        assert_eq!(bill.total_fen("退款总金额"), Some(refunded), "{more}");
        assert_eq!(sum(&mut bill, "订单金额"), paid, "{more}");
        let mut bill = Bill::open(&csv).unwrap();
        let fees = bill.total_fen("手续费总金额");
        assert_eq!(Some(sum(&mut bill, "手续费")), fees, "{more}");
    }
}

#[test]
fn every_cell_of_a_row_is_what_was_ordered() {
    let simulator = Simulator::start();
    let client = simulator.client();
    trade(&simulator, &client);
    let url = format!("/v3/bill/tradebill?bill_date={}", today("+%F"));
    let csv = client
        .download(&call(&client, "GET", &url, "").to_string())
        .unwrap();
    let mut bill = Bill::open(&csv).unwrap();
    bill.next().unwrap();
    for (column, want) in [
        ("商户订单号", "bill-0001"),
        ("交易状态", "SUCCESS"),
        ("商品名称", "茶, \"乌龙\" 'x'"),
        ("商户数据包", "a=1,b=2"),
        ("订单金额", "123.45"),
        ("公众账号ID", &simulator.appid()),
    ] {
        let at = usize::try_from(bill.column(column)).unwrap();
        assert_eq!(bill.field(at).unwrap().to_string(), want, "{column}");
        assert!(bill.is_text(at), "{column}");
    }
}

#[test]
fn a_fund_flow_bill_ends_with_what_is_left() {
    let simulator = Simulator::start();
    let client = simulator.client();
    trade(&simulator, &client);
    let date = today("+%F");
    let url = format!("/v3/bill/fundflowbill?bill_date={date}&account_type=BASIC&tar_type=GZIP");
    let answer = call(&client, "GET", &url, "").to_string();
    let mut bill = Bill::open(&client.download(&answer).unwrap()).unwrap();
    // Two payments, their fees (0.6 %: 74 and 1 fen) and the refund.
    assert_eq!(bill.row_count(), 5);
    assert_eq!(bill.total_fen("收入金额"), Some(12_445));
    assert_eq!(bill.total_fen("支出金额"), Some(74 + 1 + 345));
    assert_eq!(sum(&mut bill, "收支金额(元)"), 12_445 + 74 + 1 + 345);
}

/// The key comes encrypted for the merchant, the file under that key; its digest is that of the text.
#[test]
fn an_encrypted_bill_opens_with_the_merchants_key() {
    let simulator = Simulator::start();
    let client = simulator.client();
    trade(&simulator, &client);
    for more in ["", "&tar_type=GZIP"] {
        let url = format!(
            "/v3/bill/sub-merchant-fundflowbill?sub_mchid=1900000109&bill_date={}&account_type=BASIC&algorithm=AEAD_AES_256_GCM{more}",
            today("+%F")
        );
        let answer = call(&client, "GET", &url, "");
        let download = client.download_open(&answer.to_string()).unwrap();
        let bill = Bill::open_download(&download).unwrap();
        assert_eq!(download.verified(), 1);
        assert_eq!(
            (bill.row_count(), bill.total_fen("收入金额")),
            (5, Some(12_445)),
            "{more}"
        );

        let mut other = answer.clone();
        other["download_bill_list"][0]["nonce"] = json!("000000000000");
        let error = client.download(&other.to_string()).unwrap_err();
        assert_eq!(error.status(), Status::DecryptFailed, "{more}");
    }
}

#[test]
fn a_bill_with_another_digest_is_not_given() {
    let simulator = Simulator::start();
    let client = simulator.client();
    trade(&simulator, &client);
    let url = format!(
        "/v3/bill/tradebill?bill_date={}&tar_type=GZIP",
        today("+%F")
    );
    let mut answer = call(&client, "GET", &url, "");
    let csv = client.download(&answer.to_string()).unwrap();
    let sha1 = String::from_utf8(openssl(&["dgst", "-sha1", "-r"], &csv)).unwrap();
    assert_eq!(
        answer["hash_value"],
        sha1[..40],
        "the digest is that of the text"
    );
    answer["hash_value"] = json!("0".repeat(40));
    let error = client.download(&answer.to_string()).unwrap_err();
    assert_eq!(error.status(), Status::DigestMismatch);
}

#[test]
fn a_token_lives_five_minutes_and_no_other_works() {
    let simulator = Simulator::start_with(&["--time-scale", "300"]);
    let client = simulator.client();
    trade(&simulator, &client);
    let url = format!("/v3/bill/tradebill?bill_date={}", today("+%F"));
    let mut answer = call(&client, "GET", &url, "");
    std::thread::sleep(std::time::Duration::from_millis(1500));
    let error = client.download(&answer.to_string()).unwrap_err();
    assert_eq!(error.status(), Status::ApiError);
    answer["download_url"] = json!(format!("{}/v3/billdownload/file?token=x", simulator.url));
    let error = client.download(&answer.to_string()).unwrap_err();
    assert_eq!(error.status(), Status::ApiError);
    let error = client
        .call("GET", "/v3/bill/tradebill?bill_date=2020-01-01", b"")
        .unwrap_err();
    assert_eq!(error.fields().api_code, "NO_STATEMENT_EXIST");
}

/// Its signature is over the digest that a header names.
#[test]
fn an_overseas_statement_is_proved_by_its_signed_digest() {
    let simulator = Simulator::start();
    let client = simulator.client();
    trade(&simulator, &client);
    let mchid = simulator.merchant()["mchid"].as_str().unwrap().to_owned();
    for path in ["/v3/global/statements", "/hk/v3/statements"] {
        let source =
            json!({"download_url": format!("{path}?mchid={mchid}&date={}", today("+%Y%m%d"))});
        let download = client.download_open(&source.to_string()).unwrap();
        let bill = Bill::open_download(&download).unwrap();
        assert_eq!(download.verified(), 1);
        assert_eq!(bill.total_fen("订单总金额"), Some(12_445));
    }
}
