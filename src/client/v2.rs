//! API v2 over the same transport. A message of v2 is never repeated (safety.md S3).

use super::Client;
use crate::error::{Result, Status, fail};
use crate::http::Message;

impl Client {
    /// Gives the fields as a flat JSON object.
    pub fn v2_check(&self, _request: Option<&Message>, _response: &mut Message) -> Result<String> {
        fail(Status::Unsupported, "API v2 is not here yet.")
    }

    pub fn v2_send(&self, _request: &Message) -> Result<(Message, String)> {
        fail(Status::Unsupported, "API v2 is not here yet.")
    }
}
