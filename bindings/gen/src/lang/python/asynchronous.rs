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
    (
        "v2_check",
        "request: Request, status: int, headers: Headers, body: bytes",
        "Tuple[Response, Any]",
    ),
    ("v2_notification", "body: bytes", "Any"),
];

/// What sends, or takes a download to its end: its task may be cancelled meanwhile.
const SENDING: &str = r#"
    def request(self, method: str, url: str, body: Any = None, **options: Unpack[Options]) -> Request:
        """As `Client.request`."""
        return self._blocking.request(method, url, body, **options)

    async def send(self, request: Request) -> Response:
        """As `Client.send`."""
        return await self._sent(self._blocking.send, request)

    async def v2_send(self, request: Request) -> Tuple[Response, Any]:
        """As `Client.v2_send`."""
        return await self._sent(self._blocking.v2_send, request)

    async def v2_call(self, path: Text, json: Any, sign_type: Text = "") -> Tuple[Response, Any]:
        """As `Client.v2_call`."""
        return await self.v2_send(self._blocking.v2_prepare(path, json, sign_type))

    async def download_to(self, source: Text, path: Path, progress: Progress = None) -> None:
        """As `Client.download_to`; `progress` is called in its thread."""
        await self._downloaded(source, lambda download: download.save(path, progress))

    async def bill(self, source: Text) -> Bill:
        """As `Client.bill`."""
        return await self._downloaded(source, Bill.of)

    async def _sent(self, call: Callable[[Request], T], request: Request) -> T:
        raise NotImplementedError

    async def _downloaded(self, source: Text, use: Callable[[Download], T]) -> T:
        raise NotImplementedError
"#;

const HEAD: &str = r#""""Thin methods of clients as coroutines. What uses network or files runs in a thread."""

from __future__ import annotations

"#;

const UNPACK: &str = r#"
if TYPE_CHECKING:
    from typing_extensions import Unpack

T = TypeVar("T")
"#;

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
    text += SENDING;
    text += &class("AsyncPay", "Pay", &of("pay"));
    let typing = [
        "TYPE_CHECKING",
        "Any",
        "Callable",
        "Tuple",
        "TypeVar",
        "Union",
    ];
    with_imports(
        HEAD,
        &text,
        &[
            ("typing", &typing),
            ("._client_methods", &["Pay"]),
            ("._values", &["Headers", "Text"]),
            (".client", &["Client"]),
            (".downloads", &["Bill", "Download", "Path", "Progress"]),
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
            "\n    async def _in_thread(self, call: Callable[..., T], *args: Any) -> T:\n        \
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
