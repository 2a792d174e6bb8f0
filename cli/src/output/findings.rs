//! Findings, `{"id","severity","text","cure"}`, as text.

use serde_json::Value;

pub use wxpay::error::Severity;

use super::lines::wrapped;
use super::{Style, escape};

/// What is not named counts as an error: nothing must look better than it is.
pub fn severity_of(finding: &Value) -> Severity {
    match finding["severity"].as_str() {
        Some("info") => Severity::Info,
        Some("warning") => Severity::Warning,
        _ => Severity::Error,
    }
}

pub fn worst(findings: &[Value]) -> Severity {
    findings
        .iter()
        .map(severity_of)
        .max()
        .unwrap_or(Severity::Info)
}

/// `2 errors, 1 warning`; None when there is neither.
pub fn summary(findings: &[Value]) -> Option<String> {
    let count = |severity| {
        findings
            .iter()
            .filter(|one| severity_of(one) == severity)
            .count()
    };
    let some = |count: usize, what: &str| match count {
        0 => None,
        1 => Some(format!("1 {what}")),
        more => Some(format!("{more} {what}s")),
    };
    let parts: Vec<String> = [
        some(count(Severity::Error), "error"),
        some(count(Severity::Warning), "warning"),
    ]
    .into_iter()
    .flatten()
    .collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// Each with its cure under it, in the order given.
pub fn findings(findings: &[Value], style: Style) -> String {
    findings.iter().map(|one| finding(one, style)).collect()
}

fn finding(finding: &Value, style: Style) -> String {
    const INDENT: usize = 9;
    let text = |name: &str| escape::sentence(finding[name].as_str().unwrap_or_default());
    let label = match severity_of(finding) {
        Severity::Error => style.red("ERROR    "),
        Severity::Warning => style.yellow("WARNING  "),
        Severity::Info => style.cyan("INFO     "),
    };
    let mut out = format!(
        "{label}{}\n",
        style.bold(&wrapped(&text("text"), INDENT, style.width))
    );
    let cure = text("cure");
    if !cure.is_empty() {
        out.push_str(&format!(
            "  {}    {}\n",
            style.green("Do:"),
            wrapped(&cure, INDENT, style.width)
        ));
    }
    out.push_str(&format!("         {}\n\n", style.dim(&text("id"))));
    out
}
