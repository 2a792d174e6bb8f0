//! docs/diagnosis.md and the schema of a diagnosis from the closed table of ids; docs/json.md from
//! the schemas.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::{Value, json};
use wxpay::error::{CAUSES, TABLE};

use super::ROOT;
use super::generated::{cell, compare};

/// In the order of docs/json.md.
pub const SCHEMAS: [&str; 9] = [
    "trust_report",
    "trust_probe",
    "explain_text",
    "explain_request",
    "explain_response",
    "config_check",
    "doctor",
    "error",
    "diagnosis",
];

#[test]
fn docs_diagnosis_md_is_the_table_of_ids() {
    let mut out = String::from(DIAGNOSIS);
    for row in CAUSES {
        let _ = writeln!(
            out,
            "| `{}` | {} | {} | {} | {} |",
            row.name,
            row.severity.name(),
            cell(row.en),
            cell(row.zh),
            cell(row.cure)
        );
    }
    compare("docs/diagnosis.md", &out);
}

#[test]
fn ids_are_unique_and_every_row_says_what_to_do() {
    let mut names: Vec<&str> = CAUSES.iter().map(|row| row.name).collect();
    for row in CAUSES {
        assert_eq!(row.cause.row().name, row.name);
        assert!(
            !row.en.is_empty() && !row.zh.is_empty() && !row.cure.is_empty(),
            "{}",
            row.name
        );
        let form = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
        assert!(row.name.bytes().all(form), "{}", row.name);
    }
    names.sort_unstable();
    let all = names.len();
    names.dedup();
    assert_eq!(names.len(), all);
}

#[test]
fn the_schema_of_a_diagnosis_is_the_table_of_ids() {
    let mut ids: Vec<&str> = CAUSES.iter().map(|row| row.name).collect();
    // What is wrong with a configuration is named as wxpay_client_new would name it.
    let statuses = TABLE.iter().skip(1).map(|row| row.name);
    ids.extend(statuses.filter(|name| CAUSES.iter().all(|row| row.name != *name)));
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "diagnosis.schema.json",
        "title": "one diagnosis",
        "type": "object",
        "properties": {
            "id": { "enum": ids, "description": "from the closed table ([diagnosis.md](diagnosis.md)), or the name of a status" },
            "severity": { "enum": ["error", "warning", "info"], "description": "how much it matters" },
            "text": { "type": "string", "description": "what was found, with the values seen" },
            "cure": { "type": "string", "description": "what to do" },
        },
        "required": ["id", "severity", "text", "cure"],
    });
    let text = serde_json::to_string_pretty(&schema).unwrap() + "\n";
    compare("docs/schemas/diagnosis.schema.json", &text);
}

#[test]
fn docs_json_md_is_what_the_schemas_say() {
    let mut out = String::from(JSON);
    for name in SCHEMAS {
        let schema = schema(name);
        let _ = write!(
            out,
            "\n## {}\n\n[schemas/{name}.schema.json](schemas/{name}.schema.json)\n\n| member | type | what it is |\n|---|---|---|\n",
            schema["title"].as_str().unwrap()
        );
        rows(&schema, "", &mut out);
    }
    compare("docs/json.md", &out);
}

pub fn schema(name: &str) -> Value {
    let path = Path::new(ROOT).join(format!("docs/schemas/{name}.schema.json"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn rows(schema: &Value, prefix: &str, out: &mut String) {
    for (name, member) in schema["properties"].as_object().into_iter().flatten() {
        let path = format!("{prefix}{name}");
        let _ = writeln!(
            out,
            "| `{path}` | {} | {} |",
            type_of(member),
            cell(member["description"].as_str().unwrap_or(""))
        );
        rows(member, &format!("{path}."), out);
        rows(&member["items"], &format!("{path}[]."), out);
    }
}

fn type_of(member: &Value) -> String {
    if let Some(words) = member["enum"].as_array() {
        // The table of ids has a page of its own.
        if words.len() > 10 {
            return "an id".to_owned();
        }
        let shown: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
        return shown.join(", ");
    }
    if let Some(only) = member.get("const") {
        return format!("`{only}`");
    }
    match &member["type"] {
        Value::String(one) => one.clone(),
        Value::Array(several) => {
            let names: Vec<&str> = several.iter().filter_map(Value::as_str).collect();
            names.join(" or ")
        }
        _ => "object".to_owned(),
    }
}

const DIAGNOSIS: &str = "# Diagnosis ids

Generated from `src/error/diagnosis.rs`; do not edit.

Errors, `wxpay_trust_report`, `wxpay_trust_probe`, `wxpay_explain_text`, `wxpay_explain_response`, `wxpay_config_check` and the
command `wxpay doctor` name what they find by these ids. Ids are only added, never renamed. A report gives each with the values it saw, and often with a
more exact cure than the one here; the severity may differ with the day ([trust.md](trust.md)). `wxpay_config_check` also uses the names of
statuses ([errors.md](errors.md)).

| id | severity | meaning | 含义 | what to do |
|---|---|---|---|---|
";

const JSON: &str = "# JSON results

Generated from `docs/schemas/`; do not edit.

Each report is one JSON object. Members are only added, never renamed or removed, so a reader must pass over those it does not
know. The schemas are JSON Schema 2020-12; a test validates real reports against them, and that no member is missing here.
Text that came from outside (names in certificates, headers, paths) has control, direction and invisible characters escaped as
`\\u{…}` and is cut at 512 characters. No report holds a secret.
";
