//! From the bytes of a file, or of a configuration value, to the DER inside: PEM with whatever
//! stands around it, bare base64, or DER itself. Tolerates what copying does to text (CRLF, BOM,
//! UTF-16, literal `\n`, lost or added line breaks and spaces) because none of it can change the
//! DER, whose length is checked; it guesses nothing else (requirements.md A9).

use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use base64::{DecodeError, Engine, decoded_len_estimate};

use super::shape::{SEQUENCE, claimed_len};
use crate::error::{Error, Result, Status};
use crate::secret::Zeroizing;

type Bytes = Zeroizing<Vec<u8>>;

/// What one block holds. Labels say nothing that its structure does not say better, so they are
/// not kept.
pub(super) enum Block {
    Der(Bytes),
    /// `Proc-Type: 4,ENCRYPTED` (RFC 1421): the old encryption of OpenSSL, keyed by one MD5.
    LegacyEncrypted,
    /// A format that only looks like PEM.
    Ssh,
    /// What `openssl ecparam -genkey` writes above the key: the name of a curve.
    Parameters,
}

const BEGIN: &[u8] = b"-----BEGIN ";
const END: &[u8] = b"-----END ";
const DASHES: &[u8] = b"-----";

/// Lost padding is forgiven here and nowhere else: the DER says how long it must be.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// Every block of the file, at least one.
pub(super) fn open(name: &str, bytes: &[u8]) -> Result<Vec<Block>> {
    if is_der(bytes) {
        return Ok(vec![Block::Der(whole(name, bytes)?)]);
    }
    let text = plain_text(bytes);
    if text.iter().all(u8::is_ascii_whitespace) {
        return Err(format(
            name,
            "is empty.",
            "Check that the file was written completely, or the variable is set where this process runs.",
        ));
    }
    let mut blocks = Vec::new();
    let mut rest = &text[..];
    while let Some(start) = find(rest, BEGIN) {
        let (block, after) = pem_block(name, &rest[start + BEGIN.len()..])?;
        blocks.push(block);
        rest = after;
    }
    if blocks.is_empty() {
        blocks.push(bare(name, &text)?);
    }
    Ok(blocks)
}

/// `after_begin` starts with the label.
fn pem_block<'a>(name: &str, after_begin: &'a [u8]) -> Result<(Block, &'a [u8])> {
    const DAMAGED: &str = "Copy the whole file again, from -----BEGIN to the last dash.";
    let dashes = find(after_begin, DASHES)
        .filter(|end| *end <= 64)
        .ok_or_else(|| format(name, "has a damaged -----BEGIN line.", DAMAGED))?;
    let label = String::from_utf8_lossy(&after_begin[..dashes])
        .trim()
        .to_owned();
    let body = &after_begin[dashes + DASHES.len()..];
    let end = find(body, END)
        .filter(|end| find(&body[..*end], BEGIN).is_none())
        .ok_or_else(|| format(name, "has no -----END line: it is cut off.", DAMAGED))?;
    let (body, after) = body.split_at(end);
    let block = if label.starts_with("OPENSSH") || label.starts_with("SSH2") {
        Block::Ssh
    } else if label.ends_with("PARAMETERS") {
        Block::Parameters
    } else if find(body, b"DEK-Info").is_some() || find(body, b"4,ENCRYPTED").is_some() {
        Block::LegacyEncrypted
    } else {
        Block::Der(decode(name, body)?)
    };
    Ok((block, after))
}

/// Text without a BEGIN line.
fn bare(name: &str, text: &[u8]) -> Result<Block> {
    let text = unquoted(text.trim_ascii());
    if text.starts_with(b"ssh-") || text.starts_with(b"ecdsa-sha2-") {
        return Ok(Block::Ssh);
    }
    // Base64 of a DER sequence of more than 127 bytes always begins so.
    if text.starts_with(b"MI") && find(text, DASHES).is_none() {
        return Ok(Block::Der(decode(name, text)?));
    }
    Err(unreadable(name, text))
}

/// What else it may be; the text itself is not repeated, it may be another secret.
fn unreadable(name: &str, text: &[u8]) -> Error {
    let has = |part: &[u8]| find(text, part).is_some();
    if has(b"-----END") || has(b"PRIVATE KEY") || has(b"PUBLIC KEY") || has(b"CERTIFICATE") {
        return format(
            name,
            "has no complete -----BEGIN line.",
            "Copy the whole file again: the first line is exactly five dashes, BEGIN, what it is, five dashes.",
        );
    }
    if text.starts_with(b"LS0tLS1CRUdJTi") {
        return format(
            name,
            "is a PEM file encoded once more in base64.",
            "Decode it once: base64 -d.",
        );
    }
    if looks_like_path(text) {
        return format(
            name,
            "is the path of a file, not its content.",
            "Set the configuration key that ends in _file instead.",
        );
    }
    format(
        name,
        &format!(
            "is neither PEM, nor DER, nor base64 of DER ({} bytes).",
            text.len()
        ),
        "Pass the file as it was downloaded: it begins with -----BEGIN.",
    )
}

