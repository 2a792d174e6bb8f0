//! The report as one page that can be sent on: no script, no link, nothing that is fetched, every foreign character
//! escaped (safety.md S23).

use serde_json::Value;

use super::pages::{heading, pages};
use crate::output::escape::{self, readable};
use crate::output::{Page, Severity, severity_of, summary, worst};

const HEAD: &str = r#"<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>wxpay doctor</title>
<style>
:root { --ink: #1d2329; --soft: #5b6570; --line: #dde2e7; --paper: #f4f6f8; --error: #b3261e; --warning: #8a5a00; --info: #1b5e9c; --ok: #1a7f37; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", "Noto Sans", "PingFang SC", "Microsoft YaHei", sans-serif; }
main { max-width: 960px; margin: 0 auto; padding: 32px 20px 48px; }
h1 { margin: 0; font-size: 22px; }
h2 { margin: 32px 0 8px; font-size: 16px; }
.heading { margin: 2px 0 20px; color: var(--soft); }
.verdict { padding: 14px 18px; border-radius: 8px; color: #fff; font-size: 17px; font-weight: 600; background: var(--ok); }
.verdict.error { background: var(--error); } .verdict.warning { background: var(--warning); }
.finding { margin: 12px 0; padding: 12px 18px; background: #fff; border: 1px solid var(--line); border-left: 6px solid var(--info); border-radius: 6px; break-inside: avoid; }
.finding.error { border-left-color: var(--error); } .finding.warning { border-left-color: var(--warning); }
.finding p { margin: 4px 0; overflow-wrap: anywhere; }
.label { font-size: 12px; font-weight: 700; letter-spacing: .05em; color: var(--info); }
.error .label { color: var(--error); } .warning .label { color: var(--warning); }
.id { float: right; font: 12px/1.6 ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace; color: var(--soft); }
.what { font-weight: 600; }
code { padding: 1px 5px; background: var(--paper); border-radius: 4px; font: 13px/1.5 ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace; }
.cure b { color: var(--ok); }
table { width: 100%; border-collapse: collapse; background: #fff; border: 1px solid var(--line); border-radius: 6px; }
td { padding: 6px 10px; border-top: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
tr:first-child td { border-top: 0; }
td.mark { width: 5.2em; font-size: 12px; font-weight: 700; line-height: 1.9; white-space: nowrap; }
td.name { width: 27%; color: var(--soft); }
td.mark.ok { color: var(--ok); } td.mark.warning { color: var(--warning); } td.mark.error { color: var(--error); }
footer { margin-top: 32px; color: var(--soft); font-size: 13px; }
@media print { body { background: #fff; font-size: 11pt; } main { max-width: none; padding: 0; } .verdict { color: var(--ink); background: none !important; border: 2px solid currentColor; } tr { break-inside: avoid; } h2 { break-after: avoid; } }
</style>
</head>
<body>
<main>
"#;

pub fn page(report: &Value) -> String {
    let found = report["diagnosis"].as_array().cloned().unwrap_or_default();
    let mut out = HEAD.to_owned();
    out.push_str("<h1>wxpay doctor</h1>\n");
    out.push_str(&format!(
        "<p class=\"heading\">{}</p>\n",
        cell(&heading(report))
    ));
    let (class, text) = match (summary(&found), worst(&found)) {
        (None, _) => ("ok", "No problem found.".to_owned()),
        (Some(summary), severity) => (severity.name(), format!("{summary}.")),
    };
    out.push_str(&format!(
        "<p class=\"verdict {class}\">{}</p>\n",
        cell(&text)
    ));
    for one in &found {
        out.push_str(&finding(one));
    }
    for page in pages(report) {
        out.push_str(&table(&page));
    }
    out.push_str("<footer>Written by <b>wxpay doctor</b>. Keys, passphrases and passwords are not in it; merchant number, paths and addresses of this machine are. To get all details in one object, run it with --json.</footer>\n</main>\n</body>\n</html>\n");
    out
}

fn finding(finding: &Value) -> String {
    let severity = severity_of(finding);
    let text = |name: &str| {
        escape::html(&escape::sentence(
            finding[name].as_str().unwrap_or_default(),
        ))
    };
    let cure = match text("cure") {
        cure if cure.is_empty() => String::new(),
        cure => format!(
            "<p class=\"cure\"><b>What to do:</b> {}</p>\n",
            with_code(&cure)
        ),
    };
    format!(
        "<section class=\"finding {class}\">\n<p><span class=\"label\">{label}</span><span class=\"id\">{id}</span></p>\n<p class=\"what\">{what}</p>\n{cure}</section>\n",
        class = severity.name(),
        label = severity.name().to_uppercase(),
        id = text("id"),
        what = text("text"),
    )
}

/// Commands stand between back-ticks. The text is escaped already, so that the worst a foreign back-tick does is a font.
fn with_code(escaped: &str) -> String {
    let parts: Vec<&str> = escaped.split('`').collect();
    if parts.len().is_multiple_of(2) {
        return escaped.to_owned();
    }
    let mut out = String::new();
    for (index, part) in parts.into_iter().enumerate() {
        if index % 2 == 0 {
            out.push_str(part);
        } else {
            out.push_str(&format!("<code>{part}</code>"));
        }
    }
    out
}

fn table(page: &Page) -> String {
    let mut out = format!("<h2>{}</h2>\n<table>\n", cell(&page.title));
    for row in &page.rows {
        if row.label.is_empty() && row.mark.is_none() {
            out.push_str(&format!(
                "<tr><td colspan=\"3\">{}</td></tr>\n",
                cell(&row.value)
            ));
            continue;
        }
        let (class, mark) = match row.mark {
            None => ("none", ""),
            Some(Severity::Info) => ("ok", "ok"),
            Some(Severity::Warning) => ("warning", "warning"),
            Some(Severity::Error) => ("error", "error"),
        };
        out.push_str(&format!(
            "<tr><td class=\"mark {class}\">{mark}</td><td class=\"name\">{}</td><td>{}</td></tr>\n",
            cell(&row.label),
            cell(&row.value)
        ));
    }
    out.push_str("</table>\n");
    out
}

fn cell(text: &str) -> String {
    escape::html(&readable(text))
}
