//! The list of platform certificates: read as a whole, trusted only as far as S11 goes, put into
//! the ring in one step or not at all (protocol.md §1.8; safety.md S11).

use serde::Deserialize;

use super::api_error::{Sending, api_error};
use super::keyring::{KeySet, Origin, WeChatKey};
use super::merchant::{Merchant, is_simulators};
use super::verify::SignatureHeaders;
use crate::crypto::aead::NONCE_LEN;
use crate::crypto::base64;
use crate::error::{Cause, Diagnosis, Error, Result, Status, fail};
use crate::http::headers::shown;
use crate::http::{Message, Verified};
use crate::key::{Certificate, read_certificates, serial};
use crate::memory;
use crate::text::Text;
use crate::time::{Now, rfc3339};

/// More than WeChat Pay ever keeps in force at once.
const MOST_CERTIFICATES: usize = 64;
const ALGORITHM: &str = "AEAD_AES_256_GCM";

#[derive(Deserialize)]
struct List {
    data: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    serial_no: String,
    encrypt_certificate: Encrypted,
}

#[derive(Deserialize)]
struct Encrypted {
    algorithm: String,
    nonce: String,
    associated_data: String,
    ciphertext: String,
}

/// Authenticates and loads an answer to `GET /v3/certificates`. On any error the old set stays.
pub fn load(merchant: &Merchant, response: &mut Message, now: Now) -> Result<()> {
    merchant.may_have_certificates()?;
    if response.is_request() {
        return fail(
            Status::InvalidState,
            "This message is a request; load_certificates takes the answer.",
        );
    }
    response.verified = Verified::NotChecked;
    // Again when another thread has changed the ring in between: what was checked against the old
    // one may be a rollback for the new one.
    while !try_load(merchant, response, now)? {}
    Ok(())
}

/// False when the ring was no longer the one that the list was checked against.
fn try_load(merchant: &Merchant, response: &mut Message, now: Now) -> Result<bool> {
    if response.status() != 200 {
        response.verified = Verified::ErrorAnswer;
        return Err(unavailable(response));
    }
    let signature = SignatureHeaders::read(&response.headers)?;
    signature.check_window(now, merchant.clock_tolerance_s)?;
    let known = merchant.ring.snapshot();
    // A public key that was configured says more than any certificate (S11 (2)).
    let pinned = known
        .keys
        .iter()
        .any(|key| key.origin == Origin::Configured && key.validity.is_none());
    // (2) Once a key is known there is no fallback to the APIv3 key alone.
    let verifiers = KeySet::new(
        known
            .keys
            .iter()
            .filter(|key| may_authenticate(key, pinned, now))
            .cloned()
            .collect(),
    );
    let mut origin = Origin::DownloadedFirst;
    if !verifiers.keys.is_empty() {
        let key = verifiers
            .verifier(signature.serial, now.seconds)
            .map_err(no_fallback)?;
        signature.check_signature(&response.body, key)?;
        origin = Origin::DownloadedSignedBy(key.id.clone());
    }
    let certificates = read(merchant, &response.body)?;
    if verifiers.keys.is_empty() {
        // (1) The APIv3 key shows who made the list, this that it is not an old one.
        let own = KeySet::new(
            certificates
                .iter()
                .map(|one| WeChatKey::certificate(one, Origin::DownloadedFirst).into())
                .collect(),
        );
        signature.check_signature(&response.body, own.verifier(signature.serial, now.seconds)?)?;
    }
    check_each(merchant, &certificates, &known, now)?;
    check_no_rollback(&certificates, &known)?;
    response.verified = Verified::Signature;
    response.key_id = Text::new(signature.serial);
    // (3) A configured certificate that is also in the list stays the configured one.
    let fresh = certificates
        .iter()
        .filter(|one| !is_configured(&known, &one.serial))
        .map(|one| WeChatKey::certificate(one, origin.clone()))
        .collect();
    Ok(merchant.ring.replace_downloaded(&known, fresh))
}

fn may_authenticate(key: &WeChatKey, pinned: bool, now: Now) -> bool {
    if pinned {
        return key.origin == Origin::Configured && key.validity.is_none();
    }
    key.origin == Origin::Configured
        || key
            .validity
            .is_some_and(|(from, to)| (from..=to).contains(&now.seconds))
}

fn no_fallback(error: Error) -> Error {
    error.hint("A list of certificates must be signed by a key that is already known. If WeChat Pay has replaced them all, build a new client.")
}

fn is_configured(known: &KeySet, id: &str) -> bool {
    known
        .keys
        .iter()
        .any(|key| key.origin == Origin::Configured && serial::key(&key.id) == serial::key(id))
}

fn read(merchant: &Merchant, body: &[u8]) -> Result<Vec<Certificate>> {
    memory::foresee(2 * body.len())?;
    let list: List = serde_json::from_slice(body).map_err(|error| {
        Error::new(
            Status::MalformedJson,
            format!(
                "The list of certificates is not in its form: line {}, column {}.",
                error.line(),
                error.column()
            ),
        )
    })?;
    if list.data.is_empty() {
        return fail(
            Status::CertificatesUnavailable,
            "The list of platform certificates is empty.",
        );
    }
    if list.data.len() > MOST_CERTIFICATES {
        return fail(
            Status::LimitExceeded,
            format!(
                "The list has {} certificates; at most {MOST_CERTIFICATES} are read.",
                list.data.len()
            ),
        );
    }
    list.data
        .iter()
        .map(|entry| decrypt(merchant, entry))
        .collect()
}

