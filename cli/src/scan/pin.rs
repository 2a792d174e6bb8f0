//! The value that a pin names: whether it looks like a file of roots, whether it is the system's
//! own store, and which file of the tree it is.

use super::bundle::{self, Bundle};
use super::look::{is_name, resolve};
use super::rule::compile;
use super::source::Source;
use regex::Regex;
use std::path::{Component, Path, PathBuf};
use std::sync::LazyLock;

/// Larger than any bundle that is shipped.
const LARGEST: u64 = 8 << 20;

/// Where the systems keep their stores: a path there pins nothing.
const SYSTEM: &[&str] = &[
    "/etc/ssl/certs",
    "/etc/ssl/cert.pem",
    "/etc/ssl/ca-bundle.pem",
    "/etc/pki/tls/certs/ca-bundle",
    "/etc/pki/tls/cert.pem",
    "/etc/pki/tls/certs/ca-certificates",
    "/etc/pki/ca-trust/extracted",
    "/etc/pki/java/cacerts",
    "/usr/local/etc/openssl/cert.pem",
    "/usr/local/share/certs/ca-root-nss.crt",
    "/usr/lib/ssl/certs/ca-certificates",
    "/usr/lib/ssl/cert.pem",
    "/usr/share/ssl/certs/ca-bundle.crt",
    "/usr/local/ssl/cert.pem",
    "/system/etc/security/cacerts",
    "/lib/security/cacerts",
    "Windows-ROOT",
    "KeychainStore",
    "/nix/store",
    "/etc/ca-certificates/extracted",
];

/// The literal says a path of the system's store.
pub fn is_system_path(value: &str) -> bool {
    let value = value.trim_matches(['"', '\'', ' ', ')', '(']);
    // A file of one's own that was put beside the system's is one's own.
    if let Some(file) = value.strip_prefix("/etc/ssl/certs/") {
        return file.is_empty()
            || file.starts_with("ca-")
            || file.starts_with("java/")
            || file.starts_with("cacert");
    }
    SYSTEM.iter().any(|path| value.contains(path))
}

/// A call that gives the default store, or certifi's: nothing is pinned.
pub fn is_default_store(value: &str) -> bool {
    // Not `ca-certificates.crt`.
    static CERTIFI: LazyLock<Regex> = LazyLock::new(|| compile(r"\bcertifi(?:[^A-Za-z]|$)"));
    CERTIFI.is_match(value)
        || [
            "get_default_verify_paths",
            "DEFAULT_CA_BUNDLE",
            "getSystemCaRootBundlePath",
            "openssl_get_cert_locations",
            "CaBundle::",
            "rootCertificates",
            "DEFAULT_CERT_FILE",
            "DEFAULT_CERT_DIR",
            "X509_get_default_cert",
            "default_ca_certs",
            "getCACertificates",
            "systemCertsAsync",
            "where()",
            "get_ca_bundle",
        ]
        .iter()
        .any(|name| value.contains(name))
}

/// What a table of options says of a key: its type, its number, another name of it, a sentence about
/// it; no path.
pub fn only_declares(value: &str) -> bool {
    static TYPE: LazyLock<Regex> = LazyLock::new(|| {
        compile(
            r"^(?:\d\w*|:\w+|\[\s*:\w+(?:\s*,\s*:\w+)*\s*\]|(?:str|[sS]tring|bool|[bB]oolean|int|[iI]nteger|number|Path|Pathname|any|mixed)(?:\s*\|.*)?|(?:z|Joi|yup|t|PropTypes|Type|Types)\.\w+.*|\(\s*(?:str|string|String)\b.*\)|Optional\[.*|Union\[.*)$",
        )
    });
    let value = value.trim();
    if TYPE.is_match(value) {
        return true;
    }
    let Some(quote) = value.chars().next().filter(|c| matches!(c, '"' | '\'')) else {
        return false;
    };
    let Some(inner) = value[1..]
        .strip_suffix(quote)
        .filter(|s| !s.contains(quote))
    else {
        return false;
    };
    let sentence = inner.contains(' ')
        && !inner.starts_with(['/', '.', '~', '$', '#'])
        && !inner.contains(":\\")
        && !looks_like_roots(value);
    sentence
        || !inner.contains(['/', '.', '\\', '$', '#', '{', '%', '-']) && !looks_like_roots(value)
        || inner.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
        || inner.starts_with("CURLOPT_")
}

