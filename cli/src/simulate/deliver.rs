//! The HTTP POST that carries a notification: plain HTTP/1.1, to this machine only unless `--expose`, no redirects.
//! Hand-written, because it needs nothing that a client library would bring.

use std::net::SocketAddr;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// A merchant's reply is a few bytes; what is longer is cut.
const MAX_REPLY_BYTES: u64 = 64 * 1024;

pub struct Reply {
    pub status: u16,
    pub body: Vec<u8>,
}

pub enum Failure {
    /// Will never be sent, and why
    Refused(String),
    Io(String),
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::Io(error.to_string())
    }
}

pub async fn post(
    url: &str,
    headers: &[(&str, String)],
    body: &[u8],
    expose: bool,
) -> Result<Reply, Failure> {
    let (authority, path) = split(url)?;
    let mut stream = connect(authority, expose).await?;
    let mut request = format!(
        "POST {path} HTTP/1.1\r\nHost: {authority}\r\nUser-Agent: Mozilla/4.0\r\nAccept: */*\r\n\
         Content-Length: {}\r\nConnection: close\r\n",
        body.len()
    );
    for (name, value) in headers {
        request.push_str(&format!("{name}: {value}\r\n"));
    }
    request.push_str("\r\n");
    let mut request = request.into_bytes();
    request.extend_from_slice(body);
    stream.write_all(&request).await?;
    read_reply(stream).await
}

/// Authority and path of an `http` URL.
fn split(url: &str) -> Result<(&str, &str), Failure> {
    let Some(rest) = url.strip_prefix("http://") else {
        let why = "the simulator delivers over http only: use a notify_url like http://127.0.0.1:8080/notify".to_owned();
        return Err(Failure::Refused(why));
    };
    let (authority, path) = rest.find('/').map_or((rest, "/"), |at| rest.split_at(at));
    // What is not a visible ASCII character could end the request line.
    if authority.is_empty()
        || authority.contains('@')
        || !url.bytes().all(|byte| byte.is_ascii_graphic())
    {
        return Err(Failure::Refused(format!(
            "not a URL that can be called: {url:?}"
        )));
    }
    Ok((authority, path))
}

async fn connect(authority: &str, expose: bool) -> Result<TcpStream, Failure> {
    let has_port = authority
        .rsplit_once(':')
        .is_some_and(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()));
    let with_port = if has_port {
        authority.to_owned()
    } else {
        format!("{authority}:80")
    };
    let mut last = Failure::Io(format!("{authority} has no address"));
    let addresses: Vec<SocketAddr> = tokio::net::lookup_host(&with_port).await?.collect();
    for address in addresses {
        if !expose && !address.ip().is_loopback() {
            last = Failure::Refused(format!(
                "{address} is not a loopback address; --expose allows it"
            ));
            continue;
        }
        match TcpStream::connect(address).await {
            Ok(stream) => return Ok(stream),
            Err(error) => last = Failure::Io(format!("{address}: {error}")),
        }
    }
    Err(last)
}

/// Reads until the reply is complete by its Content-Length or the connection ends.
async fn read_reply(stream: TcpStream) -> Result<Reply, Failure> {
    let mut stream = stream.take(MAX_REPLY_BYTES);
    let mut bytes = Vec::new();
    loop {
        let n = stream.read_buf(&mut bytes).await?;
        if let Some(reply) = parse(&bytes, n == 0) {
            return Ok(reply);
        }
        if n == 0 {
            return Err(Failure::Io(
                "the connection ended before an HTTP reply".to_owned(),
            ));
        }
    }
}

fn parse(bytes: &[u8], ended: bool) -> Option<Reply> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    let (head, body) = (
        String::from_utf8_lossy(bytes.get(..end)?),
        bytes.get(end + 4..)?,
    );
    let mut lines = head.split("\r\n");
    let status: u16 = lines
        .next()?
        .strip_prefix("HTTP/1.")?
        .get(2..5)?
        .parse()
        .ok()?;
    let length = lines
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .and_then(|(_, value)| value.trim().parse::<usize>().ok())
        .or((status == 204).then_some(0));
    let complete = length.is_some_and(|length| body.len() >= length);
    (ended || complete).then(|| Reply {
        status,
        body: body.to_vec(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_is_complete_by_its_length_or_at_the_end() {
        let status = |text: &str, ended| {
            parse(text.as_bytes(), ended).map(|reply| (reply.status, reply.body.len()))
        };
        assert_eq!(
            status("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", false),
            Some((200, 2))
        );
        assert_eq!(
            status("HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nok", false),
            None
        );
        assert_eq!(status("HTTP/1.0 500 No\r\n\r\nok", false), None);
        assert_eq!(status("HTTP/1.0 500 No\r\n\r\nok", true), Some((500, 2)));
        assert_eq!(
            status("HTTP/1.1 204 No Content\r\n\r\n", false),
            Some((204, 0))
        );
        assert_eq!(status("SSH-2.0-x\r\n\r\n", true), None);
    }

    #[test]
    fn only_plain_http_urls_without_tricks_are_called() {
        assert!(matches!(
            split("http://127.0.0.1:80/n"),
            Ok(("127.0.0.1:80", "/n"))
        ));
        assert!(matches!(split("http://localhost"), Ok(("localhost", "/"))));
        for url in [
            "https://127.0.0.1/",
            "http://a@127.0.0.1/",
            "http:///x",
            "http://127.0.0.1/\r\nX: y",
            "http://127.0.0.1/ x",
        ] {
            assert!(matches!(split(url), Err(Failure::Refused(_))), "{url:?}");
        }
    }
}
