//! What a rule is, and how the rules of a language are run over a file: a pattern finds a place, a
//! check looks at its surroundings (the regex crate has no look-around, and needs none here).

use super::lang::Lang;
use super::look::Site;
use super::source::Source;
use regex::Regex;
use serde_json::Value;
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::OnceLock;

/// How bad a finding is; what `--fail-on` compares.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub enum Severity {
    Info,
    Warning,
    Error,
}

impl Severity {
    pub fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    /// In code that has nothing to do with WeChat Pay.
    pub fn lower(self) -> Self {
        match self {
            Self::Error => Self::Warning,
            _ => Self::Info,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Verification is off.
    Off,
    /// A root, a bundle or a key is named by the program.
    Pin,
    /// The same by the environment or a tool's configuration.
    Env,
    /// Worth a look; not decided here.
    Hint,
}

impl Kind {
    pub fn severity(self) -> Severity {
        match self {
            Self::Off => Severity::Error,
            Self::Pin | Self::Env => Severity::Warning,
            Self::Hint => Severity::Info,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Off => "verification off",
            Self::Pin => "pinned root",
            Self::Env => "environment",
            Self::Hint => "hint",
        }
    }
}

/// What a check found.
pub struct Hit {
    /// Where, when not at the start of the match.
    pub at: Option<usize>,
    pub kind: Kind,
    /// The expression that names the pinned roots.
    pub value: Option<String>,
    /// Replaces the severity of the kind.
    pub severity: Option<Severity>,
    /// Said after the rule's meaning.
    pub note: Option<&'static str>,
}

impl Hit {
    pub fn off() -> Option<Self> {
        Some(Self::of(Kind::Off))
    }

    pub fn pin(value: impl Into<String>) -> Option<Self> {
        Some(Self {
            value: Some(value.into()),
            ..Self::of(Kind::Pin)
        })
    }

    pub fn env(value: impl Into<String>) -> Option<Self> {
        Some(Self {
            value: Some(value.into()),
            ..Self::of(Kind::Env)
        })
    }

    pub fn of(kind: Kind) -> Self {
        Self {
            at: None,
            kind,
            value: None,
            severity: None,
            note: None,
        }
    }

    pub fn info(mut self, note: &'static str) -> Option<Self> {
        self.severity = Some(Severity::Info);
        self.note = Some(note);
        Some(self)
    }
}

pub type Check = fn(&Site) -> Option<Hit>;

/// One row of the table in docs/scan.md.
pub struct Rule {
    /// Stable: it is what people suppress and count.
    pub id: &'static str,
    pub langs: &'static [Lang],
    pub kind: Kind,
    /// One of these stands in every text that the pattern matches.
    pub needles: &'static [&'static str],
    /// `\w`, `\s`, `\d` and `\b` mean ASCII.
    pub pattern: &'static str,
    /// The pattern may begin inside a string: commands and their options.
    pub in_strings: bool,
    pub check: Check,
    pub means: &'static str,
    pub fix: &'static str,
}

/// Places of one rule in one file that are judged: looking at surroundings costs time, and a file
/// with more is not written by people.
const MOST: usize = 300;

/// A rule with its pattern compiled.
pub struct Ready {
    pub rule: &'static Rule,
    pattern: OnceLock<Regex>,
}

impl Ready {
    pub fn new(rule: &'static Rule) -> Self {
        Self {
            rule,
            pattern: OnceLock::new(),
        }
    }

    /// Every place in `source` where the rule finds something: offset and hit.
    /// False when there were more places than are judged.
    pub fn run(&self, source: &Source, found: &mut Vec<(usize, Hit)>) -> bool {
        let text = &source.text;
        if !self.rule.needles.iter().any(|needle| text.contains(needle)) {
            return true;
        }
        let pattern = self
            .pattern
            .get_or_init(|| compile(&format!("(?m){}", self.rule.pattern)));
        let mut from = 0;
        let mut judged = 0;
        while let Some(caps) = pattern.captures_at(text, from) {
            let all = caps.get(0).expect("the match itself");
            // An overlapping match may begin inside this one: patterns that read on are short.
            from = all.end().max(all.start() + 1);
            while !text.is_char_boundary(from) {
                from += 1;
            }
            if !self.rule.in_strings && !source.is_code(all.start()) {
                from = next_char(text, all.start());
                continue;
            }
            // A key in quotes ends inside the match; else the match is in the text of a message.
            if !self.rule.in_strings
                && !self.rule.id.starts_with("env.")
                && all.as_str().starts_with(['"', '\''])
                && !source.mask[all.start() + 1..all.end()]
                    .contains(&text[all.start()..=all.start()])
            {
                continue;
            }
            judged += 1;
            if judged > MOST {
                return false;
            }
            let site = Site::new(source, &caps);
            if let Some(hit) = (self.rule.check)(&site) {
                found.push((hit.at.unwrap_or(all.start()), hit));
            }
            if from > text.len() {
                break;
            }
        }
        true
    }
}

fn next_char(text: &str, at: usize) -> usize {
    text[at..]
        .chars()
        .next()
        .map_or(text.len() + 1, |c| at + c.len_utf8())
}

/// ASCII classes: what is matched is ASCII, and Unicode word boundaries are slow on text that is
/// not.
pub fn compile(pattern: &str) -> Regex {
    // Checks ask for the same few patterns at every match of a long table.
    thread_local! {
        static READY: RefCell<HashMap<String, Regex>> = RefCell::default();
    }
    READY.with_borrow_mut(|ready| {
        if let Some(regex) = ready.get(pattern) {
            return regex.clone();
        }
        // Patterns with a name of the file in them are not asked for again in the next file.
        if ready.len() > 500 {
            ready.clear();
        }
        let regex = compiled(pattern);
        ready.insert(pattern.to_owned(), regex.clone());
        regex
    })
}

fn compiled(pattern: &str) -> Regex {
    let pattern = pattern
        .replace(r"\w", "[0-9A-Za-z_]")
        .replace(r"\s", r"[ \t\r\n]")
        .replace(r"\d", "[0-9]")
        .replace(r"\b", r"(?-u:\b)");
    Regex::new(&pattern).expect("the patterns are constants, and a test compiles all of them")
}

/// A finding as reports show it; foreign text in it is still raw.
#[derive(Clone, Debug)]
pub struct Finding {
    pub path: std::path::PathBuf,
    pub line: usize,
    pub column: usize,
    pub rule: &'static str,
    pub kind: Kind,
    pub severity: Severity,
    /// The file or its path speaks of WeChat Pay.
    pub wechat: bool,
    /// The line, not escaped.
    pub snippet: String,
    pub means: String,
    pub fix: String,
    /// What the pinned path names, as JSON; null when nothing was resolved.
    pub bundle: Value,
}
