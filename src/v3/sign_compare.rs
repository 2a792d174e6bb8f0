//! The string that was signed beside the one that WeChat Pay verified, line by line and byte by
//! byte. WeChat Pay echoes the second in `sign_information` of a SIGN_ERROR, its body cut after a
//! few bytes; the length it gives is that of the whole (protocol.md §4.4). So what is behind the
//! cut shows by its length alone. Owns which of the signing FAQ's mistakes it is.
//!
//! A body may hold personal data (safety.md S24): of it only places, lengths and single bytes are
//! told, never text.

use super::sign_information::{NAMES, SignInformation, cut};
use super::sign_string::{Ours, fits, order, plain_lines};
use super::{body_forms, sign_url};
use crate::error::{Cause, Diagnosis};
use crate::http::headers::shown;

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
    /// Around it; of a body, and of what may be one, one byte as `0x7B`.
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
    /// All lines before the body are in the echo.
    pub lines_shown: bool,
    /// Empty: nothing differs, as far as the echo goes.
    pub findings: Vec<Diagnosis>,
}

/// `signed` is what was signed, by this library or by any program.
pub fn compare(signed: &[u8], information: &SignInformation) -> Comparison {
    let mut findings = Vec::new();
    let plain = plain_lines(signed, &mut findings);
    let ours = Ours::read(&plain);
    let information = match &information.otherwise {
        Some(other) if body_line(&ours, other).same == Some(true) => other,
        _ => information,
    };
    let is_utf8 = std::str::from_utf8(&plain).is_ok();
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
                if is_utf8 { Cause::SignBodyDiffers } else { Cause::SignEncoding },
                format!(
                    "The lines that are shown are equal, but {} bytes were signed and {} were verified: the rest differs.",
                    plain.len(),
                    information.length.unwrap_or_default()
                ),
            ));
        }
    }
    if findings.is_empty() && !is_utf8 {
        findings.push(Diagnosis::new(
            Cause::SignEncoding,
            "Nothing differs, but what was signed and sent is not UTF-8 (GBK?).",
        ));
    }
    lines.push(body);
    Comparison {
        lines_shown: theirs.iter().all(|line| matches!(line, Some((_, true)))),
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
        } else if !self.lines_shown {
            " (The echo ends before the body: a line that it does not show may differ.)"
        } else {
            " (The echo of the body is cut: one of equal length that differs behind the cut would look the same.)"
        }
    }
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
        let text = |line: &[u8]| {
            if fits(at, line) {
                around(line, first)
            } else {
                byte_at(line, first)
            }
        };
        line.signed = Some(text(here));
        line.verified = Some(text(there));
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
        line.at = Some(first);
        line.at_of_all = ours.starts.get(4).map(|start| start + first);
        line.signed = Some(byte_at(here, first));
        line.verified = Some(byte_at(there, first));
    }
    line
}

fn byte_at(line: &[u8], at: usize) -> String {
    line.get(at)
        .map_or_else(|| "the end".to_owned(), |byte| format!("0x{byte:02X}"))
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
