//! Answers that are late, cut, too large, ambiguous or not HTTP. The request was sent, so the
//! outcome of a failure is UNKNOWN.

use wxpay::error::Outcome;
use wxpay::error::Status::{
    ApiUnexpectedResponse, BodyTooLarge, BodyTruncated, HttpProtocol, SignatureInvalid, Timeout,
};

use super::drive::drive;
use super::row::Expect::{Fails, Passes};
use super::row::Other;
use super::row::Serve::{Nginx, Python};
use super::row::{Row, row, unknown};

#[test]
fn each_answer_gives_its_status_and_outcome() {
    drive(
        "adversarial::answers::each_answer_gives_its_status_and_outcome",
        &rows(),
    );
}

pub fn rows() -> Vec<Row> {
    // The probe looks at the handshake; what comes then is another answer.
    let rows = [times_and_sizes(), ends(), framing()].concat();
    rows.into_iter().map(Row::not_probed).collect()
}

fn times_and_sizes() -> Vec<Row> {
    let late = || unknown(Timeout, "");
    let gzip = || Fails(SignatureInvalid, Outcome::DoneUnverified, "BODY_GZIP");
    let unverified = "they verify no signature; this one is of the bytes before compression";
    let limits =
        "limits of the library: 64 KiB and 128 lines of header, `max_response_bytes` of body";
    vec![
        row(
            "the header comes a byte each half second",
            Python("--tls @leaf1 slow-head"),
            "g1",
            late(),
        )
        .post()
        .waits(false),
        row(
            "the body comes a byte each half second",
            Python("--tls @leaf1 slow-body"),
            "g1",
            late(),
        )
        .post()
        .waits(false),
        row("no answer", Python("--tls @leaf1 silent"), "g1", late())
            .post()
            .waits(false),
        row(
            "header of 70 KB",
            Python("--tls @leaf1 head-70k"),
            "g1",
            unknown(HttpProtocol, ""),
        )
        .post()
        .curl(Other::Passes)
        .because(limits),
        row(
            "header of 130 lines",
            Python("--tls @leaf1 head-130"),
            "g1",
            unknown(HttpProtocol, ""),
        )
        .post()
        .curl(Other::Passes)
        .because(limits),
        row(
            "header without end",
            Python("--tls @leaf1 head-endless"),
            "g1",
            unknown(HttpProtocol, ""),
        )
        .post(),
        row(
            "body of the limit",
            Python("--tls @leaf1 serve"),
            "g1",
            Passes,
        )
        .path("/v3/full")
        .set("max_response_bytes", "1024"),
        row(
            "body of a byte more than the limit",
            Python("--tls @leaf1 serve"),
            "g1",
            unknown(BodyTooLarge, ""),
        )
        .path("/v3/over")
        .set("max_response_bytes", "1024")
        .others(Other::Passes)
        .because(limits),
        row(
            "compressed on the way",
            Python("--tls @leaf1 gzip"),
            "g1",
            gzip(),
        )
        .post()
        .others(Other::Passes)
        .because(unverified),
        row(
            "50 MB of zeros, compressed",
            Python("--tls @leaf1 gzip-bomb"),
            "g1",
            gzip(),
        )
        .post()
        .others(Other::Passes)
        .because(unverified),
    ]
}

fn ends() -> Vec<Row> {
    let cut = || unknown(BodyTruncated, "");
    let cut_off = "without a length only close_notify tells the end from a cut";
    vec![
        row(
            "Content-Length not reached, close_notify",
            Python("--tls @leaf1 cut-notify"),
            "g1",
            cut(),
        )
        .post(),
        row(
            "Content-Length not reached, FIN",
            Python("--tls @leaf1 cut-fin"),
            "g1",
            cut(),
        )
        .post(),
        row(
            "Content-Length not reached, RST",
            Python("--tls @leaf1 cut-rst"),
            "g1",
            cut(),
        )
        .post(),
        row(
            "no length, close_notify",
            Python("--tls @leaf1 close-notify"),
            "g1",
            Passes,
        )
        .post(),
        row(
            "no length, FIN",
            Python("--tls @leaf1 close-fin"),
            "g1",
            cut(),
        )
        .post()
        .others(Other::Passes)
        .because(cut_off),
        row(
            "no length, RST",
            Python("--tls @leaf1 close-rst"),
            "g1",
            cut(),
        )
        .post()
        .python(Other::Passes)
        .because(cut_off),
        row("chunked", Python("--tls @leaf1 chunked"), "g1", Passes).post(),
        row(
            "cut within a chunk",
            Python("--tls @leaf1 chunk-cut"),
            "g1",
            cut(),
        )
        .post(),
        row(
            "no last chunk",
            Python("--tls @leaf1 chunk-no-end"),
            "g1",
            cut(),
        )
        .post(),
    ]
}

fn framing() -> Vec<Row> {
    let not_http = || unknown(HttpProtocol, "");
    let forbidden = "HTTP/1.1 does not allow it (RFC 9112)";
    let ambiguous = "two readers would see two different answers";
    vec![
        row("chunk size that is no number", Python("--tls @leaf1 chunk-bad-size"), "g1", not_http()).post(),
        row("chunk size beyond 64 bits", Python("--tls @leaf1 chunk-huge-size"), "g1", not_http()).post(),
        row("Content-Length twice, equal", Python("--tls @leaf1 length-twice"), "g1", Passes).post(),
        row("Content-Length twice, different", Python("--tls @leaf1 length-differs"), "g1", not_http())
            .post()
            .others(Other::Passes)
            .because(ambiguous),
        row("Content-Length -1", Python("--tls @leaf1 length-negative"), "g1", not_http()).post().python(Other::Passes).because(forbidden),
        row("Content-Length and chunked", Python("--tls @leaf1 length-and-chunked"), "g1", Passes).post(),
        row("302 to another host", Python("--tls @leaf1 redirect-302"), "g1", unknown(ApiUnexpectedResponse, ""))
            .others(Other::Passes)
            .because("curl hands the 302 out, Python follows it; the library does neither: the request is signed for one host"),
        row("307 to another host", Python("--tls @leaf1 redirect-307"), "g1", unknown(ApiUnexpectedResponse, ""))
            .post()
            .others(Other::Passes)
            .because("they hand the 307 out as an answer"),
        row("status line of HTTP/2", Python("--tls @leaf1 http2"), "g1", not_http()).post().curl(Other::Passes).because(forbidden),
        row("banner of SSH", Python("--tls @leaf1 ssh"), "g1", not_http()).post(),
        row("folded header line", Python("--tls @leaf1 folded"), "g1", not_http()).post().others(Other::Passes).because(forbidden),
        row("NUL in a header", Python("--tls @leaf1 nul"), "g1", not_http()).post().python(Other::Passes).because(forbidden),
        row("space before a header's colon", Python("--tls @leaf1 space-colon"), "g1", not_http()).post().others(Other::Passes).because(forbidden),
        row("400 of nginx that wants a client certificate", Nginx("leaf1", "ssl_verify_client on; ssl_client_certificate STAGE/client_ca.crt;"), "g1", unknown(ApiUnexpectedResponse, ""))
            .post()
            .others(Other::Passes)
            .because("they hand the 400 out as an answer"),
    ]
}
