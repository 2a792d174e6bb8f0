"""Values on their way into the library and out of it."""

import json
import os
from ctypes import string_at
from typing import Any, Iterable, Iterator, List, Mapping, Optional, Sequence, Tuple, Union

from ._abi import BufHandle, wxpay_buf_data, wxpay_buf_len

Text = Union[str, bytes]
#: What a configuration key may be given.
Option = Union[str, bytes, int, bool, "os.PathLike[str]", Sequence[str], None]
#: Any mapping or list of pairs: of frameworks, HTTP clients, ASGI scopes, WSGI environs, Django's META.
Headers = Union[Mapping[Any, Any], Iterable[Tuple[Any, Any]]]

#: Names that an environ of WSGI has, and Django's META, under ASGI too.
WSGI = ("wsgi.version", "wsgi.input", "wsgi.multithread")


def octets(value: Union[Text, bytearray, memoryview], name: str) -> bytes:
    """Bytes as they are, text in UTF-8."""
    if isinstance(value, str):
        return value.encode()
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value)
    raise TypeError(f"{name}: expected str or bytes, not {type(value).__name__}")


def payload(body: Any) -> bytes:
    """The body of a request. The only place where JSON is written: what is signed is what is sent."""
    if body is None:
        return b""
    if isinstance(body, (str, bytes, bytearray, memoryview)):
        return octets(body, "body")
    return json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def optional(text: Optional[bytes]) -> Optional[str]:
    return None if text is None else text.decode()


def optional_number(number: int) -> Optional[int]:
    """The least number of 64 bits stands for none."""
    return None if number == -1 << 63 else number


def bytes_of(buffer: BufHandle) -> bytes:
    return string_at(wxpay_buf_data(buffer) or 0, wxpay_buf_len(buffer))


def option(key: Text, value: Option) -> Text:
    """A configuration value or an option of a call as the library takes it; a list has a line each."""
    if value is None:
        return ""
    if isinstance(value, (str, bytes)):
        return value
    if isinstance(value, int):
        return str(int(value))
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    if isinstance(value, (list, tuple)):
        return b"\n".join([octets(line, f"a line of {key!r}") for line in value])
    wanted = "text, a number, a bool, a path or a list of texts"
    raise TypeError(f"{key!r}: expected {wanted}, not {type(value).__name__}")


def pairs(headers: Headers) -> List[Tuple[Any, Any]]:
    """Names and values in order. Of a WSGI environ the request's headers: it may hold the environment too."""
    if not hasattr(headers, "items"):
        if headers is None or isinstance(headers, (str, bytes)):
            raise TypeError(f"headers: expected a mapping, or pairs of name and value, not {type(headers).__name__}")
        return list(headers)
    items = list(headers.items())
    if any(name in headers for name in WSGI):
        # Beside the headers there are streams and numbers.
        items = [pair for pair in items if isinstance(pair[0], bytes) or str(pair[0]).startswith("HTTP_")]
        return [pair for pair in items if isinstance(pair[1], (str, bytes, list, tuple))]
    return items


def header_block(items: List[Tuple[Any, Any]]) -> Optional[bytes]:
    """Lines for `wxpay_message_add_header_block`; None when that would not be the same headers."""
    try:
        block = "\n".join([name + ":" + value for name, value in items])
    except TypeError:
        return None
    if block.count("\n") + 1 != len(items) or "\r" in block:
        return None
    return block.encode("utf-8", "replace")


def one_by_one(items: List[Tuple[Any, Any]]) -> Iterator[Tuple[bytes, bytes]]:
    """Headers as bytes. A value may be a list: API gateways and HTTP clients give every header one."""
    for name, values in items:
        for value in values if isinstance(values, (list, tuple)) else (values,):
            yield header_text(name, "name of a header"), header_text(value, f"header {name}")


def header_text(part: Any, name: str) -> bytes:
    return part.encode("utf-8", "replace") if isinstance(part, str) else octets(part, name)
