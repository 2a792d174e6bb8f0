//! `tests/c/generated_walk.c`: one C function per export that makes the call from a set of
//! arguments and looks at what came back. `tests/c/walk.h` chooses the arguments.

use std::fmt::Write as _;

use crate::ctype::Type;
use crate::files::File;
use crate::model::{Api, Function, Param, Role};

pub fn file(api: &Api) -> File {
    let mut out = String::from(
        "/* Calls every exported function with bad and good arguments. Generated from include/wxpay.h;\n\
         \x20* do not edit, run: cargo run -p wxpay-gen. The arguments are chosen in walk.h. */\n\n\
         #include <wxpay.h>\n\n",
    );
    types(api, &mut out);
    out.push_str("#include \"walk.h\"\n");
    for function in &api.functions {
        call(function, &mut out);
    }
    table(api, &mut out);
    File::new("tests/c/generated_walk.c", out)
}

fn types(api: &Api, out: &mut String) {
    out.push_str("enum handle_type {\n");
    for (name, _) in &api.opaque {
        let _ = writeln!(out, "    T_{name},");
    }
    out.push_str("    T_COUNT\n};\n\nstatic const char *const type_names[] = {\n");
    for (name, _) in &api.opaque {
        let _ = writeln!(out, "    \"{name}\",");
    }
    out.push_str("    NULL\n};\n\n");
}

/// The arguments in the order of the slots of their kind.
#[derive(Default)]
struct Slots<'a> {
    texts: Vec<&'a Param>,
    handles: Vec<&'a Param>,
    numbers: Vec<&'a Param>,
}

fn slots(function: &Function) -> Slots<'_> {
    let mut slots = Slots::default();
    for param in &function.params {
        match param.role {
            Role::InText | Role::InBytes => slots.texts.push(param),
            Role::InHandle | Role::ChangedHandle | Role::ReleasedHandle => {
                slots.handles.push(param)
            }
            Role::Number => slots.numbers.push(param),
            _ => {}
        }
    }
    slots
}

/// Places for results are passed from this many on: all, or only those that must not be NULL.
fn outs_from(param: &Param) -> u8 {
    if param.is_nullable() { 2 } else { 1 }
}

fn call(function: &Function, out: &mut String) {
    let name = &function.name;
    let (mut texts, mut handles, mut numbers) = (0, 0, 0);
    let mut declared = String::new();
    let mut arguments = Vec::new();
    for param in &function.params {
        let (ty, place) = (param.ty.c(), &param.name);
        let wanted = outs_from(param);
        match (param.role, &param.ty) {
            (Role::InText, _) => arguments.push(format!("a->text[{texts}]")),
            (Role::InBytes, _) => arguments.push(format!("(const uint8_t *)a->text[{texts}]")),
            (Role::Length, _) => {
                arguments.push(format!("a->len[{texts}]"));
                texts += 1;
            }
            (Role::InHandle | Role::ChangedHandle | Role::ReleasedHandle, _) => {
                arguments.push(format!("({ty})a->handle[{handles}]"));
                handles += 1;
            }
            (Role::Number, _) => {
                arguments.push(format!("({ty})a->number[{numbers}]"));
                numbers += 1;
            }
            (Role::OutHandle, Type::Out { name: of }) => {
                let _ = writeln!(declared, "    {of} *{place} = ({of} *)POISON;");
                arguments.push(format!("a->outs >= {wanted} ? &{place} : NULL"));
            }
            (Role::Error, _) => {
                let _ = writeln!(
                    declared,
                    "    wxpay_error *{place} = (wxpay_error *)POISON;"
                );
                arguments.push(format!("a->errs ? &{place} : NULL"));
            }
            (Role::Into, _) => {
                let _ = writeln!(declared, "    uint8_t {place}[SCRATCH];");
                arguments.push(format!("a->outs >= {wanted} ? {place} : NULL"));
            }
            (Role::Capacity, _) => arguments.push("SCRATCH".into()),
            (Role::OutSize, _) => {
                let _ = writeln!(declared, "    size_t {place} = 0;");
                arguments.push(format!("a->outs >= {wanted} ? &{place} : NULL"));
            }
            (Role::OutHandle, _) => {}
        }
    }
    let _ = writeln!(out, "\nstatic void call_{name}(const struct args *a)\n{{");
    out.push_str(&declared);
    let called = wrapped(&format!("{name}("), &arguments);
    if function.has_error() {
        let _ = writeln!(out, "    wxpay_status status = {called};");
        out.push_str("    answered(a, status, err);\n");
        for param in &function.params {
            if let (Role::OutHandle, Type::Out { name: of }) = (param.role, &param.ty) {
                let (place, wanted) = (&param.name, outs_from(param));
                let _ = writeln!(
                    out,
                    "    if (given(a, status, a->outs >= {wanted}, {place}))\n        {of}_free({place});"
                );
            }
        }
    } else {
        let _ = writeln!(out, "    {}", looked_at(function, &called));
    }
    out.push_str("}\n");
}

