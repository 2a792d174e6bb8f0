//! Reports about trust: what the store holds, what a server presents, what an error text means.

use std::ffi::c_char;

use super::buf::wxpay_buf;
use super::client::wxpay_client;
use super::error::wxpay_error;
use super::guard::guard;
use super::handle::{get, get_or_null};
use super::input::{bytes, text};
use super::message::wxpay_message;
use super::output::Out;
use super::wxpay_status;
use crate::error::{Result, Status, fail};
use crate::{diag, time};

/// What the trust store holds, JSON: where it came from (every path looked at), the roots that
/// matter to WeChat Pay's servers by fingerprint, what is odd, and a verdict with the cure for this
/// system. It reads the store as a request would. OK whenever a report could be made; the verdict
/// is inside: {"schema":1,"status":0,"verdict":"ok","diagnosis":[{"id","severity","text","cure"}],…}.
/// docs/json.md has every member, docs/diagnosis.md every id.
/// @param client  a client, or NULL: the store of a client made now with the defaults
/// @param now  Unix seconds, 0 for the system clock; never taken from a message
/// @param[out] out  owned; JSON
/// @param[out] err  owned; NULL to ignore
/// @since 0.1  @threads any  @io reads the store  @errors 100 101
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_trust_report(
    client: *const wxpay_client,
    now: i64,
    out: *mut *mut wxpay_buf,
    err: *mut *mut wxpay_error,
) -> wxpay_status {
    // SAFETY: every pointer as the header says.
    unsafe {
        let out = Out::new(out, "out");
        guard(err, || {
            out.required()?;
            let client = get_or_null(client, "client")?;
            let report = diag::trust_report(client.map(|client| &**client), time::now(now)?);
            out.put_bytes(report.as_bytes())
        })
    }
}

/// What happens when this process connects to a server, JSON: addresses, TCP, TLS version and
/// suite, the chain, the root it ended in, every problem with its cause and cure. One handshake on
/// the stack that requests use, through the client's proxy and with its client certificate; then,
/// where that went well and the host is WeChat Pay's, base_url's or this machine, a GET
/// /v3/certificates without Authorization, for Request-ID and the server's clock. No business
/// request is sent. OK whenever a report could be made; `status` inside is what a request would
/// fail with, 0 for none.
/// @param client  a client, or NULL: a client made now with the defaults
/// @param host  host name or address, without scheme and port
/// @param port  1 to 65535, 0 for 443
/// @param bind_address  empty for what DNS says; `ip` or `ip:port` is the guideline's test of a new server certificate, without touching the hosts file
/// @param now  Unix seconds, 0 for the system clock; never taken from a message
/// @param[out] out  owned; JSON
/// @param[out] err  owned; NULL to ignore
/// @since 0.1  @threads any  @io network  @errors 100 101 102
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_trust_probe(
    client: *const wxpay_client,
    host: *const c_char,
    host_len: usize,
    port: i32,
    bind_address: *const c_char,
    bind_address_len: usize,
    now: i64,
    out: *mut *mut wxpay_buf,
    err: *mut *mut wxpay_error,
) -> wxpay_status {
    // SAFETY: every pointer as the header says.
    unsafe {
        let out = Out::new(out, "out");
        guard(err, || {
            out.required()?;
            let client = get_or_null(client, "client")?;
            let host = text(host, host_len, "host")?;
            let bind = text(bind_address, bind_address_len, "bind_address")?;
            let client = client.map(|client| &**client);
            let report =
                diag::trust_probe(client, host, port_number(port)?, bind, time::now(now)?)?;
            out.put_bytes(report.as_bytes())
        })
    }
}

fn port_number(port: i32) -> Result<u16> {
    match u16::try_from(port) {
        Ok(port) => Ok(port),
        Err(_) => fail(
            Status::InvalidArgument,
            format!("port must be 1 to 65535, or 0 for 443; got {port}."),
        ),
    }
}

/// What an error text of TLS means, JSON: possible causes with their cures, the likeliest first.
/// Knows what Java, C++, PHP, C#, Python, Go, Ruby, Node, curl and this library print; the cure is
/// that of the language. Knows also what WeChat Pay answers to a signature that it refuses, in
/// English and Chinese. It opens nothing. Of a text that it does not know it says so.
/// @param pasted_error  any text, such as an exception with its causes; the first 64 KiB are looked at
/// @param[out] out  owned; JSON
/// @param[out] err  owned; NULL to ignore
/// @since 0.1  @threads any  @io none  @errors 100 101
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_explain_text(
    pasted_error: *const c_char,
    pasted_error_len: usize,
    out: *mut *mut wxpay_buf,
    err: *mut *mut wxpay_error,
) -> wxpay_status {
    // SAFETY: every pointer as the header says.
    unsafe {
        let out = Out::new(out, "out");
        guard(err, || {
            out.required()?;
            let pasted = bytes(pasted_error, pasted_error_len, "pasted_error")?;
            let report = diag::explain_bytes(pasted)?;
            out.put_bytes(report.as_bytes())
        })
    }
}

/// What an answer means for the request that it answers, JSON: the verdict of wxpay_client_check,
/// and the causes with their cures. On SIGN_ERROR what was signed is compared, line by line and
/// byte by byte, with what WeChat Pay says it verified (sign_information). Works on
/// wxpay_error_request and wxpay_error_response.
/// @param client  a client
/// @param request  the prepared message that was sent
/// @param response  the answer, with its headers; not changed
/// @param now  Unix seconds, 0 = the system clock; never take it from the message
/// @param[out] out  owned; JSON
/// @param[out] err  owned; NULL to ignore
/// @since 0.1  @threads any  @io none  @errors 100 101 103
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_explain_response(
    client: *const wxpay_client,
    request: *const wxpay_message,
    response: *const wxpay_message,
    now: i64,
    out: *mut *mut wxpay_buf,
    err: *mut *mut wxpay_error,
) -> wxpay_status {
    // SAFETY: every pointer as the header says.
    unsafe {
        let out = Out::new(out, "out");
        guard(err, || {
            out.required()?;
            let client = get(client, "client")?;
            let json = diag::explain_response(
                &client.merchant,
                get(request, "request")?,
                get(response, "response")?,
                time::now(now)?,
            )?;
            out.put_bytes(json.as_bytes())
        })
    }
}
