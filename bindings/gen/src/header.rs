//! Splits the header into what it is made of: exports with their comments, macros, opaque types.
//! Understands the regular output of cbindgen and nothing more.

/// One `WXPAY_API` declaration as it stands.
pub struct Export {
    /// Without `WXPAY_API` and `;`, on one line.
    pub declaration: String,
    /// The comment before it, without its stars; empty when there is none.
    pub comment: String,
}

pub struct Macro {
    pub name: String,
    pub value: String,
    pub comment: String,
}

#[derive(Default)]
pub struct Header {
    pub exports: Vec<Export>,
    /// Those with a value; guards and `WXPAY_API` are left out.
    pub macros: Vec<Macro>,
    /// Name and comment.
    pub opaque: Vec<(String, String)>,
}

pub fn split(text: &str) -> Result<Header, String> {
    let mut header = Header::default();
    let mut comment = String::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        if rest.starts_with("/*") {
            let end = rest.find("*/").ok_or("a comment has no end")? + 2;
            comment = if rest.starts_with("/**") {
                plain(&rest[..end])
            } else {
                String::new()
            };
            rest = rest[end..].trim_start();
            continue;
        }
        let end = if rest.starts_with("WXPAY_API") || rest.starts_with("typedef") {
            rest.find(';')
                .ok_or_else(|| format!("no end: {}", first_line(rest)))?
                + 1
        } else {
            rest.find('\n').unwrap_or(rest.len())
        };
        item(&rest[..end], std::mem::take(&mut comment), &mut header)?;
        rest = rest[end..].trim_start();
    }
    Ok(header)
}

fn item(text: &str, comment: String, header: &mut Header) -> Result<(), String> {
    if let Some(declaration) = text.strip_prefix("WXPAY_API") {
        let declaration = one_line(declaration.trim_end_matches(';'));
        header.exports.push(Export {
            declaration,
            comment,
        });
    } else if let Some(definition) = text.strip_prefix("typedef") {
        let words: Vec<&str> = definition
            .trim_end_matches(';')
            .split_whitespace()
            .collect();
        match words.as_slice() {
            ["struct", tag, name] if tag == name => {
                header
                    .opaque
                    .push(((*name).to_owned(), comment.replace('\n', " ")));
            }
            ["int32_t", "wxpay_status"] => {}
            _ => return Err(format!("a type that is not opaque: {}", one_line(text))),
        }
    } else if let Some(definition) = text.strip_prefix("#define WXPAY_") {
        if let Some((name, value)) = definition.split_once(' ')
            && name != "API"
        {
            let (name, value) = (format!("WXPAY_{name}"), value.trim().to_owned());
            header.macros.push(Macro {
                name,
                value,
                comment,
            });
        }
    } else if !(text.starts_with('#')
        || text.starts_with("extern \"C\" {")
        || text.starts_with('}'))
    {
        return Err(format!(
            "something that is not a WXPAY_API declaration: {}",
            first_line(text)
        ));
    }
    Ok(())
}

/// A doc comment's text, line by line.
fn plain(comment: &str) -> String {
    let inner = comment.trim_start_matches("/**").trim_end_matches("*/");
    let lines = inner.lines().map(|line| {
        let line = line.trim_start();
        line.strip_prefix("* ")
            .or_else(|| line.strip_prefix('*'))
            .unwrap_or(line)
            .trim_end()
    });
    lines.collect::<Vec<_>>().join("\n").trim().to_owned()
}

pub fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}
