//! Files: bills, images, receipts. Sends the request and decides by what its answer may be given
//! out (safety.md S10); what `read` then gives is provisional until it gave 0 (S15).

mod content;
mod handle;
mod input;

use std::sync::atomic::Ordering;
use std::time::Instant;

use super::Client;
use super::send::{finished, is_probed_get, may_repeat};
use crate::error::{Error, Outcome, Result, Status, fail};
use crate::http::headers::{readable, shown};
use crate::http::{Body, Cancel, Message, target};
use crate::net::{Call, Incoming, Streaming};
use crate::panic;
use crate::secret::Zeroizing;
use crate::sys::IN_MEMORY;
use crate::v3::download::{Expected, Rule, Source, rule};

use content::Content;
use handle::Facts;
use input::{Input, Line, Raw};

pub use handle::Download;

/// WeChat Pay splits bills beyond 16 GB.
const LARGEST: u64 = 16 * 1024 * 1024 * 1024;

/// How much may come, and what of it may be kept in memory.
#[derive(Clone, Copy)]
struct Limits {
    most: u64,
    /// What sets `most`, for the error.
    name: &'static str,
    in_memory: usize,
}

impl Limits {
    /// The same for bytes as they are sent. A tag, or gzip that could pack nothing, makes them a
    /// little more than the content; gzip that unpacks to nothing would else go on for ever.
    fn check_sent(self, bytes: u64) -> Result<()> {
        const HEADERS: u64 = 256 * 1024;
        self.check((bytes - bytes / 1024).saturating_sub(HEADERS))
    }

    fn check(self, bytes: u64) -> Result<()> {
        if bytes <= self.most {
            return Ok(());
        }
        let cure = if self.in_memory == usize::MAX {
            "Read it in pieces with wxpay_download_open, or raise max_response_bytes."
        } else {
            "Ask for a smaller bill, such as one sub-merchant's."
        };
        fail(
            Status::BodyTooLarge,
            format!(
                "The file is larger than {} ({} bytes).",
                self.name, self.most
            ),
        )
        .map_err(|error| error.hint(cure))
    }
}

/// An answer whose content may be given out, and what proves it.
struct Admitted {
    input: Input,
    /// The signature over the whole body was right.
    signed: bool,
    /// Named by a signed header.
    digest: Option<Expected>,
    /// Content-Encoding says gzip, which was not asked for.
    encoded: bool,
    total: Option<u64>,
    request_id: String,
}

impl Client {
    /// The whole file, at most max_response_bytes.
    pub fn download(&self, source: &str) -> Result<Zeroizing<Vec<u8>>> {
        let limits = Limits {
            most: self.max_response_bytes as u64,
            name: "max_response_bytes",
            in_memory: usize::MAX,
        };
        self.begin(source, limits)?.whole()
    }

    /// A file of any size, in pieces.
    pub fn download_open(&self, source: &str) -> Result<Download> {
        let limits = Limits {
            most: LARGEST,
            name: "the largest file that WeChat Pay has",
            in_memory: IN_MEMORY,
        };
        self.begin(source, limits)
    }

    fn begin(&self, source: &str, limits: Limits) -> Result<Download> {
        let mut call = Call::new(Instant::now() + self.timeout, Cancel::default());
        let mut message = Message::request("GET", "", Body::default());
        let outcome = panic::catch(|| {
            let source = Source::read(&self.merchant, source)?;
            message = Message::request("GET", &source.url, Body::default());
            message.headers.push("Accept", "*/*");
            self.begin_within(&message, source, limits, &mut call)
        });
        outcome.map_err(|error| finished(handle::advised(error), &message, &call))
    }

