//! `wxpay.abi.json`: the whole ABI for tools that do not read C.

use serde_json::{Map, Value, json};

use crate::ctype::Type;
use crate::files::File;
use crate::model::{Api, Function, Ownership, Param, Role};

pub fn file(api: &Api) -> File {
    let (major, minor) = api.version();
    let functions: Vec<Value> = api.functions.iter().map(function).collect();
    let opaque: Vec<Value> = api
        .opaque
        .iter()
        .map(|(name, text)| {
            let free = format!("{name}_free");
            json!({ "name": name, "doc": text, "free": api.has(&free).then_some(free) })
        })
        .collect();
    let statuses: Map<String, Value> = api
        .statuses()
        .map(|(name, number)| (name.to_owned(), number.into()))
        .collect();
    let macros: Vec<Value> = api
        .macros
        .iter()
        .map(|m| {
            let value = m
                .value
                .parse::<i64>()
                .map_or_else(|_| json!(m.value.trim_matches('"')), |n| json!(n));
            json!({ "name": m.name, "value": value, "doc": m.comment })
        })
        .collect();
    let whole = json!({
        "abi": { "major": major, "minor": minor },
        "opaque": opaque,
        "statuses": statuses,
        "macros": macros,
        "functions": functions,
    });
    File::new("bindings/abi/wxpay.abi.json", format!("{whole:#}\n"))
}

fn function(function: &Function) -> Value {
    let params: Vec<Value> = (0..function.params.len())
        .map(|at| param(&function.params, at))
        .collect();
    json!({
        "name": function.name,
        "doc": function.text,
        "returns": { "type": function.returns.c(), "ownership": ownership(function.ownership()) },
        "params": params,
        "since": function.since,
        "threads": function.threads,
        "io": function.io,
        "errors": function.errors,
    })
}

fn ownership(of: Ownership) -> &'static str {
    match of {
        Ownership::Value => "value",
        Ownership::Static => "static",
        Ownership::Borrowed => "borrowed from the first parameter",
    }
}

fn param(params: &[Param], at: usize) -> Value {
    let param = &params[at];
    let mut object = Map::new();
    object.insert("name".into(), param.name.as_str().into());
    object.insert("type".into(), param.ty.c().into());
    object.insert("role".into(), role(param.role).into());
    match (&param.ty, param.role) {
        (Type::Out { name } | Type::Handle { name, .. }, _) => {
            object.insert("handle".into(), name.as_str().into());
        }
        (_, Role::Length | Role::Capacity) => {
            object.insert("of".into(), params[at - 1].name.as_str().into());
        }
        _ => {}
    }
    if param.is_nullable() {
        object.insert("nullable".into(), true.into());
    }
    if let Some(gives) = param.gives() {
        object.insert("null_gives".into(), gives.into());
    }
    if !param.text.is_empty() {
        object.insert("doc".into(), param.text.as_str().into());
    }
    Value::Object(object)
}

fn role(role: Role) -> &'static str {
    match role {
        Role::InText => "in-text",
        Role::InBytes => "in-bytes",
        Role::Length => "length",
        Role::InHandle => "in-handle",
        Role::ChangedHandle => "changed-handle",
        Role::ReleasedHandle => "released-handle",
        Role::OutHandle => "out-handle",
        Role::Into => "out-bytes",
        Role::Capacity => "capacity",
        Role::OutSize => "out-size",
        Role::Number => "number",
        Role::Error => "err",
    }
}
