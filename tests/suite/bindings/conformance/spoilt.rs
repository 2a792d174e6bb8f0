//! Cases that are each wrong in one place, made of the committed ones: every member of every
//! operation's `want`, the status, and members that nobody knows.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Map, Value, json};

use super::case::Set;
use super::directory;

/// Writes `keys/` and `vectors/` into `dir`; gives the ids.
pub fn write(dir: &Path) -> Vec<String> {
    let keys = directory().join("keys");
    std::os::unix::fs::symlink(keys, dir.join("keys")).unwrap();
    std::fs::create_dir_all(dir.join("vectors")).unwrap();
    let cases = cases();
    let text = serde_json::to_vec_pretty(&cases).unwrap();
    std::fs::write(dir.join("vectors/spoilt.json"), text).unwrap();
    let id = |case: &Value| case["id"].as_str().unwrap().to_owned();
    cases.iter().map(id).collect()
}

/// Those of which a report says nothing: they passed.
pub fn unnamed(ids: &[String], report: &str) -> String {
    let missing: Vec<&str> = ids
        .iter()
        .map(String::as_str)
        .filter(|id| !report.contains(*id))
        .collect();
    missing.join(", ")
}

fn cases() -> Vec<Value> {
    let all = Set::open(&directory()).cases();
    let operations: BTreeSet<&str> = all.iter().filter_map(|case| case["op"].as_str()).collect();
    let mut made = Vec::new();
    for op in operations {
        let of: Vec<&Value> = all.iter().filter(|case| case["op"] == op).collect();
        let members: BTreeSet<&String> = of
            .iter()
            .flat_map(|case| case["want"].as_object().unwrap().keys())
            .collect();
        for name in members {
            // The one that asks most of it.
            let members = |case: &&&Value| match case["want"][name].as_object() {
                Some(value) if is_value(value) => 0,
                object => object.map_or(0, Map::len),
            };
            let good = of
                .iter()
                .filter(|case| !case["want"][name].is_null() && is_telling(&case["want"][name]))
                .min_by_key(|case| std::cmp::Reverse(members(case)));
            let Some(case) = good else { continue };
            for (part, want) in altered(&case["want"][name]) {
                made.push(named(case, &format!("{name}{part}"), |case| {
                    case["want"][name] = want
                }));
            }
        }
        // A call succeeds only where somebody answers it.
        let succeeds = |case: &&&Value| case["want"].get("status").is_none();
        let ok = of.iter().find(succeeds).unwrap_or(&of[0]);
        if succeeds(&ok) {
            made.push(named(ok, "succeeds", |case| {
                case["want"]["status"] = json!(901)
            }));
        }
        made.push(named(ok, "unknown-member-in", |case| {
            case["in"]["surprise"] = json!("x")
        }));
        made.push(named(ok, "unknown-member-want", |case| {
            case["want"]["surprise"] = json!("x")
        }));
        // Null is a value of its own where there may be none.
        for name in ["value", "content_type", "language"] {
            if let Some(case) = of.iter().find(|case| case["want"][name].is_string()) {
                made.push(named(case, &format!("{name}-null"), |case| {
                    case["want"][name] = Value::Null
                }));
            }
        }
        if let Some(null) = of.iter().find(|case| {
            case["want"]
                .as_object()
                .unwrap()
                .values()
                .any(Value::is_null)
        }) {
            made.push(named(null, "null", |case| {
                let want = case["want"].as_object_mut().unwrap();
                want.values_mut()
                    .filter(|member| member.is_null())
                    .for_each(|member| *member = json!("x"));
            }));
        }
    }
    let mut unknown = all[0].clone();
    unknown["op"] = json!("canonical_everything");
    made.push(named(&unknown, "unknown-operation", |_| {}));
    made
}

/// Bytes in a form that is not text.
fn is_value(object: &Map<String, Value>) -> bool {
    ["hex", "file", "repeat"]
        .iter()
        .any(|form| object.contains_key(*form))
}

/// A wrong expectation of an empty object says nothing.
fn is_telling(want: &Value) -> bool {
    want.as_object().is_none_or(|members| !members.is_empty())
}

fn named(case: &Value, what: &str, change: impl FnOnce(&mut Value)) -> Value {
    let mut made = case.clone();
    made["id"] = json!(format!("spoilt/{}/{what}", case["op"].as_str().unwrap()));
    change(&mut made);
    made
}

/// Every way to make this member wrong, with a name for each.
fn altered(want: &Value) -> Vec<(String, Value)> {
    let whole = |part: &str, value: Value| vec![(part.to_owned(), value)];
    match want {
        Value::Number(number) => whole("", json!(number.as_i64().unwrap() + 1)),
        Value::String(text) => whole("-longer", json!(format!("{text}x"))),
        Value::Object(members) if members.contains_key("hex") => whole(
            "",
            json!({ "hex": format!("{}00", members["hex"].as_str().unwrap()) }),
        ),
        Value::Object(members) if members.contains_key("file") => {
            whole("", json!({ "file": "keys/rsa3072_public.pem" }))
        }
        Value::Object(members) if members.contains_key("repeat") => whole("", json!("x")),
        Value::Object(members) => members
            .iter()
            .flat_map(|(name, member)| {
                altered(member).into_iter().map(move |(part, changed)| {
                    let mut whole = members.clone();
                    whole[name] = changed;
                    (format!("-{name}{part}"), Value::Object(whole))
                })
            })
            .collect(),
        Value::Null => whole("", json!("x")),
        other => panic!("a member of want is {other}"),
    }
}
