//! The flat XML of API v2: written with CDATA, read strictly (protocol.md §2.3). What is not the published shape is refused:
//! a document type, attributes, nesting, a name that comes twice.

use super::Fields;
use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};

/// `<root><name><![CDATA[value]]></name>…</root>`
pub fn write(root: &str, fields: &Fields) -> Vec<u8> {
    let mut xml = format!("<{root}>");
    for (name, value) in fields {
        // The end of a section cannot stand inside one.
        let value = value.replace("]]>", "]]]]><![CDATA[>");
        xml.push_str(&format!("<{name}><![CDATA[{value}]]></{name}>"));
    }
    xml.push_str(&format!("</{root}>"));
    xml.into_bytes()
}

/// The fields of `<xml>…</xml>`, or what is wrong with it.
pub fn read(body: &[u8]) -> Result<Fields, String> {
    let text = std::str::from_utf8(body).map_err(|_| "not UTF-8".to_owned())?;
    let mut reader = Reader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let mut fields = Fields::new();
    let mut root_seen = false;
    // Root and field, or root, or nothing
    let mut open: Vec<String> = Vec::new();
    let mut value = String::new();
    loop {
        let event = reader.read_event().map_err(|error| error.to_string())?;
        match event {
            Event::Eof if root_seen && open.is_empty() => return Ok(fields),
            Event::Eof => return Err("it ends early".to_owned()),
            Event::Decl(_) if !root_seen => {}
            Event::Start(start) => {
                let name = plain_name(&start)?;
                match open.len() {
                    0 if name == "xml" && !root_seen => root_seen = true,
                    1 => value.clear(),
                    _ => return Err(format!("<{name}> is not expected there")),
                }
                open.push(name);
            }
            Event::End(_) => {
                let name = open.pop().unwrap_or_default();
                if open.len() == 1 && fields.insert(name.clone(), value.clone()).is_some() {
                    return Err(format!("{name} comes twice"));
                }
            }
            Event::Text(text) => {
                let text = text.xml10_content();
                if open.len() == 2 {
                    value.push_str(&text);
                } else if !text.trim().is_empty() {
                    return Err("text outside of a field".to_owned());
                }
            }
            Event::CData(text) if open.len() == 2 => {
                value.push_str(&text.xml10_content());
            }
            Event::GeneralRef(reference) if open.len() == 2 => value.push(character(&reference)?),
            _ => return Err("only elements, text and CDATA are allowed".to_owned()),
        }
    }
}

fn plain_name(start: &BytesStart<'_>) -> Result<String, String> {
    let name = start.to_string();
    // The whole tag: with attributes or white space it is no name.
    let plain = name
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"_$".contains(&byte));
    if plain && (1..=64).contains(&name.len()) {
        Ok(name)
    } else {
        Err(format!("<{name}> is not a plain element"))
    }
}

fn character(reference: &BytesRef<'_>) -> Result<char, String> {
    if let Some(character) = reference
        .resolve_char_ref()
        .map_err(|error| error.to_string())?
    {
        return Ok(character);
    }
    let name: &str = reference;
    match name {
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "amp" => Ok('&'),
        "quot" => Ok('"'),
        "apos" => Ok('\''),
        _ => Err(format!("unknown entity {name}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read_again() {
        let fields = Fields::from(
            [
                ("a", "1 < 2 && \"x\""),
                ("b", "]]>"),
                ("c", ""),
                ("d", "中文\nx"),
            ]
            .map(|(name, value)| (name.to_owned(), value.to_owned())),
        );
        assert_eq!(read(&write("xml", &fields)), Ok(fields));
        let text = "<?xml version=\"1.0\"?>\n<xml>\n <a>1 &lt; &#x32; &amp;&amp; <![CDATA[<]]>é</a><b/></xml>\n";
        let want = [("a", "1 < 2 && <é"), ("b", "")];
        assert_eq!(
            read(text.as_bytes()),
            Ok(Fields::from(
                want.map(|(name, value)| (name.to_owned(), value.to_owned()))
            ))
        );
    }

    #[test]
    fn what_is_not_flat_and_plain_is_refused() {
        for wrong in [
            "",
            "{}",
            "<xml>",
            "<xml><a>1</xml>",
            "<xml><a>1</a></xml><xml/>",
            "<other><a>1</a></other>",
            "<xml><a>1</a><a>1</a></xml>",
            "<xml><a><b>1</b></a></xml>",
            "<xml><a b=\"1\">1</a></xml>",
            "<xml>text<a>1</a></xml>",
            "<xml><!-- c --><a>1</a></xml>",
            "<xml><?p i?><a>1</a></xml>",
            "<xml><a>&b;</a></xml>",
            "<xml><a-b>1</a-b></xml>",
            "<!DOCTYPE xml [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><xml><a>&e;</a></xml>",
        ] {
            assert!(read(wrong.as_bytes()).is_err(), "{wrong}");
        }
        assert!(read(b"<xml><a>\xff</a></xml>").is_err());
    }
}
