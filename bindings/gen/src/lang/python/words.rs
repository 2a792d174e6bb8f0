//! How the parts of a method are written in Python.

use crate::method::{Kind, Method, Slot, Value};

/// The most columns of a line, as ruff checks them.
const COLUMNS: usize = 105;

/// Takes nothing but its object and cannot fail: an attribute.
pub fn is_property(method: &Method) -> bool {
    method.call == [Slot::Receiver] && !method.gives.is_empty()
}

pub fn has_receiver(method: &Method) -> bool {
    method.call.contains(&Slot::Receiver)
}

/// Makes an object of its own class.
pub fn is_constructor(method: &Method) -> bool {
    matches!(method.gives.as_slice(), [Value { kind: Kind::Handle(class), .. }] if *class == method.class)
}

/// The parameters that a caller gives.
pub fn names<'a>(method: &Method<'a>) -> Vec<&'a str> {
    params(method).into_iter().map(|(name, _)| name).collect()
}

/// Name and type of each parameter: in the order of C, but those that may be left away come last.
pub fn params<'a>(method: &Method<'a>) -> Vec<(&'a str, &'static str)> {
    let (optional, needed): (Vec<&Slot>, Vec<&Slot>) = method.call.iter().partition(
        |slot| matches!(slot, Slot::Text(name) | Slot::Bytes(name) if may_be_empty(method, name)),
    );
    needed
        .into_iter()
        .chain(optional)
        .filter_map(|slot| match slot {
            Slot::Text(name) | Slot::Bytes(name) => Some((*name, "Text")),
            Slot::Json(name) => Some((*name, "Any")),
            Slot::Number(name, _) => Some((*name, "int")),
            Slot::Handle(name, class) => Some((*name, object(name, class))),
            Slot::Receiver | Slot::Nobody(_) | Slot::Now | Slot::Out(_) | Slot::Error => None,
        })
        .collect()
}

/// `name: type` of each parameter, with a default where the last ones may be empty.
pub fn declared(method: &Method) -> Vec<String> {
    let declared = params(method).into_iter().map(|(name, ty)| {
        let default = if may_be_empty(method, name) {
            " = \"\""
        } else {
            ""
        };
        format!("{name}: {ty}{default}")
    });
    declared.collect()
}

/// The header says "empty for …" of it.
fn may_be_empty(method: &Method, name: &str) -> bool {
    let mut params = method.function.params.iter();
    params.any(|param| param.name == name && param.text.contains("empty for"))
}

/// The class that a user knows a handle by.
pub fn object(name: &str, class: &str) -> &'static str {
    match (class, name) {
        ("message", "response") => "Response",
        ("message", "message") => "Message",
        ("message", _) => "Request",
        ("notify", _) => "Notification",
        ("download", _) => "Download",
        ("bill", _) => "Bill",
        ("config", _) => "Config",
        ("key", _) => "Key",
        ("error", _) => "WxPayError",
        _ => "Client",
    }
}

/// `wxpay_message` or `message` to `MessageHandle`.
pub fn handle(class: &str) -> String {
    let name = class.strip_prefix("wxpay_").unwrap_or(class);
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| {
        format!("{}{}Handle", first.to_ascii_uppercase(), letters.as_str())
    })
}

pub fn result(value: &Value) -> &'static str {
    match value.kind {
        Kind::Handle(class) | Kind::BorrowedHandle(class) => object(value.name, class),
        Kind::Text => "str",
        Kind::OptionalText => "Optional[str]",
        Kind::Json => "Any",
        Kind::Bytes => "bytes",
        Kind::Number(_) => "int",
        Kind::OptionalNumber => "Optional[int]",
    }
}

/// Type of what a method returns.
pub fn results(method: &Method) -> String {
    match method.gives.as_slice() {
        [] => "None".to_owned(),
        [one] => result(one).to_owned(),
        more => {
            let types: Vec<&str> = more.iter().map(result).collect();
            format!("Tuple[{}]", types.join(", "))
        }
    }
}

/// A docstring of the function's sentences and of what each argument is.
pub fn docstring(method: &Method, indent: &str) -> String {
    let mut paragraphs = vec![method.function.text.clone()];
    for name in names(method) {
        let text = method.function.params.iter().find(|p| p.name == name);
        if let Some(param) = text.filter(|param| !param.text.is_empty()) {
            paragraphs.push(format!("{name}: {}", param.text));
        }
    }
    let escaped: Vec<String> = paragraphs
        .iter()
        .map(|text| text.replace('\\', "\\\\").replace("\"\"\"", "'''"))
        .map(|text| text.trim_end().to_owned())
        .collect();
    let first = wrapped(&escaped[0], indent);
    let rest: Vec<String> = escaped[1..]
        .iter()
        .map(|text| wrapped(text, &format!("{indent}    ")))
        .collect();
    let mut out = format!("{indent}\"\"\"{}", first.trim_start());
    if rest.is_empty() {
        let quote = if out.contains('\n') {
            format!("\n{indent}")
        } else {
            String::new()
        };
        return format!("{out}{quote}\"\"\"\n");
    }
    out.push('\n');
    for line in rest {
        out.push_str(&format!("\n{indent}{}", line.trim_start()));
    }
    format!("{out}\n{indent}\"\"\"\n")
}

/// Lines that begin with `indent`.
pub fn wrapped(text: &str, indent: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= COLUMNS => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(format!("{indent}{word}")),
        }
    }
    lines.join("\n")
}
