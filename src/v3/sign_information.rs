//! What WeChat Pay says it verified: `sign_information` of a SIGN_ERROR (protocol.md §4.4). Owns how
//! the echo is read: its lines, where it is cut, and the line break that may be two characters.

use serde::Deserialize;
use serde_json::value::RawValue;

/// The lines, in order.
pub const NAMES: [&str; 5] = ["method", "url", "timestamp", "nonce_str", "body"];

/// What WeChat Pay says it verified. Foreign text.
#[derive(Debug, Default)]
pub struct SignInformation {
    pub method: String,
    pub url: String,
    /// With real line feeds.
    message: Vec<u8>,
    /// Bytes of the whole message.
    pub length: Option<usize>,
    /// The same where `\n` within the body is JSON's own and no line break.
    pub otherwise: Option<Box<SignInformation>>,
}

#[derive(Deserialize)]
struct Wire<'a> {
    #[serde(default)]
    method: Option<String>,
    #[serde(default)]
    url: Option<String>,
    #[serde(default)]
    truncated_sign_message: Option<String>,
    #[serde(borrow, default)]
    sign_message_length: Option<&'a RawValue>,
}

impl SignInformation {
    /// From the body of an error answer.
    pub fn of_answer(body: &[u8]) -> Option<SignInformation> {
        #[derive(Deserialize)]
        struct Answer<'a> {
            #[serde(borrow)]
            detail: &'a RawValue,
        }
        #[derive(Deserialize)]
        struct Detail<'a> {
            #[serde(borrow)]
            sign_information: &'a RawValue,
        }
        let answer: Answer<'_> = serde_json::from_slice(body).ok()?;
        let detail: Detail<'_> = serde_json::from_str(answer.detail.get()).ok()?;
        SignInformation::of_json(detail.sign_information.get())
    }

    /// From a text that begins with the object, whatever follows it.
    pub fn of_json(json: &str) -> Option<SignInformation> {
        let mut objects = serde_json::Deserializer::from_str(json).into_iter::<&RawValue>();
        let object = objects.next()?.ok()?.get();
        if !object.starts_with('{') {
            return None;
        }
        let wire: Wire<'_> = serde_json::from_str(object).ok()?;
        let message = wire.truncated_sign_message.unwrap_or_default();
        let (message, otherwise) = line_breaks(message);
        let length = wire
            .sign_message_length
            .and_then(|raw| raw.get().trim_matches('"').parse().ok());
        let (method, url) = (
            wire.method.unwrap_or_default(),
            wire.url.unwrap_or_default(),
        );
        let otherwise = otherwise.map(|message| {
            Box::new(SignInformation {
                method: method.clone(),
                url: url.clone(),
                message: message.into_bytes(),
                length,
                otherwise: None,
            })
        });
        let information = SignInformation {
            method,
            url,
            message: message.into_bytes(),
            length,
            otherwise,
        };
        let says = !information.method.is_empty()
            || !information.url.is_empty()
            || !information.message.is_empty();
        says.then_some(information)
    }

    pub fn shown_bytes(&self) -> usize {
        self.message.len()
    }

    /// The first four lines as far as they came, and whether each is whole.
    pub fn head(&self) -> [Option<(&[u8], bool)>; 4] {
        let parts: Vec<&[u8]> = self.message.splitn(5, |byte| *byte == b'\n').collect();
        std::array::from_fn(|at| {
            let whole = at + 1 < parts.len();
            let line = parts.get(at).map(|line| (*line, whole))?;
            (!self.message.is_empty()).then_some(line)
        })
    }

    pub fn body(&self) -> Option<&[u8]> {
        self.message.splitn(5, |byte| *byte == b'\n').nth(4)
    }

    /// Bytes of the whole body: the length less the other lines.
    pub fn body_bytes(&self) -> Option<usize> {
        let head: usize = self
            .head()
            .iter()
            .map(|line| {
                line.filter(|(_, whole)| *whole)
                    .map(|(line, _)| line.len() + 1)
            })
            .sum::<Option<usize>>()?;
        self.length?.checked_sub(head + 1)
    }

    /// Nothing was cut. Dots that stand for a few bytes may make up the very length of what they
    /// stand for; no body that WeChat Pay takes ends in dots.
    pub fn is_whole(&self) -> bool {
        let ended = self.message.strip_suffix(b"\n").unwrap_or(&self.message);
        self.length == Some(self.message.len()) && cut(ended).len() == ended.len()
    }
}

/// Without what may stand in place of what was cut away: dots, and half a character.
pub fn cut(line: &[u8]) -> &[u8] {
    let dots = line
        .strip_suffix(b"...")
        .or_else(|| line.strip_suffix("…".as_bytes()))
        .unwrap_or(line);
    let mut out = dots;
    while let Some(less) = out.strip_suffix("\u{fffd}".as_bytes()) {
        out = less;
    }
    out
}

/// The line break may be the two characters `\n`, as the FAQ prints it, cut between the two. Then
/// nobody can tell it from the `\n` in a string of a JSON body: both readings, where they differ.
fn line_breaks(message: String) -> (String, Option<String>) {
    if message.contains('\n') || !message.contains("\\n") {
        return (message, None);
    }
    let text = message.strip_suffix('\\').unwrap_or(&message);
    let all = text.replace("\\n", "\n");
    let mut lines = text.replacen("\\n", "\n", 4);
    if let Some(body) = lines.strip_suffix("\\n") {
        lines = format!("{body}\n");
    }
    let otherwise = (lines != all).then_some(lines);
    (all, otherwise)
}