fn decrypt(merchant: &Merchant, entry: &Entry) -> Result<Certificate> {
    let sealed = &entry.encrypt_certificate;
    if sealed.algorithm != ALGORITHM {
        return fail(
            Status::UnsupportedAlgorithm,
            format!(
                "Certificate {} is encrypted with \"{}\"; supported is {ALGORITHM}.",
                shown(&entry.serial_no),
                shown(&sealed.algorithm)
            ),
        );
    }
    if sealed.associated_data != "certificate" {
        return fail(
            Status::MalformedJson,
            format!(
                "associated_data of certificate {} is \"{}\", not \"certificate\".",
                shown(&entry.serial_no),
                shown(&sealed.associated_data)
            ),
        );
    }
    if sealed.nonce.len() != NONCE_LEN {
        return fail(
            Status::MalformedJson,
            format!(
                "nonce of certificate {} has {} bytes, not {NONCE_LEN}.",
                shown(&entry.serial_no),
                sealed.nonce.len()
            ),
        );
    }
    let Some(ciphertext) = base64::decode_long(&sealed.ciphertext)? else {
        return fail(
            Status::MalformedJson,
            format!(
                "ciphertext of certificate {} is not base64.",
                shown(&entry.serial_no)
            ),
        );
    };
    let pem = merchant.decrypt(sealed.nonce.as_bytes(), b"certificate", &ciphertext)?;
    let mut certificates = read_certificates("platform certificate", &pem)?;
    match (certificates.pop(), certificates.is_empty()) {
        (Some(certificate), true)
            if serial::key(&certificate.serial) == serial::key(&entry.serial_no) =>
        {
            Ok(certificate)
        }
        (Some(certificate), true) => fail(
            Status::MalformedJson,
            format!(
                "serial_no {} is not the certificate's serial {}.",
                shown(&entry.serial_no),
                certificate.serial
            ),
        ),
        _ => fail(
            Status::MalformedJson,
            format!(
                "serial_no {} holds more than one certificate.",
                shown(&entry.serial_no)
            ),
        ),
    }
}

/// (3), (4): no foreign key under a known id, no key of the merchant's, nothing expired.
fn check_each(
    merchant: &Merchant,
    certificates: &[Certificate],
    known: &KeySet,
    now: Now,
) -> Result<()> {
    for (index, one) in certificates.iter().enumerate() {
        let anybodys = is_simulators(&one.subject) || one.public.is_published();
        if anybodys && !merchant.is_local() {
            return fail(
                Status::CertificatesUnavailable,
                format!(
                    "SIMULATOR_IDENTITY: platform certificate {} in the list is of the local simulator or the conformance vectors.",
                    one.serial
                ),
            );
        }
        if one.not_after <= now.seconds {
            return fail(
                Status::CertificatesUnavailable,
                format!(
                    "Platform certificate {} in the list expired on {}.",
                    one.serial,
                    rfc3339(one.not_after)
                ),
            );
        }
        let is_merchants = merchant
            .private_key
            .as_ref()
            .is_some_and(|key| key.public().same_key(&one.public))
            || merchant
                .certificate
                .as_ref()
                .is_some_and(|own| own.public.same_key(&one.public));
        if is_merchants {
            return fail(
                Status::WrongKeyRole,
                format!(
                    "Platform certificate {} in the list has the merchant's own key.",
                    one.serial
                ),
            );
        }
        if certificates[..index]
            .iter()
            .any(|other| serial::key(&other.serial) == serial::key(&one.serial))
        {
            return fail(
                Status::MalformedJson,
                format!("Platform certificate {} is in the list twice.", one.serial),
            );
        }
        let shadows = known.keys.iter().any(|key| {
            key.origin == Origin::Configured
                && serial::key(&key.id) == serial::key(&one.serial)
                && !key.key.same_key(&one.public)
        });
        if shadows {
            return fail(
                Status::ConfigConflict,
                format!(
                    "Platform certificate {} in the list has another key than the configured one of that serial.",
                    one.serial
                ),
            );
        }
    }
    Ok(())
}

/// (4) A list whose newest certificate is older than the newest one we had is a rollback.
fn check_no_rollback(certificates: &[Certificate], known: &KeySet) -> Result<()> {
    let newest = certificates.iter().map(|one| one.not_before).max();
    let had = known
        .keys
        .iter()
        .filter(|key| key.origin != Origin::Configured)
        .filter_map(|key| key.validity)
        .map(|(from, _)| from)
        .max();
    match (newest, had) {
        (Some(newest), Some(had)) if newest < had => fail(
            Status::CertificatesUnavailable,
            format!(
                "The newest certificate in the list is from {}, older than the one in use from {}.",
                rfc3339(newest),
                rfc3339(had)
            ),
        ),
        _ => Ok(()),
    }
}

/// The three answers that merchants with a WeChat Pay public key get, under one diagnosis
/// (protocol.md §1.7); any other error as it is.
fn unavailable(response: &Message) -> Error {
    let mut error = api_error(
        response,
        Sending {
            written_completely: true,
        },
    );
    let code = error.fields().api_code.clone();
    let public_key_only = matches!(
        (response.status(), code.as_str()),
        (404, _) | (_, "NOT_FOUND" | "RESOURCE_NOT_EXISTS") | (500, "SYSTEM_ERROR")
    );
    if !public_key_only {
        return error;
    }
    let fields = error.fields_mut();
    fields.status = Status::CertificatesUnavailable;
    fields.message = format!(
        "This merchant has no platform certificates, as it seems: {}",
        fields.message
    );
    fields.hint = "Merchants that use the WeChat Pay public key get this answer. Download the public key from the merchant platform (API security), set public_key_id and public_key, and remove auto_certificates.".to_owned();
    error.diagnosed(Diagnosis::new(Cause::PublicKeyMerchant, "GET /v3/certificates answers 404 RESOURCE_NOT_EXISTS, NOT_FOUND or 500 SYSTEM_ERROR to merchants that have a WeChat Pay public key."))
}
