//! API v2 (protocol.md §2): XML both ways, MD5 and HMAC-SHA256 over sorted fields.

use crate::error::{Result, Status, fail};
use crate::http::Message;
use crate::v3::merchant::Merchant;

pub fn sign(_merchant: &Merchant, _sign_type: &str, _json: &str) -> Result<String> {
    fail(Status::Unsupported, "API v2 is not here yet.")
}

pub fn prepare(
    _merchant: &Merchant,
    _path: &str,
    _sign_type: &str,
    _json: &str,
) -> Result<Message> {
    fail(Status::Unsupported, "API v2 is not here yet.")
}

pub fn refund_open(_merchant: &Merchant, _req_info: &str) -> Result<String> {
    fail(Status::Unsupported, "API v2 is not here yet.")
}

pub fn reply(_result: i32, _reason: &str) -> Result<Message> {
    fail(Status::Unsupported, "API v2 is not here yet.")
}

/// Parameters that open PayScore's page; signed with the APIv2 key.
pub fn pay_score(_merchant: &Merchant, _package: &str, _now: crate::time::Now) -> Result<String> {
    fail(Status::Unsupported, "API v2 is not here yet.")
}
