//! Python (guideline: "Python", keyword verify).

mod checks;

use crate::scan::lang::Lang::{self, Python};
use crate::scan::rule::{Hit, Kind, Rule};
use checks::{ca_file, cert_none, unverified, verify_off, verify_path};

const ONLY: &[Lang] = &[Python];
const FIX_PATH: &str = "Delete the verify parameter (guideline, method 1). requests then trusts certifi's roots, \
which hold DigiCert Global Root G2 when certifi is current; the package truststore makes it use the system's store. \
If the file must stay, replace it by the current bundle of curl's site (method 2) and again before 2029-04-15.";
const FIX_OFF: &str = "Delete the parameter or set it to True: verification is the default. If requests fail then, \
update certifi and ca-certificates.";

pub const RULES: &[Rule] = &[
    Rule {
        id: "python.verify-off",
        langs: ONLY,
        kind: Kind::Off,
        needles: &[
            "verify",
            "validate_cert",
            "ssl=",
            "ssl =",
            "ssl'",
            "ssl\"",
            "_hostname",
            "use_ssl_verification",
            "disable_ssl_certificate_validation",
            "ssl_no_validate",
            "tls_insecure_set",
        ],
        pattern: r#"['"]?\b(verify|verify_ssl|ssl_verify|verify_certs?|verify_tls|tls_verify|verify_https|verify_\w*(?:cert|certs|certificate|certificates|ssl)|ssl_verify_\w+|validate_certs?|ssl_verify_peer|verify_peer|use_ssl_verification|assert_hostname|check_hostname|ssl|disable_ssl_certificate_validation|ssl_no_validate|tls_insecure_set|no_ssl_verify|insecure_skip_verify)\b['"]?(\s*\]\s*=|\s*=|\s*:|\s*,|\s*\()"#,
        in_strings: false,
        check: verify_off,
        means: "The HTTP client does not verify the server's certificate or its name.",
        fix: FIX_OFF,
    },
    Rule {
        id: "python.cert-none",
        langs: ONLY,
        kind: Kind::Off,
        needles: &["CERT_NONE", "VERIFY_NONE", "verify_none"],
        pattern: r#"['"]?\b(?:cert_reqs|verify_mode|ssl_cert_reqs|verify_flags)\b['"]?\s*\]?\s*(?:=|:|,)\s*\(?\s*(?:\w+\.)*['"]?(?:CERT_NONE|VerifyMode\.CERT_NONE)\b|\bset_verify\w*\s*\(\s*(?:\w+\s*=\s*)?(?:\w+\.)*(?:\w*VERIFY_NONE|verify_none)\b|\bwrap_socket\s*\([^()]*\bCERT_NONE\b|\b(?:cert_reqs|verify_mode)\s*=\s*(?:'NONE'|"NONE"|0\b)"#,
        in_strings: false,
        check: cert_none,
        means: "The TLS context does not verify the server's certificate.",
        fix: "Use ssl.create_default_context() as it is: it verifies by the system's store.",
    },
    Rule {
        id: "python.unverified-context",
        langs: ONLY,
        kind: Kind::Off,
        needles: &[
            "_create_unverified_context",
            "_https_verify_certificates",
            "match_hostname",
        ],
        pattern: r"\b_create_default_https_context\s*=\s*|\b(?:_create_unverified_context\b|_https_verify_certificates\s*\(\s*(?:enable\s*=\s*)?(?:False|0)\b|match_hostname\s*=\s*lambda[^:\n]*:\s*(?:True|None)\b)",
        in_strings: false,
        check: unverified,
        means: "The TLS context does not verify the server's certificate.",
        fix: "Use ssl.create_default_context() as it is: it verifies by the system's store.",
    },
    Rule {
        id: "python.verify-path",
        langs: ONLY,
        kind: Kind::Pin,
        needles: &["verify"],
        pattern: r#"['"]?\b(verify)\b['"]?(\s*\]\s*=|\s*=|\s*:)"#,
        in_strings: false,
        check: verify_path,
        means: "The HTTP client trusts the named file instead of its default store.",
        fix: FIX_PATH,
    },
    Rule {
        id: "python.ca-file",
        langs: ONLY,
        kind: Kind::Pin,
        needles: &[
            "cafile",
            "capath",
            "cadata",
            "ca_certs",
            "load_verify_locations",
            "ca_cert_dir",
            "ca_cert_data",
        ],
        pattern: r#"['"]?\b(cafile|capath|cadata|ca_certs|ca_cert_dir|ca_cert_data)\b['"]?\s*\]?\s*(=|:)|\b(load_verify_locations)\s*\("#,
        in_strings: false,
        check: ca_file,
        means: "The TLS context trusts the named roots instead of the system's store.",
        fix: "Delete the parameter and use ssl.create_default_context(): it verifies by the system's store.",
    },
    Rule {
        id: "python.warning-hidden",
        langs: ONLY,
        kind: Kind::Hint,
        needles: &["disable_warnings", "InsecureRequestWarning"],
        pattern: r#"\bdisable_warnings\s*\(|\b(?:simplefilter|filterwarnings)\s*\([^()]*InsecureRequestWarning"#,
        in_strings: false,
        check: |site| {
            let before = site.line_before();
            (!before.contains("def ")).then(|| Hit::of(Kind::Hint))
        },
        means: "The warning about unverified requests is hidden, so some request probably is unverified.",
        fix: "Delete the line, and find the request that made it necessary.",
    },
];
