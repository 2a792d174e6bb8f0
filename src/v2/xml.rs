//! XML of API v2 (protocol.md §2.3): one root, flat fields, text or CDATA. Read more strictly than
//! XML demands, because two parsers that understand one signed message differently are two
//! merchants who disagree about what was paid: no DOCTYPE, no entities but the five, no
//! attributes, no comments, no processing instructions, no field twice.

use quick_xml::Reader;
use quick_xml::events::{BytesDecl, BytesRef, BytesStart, Event};

use super::fields::{Fields, MOST_BYTES, MOST_FIELDS, is_name};
use crate::error::{Error, Result, Status, fail};
use crate::http::headers::shown;

/// Lists inside a field, as `gethbinfo` answers; given out as they stand.
const MOST_LEVELS: usize = 5;

/// What a value may hold: no control character, which includes every line end (S8).
pub(super) fn is_plain(one: char) -> bool {
    !one.is_control() && !matches!(one, '\u{fffe}' | '\u{ffff}')
}

/// XML's white space, but for the space.
fn is_line_end(one: char) -> bool {
    matches!(one, '\t' | '\r' | '\n')
}

/// The value as character data that says nothing else.
pub(super) fn cdata(value: &str) -> String {
    format!("<![CDATA[{}]]>", value.replace("]]>", "]]]]><![CDATA[>"))
}

/// The body of a request. Values were checked when they came in.
pub(super) fn write(fields: &Fields) -> Result<String> {
    let mut body = String::from("<xml>");
    for (name, value) in fields.iter() {
        // Only of the index forms, and XML has none.
        if name.contains('$') || name.starts_with(|first: char| first.is_ascii_digit()) {
            return fail(
                Status::InvalidArgument,
                format!("{name} cannot be the name of a field in XML."),
            )
            .map_err(|error| error.hint("Put the number in: coupon_id_0, coupon_id_1."));
        }
        let value = if value.contains(['>', '&', '"', '<', '\'']) {
            cdata(value)
        } else {
            value.to_owned()
        };
        for piece in ["<", name, ">", &value, "</", name, ">"] {
            body.push_str(piece);
        }
    }
    body.push_str("</xml>");
    Ok(body)
}

/// How strict.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Rules {
    /// A signature counts: fields are flat and values of one line.
    Signed,
    /// Answers that nobody signs. A value may have line ends (a key in PEM) or elements (the
    /// receivers of a red packet): it is then the text between the field's tags, as it stands.
    Unsigned,
}

/// Every refusal is MALFORMED_XML with a sentence of its own.
pub(super) fn read(root: &str, body: &[u8], rules: Rules) -> Result<Fields> {
    let source = text(body)?;
    let mut reading = Reading {
        root,
        rules,
        fields: Fields::default(),
        open: None,
        levels: 0,
        ended: false,
    };
    let mut reader = Reader::from_str(source);
    loop {
        let before = position(&reader);
        let event = reader.read_event().map_err(|error| {
            malformed(format!(
                "is not well-formed at byte {before}: {}",
                shown(&error.to_string())
            ))
        })?;
        let after = position(&reader);
        match event {
            Event::Decl(declaration) => check_declaration(&declaration, before)?,
            Event::Start(tag) => reading.start(&tag, after)?,
            Event::Empty(tag) => {
                reading.start(&tag, after)?;
                reading.end(source, after)?;
            }
            Event::End(_) => reading.end(source, before)?,
            Event::Text(text) => reading.text(&text)?,
            Event::CData(text) => reading.cdata(&text)?,
            Event::GeneralRef(reference) => reading.reference(&reference)?,
            Event::DocType(_) => {
                return Err(malformed(
                    "has a DOCTYPE: it could define entities or name files to read",
                ));
            }
            Event::PI(instruction) => {
                return Err(malformed(format!(
                    "has the processing instruction {}",
                    shown(instruction.target())
                )));
            }
            Event::Comment(_) => return Err(malformed("has a comment: it could split a value")),
            Event::Eof => return reading.finish(),
        }
    }
}

fn position(reader: &Reader<&[u8]>) -> usize {
    usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX)
}

/// The size is looked at before anything else is.
fn text(body: &[u8]) -> Result<&str> {
    if body.len() > MOST_BYTES {
        return Err(malformed(format!(
            "has {} bytes; at most {MOST_BYTES} are read",
            body.len()
        )));
    }
    if body.is_empty() {
        return Err(malformed("is empty"));
    }
    if body.starts_with(&[0xef, 0xbb, 0xbf]) {
        return Err(malformed(
            "begins with a byte order mark, which was not sent",
        ));
    }
    let text = std::str::from_utf8(body)
        .map_err(|error| malformed(format!("is not UTF-8 from byte {} on", error.valid_up_to())))?;
    let forbidden = |one: &char| !is_plain(*one) && !is_line_end(*one);
    match text.chars().find(forbidden) {
        None => Ok(text),
        Some(one) => Err(malformed(format!(
            "has the control character U+{:04X}",
            u32::from(one)
        ))),
    }
}

struct Reading<'a> {
    root: &'a str,
    rules: Rules,
    fields: Fields,
    open: Option<Open>,
    /// Elements that are open.
    levels: usize,
    /// The root was closed.
    ended: bool,
}

