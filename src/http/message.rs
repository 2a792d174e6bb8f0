//! One HTTP message, either direction: what a caller fills in, what `prepare` makes of it, what
//! came back, and what is known about it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::headers::Headers;
use crate::key::PublicKey;
use crate::secret::Wipe;
use crate::text::Text;

/// How far the authenticity of a response was established (safety.md S10).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(i32)]
pub enum Verified {
    #[default]
    NotChecked = 0,
    Signature = 1,
    /// In the closed table of answers that WeChat Pay does not sign.
    NotSignedByDesign = 2,
    /// An error answer; WeChat Pay's errors are never relied on.
    ErrorAnswer = 3,
}

/// A request to be made, a request ready to go, or a response.
#[derive(Clone)]
pub enum Kind {
    Request {
        method: Text,
        url: Text,
        /// Set by `prepare`: the message goes out byte for byte.
        signed: Option<Signed>,
    },
    Response {
        status: u16,
    },
}

/// Without the signature that a page of API v2 has in its URL: it does not expire (safety.md S24).
impl std::fmt::Debug for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Kind::Request {
                method,
                url,
                signed,
            } => f
                .debug_struct("Request")
                .field("method", method)
                .field(
                    "url",
                    &url.rsplit_once("&sign=")
                        .map_or(&**url, |(before, _)| before),
                )
                .field("signed", signed)
                .finish(),
            Kind::Response { status } => {
                f.debug_struct("Response").field("status", status).finish()
            }
        }
    }
}

/// What went into the Authorization header of a prepared request.
#[derive(Clone)]
pub struct Signed {
    pub timestamp: i64,
    pub nonce: String,
    /// The exact bytes that are, or are to be, signed: the body is among them.
    pub to_sign: Body,
    /// Present between `prepare_unsigned` and `attach_signature`.
    pub pending: Option<Pending>,
    /// Signed outside: it cannot be signed again for a repeat.
    pub external: bool,
}

impl std::fmt::Debug for Signed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Signed")
            .field("timestamp", &self.timestamp)
            .field("to_sign", &format_args!("<{} bytes>", self.to_sign.len()))
            .field("external", &self.external)
            .finish_non_exhaustive()
    }
}

/// What a signature from outside is put into and checked with.
#[derive(Clone)]
pub struct Pending {
    /// The Authorization header up to its signature.
    pub authorization: String,
    /// The merchant certificate's key, if one is configured.
    pub verifier: Option<PublicKey>,
}

/// What `v2::prepare` fixed, for the check of the answer.
#[derive(Clone, Debug)]
pub struct V2 {
    pub sign_type: V2SignType,
    /// Without the host, as it was sent and without a query.
    pub path: String,
    /// Of the client that prepared it.
    pub mchid: String,
    /// Name and value of the request's fields for the account; an answer must name the same.
    pub appids: Vec<(String, String)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum V2SignType {
    Md5,
    HmacSha256,
}

/// For this call only.
#[derive(Clone, Debug, Default)]
pub struct Options {
    pub timeout: Option<Duration>,
    /// The caller's promise that repeating this request cannot act twice (S3).
    pub idempotent: bool,
    pub key_id: Option<String>,
    /// Fields of the body are encrypted with that key: no other one may be named (S21).
    pub key_is_fixed: bool,
}

/// Asks the `send` at work on the message, or the next one, to stop. Sticky.
#[derive(Clone, Debug, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    pub fn cancel(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

#[derive(Clone, Debug)]
pub struct Message {
    pub kind: Kind,
    pub headers: Headers,
    pub body: Body,
    /// What is signed in place of the body: the meta part of an upload.
    pub signed_part: Option<Body>,
    /// Made for API v2, which has no Authorization: sent by `v2_send` alone.
    pub v2: Option<V2>,
    pub options: Options,
    pub cancel: Cancel,
    pub verified: Verified,
    /// Id of the WeChat Pay key that verified it, or that a request asks for.
    pub key_id: Text,
    pub request_id: Text,
    pub trace: Text,
    /// Of a response: it began before the request was written, or answers the repeat of one that may
    /// have acted. However often it is looked at, it decides nothing (S2).
    pub undecided: bool,
}

/// The body's bytes; may hold personal data, so zeroised when the last owner drops it.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Body(Arc<Bytes>);

#[derive(Default, PartialEq, Eq)]
struct Bytes(Vec<u8>);

impl Drop for Bytes {
    fn drop(&mut self) {
        self.0.wipe();
    }
}

impl Body {
    pub fn new(bytes: Vec<u8>) -> Body {
        Body(Arc::new(Bytes(bytes)))
    }
}

impl std::ops::Deref for Body {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        &self.0.0
    }
}

impl std::fmt::Debug for Body {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<{} bytes>", self.len())
    }
}

impl Message {
    fn new(kind: Kind, body: Body) -> Message {
        Message {
            kind,
            headers: Headers::default(),
            body,
            signed_part: None,
            v2: None,
            options: Options::default(),
            cancel: Cancel::default(),
            verified: Verified::NotChecked,
            key_id: Text::default(),
            request_id: Text::default(),
            trace: Text::default(),
            undecided: false,
        }
    }

    pub fn request(method: &str, url: &str, body: Body) -> Message {
        Message::new(
            Kind::Request {
                method: Text::new(method),
                url: Text::new(url),
                signed: None,
            },
            body,
        )
    }

    pub fn response(status: u16, body: Body) -> Message {
        Message::new(Kind::Response { status }, body)
    }

    pub fn method_text(&self) -> Option<&Text> {
        match &self.kind {
            Kind::Request { method, .. } => Some(method),
            Kind::Response { .. } => None,
        }
    }

    pub fn url_text(&self) -> Option<&Text> {
        match &self.kind {
            Kind::Request { url, .. } => Some(url),
            Kind::Response { .. } => None,
        }
    }

    /// "" for a response.
    pub fn method(&self) -> &str {
        self.method_text().map_or("", |method| method)
    }

    /// "" for a response.
    pub fn url(&self) -> &str {
        self.url_text().map_or("", |url| url)
    }

    /// 0 for a request.
    pub fn status(&self) -> u16 {
        match self.kind {
            Kind::Request { .. } => 0,
            Kind::Response { status } => status,
        }
    }

    pub fn signed(&self) -> Option<&Signed> {
        match &self.kind {
            Kind::Request { signed, .. } => signed.as_ref(),
            Kind::Response { .. } => None,
        }
    }

    /// Goes out byte for byte: nothing can be added any more.
    pub fn is_prepared(&self) -> bool {
        self.signed().is_some() || self.v2.is_some()
    }

    pub fn is_request(&self) -> bool {
        matches!(self.kind, Kind::Request { .. })
    }
}
