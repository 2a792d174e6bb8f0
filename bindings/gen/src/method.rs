//! Every function as a language sees it: a class, a name, what the caller gives and what comes
//! back. Lengths, the error, outputs and `now` are folded away; nothing else is decided here.
//!
//! A thin method is one ABI call. Which class a function belongs to and what it takes is read off
//! its declaration; [`ROWS`] says only what C cannot say: what the bytes of a `wxpay_buf` are.

use crate::ctype::Type;
use crate::model::{Api, Function, Param, Role};

pub struct Method<'a> {
    pub function: &'a Function,
    /// `library`, `client`, `message`, `notify`, `download`, `bill`, `config`, `error`, `pay` (a
    /// client's front-end parameters), `key` and `primitives` (the two that languages keep in a module of their own,
    /// so that nobody decrypts without verifying by accident).
    pub class: &'static str,
    /// In snake case; languages spell it their way.
    pub name: &'a str,
    /// The arguments of the C call in order, a text and its length as one.
    pub call: Vec<Slot<'a>>,
    /// What the caller gets: outputs in order, or what a getter returns. Empty: nothing.
    pub gives: Vec<Value<'a>>,
}

/// One argument of the C call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot<'a> {
    /// The object that the method belongs to; for `pay` a client.
    Receiver,
    /// NULL where an object of that class could stand: no client, for the library's defaults; no
    /// request, because nobody asked for a notification.
    Nobody(&'static str),
    /// UTF-8 text, pointer and length.
    Text(&'a str),
    /// Bytes or UTF-8 text, pointer and length.
    Bytes(&'a str),
    /// JSON text. A language that writes JSON takes any value here, and encodes it where it encodes
    /// the bodies of requests; text passes as it is.
    Json(&'a str),
    Number(&'a str, Number),
    /// A handle of that class.
    Handle(&'a str, &'static str),
    /// Always 0, the system clock: a caller who could pass a time would pass the message's own,
    /// and nothing would ever be expired.
    Now,
    /// Place for `gives[i]`.
    Out(usize),
    Error,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Number {
    Int32,
    Int64,
    Uint32,
    Size,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Value<'a> {
    pub name: &'a str,
    pub kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A new object of that class, to be released.
    Handle(&'static str),
    /// A message that belongs to the object asked; NULL when there is none.
    BorrowedHandle(&'static str),
    Text,
    /// NULL when there is none.
    OptionalText,
    /// JSON text.
    Json,
    /// Of a getter: the length comes from the function `<name>_len`.
    Bytes,
    Number(Number),
    /// Of a getter: the least number of 64 bits stands for none, and must never be taken for an amount.
    OptionalNumber,
}

/// Functions that give a `wxpay_buf`, and what each buffer holds, in order; and getters whose text
/// is JSON.
const ROWS: &[(&str, &[Kind])] = &[
    ("wxpay_build_info", &[Kind::Json]),
    ("wxpay_error_json", &[Kind::Json]),
    ("wxpay_message_trace", &[Kind::Json]),
    ("wxpay_notify_json", &[Kind::Json]),
    ("wxpay_config_check", &[Kind::Json]),
    ("wxpay_client_info", &[Kind::Json]),
    ("wxpay_client_prepare_unsigned", &[Kind::Bytes, Kind::Bytes]),
    ("wxpay_client_encrypt", &[Kind::Text, Kind::Text]),
    ("wxpay_client_decrypt", &[Kind::Text]),
    ("wxpay_explain_request", &[Kind::Json]),
    ("wxpay_client_decrypt_fields", &[Kind::Json]),
    ("wxpay_client_download", &[Kind::Bytes]),
    ("wxpay_explain_response", &[Kind::Json]),
    ("wxpay_explain_text", &[Kind::Json]),
    ("wxpay_trust_report", &[Kind::Json]),
    ("wxpay_trust_probe", &[Kind::Json]),
    ("wxpay_pay_jsapi", &[Kind::Json]),
    ("wxpay_pay_mini_program", &[Kind::Json]),
    ("wxpay_pay_app", &[Kind::Json]),
    // Text: `wxpay_pay_attach` takes it back as it is.
    (
        "wxpay_pay_unsigned",
        &[Kind::Text, Kind::Bytes, Kind::Bytes],
    ),
    ("wxpay_pay_attach", &[Kind::Json]),
    ("wxpay_pay_h5_url", &[Kind::Text]),
    ("wxpay_pay_score", &[Kind::Json]),
    ("wxpay_v2_sign", &[Kind::Text]),
    ("wxpay_v2_check", &[Kind::Json]),
    ("wxpay_v2_send", &[Kind::Json]),
    ("wxpay_v2_refund_open", &[Kind::Json]),
    ("wxpay_key_info", &[Kind::Json]),
    ("wxpay_canonical_request", &[Kind::Bytes]),
    ("wxpay_canonical_response", &[Kind::Bytes]),
    ("wxpay_sign", &[Kind::Text]),
    ("wxpay_aead_decrypt", &[Kind::Bytes]),
    ("wxpay_oaep_encrypt", &[Kind::Text]),
    ("wxpay_oaep_decrypt", &[Kind::Bytes]),
];

/// Parameters that may be any bytes; all others are text.
const BYTES: &[&str] = &[
    "body",
    "raw",
    "pem_or_der",
    "cert",
    "message",
    "plaintext",
    "file",
    "csv",
    "source",
];

/// Parameters that are a JSON object of the caller's making; a configuration's is a text from elsewhere.
const JSON: &[(&str, &str)] = &[
    ("wxpay_message_new_upload", "meta_json"),
    ("wxpay_v2_sign", "json"),
    ("wxpay_v2_prepare", "json"),
];

/// What every binding writes by hand: the version check at load, the error that becomes an
/// exception (its getters are generated, its object is not handed out), buffers, releases, and what
/// fills memory of the caller, which every language has in its own way.
pub fn is_by_hand(function: &Function) -> bool {
    function.is_free()
        || function.params.iter().any(|param| param.role == Role::Into)
        || function.name == "wxpay_abi_version"
        || function.name.starts_with("wxpay_buf_")
}

/// The refusal names a function that needs a row.
pub fn methods(api: &Api) -> Result<Vec<Method<'_>>, Vec<String>> {
    let mut methods = Vec::new();
    let mut refusals = Vec::new();
    for function in &api.functions {
        let is_length = function
            .name
            .strip_suffix("_len")
            .is_some_and(|bytes| api.has(bytes));
        if is_by_hand(function) || is_length {
            continue;
        }
        match method(function) {
            Ok(method) => {
                methods.extend(without_client(&method));
                methods.extend(unasked(&method));
                methods.push(method);
            }
            Err(why) => refusals.push(format!("{}: {why}", function.name)),
        }
    }
    if refusals.is_empty() {
        Ok(methods)
    } else {
        Err(refusals)
    }
}

fn method(function: &Function) -> Result<Method<'_>, String> {
    let (class, name) = place(&function.name);
    let mut buffers = ROWS
        .iter()
        .find(|(name, _)| *name == function.name)
        .map_or(&[][..], |(_, kinds)| kinds)
        .iter();
    let mut call = Vec::new();
    let mut gives = Vec::new();
    for (at, param) in function.params.iter().enumerate() {
        let name = param.name.as_str();
        call.push(match (param.role, &param.ty) {
            (Role::Length, _) => continue,
            (Role::InText, _) if JSON.contains(&(function.name.as_str(), name)) => Slot::Json(name),
            (Role::InText | Role::InBytes, _) if BYTES.contains(&name) => Slot::Bytes(name),
            (Role::InText | Role::InBytes, _) => Slot::Text(name),
            (Role::Error, _) => Slot::Error,
            (Role::Number, Type::Int64) if name == "now" => Slot::Now,
            (Role::Number, ty) => Slot::Number(name, number(ty).ok_or("takes no number")?),
            (Role::InHandle | Role::ChangedHandle, Type::Handle { name: of, .. }) => {
                let of = class_of(of).ok_or_else(|| format!("{of} is no class"))?;
                if at == 0 && (of == class || class == "pay") {
                    Slot::Receiver
                } else {
                    Slot::Handle(name, of)
                }
            }
            (Role::OutHandle, Type::Out { name: of }) => {
                let kind = if of == "wxpay_buf" {
                    *buffers
                        .next()
                        .ok_or("gives a wxpay_buf: say in ROWS of method.rs what it holds")?
                } else {
                    Kind::Handle(class_of(of).ok_or_else(|| format!("{of} is no class"))?)
                };
                gives.push(Value { name, kind });
                Slot::Out(gives.len() - 1)
            }
            (role, _) => return Err(format!("{name} is {role:?}, which no language has yet")),
        });
    }
    if !function.has_error() {
        let nullable = function.params.iter().any(|p| p.gives() == Some("NULL"));
        let kind = match (&function.returns, buffers.next()) {
            (_, Some(kind)) => Some(*kind),
            (Type::Void, None) => None,
            (Type::Text, None) if nullable => Some(Kind::OptionalText),
            (Type::Text, None) => Some(Kind::Text),
            (Type::Bytes, None) => Some(Kind::Bytes),
            (Type::Handle { name: of, .. }, None) => Some(Kind::BorrowedHandle(
                class_of(of).ok_or_else(|| format!("{of} is no class"))?,
            )),
            (Type::Int64, None)
                if function
                    .params
                    .iter()
                    .any(|p| p.gives() == Some("INT64_MIN")) =>
            {
                Some(Kind::OptionalNumber)
            }
            (ty, None) => Some(Kind::Number(number(ty).ok_or("returns no value")?)),
        };
        gives.extend(kind.map(|kind| Value { name, kind }));
    }
    if buffers.next().is_some() {
        return Err("has more entries in ROWS of method.rs than buffers".into());
    }
    Ok(Method {
        function,
        class,
        name,
        call,
        gives,
    })
}

/// A function that takes a client or NULL is a method of the client, and one of the library.
fn without_client<'a>(method: &Method<'a>) -> Option<Method<'a>> {
    let function = method.function;
    let is_optional = function.has_error()
        && method.call.first() == Some(&Slot::Receiver)
        && function.params.first().is_some_and(Param::is_nullable);
    is_optional.then(|| {
        let mut call = method.call.clone();
        call[0] = Slot::Nobody("client");
        Method {
            function,
            class: "library",
            name: method.name,
            call,
            gives: method.gives.clone(),
        }
    })
}

/// What checks the answer to a request, or without one a notification, is two methods: nobody
/// should pass NULL for the request by mistake.
fn unasked<'a>(method: &Method<'a>) -> Option<Method<'a>> {
    let nullable = |name: &str| {
        let mut params = method.function.params.iter();
        params.any(|param| param.name == name && param.is_nullable())
    };
    let at = method
        .call
        .iter()
        .position(|slot| matches!(slot, Slot::Handle(name, "message") if nullable(name)))?;
    let mut call = method.call.clone();
    call[at] = Slot::Nobody("message");
    Some(Method {
        function: method.function,
        class: method.class,
        name: "v2_notification",
        call,
        gives: method.gives.clone(),
    })
}

fn number(ty: &Type) -> Option<Number> {
    Some(match ty {
        Type::Status | Type::Int32 => Number::Int32,
        Type::Int64 => Number::Int64,
        Type::Uint32 => Number::Uint32,
        Type::Size => Number::Size,
        _ => return None,
    })
}

/// `wxpay_client` to `client`.
fn class_of(handle: &str) -> Option<&'static str> {
    const CLASSES: &[&str] = &[
        "client", "message", "notify", "download", "bill", "config", "error", "key",
    ];
    let name = handle.strip_prefix("wxpay_")?;
    CLASSES.iter().find(|class| **class == name).copied()
}

