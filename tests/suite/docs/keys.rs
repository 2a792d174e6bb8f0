//! docs/keys.md says what happens to each file in each place; this tries it.

use std::path::Path;

use wxpay::client::Client;
use wxpay::config::Config;

use super::ROOT;
use crate::simulator::Simulator;

/// The table of docs/keys.md, cell by cell: each file of a merchant in each place, the other
/// places filled rightly.
#[test]
fn each_file_in_each_place_is_told_as_keys_md_says() {
    const PLACES: [&str; 4] = [
        "private_key_file",
        "merchant_certificate_file",
        "public_key_file",
        "platform_certificate_file",
    ];
    const FILES: [&str; 4] = [
        "apiclient_key.pem",
        "apiclient_cert.pem",
        "wechatpay_public_key.pem",
        "wechatpay_certificate.pem",
    ];
    let simulator = Simulator::start();
    let merchant = simulator.merchant();
    let text = std::fs::read_to_string(Path::new(ROOT).join("docs/keys.md")).unwrap();
    let mut cells = 0;
    for place in PLACES {
        let start = format!("| `{place}` | ");
        let row = text
            .lines()
            .find(|line| line.starts_with(&start) && line.contains("right"))
            .unwrap();
        for (file, said) in FILES.iter().zip(row.split('|').skip(2)) {
            let mut config = Config::default();
            config
                .set("mchid", merchant["mchid"].as_str().unwrap())
                .unwrap();
            config.set("base_url", &simulator.url).unwrap();
            let id = merchant["public_key_id"].as_str().unwrap();
            config.set("public_key_id", id).unwrap();
            for (usual, right) in PLACES.iter().zip(FILES) {
                let file = if *usual == place { file } else { right };
                config
                    .set(usual, simulator.file(file).to_str().unwrap())
                    .unwrap();
            }
            let found = match Client::new(&config) {
                Ok(_) => "right".to_owned(),
                Err(error) => {
                    let fields = error.fields();
                    format!("`{}`: {}", fields.status.row().name, fields.message)
                }
            };
            let (status, words) = said.trim().split_once(": ").unwrap_or((said.trim(), ""));
            assert!(
                found.starts_with(status) && found.contains(words),
                "{file} as {place}: the table says {said}, the library {found}"
            );
            cells += 1;
        }
    }
    assert_eq!(cells, 16);
}
