//! The string that was signed, by this library or by any program: read in whatever coding it has,
//! and taken apart into its lines. Owns the findings that are about its form alone.
//!
//! A line may be the body where it should not be: `fits` says whether its text may be shown.

use super::sign_information::NAMES;
use crate::error::{Cause, Diagnosis};

/// The string that was signed, taken apart as far as it has the form.
pub struct Ours<'a> {
    pub head: Vec<&'a [u8]>,
    /// None: there is no fifth line.
    pub body: Option<&'a [u8]>,
    pub ends_with_line_feed: bool,
    /// Of each line in the string.
    pub starts: Vec<usize>,
}

impl<'a> Ours<'a> {
    pub fn read(signed: &'a [u8]) -> Ours<'a> {
        let mut head: Vec<&[u8]> = signed.splitn(5, |byte| *byte == b'\n').collect();
        let mut starts = vec![0];
        for line in head.iter().take(4) {
            starts.push(starts.last().map_or(0, |start| start + line.len() + 1));
        }
        let rest = (head.len() == 5).then(|| head.pop()).flatten();
        let stripped = rest.and_then(|rest| rest.strip_suffix(b"\n"));
        Ours {
            ends_with_line_feed: stripped.is_some(),
            body: stripped.or(rest),
            head,
            starts,
        }
    }

    /// Neither a body nor the line feed behind it.
    fn ends_early(&self) -> bool {
        !self.ends_with_line_feed && self.body.is_none_or(<[u8]>::is_empty)
    }
}

/// Can this be the line that stands there? The body, JSON or XML, cannot.
pub fn fits(at: usize, line: &[u8]) -> bool {
    let all =
        |most: usize, is: fn(u8) -> bool| line.len() <= most && line.iter().all(|byte| is(*byte));
    match at {
        0 => all(16, |byte| byte.is_ascii_alphabetic() || byte == b' '),
        1 => all(usize::MAX, |byte| {
            byte >= b' ' && !matches!(byte, b'"' | b'<' | b'>' | 0x7f)
        }),
        // 1559194069, also as a program writes other numbers, dates, and what is not there (None).
        2 => {
            let number = |byte: u8| byte.is_ascii_digit() || b" +-.:TZeE".contains(&byte);
            all(40, number) || all(9, |byte| byte.is_ascii_alphabetic())
        }
        3 => all(128, |byte| {
            byte.is_ascii_alphanumeric() || b" _-+/=.".contains(&byte)
        }),
        _ => false,
    }
}

/// In UTF-8 with line feeds, as far as the lines before the body go: what had to be done for that is
/// a finding, and must not make every line differ.
pub fn plain_lines(signed: &[u8], findings: &mut Vec<Diagnosis>) -> Vec<u8> {
    let mut plain = signed.to_vec();
    if let Some(text) = of_utf16(signed) {
        findings.push(Diagnosis::new(
            Cause::SignEncoding,
            "The string that was signed is UTF-16: two bytes for each character.",
        ));
        plain = text;
    }
    if let Some(rest) = plain.strip_prefix(b"\xef\xbb\xbf") {
        findings.push(Diagnosis::new(
            Cause::SignEncoding,
            "The string that was signed begins with a byte order mark (EF BB BF).",
        ));
        plain = rest.to_vec();
    }
    if let Some(lines) = of_two_characters(&plain) {
        findings.push(Diagnosis::new(
            Cause::SignEncoding,
            "The lines of the string that was signed end with the two characters \\ and n, not with a line feed (0x0A).",
        )
        .cure("Write the line feed in a string that knows the escape: double quotes in PHP and shell ($'…')."));
        plain = lines;
    }
    let returns = plain.iter().filter(|byte| **byte == b'\r').count();
    if returns > 2 && !plain.contains(&b'\n') {
        findings.push(Diagnosis::new(
            Cause::SignEncoding,
            "The lines of the string that was signed end with CR (0D), not with a line feed (0A).",
        ));
        for byte in plain.iter_mut().filter(|byte| **byte == b'\r') {
            *byte = b'\n';
        }
    }
    let head: Vec<&[u8]> = plain.splitn(5, |byte| *byte == b'\n').collect();
    if head.iter().take(4).any(|line| line.ends_with(b"\r")) {
        findings.push(Diagnosis::new(
            Cause::SignEncoding,
            "The lines of the string that was signed end with CR LF (0D 0A), not with a line feed (0A) alone.",
        ));
        let mut next = Vec::with_capacity(plain.len());
        for (at, line) in head.iter().enumerate() {
            if at > 0 {
                next.push(b'\n');
            }
            next.extend_from_slice(if at < 4 {
                line.strip_suffix(b"\r").unwrap_or(line)
            } else {
                line
            });
        }
        // The end of the last line, which is no byte of the body.
        if next.ends_with(b"\r\n") {
            next.truncate(next.len() - 2);
            next.push(b'\n');
        }
        plain = next;
    }
    plain
}

fn of_utf16(signed: &[u8]) -> Option<Vec<u8>> {
    let (text, little) = match signed {
        [0xff, 0xfe, text @ ..] => (text, true),
        [0xfe, 0xff, text @ ..] => (text, false),
        [_, 0, _, 0, ..] => (signed, true),
        [0, _, 0, _, ..] => (signed, false),
        _ => return None,
    };
    let units: Vec<u16> = text
        .chunks_exact(2)
        .filter_map(|two| <[u8; 2]>::try_from(two).ok())
        .map(if little {
            u16::from_le_bytes
        } else {
            u16::from_be_bytes
        })
        .collect();
    Some(String::from_utf16_lossy(&units).into_bytes())
}

/// With line feeds where the four lines before the body, and the body, end with `\n` as two
/// characters. Such a `\n` in the body is JSON's own.
fn of_two_characters(text: &[u8]) -> Option<Vec<u8>> {
    let is_break = |two: &[u8]| two == b"\\n";
    let first = text.split(|byte| *byte == b'\n').next()?;
    let method = first
        .windows(2)
        .position(is_break)
        .and_then(|at| first.get(..at))?;
    if method.contains(&b'"') || first.windows(2).filter(|two| is_break(two)).count() < 3 {
        return None;
    }
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    for _ in 0..4 {
        let Some((line, behind)) = rest
            .windows(2)
            .position(is_break)
            .and_then(|at| rest.split_at_checked(at))
        else {
            break;
        };
        out.extend_from_slice(line);
        out.push(b'\n');
        rest = behind.get(2..).unwrap_or_default();
    }
    match rest.strip_suffix(b"\\n") {
        Some(body) => {
            out.extend_from_slice(body);
            out.push(b'\n');
        }
        None => out.extend_from_slice(rest),
    }
    Some(out)
}

/// JSON or XML.
fn is_body(line: &[u8]) -> bool {
    matches!(line.first(), Some(b'{' | b'[' | b'<'))
}

/// False, with a finding, when the lines stand in another order or one is missing.
pub fn order(
    ours: &Ours<'_>,
    theirs: &[Option<(Vec<u8>, bool)>; 4],
    findings: &mut Vec<Diagnosis>,
) -> bool {
    let mut all: Vec<&[u8]> = ours.head.clone();
    all.extend(ours.body);
    let place = |line: &Option<(Vec<u8>, bool)>| {
        let (line, whole) = line.as_ref()?;
        (*whole && !line.is_empty()).then_some(())?;
        all.iter().position(|one| one == line)
    };
    let places: Vec<Option<usize>> = theirs.iter().map(place).collect();
    let moved = places
        .iter()
        .enumerate()
        .filter(|(at, found)| found.is_some_and(|found| found != *at))
        .count();
    let in_place = places
        .iter()
        .enumerate()
        .filter(|(at, found)| **found == Some(*at))
        .count();
    // The body where another line should be; an empty line at the very end is none.
    let strange = ours
        .head
        .iter()
        .any(|line| is_body(line) || (line.is_empty() && ours.ends_early()));
    // One line elsewhere is a line that is missing before it.
    let near = moved == 0 || (moved == 1 && in_place > 1);
    if near && !strange && ours.head.len() == 4 {
        return true;
    }
    if let [only] = &all[..] {
        findings.push(
            Diagnosis::new(
                Cause::SignOrder,
                format!(
                    "The string that was signed is one line of {} bytes; it must be five, each ended by a line feed (0x0A).",
                    only.len()
                ),
            )
            .cure("Sign method, URL, timestamp, nonce and body, each followed by a line feed (0x0A), and nothing else."),
        );
        return false;
    }
    let names: Vec<&str> = all
        .iter()
        .enumerate()
        // Behind the last line feed there is no line.
        .filter(|(_, line)| !(line.is_empty() && ours.ends_early()))
        .map(|(at, line)| {
            let known = places.iter().position(|found| *found == Some(at));
            let body = is_body(line).then_some("body");
            known
                .and_then(|known| NAMES.get(known))
                .copied()
                .or(body)
                .unwrap_or("?")
        })
        .collect();
    let missing: Vec<&str> = NAMES
        .iter()
        .zip(&places)
        .filter(|(_, found)| found.is_none())
        .map(|(name, _)| *name)
        .collect();
    let missing = if missing.is_empty() {
        String::new()
    } else {
        format!("; not found: {}", missing.join(", "))
    };
    findings.push(Diagnosis::new(
        Cause::SignOrder,
        format!(
            "The lines of the string that was signed are: {}{missing}.",
            names.join(", ")
        ),
    ));
    false
}
