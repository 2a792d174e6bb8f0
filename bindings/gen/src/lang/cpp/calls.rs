//! `wxpay/generated_calls.hpp`: what each method does, one call of the C interface.

use std::fmt::Write as _;

use super::{name, owner, parameters, qualifiers, result_name, returns, value_type};
use crate::method::{Kind, Method, Slot, Value};

const OPENING: &str = "// Generated from include/wxpay.h by `cargo run -p wxpay-gen`; do not edit.
//
// The bodies of what wxpay/generated.hpp declares. Include wxpay/wxpay.hpp instead of this.
#include \"wxpay.hpp\" // before the guard: it includes this in turn, where the bodies belong
#ifndef WXPAY_GENERATED_CALLS_HPP
#define WXPAY_GENERATED_CALLS_HPP

namespace wxpay {

";

pub fn header(methods: &[Method]) -> String {
    let mut out = String::from(OPENING);
    for method in methods.iter().filter(|m| m.gives.len() > 1) {
        let _ = writeln!(
            out,
            "/// What {}() gives.\nstruct {} {{",
            name(method),
            result_name(method)
        );
        for value in &method.gives {
            let _ = writeln!(out, "    {} {};", value_type(value), field(value));
        }
        out.push_str("};\n\n");
    }
    for method in methods {
        body(method, &mut out);
    }
    out.push_str("} // namespace wxpay\n\n#endif\n");
    out
}

/// `out` says nothing about an object; its class does.
fn field<'a>(value: &Value<'a>) -> &'a str {
    match value.kind {
        Kind::Handle(class) if value.name == "out" => class,
        _ => value.name,
    }
}

fn body(method: &Method, out: &mut String) {
    let scope = match (owner(method.class), method.class) {
        (Some(class), _) => format!("generated::{}::", class.name),
        (None, "pay") => "Pay::".into(),
        (None, "primitives") => "primitives::".into(),
        _ => String::new(),
    };
    let _ = writeln!(
        out,
        "inline {} {scope}{}{}{}\n{{",
        returns(method),
        name(method),
        parameters(method),
        qualifiers(method)
    );
    if method.function.has_error() {
        fallible(method, out);
    } else {
        getter(method, out);
    }
    out.push_str("}\n\n");
}

fn fallible(method: &Method, out: &mut String) {
    out.push_str("    detail::Call call;\n");
    for (at, value) in method.gives.iter().enumerate() {
        let place = match value.kind {
            Kind::Handle(class) => format!("detail::Out<wxpay_{class}, wxpay_{class}_free>"),
            _ => "detail::OutBytes".into(),
        };
        let _ = writeln!(out, "    {place} out{at};");
    }
    let _ = writeln!(out, "    call.done({});", call(method));
    let taken: Vec<String> = method
        .gives
        .iter()
        .enumerate()
        .map(|(at, value)| match value.kind {
            Kind::Handle(_) => format!("{}(out{at}.take())", value_type(value)),
            _ => format!("out{at}.bytes()"),
        })
        .collect();
    match taken.as_slice() {
        [] => {}
        [one] => {
            let _ = writeln!(out, "    return {one};");
        }
        several => {
            let _ = writeln!(out, "    return {{{}}};", several.join(", "));
        }
    }
}

fn getter(method: &Method, out: &mut String) {
    let call = call(method);
    let _ = match method.gives.first().map(|value| value.kind) {
        None => writeln!(out, "    {call};"),
        Some(Kind::Number(_)) => writeln!(out, "    return {call};"),
        Some(Kind::OptionalNumber) => writeln!(out, "    return detail::optional_number({call});"),
        Some(Kind::OptionalText) => writeln!(out, "    return detail::optional_text({call});"),
        Some(Kind::Bytes) => {
            let length = call.replacen('(', "_len(", 1);
            writeln!(out, "    return detail::bytes({call}, {length});")
        }
        Some(Kind::BorrowedHandle(_)) => {
            writeln!(out, "    return {}(shared(), {call});", returns(method))
        }
        Some(_) => writeln!(out, "    return detail::text({call});"),
    };
}

fn call(method: &Method) -> String {
    let arguments: Vec<String> = method
        .call
        .iter()
        .map(|slot| match slot {
            Slot::Receiver => "handle()".into(),
            Slot::Nobody(_) => "nullptr".into(),
            Slot::Text(name) | Slot::Bytes(name) | Slot::Json(name) => {
                format!("{name}.data(), {name}.size()")
            }
            Slot::Number(name, _) => (*name).into(),
            Slot::Handle(name, _) => format!("{name}.handle()"),
            Slot::Now => "0".into(),
            Slot::Out(at) => format!("out{at}"),
            Slot::Error => "call".into(),
        })
        .collect();
    format!("{}({})", method.function.name, arguments.join(", "))
}
