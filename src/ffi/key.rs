//! `wxpay_key`: a private key, public key or certificate on its own, for tools and tests.

use std::ffi::c_char;

use super::buf::wxpay_buf;
use super::error::wxpay_error;
use super::guard::guard;
use super::handle::{free, get, handle};
use super::input::bytes;
use super::output::Out;
use super::wxpay_status;
use crate::diag::key_info;
use crate::key::{self, Material};
use crate::v3::primitives;

/// A private key, a public key or a certificate.
#[allow(non_camel_case_types)]
pub struct wxpay_key {
    _opaque: [u8; 0],
}
handle!(wxpay_key, Material, b"wxpaykey");

/// Reads a key or certificate: PEM, DER or bare base64; PKCS#8, PKCS#1, encrypted PKCS#8, SPKI,
/// X.509; CRLF, BOM, missing newline and literal \n are understood.
/// @param pem_or_der  the content, not a path
/// @param passphrase  of an encrypted private key; empty for none
/// @param[out] out  owned; release with wxpay_key_free
/// @param[out] err  owned; NULL to ignore
/// @since 0.1  @threads any  @io none  @errors 100 101 111 112
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_key_load(
    pem_or_der: *const c_char,
    pem_or_der_len: usize,
    passphrase: *const c_char,
    passphrase_len: usize,
    out: *mut *mut wxpay_key,
    err: *mut *mut wxpay_error,
) -> wxpay_status {
    // SAFETY: every pointer as the header says.
    unsafe {
        let out = Out::new(out, "out");
        guard(err, || {
            out.required()?;
            let content = bytes(pem_or_der, pem_or_der_len, "pem_or_der")?;
            let passphrase = Some(bytes(passphrase, passphrase_len, "passphrase")?)
                .filter(|passphrase| !passphrase.is_empty());
            out.put(key::read("key", content, passphrase)?);
            Ok(())
        })
    }
}

/// What it is, JSON: kind, bits, SHA-256 of the public key (SPKI), and for certificates serial,
/// names and validity. Nothing secret.
/// @param key  a key
/// @param[out] out  owned; JSON
/// @param[out] err  owned; NULL to ignore
/// @since 0.1  @threads any  @io none  @errors 100 101
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_key_info(
    key: *const wxpay_key,
    out: *mut *mut wxpay_buf,
    err: *mut *mut wxpay_error,
) -> wxpay_status {
    // SAFETY: every pointer as the header says.
    unsafe {
        let out = Out::new(out, "out");
        guard(err, || {
            out.required()?;
            out.put_bytes(key_info(get(key, "key")?).as_bytes())
        })
    }
}

/// Zeroises and releases a key.
/// @param key  a key, or NULL
/// @since 0.1  @threads any  @io none  @errors none
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_key_free(key: *mut wxpay_key) {
    // SAFETY: NULL or a live handle, by the contract of the header.
    unsafe { free(key) };
}

/// OK when key and certificate belong together (equal modulus), else KEY_CERT_MISMATCH.
/// @param key  a key
/// @param cert  a certificate, PEM or DER
/// @param[out] err  owned; NULL to ignore
/// @since 0.1  @threads any  @io none  @errors 100 101 111 113 116
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_key_matches_cert(
    key: *const wxpay_key,
    cert: *const c_char,
    cert_len: usize,
    err: *mut *mut wxpay_error,
) -> wxpay_status {
    // SAFETY: every pointer as the header says.
    unsafe {
        guard(err, || {
            primitives::matches_certificate(get(key, "key")?, bytes(cert, cert_len, "cert")?)
        })
    }
}
