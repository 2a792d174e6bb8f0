//! Answers written byte by byte on the TLS stream, in place of hyper, and how the connection ends after them.

use super::kind::{How, Spelling, Stage, Wire};
use axum::body::{self, Bytes};
use axum::response::Response;
use std::fmt::Write as _;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::server::TlsStream;

/// A client that is still writing must not be reset instead of closed.
const LINGER: Duration = Duration::from_secs(2);
/// Longer than any client waits.
const HANG: Duration = Duration::from_secs(600);
/// Time for bytes to arrive before what follows them.
const ARRIVES: Duration = Duration::from_millis(30);

enum Step {
    Send(Vec<u8>),
    /// Byte by byte
    Drip(Vec<u8>, Duration),
    Wait(Duration),
}

/// What is done with the connection from now on.
pub struct Script {
    steps: Vec<Step>,
    end: How,
}

impl Script {
    /// No answer at all.
    pub fn end(how: How) -> Self {
        Self {
            steps: Vec::new(),
            end: how,
        }
    }

    /// As much of the answer as `stage` lets out.
    pub async fn cut_short(how: How, stage: Stage, response: Response) -> Self {
        let (head, body) = taken_apart(response).await;
        let head_bytes = head.bytes(&[("Content-Length", &body.len().to_string())]);
        let sent = match stage {
            Stage::Status => head_bytes
                .get(..head_bytes.len() / 2)
                .unwrap_or(&[])
                .to_vec(),
            Stage::Headers => head_bytes,
            Stage::Body => [&head_bytes, body.get(..body.len() / 2).unwrap_or(&[])].concat(),
            Stage::End => [&head_bytes[..], &body].concat(),
            _ => Vec::new(),
        };
        Self {
            steps: vec![Step::Send(sent), Step::Wait(ARRIVES)],
            end: how,
        }
    }

    pub async fn of(wire: Wire, response: Response) -> Self {
        let (mut head, body) = taken_apart(response).await;
        let length = body.len().to_string();
        let framed = [("Content-Length", length.as_str())];
        let whole = |head: &Head| [&head.bytes(&framed)[..], &body].concat();
        let (steps, end) = match wire {
            Wire::Spelt(spelling) => {
                head.spell(spelling);
                (vec![Step::Send(whole(&head))], How::Close)
            }
            Wire::Drip(ms) => (
                vec![
                    Step::Send(head.bytes(&framed)),
                    Step::Drip(body.to_vec(), Duration::from_millis(ms)),
                ],
                How::Close,
            ),
            Wire::Chunked | Wire::ChunkedCut => {
                let mut sent = head.bytes(&[("Transfer-Encoding", "chunked")]);
                sent.extend(chunked(&body));
                if wire == Wire::ChunkedCut {
                    // All of the body came; that it is all of it was not said.
                    sent.truncate(sent.len() - LAST_CHUNK.len());
                }
                (vec![Step::Send(sent)], How::Close)
            }
            Wire::Unframed(end) => (
                vec![
                    Step::Send([&head.bytes(&[])[..], &body].concat()),
                    Step::Wait(ARRIVES),
                ],
                end,
            ),
            Wire::UnframedHalf => {
                let half = body.get(..body.len() / 2).unwrap_or(&[]);
                (
                    vec![Step::Send([&head.bytes(&[]), half].concat())],
                    How::Close,
                )
            }
            Wire::TwoLengths => {
                let other = (body.len() / 2).to_string();
                let lengths = [
                    ("Content-Length", length.as_str()),
                    ("Content-Length", other.as_str()),
                ];
                (
                    vec![Step::Send([&head.bytes(&lengths)[..], &body].concat())],
                    How::Close,
                )
            }
            Wire::LengthAndChunked => {
                let both = [
                    ("Content-Length", length.as_str()),
                    ("Transfer-Encoding", "chunked"),
                ];
                (
                    vec![Step::Send([head.bytes(&both), chunked(&body)].concat())],
                    How::Close,
                )
            }
            Wire::Garbage => (
                vec![Step::Send(
                    b"\x00\x01SSH-2.0-nothing of yours\r\n\r\n".to_vec(),
                )],
                How::Close,
            ),
            Wire::Interim(status) => {
                let interim = format!("HTTP/1.1 {status} Interim\r\n\r\n").into_bytes();
                (
                    vec![Step::Send([interim, whole(&head)].concat())],
                    How::Close,
                )
            }
            Wire::Early(_) => (vec![Step::Send(whole(&head))], How::Close),
            Wire::Twice => (vec![Step::Send(whole(&head).repeat(2))], How::Hang),
            Wire::BodyOn204 => {
                let extra = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
                let length = extra.len().to_string();
                let sent = head.bytes(&[("Content-Length", length.as_str())]);
                (vec![Step::Send([&sent[..], extra].concat())], How::Hang)
            }
        };
        Self { steps, end }
    }

    /// Plays it to its end. `socket` is the TCP connection below `stream`.
    pub async fn play(self, mut stream: TlsStream<TcpStream>, mut socket: TcpStream) {
        for step in self.steps {
            // A client that has gone does not read the rest.
            let played = match step {
                Step::Send(bytes) => send(&mut stream, &bytes).await,
                Step::Wait(time) => {
                    tokio::time::sleep(time).await;
                    Ok(())
                }
                Step::Drip(bytes, pause) => drip(&mut stream, &bytes, pause).await,
            };
            if played.is_err() {
                return;
            }
        }
        match self.end {
            How::Reset => {
                let _ = socket.set_zero_linger();
            }
            How::Close => {
                let _ = stream.shutdown().await;
                read_to_end(&mut stream, LINGER).await;
            }
            How::Cut => {
                let _ = socket.shutdown().await;
                read_to_end(&mut stream, LINGER).await;
            }
            How::Hang => read_to_end(&mut stream, HANG).await,
        }
    }
}

