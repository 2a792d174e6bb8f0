//! What to do, in the words of the runtime that printed the error, and what the text itself tells
//! beyond its cause: names in the certificate, the time that was compared, Windows.

use super::plain::Plain;
use super::runtimes::{ANY, ON_WINDOWS, Runtime};
use crate::error::Cause;

/// This library is from 2026: a clock before it is wrong.
const EARLIEST_YEAR: u32 = 2026;

/// The certificate's names follow these.
const PRESENTED: &[&str] = &[
    "certificate is valid for ",
    "altnames: DNS:",
    "alternative names: [",
    "subjectAltNames: [",
    "only valid for ",
    "doesn't match either of ",
];
/// The name or address that was asked for follows these.
const BEFORE_HOST: &[&str] = &[
    "target host name ",
    "does not match hostname ",
    "match expected name ",
    "hostname ",
    "not valid for name ",
];
const WECHAT: &[&str] = &["weixin.qq.com", "tenpay.com", "wechatpay.cn"];

/// What is known beside the causes.
pub struct Known {
    runtime: &'static Runtime,
    windows: bool,
    names_g2: bool,
    names_wechat: bool,
    names_known: bool,
    host_known: bool,
    by_ip: bool,
    clock_wrong: bool,
}

impl Known {
    pub fn new(plain: &Plain, runtime: Option<&'static Runtime>) -> Known {
        let behind = |needle: &str| plain.behind(needle, 200).unwrap_or_default();
        let names: String = PRESENTED
            .iter()
            .map(|needle| names(&behind(needle)))
            .collect();
        let year: String = behind("current time ").chars().take(4).collect();
        Known {
            runtime: runtime.unwrap_or(&ANY),
            windows: [
                "schannel",
                "0x8009",
                "0x800B",
                "SEC_E_UNTRUSTED_ROOT",
                "Win32Exception",
                "基础连接已经关闭",
                "underlying connection was closed",
                "SSL/TLS 安全通道",
            ]
            .iter()
            .any(|mark| plain.has(mark)),
            names_g2: plain.has("DigiCert Global Root G2") || plain.has("DigiCert Global G2"),
            names_wechat: WECHAT.iter().any(|name| names.contains(name)),
            names_known: !names.is_empty(),
            host_known: WECHAT.iter().any(|name| plain.has(name)),
            by_ip: BEFORE_HOST
                .iter()
                .any(|needle| starts_with_ip(&behind(needle))),
            clock_wrong: year.parse().is_ok_and(|year: u32| year < EARLIEST_YEAR),
        }
    }

    /// Puts first what the text's other words make the likeliest.
    pub fn reorder(&self, causes: &mut Vec<Cause>) {
        let name = causes.contains(&Cause::WrongServer);
        let time = causes.contains(&Cause::ClockWrong);
        for (cause, likely) in [
            (Cause::HostIpMismatch, name && self.names_wechat),
            (Cause::UrlByIp, name && self.by_ip),
            (Cause::ClockWrong, time && self.clock_wrong),
        ] {
            if likely {
                causes.retain(|other| *other != cause);
                causes.insert(0, cause);
            }
        }
        if name {
            let not = |cause: &Cause| match cause {
                Cause::UrlByIp => self.host_known && !self.by_ip,
                Cause::NoNameInCert => self.names_known,
                _ => false,
            };
            causes.retain(|cause| !not(cause));
        }
    }

    /// What was found, in a sentence without its end.
    pub fn text(&self, cause: Cause) -> String {
        match cause {
            Cause::RootNotInStore if self.names_g2 => {
                "DigiCert Global Root G2 is not in this store".to_owned()
            }
            Cause::OldTls => "one of the two sides speaks only TLS 1.1 or older".to_owned(),
            Cause::ClockWrong if !self.clock_wrong => "or this machine's clock is wrong".to_owned(),
            _ => cause.row().en.to_owned(),
        }
    }

    /// The guideline's solution 1 first: delete what names a root; then update the store that this
    /// runtime uses.
    pub fn cure(&self, cause: Cause) -> String {
        let Runtime {
            unpin,
            update,
            client,
            tls,
            ..
        } = self.runtime;
        let general = cause.row().cure;
        match cause {
            Cause::RootNotInStore => {
                let windows = if self.windows && self.runtime.name != "csharp" {
                    format!(" On Windows: {ON_WINDOWS}.")
                } else {
                    String::new()
                };
                format!("{unpin} {update}{windows}")
            }
            Cause::BundleUnreadable | Cause::PinMismatch => format!("{unpin} {general}"),
            Cause::NoTrustRoots => format!("{general} {unpin} {update}"),
            Cause::CallbackRefused => format!("{general} {unpin} {update}"),
            Cause::TlsInspection => format!("{general} Where this runtime looks: {update}"),
            Cause::ClientCertificateMissing => client.to_string(),
            Cause::ClientCertificateRefused | Cause::ClientCertificateUnreadable => {
                format!("{general} {client}")
            }
            Cause::OldTls => format!(
                "WeChat Pay has TLS 1.2 and 1.3. {tls} Else look for an old proxy or appliance in between."
            ),
            Cause::TlsRefused => {
                format!("{general} If the program forks, make the connection after the fork.")
            }
            _ => general.to_owned(),
        }
    }
}

/// `1.2.3.4` and no more letters, whatever stands behind it.
fn starts_with_ip(text: &str) -> bool {
    let end = text
        .find(|c: char| !(c.is_ascii_digit() || c == '.'))
        .unwrap_or(text.len());
    text[..end]
        .trim_end_matches('.')
        .parse::<std::net::Ipv4Addr>()
        .is_ok()
}

/// The beginning of the text up to where the list of names ends.
fn names(text: &str) -> String {
    let ends = [
        "]", ")", "}", ",not", "code:", "reason:", "atobject", "ssl.c", "in/",
    ];
    let end = ends.iter().filter_map(|end| text.find(end)).min();
    text[..end.unwrap_or(text.len())].to_owned()
}
