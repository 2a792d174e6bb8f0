//! Hosts that are reached without the proxy, read as curl and Go read them.

use std::net::IpAddr;

use super::proxy::split_port;

/// Hosts that are reached without the proxy.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct NoProxy(Vec<Rule>);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Rule {
    what: What,
    port: Option<u16>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum What {
    All,
    /// The name itself and every name under it.
    Domain(String),
    Network(IpAddr, u8),
}

impl NoProxy {
    /// Separated by commas or spaces: `*`, `host`, `.host`, `*.host`, `host:port`, an address, or
    /// a network in CIDR form. What cannot be read matches nothing.
    pub fn parse(text: &str) -> NoProxy {
        NoProxy(
            text.split([',', ' ', '\t', '\n', ';'])
                .filter(|entry| !entry.is_empty())
                .filter_map(Rule::parse)
                .collect(),
        )
    }

    /// `host` in lower case, an IPv6 address without brackets.
    pub fn matches(&self, host: &str, port: u16) -> bool {
        self.0.iter().any(|rule| rule.matches(host, port))
    }
}

impl Rule {
    fn parse(entry: &str) -> Option<Rule> {
        if entry == "*" {
            return Some(Rule {
                what: What::All,
                port: None,
            });
        }
        if let Some((address, bits)) = entry.split_once('/') {
            let address: IpAddr = address.trim_matches(['[', ']']).parse().ok()?;
            let bits: u8 = bits.parse().ok()?;
            let most = if address.is_ipv4() { 32 } else { 128 };
            return (bits <= most).then_some(Rule {
                what: What::Network(address, bits),
                port: None,
            });
        }
        let (host, port) = split_port(entry)?;
        if let Ok(address) = host.parse::<IpAddr>() {
            let bits = if address.is_ipv4() { 32 } else { 128 };
            return Some(Rule {
                what: What::Network(address, bits),
                port,
            });
        }
        let name = host.strip_prefix("*.").unwrap_or(host);
        let name = name.trim_matches('.').to_ascii_lowercase();
        (!name.is_empty()).then_some(Rule {
            what: What::Domain(name),
            port,
        })
    }

    fn matches(&self, host: &str, port: u16) -> bool {
        if self.port.is_some_and(|wanted| wanted != port) {
            return false;
        }
        match &self.what {
            What::All => true,
            What::Domain(name) => host
                .strip_suffix(name.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.ends_with('.')),
            What::Network(network, bits) => host
                .parse::<IpAddr>()
                .is_ok_and(|address| same_network(address, *network, *bits)),
        }
    }
}

fn same_network(address: IpAddr, network: IpAddr, bits: u8) -> bool {
    let number = |address: IpAddr| match address {
        IpAddr::V4(v4) => (u128::from(u32::from(v4)) << 96, true),
        IpAddr::V6(v6) => (u128::from(v6), false),
    };
    let ((one, is_v4), (other, other_is_v4)) = (number(address), number(network));
    is_v4 == other_is_v4 && (bits == 0 || (one ^ other) >> (128 - u32::from(bits)) == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_proxy_rows() {
        let rows: &[(&str, &str, u16, bool)] = &[
            ("weixin.qq.com", "api.mch.weixin.qq.com", 443, true),
            (".weixin.qq.com", "api.mch.weixin.qq.com", 443, true),
            ("*.weixin.qq.com", "api.mch.weixin.qq.com", 443, true),
            ("weixin.qq.com", "weixin.qq.com", 443, true),
            ("weixin.qq.com", "evilweixin.qq.com", 443, false),
            (
                "a.example, weixin.qq.com",
                "api.mch.weixin.qq.com",
                443,
                true,
            ),
            (
                "a.example weixin.qq.com",
                "api.mch.weixin.qq.com",
                443,
                true,
            ),
            ("WEIXIN.QQ.COM", "api.mch.weixin.qq.com", 443, true),
            (
                "api.mch.weixin.qq.com:443",
                "api.mch.weixin.qq.com",
                443,
                true,
            ),
            (
                "api.mch.weixin.qq.com:8443",
                "api.mch.weixin.qq.com",
                443,
                false,
            ),
            ("*", "api.mch.weixin.qq.com", 443, true),
            ("", "api.mch.weixin.qq.com", 443, false),
            ("10.0.0.0/8", "10.20.30.40", 443, true),
            ("10.0.0.0/8", "11.0.0.1", 443, false),
            ("10.0.0.0/8", "host10.0.0.0", 443, false),
            ("127.0.0.1", "127.0.0.1", 8443, true),
            ("127.0.0.1:1", "127.0.0.1", 8443, false),
            ("fd00::/8", "fd12::1", 443, true),
            ("[::1]:443", "::1", 443, true),
            ("::1", "::1", 443, true),
            ("0.0.0.0/0", "8.8.8.8", 443, true),
            ("0.0.0.0/0", "::1", 443, false),
            ("10.0.0.0/99", "10.0.0.1", 443, false),
            (".", "api.mch.weixin.qq.com", 443, false),
        ];
        for (list, host, port, expected) in rows {
            assert_eq!(
                NoProxy::parse(list).matches(host, *port),
                *expected,
                "{list:?} for {host}:{port}"
            );
        }
    }
}
