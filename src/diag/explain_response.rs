//! What an answer means for its request: the verdict, the line of the sign string that differs, and
//! the FAQ's cause.

use crate::error::{Result, Status, fail};
use crate::http::Message;
use crate::time::Now;
use crate::v3::merchant::Merchant;

pub fn explain_response(
    _merchant: &Merchant,
    _request: &Message,
    _response: &Message,
    _now: Now,
) -> Result<String> {
    fail(Status::Unsupported, "This report is not here yet.")
}
