//! Which bytes of an upload are signed: the part `meta` alone (protocol.md §1.11).

/// The content of the part named `meta` of a multipart body, else the whole body.
pub fn signed_part<'a>(content_type: &str, body: &'a [u8]) -> &'a [u8] {
    meta(content_type, body).unwrap_or(body)
}

fn meta<'a>(content_type: &str, body: &'a [u8]) -> Option<&'a [u8]> {
    let parameters = content_type.strip_prefix("multipart/form-data")?;
    let boundary = parameters
        .split(';')
        .find_map(|parameter| parameter.trim().strip_prefix("boundary="))?
        .trim_matches('"');
    let delimiter = format!("--{boundary}");
    let mut rest = body;
    while let Some(at) = find(rest, delimiter.as_bytes()) {
        let part = rest.get(at + delimiter.len()..)?.strip_prefix(b"\r\n")?;
        let head_end = find(part, b"\r\n\r\n")?;
        let (head, content) = (part.get(..head_end)?, part.get(head_end + 4..)?);
        if find(head, b"name=\"meta\"").is_some() {
            return content.get(..find(content, format!("\r\n{delimiter}").as_bytes())?);
        }
        rest = content;
    }
    None
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack
        .windows(needle.len())
        .position(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use super::signed_part;

    #[test]
    fn of_an_upload_only_meta_is_signed() {
        let kind = "multipart/form-data; boundary=\"B\"";
        let file =
            "--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nxyz\r\n";
        let meta = "--B\r\nContent-Disposition: form-data; name=\"meta\";\r\nContent-Type: application/json\r\n\r\n{\"a\":1}\r\n";
        for body in [
            format!("{meta}{file}--B--\r\n"),
            format!("{file}{meta}--B--\r\n"),
        ] {
            assert_eq!(signed_part(kind, body.as_bytes()), b"{\"a\":1}");
            assert_eq!(
                signed_part("application/json", body.as_bytes()),
                body.as_bytes()
            );
        }
        assert_eq!(signed_part(kind, file.as_bytes()), file.as_bytes());
    }
}
