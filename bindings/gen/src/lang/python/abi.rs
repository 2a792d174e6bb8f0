//! `_abi.py`, the declarations, and `constants.py`.

use std::fmt::Write as _;

use super::words;
use crate::ctype::Type;
use crate::model::{Api, Function, Role};

const HEAD: &str = r#""""The C functions as ctypes calls them: argument types are set once, here.

Only these take a time, and only the conformance vectors pass one other than 0.
"""

from ctypes import POINTER, c_char_p, c_int32, c_int64, c_size_t, c_uint8, c_uint32, c_void_p
from typing import Any, Callable, NoReturn, Optional, Type, TypeVar

from ._loader import load

"#;

const DECLARE: &str = r#"
_OUT = POINTER(c_void_p)
_INTO = POINTER(c_uint8)
_SIZE_OUT = POINTER(c_size_t)
H = TypeVar("H", bound="Held")


def _declare(name: str, restype: Any, *argtypes: Any) -> Callable[..., Any]:
    function = getattr(_LIBRARY, name)
    function.argtypes = argtypes
    function.restype = restype
    return function  # type: ignore[no-any-return, unused-ignore]


"#;

/// ctypes pickles and copies a pointer as a number: the copy would be released, too.
const POINTERS: &str = r#"

class Pointer(c_void_p):
    """To an object of the library."""

    __slots__ = ()

    def __reduce__(self) -> NoReturn:
        raise TypeError(f"a {type(self).__name__} belongs to this process; it cannot be copied or pickled")


class Borrowed(Pointer):
    """A handle that is released with its owner."""

    owner: object = None


class Held:
    """What keeps a handle."""

    __slots__ = ()
    _handle: c_void_p

    @classmethod
    def _of(cls: Type[H], handle: c_void_p) -> H:
        one = cls.__new__(cls)
        one._handle = handle
        return one

    @classmethod
    def _borrowed(cls: Type[H], address: Optional[int], owner: object) -> Optional[H]:
        if not address:
            return None
        handle = Borrowed(address)
        handle.owner = owner
        return cls._of(handle)
"#;

const HANDLE: &str = r#"

class {name}(Pointer):
    """{text} Released when nobody refers to it any more."""

    __slots__ = ()

    def __del__(self, free: Callable[..., None] = {free}) -> None:
        if self:
            free(self)
"#;

pub fn declarations(api: &Api) -> String {
    let (major, minor) = api.version();
    let mut out = HEAD.to_owned();
    let _ = write!(
        out,
        "ABI_MAJOR = {major}\nABI_MINOR = {minor}\n_LIBRARY = load(ABI_MAJOR, ABI_MINOR)\n{DECLARE}"
    );
    for function in &api.functions {
        declaration(&mut out, function);
    }
    out.push_str(POINTERS);
    for (name, text) in &api.opaque {
        out.push_str(
            &HANDLE
                .replace("{name}", &words::handle(name))
                .replace(
                    "{text}",
                    text.split("; ")
                        .next()
                        .unwrap_or(text)
                        .trim_end_matches('.'),
                )
                .replace(" Released", ". Released")
                .replace("{free}", &format!("{name}_free")),
        );
    }
    out
}

fn declaration(out: &mut String, function: &Function) {
    let (ctype, python) = match &function.returns {
        Type::Void => ("None", "None"),
        Type::Text if function.params.iter().any(|p| p.gives() == Some("NULL")) => {
            ("c_char_p", "Optional[bytes]")
        }
        Type::Text => ("c_char_p", "bytes"),
        Type::Bytes | Type::Handle { .. } => ("c_void_p", "Optional[int]"),
        ty => (number(ty), "int"),
    };
    let mut types = vec![format!("\"{}\"", function.name), ctype.to_owned()];
    types.extend(
        function
            .params
            .iter()
            .map(|param| argument(&param.ty, param.role).to_owned()),
    );
    let line = format!(
        "{}: Callable[..., {python}] = _declare({})\n",
        function.name,
        types.join(", ")
    );
    if line.len() <= 111 {
        out.push_str(&line);
        return;
    }
    let _ = write!(
        out,
        "{}: Callable[..., {python}] = _declare(\n    {}\n)\n",
        function.name,
        types.join(",\n    ") + ","
    );
}

fn argument(ty: &Type, role: Role) -> &'static str {
    match ty {
        Type::Text | Type::Bytes => "c_char_p",
        Type::Handle { .. } => "c_void_p",
        Type::Out { .. } => "_OUT",
        Type::Into => "_INTO",
        Type::SizeOut => "_SIZE_OUT",
        ty if role == Role::Capacity => number(ty),
        ty => number(ty),
    }
}

fn number(ty: &Type) -> &'static str {
    match ty {
        Type::Int64 => "c_int64",
        Type::Uint32 => "c_uint32",
        Type::Size => "c_size_t",
        _ => "c_int32",
    }
}

/// What a later library says counts as not known.
const MISSING: &str = r#"
    @classmethod
    def _missing_(cls, value: object) -> "Outcome":
        return cls.UNKNOWN
"#;

/// Numbers by their C names, and the groups that a caller compares with as enumerations.
pub fn constants(api: &Api) -> String {
    let mut out =
        String::from("\"\"\"The numbers of the C header.\"\"\"\n\nfrom enum import IntEnum\n\n");
    for one in &api.macros {
        if !one.comment.is_empty() {
            let _ = writeln!(out, "#: {}", one.comment);
        }
        let _ = writeln!(out, "{} = {}", one.name, one.value);
    }
    let groups = [
        (
            "Outcome",
            "WXPAY_OUTCOME_",
            "What is known about the request at WeChat Pay. Zero: query the order before anything is sent again.",
        ),
        (
            "Verified",
            "WXPAY_VERIFIED_",
            "How far a message is authenticated.",
        ),
        (
            "Status",
            "WXPAY_STATUS_",
            "What went wrong; later libraries may have more.",
        ),
    ];
    for (name, prefix, text) in groups {
        let _ = write!(
            out,
            "\n\nclass {name}(IntEnum):\n    \"\"\"{text}\"\"\"\n\n"
        );
        for one in &api.macros {
            if let Some(member) = one.name.strip_prefix(prefix) {
                let _ = writeln!(out, "    {member} = {}", one.value);
            }
        }
        if name == "Outcome" {
            out.push_str(MISSING);
        }
    }
    out
}
