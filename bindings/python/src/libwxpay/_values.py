"""Values on their way into the library and out of it."""

import json
import os
from ctypes import string_at
from typing import Any, Iterable, List, Mapping, Optional, Sequence, Tuple, Union

from ._abi import BufHandle, wxpay_buf_data, wxpay_buf_len

Text = Union[str, bytes]
#: What a configuration key may be given.
Option = Union[str, bytes, int, bool, "os.PathLike[str]", Sequence[str], None]
#: Any mapping or list of pairs: of frameworks, HTTP clients, ASGI scopes, WSGI environs, Django's META.
Headers = Union[Mapping[Any, Any], Iterable[Tuple[Any, Any]]]


def octets(value: Union[Text, bytearray, memoryview]) -> bytes:
    """Bytes as they are, text in UTF-8."""
    if isinstance(value, str):
        return value.encode()
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value)
    raise TypeError(f"expected str or bytes, not {type(value).__name__}")


def payload(body: Any) -> bytes:
    """The body of a request. The only place where JSON is written: what is signed is what is sent."""
    if body is None:
        return b""
    if isinstance(body, (str, bytes, bytearray, memoryview)):
        return octets(body)
    return json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def optional(text: Optional[bytes]) -> Optional[str]:
    return None if text is None else text.decode()


def bytes_of(buffer: BufHandle) -> bytes:
    return string_at(wxpay_buf_data(buffer) or 0, wxpay_buf_len(buffer))


def option(value: Option) -> Text:
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
        return "\n".join(value)
    raise TypeError(f"expected text, a number, a bool, a path or a list of texts, not {type(value).__name__}")


def pairs(headers: Headers) -> List[Tuple[Any, Any]]:
    """Names and values in order. Of a WSGI environ the request's headers: it may hold the environment too."""
    if not hasattr(headers, "items"):
        return list(headers)
    items = list(headers.items())
    return [pair for pair in items if pair[0].startswith("HTTP_")] if "wsgi.version" in headers else items


def header_block(items: List[Tuple[Any, Any]]) -> Optional[bytes]:
    """Lines for `wxpay_message_add_header_block`; None when that would not be the same headers."""
    try:
        block = "\n".join([name + ":" + value for name, value in items])
    except TypeError:
        return None
    if block.count("\n") + 1 != len(items) or "\r" in block:
        return None
    return block.encode("utf-8", "replace")


def header_text(part: Any) -> Optional[bytes]:
    """None for what is no text, such as the streams in Django's META."""
    if isinstance(part, str):
        return part.encode("utf-8", "replace")
    return part if isinstance(part, bytes) else None
