//! `backup_url`: where a request goes that could not be sent to `base_url` (safety.md S3, S4;
//! requirements.md A15; docs/failover.md). Only availability counts: no byte of the request was
//! handed to any connection, and no connection came up because of DNS, TCP or a handshake that was
//! cut. A certificate that is refused, a proxy that wants a password, an empty store are to be seen,
//! not to be gone around.

use std::sync::atomic::Ordering;
use std::time::Instant;

use super::Client;
use crate::error::{Cause, Error, Status};
use crate::http::{Kind, Message, Origin, Url};
use crate::net::{Call, Failure};
use crate::text::Text;

impl Client {
    /// After the first attempt of a call: makes `request` one to the backup, signed anew; false where
    /// it must not go there. Nothing was sent, so it is no repeat; but nothing is tried after it.
    pub(super) fn fail_over(&self, request: &mut Message, call: &Call, failure: &Failure) -> bool {
        let Some(backup) = self.backup_for(request, call, &failure.error) else {
            return false;
        };
        // A message of API v2 has no Authorization: its signature is in its body.
        let fit = request.v2.is_some() || self.renew(request).unwrap_or(false);
        let Kind::Request { url, .. } = &mut request.kind else {
            return false;
        };
        if fit {
            *url = Text::new(&backup.to_string());
            self.counters.failovers.fetch_add(1, Ordering::Relaxed);
        }
        fit
    }

    /// The URL to go to instead; None where nothing may be sent elsewhere.
    fn backup_for(&self, request: &Message, call: &Call, error: &Error) -> Option<Url> {
        let backup: &Origin = self.merchant.backup.as_ref()?;
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

/// Both reasons, for who reads the last error only.
pub(super) fn both(mut error: Error, first: &Error) -> Error {
    let fields = error.fields_mut();
    fields.message = format!("{} Before that: {}", fields.message, first.fields().message);
    error
}
