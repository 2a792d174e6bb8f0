//! The part `meta`: made here, or the caller's, which goes out byte for byte once its digest is
//! that of the file.

use std::borrow::Cow;
use std::collections::HashSet;

use serde_json::json;

use super::endpoint::{Digest, Rules};
use crate::crypto::digest;
use crate::error::{Result, Status, fail};
use crate::http::headers::shown;
use crate::v3::json_scan::Scanner;

const LONGEST: usize = 64 * 1024;

/// The misspelling is WeChat Pay's.
const ALGORITHM: &str = "digest_alogrithm";

pub fn made(rules: &Rules, filename: &str, file: &[u8]) -> String {
    match rules.digest {
        Digest::Sha256 => {
            json!({"filename": filename, "sha256": digest::hex(&digest::sha256(file))})
        }
        Digest::Sm3 => json!({
            "file_type": "PDF",
            ALGORITHM: "SM3",
            "digest": digest::hex(&digest::sm3(file)),
        }),
    }
    .to_string()
}

/// The members that say something about the file.
#[derive(Default)]
struct Meta<'a> {
    filename: Option<Cow<'a, str>>,
    sha256: Option<Cow<'a, str>>,
    digest: Option<Cow<'a, str>>,
    algorithm: Option<Cow<'a, str>>,
}

pub fn check(rules: &Rules, meta_json: &str, filename: &str, file: &[u8]) -> Result<()> {
    let meta = read(meta_json)?;
    if let Some(other) = &meta.filename
        && other != filename
    {
        return fail(
            Status::InvalidArgument,
            format!(
                "meta_json has the filename \"{}\", the argument filename is \"{}\".",
                shown(other),
                shown(filename)
            ),
        )
        .map_err(|error| error.hint("Pass the same name in both places."));
    }
    let algorithm = meta.algorithm.as_deref().unwrap_or_default();
    if rules.digest == Digest::Sm3 && (meta.digest.is_none() || algorithm != "SM3") {
        return fail(
            Status::InvalidArgument,
            format!("meta_json of this upload needs the members digest and {ALGORITHM}, which is \"SM3\"."),
        )
        .map_err(|error| error.hint("Write digest_alogrithm with its misspelling, which is WeChat Pay's; or leave meta_json empty."));
    }
    let mut compared = false;
    if let Some(given) = &meta.sha256 {
        compare("sha256", given, digest::sha256(file))?;
        compared = true;
    }
    if let Some(given) = &meta.digest {
        let ours = match algorithm {
            "SM3" => digest::sm3(file),
            "" | "SHA256" | "SHA-256" => digest::sha256(file),
            other => {
                return fail(
                    Status::InvalidArgument,
                    format!(
                        "meta_json has {ALGORITHM} \"{}\"; known are SM3 and SHA256.",
                        shown(other)
                    ),
                );
            }
        };
        compare("digest", given, ours)?;
        compared = true;
    }
    if compared {
        return Ok(());
    }
    fail(
        Status::InvalidArgument,
        "meta_json has no digest of the file.",
    )
    .map_err(|error| {
        error.hint(
            "Add the member sha256 in lower-case hex, or leave meta_json empty to have it made.",
        )
    })
}

fn compare(member: &str, given: &str, ours: [u8; 32]) -> Result<()> {
    let ours = digest::hex(&ours);
    if given.eq_ignore_ascii_case(&ours) {
        return Ok(());
    }
    fail(
        Status::DigestMismatch,
        format!(
            "meta_json has {member} \"{}\", that of the file is {ours}.",
            shown(given)
        ),
    )
    .map_err(|error| error.hint("Take the digest of exactly the bytes that are uploaded, or leave meta_json empty to have it made."))
}

/// Two members of one name are no meta: nobody knows which of them counts.
fn read(meta_json: &str) -> Result<Meta<'_>> {
    if meta_json.len() > LONGEST {
        return fail(
            Status::LimitExceeded,
            format!(
                "meta_json has {} bytes; at most {LONGEST} are taken.",
                meta_json.len()
            ),
        );
    }
    let mut scanner = Scanner::new("meta_json", meta_json.as_bytes())?;
    if scanner.peek() != b'{' {
        return fail(Status::MalformedJson, "meta_json is not a JSON object.");
    }
    let mut meta = Meta::default();
    let mut names = HashSet::new();
    scanner.enter();
    while scanner.advance() {
        let name = scanner.name()?;
        let place = match &*name {
            "filename" => Some(&mut meta.filename),
            "sha256" => Some(&mut meta.sha256),
            "digest" => Some(&mut meta.digest),
            ALGORITHM => Some(&mut meta.algorithm),
            _ => None,
        };
        match place {
            None => scanner.skip(),
            Some(place) if scanner.peek() == b'"' => {
                let span = scanner.string();
                *place = Some(scanner.unescaped(&span)?);
            }
            Some(_) => {
                return fail(
                    Status::InvalidArgument,
                    format!("The member {name} of meta_json is not a string."),
                );
            }
        }
        if let Some(twice) = names.replace(name) {
            return fail(
                Status::InvalidArgument,
                format!("meta_json has the member \"{}\" twice.", shown(&twice)),
            );
        }
    }
    Ok(meta)
}
