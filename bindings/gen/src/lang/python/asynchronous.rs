//! `_async_methods.py`: the thin methods of a client as coroutines.

use std::fmt::Write as _;

use super::imports::with_imports;
use super::{by_hand, words};
use crate::method::Method;

/// What a client has by hand that computes only: name, parameters, result.
const BY_HAND: &[(&str, &str, &str)] = &[
    (
        "prepare",
        "method: Union[str, Request], url: str = \"\", body: Any = None, **options: Unpack[Options]",
        "Request",
    ),
    (
        "check",
        "request: Request, status: int, headers: Headers, body: bytes",
        "Response",
    ),
    (
        "load_certificates",
        "status: int, headers: Headers, body: bytes",
        "None",
    ),
    (
        "notification",
        "headers: Headers, body: bytes",
        "Notification",
    ),
    (
        "encrypt",
        "plaintext: Text, key_id: str = \"\"",
        "Tuple[str, str]",
    ),
];

const HEAD: &str = r#""""Thin methods of clients as coroutines. What uses network or files runs in a thread."""

from __future__ import annotations

"#;

const UNPACK: &str = r"
if TYPE_CHECKING:
    from typing_extensions import Unpack
";

pub fn methods(methods: &[Method]) -> String {
    let of = |class: &str| -> Vec<&Method> {
        methods
            .iter()
            .filter(|method| method.class == class && by_hand(method).is_none())
            .collect()
    };
    let mut text = UNPACK.to_owned() + &class("AsyncClientMethods", "Client", &of("client"));
    for (name, params, result) in BY_HAND {
        let _ = writeln!(
            text,
            "\n    async def {name}(self, {params}) -> {result}:\n        \"\"\"As `Client.{name}`.\"\"\""
        );
        let parts = params.split(", ").filter_map(|part| part.split_once(':'));
        let names: Vec<&str> = parts.map(|(name, _)| name).collect();
        let returns = if *result == "None" { "" } else { "return " };
        let _ = writeln!(
            text,
            "        {returns}self._blocking.{name}({})",
            names.join(", ")
        );
    }
    text += &class("AsyncPay", "Pay", &of("pay"));
    let typing = ["TYPE_CHECKING", "Any", "Callable", "Tuple", "Union"];
    with_imports(
        HEAD,
        &text,
        &[
            ("typing", &typing),
            ("._client_methods", &["Pay"]),
            ("._values", &["Headers", "Text"]),
            (".client", &["Client"]),
            (".messages", &["Message", "Options", "Request", "Response"]),
            (".notifications", &["Notification"]),
        ],
        &[],
    )
}

fn class(name: &str, ty: &str, methods: &[&Method]) -> String {
    let mut out = format!(
        "\n\nclass {name}:\n    \"\"\"The same as of `{ty}`.\"\"\"\n\n    \
         def __init__(self, blocking: {ty}) -> None:\n        self._blocking = blocking\n"
    );
    if methods.iter().any(|method| !computes(method)) {
        out.push_str(
            "\n    async def _in_thread(self, call: Callable[..., Any], *args: Any) -> Any:\n        \
             raise NotImplementedError\n",
        );
    }
    for method in methods {
        let mut params = vec!["self".to_owned()];
        params.extend(words::declared(method));
        let names = words::names(method);
        let call = format!("self._blocking.{}", method.name);
        let _ = writeln!(
            out,
            "\n    async def {}({}) -> {}:",
            method.name,
            params.join(", "),
            words::results(method)
        );
        out.push_str(&words::docstring(method, "        "));
        let returns = if method.gives.is_empty() {
            ""
        } else {
            "return "
        };
        let _ = if computes(method) {
            writeln!(out, "        {returns}{call}({})", names.join(", "))
        } else {
            let args = [vec![call.as_str()], names].concat().join(", ");
            writeln!(out, "        {returns}await self._in_thread({args})")
        };
    }
    out
}

/// Touches neither network nor files.
fn computes(method: &Method) -> bool {
    method.function.io == "none"
}
