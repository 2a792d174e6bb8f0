//! Which proxy, and for which hosts not. Parsed by us: ureq would read HTTP_PROXY (which a web
//! server fills from a request header) for https, and matches NO_PROXY unlike curl and Go
//! (trust.md §1.3).

use std::fmt;
use std::hash::{Hash, Hasher};
use std::net::IpAddr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::no_proxy::NoProxy;
use crate::error::{Error, Result, Status, fail};
use crate::secret::{Secret, Zeroizing};

/// An HTTP proxy that is asked to CONNECT.
#[derive(Clone, PartialEq, Eq)]
pub struct Proxy {
    /// Reached over TLS itself.
    pub https: bool,
    /// Lower case; an IPv6 address without brackets.
    pub host: String,
    pub port: u16,
    /// `user:password`, decoded.
    credentials: Option<Secret>,
}

impl Hash for Proxy {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.https, &self.host, self.port).hash(state);
        self.credentials.as_ref().map(Secret::bytes).hash(state);
    }
}

/// Without user and password.
impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.https { "https" } else { "http" };
        write!(f, "{scheme}://{}", authority(&self.host, self.port))
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")?;
        if self.credentials.is_some() {
            f.write_str(" <with credentials>")?;
        }
        Ok(())
    }
}

impl Proxy {
    pub fn has_credentials(&self) -> bool {
        self.credentials.is_some()
    }

    /// Value of Proxy-Authorization.
    pub(super) fn authorization(&self) -> Option<Zeroizing<String>> {
        let secret = self.credentials.as_ref()?;
        Some(Zeroizing::new(format!(
            "Basic {}",
            STANDARD.encode(secret.bytes())
        )))
    }
}

/// `host:port`, with brackets for IPv6.
pub(super) fn authority(host: &str, port: u16) -> String {
    if host.contains(':') {
        format!("[{host}]:{port}")
    } else {
        format!("{host}:{port}")
    }
}

/// `http://`, `https://` or no scheme (= http); user and password percent-encoded; the port is 80
/// or 443 when absent. SOCKS is UNSUPPORTED, anything else INVALID_ARGUMENT. The value is never
/// shown: it may hold a password.
pub fn parse_proxy(value: &str) -> Result<Proxy> {
    let value = value.trim();
    let bad = |why: &str| {
        Error::new(
            Status::InvalidArgument,
            format!("The proxy value is refused: {why}."),
        )
        .hint("Write http://host:port or http://user:password@host:port, user and password percent-encoded.")
    };
    let (scheme, rest) = value.split_once("://").unwrap_or(("http", value));
    // A password may have :// in it, and then what stands before is not the scheme: shown is only what is one.
    let https = match scheme.to_ascii_lowercase().as_str() {
        "http" => false,
        "https" => true,
        socks @ ("socks" | "socks4" | "socks4a" | "socks5" | "socks5h") => {
            return fail(
                Status::Unsupported,
                format!(
                    "The proxy scheme {socks} is not supported; supported are http and https proxies with CONNECT."
                ),
            );
        }
        _ => return Err(bad("what stands before :// is not http or https")),
    };
    let rest = rest.strip_suffix('/').unwrap_or(rest);
    if rest.bytes().any(|byte| !(0x21..=0x7e).contains(&byte)) {
        return Err(bad(
            "it has a space, control or non-ASCII byte; percent-encode it",
        ));
    }
    let (user, address) = match rest.rsplit_once('@') {
        Some((user, address)) => (Some(user), address),
        None => (None, rest),
    };
    if address.contains(['/', '?', '#', '\\']) {
        return Err(bad("a proxy has no path"));
    }
    let (host, port) = split_port(address).ok_or_else(|| bad("its port is not 1 to 65535"))?;
    let host = host.to_ascii_lowercase();
    let bare = host.strip_suffix('.').unwrap_or(&host);
    let named = bare.split('.').all(|label| {
        !label.is_empty()
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    });
    if !named && bare.parse::<IpAddr>().is_err() {
        return Err(bad("it has no valid host"));
    }
    let credentials = user
        .map(|user| {
            let decoded =
                Zeroizing::new(decode(user).ok_or_else(|| {
                    bad("a % in user or password is not followed by two hex digits")
                })?);
            if decoded.iter().any(|byte| *byte < 0x20 || *byte == 0x7f) {
                return Err(bad("user or password has a control byte"));
            }
            let mut both = Zeroizing::new(Vec::with_capacity(decoded.len() + 1));
            both.extend_from_slice(&decoded);
            if !user.contains(':') {
                both.push(b':');
            }
            Ok(Secret::new(&both))
        })
        .transpose()?;
    Ok(Proxy {
        https,
        host: bare.to_owned(),
        port: port.unwrap_or(if https { 443 } else { 80 }),
        credentials,
    })
}

