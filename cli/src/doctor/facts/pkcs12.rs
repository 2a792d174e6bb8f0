//! PKCS#12 trust stores: the JDK has shipped its cacerts in this format since version 18, without a password and with
//! the certificates in the clear. Those can be read; an encrypted one cannot, and gives none.

/// OID x509Certificate 1.2.840.113549.1.9.22.1 (RFC 7292 §4.2.3), which stands before every certificate in the clear.
const X509: [u8; 12] = [
    0x06, 0x0a, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x16, 0x01,
];

/// DER of the certificates that are not encrypted; None when the file is no DER of its own length.
pub fn certificates(bytes: &[u8]) -> Option<Vec<Vec<u8>>> {
    // BER writers, such as openssl's, use an indefinite length.
    if bytes.get(1) != Some(&0x80) {
        content(bytes, 0x30)?;
    }
    let mut found = Vec::new();
    let mut rest = bytes;
    while let Some(at) = rest.windows(X509.len()).position(|part| part == X509) {
        rest = &rest[at + X509.len()..];
        // CertBag ::= SEQUENCE { certId OID, certValue [0] EXPLICIT OCTET STRING }
        let bag = content(rest, 0xa0).and_then(|(explicit, _)| content(explicit, 0x04));
        if let Some((der, _)) = bag
            && content(der, 0x30).is_some_and(|(_, len)| len == der.len())
        {
            found.push(der.to_vec());
        }
    }
    Some(found)
}

/// The content of the element of this tag that `bytes` begin with, and the element's whole length.
fn content(bytes: &[u8], tag: u8) -> Option<(&[u8], usize)> {
    let (&first, &short) = (bytes.first()?, bytes.get(1)?);
    if first != tag {
        return None;
    }
    let (len, head) = if short < 0x80 {
        (usize::from(short), 2)
    } else {
        let count = usize::from(short & 0x7f);
        if count == 0 || count > 4 {
            return None;
        }
        let digits = bytes.get(2..2 + count)?;
        let len = digits
            .iter()
            .fold(0, |len, digit| len << 8 | usize::from(*digit));
        (len, 2 + count)
    };
    Some((bytes.get(head..head.checked_add(len)?)?, head + len))
}
