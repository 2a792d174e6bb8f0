//! The proxies that the environment names. User and password are never kept.

/// In the order in which `proxy_from_env` looks.
const USED: &[&str] = &["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];
/// A visitor of a CGI program can set the one in capitals (httpoxy), and neither is for https.
const IGNORED: &[&str] = &["http_proxy", "HTTP_PROXY"];

#[derive(Clone, Debug, Default)]
pub struct Proxies {
    /// Name and redacted value of those that would be used, the first one first.
    pub named: Vec<(&'static str, String)>,
    pub ignored: Vec<(&'static str, String)>,
    /// Name and value.
    pub no_proxy: Option<(&'static str, String)>,
    /// The value, for `no_proxy` only.
    pub error: Option<String>,
}

pub fn look() -> Proxies {
    let get = |name: &'static str| {
        let value = std::env::var_os(name)?.to_string_lossy().into_owned();
        (!value.trim().is_empty()).then_some((name, value))
    };
    let redacted = |names: &[&'static str]| {
        names
            .iter()
            .filter_map(|name| get(name))
            .map(|(name, value)| (name, redact(&value)))
            .collect()
    };
    Proxies {
        named: redacted(USED),
        ignored: redacted(IGNORED),
        no_proxy: ["no_proxy", "NO_PROXY"].into_iter().find_map(get),
        error: wxpay::net::proxy_from_env(|name| std::env::var(name).ok())
            .err()
            .map(|error| error.fields().message.clone()),
    }
}

/// Without what stands before the host; whole values that cannot be read are not shown at all.
pub fn redact(value: &str) -> String {
    if let Ok(proxy) = wxpay::net::parse_proxy(value) {
        let credentials = if proxy.has_credentials() {
            " (with user and password)"
        } else {
            ""
        };
        return format!("{proxy}{credentials}");
    }
    match value.split_once("://") {
        Some((scheme, rest))
            if rest.len() < 256 && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric()) =>
        {
            format!(
                "{scheme}://…{}",
                rest.rsplit_once('@').map_or(rest, |(_, host)| host)
            )
        }
        _ => format!(
            "({} characters that are no proxy URL)",
            value.chars().count()
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::redact;

    #[test]
    fn no_password_is_shown() {
        for (value, want) in [
            ("http://proxy.example:3128", "http://proxy.example:3128"),
            (
                "http://user:hunter2@proxy.example:3128",
                "http://proxy.example:3128 (with user and password)",
            ),
            (
                "http://user:hun@ter2@proxy.example:3128",
                "http://proxy.example:3128 (with user and password)",
            ),
            (
                "socks5://user:hunter2@proxy.example:1080",
                "socks5://…proxy.example:1080",
            ),
            (
                "http://user:hunter2@proxy.example:x",
                "http://…proxy.example:x",
            ),
            ("hunter2 hunter2", "(15 characters that are no proxy URL)"),
        ] {
            assert_eq!(redact(value), want);
        }
    }
}
