//! What a bundle of certificates holds, by fingerprint (`wxpay::trust::known`): PEM, DER, Java key
//! stores, and certificates that stand openly in other stores.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeSet;
use wxpay::trust::known;

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bundle {
    pub certificates: usize,
    /// Ids of `wxpay::trust::known`.
    pub known: BTreeSet<&'static str>,
    /// Encrypted: what is inside is not known.
    pub closed: bool,
}

/// What the bundle means for WeChat Pay's servers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Class {
    /// G1 or Baltimore without G2.
    OldOnly,
    /// G2 is there.
    Current,
    /// None of the roots that matter.
    Foreign,
    Closed,
}

impl Bundle {
    pub fn class(&self) -> Class {
        if self.known.contains(known::G2) {
            Class::Current
        } else if self.known.contains(known::G1) || self.known.contains(known::BALTIMORE) {
            Class::OldOnly
        } else if self.closed {
            Class::Closed
        } else {
            Class::Foreign
        }
    }

    fn add(&mut self, der: &[u8]) {
        self.certificates += 1;
        if let Some(root) = known::by_sha256(&hex(&Sha256::digest(der))) {
            self.known.insert(root.id);
        }
    }

    pub fn merge(&mut self, other: &Self) {
        self.certificates += other.certificates;
        self.known.extend(other.known.iter().copied());
        self.closed |= other.closed;
    }

    pub fn names(&self) -> Vec<&'static str> {
        self.known
            .iter()
            .filter_map(|id| known::by_id(id))
            .map(|root| root.name)
            .collect()
    }

    pub fn json(&self) -> Value {
        json!({"certificates": self.certificates, "known": self.known, "closed": self.closed})
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A file that may be a bundle; none when it holds no certificate.
pub fn read(bytes: &[u8]) -> Option<Bundle> {
    let mut bundle = Bundle::default();
    if crate::scan::lex::find(bytes, BEGIN.as_bytes()).is_some() {
        for (_, der) in pem(&String::from_utf8_lossy(bytes)) {
            bundle.add(&der);
        }
    } else if matches!(
        bytes.get(..4),
        Some([0xfe, 0xed, 0xfe, 0xed] | [0xce, 0xce, 0xce, 0xce])
    ) {
        key_store(bytes, &mut bundle);
    } else if let Some(length) = der_length(bytes) {
        if is_pkcs12(bytes) {
            embedded(bytes, &mut bundle);
            bundle.closed = bundle.certificates == 0;
        } else if length == bytes.len() && length > 200 {
            bundle.add(bytes);
        }
    } else if bytes.starts_with(&[0, 0, 0, 1]) || bytes.starts_with(&[0, 0, 0, 2]) {
        // Bouncy Castle's store keeps certificates in the clear.
        embedded(bytes, &mut bundle);
    }
    (bundle.certificates > 0 || bundle.closed).then_some(bundle)
}

/// Certificates in a text, each with where it begins; the armour may stand in the strings of a
/// program, with quotes, `\n` and `+` between its lines.
pub fn pem(text: &str) -> Vec<(usize, Vec<u8>)> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(begin) = text[from..].find(BEGIN).map(|at| from + at) {
        let inner = begin + BEGIN.len();
        let Some(length) = text[inner..].find(END).filter(|length| *length < 20_000) else {
            from = inner;
            continue;
        };
        if let Some(der) = base64_of(&text[inner..inner + length]) {
            found.push((begin, der));
        }
        from = inner + length;
    }
    found
}

/// The DER of one certificate. A patch has a plus before each line; elsewhere a plus at the start of
/// a line is a letter of base64 like any other.
fn base64_of(armoured: &str) -> Option<Vec<u8>> {
    let decode = |armoured: &str| {
        let der = STANDARD.decode(letters(armoured)).ok()?;
        (der.len() > 200 && der_length(&der) == Some(der.len())).then_some(der)
    };
    decode(armoured).or_else(|| decode(&armoured.replace("\n+", "\n")))
}

/// The letters of base64 in `armoured`, which begins inside a string when it stands in a program:
/// what is between two strings joins them.
fn letters(armoured: &str) -> String {
    let mut body = String::with_capacity(armoured.len());
    let mut inside = true;
    let mut rest = armoured;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        match c {
            '"' | '\'' | '`' => inside = !inside,
            '\\' => {
                // `\n`, `\\n`, `\"`, `\/`, `\u002b`, and a backslash that continues the line.
                rest = rest.trim_start_matches('\\');
                let code = rest.strip_prefix('u').and_then(|hex| hex.get(..4));
                if let Some(one) = code.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
                    body.extend(Some(char::from(one)).filter(|c| is_letter(*c)));
                    rest = &rest[5..];
                } else {
                    rest = rest
                        .strip_prefix(['n', 'r', 't', '"', '\''])
                        .unwrap_or(rest);
                }
            }
            // `&#10;` of XML.
            '&' => rest = rest.split_once(';').map_or(rest, |(_, after)| after),
            c if inside && is_letter(c) => body.push(c),
            _ => {}
        }
    }
    body
}

