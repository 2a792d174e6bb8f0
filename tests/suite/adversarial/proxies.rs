//! Proxies: those that tunnel, those that refuse, those that open TLS.

use wxpay::error::Outcome;
use wxpay::error::Status::{
    BindWithProxy, Connect, Proxy, ProxyAuth, SignatureHeadersMissing, Timeout, TlsUnknownIssuer,
};

use super::drive::drive;
use super::row::Expect::{Fails, Passes};
use super::row::Serve::{self, Nobody};
use super::row::Via::{Python, Squid, Tinyproxy};
use super::row::{HOST, Other, Row, Via, row, unsent};

#[test]
fn each_proxy_gives_its_status_and_diagnosis() {
    drive(
        "adversarial::proxies::each_proxy_gives_its_status_and_diagnosis",
        &rows(),
    );
}

/// Serves many at a time, unlike s_server.
const PLAIN: Serve = Serve::Python("--tls @leaf1 serve");

const HTTP: &str = "http://";
const WITH_PASSWORD: &str = "http://user:p%40ss@";
const WRONG_PASSWORD: &str = "http://user:wrong@";

pub fn rows() -> Vec<Row> {
    [tunnels(), refusals(), inspection()].concat()
}

fn tunnels() -> Vec<Row> {
    let ok = |name, via, start| row(name, PLAIN, "g1", Passes).via(via, start);
    vec![
        ok("proxy that tunnels", Python("ok"), HTTP),
        ok("proxy that answers as HTTP/1.0", Python("http10"), HTTP),
        ok("proxy that answers 201", Python("201"), HTTP)
            .python(Other::Fails)
            .because("any 2xx opens a tunnel (RFC 9110)"),
        ok("proxy with 30 header lines", Python("headers"), HTTP),
        ok(
            "proxy with user and password",
            Python("auth"),
            WITH_PASSWORD,
        ),
        ok("proxy over TLS", Python("--tls @address ok"), "https://").python(Other::Cannot),
        ok("tinyproxy", Tinyproxy(""), HTTP),
        ok(
            "tinyproxy with user and password",
            Tinyproxy("BasicAuth user word"),
            "http://user:word@",
        ),
        ok("squid", Squid("http_access allow all", None), HTTP),
        row(
            "chain of G2 through a proxy, only G1 in the store",
            Serve::Python("--tls @leaf2 serve"),
            "g1",
            unsent(TlsUnknownIssuer, "ROOT_NOT_IN_STORE"),
        )
        .post()
        .via(Python("ok"), HTTP),
    ]
}

fn refusals() -> Vec<Row> {
    let no = |name, expect, via, start| row(name, PLAIN, "g1", expect).post().via(via, start);
    let auth = || unsent(ProxyAuth, "PROXY_AUTH");
    let refused = || unsent(Proxy, "PROXY_REFUSED");
    let mut both = no(
        "binding and proxy",
        unsent(BindWithProxy, "BIND_WITH_PROXY"),
        Python("ok"),
        HTTP,
    )
    .host(HOST)
    .others(Other::Cannot);
    both.because = "";
    vec![
        no(
            "proxy that wants a password, none given",
            auth(),
            Python("auth"),
            HTTP,
        )
        .says("407"),
        no(
            "proxy that wants a password, a wrong one given",
            auth(),
            Python("auth"),
            WRONG_PASSWORD,
        )
        .says("407"),
        no(
            "tinyproxy that wants a password, none given",
            auth(),
            Tinyproxy("BasicAuth user word"),
            HTTP,
        ),
        no(
            "squid that forbids",
            refused(),
            Squid("http_access deny all", None),
            HTTP,
        )
        .says("403"),
        no(
            "tinyproxy that forbids the port",
            refused(),
            Tinyproxy("ConnectPort 1"),
            HTTP,
        )
        .says("403"),
        no("proxy that answers 403", refused(), Python("403"), HTTP).says("403 Forbidden"),
        no("proxy that answers 502", refused(), Python("502"), HTTP).says("502 Bad Gateway"),
        no(
            "proxy that sends a body into the tunnel",
            refused(),
            Python("body"),
            HTTP,
        )
        .python(Other::Passes)
        .because("bytes that come before the server speaks TLS are not the server's"),
        no("proxy that closes", refused(), Python("close"), HTTP),
        no(
            "proxy that hangs",
            unsent(Timeout, ""),
            Python("hang"),
            HTTP,
        )
        .waits(true)
        .says("proxy"),
        no(
            "proxy whose answer comes a byte each 300 ms",
            unsent(Timeout, ""),
            Python("drip"),
            HTTP,
        )
        .waits(true)
        .says("proxy"),
        no(
            "proxy with a header without end",
            refused(),
            Python("endless"),
            HTTP,
        ),
        no(
            "nobody listens where the proxy should be",
            unsent(Connect, "CONNECT_FAILED"),
            Via::Nobody,
            HTTP,
        )
        .says("proxy"),
        row(
            "squid in front of nobody",
            Nobody,
            "g1",
            unsent(Proxy, "PROXY_REFUSED"),
        )
        .post()
        .via(Squid("http_access allow all", None), HTTP)
        .says("503"),
        both,
    ]
}

fn inspection() -> Vec<Row> {
    let opened = || unsent(TlsUnknownIssuer, "TLS_INSPECTION");
    let stripped = || {
        Fails(
            SignatureHeadersMissing,
            Outcome::DoneUnverified,
            "SIGNATURE_HEADERS_LOST",
        )
    };
    let squid = || Squid("http_access allow all", Some("rogue"));
    vec![
        row(
            "proxy that opens TLS, its CA not in the store",
            PLAIN,
            "g1",
            opened(),
        )
        .post()
        .via(Python("--bump @inspected ok"), HTTP)
        .says("Example Corp Inspection CA"),
        row(
            "proxy that opens TLS, its CA in the store, and strips Wechatpay-* headers",
            PLAIN,
            "g1 rogue",
            stripped(),
        )
        .via(Python("--bump @inspected ok"), HTTP)
        .says("Wechatpay-")
        .others(Other::Passes)
        .because("they verify no signature: a proxy removed the headers that carry it"),
        row(
            "squid that opens TLS, its CA not in the store",
            PLAIN,
            "g1",
            opened(),
        )
        .post()
        .via(squid(), HTTP)
        .says("Example Corp Inspection CA"),
        row(
            "squid that opens TLS, its CA in the store",
            PLAIN,
            "g1 rogue",
            Passes,
        )
        .via(squid(), HTTP),
    ]
}
