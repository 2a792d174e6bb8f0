//! Ten thousand requests through nginx and php-fpm.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::Value;

use super::server::{Server, Settings};
use crate::simulator::Simulator;

/// Each signs an order; one of this many is sent. `WXPAY_FPM_SEND_EVERY=1` sends all.
const SEND_EVERY: u32 = 5;

/// What a worker said last, and how many requests it served.
#[derive(Default)]
struct Worker {
    requests: u64,
    last: Value,
    /// KiB, by number of requests.
    resident: Vec<(u64, u64)>,
}

fn load(server: &Server, requests: u32, send_every: u32) -> BTreeMap<u64, Worker> {
    let next = AtomicU32::new(0);
    let workers = Mutex::new(BTreeMap::<u64, Worker>::new());
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= requests {
                        break;
                    }
                    let send = u32::from(number.is_multiple_of(send_every));
                    let said = server.get(&format!("/order.php?send={send}"));
                    assert_eq!(said["ok"], true, "{said}");
                    let mut workers = workers.lock().unwrap();
                    let worker = workers.entry(said["pid"].as_u64().unwrap()).or_default();
                    worker.requests += 1;
                    let resident = said["anonymous"].as_u64().unwrap();
                    worker.resident.push((worker.requests, resident));
                    worker.last = said;
                }
            });
        }
    });
    workers.into_inner().unwrap()
}

#[test]
fn ten_thousand_requests_through_php_fpm_do_not_fail_or_grow() {
    let simulator = Simulator::start();
    let settings = Settings {
        workers: 3,
        ..Settings::default()
    };
    let server = Server::start(&simulator, settings);
    let send_every: u32 =
        std::env::var("WXPAY_FPM_SEND_EVERY").map_or(SEND_EVERY, |every| every.parse().unwrap());
    let start = std::time::Instant::now();
    let workers = load(&server, 10_000, send_every);
    let sent = u64::from(10_000u32.div_ceil(send_every));

    assert_eq!(workers.len(), 3, "a worker died: {}", server.log());
    let (mut connections, mut reused) = (0, 0);
    for (pid, worker) in &workers {
        let said = &worker.last;
        assert_eq!(said["chosen_by"], "ffi.preload", "{said}");
        assert!(
            said["path"]
                .as_str()
                .unwrap()
                .starts_with(server.package.to_str().unwrap())
        );
        assert_eq!(
            said["loads"], 1,
            "worker {pid} loaded the store again: {said}"
        );
        connections += said["connections"].as_u64().unwrap();
        reused += said["reused"].as_u64().unwrap();
        let at = |part: usize| worker.resident[(worker.resident.len() - 1) * part / 4].1;
        println!(
            "worker {pid}: {} requests; KiB at the first, by quarters: {} {} {} {} {}",
            worker.requests,
            at(0),
            at(1),
            at(2),
            at(3),
            at(4)
        );
        // A lost message would be some hundred bytes a request, a lost client ten thousand; a step
        // of the allocator is not.
        let grown = at(4).saturating_sub(at(2));
        let most = worker.requests / 2 * 60 / 1024;
        assert!(
            grown <= most,
            "worker {pid} grew by {grown} KiB in the second half"
        );
    }
    println!(
        "{sent} orders sent on {connections} connections in {:?}",
        start.elapsed()
    );
    assert_eq!(connections + reused, sent);
    assert!(
        connections <= 3 * 5,
        "{connections} connections for {sent} orders"
    );
    let stats = simulator.stats();
    assert_eq!(
        stats["connections"].as_u64().unwrap() - 1,
        connections,
        "{stats}"
    );
    let log = server.log();
    assert!(!log.contains("exited on signal"), "{log}");
    assert!(!log.contains("PHP "), "{log}");
}

#[test]
fn a_master_that_sent_an_order_before_it_forked_its_workers() {
    let simulator = Simulator::start();
    let settings = Settings {
        workers: 3,
        as_user: true,
        ini: super::server::Ini::Lines(&[
            "ffi.enable=preload",
            "opcache.enable=1",
            "opcache.preload=@DIR/www/preload_warm.php",
        ]),
        ..Settings::default()
    };
    let server = Server::start(&simulator, settings);
    let before = simulator.stats()["connections"].as_u64().unwrap();
    assert!(before >= 2, "the master sent nothing: {}", server.log());
    let workers = load(&server, 300, 2);
    assert_eq!(workers.len(), 3, "{}", server.log());
    for worker in workers.values() {
        let said = &worker.last;
        // Each for itself, once: what the master's client had went with the preload script.
        assert_eq!(said["loads"], 1, "{said}");
        assert_eq!(said["chosen_by"], "package", "{said}");
    }
    // A connection for each worker, and the one of this look.
    let after = simulator.stats()["connections"].as_u64().unwrap();
    assert_eq!(after - before, 3 + 1, "{}", server.log());
}