/// The field at work.
struct Open {
    name: String,
    value: String,
    /// Behind its start tag.
    start: usize,
    nested: bool,
}

impl Reading<'_> {
    fn start(&mut self, tag: &BytesStart<'_>, after: usize) -> Result<()> {
        let name = tag.name().into_inner();
        if self.ended {
            return Err(malformed(format!(
                "goes on after its root with {}",
                shown(name)
            )));
        }
        if !tag.attributes_raw().trim().is_empty() {
            return Err(malformed(format!("has attributes at {}", shown(name))));
        }
        self.levels += 1;
        match self.levels {
            1 if name == self.root => Ok(()),
            1 => Err(malformed(format!(
                "has the root {}, not {}{}",
                shown(name),
                self.root,
                if name.eq_ignore_ascii_case("html") {
                    ": a web page, from a proxy or captive portal"
                } else {
                    ""
                }
            ))),
            _ if !is_name(name) => Err(malformed(format!(
                "has the name {}; names have 1 to 64 of A-Z, a-z, 0-9 and _",
                shown(name)
            ))),
            2 => self.field(name, after),
            _ => self.inner(name),
        }
    }

    fn field(&mut self, name: &str, after: usize) -> Result<()> {
        if self.fields.get(name).is_some() {
            return Err(malformed(format!("has the field {name} twice")));
        }
        if self.fields.len() == MOST_FIELDS {
            return Err(malformed(format!("has more than {MOST_FIELDS} fields")));
        }
        self.open = Some(Open {
            name: name.to_owned(),
            value: String::new(),
            start: after,
            nested: false,
        });
        Ok(())
    }

    fn inner(&mut self, name: &str) -> Result<()> {
        if self.rules == Rules::Signed {
            return Err(malformed(format!(
                "has the element {name} inside a field; fields are flat"
            )));
        }
        if self.levels > MOST_LEVELS {
            return Err(malformed(format!(
                "is nested more than {MOST_LEVELS} levels deep"
            )));
        }
        if let Some(open) = &mut self.open {
            open.nested = true;
        }
        Ok(())
    }

    /// `before` is where the end tag begins.
    fn end(&mut self, source: &str, before: usize) -> Result<()> {
        // The reader has compared the names of start and end.
        let level = self.levels;
        self.levels = level.saturating_sub(1);
        self.ended = self.levels == 0;
        if level != 2 {
            return Ok(());
        }
        let Some(open) = self.open.take() else {
            return Ok(());
        };
        if open.nested {
            let inner = source.get(open.start..before).unwrap_or("");
            self.fields.push(&open.name, inner);
            return Ok(());
        }
        let is_kept =
            |one: char| is_plain(one) || (self.rules == Rules::Unsigned && is_line_end(one));
        match open.value.chars().find(|one| !is_kept(*one)) {
            None => self.fields.push_owned(open.name, open.value),
            Some(control) => {
                return Err(malformed(format!(
                    "has the character U+{:04X} in the value of {}",
                    u32::from(control),
                    open.name
                )));
            }
        }
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<()> {
        if text.contains("]]>") {
            return Err(malformed("has ]]> outside of CDATA"));
        }
        match &mut self.open {
            Some(open) => open.value.push_str(text),
            None if text.trim_matches([' ', '\t', '\r', '\n']).is_empty() => {}
            None => return Err(malformed("has text outside of its fields")),
        }
        Ok(())
    }

    fn cdata(&mut self, text: &str) -> Result<()> {
        match &mut self.open {
            Some(open) => open.value.push_str(text),
            None => return Err(malformed("has CDATA outside of its fields")),
        }
        Ok(())
    }

    /// The five of XML, and numbers of characters.
    fn reference(&mut self, reference: &BytesRef<'_>) -> Result<()> {
        let name: &str = reference;
        let one = match name {
            "lt" => '<',
            "gt" => '>',
            "amp" => '&',
            "quot" => '"',
            "apos" => '\'',
            _ => match reference.resolve_char_ref() {
                Ok(Some(one)) => one,
                Ok(None) => {
                    return Err(malformed(format!("uses the entity &{};", shown(name))));
                }
                Err(_) => {
                    return Err(malformed(format!(
                        "has &{};, which is no character",
                        shown(name)
                    )));
                }
            },
        };
        match &mut self.open {
            Some(open) => open.value.push(one),
            None => return Err(malformed("has a reference outside of its fields")),
        }
        Ok(())
    }

    fn finish(self) -> Result<Fields> {
        if self.ended {
            return Ok(self.fields);
        }
        Err(malformed(if self.levels == 0 {
            "has no root element"
        } else {
            "ends before its root is closed"
        }))
    }
}

fn check_declaration(declaration: &BytesDecl<'_>, at: usize) -> Result<()> {
    if at != 0 {
        return Err(malformed("has its XML declaration after the beginning"));
    }
    let version = declaration.version();
    if !version.is_ok_and(|version| version == "1.0") {
        return Err(malformed("is not of XML version 1.0"));
    }
    match declaration.encoding() {
        None => Ok(()),
        Some(Ok(name)) if name.eq_ignore_ascii_case("utf-8") => Ok(()),
        Some(_) => Err(malformed("declares another encoding than UTF-8")),
    }
}

fn malformed(what: impl std::fmt::Display) -> Error {
    Error::new(Status::MalformedXml, format!("The XML {what}."))
}
