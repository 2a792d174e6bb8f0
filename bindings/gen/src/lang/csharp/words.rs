//! Names as C# writes them, and which parameters a method has.

use crate::method::{Kind, Method, Number, Slot};

/// `retry_after_s` to `RetryAfterS`.
pub fn pascal(name: &str) -> String {
    name.split('_')
        .map(|word| {
            let (first, rest) = word.split_at(word.len().min(1));
            first.to_uppercase() + rest
        })
        .collect()
}

/// `prepay_id` to `prepayId`; keywords of C# get their `@`.
pub fn camel(name: &str) -> String {
    let pascal = pascal(name);
    let (first, rest) = pascal.split_at(pascal.len().min(1));
    let name = first.to_lowercase() + rest;
    const KEYWORDS: &[&str] = &[
        "out", "ref", "params", "string", "object", "event", "lock", "in",
    ];
    if KEYWORDS.contains(&name.as_str()) {
        format!("@{name}")
    } else {
        name
    }
}

pub fn class(class: &str) -> &'static str {
    match class {
        "client" => "Client",
        "message" => "Message",
        "notify" => "Notification",
        "download" => "Download",
        "bill" => "Bill",
        "config" => "Configuration",
        "error" => "WxPayException",
        "pay" => "Pay",
        "key" => "Primitives.Key",
        "primitives" => "Primitives",
        _ => "Library",
    }
}

/// The class of a SafeHandle; those of `pay` and so on hold a client's.
pub fn handle(class: &str) -> String {
    match class {
        "pay" => "ClientHandle".into(),
        class => format!("{}Handle", pascal(class)),
    }
}

pub fn number(number: Number) -> &'static str {
    match number {
        Number::Int32 => "int",
        Number::Int64 | Number::Size => "long",
        Number::Uint32 => "uint",
    }
}

/// Numbers that say yes or no.
pub fn is_flag(function: &str) -> bool {
    function == "wxpay_error_retryable"
}

/// A getter without arguments.
pub fn is_property(method: &Method) -> bool {
    !method.function.has_error()
        && !method.gives.is_empty()
        && method.call.iter().all(|slot| *slot == Slot::Receiver)
}

pub struct Parameter {
    pub ty: String,
    pub name: String,
    /// Of a parameter that may be left away.
    pub default: Option<&'static str>,
}

/// In the order of C, except that those which may be empty come last and may be left away: the
/// header says "empty for …" of them.
pub fn parameters(method: &Method) -> Vec<Parameter> {
    let mut needed = Vec::new();
    let mut optional = Vec::new();
    for slot in &method.call {
        let (ty, name) = match slot {
            Slot::Text(name) | Slot::Json(name) => ("string".to_owned(), *name),
            Slot::Bytes(name) => ("Body".to_owned(), *name),
            Slot::Number(name, kind) => (number(*kind).to_owned(), *name),
            Slot::Handle(name, of) => (class(of).to_owned(), *name),
            _ => continue,
        };
        let may_be_empty = method
            .function
            .params
            .iter()
            .any(|param| param.name == name && param.text.contains("empty for "));
        let default = match slot {
            Slot::Text(_) if may_be_empty => Some("\"\""),
            Slot::Bytes(_) if may_be_empty => Some("default"),
            _ => None,
        };
        let parameter = Parameter {
            ty,
            name: camel(name),
            default,
        };
        if default.is_some() {
            optional.push(parameter);
        } else {
            needed.push(parameter);
        }
    }
    needed.extend(optional);
    needed
}

/// What a value is in C#.
pub fn value(kind: Kind) -> &'static str {
    match kind {
        Kind::Handle(of) | Kind::BorrowedHandle(of) => class(of),
        Kind::Text | Kind::OptionalText | Kind::Json => "string",
        Kind::Bytes => "byte[]",
        Kind::Number(kind) => number(kind),
        Kind::OptionalNumber => "long?",
    }
}

/// Text for an XML comment.
pub fn xml(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('\n', " ")
}
