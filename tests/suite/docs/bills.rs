//! The example of docs/bills.md reads a bill from a server on loopback.

use std::path::Path;
use std::process::Command;

use serde_json::json;

use super::ROOT;
use super::examples::{c_blocks, compile};
use crate::safety::downloads::{BILL, bill, digest, gzip};
use crate::safety::raw::Raw;
use crate::safety::wechat;

#[test]
fn the_bill_example_prints_the_orders_of_a_bill_that_is_right_and_nothing_of_another() {
    let code = &c_blocks(&Path::new(ROOT).join("docs/bills.md"))[0];
    let program = compile("bill-run", code, false);
    for named in [bill(), b"another".to_vec()] {
        let packed = gzip(&bill());
        let sha1 = digest("sha1", &named);
        let server = Raw::answering(move |request| {
            if request.line().contains("/v3/billdownload/file") {
                return wechat::http(200, &packed, &[]);
            }
            let url = format!("http://{}{BILL}", request.header("Host").unwrap());
            let answer = json!({"hash_type": "SHA1", "hash_value": sha1, "download_url": url});
            wechat::signed_http(200, answer.to_string().as_bytes())
        });
        let mut command = Command::new(&program);
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("WXPAY_") {
                command.env_remove(&name);
            }
        }
        let output = command
            .env("WXPAY_MCHID", wechat::MCHID)
            .env("WXPAY_MERCHANT_SERIAL", wechat::MERCHANT_SERIAL)
            .env("WXPAY_PRIVATE_KEY", &wechat::merchant().pem)
            .env("WXPAY_PUBLIC_KEY_ID", wechat::PUBLIC_KEY_ID)
            .env("WXPAY_PUBLIC_KEY", &wechat::wechat().public_pem)
            .env("WXPAY_BASE_URL", &server.url)
            .output()
            .unwrap();
        let printed = String::from_utf8_lossy(&output.stdout);
        let said = String::from_utf8_lossy(&output.stderr);
        if named == bill() {
            assert!(output.status.success(), "{said}");
            assert!(printed.contains("order-299 29999 fen\n"), "{printed}");
            assert!(
                printed.contains("300 rows, 4499850 fen in all, verified 1\n"),
                "{printed}"
            );
        } else {
            assert!(!output.status.success() && printed.is_empty(), "{printed}");
            assert!(said.contains("SHA1"), "{said}");
        }
    }
}
