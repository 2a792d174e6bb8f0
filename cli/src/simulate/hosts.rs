//! The Host values that mean this simulator (safety.md S13).

use std::net::{IpAddr, SocketAddr};

pub struct Hosts {
    listen: SocketAddr,
    /// Behind a published container port the port in Host is not ours.
    any_port: bool,
}

impl Hosts {
    pub fn new(listen: SocketAddr, expose: bool) -> Self {
        Self {
            listen,
            any_port: expose,
        }
    }

    pub fn allows(&self, host: &str) -> bool {
        if let Some(name) = strip_port(host, self.listen.port(), self.any_port) {
            let name = name.trim_start_matches('[').trim_end_matches(']');
            return match name.parse::<IpAddr>() {
                Ok(ip) => {
                    ip == self.listen.ip()
                        || (self.listen.ip().is_unspecified() && ip.is_loopback())
                }
                Err(_) => name.eq_ignore_ascii_case("localhost"),
            };
        }
        false
    }
}

/// `host` without its port, if the port is the right one or absent.
fn strip_port(host: &str, port: u16, any: bool) -> Option<&str> {
    match host.rsplit_once(':') {
        Some((name, given)) if !name.is_empty() && !given.ends_with(']') => given
            .parse::<u16>()
            .ok()
            .filter(|given| any || *given == port)
            .map(|_| name),
        _ => Some(host),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_listen_address_and_localhost_are_meant() {
        let hosts = |listen: &str, expose| {
            Hosts::new(
                listen.parse().unwrap_or_else(|_| panic!("{listen}")),
                expose,
            )
        };
        let loopback = hosts("127.0.0.1:8443", false);
        for (host, allowed) in [
            ("127.0.0.1:8443", true),
            ("127.0.0.1", true),
            ("localhost:8443", true),
            ("LocalHost", true),
            ("127.0.0.1:8444", false),
            ("127.0.0.2:8443", false),
            ("evil.example", false),
            ("evil.example:8443", false),
            ("localhost.evil.example", false),
            ("api.mch.weixin.qq.com", false),
            ("[::1]:8443", false),
            ("", false),
            (":8443", false),
        ] {
            assert_eq!(loopback.allows(host), allowed, "{host:?}");
        }
        assert!(hosts("[::1]:8443", false).allows("[::1]:8443"));
        assert!(hosts("[::1]:8443", false).allows("[::1]"));
        let exposed = hosts("0.0.0.0:8443", true);
        assert!(exposed.allows("127.0.0.1:9000") && exposed.allows("localhost:9000"));
        assert!(!exposed.allows("evil.example:8443"));
    }
}