/// A literal or expression that names a certificate file, or holds one.
pub fn looks_like_roots(value: &str) -> bool {
    static FILE: LazyLock<Regex> = LazyLock::new(|| {
        compile(
            r#"(?i)\.(?:pem|crt|cer|der|jks|ca-bundle|bundle|p7b)\b|cacert|ca-bundle|ca-cert|ca_bundle|ca_cert|rootca|root_ca|BEGIN CERTIFICATE|/certs?/[\w.-]*["']"#,
        )
    });
    let quoted = value.contains(['"', '\'', '`']);
    // The client's own certificate is no root.
    let client = value.contains("apiclient")
        || value.contains("client_cert")
        || value.contains("client-cert");
    quoted && FILE.is_match(value) && !client
}

/// A name that speaks of roots: `rootca`, `ca_path`, `self.cert_file`; not `verify`.
pub fn is_roots_name(value: &str) -> bool {
    static NAME: LazyLock<Regex> = LazyLock::new(|| {
        compile(
            r"(?i)(?:^|[_.$>:]|[a-z])(?:ca|cacert\w*|cacerts?|ca_?(?:file|path|bundle|certs?|cert_?\w*|crt|chain|pem|root\w*)|root_?(?:ca|cert|pem|crt)\w*|cert(?:s|_?file|_?path|_?bundle|ificate\w*)?|\w*pem(?:_?file|_?path)?)$",
        )
    });
    static CAMEL: LazyLock<Regex> = LazyLock::new(|| {
        compile(
            r"(?:^|[a-z_])(?:C[aA](?:Cert|Crt|Path|File|Bundle|Pem|Chain|s)?s?|caCert\w*|rootC\w+|Root(?:C|c)\w+)$",
        )
    });
    let value = value.trim();
    if !is_name(value) {
        return false;
    }
    let last = value
        .rsplit(['.', '>', ':'])
        .next()
        .unwrap_or(value)
        .trim_start_matches('$');
    let lower = last.to_ascii_lowercase();
    if lower.contains("verif")
        || lower.contains("client")
        || lower.contains("valid")
        || lower.contains("certifi.")
    {
        return false;
    }
    let exact = ["ca", "cert", "certs", "pem"].contains(&lower.as_str())
        || lower.starts_with("ca_")
        || lower.starts_with("cacert")
        || lower.starts_with("root")
        || lower.ends_with("_ca")
        || lower.contains("ca_")
        || lower.contains("rootca")
        || lower.contains("root_ca")
        || lower.contains("cert")
        || lower.contains("pem");
    exact && (NAME.is_match(last) || CAMEL.is_match(last))
        || CAMEL.is_match(last) && lower.contains("ca")
}

/// A resolved pin: the path as it was found, and what it holds.
pub struct Resolved {
    pub path: PathBuf,
    pub bundle: Bundle,
}

/// The file that `value` names, when its literal parts lead to one inside the scanned tree.
pub fn find(src: &Source, value: &str, file: &Path, root: &Path) -> Option<Resolved> {
    let suffix = suffix(src, value)?;
    let mut folder = file.parent()?;
    loop {
        if let Some(found) = read(&folder.join(&suffix), root) {
            return Some(found);
        }
        if folder == root {
            return None;
        }
        folder = folder.parent()?;
        if !folder.starts_with(root) {
            return None;
        }
    }
}

