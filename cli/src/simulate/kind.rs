//! What can go wrong, by name. A fault that answers a documented refusal strikes before the action; every other one that
//! answers at all strikes after it, so that "was it done?" has the worse answer: yes.

use super::signer::{Rotation, Spoil};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The signature, or the headers around it, wrong in one way
    Spoilt(Spoil),
    /// The answer with another status; below 200 or from 400 an error body
    Status(u16),
    /// An error answer with that `code`; an empty one leaves the member out
    Error(u16, String),
    /// 429 with `Retry-After`
    RetryAfter(u32),
    /// The answer without `Request-ID`; from 400 an error body
    NoRequestId(u16),
    /// A web page, as proxies and captive portals send
    Html(u16),
    /// To another host, or to the same URL
    Redirect {
        status: u16,
        itself: bool,
    },
    /// Compressed on the way, though nobody asked for it
    Gzip,
    /// A right answer of that many bytes
    Oversize(usize),
    /// The answer comes late
    Delay(u64),
    /// 404 RESOURCE_NOT_EXISTS, 404 NOT_FOUND, 500 SYSTEM_ERROR: what merchants without platform certificates report
    /// of `/v3/certificates` (protocol.md §1.7)
    Certificates404,
    CertificatesNotFound,
    Certificates500,
    /// Other keys sign from this answer on
    Rotate(Rotation),
    /// The connection ends, or is silent for ever
    End(How, Stage),
    /// An answer that hyper would not write
    Wire(Wire),
}

/// How a connection ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// TCP reset
    Reset,
    /// close_notify and FIN, a proper end
    Close,
    /// FIN without close_notify
    Cut,
    /// Not at all
    Hang,
}

/// How far the exchange came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Nothing but TCP
    Accept,
    /// TLS; no request was read
    Handshake,
    /// The request's head was read, its body was not
    Head,
    /// The request was read whole; nothing was done
    Request,
    /// The action was done; no byte of the answer was sent
    Action,
    /// In the middle of the answer's head
    Status,
    /// After the answer's head
    Headers,
    /// In the middle of its body
    Body,
    /// After the whole answer, which promised to keep the connection
    End,
}

/// What is written in place of a well-formed answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wire {
    /// The names of the `Wechatpay-*` headers as a gateway spells them
    Spelt(Spelling),
    /// Milliseconds from byte to byte of the body
    Drip(u64),
    /// In chunks
    Chunked,
    /// In chunks, and the last one never comes
    ChunkedCut,
    /// Without a length: the body lasts until the connection ends in that way
    Unframed(How),
    /// The same with half of the body, then a proper end
    UnframedHalf,
    /// Two different `Content-Length`
    TwoLengths,
    /// `Content-Length` and `Transfer-Encoding: chunked`
    LengthAndChunked,
    /// Not HTTP
    Garbage,
    /// An interim answer before the real one
    Interim(u16),
    /// An error answer before the request's body was read
    Early(u16),
    /// The answer twice: the second one waits for the next request
    Twice,
    /// 204 with a body
    BodyOn204,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spelling {
    /// `X-Wechatpay-Serial`
    X,
    /// `wechatpay-serial`
    Lower,
    /// `HTTP_WECHATPAY_SERIAL`
    Cgi,
}

/// The moment at which a fault is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    Accept,
    Handshake,
    /// Before `Authorization` was looked at
    Head,
    /// After `Authorization` was found right
    Answer,
}

impl Kind {
    pub fn parse(name: &str) -> Option<Self> {
        let (word, argument) = match name.split_once(':') {
            Some((word, argument)) => (word, Some(argument)),
            None => (name, None),
        };
        if let Some(how) = How::parse(word) {
            return Some(Self::End(
                how,
                argument.map_or(Some(Stage::Action), Stage::parse)?,
            ));
        }
        if let Some(spoil) = Spoil::parse(name) {
            return Some(Self::Spoilt(spoil));
        }
        if let Some(wire) = Wire::parse(word, argument) {
            return Some(Self::Wire(wire));
        }
        Some(match (word, argument) {
            ("status", Some(status)) => Self::Status(in_range(status, 200..=599)?),
            ("error", Some(error)) => {
                let (status, code) = error.split_once(':')?;
                Self::Error(in_range(status, 400..=599)?, code.to_owned())
            }
            ("retry_after", Some(seconds)) => Self::RetryAfter(seconds.parse().ok()?),
            ("no_request_id", status) => {
                Self::NoRequestId(in_range(status.unwrap_or("200"), 200..=599)?)
            }
            ("html", status) => Self::Html(in_range(status.unwrap_or("200"), 200..=599)?),
            ("redirect", Some(argument)) => {
                let (status, to) = argument.split_once(':').unwrap_or((argument, ""));
                Self::Redirect {
                    status: in_range(status, 300..=399)?,
                    itself: match to {
                        "" => false,
                        "self" => true,
                        _ => return None,
                    },
                }
            }
            ("gzip", None) => Self::Gzip,
            ("oversize", Some(bytes)) => {
                Self::Oversize(bytes.parse().ok().filter(|bytes| *bytes <= MOST_BYTES)?)
            }
            ("delay_ms", Some(ms)) => Self::Delay(ms.parse().ok()?),
            ("truncate", None) => Self::End(How::Cut, Stage::Body),
            ("certificates_404", None) => Self::Certificates404,
            ("certificates_not_found", None) => Self::CertificatesNotFound,
            ("certificates_500", None) => Self::Certificates500,
            ("rotate", None) => Self::Rotate(Rotation::NewCertificate),
            ("rotate", Some("public_key")) => Self::Rotate(Rotation::ToPublicKey),
            ("rotate", Some("certificate")) => Self::Rotate(Rotation::ToCertificate),
            ("withdraw", None) => Self::Rotate(Rotation::Withdraw),
            _ => return None,
        })
    }

