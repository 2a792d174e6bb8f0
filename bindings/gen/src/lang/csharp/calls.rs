//! One call of the ABI as an expression of C#: signature, arguments, what comes back.

use std::fmt::Write as _;

use super::is_inside;
use super::words::{camel, class, handle, is_flag, parameters, pascal};
use crate::method::{Kind, Method, Number, Slot, Value};

pub fn visibility(method: &Method) -> &'static str {
    if is_inside(method) {
        "internal"
    } else {
        "public"
    }
}

/// `client` functions belong to an object; those without one are static, but on `client.Pay`
/// everything is called alike.
pub fn is_static(method: &Method) -> bool {
    !method.call.contains(&Slot::Receiver) && method.class != "pay"
}

pub fn signature(method: &Method, returns: &str) -> String {
    let list: Vec<String> = parameters(method)
        .iter()
        .map(|one| match one.default {
            Some(default) => format!("{} {} = {default}", one.ty, one.name),
            None => format!("{} {}", one.ty, one.name),
        })
        .collect();
    let modifier = if is_static(method) { " static" } else { "" };
    format!(
        "{}{modifier} {returns} {}({})",
        visibility(method),
        pascal(method.name),
        list.join(", ")
    )
}

/// The texts of a call as bytes, before it.
pub fn bytes_of(method: &Method, pad: &str, out: &mut String) {
    for slot in &method.call {
        let _ = match slot {
            Slot::Text(name) | Slot::Json(name) => writeln!(
                out,
                "{pad}byte[] {}Utf8 = Native.Utf8({});",
                plain(name),
                camel(name)
            ),
            Slot::Bytes(name) => writeln!(
                out,
                "{pad}byte[] {}Utf8 = {}.Bytes;",
                plain(name),
                camel(name)
            ),
            _ => Ok(()),
        };
    }
}

pub fn plain(name: &str) -> String {
    camel(name).trim_start_matches('@').to_owned()
}

/// The arguments of the ABI call.
pub fn arguments(method: &Method, receiver: &str) -> String {
    let list: Vec<String> = method
        .call
        .iter()
        .map(|slot| match slot {
            Slot::Receiver => receiver.to_owned(),
            // A handle of nothing goes over as NULL.
            Slot::Nobody(of) => format!("new {}()", handle(of)),
            Slot::Text(name) | Slot::Bytes(name) | Slot::Json(name) => {
                let name = plain(name);
                format!("{name}Utf8, Native.Length({name}Utf8)")
            }
            Slot::Number(name, Number::Size) => format!("(UIntPtr){}", camel(name)),
            Slot::Number(name, _) => camel(name),
            // NULL becomes the ArgumentNullException of P/Invoke.
            Slot::Handle(name, _) => format!("{}?.Handle", camel(name)),
            Slot::Now => "0".to_owned(),
            Slot::Out(at) => {
                let given = method.gives.get(*at);
                let ty = given.map_or(String::new(), out_type);
                format!("out {ty} {}", out_name(*at))
            }
            Slot::Error => "out ErrorHandle error".to_owned(),
        })
        .collect();
    list.join(", ")
}

pub fn out_name(at: usize) -> String {
    format!("given{at}")
}

pub fn out_type(value: &Value) -> String {
    match value.kind {
        Kind::Handle(of) => handle(of),
        _ => "BufHandle".into(),
    }
}

/// An output as the caller gets it.
pub fn taken(value: &Value, at: usize) -> String {
    let name = out_name(at);
    match value.kind {
        Kind::Handle(of) => format!("new {}({name})", class(of)),
        Kind::Bytes => format!("Native.TakeBytes({name})"),
        _ => format!("Native.TakeText({name})"),
    }
}

/// Name of a member of a tuple; the first is often only `out`.
pub fn out_member(value: &Value) -> String {
    match value.name {
        "out" => "Message".into(),
        name => pascal(name),
    }
}

/// What is asked of the library, as an expression of C#.
pub fn read(method: &Method, value: &Value, receiver: &str) -> String {
    let name = &method.function.name;
    let call = format!("NativeMethods.{name}({})", arguments(method, receiver));
    match value.kind {
        Kind::Text | Kind::Json => format!("Native.Text({call})"),
        Kind::OptionalNumber => format!("Native.OptionalNumber({call})"),
        Kind::OptionalText => format!("Native.OptionalText({call})"),
        Kind::Bytes => format!("Native.Bytes({call}, NativeMethods.{name}_len({receiver}))"),
        Kind::BorrowedHandle(_) => format!("Native.Borrowed({call}, {receiver})"),
        Kind::Number(Number::Size) => format!("(long){call}"),
        Kind::Number(_) if is_flag(name) => format!("{call} != 0"),
        _ => call,
    }
}
