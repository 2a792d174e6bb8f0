//! What may be downloaded, and by what it is known to be right: the answer to a request for a bill
//! names digest and key (protocol.md §1.9, §1.11), the overseas statements name their digest in a
//! signed header (§1.5), and a closed table of files has nothing (safety.md S10, S15).

use serde::Deserialize;

use super::exempt::is_unsigned_by_design;
use super::merchant::Merchant;
use crate::crypto::gcm::Checking;
use crate::crypto::hasher::Hasher;
use crate::crypto::{base64, digest};
use crate::error::{Error, Result, Status, fail};
use crate::http::Headers;
use crate::http::headers::shown;
use crate::secret::Zeroizing;

/// WeChat Pay's own are under 2 KiB.
const MOST_SOURCE: usize = 64 * 1024;
const BILL_PATH: &str = "/v3/billdownload/file";
/// Printed as `download_url` on other pages of WeChat Pay's. It is in no list of unsigned answers
/// (S10), so its file is taken with a digest only.
const OTHER_BILL_PATH: &str = "/v3/bill/downloadurl";
/// Signed as `{"sha1":"<Wechatpay-Statement-Sha1>"}` in place of the body.
const STATEMENTS: &[&str] = &[
    "/hk/v3/statements",
    "/v3/global/statements",
    "/v3/statements",
];
pub const STATEMENT_DIGEST: &str = "Wechatpay-Statement-Sha1";

/// A digest that the content must have.
#[derive(Clone)]
pub struct Expected {
    pub hasher: Hasher,
    digest: Vec<u8>,
}

/// What the caller passed, read and judged; nothing was sent for it yet.
pub struct Source {
    pub url: String,
    pub expected: Vec<Expected>,
    pub sealed: Option<Sealed>,
}

/// How an encrypted bill opens.
pub struct Sealed {
    key: Zeroizing<Vec<u8>>,
    nonce: String,
    aad: String,
}

#[derive(Deserialize)]
struct Answer {
    download_url: Option<String>,
    hash_type: Option<String>,
    hash_value: Option<String>,
    encrypt_key: Option<String>,
    nonce: Option<String>,
    associated_data: Option<String>,
    download_bill_list: Option<Vec<Answer>>,
}

impl Source {
    /// MALFORMED_JSON, LIMIT_EXCEEDED, URL_REFUSED; UNSUPPORTED_ALGORITHM for a digest or key that
    /// is not known; INVALID_ARGUMENT for what does not go together; DECRYPT_FAILED for a key that
    /// does not open.
    pub fn read(merchant: &Merchant, json: &str) -> Result<Source> {
        let answer = parse(json)?;
        let Some(url) = answer.download_url.as_deref().filter(|url| !url.is_empty()) else {
            return fail(Status::MalformedJson, "The source has no download_url.").map_err(
                |error| {
                    error.hint("Pass the bill answer as it came, or {\"download_url\": \"…\"}.")
                },
            );
        };
        let url = merchant.url(url)?;
        let expected = expected(&answer, url.path() == BILL_PATH)?;
        Ok(Source {
            url: url.to_string(),
            expected: expected.into_iter().collect(),
            sealed: Sealed::read(merchant, &answer)?,
        })
    }
}

fn parse(json: &str) -> Result<Answer> {
    if json.len() > MOST_SOURCE {
        return fail(
            Status::LimitExceeded,
            format!(
                "source has {} bytes; at most {MOST_SOURCE} are taken.",
                json.len()
            ),
        );
    }
    // serde would take an array for a struct, member by member.
    if !json.trim_start().starts_with('{') {
        return fail(
            Status::MalformedJson,
            format!("source is no JSON object: \"{}\".", shown(json)),
        );
    }
    let mut answer: Answer = serde_json::from_str(json).map_err(|error| {
        Error::new(Status::MalformedJson, format!("source: {error}."))
            .hint("Pass the bill answer as it came, or {\"download_url\": \"…\"}.")
    })?;
    // Sub-merchants' bills: a list, of one element unless the bill is larger than 16 GB.
    if let Some(mut list) = answer.download_bill_list.take() {
        if list.len() != 1 || answer.download_url.is_some() {
            return fail(
                Status::InvalidArgument,
                format!("download_bill_list has {} elements.", list.len()),
            )
            .map_err(|error| {
                error.hint("Pass one element of download_bill_list at a time and put the files together in the order of bill_sequence.")
            });
        }
        answer = list.remove(0);
    }
    Ok(answer)
}

