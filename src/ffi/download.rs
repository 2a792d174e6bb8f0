//! `wxpay_download`: a file that comes in pieces, and is right only when it has come to its end.

use std::ffi::c_char;

use super::buf::wxpay_buf;
use super::client::wxpay_client;
use super::error::wxpay_error;
use super::guard::guard;
use super::handle::{free, get, handle, look};
use super::input::text;
use super::output::Out;
use super::wxpay_status;
use crate::client::Download;
use crate::error::{Status, fail};

/// A download at work.
#[allow(non_camel_case_types)]
pub struct wxpay_download {
    _opaque: [u8; 0],
}
handle!(wxpay_download, Download, b"wxpaydow");

/// Downloads a whole file: a bill, an image of a complaint, a receipt. Length, digest and, where
/// it is encrypted, its tag are right, or nothing is given. gzip is undone.
/// @param client  a client
/// @param source  the JSON with which WeChat Pay answered the request for the bill, as it came (of a
///   download_bill_list with several elements, one of them), or {"download_url": "…"}
/// @param[out] out  owned; the file, at most max_response_bytes
/// @param[out] err  owned; NULL to ignore
/// @since 0.1  @threads any  @io network  @errors 100 101 102 105 106 110 200 201 202 203 204 205 206 210 212 213 300 301 302 303 304 305 306 307 308 309 310 311 312 313 314 315 316 317 400 401 402 410 420 501 503
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_client_download(
    client: *const wxpay_client,
    source: *const c_char,
    source_len: usize,
    out: *mut *mut wxpay_buf,
    err: *mut *mut wxpay_error,
) -> wxpay_status {
    // SAFETY: every pointer as the header says.
    unsafe {
        let out = Out::new(out, "out");
        guard(err, || {
            out.required()?;
            let client = get(client, "client")?;
            out.put_bytes(&client.download(text(source, source_len, "source")?)?)
        })
    }
}

/// Begins a download: sends the request and reads the answer's headers. For files that do not fit
/// into memory; memory stays the same, whatever the file's size. An encrypted file is put aside in
/// a temporary file at the first read, because nothing of it is given out before its tag was right.
/// @param client  a client; may be freed before the download
/// @param source  as for wxpay_client_download
/// @param[out] out  owned; release with wxpay_download_free
/// @param[out] err  owned; NULL to ignore
/// @since 0.1  @threads any  @io network  @errors 100 101 102 105 106 110 200 201 202 203 204 205 206 210 212 300 301 302 303 304 305 306 307 308 309 310 311 312 313 314 315 316 317 400 401 402 410 420 501 503
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_download_open(
    client: *const wxpay_client,
    source: *const c_char,
    source_len: usize,
    out: *mut *mut wxpay_download,
    err: *mut *mut wxpay_error,
) -> wxpay_status {
    // SAFETY: every pointer as the header says.
    unsafe {
        let out = Out::new(out, "out");
        guard(err, || {
            out.required()?;
            let client = get(client, "client")?;
            out.put(client.download_open(text(source, source_len, "source")?)?);
            Ok(())
        })
    }
}

/// Gives the next bytes of the file, gzip undone. They are provisional: only when a call has
/// returned OK with n = 0 were length, digest and tag right. Until then write to a file that
/// nobody takes for the whole, and delete it on any error. INVALID_STATE after
/// wxpay_bill_open_download, which takes the whole file.
/// @param download  a download
/// @param[out] into  where the bytes go
/// @param capacity  room there; at least 1
/// @param[out] n  bytes written; 0 is the end
/// @param[out] err  owned; NULL to ignore
/// @since 0.1  @threads one at a time per download  @io network and a temporary file  @errors 100 101 103 118 210 213 302 303 304 305 307 314 500 501 503
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_download_read(
    download: *mut wxpay_download,
    into: *mut u8,
    capacity: usize,
    n: *mut usize,
    err: *mut *mut wxpay_error,
) -> wxpay_status {
    // SAFETY: every pointer as the header says.
    unsafe {
        if !n.is_null() {
            n.write(0);
        }
        guard(err, || {
            if n.is_null() || into.is_null() {
                return fail(
                    Status::NullArgument,
                    "into or n is NULL; the bytes and their number need a place.",
                );
            }
            if capacity == 0 || isize::try_from(capacity).is_err() {
                return fail(
                    Status::InvalidArgument,
                    format!("capacity must be at least 1 and at most PTRDIFF_MAX, got {capacity}."),
                );
            }
            let download = get(download.cast_const(), "download")?;
            let into = std::slice::from_raw_parts_mut(into, capacity);
            n.write(download.read(into)?);
            Ok(())
        })
    }
}

/// Bytes that came over the network so far, as sent: compressed, if they are.
/// @param download  a download, or NULL (gives 0)
/// @since 0.1  @threads any  @io none  @errors none
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_download_received(download: *const wxpay_download) -> i64 {
    // SAFETY: NULL or a live handle, by the contract of the header.
    unsafe { look(download, 0, Download::received) }
}

/// Bytes that will come over the network, or -1 when the answer does not say.
/// @param download  a download, or NULL (gives 0)
/// @since 0.1  @threads any  @io none  @errors none
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_download_total(download: *const wxpay_download) -> i64 {
    // SAFETY: NULL or a live handle, by the contract of the header.
    unsafe { look(download, 0, Download::total) }
}

/// 0 not at its end, 1 the digest, tag or signature was right, 2 at its end, but nothing proves the
/// content: WeChat Pay gives no digest for such a file, or the source had none.
/// @param download  a download, or NULL (gives 0)
/// @since 0.1  @threads any  @io none  @errors none
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_download_verified(download: *const wxpay_download) -> i32 {
    // SAFETY: NULL or a live handle, by the contract of the header.
    unsafe { look(download, 0, Download::verified) }
}

/// Asks the wxpay_download_read at work, or the next one, to stop: it returns CANCELLED. Sticky.
/// @param download  a download, or NULL
/// @since 0.1  @threads any  @io none  @errors none
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_download_cancel(download: *const wxpay_download) {
    // SAFETY: NULL or a live handle, by the contract of the header.
    unsafe { look(download, (), |download| download.cancel()) }
}

/// Ends and releases a download.
/// @param download  a download, or NULL
/// @since 0.1  @threads any  @io none  @errors none
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_download_free(download: *mut wxpay_download) {
    // SAFETY: NULL or a live handle, by the contract of the header.
    unsafe { free(download) };
}
