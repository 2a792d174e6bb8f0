//! A name with two addresses, as the hosts file gives it, of which one is bad; and a resolver that
//! refuses or keeps silent.

use wxpay::error::Status::Dns;

use super::drive::drive_under;
use super::namespace;
use super::row::Expect::Passes;
use super::row::Serve::{Nobody, Pair};
use super::row::{Other, Row, row, unsent};
use super::servers::Server;
use super::stage::{Stage, in_child};

#[test]
fn names_and_addresses_that_fail_are_got_over_or_named() {
    let wrapper = namespace::wrapper();
    let wrapper: Vec<&str> = wrapper.iter().map(String::as_str).collect();
    let stage = in_child().then(Stage::new);
    let _resolver = stage.map(|stage| Server::python(&stage, "dns.py", namespace::RESOLVER));
    drive_under(
        "adversarial::routes::names_and_addresses_that_fail_are_got_over_or_named",
        &rows(),
        &wrapper,
    );
}

const GOOD: &str = "--tls @leaf1 serve";
const STRANGER: &str = "--tls @inspected serve";

pub fn rows() -> Vec<Row> {
    let short = |name, serve| row(name, serve, "g1", Passes).set("connect_timeout_ms", "4000");
    vec![
        short("two addresses, the first refuses", Pair("", GOOD)).post(),
        short("two addresses, the second refuses", Pair(GOOD, "")).post(),
        short(
            "two addresses, the first does not answer",
            Pair("blackhole", GOOD),
        )
        .post(),
        short(
            "two addresses, the second does not answer",
            Pair(GOOD, "blackhole"),
        )
        .post(),
        short(
            "two addresses, the first has a certificate of nobody",
            Pair(STRANGER, GOOD),
        )
        .post()
        .others(Other::Fails)
        .because("nothing was sent yet, so the next address is tried"),
        short(
            "two addresses, the second has a certificate of nobody",
            Pair(GOOD, STRANGER),
        )
        .post(),
        short(
            "two addresses, the first cuts the handshake",
            Pair("fin-after-hello", GOOD),
        )
        .post()
        .others(Other::Fails)
        .because("nothing was sent yet, so the next address is tried"),
        row(
            "a name that does not exist",
            Nobody,
            "g1",
            unsent(Dns, "DNS_FAILED"),
        )
        .host("nowhere.test")
        .post()
        .says("nowhere.test"),
        row(
            "a resolver that keeps silent",
            Nobody,
            "g1",
            unsent(Dns, "DNS_FAILED"),
        )
        .host("silent.test")
        .post()
        .waits(true)
        .says("silent.test"),
    ]
}