fn expected(answer: &Answer, is_bill: bool) -> Result<Option<Expected>> {
    let (name, value) = match (&answer.hash_type, &answer.hash_value) {
        (None, None) => return Ok(None),
        (Some(name), Some(value)) if name.is_empty() && value.is_empty() && !is_bill => {
            return Ok(None);
        }
        (Some(name), Some(value)) => (name, value),
        _ => {
            return fail(
                Status::InvalidArgument,
                "hash_type and hash_value belong together; one of them is missing.",
            );
        }
    };
    let Some(hasher) = Hasher::named(name) else {
        return fail(
            Status::UnsupportedAlgorithm,
            format!(
                "hash_type is \"{}\"; known are SHA1, SHA256 and SM3.",
                shown(name)
            ),
        )
        .map_err(|error| error.hint("Pass the bill answer as it came."));
    };
    let Some(digest) = digest::unhex(value).filter(|digest| digest.len() == hasher.digest_len())
    else {
        return fail(
            Status::InvalidArgument,
            format!(
                "hash_value must be {} hex digits for {}, got \"{}\".",
                hasher.digest_len() * 2,
                hasher.name(),
                shown(value)
            ),
        );
    };
    Ok(Some(Expected { hasher, digest }))
}

impl Expected {
    /// The digest of a statement, as its signed header has it.
    fn of_statement(value: &str) -> Option<Expected> {
        let hasher = Hasher::named("SHA1")?;
        let digest = digest::unhex(value).filter(|digest| digest.len() == hasher.digest_len())?;
        Some(Expected { hasher, digest })
    }

    /// DIGEST_MISMATCH.
    pub fn check(self) -> Result<()> {
        let name = self.hasher.name();
        if self.hasher.finish() == self.digest {
            return Ok(());
        }
        fail(
            Status::DigestMismatch,
            format!("The {name} of the content is not the one that WeChat Pay named for it."),
        )
        .map_err(|error| error.hint("Throw the content away and fetch it again, with a new download_url. If it stays so, something in between changes it."))
    }
}

impl Sealed {
    fn read(merchant: &Merchant, answer: &Answer) -> Result<Option<Sealed>> {
        let present = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        let Some(encrypt_key) = present(&answer.encrypt_key) else {
            if present(&answer.nonce).is_some() {
                return fail(
                    Status::InvalidArgument,
                    "The source has a nonce, but no encrypt_key.",
                )
                .map_err(|error| error.hint("Pass the bill answer as it came."));
            }
            return Ok(None);
        };
        let Some(nonce) = present(&answer.nonce) else {
            return fail(
                Status::InvalidArgument,
                "The source has an encrypt_key, but no nonce.",
            )
            .map_err(|error| error.hint("Pass the bill answer as it came."));
        };
        let Some(ciphertext) = base64::decode(&encrypt_key) else {
            return fail(Status::InvalidArgument, "encrypt_key is not base64.")
                .map_err(|error| error.hint("Pass the bill answer as it came."));
        };
        let key = merchant.private_key()?.decrypt_oaep(&ciphertext)?;
        if key.len() == 16 {
            return fail(
                Status::UnsupportedAlgorithm,
                "encrypt_key holds 16 bytes, as for SM4_GCM.",
            )
            .map_err(|error| error.hint("Ask for the bill with algorithm=AEAD_AES_256_GCM."));
        }
        let sealed = Sealed {
            key,
            nonce,
            aad: answer.associated_data.clone().unwrap_or_default(),
        };
        // What the lengths must be is said before anything is sent.
        sealed.checking()?;
        Ok(Some(sealed))
    }

    pub fn checking(&self) -> Result<Checking> {
        Checking::new(&self.key, self.nonce.as_bytes(), self.aad.as_bytes())
    }
}

/// By what a complete 200 may be given out.
pub enum Rule {
    /// The signature is over this in place of the body; the content must have this digest.
    Statement { signed: String, digest: Expected },
    /// The signature is over the whole body, so that must be here first.
    Signed,
    /// Nothing in the answer; what the source says must do.
    NotSignedByDesign,
}

/// SIGNATURE_HEADERS_MISSING for what would need a signature and has none. `has_digest`: the source
/// names the digest that the content must have.
pub fn rule(target: &str, headers: &Headers, has_digest: bool) -> Result<Rule> {
    let path = target.split('?').next().unwrap_or("");
    if STATEMENTS.contains(&path) {
        let value = headers.single(STATEMENT_DIGEST)?.unwrap_or_default();
        let Some(digest) = Expected::of_statement(value) else {
            return fail(
                Status::SignatureHeadersMissing,
                format!(
                    "{STATEMENT_DIGEST} must be 40 hex digits, got \"{}\".",
                    shown(value)
                ),
            );
        };
        return Ok(Rule::Statement {
            signed: format!("{{\"sha1\":\"{value}\"}}"),
            digest,
        });
    }
    if headers.get("Wechatpay-Signature").is_some() {
        return Ok(Rule::Signed);
    }
    if is_unsigned_by_design("GET", target, 200) || (path == OTHER_BILL_PATH && has_digest) {
        return Ok(Rule::NotSignedByDesign);
    }
    fail(
        Status::SignatureHeadersMissing,
        format!(
            "The answer of {} has no signature, and this path is not one that WeChat Pay leaves unsigned.",
            shown(path)
        ),
    )
    .map_err(|error| error.hint("Nothing of it was given out. Pass the download_url of an answer of WeChat Pay; if a proxy removes Wechatpay-* headers, let them pass."))
}
