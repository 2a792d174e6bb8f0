//! Latency of a keep-alive request against a local server. Not part of the suite:
//! `cargo test --release -p libwxpay --lib net::tests::speed -- --ignored --nocapture`.
//! With WXPAY_COMPARE naming a program, that is run with `URL CA-FILE COUNT` and prints its own.

use super::*;

#[test]
#[ignore = "a measurement"]
fn keep_alive_latency() {
    let server = Server::tls(pki().server(&["leaf1"]), |peer| {
        let body = "x".repeat(600);
        while peer.request().is_some() && peer.answer(&body) {}
    });
    let mut own = settings(&pki().crt("g1"), server.port);
    own.base_origin.host = "localhost".to_owned();
    let client = Transport::shared(own).unwrap();
    let url = url("localhost", server.port);
    let authorization = "x".repeat(500);
    let headers = [
        ("User-Agent", "test"),
        ("Accept", "application/json"),
        ("Content-Type", "application/json"),
        ("Accept-Encoding", "identity"),
        ("Authorization", authorization.as_str()),
    ];
    let body = vec![b'x'; 400];
    let one = || {
        let mut call = call(30_000);
        let start = Instant::now();
        let request = Outgoing {
            method: "POST",
            url: &url,
            headers: &headers,
            body: &body,
            max_response_bytes: 10 << 20,
            fresh_connection: false,
        };
        client.exchange(&request, &mut call).unwrap();
        start.elapsed()
    };
    for round in 0..3 {
        let mut times: Vec<Duration> = (0..3000).map(|_| one()).collect();
        times.sort();
        println!(
            "round {round}: libwxpay p50 {:?} p99 {:?}",
            times[1500], times[2970]
        );
        if let Some(program) = std::env::var_os("WXPAY_COMPARE") {
            std::process::Command::new(program)
                .arg(format!("https://localhost:{}/v3/test", server.port))
                .arg(pki().crt("g1"))
                .arg("3000")
                .status()
                .unwrap();
        }
    }
    println!("{:?}", client.info());
}