fn is_letter(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=')
}

/// Java's own format: trusted certificates are readable without the password.
fn key_store(bytes: &[u8], bundle: &mut Bundle) {
    let mut reader = Reader { bytes, at: 4 };
    let read = || -> Option<()> {
        let version = reader.u32()?;
        let entries = reader.u32()?;
        for _ in 0..entries {
            let tag = reader.u32()?;
            reader.text()?;
            reader.take(8)?;
            let chain = if tag == 1 {
                let length = reader.u32()? as usize;
                reader.take(length)?;
                reader.u32()?
            } else if tag == 2 {
                1
            } else {
                return None;
            };
            for _ in 0..chain {
                if version == 2 {
                    reader.text()?;
                }
                let length = reader.u32()? as usize;
                let der = reader.take(length)?;
                // The chain of a private key is no anchor.
                if tag == 2 {
                    bundle.add(der);
                }
            }
        }
        Some(())
    };
    // A store that ends early is judged by what it held until there.
    let mut read = read;
    let _ = read();
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let end = self.at.checked_add(length)?;
        let taken = self.bytes.get(self.at..end)?;
        self.at = end;
        Some(taken)
    }

    fn u32(&mut self) -> Option<u32> {
        let bytes = self.take(4)?;
        Some(u32::from_be_bytes(bytes.try_into().ok()?))
    }

    fn text(&mut self) -> Option<()> {
        let bytes = self.take(2)?;
        let length = u16::from_be_bytes(bytes.try_into().ok()?) as usize;
        self.take(length).map(|_| ())
    }
}

/// The length that the outermost DER element says, its header counted.
fn der_length(bytes: &[u8]) -> Option<usize> {
    match bytes {
        [0x30, 0x82, high, low, ..] => Some(4 + usize::from(u16::from_be_bytes([*high, *low]))),
        [0x30, 0x83, a, b, c, ..] => {
            Some(5 + (usize::from(*a) << 16 | usize::from(*b) << 8 | usize::from(*c)))
        }
        // Bouncy Castle and some exporters leave the length open.
        [0x30, 0x80, ..] => Some(bytes.len()),
        _ => None,
    }
}

fn is_pkcs12(bytes: &[u8]) -> bool {
    let header = match bytes[1] {
        0x82 => 4,
        0x83 => 5,
        _ => 2,
    };
    bytes[header..].starts_with(&[0x02, 0x01, 0x03])
}

/// DER certificates that stand openly in `bytes`, known ones only.
fn embedded(bytes: &[u8], bundle: &mut Bundle) {
    let mut at = 0;
    while at + 4 < bytes.len() {
        let length = der_length(&bytes[at..]).filter(|_| bytes[at + 1] == 0x82);
        // A certificate begins with two sequences.
        let nested = bytes.get(at + 4) == Some(&0x30) && bytes.get(at + 5) == Some(&0x82);
        if let Some(der) = length
            .filter(|_| nested)
            .and_then(|length| bytes.get(at..at + length))
            && der.len() < 4096
            && known::by_sha256(&hex(&Sha256::digest(der))).is_some()
        {
            bundle.add(der);
            at += der.len();
            continue;
        }
        at += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plus_that_joins_strings_goes_and_one_of_base64_stays() {
        for (armoured, expected) in [
            ("\n+abc\n+/d=\n", "+abc+/d="),
            ("\\n\" +\n  \"+abc\\n\" +\n  \"d+\" + \"e\\n", "+abcd+e"),
            ("\\n' .\n  'abc\\n' .\n  '+d\\n", "abc+d"),
            ("\", \"+abc\", \"d/\", \"", "+abcd/"),
            ("\\n\\\n+abc\\n\\\nrn\\n", "+abcrn"),
            ("\\nab\\/c\\u002bd\\r\\n", "ab/c+d"),
            ("\\\\nabc\\\\nd", "abcd"),
            ("&#10;abc&#xD;&#xA;d", "abcd"),
        ] {
            assert_eq!(letters(armoured), expected, "{armoured}");
        }
    }
}
