//! Uploads: multipart messages of which only the meta part is signed.

use std::ffi::c_char;

use super::error::wxpay_error;
use super::guard::guard;
use super::input::{bytes, text};
use super::message::wxpay_message;
use super::output::Out;
use super::wxpay_status;
use crate::v3::upload;

/// Makes an upload, a POST with the parts `meta` and `file`, for wxpay_client_prepare or
/// wxpay_client_send like any other request. What is signed is the meta part, byte for byte.
/// Size and type are checked by the path before anything is sent.
/// @param url  path of an upload, such as /v3/merchant/media/upload
/// @param meta_json  empty: made, with file name and digest. Else sent and signed as it stands; its
///   digest must be that of the file
/// @param filename  UTF-8, without control characters; quotes are taken care of
/// @param content_type  such as image/png; empty: from the end of the file name
/// @param file  the file's bytes
/// @param[out] out  owned; release with wxpay_message_free
/// @param[out] err  owned; NULL to ignore
/// @since 0.1  @threads any  @io none  @errors 100 101 102 105 106 200 213 420 503
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_message_new_upload(
    url: *const c_char,
    url_len: usize,
    meta_json: *const c_char,
    meta_json_len: usize,
    filename: *const c_char,
    filename_len: usize,
    content_type: *const c_char,
    content_type_len: usize,
    file: *const c_char,
    file_len: usize,
    out: *mut *mut wxpay_message,
    err: *mut *mut wxpay_error,
) -> wxpay_status {
    // SAFETY: every pointer as the header says.
    unsafe {
        let out = Out::new(out, "out");
        guard(err, || {
            out.required()?;
            out.put(upload::message(&upload::Upload {
                url: text(url, url_len, "url")?,
                meta_json: text(meta_json, meta_json_len, "meta_json")?,
                filename: text(filename, filename_len, "filename")?,
                content_type: text(content_type, content_type_len, "content_type")?,
                file: bytes(file, file_len, "file")?,
            })?);
            Ok(())
        })
    }
}
