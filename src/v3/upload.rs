//! Uploads (protocol.md §1.11): two parts, of which the first, `meta`, is what is signed.

use crate::error::{Result, Status, fail};
use crate::http::Message;

pub struct Upload<'a> {
    pub url: &'a str,
    /// Empty: made from name and digest of the file.
    pub meta_json: &'a str,
    pub filename: &'a str,
    /// Empty: from the end of the file name.
    pub content_type: &'a str,
    pub file: &'a [u8],
}

pub fn message(_upload: &Upload<'_>) -> Result<Message> {
    fail(Status::Unsupported, "Uploads are not here yet.")
}
