//! Known answers of every primitive, from independent implementations; wrong inputs must fail.

use super::selftest_vectors::{PUBLIC_KEY, SEALED, SIGNATURE};
use crate::crypto::{aead, base64, digest};
use crate::error::{Result, Status, fail};
use crate::key::read_public;
use crate::nonce::nonce;
use crate::v3::canonical;

/// INTERNAL names the primitive whose answer is wrong.
pub fn selftest() -> Result<()> {
    /// FIPS 180-4, SHA-256 of "abc".
    const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    check("SHA-256", digest::hex(&digest::sha256(b"abc")) == ABC)?;
    // RFC 4648 §10, and what strict decoding refuses.
    check(
        "base64",
        base64::encode(b"foobar") == "Zm9vYmFy"
            && base64::decode("Zm9vYmE=").as_deref() == Some(b"fooba"),
    )?;
    check(
        "strict base64",
        ["Zm9vYmE", "Zm9v YmE=", "Zm9vYmF=", "Zm9vYmE=\n"]
            .iter()
            .all(|text| base64::decode(text).is_none()),
    )?;
    check_rsa()?;
    check_aead()?;
    check("random numbers", nonce()? != nonce()?)
}

fn check_rsa() -> Result<()> {
    let message = canonical::request(
        "POST",
        "/v3/pay/transactions/native",
        "1700000000",
        "NONCE",
        br#"{"a":1}"#,
    )?;
    let key = read_public("self-test key", PUBLIC_KEY.as_bytes())?;
    let mut signature = base64::decode(SIGNATURE).unwrap_or_default();
    check("RSA verification", key.verify(&message, &signature))?;
    if let Some(first) = signature.first_mut() {
        *first ^= 1;
    }
    check("RSA refusal", !key.verify(&message, &signature))
}

fn check_aead() -> Result<()> {
    let key = b"0123456789abcdefghijklmnopqrstuv";
    let mut sealed = base64::decode(SEALED).unwrap_or_default();
    let plaintext = aead::decrypt(key, b"abcdefghijkl", b"transaction", &sealed)?;
    check(
        "AES-256-GCM",
        *plaintext == r#"{"trade_state":"SUCCESS","note":"支付成功"}"#.as_bytes(),
    )?;
    if let Some(last) = sealed.last_mut() {
        *last ^= 1;
    }
    check(
        "AES-256-GCM refusal",
        aead::decrypt(key, b"abcdefghijkl", b"transaction", &sealed).is_err(),
    )
}

fn check(what: &str, right: bool) -> Result<()> {
    if right {
        return Ok(());
    }
    fail(
        Status::Internal,
        format!("Self-test: {what} gives a wrong answer."),
    )
    .map_err(|error| {
        error.hint("This build is damaged or does not fit this machine; install the library again.")
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_primitive_gives_its_known_answer() {
        super::selftest().unwrap();
    }
}