    pub fn when(&self) -> When {
        match self {
            Self::End(_, Stage::Accept) => When::Accept,
            Self::End(_, Stage::Handshake) => When::Handshake,
            Self::End(_, Stage::Head) | Self::Wire(Wire::Early(_)) => When::Head,
            _ => When::Answer,
        }
    }
}

/// More would be a test of this machine's memory.
const MOST_BYTES: usize = 256 * 1024 * 1024;

fn in_range(number: &str, range: std::ops::RangeInclusive<u16>) -> Option<u16> {
    number.parse().ok().filter(|number| range.contains(number))
}

impl How {
    fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "reset" => Self::Reset,
            "close" => Self::Close,
            "cut" => Self::Cut,
            "hang" => Self::Hang,
            _ => return None,
        })
    }
}

impl Stage {
    fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "accept" => Self::Accept,
            "handshake" => Self::Handshake,
            "head" => Self::Head,
            "request" => Self::Request,
            "action" => Self::Action,
            "status" => Self::Status,
            "headers" => Self::Headers,
            "body" => Self::Body,
            "end" => Self::End,
            _ => return None,
        })
    }
}

impl Wire {
    fn parse(word: &str, argument: Option<&str>) -> Option<Self> {
        Some(match (word, argument) {
            ("rename_headers", Some("x")) => Self::Spelt(Spelling::X),
            ("rename_headers", Some("lower")) => Self::Spelt(Spelling::Lower),
            ("rename_headers", Some("cgi")) => Self::Spelt(Spelling::Cgi),
            ("drip", Some(ms)) => Self::Drip(ms.parse().ok()?),
            ("chunked", None) => Self::Chunked,
            ("chunked", Some("cut")) => Self::ChunkedCut,
            ("unframed", Some("half")) => Self::UnframedHalf,
            ("unframed", Some(how)) => Self::Unframed(How::parse(how)?),
            ("two_lengths", None) => Self::TwoLengths,
            ("length_and_chunked", None) => Self::LengthAndChunked,
            ("garbage", None) => Self::Garbage,
            ("interim", Some(status)) => Self::Interim(in_range(status, 100..=199)?),
            ("early", Some(status)) => Self::Early(in_range(status, 400..=599)?),
            ("twice", None) => Self::Twice,
            ("body_on_204", None) => Self::BodyOn204,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_kind_is_refused() {
        for kind in [
            "",
            "status:99",
            "status:600",
            "status:x",
            "status",
            "delay_ms:",
            "skew:",
            "other",
            "reset:",
            "reset:never",
            "reset:accept:x",
            "error:400",
            "error:200:OK",
            "redirect:200",
            "redirect:302:there",
            "html:x",
            "oversize:-1",
            "oversize:999999999999",
            "interim:200",
            "early:200",
            "drop_header:x",
            "duplicate_header:",
            "rename_headers:y",
            "unframed:",
            "chunked:x",
            "rotate:x",
            "garbage:1",
            "gzip:1",
        ] {
            assert_eq!(Kind::parse(kind), None, "{kind:?}");
        }
    }

    #[test]
    fn an_end_without_a_stage_comes_after_the_action() {
        assert_eq!(
            Kind::parse("reset"),
            Some(Kind::End(How::Reset, Stage::Action))
        );
        assert_eq!(Kind::parse("truncate"), Kind::parse("cut:body"));
        assert_eq!(
            Kind::parse("error:400:"),
            Some(Kind::Error(400, String::new()))
        );
    }
}
