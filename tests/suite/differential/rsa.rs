//! RSA: AWS-LC, inside the library, against the `rsa` crate.

use rsa::pkcs8::DecodePrivateKey;
use rsa::traits::PublicKeyParts;
use rsa::{Oaep, Pkcs1v15Sign, RsaPrivateKey};
use sha1::Sha1;
use sha2::{Digest, Sha256};
use wxpay::error::Status;
use wxpay::key::{PrivateKey, read_private};

use super::Random;
use crate::fork_keys::keys;

struct Both {
    bits: usize,
    ours: PrivateKey,
    theirs: RsaPrivateKey,
}

/// Keys that openssl made, of each size, with how many lengths beside the edges they are tried on.
fn both() -> [(Both, usize); 3] {
    let directory = keys();
    [(2048, 20), (3072, 4), (4096, 0)].map(|(bits, between)| {
        let name = format!("rsa{bits}.pem");
        let pem = std::fs::read_to_string(directory.join(&name)).unwrap();
        let both = Both {
            bits,
            ours: read_private(&name, pem.as_bytes(), None).unwrap(),
            theirs: RsaPrivateKey::from_pkcs8_pem(&pem).unwrap(),
        };
        (both, between)
    })
}

fn rsa_verifies(key: &RsaPrivateKey, message: &[u8], signature: &[u8]) -> bool {
    let digest = Sha256::digest(message);
    key.to_public_key()
        .verify(Pkcs1v15Sign::new::<Sha256>(), &digest, signature)
        .is_ok()
}

#[test]
fn both_sign_with_the_same_bytes_and_verify_and_refuse_the_same() {
    let mut random = Random::new("signatures");
    let (mut signed, mut refused) = (0, 0);
    for (key, between) in both() {
        for len in random.lengths(between) {
            let message = random.bytes(len);
            let what = format!("{} bits, {len} bytes", key.bits);
            let ours = key.ours.sign(&message).unwrap();
            let theirs = key
                .theirs
                .sign(Pkcs1v15Sign::new::<Sha256>(), &Sha256::digest(&message))
                .unwrap();
            assert_eq!(ours, theirs, "{what}");
            assert!(key.ours.public().verify(&message, &theirs), "{what}");
            assert!(rsa_verifies(&key.theirs, &message, &ours), "{what}");
            signed += 1;
            let other_message = if len == 0 {
                vec![0]
            } else {
                random.flipped(&message)
            };
            let longer = [&ours[..], &[0]].concat();
            let padded = [&[0], &ours[..]].concat();
            for (message, signature) in [
                (&message, &random.flipped(&ours)),
                (&other_message, &ours),
                (&message, &ours[1..].to_vec()),
                (&message, &longer),
                (&message, &padded),
                (&message, &Vec::new()),
            ] {
                let ours = key.ours.public().verify(message, signature);
                assert_eq!(
                    ours,
                    rsa_verifies(&key.theirs, message, signature),
                    "{what}"
                );
                assert!(!ours, "{what}");
                refused += 1;
            }
        }
    }
    println!("{signed} signatures alike, {refused} refused by both");
    assert!(signed == 3 * 26 + 24 && refused == 6 * signed);
}

#[test]
fn what_one_encrypts_with_oaep_the_other_decrypts_and_both_refuse_the_same() {
    let mut random = Random::new("oaep");
    let (mut opened, mut refused) = (0, 0);
    for (key, between) in both() {
        let most = key.bits / 8 - 42;
        let edges = [0, 1, 11, most / 2, most - 1, most];
        let drawn: Vec<usize> = (0..between).map(|_| random.below(most + 1)).collect();
        for len in edges.into_iter().chain(drawn) {
            let plain = random.bytes(len);
            let what = format!("{} bits, {len} bytes", key.bits);
            let ours = key.ours.public().encrypt_oaep(&plain).unwrap();
            assert_eq!(
                key.theirs.decrypt(Oaep::new::<Sha1>(), &ours).unwrap(),
                plain,
                "{what}"
            );
            let public = key.theirs.to_public_key();
            let theirs = public
                .encrypt(&mut random, Oaep::new::<Sha1>(), &plain)
                .unwrap();
            assert_eq!(**key.ours.decrypt_oaep(&theirs).unwrap(), *plain, "{what}");
            opened += 2;
            // Another digest, another label, a flipped bit, a byte less, a byte more, a number that is no residue.
            let of_sha256 = (len + 66 <= key.bits / 8).then(|| {
                public
                    .encrypt(&mut random, Oaep::new::<Sha256>(), &plain)
                    .unwrap()
            });
            let labelled = public
                .encrypt(&mut random, Oaep::new_with_label::<Sha1, _>("x"), &plain)
                .unwrap();
            let modulus = key.theirs.n().to_bytes_be();
            let longer = [&theirs[..], &[0]].concat();
            let wrong = [
                random.flipped(&ours),
                labelled,
                theirs[1..].to_vec(),
                longer,
                modulus,
                Vec::new(),
            ];
            for ciphertext in wrong.into_iter().chain(of_sha256) {
                let error = key.ours.decrypt_oaep(&ciphertext).unwrap_err();
                assert_eq!(error.status(), Status::DecryptFailed, "{what}");
                assert!(
                    key.theirs
                        .decrypt(Oaep::new::<Sha1>(), &ciphertext)
                        .is_err(),
                    "{what}"
                );
                refused += 1;
            }
        }
        let long = random.bytes(most + 1);
        let error = key.ours.public().encrypt_oaep(&long).unwrap_err();
        assert_eq!(error.status(), Status::EncryptTooLong);
        assert!(
            key.theirs
                .to_public_key()
                .encrypt(&mut random, Oaep::new::<Sha1>(), &long)
                .is_err()
        );
    }
    println!("{opened} texts opened, {refused} refused by both");
    assert!(opened == 2 * (3 * 6 + 24) && refused > 6 * 40);
}
