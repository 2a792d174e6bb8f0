//! Forks of a parent whose threads are always somewhere inside AWS-LC (design.md §8): no child may
//! hang. `WXPAY_FORK_STRESS=5000` forks that often, without a limit of time.

use std::ffi::c_void;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use wxpay::client::Client;
use wxpay::key::PrivateKey;

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
            for busy in [sign, encrypt, encrypt, short_lives, shake] {
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
    // AWS-LC makes state for a new thread and frees it.
    if !signed_in_a_thread(key) {
        return Err("a thread of the child cannot sign".to_owned());
    }
    if send {
        let answer = client.call("GET", "/v3/certificates", b"");
        answer.map_err(|error| error.to_string())?;
    }
    Ok(())
}

fn sign(client: &Client) {
    let key = client.merchant.private_key.as_ref().unwrap();
    key.sign(b"parent").unwrap();
}

/// Little but random numbers.
fn encrypt(client: &Client) {
    let key = client.merchant.private_key.as_ref().unwrap();
    key.public().encrypt_oaep(b"13800138000").unwrap();
}

fn short_lives(client: &Client) {
    let key = client.merchant.private_key.as_ref().unwrap();
    assert!(signed_in_a_thread(key));
}

/// A thread as a host makes it: the library's, or any other, std knows nothing of it. (A thread
/// of std would wait in a child for a lock of std's own, which only Rust programs have.)
fn signed_in_a_thread(key: &PrivateKey) -> bool {
    extern "C" fn run(key: *mut c_void) -> *mut c_void {
        // SAFETY: `key` is the reference below, which lives until this thread is joined.
        let key = unsafe { &*key.cast::<PrivateKey>() };
        match key.sign(b"thread") {
            Ok(_) => key_of(key),
            Err(_) => std::ptr::null_mut(),
        }
    }
    let mut thread = 0;
    let mut result = std::ptr::null_mut();
    // SAFETY: places and attributes are valid; the thread is joined before `key` goes away.
    unsafe {
        libc::pthread_create(&mut thread, std::ptr::null(), run, key_of(key)) == 0
            && libc::pthread_join(thread, &mut result) == 0
            && !result.is_null()
    }
}

fn key_of(key: &PrivateKey) -> *mut c_void {
    std::ptr::from_ref(key).cast_mut().cast()
}

fn shake(client: &Client) {
    let _ = client.call("GET", "/v3/certificates", b"");
}

/// `cargo test --release --test suite what_the_gate_costs -- --ignored --nocapture`
#[test]
#[ignore = "a measurement"]
fn what_the_gate_costs_a_signature() {
    let simulator = Simulator::start();
    let client = simulator.client();
    let round = || {
        let started = Instant::now();
        for _ in 0..100 {
            sign(&client);
        }
        started.elapsed() / 100
    };
    let mut with = Vec::new();
    let mut without = Vec::new();
    for _ in 0..30 {
        with.push(round());
        // Who is inside already goes in for nothing.
        let _inside = wxpay::sys::fork_gate::enter();
        without.push(round());
    }
    with.sort();
    without.sort();
    println!("a signature: {:?}; inside: {:?}", with[15], without[15]);
}
