//! php-fpm: who may use FFI, whose environment decides, ends in the middle, the notification endpoint.

use std::time::{Duration, Instant};

use serde_json::json;

use super::server::{Ini, Server, Settings};
use crate::simulator::Simulator;

fn one_worker() -> Settings {
    Settings {
        workers: 1,
        ..Settings::default()
    }
}

/// Safety rule S19.
#[test]
fn only_what_is_preloaded_may_use_ffi() {
    let simulator = Simulator::start();
    let server = Server::start(&simulator, one_worker());
    let said = server.get("/ffi.php");
    for way in ["cdef", "cdef of the library", "scope", "load", "new"] {
        let answer = said[way].as_str().unwrap();
        assert!(
            answer.contains("restricted by \"ffi.enable\""),
            "{way}: {answer}"
        );
    }
    assert_eq!(said["version"], env!("CARGO_PKG_VERSION"));
    let (status, text) = server.try_get("/check.php").unwrap();
    assert_eq!(status, 200, "{text}");
    assert!(
        text.contains("set-up: ffi.preload with opcache.preload"),
        "{text}"
    );
    assert!(text.contains("(ffi.preload)\nok\n"), "{text}");
}

/// The second set-up: each request reads the declarations; a script's environment decides nothing.
#[test]
fn opcache_preload_alone_is_enough() {
    let simulator = Simulator::start();
    let settings = Settings {
        ini: Ini::Lines(&[
            "ffi.enable=preload",
            "opcache.enable=1",
            "opcache.preload=@PACKAGE/preload.php",
            "opcache.preload_user=www-data",
        ]),
        ..one_worker()
    };
    let server = Server::start(&simulator, settings);
    for _ in 0..20 {
        let said = server.get("/order.php?send=1");
        assert_eq!(said["ok"], true);
        assert_eq!(said["loads"], 1);
        assert_eq!(said["chosen_by"], "package");
    }
    let said = server.get("/library.php?path=/tmp/another.so");
    assert_eq!(said["chosen_by"], "package", "{said}");
    std::fs::remove_dir_all(server.package.join("lib")).unwrap();
    let (status, _) = server.try_get("/library.php?path=/tmp/another.so").unwrap();
    assert_eq!(status, 500);
    let log = server.log();
    assert!(
        log.contains("WXPAY_LIBRARY is not looked at under fpm-fcgi"),
        "{log}"
    );
    let (status, text) = server.try_get("/check.php").unwrap();
    assert_eq!(status, 500, "{text}");
    assert!(
        text.contains("missing: libwxpay: The library is not installed"),
        "{text}"
    );
}

#[test]
fn ffi_for_every_script_is_called_unsafe_and_nothing_preloaded_is_named() {
    let simulator = Simulator::start();
    let open = Settings {
        ini: Ini::Lines(&["ffi.enable=true"]),
        ..one_worker()
    };
    let server = Server::start(&simulator, open);
    let (status, text) = server.try_get("/check.php").unwrap();
    assert_eq!(status, 500);
    assert!(
        text.contains("set ffi.enable=preload: any script could read your keys"),
        "{text}"
    );
    drop(server);
    let plain = Settings {
        ini: Ini::Lines(&["ffi.enable=preload"]),
        ..one_worker()
    };
    let server = Server::start(&simulator, plain);
    let (status, text) = server.try_get("/check.php").unwrap();
    assert_eq!(status, 500);
    assert!(
        text.contains("missing: set opcache.enable=1 and opcache.preload="),
        "{text}"
    );
}

/// Safety rule S6: `putenv` of one script decides its own client's store and nobody else's.
#[test]
fn the_store_that_one_script_names_is_not_the_next_ones() {
    let simulator = Simulator::start();
    let server = Server::start(&simulator, one_worker());
    let ca = server.dir.join("ca.pem");
    let naming = format!("/trust.php?ca={}", ca.display());
    let mut pids = Vec::new();
    for _ in 0..5 {
        let said = server.get(&naming);
        assert_eq!(said["status"], 200, "{said}");
        pids.push(said["pid"].clone());
        let said = server.get("/trust.php");
        assert_eq!(said["status"], 310, "{said}");
        assert_eq!(said["outcome"], 1, "{said}");
        pids.push(said["pid"].clone());
    }
    pids.dedup();
    assert_eq!(pids.len(), 1, "one worker served all");
}

