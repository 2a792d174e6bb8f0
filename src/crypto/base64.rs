//! Standard base64 (RFC 4648 §4), strict in both directions: padded, one line, one spelling for
//! each value. A signature that has two spellings could pass a replay filter twice.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::error::Result;
use crate::memory;

pub fn encode(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// `None` for white space, missing or surplus padding, foreign characters, and bits left over that
/// are not zero. For what has a size of its own: signatures, keys, fields of at most 1 MiB.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    if text.len() > MOST {
        return None;
    }
    STANDARD.decode(text).ok()
}

const MOST: usize = 1024 * 1024;

/// The same for text of any length; OUT_OF_MEMORY.
pub fn decode_long(text: &str) -> Result<Option<Vec<u8>>> {
    let mut bytes = memory::zeros(base64::decoded_len_estimate(text.len()))?;
    Ok(match STANDARD.decode_slice(text, &mut bytes) {
        Ok(len) => {
            bytes.truncate(len);
            Some(bytes)
        }
        Err(_) => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 4648 §10.
    #[test]
    fn the_vectors_of_rfc_4648_hold_in_both_directions() {
        for (plain, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(encode(plain.as_bytes()), text, "encode {plain:?}");
            let long = decode_long(text).unwrap();
            for decoded in [decode(text), long] {
                assert_eq!(
                    decoded.as_deref(),
                    Some(plain.as_bytes()),
                    "decode {text:?}"
                );
            }
        }
        assert_eq!(decode("+/+/").as_deref(), Some(&[0xfb, 0xff, 0xbf][..]));
    }

    #[test]
    fn every_other_spelling_is_refused() {
        for text in [
            "Zg",
            "Zg=",
            "Zg===",
            "Zh==",
            "Zm9=",
            "Zm9v\n",
            " Zm9v",
            "Zm9v Zm9v",
            "Zm9v====",
            "Zg==Zg==",
            "Zm9-",
            "Zm9_",
            "Z",
            "=",
            "Zm9\u{76}\0",
            "Zm9v\u{200b}",
        ] {
            assert_eq!(decode(text), None, "{text:?} was accepted");
            assert_eq!(decode_long(text).unwrap(), None, "{text:?} was accepted");
        }
    }
}
