//! Uploads: whatever the arguments are, the body has two parts and nothing else (S22).

use wxpay::error::Status;
use wxpay::v3::upload::{Upload, message};

use crate::world::check_error;

const URLS: [&str; 6] = [
    "/v3/merchant/media/upload",
    "/v3/merchant/media/video_upload",
    "/v3/marketing/favor/media/image-upload",
    "/v3/merchant-service/images/upload",
    "/v3/new-tax-control-fapiao/fapiao-applications/upload-fapiao-file",
    "",
];
/// In meta it stands for the file's SHA-256.
const DIGEST: &str = "@SHA256@";

/// First byte: the path (the last one: it is in the input). Then, each ended by a byte 1: file
/// name, content type, meta, path. The rest is the file.
pub fn compose(input: &[u8]) {
    let Some((choice, rest)) = input.split_first() else {
        return;
    };
    let parts: Vec<&[u8]> = rest.splitn(5, |byte| *byte == 1).collect();
    let [filename, content_type, meta, url, file] = parts[..] else {
        return;
    };
    let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
    let (filename, content_type) = (text(filename), text(content_type));
    let digest = wxpay::crypto::digest::hex(&wxpay::crypto::digest::sha256(file));
    let meta = text(meta).replace(DIGEST, &digest);
    let chosen = URLS[usize::from(*choice) % URLS.len()];
    let url = if chosen.is_empty() {
        text(url)
    } else {
        chosen.to_owned()
    };
    let upload = Upload {
        url: &url,
        meta_json: &meta,
        filename: &filename,
        content_type: &content_type,
        file,
    };
    match message(&upload) {
        Ok(message) => {
            let header = message
                .headers
                .get("Content-Type")
                .expect("it names the boundary");
            let boundary = header
                .strip_prefix("multipart/form-data; boundary=")
                .expect("so it begins");
            assert!(
                boundary
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'),
                "{boundary}"
            );
            let signed = message
                .signed_part
                .as_ref()
                .expect("meta is what is signed");
            let json: serde_json::Value = serde_json::from_slice(signed).expect("meta is JSON");
            if meta.is_empty() {
                let kind = if url.contains("fapiao") {
                    None
                } else {
                    json["sha256"].as_str()
                };
                assert!(
                    kind.is_none_or(|named| named == digest),
                    "meta has the file's digest"
                );
            } else {
                assert_eq!(&signed[..], meta.as_bytes(), "meta goes out as it came");
            }
            let [first, second] = two_parts(&message.body, boundary);
            assert_eq!(first.1, &signed[..], "the first part is meta");
            assert_eq!(second.1, file, "the second is the file");
            assert!(
                first.0.contains("name=\"meta\"") && second.0.contains("name=\"file\""),
                "{first:?} {second:?}"
            );
            for head in [first.0, second.0] {
                assert_eq!(head.matches('\n').count(), head.matches("\r\n").count());
                assert_eq!(
                    head.matches("\r\n").count(),
                    2,
                    "two headers each: {head:?}"
                );
                assert_eq!(head.matches("name=\"").count() <= 2, true, "{head:?}");
            }
        }
        Err(error) => check_error(
            &error,
            &[
                Status::InvalidArgument,
                Status::LimitExceeded,
                Status::UrlRefused,
                Status::DigestMismatch,
                Status::MalformedJson,
            ],
        ),
    }
}

type Part<'a> = (&'a str, &'a [u8]);

/// RFC 2046 by the letter: what stands between the delimiters, of which there are exactly three.
fn two_parts<'a>(body: &'a [u8], boundary: &str) -> [Part<'a>; 2] {
    let delimiter = format!("--{boundary}").into_bytes();
    let at: Vec<usize> = (0..body.len().saturating_sub(delimiter.len() - 1))
        .filter(|at| body[*at..].starts_with(&delimiter))
        .collect();
    assert_eq!(at.len(), 3, "two parts and the end");
    assert_eq!(at[0], 0, "nothing before the first");
    assert_eq!(
        &body[at[2] + delimiter.len()..],
        b"--\r\n",
        "nothing after the end"
    );
    [0, 1].map(|index| {
        let part = &body[at[index] + delimiter.len()..at[index + 1]];
        let part = part.strip_prefix(b"\r\n").expect("a line begins");
        let part = part.strip_suffix(b"\r\n").expect("a line ends");
        let end = part
            .windows(4)
            .position(|four| four == b"\r\n\r\n")
            .expect("headers end");
        let head = std::str::from_utf8(&part[..end + 2]).expect("headers are text");
        (head, &part[end + 4..])
    })
}
