//! The import lines of a module, as ruff sorts them.

use super::words;
use crate::method::{Kind, Method};

/// Imports only what the text uses: an unused name is an error of the linter.
pub fn with_imports(head: &str, text: &str, from: &[(&str, &[&str])], abi: &[&Method]) -> String {
    let mut out = head.to_owned();
    let used = |name: &str| {
        text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
            .any(|word| word == name)
    };
    let mut lines = Vec::new();
    for (module, names) in from {
        let names: Vec<&str> = names.iter().copied().filter(|name| used(name)).collect();
        if !names.is_empty() {
            lines.push(import(module, &names));
        }
    }
    let mut functions: Vec<String> = Vec::new();
    for method in abi {
        functions.push(method.function.name.clone());
        if method.gives.iter().any(|v| v.kind == Kind::Bytes) && !method.function.has_error() {
            functions.push(format!("{}_len", method.function.name));
        }
    }
    for class in [
        "bill", "buf", "client", "config", "download", "error", "key", "message", "notify",
    ] {
        functions.push(words::handle(class));
    }
    functions.push("Held".to_owned());
    let mut functions: Vec<&str> = functions
        .iter()
        .map(String::as_str)
        .filter(|f| used(f))
        .collect();
    functions.sort_unstable();
    functions.dedup();
    // ruff sorts classes before functions.
    let (classes, functions): (Vec<&str>, Vec<&str>) = functions
        .into_iter()
        .partition(|name| name.starts_with(|c: char| c.is_ascii_uppercase()));
    let names: Vec<&str> = classes.into_iter().chain(functions).collect();
    if !names.is_empty() {
        lines.push(import("._abi", &names));
    }
    lines.sort_by_key(|line| order(line));
    let mut before = 0;
    for line in lines {
        let group = order(&line).0;
        if group != before && before != 0 {
            out.push('\n');
        }
        before = group;
        out.push_str(&line);
    }
    out + text
}

/// The standard library first, then our own modules by name.
fn order(line: &str) -> (u8, String) {
    let module = line.split(' ').nth(1).unwrap_or_default();
    (1 + u8::from(module.starts_with('.')), module.to_owned())
}

fn import(module: &str, names: &[&str]) -> String {
    let line = format!("from {module} import {}\n", names.join(", "));
    if line.len() <= 111 {
        return line;
    }
    format!(
        "from {module} import (\n    {},\n)\n",
        names.join(",\n    ")
    )
}
