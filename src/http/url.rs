//! URLs that may be signed and sent. Validated on their bytes before any parser sees them, and
//! never changed afterwards: what is signed is what stands in the request line (safety.md S4,
//! design.md §5).

use std::net::Ipv6Addr;

use super::headers::shown;
use crate::error::{Error, Result, Status};

/// Scheme, host and port.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Origin {
    pub https: bool,
    /// Lower case; an IPv6 address without brackets.
    pub host: String,
    pub port: u16,
}

/// An absolute URL with its request target exactly as it goes out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Url {
    pub origin: Origin,
    /// Path and query; a lone trailing `?` is dropped.
    pub target: String,
}

impl Origin {
    /// A base URL: an origin, with or without a final `/`, nothing behind it.
    pub fn parse(url: &str) -> Result<Origin> {
        let parsed = Url::parse(url)?;
        if parsed.target != "/" {
            return Err(refused(url, "a base URL has no path"));
        }
        Ok(parsed.origin)
    }

    /// `host` or `host:port`, as in the Host header.
    pub fn authority(&self) -> String {
        let host = if self.host.contains(':') {
            format!("[{}]", self.host)
        } else {
            self.host.clone()
        };
        if self.port == self.default_port() {
            host
        } else {
            format!("{host}:{}", self.port)
        }
    }

    fn default_port(&self) -> u16 {
        if self.https { 443 } else { 80 }
    }

    /// A literal loopback address or exactly `localhost`: the only peers that plain http may
    /// have (S18).
    pub fn is_loopback(&self) -> bool {
        if self.host == "localhost" || self.host == "::1" {
            return true;
        }
        self.host
            .parse::<std::net::Ipv4Addr>()
            .is_ok_and(|address| address.is_loopback())
    }
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{}://{}",
            if self.https { "https" } else { "http" },
            self.authority()
        )
    }
}

impl std::fmt::Display for Url {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}{}", self.origin, self.target)
    }
}

impl Url {
    /// An absolute `https://` URL (`http://` for loopback literals only).
    pub fn parse(url: &str) -> Result<Url> {
        check_bytes(url)?;
        let lower = url.get(..8).unwrap_or(url).to_ascii_lowercase();
        let (https, rest) = if lower.starts_with("https://") {
            (true, &url[8..])
        } else if lower.starts_with("http://") {
            (false, &url[7..])
        } else {
            return Err(refused(url, "it must start with https:// or with one /"));
        };
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        let origin = parse_authority(url, https, authority)?;
        if !https && !origin.is_loopback() {
            return Err(refused(url, "plain http is for loopback addresses only"));
        }
        let path = match path {
            "" => "/".to_owned(),
            query if query.starts_with('?') => format!("/{query}"),
            path => path.to_owned(),
        };
        Ok(Url {
            origin,
            target: check_target(url, &path)?,
        })
    }

    /// A path joined to `base`, or an absolute URL as it is. The host is not judged here.
    pub fn resolve(base: &Origin, url: &str) -> Result<Url> {
        if url.starts_with('/') {
            check_bytes(url)?;
            return Ok(Url {
                origin: base.clone(),
                target: check_target(url, url)?,
            });
        }
        Url::parse(url)
    }

    /// Path without the query, exactly as sent.
    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or("")
    }
}

/// The request target of a path or absolute URL: what is signed.
pub fn target(url: &str) -> Result<String> {
    if url.starts_with('/') {
        check_bytes(url)?;
        return check_target(url, url);
    }
    Url::parse(url).map(|url| url.target)
}

fn refused(url: &str, why: &str) -> Error {
    Error::new(
        Status::UrlRefused,
        format!("The URL \"{}\" is refused: {why}.", shown(url)),
    )
}

