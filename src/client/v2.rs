//! API v2 over the same transport. A message of v2 is never repeated (safety.md S3): what failed
//! before any byte was sent is tried again by the transport, and with the backup, and nothing else is.

use std::time::Instant;

use super::failover::both;
use super::send::{finished, response};
use super::{Client, attach};
use crate::error::{Result, Status, fail};
use crate::http::Message;
use crate::net::Call;
use crate::panic;
use crate::secret::Zeroizing;
use crate::text::Text;
use crate::time::clock;
use crate::v2::check::check;
use crate::v3::api_error::Sending;

impl Client {
    /// For callers with a transport of their own, and for notifications. Gives the fields as a flat
    /// JSON object.
    pub fn v2_check(
        &self,
        request: Option<&Message>,
        response: &mut Message,
    ) -> Result<Zeroizing<String>> {
        let sending = Sending {
            written_completely: !response.undecided,
        };
        check(&self.merchant, request, response, sending).map_err(|error| match request {
            Some(request) => attach(error, request, response, clock()),
            None => error,
        })
    }

    /// The answer and its fields.
    pub fn v2_send(&self, request: &Message) -> Result<(Message, Zeroizing<String>)> {
        let timeout = request.options.timeout.unwrap_or(self.timeout);
        let mut call = Call::new(Instant::now() + timeout, request.cancel.clone());
        // A panic must not hide whether something was sent.
        let outcome = panic::catch(|| self.v2_send_within(request, &mut call));
        outcome.map_err(|error| finished(error, request, &call))
    }

    fn v2_send_within(
        &self,
        request: &Message,
        call: &mut Call,
    ) -> Result<(Message, Zeroizing<String>)> {
        if call.cancel.is_cancelled() {
            return fail(Status::Cancelled, "Cancelled before anything was sent.");
        }
        let Some(v2) = &request.v2 else {
            return fail(Status::InvalidState, "This message is not of API v2.")
                .map_err(|error| error.hint("Make it with wxpay_v2_prepare; messages of API v3 go through wxpay_client_send."));
        };
        // The host and the merchant were judged when it was prepared, but by which client?
        self.merchant.url(request.url())?;
        if v2.mchid != self.merchant.mchid {
            return fail(
                Status::InvalidState,
                format!(
                    "The message was prepared by a client of {}, this is one of {}.",
                    v2.mchid, self.merchant.mchid
                ),
            );
        }
        let mut request = request.clone();
        let incoming = match self.exchange_once(&request, call, false) {
            Err(failure) if self.fail_over(&mut request, call, &failure) => self
                .exchange_once(&request, call, false)
                .map_err(|second| both(second.error, &failure.error)),
            result => result.map_err(|failure| failure.error),
        }?;
        let request = &request;
        let sending = Sending {
            written_completely: !incoming.early,
        };
        let mut response = response(incoming);
        response.trace = Text::new(&call.trace.to_json());
        match check(&self.merchant, Some(request), &mut response, sending) {
            Ok(fields) => Ok((response, fields)),
            Err(error) => Err(attach(error, request, &response, clock())),
        }
    }
}
