//! Compares what came with what a row expects.

use std::time::{Duration, Instant};

use wxpay::error::Error;

use super::drive::Ready;
use super::row::Expect;

/// The bound over the configured deadline.
const SLACK: Duration = Duration::from_millis(200);

/// What is wrong with the library's answer.
pub fn judge(ready: &Ready) -> Vec<String> {
    let row = ready.row;
    let client = match (&ready.client, &row.expect) {
        (Ok(client), _) => client,
        (Err(error), Expect::Refused(status)) if error.status() == *status => return Vec::new(),
        (Err(error), _) => return vec![format!("no client: {error}")],
    };
    let body: &[u8] = if row.method == "POST" { b"{}" } else { b"" };
    within(ready, || {
        let result = client.call(row.method, row.path, body);
        verdict(&row.expect, &row.says, result.map(drop))
    })
}

/// Runs `judged`, and adds to what it finds when it is not over in time. On a busy machine any
/// thread may be held back; what stays too long by itself does so each time.
pub fn within(ready: &Ready, judged: impl Fn() -> Vec<String>) -> Vec<String> {
    let deadline = Duration::from_millis(ready.row.deadline_ms.unwrap_or(10_000));
    let mut late = Vec::new();
    for _ in 0..3 {
        let started = Instant::now();
        let wrong = judged();
        let took = started.elapsed();
        if !wrong.is_empty() || took <= deadline + SLACK {
            return wrong;
        }
        late.push(took);
    }
    vec![format!("takes {late:?}, the deadline is {deadline:?}")]
}

/// What is wrong with a result.
pub fn verdict(expect: &Expect, says: &[&str], result: wxpay::error::Result<()>) -> Vec<String> {
    let error = match (result, expect) {
        (Ok(()), Expect::Passes) => return Vec::new(),
        (Ok(()), _) => return vec!["passes".to_owned()],
        (Err(error), _) => error,
    };
    let Expect::Fails(status, outcome, diagnosis) = expect else {
        return vec![format!("fails: {error} {}", listed(&error))];
    };
    let mut wrong = Vec::new();
    if error.status() != *status {
        wrong.push(format!(
            "status {}, expected {}",
            error.status().row().name,
            status.row().name
        ));
    }
    if error.fields().outcome != *outcome {
        wrong.push(format!(
            "outcome {:?}, expected {outcome:?}",
            error.fields().outcome
        ));
    }
    let first = error
        .fields()
        .diagnosis
        .first()
        .map_or("", |one| one.cause.name());
    if first != *diagnosis {
        wrong.push(format!("diagnosis {first:?}, expected {diagnosis:?}"));
    }
    let said = format!("{error} {}", listed(&error));
    for part in says.iter().filter(|part| !said.contains(**part)) {
        wrong.push(format!("does not say {part:?}"));
    }
    // Some texts of rustls are dumps of every algorithm's DER.
    if error.fields().message.len() > 1000 {
        wrong.push(format!(
            "a message of {} bytes",
            error.fields().message.len()
        ));
    }
    if !wrong.is_empty() {
        wrong.push(format!("    {said}"));
    }
    wrong
}

pub fn listed(error: &Error) -> String {
    let all = error.fields().diagnosis.iter();
    all.map(|one| format!("[{}: {} | {}]", one.cause.name(), one.text, one.cure))
        .collect()
}
