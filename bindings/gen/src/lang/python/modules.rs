//! The modules of thin methods.

use std::fmt::Write as _;

use super::imports::with_imports;
use super::{BARE, by_hand, call, words};
use crate::method::{Kind, Method, Slot};

const COMMON: &[(&str, &[&str])] = &[
    ("ctypes", &["c_void_p", "string_at"]),
    (
        "._values",
        &[
            "Text",
            "bytes_of",
            "octets",
            "optional",
            "optional_number",
            "payload",
        ],
    ),
    (".errors", &["failed", "parse"]),
];

fn imports<'a>(
    typing: &'a [&'a str],
    more: &[(&'a str, &'a [&'a str])],
) -> Vec<(&'a str, &'a [&'a str])> {
    let mut all = vec![("typing", typing)];
    all.extend(COMMON);
    all.extend(more);
    all
}

/// A method, property or static method of a class, or with `indent` "" a function.
fn thin(method: &Method, indent: &str, receiver: &str) -> String {
    let mut out = String::new();
    let within = format!("{indent}    ");
    let mut params = words::declared(method);
    if words::is_property(method) {
        let _ = writeln!(out, "{indent}@property");
    } else if words::is_constructor(method) {
        let _ = writeln!(out, "{indent}@staticmethod");
    }
    if words::has_receiver(method) {
        params.insert(0, "self".to_owned());
    } else if !indent.is_empty() && !words::is_constructor(method) {
        let _ = writeln!(out, "{indent}@staticmethod");
    }
    let _ = writeln!(
        out,
        "{indent}def {}({}) -> {}:",
        method.name,
        params.join(", "),
        words::results(method)
    );
    out + &words::docstring(method, &within) + &call::body(method, &within, receiver, false)
}

fn of<'a>(methods: &'a [Method<'a>], class: &str) -> Vec<&'a Method<'a>> {
    methods
        .iter()
        .filter(|method| method.class == class && by_hand(method).is_none())
        .collect()
}

/// `fields` is what stands before the methods.
fn class(name: &str, text: &str, fields: &str, receiver: &str, methods: &[&Method]) -> String {
    let mut out = format!("\n\nclass {name}:\n    \"\"\"{text}\"\"\"\n\n{fields}");
    for method in methods {
        let _ = write!(out, "\n{}", thin(method, "    ", receiver));
    }
    out
}

const HANDLE: &str = "    __slots__ = ()\n";
const CLIENT: &str = "    __slots__ = ()\n
    @property
    def _handle(self) -> c_void_p:
        raise NotImplementedError

    def v2_send(self, request: Request) -> Tuple[Response, Any]:
        raise NotImplementedError

    def v2_call(self, path: Text, json: Any, sign_type: Text = \"\") -> Tuple[Response, Any]:
        \"\"\"Signs, sends and verifies. When it fails look at the error's `outcome` before sending again.\"\"\"
        return self.v2_send(self.v2_prepare(path, json, sign_type))

    def download_to(self, source: Text, path: Path, progress: Progress = None) -> None:
        \"\"\"Downloads to a file, which is there only when all of it was right.\"\"\"
        with self.download_open(source) as download:
            download.save(path, progress)

    def bill(self, source: Text) -> Bill:
        \"\"\"Downloads a bill of any size. No row is given before all of it was right.\"\"\"
        with self.download_open(source) as download:
            return Bill.of(download)\n";
const PAY: &str = "    __slots__ = (\"_client\",)\n
    def __init__(self, client: ClientMethods) -> None:
        self._client = client\n";
const KEY: &str = "    __slots__ = (\"_handle\",)\n";

pub fn error_fields(methods: &[Method]) -> String {
    let fields: Vec<&Method> = of(methods, "error");
    let mut declared = String::new();
    let mut read = String::new();
    for method in &fields {
        let value = &method.gives[0];
        let call = format!("{}(handle)", method.function.name);
        let (ty, got) = match value.kind {
            // Parsed when it is asked for: most errors are only printed.
            Kind::Json => continue,
            Kind::BorrowedHandle(class) => {
                let object = words::object(method.name, class);
                let line = format!("{object}._borrowed({call}, handle)");
                (format!("Optional[{object}]"), line)
            }
            Kind::Number(_) if method.name == "outcome" => {
                ("Outcome".to_owned(), format!("Outcome({call})"))
            }
            Kind::Number(_) if method.name == "retryable" => {
                ("bool".to_owned(), format!("bool({call})"))
            }
            // -1 stands for nothing said.
            Kind::Number(_) if method.function.params[0].gives() == Some("-1") => {
                let _ = write!(
                    read,
                    "        {0} = {call}\n        self.{0} = None if {0} < 0 else {0}\n",
                    method.name
                );
                ("Optional[int]".to_owned(), String::new())
            }
            Kind::Number(_) => ("int".to_owned(), call),
            _ => ("str".to_owned(), format!("{call}.decode()")),
        };
        let _ = write!(
            declared,
            "{}\n    {}: {ty}\n",
            words::wrapped(&method.function.text, "    #: "),
            method.name
        );
        if !got.is_empty() {
            let _ = writeln!(read, "        self.{} = {got}", method.name);
        }
    }
    let text = format!(
        "\nif TYPE_CHECKING:\n    from .messages import Request, Response\n\n\nclass ErrorFields(Exception):\n    \"\"\"What an error of the library says, copied.\"\"\"\n\n{declared}\n    \
         def _read(self, handle: c_void_p) -> None:\n        from .messages import Request, Response\n\n{read}"
    );
    with_imports(
        "\"\"\"The fields of an error.\"\"\"\n\nfrom __future__ import annotations\n\n",
        &text,
        &[
            ("ctypes", &["c_void_p"]),
            ("typing", &["TYPE_CHECKING", "Optional"]),
            (".constants", &["Outcome"]),
        ],
        &fields,
    )
}

/// The bare call of what has a face written by hand.
pub fn raw(methods: &[Method]) -> String {
    let chosen: Vec<&Method> = methods
        .iter()
        .filter(|method| {
            // A notification's check is the bare call without a request.
            by_hand(method).is_some()
                && !BARE.contains(&method.function.name.as_str())
                && !method.call.contains(&Slot::Nobody("message"))
        })
        .collect();
    let mut text = String::new();
    for method in &chosen {
        let name = &method.function.name["wxpay_".len()..];
        let mut params: Vec<String> = Vec::new();
        for slot in &method.call {
            params.extend(match slot {
                Slot::Receiver => Some("handle: Optional[c_void_p]".to_owned()),
                Slot::Text(name) | Slot::Bytes(name) => Some(format!("{name}: Text")),
                Slot::Json(name) => Some(format!("{name}: Any")),
                Slot::Number(name, _) => Some(format!("{name}: int")),
                Slot::Handle(name, _) => Some(format!("{name}: Optional[c_void_p]")),
                Slot::Nobody(_) | Slot::Now | Slot::Out(_) | Slot::Error => None,
            });
        }
        let results = match method.gives.as_slice() {
            [one] => match one.kind {
                Kind::Handle(class) => words::handle(class),
                _ => words::results(method),
            },
            _ => words::results(method),
        };
        let _ = write!(
            text,
            "\n\ndef {name}({}) -> {results}:\n{}",
            params.join(", "),
            call::body(method, "    ", "handle", true)
        );
    }
    let typing = ["Any", "Optional", "Tuple"];
    with_imports(
        "\"\"\"Calls whose public form is written by hand: handles in, handles out.\"\"\"\n\n",
        &text,
        &imports(&typing, &[]),
        &chosen,
    )
}

pub fn methods(methods: &[Method]) -> String {
    let message = of(methods, "message");
    let notify = of(methods, "notify");
    let download = of(methods, "download");
    let bill = of(methods, "bill");
    let config = of(methods, "config");
    let library = of(methods, "library");
    let own = "self._handle";
    let mut text = class(
        "MessageMethods(Held)",
        "A message of HTTP.",
        HANDLE,
        own,
        &message,
    ) + &class(
        "NotifyMethods(Held)",
        "A verified notification.",
        HANDLE,
        own,
        &notify,
    ) + &class(
        "DownloadMethods(Held)",
        "A file on its way.",
        HANDLE,
        own,
        &download,
    ) + &class(
        "BillMethods(Held)",
        "A bill, whole and checked.",
        HANDLE,
        own,
        &bill,
    ) + &class(
        "ConfigMethods(Held)",
        "A configuration by name.",
        HANDLE,
        own,
        &config,
    );
    for method in &library {
        let _ = write!(text, "\n\n{}", thin(method, "", own));
    }
    let typing = ["Any", "Optional", "Tuple"];
    let all: Vec<&Method> = [message, notify, download, bill, config, library].concat();
    with_imports(
        "\"\"\"Thin methods of messages, notifications and configurations, and functions of the library.\"\"\"\n\n",
        &text,
        &imports(&typing, &[]),
        &all,
    )
}

const VERBS: &str = r#""""A call for each method of HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from .messages import Options, Request

if TYPE_CHECKING:
    from typing_extensions import Unpack

R = TypeVar("R")


class Verbs(Generic[R]):
    """A call for each method of HTTP. `body`: bytes and text as they are, anything else as JSON."""

    def send(self, request: Request) -> R:
        raise NotImplementedError

    def request(self, method: str, url: str, body: Any = None, **options: Unpack[Options]) -> Request:
        raise NotImplementedError

    def upload(
        self, url: str, filename: str, file: bytes, content_type: str = "", meta: Any = None, **options: Unpack[Options]
    ) -> R:
        """Sends a file: what is signed is the part `meta`, which the library makes when it is not given."""
        return self.send(Request.upload(url, filename, file, content_type, meta, **options))

    def call(self, method: str, url: str, body: Any = None, **options: Unpack[Options]) -> R:
        """Signs, sends and verifies. When it fails look at the error's `outcome` before sending again."""
        return self.send(self.request(method, url, body, **options))
"#;

pub fn verbs() -> String {
    let mut out = VERBS.to_owned();
    for verb in ["get", "post", "put", "patch", "delete"] {
        let (body, given) = match verb {
            "get" => ("", "None"),
            _ => (", body: Any = None", "body"),
        };
        let _ = write!(
            out,
            "\n    def {verb}(self, url: str{body}, **options: Unpack[Options]) -> R:\n        \
             return self.call(\"{}\", url, {given}, **options)\n",
            verb.to_ascii_uppercase()
        );
    }
    out
}

pub fn client_methods(methods: &[Method]) -> String {
    let client = of(methods, "client");
    let pay = of(methods, "pay");
    let text = class(
        "ClientMethods",
        "A merchant.",
        CLIENT,
        "self._handle",
        &client,
    ) + &class(
        "Pay",
        "Parameters for front ends.",
        PAY,
        "self._client._handle",
        &pay,
    );
    let typing = ["Any", "Optional", "Tuple"];
    let all: Vec<&Method> = [client, pay].concat();
    with_imports(
        "\"\"\"Thin methods of clients.\"\"\"\n\n",
        &text,
        &imports(
            &typing,
            &[
                (".downloads", &["Bill", "Download", "Path", "Progress"]),
                (".messages", &["Message", "Request", "Response"]),
            ],
        ),
        &all,
    )
}

const PRIMITIVES: &str = r#""""Signing, verifying and decrypting by hand, without a client.

For requests, answers and notifications use `Client`: these functions check neither the time nor
who may sign, and decrypt what nobody has verified.
"""

from __future__ import annotations

"#;

pub fn primitives(methods: &[Method]) -> String {
    let key = of(methods, "key");
    let primitives = of(methods, "primitives");
    let what = "A private key, a public key or a certificate.";
    let mut text = class("Key(Held)", what, KEY, "self._handle", &key);
    for method in &primitives {
        let _ = write!(text, "\n\n{}", thin(method, "", ""));
    }
    let typing = ["Any", "Optional", "Tuple"];
    let all: Vec<&Method> = [key, primitives].concat();
    with_imports(PRIMITIVES, &text, &imports(&typing, &[]), &all)
}
