//! C++: `wxpay/generated.hpp` declares constants and thin methods, `wxpay/generated_calls.hpp` has
//! their bodies. The classes that users name derive from these and are written by hand between the
//! two, so that a method can give a `wxpay::Message`.

mod calls;
mod constants;
mod declared;

use crate::files::File;
use crate::method::{Kind, Method, Number, Slot, Value};
use crate::model::{Api, Role};

const FOLDER: &str = "bindings/cpp/include/wxpay";

/// What is written by hand, for the count of its lines.
pub const HAND_WRITTEN: &[&str] = &[
    "bindings/cpp/include/wxpay/handle.hpp",
    "bindings/cpp/include/wxpay/error.hpp",
    "bindings/cpp/include/wxpay/download.hpp",
    "bindings/cpp/include/wxpay/wxpay.hpp",
];

/// A class of the C interface and what it is in C++.
struct Class {
    class: &'static str,
    /// In `wxpay::generated`, and what users call it in `wxpay::`.
    name: &'static str,
    qualified: &'static str,
    /// How users name an object of it.
    object: &'static str,
}

/// A client's `pay` and the free functions of `library` and `primitives` own nothing.
const CLASSES: &[Class] = &[
    class("error", "Error", "wxpay::Error", "error"),
    class("message", "Message", "wxpay::Message", "message"),
    class("config", "Config", "wxpay::Config", "config"),
    class(
        "notify",
        "Notification",
        "wxpay::Notification",
        "notification",
    ),
    class("download", "Download", "wxpay::Download", "download"),
    class("bill", "Bill", "wxpay::Bill", "bill"),
    class("client", "Client", "wxpay::Client", "client"),
    class("key", "Key", "wxpay::primitives::Key", "key"),
];

const fn class(
    class: &'static str,
    name: &'static str,
    qualified: &'static str,
    object: &'static str,
) -> Class {
    Class {
        class,
        name,
        qualified,
        object,
    }
}

pub fn files(api: &Api, methods: &[Method]) -> Vec<File> {
    vec![
        File::new(
            format!("{FOLDER}/generated.hpp"),
            declared::header(api, methods),
        ),
        File::new(
            format!("{FOLDER}/generated_calls.hpp"),
            calls::header(methods),
        ),
    ]
}

/// How a user writes this method.
pub fn spelled(method: &Method) -> String {
    // wxpay.hpp puts the text first, because the key is seldom chosen.
    if method.function.name == "wxpay_client_encrypt" {
        return "client.encrypt(plaintext, key_id)".into();
    }
    let arguments: Vec<&str> = arguments(method).map(|(name, _)| name).collect();
    let call = format!("{}({})", name(method), arguments.join(", "));
    if let Some(class) = owner(method.class) {
        return if is_static(method) {
            format!("{}::{call}", class.qualified)
        } else {
            format!("{}.{call}", class.object)
        };
    }
    match method.class {
        "pay" => format!("client.pay().{call}"),
        "primitives" => format!("wxpay::primitives::{call}"),
        _ => format!("wxpay::{call}"),
    }
}

fn owner(class: &str) -> Option<&'static Class> {
    CLASSES.iter().find(|c| c.class == class)
}

/// Belongs to a class but needs no object of it.
fn is_static(method: &Method) -> bool {
    (method.class == "pay" || owner(method.class).is_some())
        && !method.call.contains(&Slot::Receiver)
}

/// The method's name, except where that is a word of C++.
fn name(method: &Method) -> String {
    match method.name {
        "new" => "create".into(),
        word @ ("unsigned" | "delete" | "export" | "register" | "signed" | "default") => {
            format!("{word}_")
        }
        name => name.into(),
    }
}

/// Name and type of what the caller gives, in order.
fn arguments<'a>(method: &Method<'a>) -> impl Iterator<Item = (&'a str, String)> {
    let function = method.function;
    method.call.iter().filter_map(move |slot| {
        Some(match slot {
            Slot::Text(name) | Slot::Bytes(name) | Slot::Json(name) => {
                (*name, "std::string_view ".into())
            }
            Slot::Number(name, number) => (*name, format!("{} ", number_type(*number))),
            Slot::Handle(name, class) => {
                let changed = function
                    .params
                    .iter()
                    .any(|p| p.name == *name && p.role == Role::ChangedHandle);
                let constant = if changed { "" } else { "const " };
                (*name, format!("{constant}{} &", qualified(class)))
            }
            Slot::Receiver | Slot::Nobody(_) | Slot::Now | Slot::Out(_) | Slot::Error => {
                return None;
            }
        })
    })
}

fn parameters(method: &Method) -> String {
    let list: Vec<String> = arguments(method)
        .map(|(name, ty)| format!("{ty}{name}"))
        .collect();
    format!("({})", list.join(", "))
}

fn qualified(class: &str) -> &'static str {
    owner(class).map_or("void", |c| c.qualified)
}

fn number_type(number: Number) -> &'static str {
    match number {
        Number::Int32 => "std::int32_t",
        Number::Int64 => "std::int64_t",
        Number::Uint32 => "std::uint32_t",
        Number::Size => "std::size_t",
    }
}

fn value_type(value: &Value) -> String {
    match value.kind {
        Kind::Handle(class) => qualified(class).into(),
        Kind::BorrowedHandle(class) => format!("Borrowed<{}>", qualified(class)),
        Kind::OptionalText => "std::optional<std::string>".into(),
        Kind::Text | Kind::Json | Kind::Bytes => "std::string".into(),
        Kind::Number(number) => number_type(number).into(),
        Kind::OptionalNumber => "std::optional<std::int64_t>".into(),
    }
}

/// What the method returns; several values are a struct of their own.
fn returns(method: &Method) -> String {
    match method.gives.as_slice() {
        [] => "void".into(),
        [value] => value_type(value),
        _ => result_name(method),
    }
}

/// `prepare_unsigned` to `PrepareUnsignedResult`.
fn result_name(method: &Method) -> String {
    let words = method.name.split('_').map(|word| {
        let (first, rest) = word.split_at(1);
        first.to_uppercase() + rest
    });
    format!("{}Result", words.collect::<String>())
}

/// `const` where C takes the object as const, `noexcept` where nothing is allocated.
fn qualifiers(method: &Method) -> String {
    let function = method.function;
    let changes = function
        .params
        .first()
        .is_some_and(|p| p.role == Role::ChangedHandle);
    let allocates = function.has_error()
        || method.gives.iter().any(|v| {
            !matches!(
                v.kind,
                Kind::Number(_) | Kind::OptionalNumber | Kind::BorrowedHandle(_)
            )
        });
    let mut out = String::new();
    if method.call.contains(&Slot::Receiver) && !changes {
        out.push_str(" const");
    }
    if !allocates {
        out.push_str(" noexcept");
    }
    out
}
