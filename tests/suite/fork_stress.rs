//! Forks of a parent whose threads are always somewhere inside AWS-LC (design.md §8): no child may
//! hang. `WXPAY_FORK_STRESS=5000` forks that often, without a limit of time.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use wxpay::client::Client;

use crate::process::{Stop, alone, in_child};
use crate::simulator::Simulator;

const FORKS: usize = 300;
const MOST: Duration = Duration::from_secs(20);
/// Children at a time.
const FLOCK: usize = 4;

#[test]
fn no_child_of_a_busy_parent_hangs() {
    alone("fork_stress::no_child_of_a_busy_parent_hangs", || {
        let wanted = std::env::var("WXPAY_FORK_STRESS").ok();
        let forks = wanted.as_ref().map_or(FORKS, |n| n.parse().unwrap());
        let end = Instant::now() + MOST;
        let simulator = Simulator::start();
        let mut config = simulator.config();
        // Each request is a handshake.
        config.set("max_idle_connections", "0").unwrap();
        let client = Client::new(&config).unwrap();
        let stop = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let stopping = Stop(&stop);
            for busy in [sign, sign, short_lives, shake] {
                let (client, stop) = (&client, &stop);
                scope.spawn(move || {
                    while !stop.load(Ordering::Relaxed) {
                        busy(client);
                    }
                });
            }
            let mut bad = Vec::new();
            let mut forked = 0;
            while forked < forks && (wanted.is_some() || Instant::now() < end) {
                let flock: Vec<_> = (0..FLOCK)
                    .map(|one| {
                        let client = &client;
                        in_child(move || child(client, (forked + one) % 32 == 0))
                    })
                    .collect();
                forked += FLOCK;
                for child in flock {
                    bad.extend(child.verdict().err());
                }
            }
            drop(stopping);
            println!("{forked} forks, {} bad: {bad:?}", bad.len());
            assert!(bad.is_empty(), "{bad:?}");
            assert!(forked >= FLOCK);
        });
    });
}

/// One thing of each kind, and now and then a handshake.
fn child(client: &Client, send: bool) -> Result<(), String> {
    // SAFETY: takes a number; the shorter alarm replaces the longer.
    unsafe { libc::alarm(30) };
    let key = client.merchant.private_key.as_ref().ok_or("no key")?;
    key.sign(b"child").map_err(|error| error.to_string())?;
    // A thread of the child's own: AWS-LC makes state for it and frees it.
    let signed = std::thread::scope(|scope| scope.spawn(|| key.sign(b"child")).join());
    signed
        .map_err(|_| "panic")?
        .map_err(|error| error.to_string())?;
    if send {
        let answer = client.call("GET", "/v3/certificates", b"");
        answer.map_err(|error| error.to_string())?;
    }
    Ok(())
}

fn sign(client: &Client) {
    let key = client.merchant.private_key.as_ref().unwrap();
    for _ in 0..50 {
        key.sign(b"parent").unwrap();
    }
}

fn short_lives(client: &Client) {
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let key = client.merchant.private_key.as_ref().unwrap();
                key.public().encrypt_oaep(b"13800138000").unwrap();
            });
        }
    });
}

fn shake(client: &Client) {
    let _ = client.call("GET", "/v3/certificates", b"");
}
