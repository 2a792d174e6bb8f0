//! What a doc comment says: its sentences, and the tags `@param`, `@since`, `@threads`, `@io` and
//! `@errors`.

use crate::header::one_line;

pub struct Param {
    /// One `@param` line may name several, `a,b`.
    pub names: Vec<String>,
    /// Written `@param[out]`.
    pub is_out: bool,
    pub text: String,
}

#[derive(Default)]
pub struct Doc {
    pub text: String,
    pub params: Vec<Param>,
    pub since: Option<String>,
    pub threads: Option<String>,
    pub io: Option<String>,
    /// As written: `none` or numbers.
    pub errors: Option<String>,
}

impl Doc {
    pub fn param(&self, name: &str) -> Option<&Param> {
        self.params
            .iter()
            .find(|param| param.names.iter().any(|n| n == name))
    }
}

/// The error is a tag that is unknown, empty or there twice.
pub fn parse(comment: &str) -> Result<Doc, String> {
    let mut doc = Doc::default();
    let mut pieces = at_tags(comment).into_iter();
    doc.text = pieces.next().map(one_line).unwrap_or_default();
    for piece in pieces {
        let (tag, text) = piece.split_once(char::is_whitespace).unwrap_or((piece, ""));
        let text = one_line(text);
        if text.is_empty() {
            return Err(format!("{tag} says nothing"));
        }
        let once = match tag {
            "@param" | "@param[out]" => {
                let (names, text) = text.split_once(' ').unwrap_or((&text, ""));
                doc.params.push(Param {
                    names: names.split(',').map(str::to_owned).collect(),
                    is_out: tag == "@param[out]",
                    text: text.to_owned(),
                });
                continue;
            }
            "@since" => &mut doc.since,
            "@threads" => &mut doc.threads,
            "@io" => &mut doc.io,
            "@errors" => &mut doc.errors,
            _ => return Err(format!("{tag} is not a tag")),
        };
        if once.replace(text).is_some() {
            return Err(format!("{tag} is there twice"));
        }
    }
    Ok(doc)
}

/// What stands before the first tag, then each tag with its text. A tag is `@` and a letter at the
/// start of a word.
fn at_tags(comment: &str) -> Vec<&str> {
    let bytes = comment.as_bytes();
    let starts = (0..bytes.len()).filter(|&at| {
        let first = at == 0 || bytes[at - 1].is_ascii_whitespace();
        first && bytes[at] == b'@' && bytes.get(at + 1).is_some_and(u8::is_ascii_lowercase)
    });
    let mut cuts: Vec<usize> = starts.collect();
    cuts.insert(0, 0);
    cuts.push(comment.len());
    cuts.windows(2)
        .map(|cut| comment[cut[0]..cut[1]].trim())
        .collect()
}
