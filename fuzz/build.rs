//! Writes a table of the exported functions, with a call of each, from bindings/abi/wxpay.abi.json:
//! a function that is added is fuzzed without a line here. What this does not understand stops it.

use std::fmt::Write as _;

use serde_json::Value;

fn main() {
    const ABI: &str = "../bindings/abi/wxpay.abi.json";
    const SYMBOLS: &str = "../bindings/abi/symbols.txt";
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed={ABI}");
    println!("cargo:rerun-if-changed={SYMBOLS}");
    let read = |path: &str| {
        std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"))
    };
    let abi: Value = serde_json::from_str(&read(ABI)).expect("the ABI is JSON");
    let functions = list(&abi["functions"]);
    let mut names: Vec<&str> = functions
        .iter()
        .map(|function| text(&function["name"]))
        .collect();
    names.sort_unstable();
    let symbols = read(SYMBOLS);
    let mut exported: Vec<&str> = symbols.lines().collect();
    exported.sort_unstable();
    assert_eq!(
        names, exported,
        "{ABI} and {SYMBOLS} name the same functions"
    );

    let types: Vec<&str> = list(&abi["opaque"])
        .iter()
        .map(|one| text(&one["name"]))
        .collect();
    let mut out = format!("pub const TYPES: &[&str] = &{types:?};\n\nunsafe extern \"C\" {{\n");
    for function in functions {
        let parameters: Vec<&str> = list(&function["params"])
            .iter()
            .map(|one| c_type(text(&one["type"])))
            .collect();
        let parameters: Vec<String> = parameters
            .iter()
            .enumerate()
            .map(|(at, one)| format!("a{at}: {one}"))
            .collect();
        let returned = match text(&function["returns"]["type"]) {
            "void" => String::new(),
            other => format!(" -> {}", c_type(other)),
        };
        writeln!(
            out,
            "    fn {}({}){returned};",
            text(&function["name"]),
            parameters.join(", ")
        )
        .expect("a string");
    }
    out.push_str("}\n\npub const FUNCTIONS: &[Function] = &[\n");
    functions
        .iter()
        .for_each(|function| out.push_str(&row(function, &types)));
    out.push_str("];\n");
    let place = std::env::var("OUT_DIR").expect("cargo sets it");
    std::fs::write(format!("{place}/functions.rs"), out).expect("OUT_DIR is writable");
}

fn row(function: &Value, types: &[&str]) -> String {
    let name = text(&function["name"]);
    let parameters = list(&function["params"]);
    let mut rows = String::new();
    for one in parameters {
        let handle = one["handle"].as_str().map(|name| {
            types
                .iter()
                .position(|known| *known == name)
                .expect("a type")
        });
        let handle = handle.unwrap_or(usize::MAX);
        let role = match text(&one["role"]) {
            "in-handle" => format!("Role::Handle({handle})"),
            "changed-handle" => format!("Role::Changed({handle})"),
            "released-handle" => format!("Role::Released({handle})"),
            "out-handle" => format!("Role::Out({handle})"),
            "err" => "Role::Err".to_owned(),
            "in-text" => "Role::Text".to_owned(),
            "length" => "Role::Length".to_owned(),
            "number" => "Role::Number".to_owned(),
            "out-bytes" => "Role::Bytes".to_owned(),
            "capacity" => "Role::Capacity".to_owned(),
            "out-size" => "Role::Size".to_owned(),
            other => panic!(
                "{name}: a new role of a parameter, {other}: teach fuzz/src/targets/c_calls.rs"
            ),
        };
        let nullable = one["nullable"] == true;
        let null_gives = one["null_gives"].as_str();
        let parameter = text(&one["name"]);
        writeln!(rows, "        Parameter {{ name: {parameter:?}, role: {role}, nullable: {nullable}, null_gives: {null_gives:?} }},").expect("a string");
    }
    let arguments: Vec<String> = (0..parameters.len())
        .map(|at| {
            format!(
                "a[{at}] as usize as {}",
                c_type(text(&parameters[at]["type"]))
            )
        })
        .collect();
    let call = format!("{name}({})", arguments.join(", "));
    let a = if arguments.is_empty() { "_" } else { "a" };
    let (returns, call) = match text(&function["returns"]["type"]) {
        "void" => ("Nothing", format!("{{ {call}; 0 }}")),
        "wxpay_status" if !list(&function["errors"]).is_empty() => {
            ("Status", format!("{call} as i64"))
        }
        "const char *" => ("Text", format!("{call} as usize as i64")),
        "const uint8_t *" | "const wxpay_message *" => {
            ("Pointer", format!("{call} as usize as i64"))
        }
        _ => ("Number", format!("{call} as i64")),
    };
    let errors: Vec<i64> = list(&function["errors"])
        .iter()
        .filter_map(Value::as_i64)
        .collect();
    let network = text(&function["io"]).contains("network");
    format!(
        "    Function {{ name: {name:?}, network: {network}, returns: Returns::{returns}, errors: &{errors:?},\n    parameters: &[\n{rows}    ],\n    call: |{a}| unsafe {{ {call} }} }},\n"
    )
}

/// As C passes it; every pointer is one of the same size.
fn c_type(c: &str) -> &'static str {
    match c {
        "size_t" => "usize",
        "wxpay_status" | "int32_t" => "i32",
        "int64_t" => "i64",
        "uint32_t" => "u32",
        pointer if pointer.ends_with('*') => "*mut std::ffi::c_void",
        other => panic!("a new type, {other}: teach fuzz/build.rs"),
    }
}

fn list(value: &Value) -> &Vec<Value> {
    value.as_array().expect("a list")
}

fn text(value: &Value) -> &str {
    value.as_str().expect("text")
}