/// Host without brackets, port if there is one; None for a port that is none.
pub(super) fn split_port(address: &str) -> Option<(&str, Option<u16>)> {
    let (host, port) = if let Some(rest) = address.strip_prefix('[') {
        let (host, after) = rest.split_once(']')?;
        match after {
            "" => (host, None),
            after => (host, Some(after.strip_prefix(':')?)),
        }
    } else {
        match address.split_once(':') {
            // A bare IPv6 address has no port.
            Some((_, rest)) if rest.contains(':') => (address, None),
            Some((host, port)) => (host, Some(port)),
            None => (address, None),
        }
    };
    match port {
        None | Some("") => Some((host, None)),
        Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => digits
            .parse()
            .ok()
            .filter(|port| *port != 0)
            .map(|port| (host, Some(port))),
        Some(_) => None,
    }
}

fn decode(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte != b'%' {
            out.push(byte);
            continue;
        }
        let mut digit = || bytes.next().and_then(|hex| char::from(hex).to_digit(16));
        let (high, low) = (digit()?, digit()?);
        out.push((high * 16 + low) as u8);
    }
    Some(out)
}

/// Looks up `https_proxy`, `HTTPS_PROXY`, `all_proxy`, `ALL_PROXY` and `no_proxy`, `NO_PROXY`; an
/// empty value counts as not set. HTTP_PROXY and http_proxy are never read.
pub fn proxy_from_env(get: impl Fn(&str) -> Option<String>) -> Result<(Option<Proxy>, NoProxy)> {
    let first = |names: &[&'static str]| {
        names.iter().find_map(|name| {
            get(name)
                .filter(|value| !value.trim().is_empty())
                .map(|value| (*name, value))
        })
    };
    let proxy = first(&["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"])
        .map(|(name, value)| {
            parse_proxy(&value).map_err(|mut error| {
                let fields = error.fields_mut();
                fields.message = format!("Environment variable {name}: {}", fields.message);
                error
            })
        })
        .transpose()?;
    let no_proxy = first(&["no_proxy", "NO_PROXY"])
        .map(|(_, value)| NoProxy::parse(&value))
        .unwrap_or_default();
    Ok((proxy, no_proxy))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proxy_values() {
        let proxy = parse_proxy("http://us%40er:p%3Ass@Proxy.Example:3128/").unwrap();
        assert_eq!(
            (proxy.https, proxy.host.as_str(), proxy.port),
            (false, "proxy.example", 3128)
        );
        assert_eq!(
            proxy.authorization().unwrap().as_str(),
            // printf 'us@er:p:ss' | base64
            "Basic dXNAZXI6cDpzcw=="
        );
        assert!(!format!("{proxy:?} {proxy}").contains("ss"));
        assert_eq!(parse_proxy("10.0.0.1:8080").unwrap().port, 8080);
        assert_eq!(parse_proxy("https://[::1]").unwrap().port, 443);
        assert_eq!(parse_proxy("https://[::1]").unwrap().host, "::1");
        let status = |value: &str| parse_proxy(value).unwrap_err().status();
        assert_eq!(status("socks5://h:1"), Status::Unsupported);
        for bad in [
            "",
            "http://",
            "ftp://h",
            "http://h:0",
            "http://h:99999",
            "http://h:x",
            "http://h/path",
            "http://a b@h",
            "http://%zz@h",
            "http://u:%0d%0aX@h",
            "http://[::1",
            ".",
            "..",
            "http://a..b:1",
            "http://.a",
        ] {
            assert_eq!(status(bad), Status::InvalidArgument, "{bad:?}");
        }
        for value in [
            "http://user:hunter2@h:x",
            "user:hunter2://x@h:1",
            "hunter2://h:1",
            "sockshunter2://h:1",
            "socks:hunter2://h:1",
        ] {
            let error = parse_proxy(value).unwrap_err();
            assert!(!error.to_string().contains("hunter2"), "{error}");
        }
    }

    #[test]
    fn http_proxy_is_never_read() {
        let env = |name: &str| match name {
            "HTTP_PROXY" | "http_proxy" => Some("http://evil:1".to_owned()),
            _ => None,
        };
        assert_eq!(proxy_from_env(env).unwrap().0, None);
        let env = |name: &str| match name {
            "HTTPS_PROXY" => Some("http://upper:1".to_owned()),
            "ALL_PROXY" => Some("http://all:1".to_owned()),
            "no_proxy" => Some("a.example".to_owned()),
            _ => None,
        };
        let (proxy, no_proxy) = proxy_from_env(env).unwrap();
        assert_eq!(proxy.unwrap().host, "upper");
        assert!(no_proxy.matches("a.example", 443));
    }
}
