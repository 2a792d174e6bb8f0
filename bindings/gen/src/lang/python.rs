//! Python: declarations for ctypes, constants, and thin methods, each a name and one call.
//!
//! The modules stand on each other in this order, so that none imports a later one: `_abi`,
//! `_error_fields`, `_raw` and `_methods`, `_client_methods` and `_verbs`, `_async_methods`.

mod abi;
mod asynchronous;
mod call;
mod imports;
mod modules;
mod words;

use crate::files::File;
use crate::method::Method;
use crate::model::Api;

/// What is written by hand, in the order in which it is built.
pub const HAND_WRITTEN: &[&str] = &[
    "bindings/python/src/libwxpay/_loader.py",
    "bindings/python/src/libwxpay/_values.py",
    "bindings/python/src/libwxpay/errors.py",
    "bindings/python/src/libwxpay/messages.py",
    "bindings/python/src/libwxpay/notifications.py",
    "bindings/python/src/libwxpay/downloads.py",
    "bindings/python/src/libwxpay/config.py",
    "bindings/python/src/libwxpay/client.py",
    "bindings/python/src/libwxpay/aio.py",
    "bindings/python/src/libwxpay/__init__.py",
];

/// Functions with a face written by hand, because Python says them otherwise, and what a user
/// writes. Of them `_raw` has the bare call. All others are methods by themselves.
const BY_HAND: &[(&str, &str)] = &[
    ("wxpay_build_info", "libwxpay.build_info()"),
    ("wxpay_config_new", "Config(**options)"),
    ("wxpay_config_set", "config.set(key, value)"),
    // A message that is made never changes: one thread could read what another is replacing.
    (
        "wxpay_message_add_header",
        "Request(method, url, body, headers={name: value})",
    ),
    (
        "wxpay_message_add_header_block",
        "Request(method, url, body, headers={name: value})",
    ),
    (
        "wxpay_message_set",
        "Request(method, url, body, timeout_ms=…)",
    ),
    ("wxpay_client_new", "Client(**options)"),
    (SEND, "client.send(request)"),
    (CALL, "client.call(method, url, body)"),
    ("wxpay_client_prepare", "client.prepare(method, url, body)"),
    (
        "wxpay_client_check",
        "client.check(request, status, headers, body)",
    ),
    (
        "wxpay_client_load_certificates",
        "client.load_certificates(status, headers, body)",
    ),
    ("wxpay_client_encrypt", "client.encrypt(plaintext, key_id)"),
    ("wxpay_message_new_request", "Request(method, url, body)"),
    (
        "wxpay_message_new_response",
        "client.check(request, status, headers, body)",
    ),
    (
        "wxpay_message_new_upload",
        "client.upload(url, filename, file, content_type, meta)",
    ),
    (
        ENCRYPT_FIELDS,
        "client.request(method, url, body, encrypt_fields=pointers)",
    ),
    ("wxpay_bill_open", "Bill.open(csv)"),
    ("wxpay_bill_open_download", "Bill.of(download)"),
    ("wxpay_bill_fen", "bill.fen(column)"),
    (V2_SEND, "client.v2_send(request)"),
    ("v2_notification", "client.v2_notification(body)"),
    (
        "wxpay_v2_check",
        "client.v2_check(request, status, headers, body)",
    ),
    ("wxpay_v2_reply", "libwxpay.v2_reply(result, reason)"),
    ("wxpay_message_header_count", "message.header_list"),
    ("wxpay_message_header_name", "message.header_list"),
    ("wxpay_message_header_value", "message.header_list"),
    ("wxpay_notify_open", "client.notification(headers, body)"),
    ("wxpay_notify_json", "notification.json"),
    (
        "wxpay_notify_reply",
        "notification.reply_ok(), notification.reply_fail(reason), error.reply()",
    ),
];

/// Covered by `wxpay_message_new_request` and `wxpay_client_send`, which take options.
const CALL: &str = "wxpay_client_call";

/// Called by hand, too: what a signal interrupts must not be lost.
const SEND: &str = "wxpay_client_send";

const V2_SEND: &str = "wxpay_v2_send";

/// A message that is made never changes, so its fields are encrypted while it is made.
const ENCRYPT_FIELDS: &str = "wxpay_client_encrypt_fields";

/// Not in `_raw`.
const BARE: &[&str] = &[CALL, SEND, V2_SEND];

pub fn files(api: &Api, methods: &[Method]) -> Vec<File> {
    vec![
        module("_abi", abi::declarations(api)),
        module("constants", abi::constants(api)),
        module("_error_fields", modules::error_fields(methods)),
        module("_raw", modules::raw(methods)),
        module("_methods", modules::methods(methods)),
        module("_verbs", modules::verbs()),
        module("_client_methods", modules::client_methods(methods)),
        module("_async_methods", asynchronous::methods(methods)),
        module("primitives", modules::primitives(methods)),
    ]
}

fn module(name: &str, body: String) -> File {
    File::new(
        format!("bindings/python/src/libwxpay/{name}.py"),
        format!(
            "# Generated from include/wxpay.h by `cargo run -p wxpay-gen`; do not edit.\n{body}"
        ),
    )
}

fn by_hand(method: &Method) -> Option<&'static str> {
    BY_HAND
        .iter()
        .find(|(name, _)| *name == method.name || *name == method.function.name)
        .map(|(_, spelled)| *spelled)
}

/// A docstring is Python's doc comment.
pub fn without_docstrings(text: &str) -> String {
    let mut inside = false;
    let mut code = String::new();
    for line in text.lines() {
        let line_ends = line.trim_end().ends_with("\"\"\"");
        let begins = !inside && line.trim_start().starts_with("\"\"\"");
        if !inside && !begins {
            code.push_str(line);
            code.push('\n');
        }
        let one_line = begins && line.trim().len() > 3 && line_ends;
        inside = (inside && !line_ends) || (begins && !one_line);
    }
    code
}

/// How a user writes it.
pub fn spelled(method: &Method) -> String {
    if let Some(spelled) = by_hand(method) {
        return spelled.to_owned();
    }
    let owner = match method.class {
        "client" => "client.",
        "pay" => "client.pay.",
        "message" => "message.",
        "notify" => "notification.",
        "download" => "download.",
        "bill" => "bill.",
        "config" => "config.",
        "error" => "error.",
        "key" if words::is_constructor(method) => "primitives.Key.",
        "key" => "key.",
        "primitives" => "primitives.",
        _ => "libwxpay.",
    };
    let name = format!("{owner}{}", method.name);
    if words::is_property(method) {
        return name;
    }
    format!("{name}({})", words::names(method).join(", "))
}