fn looks_like_path(text: &[u8]) -> bool {
    const ENDINGS: [&[u8]; 8] = [
        b".pem", b".key", b".crt", b".cer", b".p12", b".pfx", b".der", b".txt",
    ];
    let one_line = text.len() < 4096 && !text.contains(&b'\n');
    let starts = [&b"/"[..], b"./", b"../", b"~/", b"file:"]
        .iter()
        .any(|start| text.starts_with(start))
        || text
            .get(1..3)
            .is_some_and(|drive| drive == b":\\" || drive == b":/");
    one_line && (starts || ENDINGS.iter().any(|ending| text.ends_with(ending)))
}

/// The DER in a PEM body or bare base64.
fn decode(name: &str, body: &[u8]) -> Result<Bytes> {
    let mut digits = Zeroizing::new(Vec::with_capacity(body.len()));
    digits.extend(body.iter().filter(|byte| !byte.is_ascii_whitespace()));
    let mut der = Zeroizing::new(vec![0; decoded_len_estimate(digits.len())]);
    let len = BASE64
        .decode_slice(&digits, &mut der)
        .map_err(|error| match error {
            // A = in the wrong place is padding that came too early.
            base64::DecodeSliceError::DecodeError(DecodeError::InvalidByte(_, byte))
                if byte != b'=' =>
            {
                format(
                    name,
                    &format!("holds the byte 0x{byte:02X}, which is not base64."),
                    "Copy the whole file again, without editing it.",
                )
            }
            _ => cut_off(name),
        })?;
    der.truncate(len);
    whole(name, &der)
}

/// Exactly one DER element, nothing missing and nothing but line breaks after it.
fn whole(name: &str, der: &[u8]) -> Result<Bytes> {
    match claimed_len(der) {
        Some(len) if der.first() == Some(&SEQUENCE) => {
            if len > der.len() {
                return Err(cut_off(name));
            }
            let (der, after) = der.split_at(len);
            if !after.iter().all(u8::is_ascii_whitespace) {
                return Err(format(
                    name,
                    &format!("goes on for {} bytes after its end.", after.len()),
                    "Two files may have been joined: copy the right one again.",
                ));
            }
            Ok(Zeroizing::new(der.to_vec()))
        }
        _ => Err(format(
            name,
            "holds base64, but no key or certificate in it.",
            "Pass the file as it was downloaded: it begins with -----BEGIN.",
        )),
    }
}

/// A DER sequence with a length in long form, or short and exactly as long as it says: `0` is 0x30
/// too, so text could begin alike.
fn is_der(bytes: &[u8]) -> bool {
    matches!(bytes, [SEQUENCE, 0x81..=0x84, ..])
        || matches!(bytes, [SEQUENCE, len, ..] if usize::from(*len) + 2 == bytes.len())
}

/// ASCII of the text: UTF-16 and BOM removed, escapes and invisible spaces made into line breaks.
/// At most as long as `bytes`, so that the buffer never grows.
fn plain_text(bytes: &[u8]) -> Bytes {
    let mut narrow = Zeroizing::new(Vec::with_capacity(bytes.len()));
    match bytes {
        [0xff, 0xfe, rest @ ..] => narrow.extend(rest.iter().step_by(2)),
        [0xfe, 0xff, rest @ ..] => narrow.extend(rest.iter().skip(1).step_by(2)),
        _ => narrow.extend_from_slice(bytes),
    }
    /// What web pages and chats put between words: BOM, no-break, zero-width, ideographic space.
    const SPACES: [&str; 4] = ["\u{feff}", "\u{a0}", "\u{200b}", "\u{3000}"];
    let mut text = Zeroizing::new(Vec::with_capacity(narrow.len()));
    let mut rest = &narrow[..];
    while let Some((&first, after)) = rest.split_first() {
        if let Some(space) = SPACES
            .iter()
            .find(|space| rest.starts_with(space.as_bytes()))
        {
            text.push(b'\n');
            rest = &rest[space.len()..];
        } else if first == b'\\' {
            // JSON, shells and .env files write line breaks so, and `\/` for a slash.
            let is_break = matches!(after.first(), Some(b'n' | b'r' | b't'));
            text.push(if is_break { b'\n' } else { b' ' });
            rest = if is_break { &after[1..] } else { after };
        } else {
            text.push(first);
            rest = after;
        }
    }
    text
}

fn unquoted(text: &[u8]) -> &[u8] {
    match text {
        [b'"', inner @ .., b'"'] | [b'\'', inner @ .., b'\''] => inner.trim_ascii(),
        _ => text,
    }
}

fn find(bytes: &[u8], part: &[u8]) -> Option<usize> {
    bytes.windows(part.len()).position(|window| window == part)
}

fn cut_off(name: &str) -> Error {
    format(
        name,
        "is cut off: its base64 or DER ends too early.",
        "Copy the whole file again; a variable or a form field may have a length limit.",
    )
}

fn format(name: &str, what: &str, cure: &str) -> Error {
    Error::new(Status::KeyFormat, format!("{name} {what}")).hint(cure)
}
