//! `backup_url`: where a request goes that could not be sent to `base_url` (safety.md S3, S4;
//! requirements.md A15; docs/failover.md). Only availability counts: no byte of the request was
//! handed to any connection, and no connection came up because of DNS, TCP or a handshake that was
//! cut. A certificate that is refused, a proxy that wants a password, an empty store are to be seen,
//! not to be gone around.

use std::sync::atomic::Ordering;
use std::time::Instant;

use super::Client;
use crate::error::{Cause, Error, Result, Status};
use crate::http::{Kind, Message, Url};
use crate::net::{Call, Failure, Incoming};
use crate::text::Text;

impl Client {
    /// One exchange, and where it could not begin, the same with the backup. `fresh` and `renew` are
    /// those of a repeat: `renew` makes the request fit to go out once more, false when it cannot.
    /// What comes back with the failure is that of the last attempt.
    pub(super) fn exchange_or_fail_over(
        &self,
        request: &mut Message,
        call: &mut Call,
        renew: impl FnOnce(&mut Message) -> Result<bool>,
    ) -> std::result::Result<(Incoming, bool), (Failure, bool)> {
        let first = match self.exchange_once(request, call, false) {
            Ok(incoming) => return Ok((incoming, false)),
            Err(failure) => failure,
        };
        let Some(backup) = self.backup_for(request, call, &first.error) else {
            return Err((first, false));
        };
        match renew(request) {
            Ok(true) => {}
            _ => return Err((first, false)),
        }
        let Kind::Request { url, .. } = &mut request.kind else {
            return Err((first, false));
        };
        *url = Text::new(&backup.to_string());
        self.counters.failovers.fetch_add(1, Ordering::Relaxed);
        match self.exchange_once(request, call, false) {
            Ok(incoming) => Ok((incoming, true)),
            Err(mut second) => {
                let fields = second.error.fields_mut();
                fields.message = format!(
                    "{} Before that: {}",
                    fields.message,
                    first.error.fields().message
                );
                Err((second, true))
            }
        }
    }

    /// The URL to go to instead; None where nothing may be sent elsewhere.
    fn backup_for(&self, request: &Message, call: &Call, error: &Error) -> Option<Url> {
        let backup = self.merchant.backup.as_ref()?;
        let mut url = Url::parse(request.url()).ok()?;
        let may = url.origin == self.merchant.base
            && !call.wrote()
            && !call.cancel.is_cancelled()
            && Instant::now() < call.deadline
            // Who bound the host wants to see that very address.
            && !self.transport.is_bound(&url.origin)
            && is_outage(error, self.transport.has_proxy(&url.origin));
        url.origin = backup.clone();
        may.then_some(url)
    }
}

/// The host cannot be reached; nothing says that somebody else answered in its place. Behind a proxy
/// only what happens in its tunnel is about the host.
fn is_outage(error: &Error, through_proxy: bool) -> bool {
    let because = |cause: Cause| {
        error
            .fields()
            .diagnosis
            .iter()
            .any(|one| one.cause == cause)
    };
    match error.status() {
        Status::Dns => !through_proxy,
        Status::Connect => !through_proxy && because(Cause::ConnectFailed),
        Status::Timeout => !through_proxy || because(Cause::HandshakeTimeout),
        Status::TlsHandshake => because(Cause::HandshakeCut),
        _ => false,
    }
}