#[test]
fn a_script_that_ends_in_the_middle_does_no_harm() {
    let simulator = Simulator::start();
    let server = Server::start(&simulator, one_worker());
    let pid = server.get("/order.php?send=1")["pid"].clone();
    for (how, status) in [
        ("exit", 200),
        ("error", 500),
        ("memory", 500),
        ("time", 500),
        ("shutdown", 200),
    ] {
        for _ in 0..if how == "time" { 1 } else { 20 } {
            let (code, text) = server.try_get(&format!("/end.php?how={how}")).unwrap();
            assert_eq!(code, status, "{how}: {text} {}", server.log());
        }
        let said = server.get("/order.php?send=1");
        assert_eq!(said["ok"], true, "after {how}: {said}");
        assert_eq!(said["pid"], pid, "after {how}: {}", server.log());
    }
}

/// The example of the package, as the notify_url of an order.
#[test]
fn the_example_endpoint_stores_a_payment_once_and_answers() {
    let simulator = Simulator::start_with(&["--time-scale", "100"]);
    let mut settings = Settings::default();
    let merchant = simulator.merchant();
    for (key, value) in merchant.as_object().unwrap() {
        if key.starts_with('_') {
            continue;
        }
        let text = match key.strip_suffix("_file") {
            Some(_) => {
                std::fs::read_to_string(simulator.dir.join(value.as_str().unwrap())).unwrap()
            }
            None => value.as_str().unwrap().to_owned(),
        };
        let key = key.trim_end_matches("_file");
        let name = format!("WXPAY_{}", key.to_uppercase().replace('.', "__"));
        settings.environment.insert(name, text);
    }
    let place = std::env::temp_dir().join(format!("wxpay-shop-{}", std::process::id()));
    for folder in ["orders", "payments"] {
        std::fs::create_dir_all(place.join(folder)).unwrap();
    }
    settings
        .environment
        .insert("EXAMPLE_SHOP".into(), place.to_str().unwrap().into());
    let number = "EXAMPLE0001";
    let order = json!({ "mchid": merchant["mchid"], "total": 100, "currency": "CNY" });
    std::fs::write(
        place.join(format!("orders/{number}.json")),
        order.to_string(),
    )
    .unwrap();
    if super::server::is_root() {
        super::run(
            std::process::Command::new("chown")
                .args(["-R", "www-data:www-data"])
                .arg(&place),
        );
    }
    let server = Server::start(&simulator, settings);
    let url = format!("http://127.0.0.1:{}/notify.php", server.port);

    let mut sent = simulator.order(number, 100);
    sent["notify_url"] = url.clone().into();
    let client = simulator.client();
    client
        .call(
            "POST",
            "/v3/pay/transactions/native",
            sent.to_string().as_bytes(),
        )
        .unwrap();
    // The first delivery is forged, the second is right.
    simulator.control(
        "POST",
        &format!("/_sim/pay/{number}"),
        &json!({ "kind": "bad_signature" }),
    );
    let start = Instant::now();
    let attempts = loop {
        let all = simulator.control("GET", "/_sim/notifications", &serde_json::Value::Null);
        if all[0]["delivered"] == true {
            break all[0]["attempts"].clone();
        }
        assert!(
            start.elapsed() < Duration::from_secs(20),
            "{all} {}",
            server.log()
        );
        std::thread::sleep(Duration::from_millis(100));
    };
    let statuses: Vec<u64> = attempts
        .as_array()
        .unwrap()
        .iter()
        .map(|attempt| attempt["status"].as_u64().unwrap())
        .collect();
    assert_eq!(statuses, [401, 204]);
    let stored = || std::fs::read_dir(place.join("payments")).unwrap().count();
    assert_eq!(stored(), 1);
    // About an order that is not ours: stored nowhere, answered 500, so that it is not lost.
    simulator.control(
        "POST",
        "/_sim/notify",
        &json!({ "url": url, "kind": "good", "resource": { "out_trade_no": "FOREIGN01", "mchid": merchant["mchid"], "trade_state": "SUCCESS" } }),
    );
    let start = Instant::now();
    loop {
        let all = simulator.control("GET", "/_sim/notifications", &serde_json::Value::Null);
        let status = &all[1]["attempts"][0]["status"];
        if !status.is_null() {
            assert_eq!(status, 500, "{all}");
            break;
        }
        assert!(start.elapsed() < Duration::from_secs(20), "{all}");
        std::thread::sleep(Duration::from_millis(100));
    }
    assert_eq!(stored(), 1);
    let _ = std::fs::remove_dir_all(&place);
}
