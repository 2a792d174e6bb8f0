//! `Methods.g.cs`: the thin methods, one ABI call each, as partial classes.

use std::fmt::Write as _;

use super::calls::{
    arguments, bytes_of, is_static, out_member, out_name, out_type, read, signature, taken,
    visibility,
};
use super::words::{camel, handle, is_flag, is_property, number, parameters, pascal, value, xml};
use crate::method::{Kind, Method};

/// Class of a method, its declaration, and the comment of it.
const CLASSES: &[(&str, &str)] = &[
    ("library", "public static partial class Library"),
    (
        "config",
        "public sealed partial class Configuration : IDisposable",
    ),
    ("client", "public sealed partial class Client : IDisposable"),
    (
        "message",
        "public sealed partial class Message : IDisposable",
    ),
    (
        "notify",
        "public sealed partial class Notification : IDisposable",
    ),
    (
        "download",
        "public sealed partial class Download : IDisposable",
    ),
    ("bill", "public sealed partial class Bill : IDisposable"),
    ("pay", "public sealed partial class Pay"),
];

pub fn text(methods: &[Method]) -> String {
    let mut out = String::from(
        "using System;\nusing System.Runtime.CompilerServices;\n\nnamespace LibWxPay\n{\n",
    );
    let mut first = true;
    for (name, declaration) in CLASSES {
        if !first {
            out.push('\n');
        }
        first = false;
        let _ = write!(
            out,
            "    /// <summary>{}</summary>\n    {declaration}\n    {{\n",
            summary(name)
        );
        owner(name, "        ", &mut out);
        all(methods, name, "        ", &mut out);
        out.push_str("    }\n");
    }
    error(methods, &mut out);
    out.push_str(
        "\n    /// <summary>Single steps, for tools and tests. Nothing here checks who signed, or when: for messages of WeChat Pay use <see cref=\"Client\"/>.</summary>\n    public static partial class Primitives\n    {\n",
    );
    all(methods, "primitives", "        ", &mut out);
    out.push_str("\n        /// <summary>A private key, a public key or a certificate.</summary>\n        public sealed class Key : IDisposable\n        {\n");
    owner("key", "            ", &mut out);
    all(methods, "key", "            ", &mut out);
    out.push_str("        }\n    }\n}\n");
    out
}

fn summary(class: &str) -> &'static str {
    match class {
        "library" => "The native library itself.",
        "config" => "Configuration by name; docs/configuration.md lists the keys.",
        "client" => {
            "One merchant; use it from any number of threads and keep it for the life of the process."
        }
        "message" => {
            "One HTTP message: a request to be sent, or a response or notification received."
        }
        "notify" => "A verified and decrypted notification.",
        "download" => "A file on its way; what was read counts only after the end.",
        "bill" => "A bill, whole and checked before its first row.",
        _ => "Parameters for front ends: the complete JSON object each.",
    }
}

/// Field, constructor and Dispose of a class that owns a handle.
fn owner(class: &str, pad: &str, out: &mut String) {
    let ty = handle(class);
    let name = super::words::class(class);
    let name = name.rsplit('.').next().unwrap_or(name);
    match class {
        "library" | "primitives" => {}
        "pay" => {
            let _ = write!(
                out,
                "{pad}internal readonly {ty} Handle;\n\n{pad}internal {name}({ty} handle) {{ Handle = handle; }}\n"
            );
        }
        _ => {
            let weigh = match class {
                "message" => " handle.Weigh(NativeMethods.wxpay_message_body_len(handle));",
                _ => "",
            };
            let _ = write!(
                out,
                "{pad}internal readonly {ty} Handle;\n\n{pad}internal {name}({ty} handle) {{ Handle = handle;{weigh} }}\n\n\
                 {pad}/// <summary>Releases it. A call that is at work on it ends first; never twice.</summary>\n\
                 {pad}public void Dispose() {{ Handle.Dispose(); }}\n"
            );
        }
    }
}

fn all(methods: &[Method], class: &str, pad: &str, out: &mut String) {
    for method in methods.iter().filter(|method| method.class == class) {
        out.push('\n');
        comment(method, pad, out);
        if method.function.has_error() {
            fallible(method, pad, out);
        } else {
            getter(method, pad, out);
        }
    }
}

fn comment(method: &Method, pad: &str, out: &mut String) {
    let _ = writeln!(
        out,
        "{pad}/// <summary>{}</summary>",
        xml(&method.function.text)
    );
    for one in parameters(method) {
        let text = method
            .function
            .params
            .iter()
            .find(|param| camel(&param.name) == one.name)
            .map_or("", |param| param.text.as_str());
        let _ = writeln!(
            out,
            "{pad}/// <param name=\"{}\">{}</param>",
            one.name.trim_start_matches('@'),
            xml(text)
        );
    }
}

