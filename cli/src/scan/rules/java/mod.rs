//! Java, Kotlin, Scala, Groovy (guideline: "JAVA", keywords trustStore and TrustManager).

mod checks;

use crate::scan::lang::Lang::{self, Docker, Ini, Java, Json, Shell, Xml, Yaml};
use crate::scan::rule::{Hit, Kind, Rule};
pub use checks::accepts;
use checks::{
    any_hostname, named, private_anchors, switch, trust_all, trust_store, trust_store_option,
    web_view,
};

const ONLY: &[Lang] = &[Java];
const FIX_STORE: &str = "Delete the code or option that sets javax.net.ssl.trustStore: the JRE's own store holds \
DigiCert Global Root G2 (guideline, method 1). If the store must stay: keytool -importcert -keystore FILE \
-storepass changeit -noprompt -file DigiCertGlobalRootG2.crt -alias digicertglobalrootg2 (method 2).";
const FIX_OFF: &str = "Delete the class and pass null for the trust managers and no HostnameVerifier: the JRE's \
defaults verify by its own store. If requests fail then, update the JRE.";

pub const RULES: &[Rule] = &[
    Rule {
        id: "java.trust-store",
        langs: ONLY,
        kind: Kind::Pin,
        needles: &["javax.net.ssl.trustStore"],
        pattern: r#"['"]javax\.net\.ssl\.trustStore['"]\s*(,|\)?\s*(?:\]\s*)?=|to\b|->)"#,
        in_strings: false,
        check: trust_store,
        means: "The program replaces the trust store of the JRE.",
        fix: FIX_STORE,
    },
    Rule {
        id: "java.trust-store-option",
        langs: &[
            Java,
            Shell,
            Docker,
            Yaml,
            Ini,
            Xml,
            Json,
            Lang::Python,
            Lang::Node,
            Lang::Ruby,
            Lang::Php,
            Lang::CSharp,
            Lang::Go,
        ],
        kind: Kind::Pin,
        needles: &["javax.net.ssl.trustStore"],
        pattern: r#"(-D|systemProp\.|^|[\s"'<(])javax\.net\.ssl\.trustStore(\s*[=:>]|["']\s*:)[ \t]*"#,
        in_strings: true,
        check: trust_store_option,
        means: "The JVM is started with a trust store of its own.",
        fix: FIX_STORE,
    },
    Rule {
        id: "java.trust-all",
        langs: ONLY,
        kind: Kind::Off,
        needles: &[
            "checkServerTrusted",
            "isTrusted",
            "loadTrustMaterial",
            "TrustStrategy",
        ],
        pattern: r"\b(checkServerTrusted|isTrusted|loadTrustMaterial)\s*\(|\bTrustStrategy\s+\w+\s*=\s*(?:\([^()]*\)|\w+)\s*->\s*|\b\w+\s*(?::\s*TrustStrategy\s*)?=\s*TrustStrategy\s*\{[^{}\n]*->\s*",
        in_strings: false,
        check: trust_all,
        means: "The trust manager accepts every certificate.",
        fix: FIX_OFF,
    },
    Rule {
        id: "java.trust-all-named",
        langs: ONLY,
        kind: Kind::Off,
        needles: &[
            "NoopHost",
            "ALLOW_ALL",
            "AllowAll",
            "TrustA",
            "TrustEvery",
            "TrustSelf",
            "AcceptA",
            "AcceptEvery",
            "TrustManager",
            "HostnameVerifier",
            "EasySSL",
        ],
        pattern: r"\b(NoopHostnameVerifier|ALLOW_ALL_HOSTNAME_VERIFIER|AllowAllHostnameVerifier|TrustAllStrategy|TrustSelfSignedStrategy|InsecureTrustManagerFactory|InsecureTrustManager|(?:Trust|Accept)(?:All|Any|Every)\w*(?:Manager|Verifier|Strategy|HostNameVerifier)|(?:Null|Fake|Dummy|Naive|Empty|Insecure|Unsafe|Easy)(?:X509)?(?:TrustManager|HostnameVerifier|SSLProtocolSocketFactory|X509TrustManager)|EasySSLProtocolSocketFactory)\b",
        in_strings: false,
        check: named,
        means: "A class that accepts every certificate or every name.",
        fix: FIX_OFF,
    },
    Rule {
        id: "java.trust-all-switch",
        langs: ONLY,
        kind: Kind::Off,
        needles: &[
            "rustAll",
            "rustAny",
            "rustEvery",
            "rustSelf",
            "setVerifyHost",
            "setDisableCNCheck",
            "EndpointIdentification",
            "disableHostnameVerification",
            "relaxedHTTPSValidation",
            "trustAll",
            "allowInsecure",
        ],
        pattern: r#"[.\s](?:setTrustAll|trustAllCerts|trustAllHosts|trustEveryone|trustAllHttpsCertificates|relaxedHTTPSValidation)\s*\(\s*(?:true)?\s*\)|\.setVerifyHost\s*\(\s*false|\.setDisableCNCheck\s*\(\s*true|setEndpointIdentificationAlgorithm\s*\(\s*(?:null|""|String\(\))\s*\)|endpointIdentificationAlgorithm\s*=\s*(?:null|"")|jdk\.internal\.httpclient\.disableHostnameVerification"#,
        in_strings: false,
        check: switch,
        means: "A switch that turns verification of the server off.",
        fix: FIX_OFF,
    },
    Rule {
        id: "java.any-hostname",
        langs: ONLY,
        kind: Kind::Off,
        needles: &[
            "ostnameVerifier",
            "ostNameVerifier",
            "ostnameverifier",
            "SSLSession",
        ],
        pattern: r"\bboolean\s+verify\s*\(|\bfun\s+verify\s*\(|\bdef\s+verify\s*\(|(?i:hostnameverifier)\w*(?:\s+\w+)?\s*(?:=\s*|\(\s*|\{\s*)(?:HostnameVerifier\s*\{\s*)?(?:\([^()]*\)|\w+(?:\s*,\s*\w+)?)\s*(?:->|=>)\s*|\bHostnameVerifier\s*\w*\s*=?\s*\{\s*\w+\s*,\s*\w+\s*->",
        in_strings: false,
        check: any_hostname,
        means: "The hostname verifier accepts every name, so any valid certificate passes for WeChat Pay's.",
        fix: FIX_OFF,
    },
    Rule {
        id: "java.private-anchors",
        langs: ONLY,
        kind: Kind::Pin,
        needles: &[".init", "loadTrustMaterial", "trustManager"],
        pattern: r"\b(\w*[tT](?:rust)?[mM]\w*[fF]\w*)\s*\.\s*init\s*\(|\b(loadTrustMaterial)\s*\(|\.\s*(trustManager)\s*\(\s*new\s+(?:[\w.]+\.)?(?:File|FileInputStream|ByteArrayInputStream)\s*\(",
        in_strings: false,
        check: private_anchors,
        means: "Trust comes from a key store of the program instead of the JRE's.",
        fix: FIX_STORE,
    },
    Rule {
        id: "java.pinned-key",
        langs: ONLY,
        kind: Kind::Pin,
        needles: &["CertificatePinner"],
        pattern: r"\bCertificatePinner\s*\.\s*Builder\b|\bCertificatePinner\s*\{",
        in_strings: false,
        check: |site| {
            let shown = site.line_before().trim_start();
            (!shown.starts_with("import") && !shown.contains("class ")).then(|| Hit::of(Kind::Pin))
        },
        means: "OkHttp accepts the pinned keys only; the next server certificate has another.",
        fix: "Delete the CertificatePinner: WeChat Pay changes its server certificates without notice.",
    },
    Rule {
        id: "java.web-view",
        langs: ONLY,
        kind: Kind::Off,
        needles: &["onReceivedSslError"],
        pattern: r"\bonReceivedSslError\s*\(",
        in_strings: false,
        check: web_view,
        means: "The web view goes on after a certificate error.",
        fix: "Delete onReceivedSslError: the default cancels the load.",
    },
];
