//! Settings in configuration files: php.ini, dot files of tools, YAML, TOML, JSON, XML, nginx.

use super::shell::is_setting_off;
use crate::scan::lang::Lang::{Docker, Ini, Json, Shell, Xml, Yaml};
use crate::scan::look::Site;
use crate::scan::pin;
use crate::scan::rule::{Hit, Kind, Rule};

const FIX_CA: &str =
    "Delete the setting: the program then verifies by the system's store (guideline, solution 1).";
const FIX_OFF: &str = "Delete the setting: verification is the default.";

pub const RULES: &[Rule] = &[
    Rule {
        id: "config.php-ca",
        langs: &[Ini, Shell, Docker, Yaml, Xml],
        kind: Kind::Pin,
        needles: &["curl.cainfo", "openssl.cafile", "openssl.capath"],
        pattern: r#"\b(?:curl\.cainfo|openssl\.cafile|openssl\.capath)\]?["']?(?:\s*[=:]\s*|[ \t]+)([^\s;,<]*)"#,
        in_strings: true,
        check: |site| {
            let value = site.group(1).trim_matches(['"', '\'', '\\']);
            let told = site.line_before().contains("grep");
            (!value.is_empty() && !told && value != "none")
                .then(|| Hit::pin(format!("\"{value}\"")))?
        },
        means: "PHP trusts the named roots instead of the system's store.",
        fix: "Delete the line of php.ini: PHP then verifies by the system's store (guideline, solution 1).",
    },
    Rule {
        id: "config.tool-ca",
        langs: &[Ini, Yaml],
        kind: Kind::Pin,
        needles: &[
            "cafile",
            "cacert",
            "ca_certificate",
            "sslCAInfo",
            "ssl_trusted_certificate",
            "sslcainfo",
            "caFilePath",
            "ca_file",
        ],
        pattern: r#"^[ \t]*(?:cafile|cacert|ca_certificate|sslCAInfo|sslcainfo|proxy_ssl_trusted_certificate|httpsCaFilePath|caFilePath)(?:\s*[=:]\s*|[ \t]+)(\S+)"#,
        in_strings: true,
        check: tool_ca,
        means: "The tool trusts the named roots instead of the system's store.",
        fix: FIX_CA,
    },
    Rule {
        id: "config.verify-off",
        langs: &[Ini, Yaml, Json, Xml],
        kind: Kind::Off,
        needles: &[
            "erify",
            "ERIFY",
            "erification",
            "alidate_certs",
            "alidate-certs",
            "check_certificate",
        ],
        pattern: r#"(?i)(?:^|[\s"'{,<])([\w.-]*(?:(?:ssl|tls|cert|certificate|certs)[_-]?verif(?:y|ication)(?:[_-]?(?:peer|host))?|verif(?:y|ication)[_-]?(?:ssl|tls|peer|certs?|certificates?)|insecure[_-]?skip[_-]?(?:tls[_-]?)?verify|(?:ssl|tls)[_-]?skip[_-]?verify|validate[_-]certs|proxy_ssl_verify|check_certificate))["']?(\s*[=:]\s*|[ \t]+|>)["']?(true|false|0|1|no|off|yes|on)\b"#,
        in_strings: true,
        check: verify_off,
        means: "The setting turns verification of the server off.",
        fix: FIX_OFF,
    },
    Rule {
        id: "config.curlrc-insecure",
        langs: &[Ini],
        kind: Kind::Off,
        needles: &["insecure", "-k", "k\n"],
        pattern: r"^[ \t]*(?:--?)?(?:insecure|k)[ \t\r]*$|^[ \t]*-k[ \t\r]*$",
        in_strings: true,
        check: |_| Hit::off(),
        means: "curl does not verify the server's certificate.",
        fix: FIX_OFF,
    },
    Rule {
        id: "config.android-anchors",
        langs: &[Xml],
        kind: Kind::Pin,
        needles: &["@raw/"],
        pattern: r#"<certificates\s[^>]*src\s*=\s*["']@raw/"#,
        in_strings: true,
        check: |_| Some(Hit::of(Kind::Pin)),
        means: "The application trusts a root of its own.",
        fix: "Delete the trust anchor from the network security configuration: Android then verifies by the system's store.",
    },
    Rule {
        id: "config.dotnet-no-name",
        langs: &[Xml],
        kind: Kind::Off,
        needles: &["checkCertificateName"],
        pattern: r#"\bcheckCertificateName\s*=\s*["'](?i:false)["']"#,
        in_strings: true,
        check: |_| Hit::off(),
        means: ".NET does not compare the server's name with its certificate's.",
        fix: "Delete checkCertificateName from servicePointManager.",
    },
];

fn tool_ca(site: &Site) -> Option<Hit> {
    let value = site.group(1).trim_matches(['"', '\'', ';', ',']);
    let roots = pin::looks_like_roots(&format!("\"{value}\""));
    (roots && value != "null").then(|| Hit::pin(format!("\"{value}\"")))?
}

fn verify_off(site: &Site) -> Option<Hit> {
    let name = site.group(1).to_ascii_lowercase();
    let value = site.group(3);
    let operator = site.group(2);
    // A blank separates name and value in nginx and rc files only.
    if operator.trim().is_empty() && !name.contains("proxy_ssl_verify") {
        return None;
    }
    if operator == ">" && site.src.lang != Xml {
        return None;
    }
    let inverted = name.contains("skip")
        || name.contains("insecure")
        || name.starts_with("no")
        || name.contains("disable");
    let off = if inverted {
        matches!(
            value.to_ascii_lowercase().as_str(),
            "true" | "1" | "yes" | "on"
        )
    } else {
        is_setting_off(value)
            || value.eq_ignore_ascii_case("false")
            || value.eq_ignore_ascii_case("off")
    };
    // Depths and counts: `verify_certs: 1` is on.
    off.then(|| {
        let mut hit = Hit::of(Kind::Off);
        hit.at = Some(site.group_start(1));
        hit
    })
}
