//! The string that was signed beside the one that WeChat Pay verified, line by line and byte by
//! byte. WeChat Pay echoes the second in `sign_information` of a SIGN_ERROR, its body cut after a
//! few bytes; the length it gives is that of the whole (protocol.md §4.4). So what is behind the
//! cut shows by its length alone. Owns which of the signing FAQ's mistakes it is.
//!
//! A body may hold personal data (safety.md S24): of it only places, lengths and single bytes are
//! told, never text.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{body_forms, sign_url};
use crate::error::{Cause, Diagnosis};
use crate::http::headers::shown;

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
        // The line break may be the two characters `\n`, as the FAQ prints it.
        let message = if message.contains('\n') {
            message
        } else {
            message.replace("\\n", "\n")
        };
        let length = wire
            .sign_message_length
            .and_then(|raw| raw.get().trim_matches('"').parse().ok());
        let information = SignInformation {
            method: wire.method.unwrap_or_default(),
            url: wire.url.unwrap_or_default(),
            message: message.into_bytes(),
            length,
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

    fn body(&self) -> Option<&[u8]> {
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
    fn is_whole(&self) -> bool {
        let ended = self.message.strip_suffix(b"\n").unwrap_or(&self.message);
        self.length == Some(self.message.len()) && cut(ended).len() == ended.len()
    }
}

/// One line of the two.
#[derive(Debug)]
pub struct Line {
    pub name: &'static str,
    /// None: the echo is cut before this line.
    pub same: Option<bool>,
    pub signed_bytes: Option<usize>,
    pub verified_bytes: Option<usize>,
    /// First byte that differs, counted from the beginning of the line.
    pub at: Option<usize>,
    /// The same from the beginning of the string that was signed.
    pub at_of_all: Option<usize>,
    /// Around it; of a body one byte as `0x7B`.
    pub signed: Option<String>,
    pub verified: Option<String>,
}

#[derive(Debug)]
pub struct Comparison {
    pub lines: Vec<Line>,
    pub signed_bytes: usize,
    pub verified_bytes: Option<usize>,
    pub shown_bytes: usize,
    /// The echo was not cut: equal is equal.
    pub complete: bool,
    /// Empty: nothing differs, as far as the echo goes.
    pub findings: Vec<Diagnosis>,
}

/// The string that was signed, taken apart as far as it has the form.
struct Ours<'a> {
    head: Vec<&'a [u8]>,
    /// None: there is no fifth line.
    body: Option<&'a [u8]>,
    ends_with_line_feed: bool,
    /// Of each line in the string.
    starts: Vec<usize>,
}

