//! AES-256-GCM and AES-256-ECB: RustCrypto, inside the library, against AWS-LC; for the nonces of
//! 16 bytes, which AWS-LC's Rust face does not take, our composition against the `aes-gcm` crate's.

use aes_gcm::aead::AeadInPlace;
use aes_gcm::{AesGcm, KeyInit};
use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::cipher::{AES_256, PaddedBlockEncryptingKey, UnboundCipherKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use wxpay::crypto::{aead, gcm};
use wxpay::error::{Result, Status};

use super::Random;
use super::digests::{client, md5_of_openssl};

/// As a bill is read: twice, in pieces.
pub fn in_pieces(
    random: &mut Random,
    key: &[u8],
    nonce: &[u8],
    aad: &[u8],
    sealed: &[u8],
) -> Result<Vec<u8>> {
    let (ciphertext, tag) = sealed.split_at(sealed.len() - 16);
    let mut checking = gcm::Checking::new(key, nonce, aad)?;
    let mut rest = ciphertext;
    while !rest.is_empty() {
        let most = [1, 16, 40, 5000][random.below(4)];
        let (piece, more) = rest.split_at((1 + random.below(most)).min(rest.len()));
        checking.update(piece);
        rest = more;
    }
    let mut opening = checking.finish(tag.try_into().unwrap())?;
    let mut plain = ciphertext.to_vec();
    let mut rest = &mut plain[..];
    while !rest.is_empty() {
        let (piece, more) = rest.split_at_mut((1 + random.below(5000)).min(rest.len()));
        opening.decrypt(piece);
        rest = more;
    }
    Ok(plain)
}

#[test]
fn what_aws_lc_seals_opens_whole_and_in_pieces_and_all_refuse_the_same() {
    let mut random = Random::new("aes-gcm");
    let (mut opened, mut refused) = (0, 0);
    for len in random.lengths(200) {
        let key = random.bytes(32);
        let nonce: [u8; 12] = random.bytes(12).try_into().unwrap();
        let aad_len = [0, 1, 11, 16, 200][random.below(5)];
        let aad = random.bytes(aad_len);
        let plain = random.bytes(len);
        let sealing = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &key).unwrap());
        let mut sealed = plain.clone();
        sealing
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(&aad),
                &mut sealed,
            )
            .unwrap();
        assert_eq!(
            **aead::decrypt(&key, &nonce, &aad, &sealed).unwrap(),
            *plain,
            "{len} bytes"
        );
        assert_eq!(
            in_pieces(&mut random, &key, &nonce, &aad, &sealed).unwrap(),
            plain,
            "{len} bytes"
        );
        opened += 2;
        let other_aad = if aad.is_empty() {
            vec![0]
        } else {
            random.flipped(&aad)
        };
        for (nonce, aad, sealed) in [
            (nonce.to_vec(), aad.clone(), random.flipped(&sealed)),
            (random.flipped(&nonce), aad.clone(), sealed.clone()),
            (nonce.to_vec(), other_aad, sealed.clone()),
            (nonce.to_vec(), aad.clone(), [&sealed[..], &[0]].concat()),
        ] {
            let mut theirs = sealed.clone();
            let at = Nonce::try_assume_unique_for_key(&nonce).unwrap();
            assert!(
                sealing
                    .open_in_place(at, Aad::from(&aad), &mut theirs)
                    .is_err()
            );
            for ours in [
                aead::decrypt(&key, &nonce, &aad, &sealed).map(drop),
                in_pieces(&mut random, &key, &nonce, &aad, &sealed).map(drop),
            ] {
                assert_eq!(
                    ours.unwrap_err().status(),
                    Status::DecryptFailed,
                    "{len} bytes"
                );
                refused += 1;
            }
        }
    }
    println!("{opened} texts opened, {refused} refused");
    assert!(opened == 2 * 226 && refused == 8 * 226);
}

#[test]
fn nonces_of_sixteen_bytes_open_as_the_aes_gcm_crate_seals_them() {
    type LongNonce = AesGcm<aes::Aes256, aes::cipher::consts::U16>;
    let mut random = Random::new("aes-gcm, long nonces");
    for len in random.lengths(50) {
        let (key, nonce, aad, plain) = (
            random.bytes(32),
            random.bytes(16),
            random.bytes(9),
            random.bytes(len),
        );
        let mut sealed = plain.clone();
        let sealing = LongNonce::new_from_slice(&key).unwrap();
        sealing
            .encrypt_in_place(nonce[..].into(), &aad, &mut sealed)
            .unwrap();
        assert_eq!(
            in_pieces(&mut random, &key, &nonce, &aad, &sealed).unwrap(),
            plain,
            "{len} bytes"
        );
        let changed = random.flipped(&sealed);
        let error = in_pieces(&mut random, &key, &nonce, &aad, &changed).unwrap_err();
        assert_eq!(error.status(), Status::DecryptFailed, "{len} bytes");
    }
}

/// The key of `req_info` is the MD5 of the APIv2 key in hex, here by openssl; the cipher AWS-LC's.
#[test]
fn what_aws_lc_encrypts_as_req_info_opens() {
    let mut random = Random::new("req_info");
    let client = client();
    let key = md5_of_openssl(&[super::digests::API_V2_KEY.as_bytes().to_vec()]).remove(0);
    for len in random.lengths(20).into_iter().filter(|len| *len < 20_000) {
        let text: String = (0..len)
            .map(|_| char::from(b'a' + random.below(26) as u8))
            .collect();
        let xml = format!("<root><a>{text}</a></root>");
        let mut buffer = xml.into_bytes();
        let unbound = UnboundCipherKey::new(&AES_256, key.as_bytes()).unwrap();
        PaddedBlockEncryptingKey::ecb_pkcs7(unbound)
            .unwrap()
            .encrypt(&mut buffer)
            .unwrap();
        let opened = wxpay::v2::refund_open(&client.merchant, &STANDARD.encode(&buffer)).unwrap();
        let json: serde_json::Value = serde_json::from_str(&opened).unwrap();
        assert_eq!(json["refund"]["a"], text, "{len} characters");
        // One byte of the last block: its padding is wrong then, or its XML.
        let at = buffer.len() - 1 - random.below(16);
        buffer[at] ^= 1 << random.below(8);
        let error =
            wxpay::v2::refund_open(&client.merchant, &STANDARD.encode(&buffer)).unwrap_err();
        assert_eq!(error.status(), Status::DecryptFailed, "{len} characters");
    }
}
