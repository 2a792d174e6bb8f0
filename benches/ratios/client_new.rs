//! What a client costs over the parsing of its keys.

use aws_lc_rs::signature::{ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RsaKeyPair};
use wxpay::client::Client;

use super::files::Files;
use super::sampling::side_by_side;
use super::table::Row;

pub fn client_new(files: &Files) -> Vec<Row> {
    let config = files.config();
    let mut with_certificate = files.config();
    with_certificate
        .set("merchant_certificate", &files.text("cert.pem"))
        .expect("a certificate");
    let private = files.private_der("rsa2048.pem");
    let own_public = files.public_der("public.pem");
    let public = files.public_der("other-public.pem");
    let new = |config| Client::new(config).expect("the configuration is complete");
    let parse_private = || RsaKeyPair::from_pkcs8(&private).expect("it parses");
    let parse_public =
        |der: &[u8]| ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, der).expect("it parses");
    let two = side_by_side(
        160,
        || new(&config),
        || (parse_private(), parse_public(&public)),
    );
    let three = side_by_side(
        160,
        || new(&with_certificate),
        || {
            (
                parse_private(),
                parse_public(&public),
                parse_public(&own_public),
            )
        },
    );
    vec![
        Row::of_times(
            "client_new",
            &two,
            Some(3.0),
            "private key and WeChat Pay public key in PEM, and an extra CA; against RsaKeyPair::from_pkcs8 and ParsedPublicKey::new of aws-lc-rs over the same keys in DER.",
        ),
        Row::of_times(
            "client_new with certificate",
            &three,
            Some(3.0),
            "the merchant certificate too; the reference parses its public key a third time.",
        ),
    ]
}