/// Certificates that the value itself holds.
pub fn inline(src: &Source, value: &str) -> Option<Bundle> {
    let told = resolve(src, value).unwrap_or(value);
    let text = if told.contains("-----BEGIN CERT") {
        told
    } else {
        return None;
    };
    bundle::read(text.replace("\\n", "\n").as_bytes())
}

/// The literal parts of an expression as one relative path; what stands before them (`__DIR__`, a
/// base folder) is left to the search upwards.
fn suffix(src: &Source, value: &str) -> Option<PathBuf> {
    let mut parts = String::new();
    collect(src, value, 0, &mut parts);
    let parts = parts.replace('\\', "/");
    let path: PathBuf = Path::new(parts.trim())
        .components()
        .skip_while(|part| !matches!(part, Component::Normal(_)))
        .collect();
    let name = path.file_name()?.to_str()?;
    (name.contains('.') || name.contains("cacerts") || path.components().count() > 1)
        .then_some(path)
}

fn collect(src: &Source, value: &str, depth: usize, into: &mut String) {
    static PIECE: LazyLock<Regex> = LazyLock::new(|| {
        compile(
            r#""((?:[^"\\\n]|\\.){0,300})"|'((?:[^'\\\n]|\\.){0,300})'|`([^`\n]{0,300})`|([$@]?\w+(?:(?:\.|->|::)[$]?\w+)*)"#,
        )
    });
    for caps in PIECE.captures_iter(value) {
        if let Some(literal) = caps.get(1).or(caps.get(2)).or(caps.get(3)) {
            let mut literal = literal.as_str();
            // `${__dirname}/a`, `#{Rails.root}/a`, `{$base}/a`, `$base/a`
            if let Some((_, after)) = literal.rsplit_once('}') {
                literal = after;
            }
            if literal.starts_with('$') {
                literal = literal.split_once('/').map_or("", |(_, after)| after);
            }
            let literal = literal.strip_prefix("classpath:").unwrap_or(literal);
            let literal = literal.strip_prefix("file:").unwrap_or(literal);
            let mode = matches!(
                literal,
                "r" | "rb" | "utf8" | "utf-8" | "ascii" | "rt" | "binary"
            );
            if !literal.is_empty() && !mode && literal != ".." {
                if !into.is_empty() && !into.ends_with('/') && !literal.starts_with(['/', '.']) {
                    into.push('/');
                }
                into.push_str(literal);
            }
        } else if let Some(name) = caps.get(4) {
            let name = name.as_str();
            if depth < 2 && is_name(name) {
                let told = resolve(src, name).filter(|told| *told != value);
                if let Some(told) = told.filter(|told| told.contains(['"', '\'', '`'])) {
                    collect(src, told, depth + 1, into);
                }
            }
        }
    }
}

/// Reads a file or a folder of files; never one outside the scanned tree.
fn read(path: &Path, root: &Path) -> Option<Resolved> {
    let real = path.canonicalize().ok()?;
    if !real.starts_with(root.canonicalize().ok()?) {
        return None;
    }
    let meta = real.metadata().ok()?;
    let mut bundle = Bundle::default();
    if meta.is_dir() {
        for entry in std::fs::read_dir(&real).ok()?.flatten().take(500) {
            let path = entry.path();
            if entry
                .metadata()
                .is_ok_and(|meta| meta.is_file() && meta.len() < LARGEST)
            {
                let found = std::fs::read(&path)
                    .ok()
                    .and_then(|bytes| bundle::read(&bytes));
                bundle.merge(&found.unwrap_or_default());
            }
        }
        return (bundle.certificates > 0).then(|| Resolved {
            path: path.to_owned(),
            bundle,
        });
    }
    if !meta.is_file() || meta.len() > LARGEST {
        return None;
    }
    let bundle = bundle::read(&std::fs::read(&real).ok()?).unwrap_or_default();
    Some(Resolved {
        path: path.to_owned(),
        bundle,
    })
}
