//! What a header may not say. A refusal names the function and the tag or parameter.

use std::collections::HashSet;

use crate::ctype::Type;
use crate::doc::Doc;
use crate::model::{Api, Function, Ownership, Param, Role};

/// One comment against its parameters.
pub fn comment(function: &str, doc: &Doc, params: &[Param]) -> Vec<String> {
    let mut reasons = Vec::new();
    let tags = [
        ("@since", &doc.since),
        ("@threads", &doc.threads),
        ("@io", &doc.io),
        ("@errors", &doc.errors),
    ];
    for (tag, value) in tags {
        if value.is_none() {
            reasons.push(format!("{function}: {tag} is missing"));
        }
    }
    if doc.text.is_empty() {
        reasons.push(format!("{function}: no sentence says what it does"));
    }
    for param in params.iter().filter(|param| param.role != Role::Length) {
        let Some(documented) = doc.param(&param.name) else {
            reasons.push(format!(
                "{function}: parameter {} has no @param",
                param.name
            ));
            continue;
        };
        let is_out = matches!(
            param.role,
            Role::OutHandle | Role::Into | Role::OutSize | Role::Error
        );
        if documented.is_out != is_out {
            let tag = if is_out { "@param[out]" } else { "@param" };
            reasons.push(format!(
                "{function}: parameter {} must be documented with {tag}",
                param.name
            ));
        }
        if documented.text.is_empty() {
            reasons.push(format!("{function}: @param {} says nothing", param.name));
        }
    }
    for name in doc.params.iter().flat_map(|param| &param.names) {
        if !params
            .iter()
            .any(|param| param.name == *name && param.role != Role::Length)
        {
            reasons.push(format!(
                "{function}: @param {name} is not a parameter that is documented"
            ));
        }
    }
    for (at, param) in params.iter().enumerate() {
        let next = params.get(at + 1).map(|next| next.role);
        let wants = match param.role {
            Role::InText | Role::InBytes => Role::Length,
            Role::Into => Role::Capacity,
            _ => continue,
        };
        if next != Some(wants) {
            reasons.push(format!(
                "{function}: parameter {} has no size after it",
                param.name
            ));
        }
    }
    reasons
}

/// What can be seen only with the whole header in view.
pub fn whole(api: &Api) -> Vec<String> {
    let mut reasons = Vec::new();
    let statuses: HashSet<i32> = api.statuses().map(|(_, number)| number).collect();
    let mut names = HashSet::new();
    for function in &api.functions {
        let mut refuse = |why: String| reasons.push(format!("{}: {why}", function.name));
        if !names.insert(&function.name) {
            refuse("is declared twice".into());
        }
        if !function.name.starts_with("wxpay_") {
            refuse("an export must be called wxpay_…".into());
        }
        for number in function
            .errors
            .iter()
            .filter(|n| **n == 0 || !statuses.contains(n))
        {
            refuse(format!(
                "@errors {number} is not a WXPAY_STATUS_ of an error"
            ));
        }
        if let Some(why) = since(api, &function.since) {
            refuse(why);
        }
        shape(function).into_iter().for_each(&mut refuse);
        for param in function
            .params
            .iter()
            .filter(|param| param.role == Role::OutHandle)
        {
            let Type::Out { name } = &param.ty else {
                continue;
            };
            if !api.has(&format!("{name}_free")) {
                refuse(format!(
                    "{} gives a {name}, which no {name}_free releases",
                    param.name
                ));
            }
        }
    }
    reasons
}

fn since(api: &Api, text: &str) -> Option<String> {
    let version = text
        .split_once('.')
        .and_then(|(major, minor)| Some((major.parse().ok()?, minor.parse().ok()?)));
    match version {
        None => Some(format!("@since {text:?} is not MAJOR.MINOR")),
        Some(version) if version > api.version() => {
            let (major, minor) = api.version();
            Some(format!(
                "@since {text} is later than the header's {major}.{minor}"
            ))
        }
        Some(_) => None,
    }
}

/// Fallible functions return a status and end in `err`; all others can say nothing but a value.
fn shape(function: &Function) -> Vec<String> {
    let mut reasons = Vec::new();
    let fallible = !function.errors.is_empty();
    let ends_in_err = function.has_error()
        && function
            .params
            .last()
            .is_some_and(|param| param.name == "err");
    let errs = function
        .params
        .iter()
        .filter(|param| param.role == Role::Error)
        .count();
    if fallible && function.returns != Type::Status {
        reasons.push("has @errors but does not return wxpay_status".into());
    }
    if fallible && !ends_in_err {
        reasons.push("has @errors, so its last parameter must be wxpay_error **err".into());
    }
    if !fallible && errs > 0 {
        reasons.push("takes err, so @errors must list its statuses".into());
    }
    if errs > 1 || (errs == 1 && !function.has_error()) {
        reasons.push("wxpay_error ** must be there once, as the last parameter".into());
    }
    let gives_out =
        |param: &&Param| matches!(param.role, Role::OutHandle | Role::OutSize | Role::Into);
    if !fallible && let Some(out) = function.params.iter().find(gives_out) {
        reasons.push(format!(
            "writes {}, so it must be able to fail: a status, @errors and err",
            out.name
        ));
    }
    if matches!(
        function.returns,
        Type::Into
            | Type::SizeOut
            | Type::Out { .. }
            | Type::Handle {
                is_const: false,
                ..
            }
    ) {
        reasons.push(format!(
            "returns {}; only const pointers are borrowed",
            function.returns.c()
        ));
    }
    let asks = function
        .params
        .iter()
        .find(|param| param.role == Role::InHandle);
    if let Some(asked) = asks
        && !fallible
        && function.returns != Type::Void
        && asked.gives().is_none()
    {
        reasons.push(format!(
            "@param {} must say what NULL gives: (gives 0)",
            asked.name
        ));
    }
    if function.ownership() == Ownership::Static && matches!(function.returns, Type::Handle { .. })
    {
        reasons.push("returns a handle that nobody owns".into());
    }
    reasons
}
