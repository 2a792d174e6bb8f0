//! Why two request targets are not the same: the ways in which a URL that was joined by hand goes
//! wrong.

/// One sentence, when the reason shows. `signed` and `sent` are path and query.
pub fn why(signed: &[u8], sent: &[u8]) -> Option<&'static str> {
    let (signed, sent) = (
        std::str::from_utf8(signed).ok()?,
        std::str::from_utf8(sent).ok()?,
    );
    let lower = signed.get(..8).unwrap_or(signed).to_ascii_lowercase();
    if lower.starts_with("https://") || lower.starts_with("http://") {
        return Some("The whole URL was signed; only path and query are, without scheme and host.");
    }
    if signed.len() > sent.len() && !signed.starts_with('/') && signed.ends_with(sent) {
        return Some("The host was signed too; only path and query are.");
    }
    if signed.trim_start_matches('/') == sent.trim_start_matches('/') {
        return Some("The path begins with exactly one slash.");
    }
    if signed.split_once('#').is_some_and(|(url, _)| url == sent) {
        return Some("What stands behind # is never sent, so it is not signed.");
    }
    if signed.strip_suffix('?') == Some(sent) || sent.strip_suffix('?') == Some(signed) {
        return Some("One of the two ends with a lone ?.");
    }
    let (path, query) = signed.split_once('?').unwrap_or((signed, ""));
    let (sent_path, sent_query) = sent.split_once('?').unwrap_or((sent, ""));
    if path == sent_path && query.is_empty() != sent_query.is_empty() {
        return Some("One of the two has no query: the query belongs to the URL that is signed.");
    }
    if signed.contains(['{', '}']) && !sent.contains(['{', '}']) {
        return Some("What was signed still has a placeholder in braces.");
    }
    if decoded(signed) == decoded(sent) {
        return Some(
            "The two are equal but for percent-encoding: sign the encoded form that is sent.",
        );
    }
    let sorted = |query: &str| {
        let mut pairs: Vec<Vec<u8>> = query.split('&').map(decoded).collect();
        pairs.sort_unstable();
        pairs
    };
    if path == sent_path && sorted(query) == sorted(sent_query) {
        return Some("The two have the same parameters in another order.");
    }
    None
}

/// `%XX` and `+` read as a form would.
fn decoded(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.as_bytes();
    while let Some((first, rest)) = bytes.split_first() {
        bytes = rest;
        let hex = rest
            .get(..2)
            .and_then(|two| std::str::from_utf8(two).ok())
            .and_then(|two| u8::from_str_radix(two, 16).ok());
        match (first, hex) {
            (b'%', Some(byte)) => {
                out.push(byte);
                bytes = rest.get(2..).unwrap_or_default();
            }
            (b'+', _) => out.push(b' '),
            _ => out.push(*first),
        }
    }
    out
}