impl<'a> Ours<'a> {
    fn read(signed: &'a [u8]) -> Ours<'a> {
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
}

/// `signed` is what was signed, by this library or by any program.
pub fn compare(signed: &[u8], information: &SignInformation) -> Comparison {
    let mut findings = Vec::new();
    let plain = plain_lines(signed, &mut findings);
    let ours = Ours::read(&plain);
    let theirs = head_of(information, &ours);
    let ordered = order(&ours, &theirs, &mut findings);
    let mut lines: Vec<Line> = (0..4)
        .map(|at| head_line(at, &ours, theirs[at].as_ref()))
        .collect();
    let body = body_line(&ours, information);
    if ordered {
        for (at, line) in lines
            .iter()
            .enumerate()
            .filter(|(_, line)| line.same == Some(false))
        {
            let there = theirs[at].as_ref().map_or(&[][..], |(line, _)| line);
            let here = ours.head.get(at).copied().unwrap_or_default();
            findings.push(head_finding(at, here, there, line));
        }
        if !ours.ends_with_line_feed && !signed.is_empty() {
            findings.push(last_line_feed(&ours));
        } else if body.same == Some(false) {
            findings.push(body_finding(&ours, information, &body));
        } else if findings.is_empty()
            && information
                .length
                .is_some_and(|length| length != plain.len())
        {
            // The echo ends before the body's line: only the lengths are left to differ.
            findings.push(Diagnosis::new(
                Cause::SignBodyDiffers,
                format!(
                    "The lines that are shown are equal, but {} bytes were signed and {} were verified: the rest differs.",
                    plain.len(),
                    information.length.unwrap_or_default()
                ),
            ));
        }
    }
    lines.push(body);
    Comparison {
        lines,
        signed_bytes: signed.len(),
        verified_bytes: information.length,
        shown_bytes: information.shown_bytes(),
        complete: information.is_whole(),
        findings,
    }
}

impl Comparison {
    /// What equality does not prove: a body of the same length may differ behind the cut.
    pub fn reservation(&self) -> &'static str {
        if self.complete {
            ""
        } else {
            " (The echo of the body is cut: one of equal length that differs behind the cut would look the same.)"
        }
    }
}

/// Without byte order mark, carriage returns at the ends of the first lines, and line feeds that
/// are written as two characters: each is a finding, and must not make every line differ.
fn plain_lines(signed: &[u8], findings: &mut Vec<Diagnosis>) -> Vec<u8> {
    let mut plain = signed.to_vec();
    if let Some(rest) = signed.strip_prefix(b"\xef\xbb\xbf") {
        findings.push(Diagnosis::new(
            Cause::SignEncoding,
            "The string that was signed begins with a byte order mark (EF BB BF).",
        ));
        plain = rest.to_vec();
    }
    if !plain.contains(&b'\n') && plain.windows(2).any(|two| two == b"\\n") {
        findings.push(Diagnosis::new(
            Cause::SignEncoding,
            "The lines of the string that was signed end with the two characters \\ and n, not with a line feed (0x0A).",
        )
        .cure("Write the line feed in a string that knows the escape: double quotes in PHP and shell ($'…')."));
        let text = String::from_utf8_lossy(&plain).replace("\\n", "\n");
        plain = text.into_bytes();
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

/// Their first four lines. Method and URL are there twice: where the two do not agree, the one
/// that differs from ours is the one to show.
fn head_of(information: &SignInformation, ours: &Ours<'_>) -> [Option<(Vec<u8>, bool)>; 4] {
    let mut head = information
        .head()
        .map(|line| line.map(|(line, whole)| (line.to_vec(), whole)));
    for (at, field) in [&information.method, &information.url]
        .into_iter()
        .enumerate()
    {
        let here = ours.head.get(at).copied().unwrap_or_default();
        let told = head[at]
            .as_ref()
            .is_some_and(|(line, whole)| *whole && line != here);
        if !field.is_empty() && !told {
            head[at] = Some((field.clone().into_bytes(), true));
        }
    }
    head
}

/// False, with a finding, when the lines stand in another order or one is missing.
fn order(
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
    // One line elsewhere is a line that is missing before it.
    if moved == 0 || (moved == 1 && in_place > 1) {
        return true;
    }
    let names: Vec<&str> = (0..all.len())
        .map(|at| {
            let known = places.iter().position(|found| *found == Some(at));
            known
                .and_then(|known| NAMES.get(known))
                .copied()
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

fn head_line(at: usize, ours: &Ours<'_>, theirs: Option<&(Vec<u8>, bool)>) -> Line {
    let here = ours.head.get(at).copied();
    let mut line = Line {
        name: NAMES[at],
        same: None,
        signed_bytes: here.map(<[u8]>::len),
        verified_bytes: theirs
            .filter(|(_, whole)| *whole)
            .map(|(line, _)| line.len()),
        at: None,
        at_of_all: None,
        signed: None,
        verified: None,
    };
    let Some((there, whole)) = theirs else {
        return line;
    };
    let here = here.unwrap_or_default();
    let same = if *whole {
        here == there
    } else {
        here.starts_with(cut(there))
    };
    line.same = Some(same);
    if !same {
        let first = first_difference(here, there);
        line.at = Some(first);
        line.at_of_all = ours.starts.get(at).map(|start| start + first);
        line.signed = Some(around(here, first));
        line.verified = Some(around(there, first));
    }
    line
}

/// The echo's body may be cut at any byte, with or without a line feed or dots behind the cut.
fn body_line(ours: &Ours<'_>, information: &SignInformation) -> Line {
    let mut line = Line {
        name: NAMES[4],
        same: None,
        signed_bytes: ours.body.map(<[u8]>::len),
        verified_bytes: information.body_bytes(),
        at: None,
        at_of_all: None,
        signed: None,
        verified: None,
    };
    let (Some(here), Some(rest)) = (ours.body, information.body()) else {
        return line;
    };
    let there = shown_body(rest, here, information.is_whole());
    let lengths = line
        .verified_bytes
        .is_none_or(|length| length == here.len());
    let begins = here.starts_with(there) && (!information.is_whole() || here.len() == there.len());
    line.same = Some(begins && lengths);
    if !here.starts_with(there) {
        let first = first_difference(here, there);
        let byte = |bytes: &[u8]| {
            bytes
                .get(first)
                .map_or_else(|| "the end".to_owned(), |byte| format!("0x{byte:02X}"))
        };
        line.at = Some(first);
        line.at_of_all = ours.starts.get(4).map(|start| start + first);
        line.signed = Some(byte(here));
        line.verified = Some(byte(there));
    }
    line
}

fn shown_body<'a>(rest: &'a [u8], here: &[u8], whole: bool) -> &'a [u8] {
    let ended = rest.strip_suffix(b"\n").unwrap_or(rest);
    if whole {
        return ended;
    }
    // What is put behind the cut may stand behind the last line feed too.
    let line = |form: &'a [u8]| form.strip_suffix(b"\n").unwrap_or(form);
    let forms = [rest, ended, line(ended), line(cut(rest)), line(cut(ended))];
    forms
        .into_iter()
        .find(|form| here.starts_with(form))
        .unwrap_or(forms[4])
}

/// Without what may stand in place of what was cut away: dots, and half a character.
fn cut(line: &[u8]) -> &[u8] {
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

fn first_difference(one: &[u8], other: &[u8]) -> usize {
    one.iter()
        .zip(other)
        .take_while(|(one, other)| one == other)
        .count()
}

/// Some bytes before and behind, escaped.
fn around(line: &[u8], at: usize) -> String {
    let from = at.saturating_sub(16).min(line.len());
    let to = line.len().min(at + 24);
    let piece = line.get(from..to).unwrap_or_default();
    format!(
        "{}{}{}",
        if from > 0 { "…" } else { "" },
        shown(&String::from_utf8_lossy(piece)),
        if to < line.len() { "…" } else { "" }
    )
}

fn head_finding(at: usize, here: &[u8], there: &[u8], line: &Line) -> Diagnosis {
    let cause = [
        Cause::SignMethodDiffers,
        Cause::SignUrlDiffers,
        Cause::SignTimestampDiffers,
        Cause::SignNonceDiffers,
    ][at];
    let text = format!(
        "Line {} ({}) differs at byte {} (byte {} of the string): signed \"{}\", verified \"{}\"; {} and {} bytes.",
        at + 1,
        NAMES[at],
        line.at.unwrap_or_default(),
        line.at_of_all.unwrap_or_default(),
        line.signed.as_deref().unwrap_or_default(),
        line.verified.as_deref().unwrap_or_default(),
        here.len(),
        there.len(),
    );
    let why = match at {
        0 if here.eq_ignore_ascii_case(there) => Some("Write the method in upper case.".to_owned()),
        1 => sign_url::why(here, there).map(str::to_owned),
        2 => two_times(here, there),
        _ => None,
    };
    let found = Diagnosis::new(cause, text);
    match why {
        Some(why) => {
            let cure = format!("{why} {}", found.cure);
            found.cure(cure)
        }
        None => found,
    }
}

fn two_times(here: &[u8], there: &[u8]) -> Option<String> {
    let number = |line: &[u8]| std::str::from_utf8(line).ok()?.parse::<i64>().ok();
    let (here, there) = (number(here)?, number(there)?);
    if here / 1000 == there {
        return Some("What was signed is in milliseconds; it must be seconds.".to_owned());
    }
    let apart = there.checked_sub(here)?.checked_abs()?;
    Some(format!(
        "Two times, {apart} seconds apart: one was made for the string and one for the header."
    ))
}

fn last_line_feed(ours: &Ours<'_>) -> Diagnosis {
    let text = match ours.body {
        Some([]) | None => "The string that was signed ends without its last line: the body is empty, and its line is a line feed alone.".to_owned(),
        Some(body) => format!("The string that was signed ends with its body of {} bytes; a line feed must follow.", body.len()),
    };
    Diagnosis::new(Cause::SignLastNewlineMissing, text)
}

fn body_finding(ours: &Ours<'_>, information: &SignInformation, line: &Line) -> Diagnosis {
    let here = ours.body.unwrap_or_default();
    let length = line.verified_bytes;
    let rest = information.body().unwrap_or_default();
    let there = shown_body(rest, here, information.is_whole());
    let bytes =
        |length: Option<usize>| length.map_or_else(|| "?".to_owned(), |length| length.to_string());
    let place = match (line.at, line.at_of_all) {
        (Some(at), Some(all)) => format!(
            "differs at its byte {at} (byte {all} of the string): signed {}, verified {}",
            line.signed.as_deref().unwrap_or_default(),
            line.verified.as_deref().unwrap_or_default(),
        ),
        _ => format!(
            "is equal in the first {} bytes, which are all that is shown, and differs behind them",
            there.len()
        ),
    };
    let text = format!(
        "Line 5 (body) {place}; {} bytes were signed, {} were verified.",
        here.len(),
        bytes(length)
    );
    let guess = body_forms::guess(here, there, length);
    let cause = guess
        .as_ref()
        .map_or(Cause::SignBodyDiffers, |guess| guess.cause);
    let found = Diagnosis::new(cause, text);
    match guess {
        Some(guess) => {
            let cure = format!("{} {}", guess.text, found.cure);
            found.cure(cure)
        }
        None => found,
    }
}
