//! An error of the library for people: what is wrong, what to do, what is known about the request. And the exit status
//! that says the last to a script.

use serde_json::{Value, json};
use wxpay::error::{Error, Outcome};

use super::{GOOD, REFUSED, Style, UNKNOWN, USAGE, escape, findings};
use crate::merchant;

/// The error with its causes, then what it means for the money.
pub fn refusal(error: &Error, style: Style) -> String {
    let fields = error.fields();
    let mut found = vec![merchant::finding(error)];
    for one in &fields.diagnosis {
        // The most exact cause is the error's own hint, or its message, already.
        if one.text == fields.hint {
            found[0]["cure"] = json!(format!("{} {}", one.text, one.cure));
        } else if !fields.message.contains(&one.text) || fields.hint != one.cure {
            found.push(serde_json::to_value(one).unwrap_or(Value::Null));
        }
    }
    let mut out = findings(&found, style);
    // An API error names both already.
    if fields.http_status != 0 && !fields.message.contains(&fields.request_id) {
        out.push_str(&format!(
            "HTTP {}, Request-ID {}\n",
            fields.http_status,
            escape::readable(&fields.request_id)
        ));
    }
    out
}

/// One line, for requests: what a person may do next.
pub fn outcome(error: &Error) -> &'static str {
    match error.fields().outcome {
        Outcome::Unknown => {
            "Outcome: UNKNOWN. It may have been done: query before sending it again."
        }
        Outcome::NotSent => "Outcome: NOT_SENT. Nothing of the request left this machine.",
        Outcome::Rejected => "Outcome: REJECTED. WeChat Pay did not do it.",
        Outcome::DoneUnverified => {
            "Outcome: DONE_UNVERIFIED. Query the order; do not deliver on this answer."
        }
    }
}

/// None: done.
pub fn exit_by_outcome(error: Option<&Error>) -> u8 {
    match error.map(|error| error.fields().outcome) {
        None => GOOD,
        Some(Outcome::Rejected) => REFUSED,
        Some(Outcome::Unknown | Outcome::DoneUnverified) => UNKNOWN,
        Some(Outcome::NotSent) => USAGE,
    }
}
