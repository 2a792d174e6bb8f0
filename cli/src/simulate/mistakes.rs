//! Which mistake a signature shows that does not verify. The merchant's public key turns a signature back into the digest
//! that was signed; the digest of each string that people sign by mistake is compared with it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rsa::traits::PublicKeyParts as _;
use rsa::{BigUint, RsaPublicKey};
use serde_json::Value;
use serde_json::ser::{CompactFormatter, Formatter, Serializer};
use sha2::{Digest as _, Sha256};
use std::io;

/// What came, from which the string is made.
pub struct Parts<'a> {
    pub method: &'a str,
    pub target: &'a str,
    pub host: &'a str,
    pub timestamp: &'a str,
    pub nonce: &'a str,
    /// The bytes that are to be signed
    pub body: &'a [u8],
    /// The same, but for uploads
    pub whole_body: &'a [u8],
}

/// One sentence a finding, for the log.
pub fn of(key: &RsaPublicKey, signature: &str, parts: &Parts<'_>) -> Vec<String> {
    let signature = match STANDARD.decode(signature) {
        Ok(signature) => signature,
        Err(error) => return vec![format!("The signature is not base64 ({error}).")],
    };
    if signature.len() != key.size() {
        return vec![format!(
            "The signature has {} bytes; the key of the certificate makes {}.",
            signature.len(),
            key.size()
        )];
    }
    let Some(digest_info) = digest_info(key, &signature) else {
        return vec![
            "It was not made with the private key of this certificate, or is not RSASSA-PKCS1-v1_5.".to_owned(),
        ];
    };
    let Some(digest) = digest_info.strip_prefix(SHA256) else {
        return vec![format!(
            "The private key is right; the digest is {}, and must be SHA-256.",
            OTHERS
                .iter()
                .find(|(prefix, _)| digest_info.starts_with(prefix))
                .map_or("another one", |(_, name)| name)
        )];
    };
    let found = candidates(parts)
        .into_iter()
        .find(|(_, string)| Sha256::digest(string)[..] == *digest);
    match found {
        Some((mistake, _)) => vec![format!(
            "The private key is right. What was signed: {mistake}."
        )],
        None => vec![
            "The private key is right; another string was signed.".to_owned(),
            format!("sha256 of the string that was signed: {}", hex(digest)),
        ],
    }
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// DER of `DigestInfo` up to the digest (RFC 8017, 9.2, note 1).
const SHA256: &[u8] =
    b"\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20";
const OTHERS: [(&[u8], &str); 3] = [
    (b"\x30\x21\x30\x09\x06\x05\x2b\x0e\x03\x02\x1a", "SHA-1"),
    (
        b"\x30\x20\x30\x0c\x06\x08\x2a\x86\x48\x86\xf7\x0d\x02\x05",
        "MD5",
    ),
    (
        b"\x30\x51\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x03",
        "SHA-512",
    ),
];

/// What the padding `00 01 FF … FF 00` holds, if the signature is the key's.
fn digest_info(key: &RsaPublicKey, signature: &[u8]) -> Option<Vec<u8>> {
    let encoded = BigUint::from_bytes_be(signature)
        .modpow(key.e(), key.n())
        .to_bytes_be();
    let padded = encoded.strip_prefix(&[1])?;
    let end = padded.iter().position(|byte| *byte != 0xff)?;
    if encoded.len() + 1 != key.size() || end < 8 {
        return None;
    }
    padded.get(end..)?.strip_prefix(&[0]).map(<[u8]>::to_vec)
}

/// Strings that people sign by mistake, each with its name.
fn candidates(parts: &Parts<'_>) -> Vec<(&'static str, Vec<u8>)> {
    let Parts {
        method,
        target,
        host,
        timestamp,
        nonce,
        body,
        whole_body,
    } = parts;
    let lines = |lines: [&[u8]; 5]| {
        let mut out = lines.join(&b'\n');
        out.push(b'\n');
        out
    };
    let with = |method: &str, target: &str, body: &[u8]| {
        lines([
            method.as_bytes(),
            target.as_bytes(),
            timestamp.as_bytes(),
            nonce.as_bytes(),
            body,
        ])
    };
    let right = with(method, target, body);
    let (path, _) = target.split_once('?').unwrap_or((target, ""));
    let url = format!("https://{host}{target}");
    let mut out = vec![
        (
            "the string without the line feed at its end",
            right[..right.len() - 1].to_vec(),
        ),
        (
            "the string with CR LF for each line feed",
            lines([
                format!("{method}\r").as_bytes(),
                format!("{target}\r").as_bytes(),
                format!("{timestamp}\r").as_bytes(),
                format!("{nonce}\r").as_bytes(),
                &[*body, b"\r"].concat(),
            ]),
        ),
        ("the path without its query", with(method, path, body)),
        (
            "the path without its slash",
            with(method, target.trim_start_matches('/'), body),
        ),
        (
            "the whole URL instead of path and query",
            with(method, &url, body),
        ),
        (
            "the URL before it was percent-encoded",
            with(method, &decoded(target), body),
        ),
        (
            "the method in lower case",
            with(&method.to_lowercase(), target, body),
        ),
        ("no body", with(method, target, b"")),
        ("a body of {}", with(method, target, b"{}")),
        ("a body of null", with(method, target, b"null")),
        (
            "the body with a line feed more",
            with(method, target, &[*body, b"\n"].concat()),
        ),
        (
            "the body without the white space around it",
            with(method, target, body.trim_ascii()),
        ),
        (
            "the whole multipart body instead of its part meta",
            with(method, target, whole_body),
        ),
        (
            "nonce and timestamp in the other order",
            lines([
                method.as_bytes(),
                target.as_bytes(),
                nonce.as_bytes(),
                timestamp.as_bytes(),
                body,
            ]),
        ),
        (
            "the three lines of an answer instead of the five of a request",
            [
                timestamp.as_bytes(),
                b"\n",
                nonce.as_bytes(),
                b"\n",
                body,
                b"\n",
            ]
            .concat(),
        ),
    ];
    if let Ok(json) = serde_json::from_slice::<Value>(body) {
        for (name, text) in [
            (
                "the same JSON, written without white space",
                written(&json, false, false),
            ),
            (
                "the same JSON, written with white space after , and :",
                written(&json, true, false),
            ),
            (
                "the same JSON, written with \\u escapes",
                written(&json, false, true),
            ),
            (
                "the same JSON, as Python's json.dumps writes it",
                written(&json, true, true),
            ),
        ] {
            out.push((name, with(method, target, &text)));
        }
    }
    out.retain(|(_, string)| *string != right);
    out
}

/// `%XX` undone; what is no UTF-8 then was no text before.
fn decoded(target: &str) -> String {
    let mut rest = target.as_bytes();
    let mut out = Vec::new();
    while let Some((&first, after)) = rest.split_first() {
        let value = (first == b'%')
            .then(|| {
                after
                    .get(..2)
                    .and_then(|digits| std::str::from_utf8(digits).ok())
            })
            .flatten()
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        out.push(value.unwrap_or(first));
        rest = if value.is_some() { &after[2..] } else { after };
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn written(json: &Value, spaced: bool, escaped: bool) -> Vec<u8> {
    let mut out = Vec::new();
    let mut serializer = Serializer::with_formatter(&mut out, Other { spaced, escaped });
    // Into memory: nothing can fail.
    let _ = serde::Serialize::serialize(json, &mut serializer);
    out
}

/// JSON as other writers write it.
struct Other {
    /// `, ` and `: `
    spaced: bool,
    /// ASCII only
    escaped: bool,
}

impl Formatter for Other {
    fn begin_array_value<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.separator(writer, first)
    }

    fn begin_object_key<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.separator(writer, first)
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(if self.spaced { b": " } else { b":" })
    }

    fn write_string_fragment<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        if !self.escaped {
            return CompactFormatter.write_string_fragment(writer, fragment);
        }
        for one in fragment.chars() {
            if one.is_ascii() {
                writer.write_all(&[one as u8])?;
            } else {
                for unit in one.encode_utf16(&mut [0; 2]) {
                    write!(writer, "\\u{unit:04x}")?;
                }
            }
        }
        Ok(())
    }
}

impl Other {
    fn separator<W: ?Sized + io::Write>(&self, writer: &mut W, first: bool) -> io::Result<()> {
        match (first, self.spaced) {
            (true, _) => Ok(()),
            (false, true) => writer.write_all(b", "),
            (false, false) => writer.write_all(b","),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// Expected: what `python3 -c 'import json; print(json.dumps({"a": ["长", 1]}))'` prints, and its variants.
    #[test]
    fn json_is_written_as_others_write_it() {
        let value = json!({"a": ["长", 1], "b": null});
        let text = |spaced, escaped| {
            String::from_utf8(written(&value, spaced, escaped)).unwrap_or_default()
        };
        assert_eq!(text(true, true), r#"{"a": ["\u957f", 1], "b": null}"#);
        assert_eq!(text(false, false), r#"{"a":["长",1],"b":null}"#);
        assert_eq!(text(true, false), r#"{"a": ["长", 1], "b": null}"#);
        assert_eq!(text(false, true), r#"{"a":["\u957f",1],"b":null}"#);
    }

    #[test]
    fn percent_encoding_is_undone_where_it_is_one() {
        assert_eq!(decoded("/a%20b%E8%8C%B6%zz%2"), "/a b茶%zz%2");
    }
}
