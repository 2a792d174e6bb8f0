//! Uploads (protocol.md §1.11): two parts, of which the first, `meta`, is what is signed. Nothing
//! that a caller passes can add a part or a header (safety.md S22).

mod endpoint;
mod meta;
#[cfg(test)]
mod tests;

use crate::error::{Result, Status, fail};
use crate::http::headers::shown;
use crate::http::{Body, Message, target};
use crate::memory;
use crate::nonce;

/// Documents say 128 or 150 characters, by the interface.
const LONGEST_NAME: usize = 256;

pub struct Upload<'a> {
    pub url: &'a str,
    /// Empty: made from name and digest of the file.
    pub meta_json: &'a str,
    pub filename: &'a str,
    /// Empty: from the end of the file name.
    pub content_type: &'a str,
    pub file: &'a [u8],
}

/// A POST that carries its Content-Type, because that names the boundary. A repeat sends the same
/// body under a new signature.
pub fn message(upload: &Upload<'_>) -> Result<Message> {
    let target = target(upload.url)?;
    let path = target.split('?').next().unwrap_or_default();
    check_name(upload.filename)?;
    let rules = endpoint::rules(path);
    rules.check(path, upload.filename, upload.file)?;
    let content_type = match upload.content_type {
        "" => endpoint::content_type(upload.filename)?,
        given => checked_type(given)?,
    };
    let meta = match upload.meta_json {
        "" => meta::made(&rules, upload.filename, upload.file).into_bytes(),
        given => {
            meta::check(&rules, given, upload.filename, upload.file)?;
            given.as_bytes().to_vec()
        }
    };
    let boundary = unused_boundary(nonce::boundary, &meta, upload.file)?;
    let body = multipart(&boundary, &meta, upload.filename, content_type, upload.file)?;
    let mut message = Message::request("POST", upload.url, body);
    message.headers.push(
        "Content-Type",
        &format!("multipart/form-data; boundary={boundary}"),
    );
    message.signed_part = Some(Body::new(meta));
    Ok(message)
}

fn check_name(name: &str) -> Result<()> {
    if name.is_empty() {
        return fail(Status::InvalidArgument, "filename is empty.")
            .map_err(|error| error.hint("Pass a name with its ending, such as licence.jpg."));
    }
    if name.chars().count() > LONGEST_NAME {
        return fail(
            Status::LimitExceeded,
            format!("filename has more than {LONGEST_NAME} characters."),
        );
    }
    if let Some(one) = name.chars().find(|one| one.is_control()) {
        return fail(
            Status::InvalidArgument,
            format!(
                "filename \"{}\" contains the control character U+{:04X}.",
                shown(name),
                u32::from(one)
            ),
        );
    }
    Ok(())
}

/// `type/subtype` and nothing behind it: a parameter could be read as one of the part.
fn checked_type(given: &str) -> Result<&str> {
    let token = |text: &str| {
        !text.is_empty()
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
    };
    match given.split_once('/') {
        Some((kind, subtype)) if token(kind) && token(subtype) && given.len() <= 127 => Ok(given),
        _ => fail(
            Status::InvalidArgument,
            format!(
                "content_type \"{}\" is not type/subtype, such as image/png.",
                shown(given)
            ),
        ),
    }
}

/// One that stands in neither part. Who makes a file cannot know it, so the second draw is for the
/// one case in 2^128.
fn unused_boundary(
    mut draw: impl FnMut() -> Result<String>,
    meta: &[u8],
    file: &[u8],
) -> Result<String> {
    loop {
        let boundary = draw()?;
        let needle = boundary.as_bytes();
        let holds = |text: &[u8]| text.windows(needle.len()).any(|window| window == needle);
        if !holds(meta) && !holds(file) {
            return Ok(boundary);
        }
    }
}

/// The file's bytes are copied here and nowhere else.
fn multipart(
    boundary: &str,
    meta: &[u8],
    filename: &str,
    content_type: &str,
    file: &[u8],
) -> Result<Body> {
    let before_meta = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"meta\"\r\nContent-Type: application/json\r\n\r\n"
    );
    let name = filename.replace('"', "%22").replace('\\', "%5C");
    let before_file = format!(
        "\r\n--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: {content_type}\r\n\r\n"
    );
    let end = format!("\r\n--{boundary}--\r\n");
    let parts = [
        before_meta.as_bytes(),
        meta,
        before_file.as_bytes(),
        file,
        end.as_bytes(),
    ];
    let length = parts.iter().map(|part| part.len()).sum();
    let mut body = memory::room(length)?;
    for part in parts {
        body.extend_from_slice(part);
    }
    Ok(Body::new(body))
}