fn check_bytes(url: &str) -> Result<()> {
    if url.is_empty() {
        return Err(refused(url, "it is empty"));
    }
    if url.len() > 16 * 1024 {
        return Err(refused(url, "it is longer than 16384 bytes"));
    }
    for (index, byte) in url.bytes().enumerate() {
        let why = match byte {
            b'\\' => "it contains a backslash",
            b'#' => "it contains a fragment (#)",
            b' ' => "it contains a space; write %20",
            b'"' | b'<' | b'>' | b'^' | b'`' | b'{' | b'|' | b'}' => {
                "it contains a character that RFC 3986 does not allow; percent-encode it"
            }
            0x21..=0x7e => continue,
            0x80.. => "it contains a byte that is not ASCII; percent-encode UTF-8",
            _ => "it contains a control byte",
        };
        return Err(refused(url, &format!("{why}, at byte {index}")));
    }
    Ok(())
}

fn parse_authority(url: &str, https: bool, authority: &str) -> Result<Origin> {
    if authority.contains('@') {
        return Err(refused(url, "it contains user information (@)"));
    }
    let (host, port) = if let Some(rest) = authority.strip_prefix('[') {
        let Some((address, after)) = rest.split_once(']') else {
            return Err(refused(url, "the IPv6 address is not closed by ]"));
        };
        if address.parse::<Ipv6Addr>().is_err() {
            return Err(refused(url, "this is not an IPv6 address"));
        }
        let port = match after {
            "" => None,
            after => Some(
                after
                    .strip_prefix(':')
                    .ok_or_else(|| refused(url, "bytes follow the IPv6 address"))?,
            ),
        };
        (address.to_ascii_lowercase(), port)
    } else {
        match authority.split_once(':') {
            Some((host, port)) => (host.to_ascii_lowercase(), Some(port)),
            None => (authority.to_ascii_lowercase(), None),
        }
    };
    if host.is_empty() {
        return Err(refused(url, "it has no host"));
    }
    if host.ends_with('.') {
        return Err(refused(url, "the host ends with a dot"));
    }
    let allowed =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b':');
    if !host.bytes().all(allowed) || host.len() > 253 {
        return Err(refused(url, "the host has a byte that no host name has"));
    }
    let port = match port {
        None => {
            if https {
                443
            } else {
                80
            }
        }
        Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => digits
            .parse::<u16>()
            .ok()
            .filter(|port| *port != 0)
            .ok_or_else(|| refused(url, "the port is not 1 to 65535"))?,
        Some(_) => return Err(refused(url, "the port is not a number")),
    };
    Ok(Origin { https, host, port })
}

/// Path and query: one leading `/`, whole percent-encodings that RFC 3986 normalisation would not
/// change, no dot segments. A server or proxy that normalises would see another target than the
/// one that was signed.
fn check_target(url: &str, target: &str) -> Result<String> {
    if target.starts_with("//") {
        return Err(refused(url, "the path starts with two slashes"));
    }
    let bytes = target.as_bytes();
    let mut index = 0;
    while index < bytes.len() {
        if bytes[index] != b'%' {
            index += 1;
            continue;
        }
        let hex = bytes
            .get(index + 1..index + 3)
            .and_then(|two| std::str::from_utf8(two).ok());
        let Some(value) = hex
            .filter(|two| two.bytes().all(|b| b.is_ascii_hexdigit()))
            .and_then(|two| u8::from_str_radix(two, 16).ok())
        else {
            return Err(refused(
                url,
                &format!("the % at byte {index} of the path is not followed by two hex digits"),
            ));
        };
        if value.is_ascii_alphanumeric() || matches!(value, b'-' | b'.' | b'_' | b'~') {
            return Err(refused(
                url,
                &format!(
                    "%{} encodes a character that needs none; write it plainly",
                    &target[index + 1..index + 3]
                ),
            ));
        }
        if target[index + 1..index + 3]
            .bytes()
            .any(|b| b.is_ascii_lowercase())
        {
            return Err(refused(
                url,
                &format!(
                    "%{} must be in upper case (RFC 3986 §6.2.2.1)",
                    &target[index + 1..index + 3]
                ),
            ));
        }
        index += 3;
    }
    let path = target.split('?').next().unwrap_or("");
    if path
        .split('/')
        .any(|segment| segment == "." || segment == "..")
    {
        return Err(refused(url, "the path has a dot segment"));
    }
    Ok(match target.strip_suffix('?') {
        Some(bare) if !bare.contains('?') => bare.to_owned(),
        _ => target.to_owned(),
    })
}