/// The same before there is TLS.
pub async fn end_bare(how: How, mut socket: TcpStream) {
    match how {
        How::Reset => {
            let _ = socket.set_zero_linger();
        }
        How::Close | How::Cut => {
            let _ = socket.shutdown().await;
            read_to_end(&mut socket, LINGER).await;
        }
        How::Hang => read_to_end(&mut socket, HANG).await,
    }
}

async fn send(stream: &mut TlsStream<TcpStream>, bytes: &[u8]) -> std::io::Result<()> {
    stream.write_all(bytes).await?;
    stream.flush().await
}

async fn drip(
    stream: &mut TlsStream<TcpStream>,
    bytes: &[u8],
    pause: Duration,
) -> std::io::Result<()> {
    for byte in bytes.chunks(1) {
        send(stream, byte).await?;
        tokio::time::sleep(pause).await;
    }
    Ok(())
}

async fn read_to_end(stream: &mut (impl tokio::io::AsyncRead + Unpin), time: Duration) {
    let mut into = [0; 4096];
    let end = async { while stream.read(&mut into).await.is_ok_and(|read| read > 0) {} };
    let _ = tokio::time::timeout(time, end).await;
}

const LAST_CHUNK: &[u8] = b"0\r\n\r\n";

/// In two chunks and the last one.
fn chunked(body: &[u8]) -> Vec<u8> {
    let (first, second) = body.split_at(body.len() / 2);
    let mut out = Vec::new();
    for part in [first, second].into_iter().filter(|part| !part.is_empty()) {
        out.extend(format!("{:x}\r\n", part.len()).into_bytes());
        out.extend_from_slice(part);
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(LAST_CHUNK);
    out
}

/// The status line and the headers, as they are written.
struct Head {
    line: String,
    headers: Vec<(String, String)>,
}

impl Head {
    fn bytes(&self, framing: &[(&str, &str)]) -> Vec<u8> {
        let mut head = format!("{}\r\n", self.line);
        let own = self
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()));
        for (name, value) in own.chain(framing.iter().copied()) {
            let _ = write!(head, "{name}: {value}\r\n");
        }
        head.push_str("\r\n");
        head.into_bytes()
    }

    fn spell(&mut self, spelling: Spelling) {
        for (name, _) in &mut self.headers {
            if !name.starts_with("Wechatpay-") {
                continue;
            }
            *name = match spelling {
                Spelling::X => format!("X-{name}"),
                Spelling::Lower => name.to_lowercase(),
                Spelling::Cgi => format!("HTTP_{}", name.to_uppercase().replace('-', "_")),
            };
        }
    }
}

/// Names as the real servers write them; the parser here keeps lower case only.
fn title_case(name: &str) -> String {
    let part = |part: &str| {
        let mut chars = part.chars();
        let first = chars.next().map(|first| first.to_ascii_uppercase());
        first.into_iter().chain(chars).collect::<String>()
    };
    name.split('-').map(part).collect::<Vec<_>>().join("-")
}

async fn taken_apart(response: Response) -> (Head, Bytes) {
    let (parts, body) = response.into_parts();
    let body = body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    let headers = parts
        .headers
        .iter()
        .filter(|(name, _)| !matches!(name.as_str(), "content-length" | "transfer-encoding"))
        .map(|(name, value)| {
            (
                title_case(name.as_str()),
                String::from_utf8_lossy(value.as_bytes()).into_owned(),
            )
        })
        .collect();
    let head = Head {
        line: format!(
            "HTTP/1.1 {} {}",
            parts.status.as_u16(),
            parts.status.canonical_reason().unwrap_or("Unknown")
        ),
        headers,
    };
    (head, body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn header_names_are_written_as_the_real_servers_do_or_as_gateways_do() {
        assert_eq!(
            title_case("wechatpay-signature-type"),
            "Wechatpay-Signature-Type"
        );
        let spelt = |spelling| {
            let mut head = Head {
                line: "HTTP/1.1 200 OK".to_owned(),
                headers: vec![
                    ("Wechatpay-Serial".to_owned(), "1".to_owned()),
                    ("Date".to_owned(), "2".to_owned()),
                ],
            };
            head.spell(spelling);
            String::from_utf8(head.bytes(&[])).unwrap_or_default()
        };
        assert_eq!(
            spelt(Spelling::Cgi),
            "HTTP/1.1 200 OK\r\nHTTP_WECHATPAY_SERIAL: 1\r\nDate: 2\r\n\r\n"
        );
        assert_eq!(
            spelt(Spelling::X),
            "HTTP/1.1 200 OK\r\nX-Wechatpay-Serial: 1\r\nDate: 2\r\n\r\n"
        );
        assert_eq!(
            spelt(Spelling::Lower),
            "HTTP/1.1 200 OK\r\nwechatpay-serial: 1\r\nDate: 2\r\n\r\n"
        );
    }

    #[test]
    fn a_body_is_written_in_chunks() {
        assert_eq!(chunked(b"abcde"), b"2\r\nab\r\n3\r\ncde\r\n0\r\n\r\n");
        assert_eq!(chunked(b""), b"0\r\n\r\n");
    }
}