    /// A GET, so repeated at most once, and only before a byte of the body was given out (S3).
    fn begin_within(
        &self,
        message: &Message,
        source: Source,
        limits: Limits,
        call: &mut Call,
    ) -> Result<Download> {
        let mut request = self.ready(message, call)?;
        let has_digest = !source.expected.is_empty();
        let (mut repeated, mut elsewhere) = (false, false);
        loop {
            let first = !repeated && !elsewhere;
            let attempt = self.exchange_with(&request, repeated, |transport, outgoing| {
                transport.open(outgoing, call)
            });
            let (error, again) = match attempt {
                Ok(answer) => match self.admit(&request, answer, has_digest, limits, call) {
                    Ok(admitted) => {
                        return Ok(self.downloading(&request, admitted, source, limits, call));
                    }
                    Err(error) => {
                        let again = is_probed_get(&error, &request);
                        (error, again)
                    }
                },
                Err(failure) if first && self.fail_over(&mut request, call, &failure) => {
                    elsewhere = true;
                    continue;
                }
                Err(failure) => {
                    let again = may_repeat(&request, &failure);
                    (failure.error, again)
                }
            };
            if !first || !again || !self.renew(&mut request)? {
                return Err(error);
            }
            repeated = true;
            self.counters.repeats.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Only a 200 that is signed, or that needs no signature, goes further.
    fn admit(
        &self,
        request: &Message,
        mut answer: Streaming,
        has_digest: bool,
        limits: Limits,
        call: &Call,
    ) -> Result<Admitted> {
        let id = answer.headers.get("Request-ID").map(readable);
        let request_id = id.unwrap_or_default();
        let (status, total) = (answer.status, answer.length);
        let about = |mut error: Error| {
            error.fields_mut().http_status = status;
            error.fields_mut().request_id.clone_from(&request_id);
            error
        };
        if status != 200 {
            let response = self.judge(request, self.rest_of(&mut answer).map_err(about)?, call)?;
            let message = format!("A signed HTTP {} is no file.", response.status());
            return fail(Status::ApiUnexpectedResponse, message).map_err(about);
        }
        let encoded = is_encoded(&answer).map_err(about)?;
        limits.check_sent(total.unwrap_or(0)).map_err(about)?;
        let rule = rule(&target(request.url())?, &answer.headers, has_digest).map_err(about)?;
        let (input, signed, digest) = match rule {
            Rule::NotSignedByDesign => (Input::Network(Box::new(answer)), false, None),
            Rule::Statement { signed, digest } => {
                let instead = Incoming {
                    status,
                    headers: answer.headers.clone(),
                    body: signed.into_bytes(),
                    early: answer.early,
                    reused: answer.reused,
                };
                // The body did not come yet: it is not a complete answer that failed (S2).
                self.judge(request, instead, call)
                    .map_err(|error| error.outcome(Outcome::Unknown))?;
                (Input::Network(Box::new(answer)), false, Some(digest))
            }
            Rule::Signed => {
                let whole = self.rest_of(&mut answer).map_err(about)?;
                let body = self.judge(request, whole, call)?.body;
                (Input::Here { body, at: 0 }, true, None)
            }
        };
        Ok(Admitted {
            input,
            signed,
            digest,
            encoded,
            total,
            request_id,
        })
    }

    fn rest_of(&self, answer: &mut Streaming) -> Result<Incoming> {
        let body = answer.rest(self.max_response_bytes, Instant::now() + self.timeout)?;
        Ok(Incoming {
            status: answer.status,
            headers: answer.headers.clone(),
            body,
            early: answer.early,
            reused: answer.reused,
        })
    }

    fn downloading(
        &self,
        request: &Message,
        admitted: Admitted,
        source: Source,
        limits: Limits,
        call: &Call,
    ) -> Download {
        let is_sealed = source.sealed.is_some();
        let input = match source.sealed {
            None => admitted.input,
            Some(sealed) => Input::Sealed {
                from: Box::new(admitted.input),
                sealed,
                limits,
            },
        };
        let mut expected = source.expected;
        expected.extend(admitted.digest);
        let proved = admitted.signed || is_sealed || !expected.is_empty();
        let line = Line::new(call.cancel.clone(), self.timeout);
        let facts = Facts {
            request: super::kept(request),
            request_id: admitted.request_id,
            trace: call.trace.to_json(),
            total: admitted.total,
            proved,
        };
        let content = Content::new(
            Raw::new(input, line.clone(), limits),
            expected,
            admitted.encoded,
            limits,
        );
        Download::new(content, line, facts)
    }
}

/// Asked for was identity. gzip is undone like a file in gzip form; anything else cannot be read.
fn is_encoded(answer: &Streaming) -> Result<bool> {
    match answer.headers.get("Content-Encoding") {
        None | Some("" | "identity") => Ok(false),
        Some(coding) if coding.eq_ignore_ascii_case("gzip") => Ok(true),
        Some(coding) => fail(
            Status::HttpProtocol,
            format!(
                "The answer has Content-Encoding: {}, which was not asked for.",
                shown(coding)
            ),
        )
        .map_err(|error| {
            error.hint(
                "Something between this machine and WeChat Pay packs answers: look at the proxy.",
            )
        }),
    }
}

/// What a download gives of `bytes`, for the fuzzer: gzip undone, with the limits of a file that is
/// read in pieces, but in memory.
#[cfg(fuzzing)]
pub fn unpacked(bytes: &[u8]) -> Result<Vec<u8>> {
    const MOST: usize = 64 * 1024 * 1024;
    let limits = Limits {
        most: MOST as u64,
        name: "the fuzzer",
        in_memory: usize::MAX,
    };
    let body = Body::new(bytes.to_vec());
    let line = Line::new(Cancel::default(), std::time::Duration::ZERO);
    let raw = Raw::new(Input::Here { body, at: 0 }, line, limits);
    let mut content = Content::new(raw, Vec::new(), false, limits);
    let (mut whole, mut piece) = (Vec::new(), [0; 4096]);
    loop {
        match content.read(&mut piece)? {
            0 => return Ok(whole),
            taken => whole.extend_from_slice(&piece[..taken]),
        }
    }
}
