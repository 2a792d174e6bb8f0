//! The merchant of the benchmark: keys that tests/keys/make.sh has made, and what is done with them bare.

use std::path::Path;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair,
};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{PrivateKeyDer, SubjectPublicKeyInfoDer};

pub const PUBLIC_KEY_ID: &str = "PUB_KEY_ID_0119000000012024010100000000000001";

pub fn private(path: &Path) -> RsaKeyPair {
    let key = PrivateKeyDer::from_pem_file(path).expect("a private key");
    RsaKeyPair::from_pkcs8(key.secret_der()).expect("an RSA key")
}

pub fn public(path: &Path) -> ParsedPublicKey {
    let key = SubjectPublicKeyInfoDer::from_pem_file(path).expect("a public key");
    ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key.as_ref()).expect("an RSA key")
}

pub fn sign(key: &RsaKeyPair, message: &[u8]) -> Vec<u8> {
    let mut signature = vec![0; key.public_modulus_len()];
    key.sign(
        &RSA_PKCS1_SHA256,
        &SystemRandom::new(),
        message,
        &mut signature,
    )
    .expect("AWS-LC signs");
    signature
}