fn fallible(method: &Method, pad: &str, out: &mut String) {
    // A constructor needs the bare handle.
    let is_new = method.name == "new";
    let returns = match method.gives.as_slice() {
        [] => "void".to_owned(),
        [one] if is_new => out_type(one),
        [one] => value(one.kind).to_owned(),
        many => {
            let parts: Vec<String> = many
                .iter()
                .map(|one| format!("{} {}", value(one.kind), out_member(one)))
                .collect();
            format!("({})", parts.join(", "))
        }
    };
    let results: Vec<String> = method
        .gives
        .iter()
        .enumerate()
        .map(|(at, value)| taken(value, at))
        .collect();
    let result = match results.as_slice() {
        [] => None,
        [_] if is_new => Some(out_name(0)),
        [one] => Some(one.clone()),
        many => Some(format!("({})", many.join(", "))),
    };
    let call = format!(
        "Native.Check(NativeMethods.{}({}), error);",
        method.function.name,
        arguments(method, "Handle")
    );
    body(
        method,
        &returns,
        &[Some(call), result.map(|it| format!("return {it};"))],
        pad,
        out,
    );
}

/// A method of these statements. Mono binds a function when it compiles what calls it: so what
/// calls it is compiled after the library was loaded, in a lambda if there is no object yet, and
/// is never compiled into its caller.
fn body(
    method: &Method,
    returns: &str,
    statements: &[Option<String>],
    pad: &str,
    out: &mut String,
) {
    let inner = format!("{pad}    ");
    if !is_static(method) {
        let _ = writeln!(out, "{pad}[MethodImpl(MethodImplOptions.NoInlining)]");
    }
    let _ = write!(out, "{pad}{}\n{pad}{{\n", signature(method, returns));
    bytes_of(method, &inner, out);
    let statements: Vec<&str> = statements.iter().flatten().map(String::as_str).collect();
    if is_static(method) {
        let before = if returns == "void" { "" } else { "return " };
        let _ = writeln!(
            out,
            "{inner}{before}Native.Loaded(() => {{ {} }});",
            statements.join(" ")
        );
    } else {
        for statement in statements {
            let _ = writeln!(out, "{inner}{statement}");
        }
    }
    let _ = writeln!(out, "{pad}}}");
}

fn getter(method: &Method, pad: &str, out: &mut String) {
    let Some(given) = method.gives.first() else {
        let call = format!(
            "NativeMethods.{}({});",
            method.function.name,
            arguments(method, "Handle")
        );
        return body(method, "void", &[Some(call)], pad, out);
    };
    // What it points to lives as long as the object: nobody may release it while it is copied.
    let result = if is_static(method) {
        read(method, given, "Handle")
    } else {
        format!("Native.Held(Handle, it => {})", read(method, given, "it"))
    };
    if !is_property(method) {
        let statement = format!("return {result};");
        return body(method, value(given.kind), &[Some(statement)], pad, out);
    }
    let (modifier, result) = if is_static(method) {
        (" static", format!("Native.Loaded(() => {result})"))
    } else {
        ("", result)
    };
    let _ = writeln!(
        out,
        "{pad}{}{modifier} {} {} {{ get {{ return {result}; }} }}",
        visibility(method),
        value(given.kind),
        pascal(method.name)
    );
}

/// The fields of the exception, copied when it is made.
fn error(methods: &[Method], out: &mut String) {
    out.push_str("\n    public partial class WxPayException\n    {\n");
    let fields: Vec<&Method> = methods.iter().filter(|m| m.class == "error").collect();
    let name = |method: &Method| match method.name {
        // `Message` of every exception is the whole text.
        "message" => "Reason".to_owned(),
        name => pascal(name),
    };
    for method in &fields {
        let Some(given) = method.gives.first() else {
            continue;
        };
        let ty = match given.kind {
            Kind::Number(_) if is_flag(&method.function.name) => "bool",
            Kind::Number(kind) => number(kind),
            kind => value(kind),
        };
        let _ = writeln!(
            out,
            "        /// <summary>{}</summary>\n        public {ty} {} {{ get; private set; }}\n",
            xml(&method.function.text),
            name(method)
        );
    }
    out.push_str("        private void Read(ErrorHandle error)\n        {\n");
    for method in &fields {
        let Some(given) = method.gives.first() else {
            continue;
        };
        let _ = writeln!(
            out,
            "            {} = {};",
            name(method),
            read(method, given, "error")
        );
    }
    out.push_str("        }\n    }\n");
}