/// Class and name of a function.
fn place(function: &str) -> (&'static str, &str) {
    const PREFIXES: &[(&str, &str)] = &[
        ("client_", "client"),
        ("message_", "message"),
        ("notify_", "notify"),
        ("download_", "download"),
        ("bill_", "bill"),
        ("config_", "config"),
        ("error_", "error"),
        ("key_", "key"),
        ("pay_", "pay"),
    ];
    const PRIMITIVES: &[&str] = &[
        "canonical_request",
        "canonical_response",
        "sign",
        "verify",
        "aead_decrypt",
        "oaep_encrypt",
        "oaep_decrypt",
    ];
    let name = function.strip_prefix("wxpay_").unwrap_or(function);
    if PRIMITIVES.contains(&name) {
        return ("primitives", name);
    }
    match name {
        // Of a client and no other: the name says what it is, because nothing in it is signed.
        "v2_refund_open" => return ("client", "refund_unauthenticated"),
        "v2_reply" => return ("library", name),
        "download_open" => return ("client", name),
        _ => {}
    }
    if ["explain_re", "trust_", "v2_"]
        .iter()
        .any(|topic| name.starts_with(topic))
    {
        return ("client", name);
    }
    PREFIXES
        .iter()
        .find_map(|(prefix, class)| Some((*class, name.strip_prefix(prefix)?)))
        .unwrap_or(("library", name))
}
