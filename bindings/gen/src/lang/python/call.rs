//! The body of a thin method: arguments made into bytes, one call, results taken.

use std::fmt::Write as _;

use super::words;
use crate::method::{Kind, Method, Slot, Value};

/// `receiver` is what stands for the object's handle, such as `self._handle`. With `raw`, handles
/// are given and returned as they are.
pub fn body(method: &Method, indent: &str, receiver: &str, raw: bool) -> String {
    let mut out = String::new();
    let mut arguments = Vec::new();
    for slot in &method.call {
        match slot {
            Slot::Receiver => arguments.push(receiver.to_owned()),
            Slot::Nobody(_) => arguments.push("None".to_owned()),
            Slot::Text(name) | Slot::Bytes(name) => {
                let _ = writeln!(out, "{indent}{name} = octets({name}, \"{name}\")");
                arguments.push((*name).to_owned());
                arguments.push(format!("len({name})"));
            }
            Slot::Json(name) => {
                let _ = writeln!(out, "{indent}{name} = payload({name})");
                arguments.push((*name).to_owned());
                arguments.push(format!("len({name})"));
            }
            Slot::Number(name, _) => arguments.push((*name).to_owned()),
            Slot::Handle(name, _) if raw => arguments.push((*name).to_owned()),
            Slot::Handle(name, _) => arguments.push(format!("{name}._handle")),
            Slot::Now => arguments.push("0".to_owned()),
            Slot::Out(at) => {
                let value = &method.gives[*at];
                let _ = writeln!(out, "{indent}{} = {}()", place(*at), owner(value));
                arguments.push(place(*at));
            }
            Slot::Error => {
                let _ = writeln!(out, "{indent}error = ErrorHandle()");
                arguments.push("error".to_owned());
            }
        }
    }
    let call = format!("{}({})", method.function.name, arguments.join(", "));
    if !method.function.has_error() {
        let value = method.gives.first();
        let _ = match value {
            Some(value) => writeln!(
                out,
                "{indent}return {}",
                got(method, value, &call, receiver)
            ),
            None => writeln!(out, "{indent}{call}"),
        };
        return out;
    }
    let _ = write!(out, "{indent}if {call}:\n{indent}    raise failed(error)\n");
    let taken: Vec<String> = method
        .gives
        .iter()
        .enumerate()
        .map(|(at, value)| taken(value, &place(at), raw))
        .collect();
    if !taken.is_empty() {
        let _ = writeln!(out, "{indent}return {}", taken.join(", "));
    }
    out
}

/// Variable that an output is written to.
fn place(at: usize) -> String {
    format!("out{at}")
}

fn owner(value: &Value) -> String {
    match value.kind {
        Kind::Handle(class) => words::handle(class),
        _ => "BufHandle".to_owned(),
    }
}

fn taken(value: &Value, place: &str, raw: bool) -> String {
    match value.kind {
        Kind::Handle(_) if raw => place.to_owned(),
        Kind::Handle(class) => format!("{}._of({place})", words::object(value.name, class)),
        Kind::Json => format!("parse(bytes_of({place}))"),
        Kind::Text => format!("bytes_of({place}).decode()"),
        _ => format!("bytes_of({place})"),
    }
}

fn got(method: &Method, value: &Value, call: &str, receiver: &str) -> String {
    match value.kind {
        Kind::Text => format!("{call}.decode()"),
        Kind::OptionalText => format!("optional({call})"),
        Kind::OptionalNumber => format!("optional_number({call})"),
        Kind::Json => format!("parse({call})"),
        Kind::Bytes => format!(
            "string_at({call} or 0, {}_len({receiver}))",
            method.function.name
        ),
        _ => call.to_owned(),
    }
}
