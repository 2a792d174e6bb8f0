//! `multipart/form-data` as uploads use it (RFC 7578; protocol.md §1.11), read strictly: what another reader could
//! understand otherwise is refused.

/// One part; `content` is a piece of the body as it came.
#[derive(Debug, PartialEq, Eq)]
pub struct Part<'a> {
    pub name: String,
    pub filename: Option<String>,
    pub content_type: String,
    pub content: &'a [u8],
}

/// The parts of a body with nothing before, between and behind them; None for every other body.
pub fn parts<'a>(content_type: &str, body: &'a [u8]) -> Option<Vec<Part<'a>>> {
    let delimiter = format!("\r\n--{}", boundary(content_type)?);
    // The first delimiter has no line before it.
    let mut rest = body.strip_prefix(delimiter.get(2..)?.as_bytes())?;
    let mut parts = Vec::new();
    loop {
        if matches!(rest, b"--" | b"--\r\n") {
            return Some(parts);
        }
        let part = rest.strip_prefix(b"\r\n")?;
        let end = find(part, delimiter.as_bytes())?;
        parts.push(one(part.get(..end)?)?);
        rest = part.get(end + delimiter.len()..)?;
    }
}

fn boundary(content_type: &str) -> Option<&str> {
    let mut parameters = content_type.split(';');
    if !parameters
        .next()?
        .trim()
        .eq_ignore_ascii_case("multipart/form-data")
    {
        return None;
    }
    let boundary = parameters.find_map(|parameter| parameter.trim().strip_prefix("boundary="))?;
    let boundary = boundary
        .strip_prefix('"')
        .map_or(Some(boundary), |quoted| quoted.strip_suffix('"'))?;
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"'()+_,-./:=?".contains(&byte);
    ((1..=70).contains(&boundary.len()) && boundary.bytes().all(allowed)).then_some(boundary)
}

fn one(part: &[u8]) -> Option<Part<'_>> {
    let end = find(part, b"\r\n\r\n")?;
    let head = std::str::from_utf8(part.get(..end)?).ok()?;
    let (mut name, mut filename, mut content_type) = (None, None, String::new());
    for line in head.split("\r\n") {
        let (header, value) = line.split_once(':')?;
        let value = value.trim();
        if header.eq_ignore_ascii_case("content-disposition") {
            let parameters = value.strip_prefix("form-data;")?;
            name = quoted(parameters, "name");
            filename = quoted(parameters, "filename");
        } else if header.eq_ignore_ascii_case("content-type") {
            content_type = value.to_owned();
        }
    }
    Some(Part {
        name: name?,
        filename,
        content_type,
        content: part.get(end + 4..)?,
    })
}

/// The value of ` name="…"`; a quote inside one is written %22 (RFC 7578 §2).
fn quoted(parameters: &str, name: &str) -> Option<String> {
    let mut rest = parameters.trim();
    while !rest.is_empty() {
        let (key, value) = rest.split_once("=\"")?;
        let (value, behind) = value.split_once('"')?;
        if key == name {
            return Some(value.replace("%22", "\"").replace("%5C", "\\"));
        }
        rest = behind.trim().trim_start_matches(';').trim_start();
    }
    None
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    let first = *needle.first()?;
    let mut at = 0;
    // Found by its first byte: a file has megabytes.
    while let Some(step) = haystack.get(at..)?.iter().position(|byte| *byte == first) {
        at += step;
        if haystack.get(at..)?.starts_with(needle) {
            return Some(at);
        }
        at += 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const KIND: &str = "multipart/form-data; boundary=B";
    const META: &str = "--B\r\nContent-Disposition: form-data; name=\"meta\";\r\nContent-Type: application/json\r\n\r\n{\"a\":1}\r\n";
    const FILE: &str = "--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a%22b;.png\"\r\nContent-Type: image/png\r\n\r\n\r\n-x\r\n";

    #[test]
    fn the_parts_are_as_they_came() {
        let body = format!("{META}{FILE}--B--\r\n");
        let parts = parts(KIND, body.as_bytes()).expect("two parts");
        let [meta, file] = &parts[..] else {
            panic!("{parts:?}")
        };
        assert_eq!(
            (meta.name.as_str(), &meta.filename, meta.content),
            ("meta", &None, &b"{\"a\":1}"[..])
        );
        assert_eq!(
            (
                file.filename.as_deref(),
                file.content_type.as_str(),
                file.content
            ),
            (Some("a\"b;.png"), "image/png", &b"\r\n-x"[..])
        );
    }

    #[test]
    fn what_is_not_exactly_parts_is_none() {
        let whole = format!("{META}{FILE}--B--\r\n");
        for (case, kind, body) in [
            ("no boundary", "multipart/form-data", whole.clone()),
            ("other type", "application/json; boundary=B", whole.clone()),
            ("preamble", KIND, format!("x\r\n{whole}")),
            ("epilogue", KIND, format!("{whole}x")),
            ("no end", KIND, format!("{META}{FILE}")),
            (
                "part without a name",
                KIND,
                whole.replace("name=\"meta\"", "x=\"meta\""),
            ),
            ("lone line feeds", KIND, whole.replace("\r\n", "\n")),
        ] {
            assert_eq!(parts(kind, body.as_bytes()), None, "{case}");
        }
    }
}
