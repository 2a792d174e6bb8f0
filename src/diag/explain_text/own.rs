//! Texts of this library: its JSON, `NAME: message hint`, `WXPAY_STATUS_NAME`, ids of reports. What
//! they say is repeated, nothing is guessed.

use serde_json::{Value, json};

use crate::error::{CAUSES, CauseRow, Severity, Status, TABLE};

pub struct Own {
    pub status: Status,
    /// Rows of `{"id","severity","text","cure"}`.
    pub findings: Vec<Value>,
}

impl Own {
    /// More than the name of a status.
    pub fn names_a_cause(&self) -> bool {
        self.findings
            .iter()
            .any(|row| cause(row["id"].as_str().unwrap_or_default()).is_some())
    }
}

pub fn read(text: &str) -> Option<Own> {
    from_json(text).or_else(|| from_words(text))
}

/// An error or report of this library, alone or with words around it.
fn from_json(text: &str) -> Option<Own> {
    let (start, end) = (text.find('{')?, text.rfind('}')?);
    let value: Value = serde_json::from_str(text.get(start..=end)?).ok()?;
    value.get("schema")?;
    let mut findings: Vec<Value> = value["diagnosis"].as_array().map_or(Vec::new(), |rows| {
        rows.iter()
            .filter_map(|row| {
                let known = known(row["id"].as_str()?)?;
                Some(json!({
                    "id": known.id,
                    "severity": member(row, "severity", known.severity.name()),
                    "text": member(row, "text", known.text),
                    "cure": member(row, "cure", known.cure),
                }))
            })
            .collect()
    });
    let code = value["status"]
        .as_i64()
        .and_then(|code| i32::try_from(code).ok());
    let status = code.and_then(Status::from_code).unwrap_or(Status::Ok);
    if findings.is_empty() && status != Status::Ok {
        let row = status.row();
        findings.push(json!({
            "id": row.name,
            "severity": Severity::Error.name(),
            "text": member(&value, "message", row.en),
            "cure": member(&value, "hint", row.cure),
        }));
    }
    // A report's own status is 0 when no request failed.
    let status = if status == Status::Ok {
        first_status(&findings)
    } else {
        status
    };
    (!findings.is_empty()).then_some(Own { status, findings })
}

/// A member of foreign JSON, or what the table says. A terminal shows it: no control characters.
fn member(row: &Value, name: &str, other: &str) -> Value {
    let text = row[name].as_str().filter(|text| !text.is_empty());
    Value::from(text.unwrap_or(other).replace(char::is_control, " "))
}

/// Names in capitals. A status that is one plain word counts only as `WXPAY_STATUS_DNS`, `DNS (300)`
/// or `DNS: …` at the beginning: CONNECT and TIMEOUT stand in other programs' texts too.
fn from_words(text: &str) -> Option<Own> {
    let mut status = Status::Ok;
    let mut findings: Vec<Value> = Vec::new();
    let mut at = 0;
    let beginning = text.len() - text.trim_start().len();
    for word in text.split(|c: char| !(c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')) {
        let start = at;
        at += word.len()
            + text[at + word.len()..]
                .chars()
                .next()
                .map_or(0, char::len_utf8);
        let glued = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        let behind = &text[start + word.len()..];
        if word.len() < 2
            || glued(text[..start].chars().next_back())
            || glued(behind.chars().next())
        {
            continue;
        }
        let name = word.strip_prefix("WXPAY_STATUS_");
        let Some(known) = known(name.unwrap_or(word)) else {
            continue;
        };
        if let Some(of) = known.status {
            let code = format!(" ({})", of.code());
            let marked = name.is_some()
                || behind.starts_with(&code)
                || (start <= beginning && behind.starts_with(": "));
            let plain = !word.contains('_');
            if of == Status::Ok || (plain && !marked) {
                continue;
            }
            if status == Status::Ok {
                status = of;
            }
        }
        if !findings.iter().any(|row| row["id"] == known.id) {
            findings.push(json!({
                "id": known.id,
                "severity": known.severity.name(),
                "text": known.text,
                "cure": known.cure,
            }));
        }
    }
    // A diagnosis says more than the status it came with.
    let exact = |row: &Value| cause(row["id"].as_str().unwrap_or_default()).is_some();
    if findings.iter().any(exact) {
        findings.retain(exact);
    }
    if status == Status::Ok {
        status = first_status(&findings);
    }
    (!findings.is_empty()).then_some(Own { status, findings })
}

/// Of the first diagnosis that a request fails with.
fn first_status(findings: &[Value]) -> Status {
    findings
        .iter()
        .filter_map(|row| cause(row["id"].as_str()?))
        .map(|row| super::status_of(row.cause, &[]))
        .find(|status| *status != Status::Ok)
        .unwrap_or(Status::Ok)
}

struct Known {
    id: &'static str,
    severity: Severity,
    text: &'static str,
    cure: &'static str,
    status: Option<Status>,
}

fn cause(id: &str) -> Option<&'static CauseRow> {
    CAUSES.iter().find(|row| row.name == id)
}

/// A diagnosis id, or the name of a status: reports use those as ids too.
fn known(id: &str) -> Option<Known> {
    let status = TABLE.iter().find(|row| row.name == id);
    if let Some(row) = cause(id) {
        return Some(Known {
            id: row.name,
            severity: row.severity,
            text: row.en,
            cure: row.cure,
            status: status.map(|row| row.status),
        });
    }
    let row = status?;
    Some(Known {
        id: row.name,
        severity: Severity::Error,
        text: row.en,
        cure: row.cure,
        status: Some(row.status),
    })
}