/// A getter's answer, and what it must be for NULL.
fn looked_at(function: &Function, called: &str) -> String {
    let asked = function
        .params
        .iter()
        .find(|param| param.role == Role::InHandle);
    let gives = asked.and_then(Param::gives);
    match (&function.returns, function.is_free()) {
        (Type::Void, true) => format!("{called};\n    still_alive();"),
        (Type::Void, false) => format!("{called};\n    counted();"),
        (Type::Text, _) => format!("gave_text(a, {called}, {});", gives.unwrap_or("NULL")),
        (returns, _) if returns.is_number() => format!(
            "gave_number(a, (int64_t){called}, {});",
            gives.unwrap_or("0")
        ),
        _ => format!("gave_pointer(a, {called});"),
    }
}

fn wrapped(head: &str, arguments: &[String]) -> String {
    let one_line = format!("{head}{})", arguments.join(", "));
    if one_line.len() <= 90 {
        return one_line;
    }
    format!("{head}\n        {})", arguments.join(",\n        "))
}

fn table(api: &Api, out: &mut String) {
    out.push('\n');
    for function in &api.functions {
        let name = &function.name;
        if !function.errors.is_empty() {
            let errors: Vec<String> = function.errors.iter().map(i32::to_string).collect();
            let _ = writeln!(
                out,
                "static const int errors_{name}[] = {{ {}, 0 }};",
                errors.join(", ")
            );
        }
    }
    out.push_str("\nstatic const struct function functions[] = {\n");
    for function in &api.functions {
        row(function, out);
    }
    out.push_str("};\n\nstatic void free_handle(int type, void *handle)\n{\n    switch (type) {\n");
    for (name, _) in &api.opaque {
        let _ = writeln!(
            out,
            "    case T_{name}:\n        {name}_free(({name} *)handle);\n        break;"
        );
    }
    out.push_str("    default:\n        break;\n    }\n}\n\n");
    out.push_str(
        "int main(int argc, char **argv)\n{\n    \
         return walk(functions, sizeof functions / sizeof functions[0], free_handle, argc, argv);\n}\n",
    );
}

/// `struct function` of walk.h.
fn row(function: &Function, out: &mut String) {
    let slots = slots(function);
    let names = |params: &[&Param]| {
        params
            .iter()
            .map(|p| format!("\"{}\", ", p.name))
            .collect::<String>()
    };
    let handles: String = slots
        .handles
        .iter()
        .filter_map(|param| match &param.ty {
            Type::Handle { name, .. } => Some(format!(
                "{{ \"{}\", T_{name}, {} }}, ",
                param.name,
                u8::from(param.is_nullable())
            )),
            _ => None,
        })
        .collect();
    let outs = function
        .params
        .iter()
        .filter(|p| matches!(p.role, Role::OutHandle | Role::Into | Role::OutSize));
    let must = outs.clone().any(|param| !param.is_nullable());
    let errors = if function.errors.is_empty() {
        "NULL".to_owned()
    } else {
        format!("errors_{}", function.name)
    };
    let _ = writeln!(
        out,
        "    {{ \"{name}\", call_{name}, {{ {texts}NULL }}, {{ {handles}{{ NULL, 0, 0 }} }}, {{ {numbers}NULL }},\n      \
         {errors}, {needs_out}, {frees}, {network} }},",
        name = function.name,
        texts = names(&slots.texts),
        numbers = names(&slots.numbers),
        needs_out = u8::from(must),
        frees = u8::from(function.is_free()),
        network = u8::from(function.io.contains("network")),
    );
}
