//! The Authorization header: merchant scheme, and brand scheme for paths under `/brand/`
//! (protocol.md §1.1, §1.2).

/// Who signs: decides the scheme word and the name of the first field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signatory<'a> {
    Merchant { mchid: &'a str },
    Brand { brand_id: &'a str },
}

/// The header up to its signature, so that a signer outside can complete it. Every value's grammar
/// was checked when it was configured: nothing here can hold a quote or a line end (S16).
pub fn unsigned(who: Signatory<'_>, nonce: &str, timestamp: &str, serial: &str) -> String {
    let (scheme, field, id) = match who {
        Signatory::Merchant { mchid } => ("WECHATPAY2-SHA256-RSA2048", "mchid", mchid),
        Signatory::Brand { brand_id } => ("WECHATPAY-BRAND-SHA256-RSA2048", "brand_id", brand_id),
    };
    let parts = [
        scheme,
        " ",
        field,
        "=\"",
        id,
        "\",nonce_str=\"",
        nonce,
        "\",timestamp=\"",
        timestamp,
        "\",serial_no=\"",
        serial,
        "\",signature=\"",
    ];
    // Room for the base64 of an RSA-2048 signature and the last quote.
    let mut out = String::with_capacity(parts.iter().map(|part| part.len()).sum::<usize>() + 345);
    for part in parts {
        out.push_str(part);
    }
    out
}

/// `unsigned` with its signature in base64.
pub fn completed(mut unsigned: String, signature: &str) -> String {
    unsigned.push_str(signature);
    unsigned.push('"');
    unsigned
}
