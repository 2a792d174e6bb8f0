//! Which bytes of an upload are signed: the part `meta` alone (protocol.md §1.11).

use super::multipart;

/// The content of the part named `meta` of a multipart body, else the whole body.
pub fn signed_part<'a>(content_type: &str, body: &'a [u8]) -> &'a [u8] {
    multipart::parts(content_type, body)
        .and_then(|parts| Some(parts.iter().find(|part| part.name == "meta")?.content))
        .unwrap_or(body)
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
