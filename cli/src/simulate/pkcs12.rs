//! `apiclient_cert.p12`: the merchant's key and certificate in one file, its password the mchid (protocol.md §2.5).

use super::pki::Made;
use p12_keystore::{
    Certificate, EncryptionAlgorithm, KeyStore, KeyStoreEntry, MacAlgorithm, PrivateKeyChain,
};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};

#[derive(Clone, Copy)]
pub enum Form {
    /// RC2-40 and SHA-1, as WeChat Pay gives it: OpenSSL 3 reads it with `-legacy` only
    Old,
    /// AES-256 and SHA-256
    New,
}

pub fn make(merchant: &Made, form: Form, password: &str) -> Result<Vec<u8>, String> {
    let failed = |error: &dyn std::fmt::Display| format!("cannot make a .p12: {error}");
    let certificate = CertificateDer::from_pem_slice(merchant.certificate_pem.as_bytes())
        .map_err(|error| failed(&error))?;
    let key = PrivatePkcs8KeyDer::from_pem_slice(merchant.key_pem.as_bytes())
        .map_err(|error| failed(&error))?;
    let certificate = Certificate::from_der(&certificate).map_err(|error| failed(&error))?;
    let chain = PrivateKeyChain::new(key.secret_pkcs8_der(), b"1", [certificate]);
    let mut store = KeyStore::new();
    store.add_entry("Tenpay Certificate", KeyStoreEntry::PrivateKeyChain(chain));
    let (encryption, mac) = match form {
        // The crate's name for it is wrong: its object identifier, and what it does, is RC2.
        Form::Old => (
            EncryptionAlgorithm::PbeWithShaAnd40BitRc4Cbc,
            MacAlgorithm::HmacSha1,
        ),
        Form::New => (
            EncryptionAlgorithm::PbeWithHmacSha256AndAes256,
            MacAlgorithm::HmacSha256,
        ),
    };
    store
        .writer(password)
        .encryption_algorithm(encryption)
        .encryption_iterations(2048)
        .mac_algorithm(mac)
        .mac_iterations(2048)
        .write()
        .map_err(|error| failed(&error))
}
