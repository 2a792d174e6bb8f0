//! `wxpay/generated.hpp`.

use std::fmt::Write as _;

use super::{
    CLASSES, Class, constants, is_static, name, parameters, qualifiers, result_name, returns,
};
use crate::method::{Method, Slot};
use crate::model::Api;

const OPENING: &str = "// Generated from include/wxpay.h by `cargo run -p wxpay-gen`; do not edit.
//
// Constants, and for every function of wxpay.h a method. Include wxpay/wxpay.hpp instead of this.
#ifndef WXPAY_GENERATED_HPP
#define WXPAY_GENERATED_HPP

#include \"handle.hpp\"

";

pub fn header(api: &Api, methods: &[Method]) -> String {
    let mut out = String::from(OPENING);
    let (major, minor) = api.version();
    let older = if minor == 0 {
        String::new()
    } else {
        format!(" && WXPAY_VERSION_MINOR >= {minor}")
    };
    let _ = writeln!(
        out,
        "static_assert(WXPAY_VERSION_MAJOR == {major}{older},\n              \
         \"another wxpay.h is found first: wxpay/generated.hpp needs that of version {major}.{minor}\");\n\n\
         namespace wxpay {{\n"
    );
    constants::write(api, &mut out);
    for class in CLASSES.iter().filter(|c| c.class != "key") {
        let _ = writeln!(out, "class {};", class.name);
    }
    out.push_str("namespace primitives {\nclass Key;\n}\n\n");
    for method in methods.iter().filter(|m| m.gives.len() > 1) {
        let _ = writeln!(out, "struct {};", result_name(method));
    }
    out.push_str("\n/// What the classes in `wxpay` inherit.\nnamespace generated {\n\n");
    for class in CLASSES {
        owner(class, methods, &mut out);
    }
    out.push_str("} // namespace generated\n\n");
    pay(methods, &mut out);
    for method in methods.iter().filter(|m| m.class == "library") {
        declare(method, "", &mut out);
    }
    out.push_str(
        "\n/// Single operations for tests and tools. They check neither time nor who may sign: for messages\n\
         /// of WeChat Pay use Client.\nnamespace primitives {\n\n",
    );
    for method in methods.iter().filter(|m| m.class == "primitives") {
        declare(method, "", &mut out);
    }
    out.push_str("\n} // namespace primitives\n} // namespace wxpay\n\n#endif\n");
    out
}

fn owner(class: &Class, methods: &[Method], out: &mut String) {
    let kind = if class.class == "error" {
        "Shared"
    } else {
        "Owner"
    };
    let handle = format!("wxpay_{}", class.class);
    let _ = writeln!(
        out,
        "class {} : public {kind}<{handle}, {handle}_free> {{\npublic:\n    using {kind}::{kind};\n",
        class.name
    );
    for method in methods.iter().filter(|m| m.class == class.class) {
        declare(method, "    ", out);
    }
    out.push_str("};\n\n");
}

fn pay(methods: &[Method], out: &mut String) {
    out.push_str(
        "/// Parameters for front ends, of the client that made it and must outlive it.\nclass Pay {\npublic:\n    \
         explicit Pay(const wxpay_client *client) noexcept : client_(client) {}\n\n",
    );
    for method in methods.iter().filter(|m| m.class == "pay") {
        declare(method, "    ", out);
    }
    out.push_str(
        "\nprivate:\n    const wxpay_client *handle() const noexcept { return client_; }\n\n    \
         const wxpay_client *client_;\n};\n\n",
    );
}

fn declare(method: &Method, indent: &str, out: &mut String) {
    comment(&method.function.text, indent, out);
    for slot in &method.call {
        if let Slot::Text(name)
        | Slot::Bytes(name)
        | Slot::Json(name)
        | Slot::Number(name, _)
        | Slot::Handle(name, _) = slot
        {
            let text = method
                .function
                .params
                .iter()
                .find(|p| p.name == *name)
                .map(|p| p.text.as_str());
            if let Some(text) = text.filter(|text| !text.is_empty()) {
                comment(&format!("@param {name}  {text}"), indent, out);
            }
        }
    }
    let reads = !method.function.has_error() && !method.gives.is_empty();
    let _ = writeln!(
        out,
        "{indent}{}{}{} {}{}{};",
        if reads { "[[nodiscard]] " } else { "" },
        if is_static(method) { "static " } else { "" },
        returns(method),
        name(method),
        parameters(method),
        qualifiers(method)
    );
}

/// As `///` lines of at most 110 columns.
fn comment(text: &str, indent: &str, out: &mut String) {
    let mut line = format!("{indent}///");
    for word in text.split_whitespace() {
        if line.chars().count() + 1 + word.chars().count() > 110 {
            out.push_str(line.trim_end());
            out.push('\n');
            line = format!("{indent}///");
        }
        line.push(' ');
        line.push_str(word);
    }
    out.push_str(&line);
    out.push('\n');
}
