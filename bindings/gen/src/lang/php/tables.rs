//! What is no method: the declarations, the constants, the getters of an error.

use std::fmt::Write;

use super::{GROUPS, MARK, head};
use crate::method::{Kind, Method};
use crate::model::Api;

/// For `FFI::cdef`; the installer puts `FFI_LIB` and `FFI_SCOPE` in front for `ffi.preload`.
pub fn declarations(api: &Api) -> String {
    let mut out = format!("/* {MARK} */\ntypedef int32_t wxpay_status;\n");
    for (name, _) in &api.opaque {
        writeln!(out, "typedef struct {name} {name};").unwrap();
    }
    for function in &api.functions {
        writeln!(out, "{};", function.declaration()).unwrap();
    }
    out
}

pub fn constants(api: &Api) -> String {
    let (major, minor) = api.version();
    let mut out = head("LibWxPay", "The numbers of the C header.");
    writeln!(
        out,
        "interface Constants\n{{\n    /** The ABI that this package was generated for. */\n    public const WXPAY_ABI_MAJOR = {major};\n    public const WXPAY_ABI_MINOR = {minor};"
    )
    .unwrap();
    let mut outcomes = Vec::new();
    for constant in &api.macros {
        if constant.value.parse::<i64>().is_err() || constant.name.starts_with("WXPAY_VERSION") {
            continue;
        }
        if !constant.comment.is_empty() {
            writeln!(out, "    /** {} */", constant.comment).unwrap();
        }
        writeln!(
            out,
            "    public const {} = {};",
            constant.name, constant.value
        )
        .unwrap();
        if let Some(name) = constant.name.strip_prefix("WXPAY_OUTCOME_") {
            outcomes.push(format!("{} => '{name}'", constant.value));
        }
    }
    writeln!(
        out,
        "    public const OUTCOME_NAMES = [{}];\n}}",
        outcomes.join(", ")
    )
    .unwrap();
    out
}

/// What is read from a C error when it becomes an exception.
pub fn error_fields(methods: &[Method]) -> String {
    let mut values = String::new();
    let mut messages = String::new();
    for method in methods.iter().filter(|method| method.class == "error") {
        let into = match method.gives.first().map(|value| value.kind) {
            Some(Kind::BorrowedHandle(_)) => &mut messages,
            _ => &mut values,
        };
        writeln!(
            into,
            "        '{}' => '{}',",
            method.name, method.function.name
        )
        .unwrap();
    }
    let groups: Vec<String> = GROUPS
        .iter()
        .map(|(group, name, _)| format!("        {group} => \\LibWxPay\\{name}Exception::class,\n"))
        .collect();
    let groups = groups.concat();
    format!(
        "{}/** @internal */\nfinal class ErrorFields\n{{\n    public const VALUES = [\n{values}    ];\n    public const MESSAGES = [\n{messages}    ];\n    /** By the hundreds of a status. */\n    public const GROUPS = [\n{groups}    ];\n}}\n",
        head(
            "LibWxPay\\Generated",
            "The getters of a C error by name, and the classes that it becomes."
        )
    )
}
