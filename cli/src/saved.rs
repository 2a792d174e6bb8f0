//! An HTTP message that somebody saved: as `curl --include` prints it, as a server logged it, or headers and body in two
//! files. Cuts it apart and changes nothing; whether it is genuine is the library's to say.

use wxpay::http::{Body, Message};
use wxpay::v3::compose;

use crate::input;
use crate::merchant::message;

/// Where the message is.
#[derive(clap::Args, Clone, Debug)]
#[group(id = "saved")]
pub struct Args {
    /// The whole message as received: status line or request line, headers, an empty line, the body's exact bytes (- reads standard input)
    #[arg(
        value_name = "FILE",
        required_unless_present = "headers",
        conflicts_with = "headers"
    )]
    whole: Option<String>,

    /// The headers alone, a line each
    #[arg(long, value_name = "FILE", requires = "body")]
    headers: Option<String>,

    /// The body alone, byte for byte (- reads standard input)
    #[arg(long, value_name = "FILE", requires = "headers")]
    body: Option<String>,
}

/// What was saved.
pub struct Saved {
    /// Of a response; a notification has none.
    pub status: Option<u16>,
    /// Headers and body as the library takes them.
    pub message: Message,
    /// What `Content-Length` says, when it is not the body's length.
    pub announced: Option<usize>,
}

impl Args {
    /// FILE as it is, for what is no message.
    pub fn alone(&self) -> Result<Vec<u8>, String> {
        let whole = self
            .whole
            .as_deref()
            .ok_or("give FILE, or - for standard input")?;
        input::read("FILE", whole, 1 << 20)
    }

    pub fn load(&self) -> Result<Saved, String> {
        let (head, body) = match (&self.whole, &self.headers, &self.body) {
            (Some(whole), ..) => {
                let bytes = input::read("FILE", whole, input::MOST_BODY)?;
                let (head, body) = cut(&bytes).ok_or_else(|| {
                    format!("{whole} has no empty line between headers and body; give the message as it was received, or --headers and --body")
                })?;
                (head.to_vec(), body.to_vec())
            }
            (None, Some(headers), Some(body)) => {
                if headers == "-" && body == "-" {
                    return Err(
                        "--headers and --body cannot both be standard input; give FILE as -"
                            .to_owned(),
                    );
                }
                let head = input::read("--headers", headers, 1 << 20)?;
                (head, input::read("--body", body, input::MOST_BODY)?)
            }
            _ => return Err("give FILE, or --headers and --body".to_owned()),
        };
        let head = String::from_utf8(head).map_err(|_| "the headers are not UTF-8".to_owned())?;
        saved(&head, body)
    }
}

/// Head and body of the last message: what a proxy or `100 Continue` said before it is passed over.
fn cut(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut rest = bytes;
    loop {
        let (head, body) = cut_once(rest)?;
        let interim = rest.starts_with(b"HTTP/") && body.starts_with(b"HTTP/");
        if !interim {
            return Some((head, body));
        }
        rest = body;
    }
}

fn cut_once(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = |mark: &[u8]| {
        bytes
            .windows(mark.len())
            .position(|window| window == mark)
            .map(|at| (at, at + mark.len()))
    };
    let (head, body) = match (end(b"\r\n\r\n"), end(b"\n\n")) {
        (Some(crlf), Some(lf)) => crlf.min(lf),
        (crlf, lf) => crlf.or(lf)?,
    };
    Some((bytes.get(..head)?, bytes.get(body..)?))
}

fn saved(head: &str, body: Vec<u8>) -> Result<Saved, String> {
    let first = head.lines().next().unwrap_or_default();
    let status = match first.strip_prefix("HTTP/") {
        Some(rest) => Some(
            rest.split_whitespace()
                .nth(1)
                .and_then(|code| code.parse::<u16>().ok())
                .filter(|code| (100..=599).contains(code))
                .ok_or_else(|| format!("\"{first}\" is no status line"))?,
        ),
        None => None,
    };
    // `POST /notify HTTP/1.1`
    let is_request_line = first.ends_with("HTTP/1.1") || first.ends_with("HTTP/1.0");
    let block = if is_request_line {
        head.split_once('\n').map_or("", |(_, rest)| rest)
    } else {
        head
    };
    let length = body.len();
    let mut whole = Message::response(status.unwrap_or(200), Body::new(body));
    compose::add_header_block(&mut whole, block).map_err(|error| message(&error))?;
    let announced = whole
        .headers
        .get("Content-Length")
        .and_then(|value| value.parse::<usize>().ok())
        .filter(|announced| *announced != length);
    Ok(Saved {
        status,
        message: whole,
        announced,
    })
}

impl Saved {
    /// Said when the message does not verify: an editor or a log has changed the body.
    pub fn remark(&self) -> Option<String> {
        self.announced.map(|announced| {
            format!(
                "Content-Length says {announced} bytes, the saved body has {}: it was not saved byte for byte.",
                self.message.body.len()
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{cut, saved};

    #[test]
    fn a_message_is_cut_at_the_first_empty_line_and_its_body_is_left_alone() {
        for (whole, body) in [
            (&b"HTTP/1.1 200 OK\r\nA: b\r\n\r\n{}\n"[..], &b"{}\n"[..]),
            (b"HTTP/1.1 200 OK\nA: b\n\n{}\r\n\r\n", b"{}\r\n\r\n"),
            (b"POST /notify HTTP/1.1\r\nA: b\r\n\r\na\n\nb", b"a\n\nb"),
            (
                b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\nA: b\r\n\r\n",
                b"",
            ),
        ] {
            let (head, rest) = cut(whole).unwrap();
            assert_eq!(rest, body);
            let message = saved(std::str::from_utf8(head).unwrap(), rest.to_vec()).unwrap();
            assert_eq!(message.message.headers.get("a"), Some("b"));
        }
        assert!(cut(b"HTTP/1.1 200 OK\r\nA: b\r\n").is_none());
        assert!(saved("HTTP/1.1 OK", Vec::new()).is_err());
    }
}
