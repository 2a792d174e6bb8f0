"""One exception a group of statuses; what a caller decides by is `outcome`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Dict, Optional, Tuple, Type, TypeVar

from . import _abi, constants
from ._abi import ErrorHandle
from ._error_fields import ErrorFields

if TYPE_CHECKING:
    from .messages import Reply, Response

E = TypeVar("E", bound="WxPayError")


class WxPayError(ErrorFields):
    """Something failed. Read `outcome` before anything is sent again: docs/outcomes.md."""

    def __init__(self, handle: ErrorHandle) -> None:
        self._read(handle)
        self._text = _abi.wxpay_error_json(handle)
        super().__init__(self.message)

    def __str__(self) -> str:
        about = f"{self.status_name}, outcome {self.outcome.name}"
        if self.request_id:
            about += f", Request-ID {self.request_id}"
        return f"{self.message} {self.hint} ({about})"

    @property
    def status_name(self) -> str:
        return _abi.wxpay_status_name(self.status).decode()

    @property
    def json(self) -> Any:
        """Everything in one object: the answer's headers and detail, a trace. None when Python cannot read it."""
        try:
            return parse(self._text)
        except ApiError:  # What a server sent is inside, such as a number of 5000 digits.
            return None

    def reply(self, reason: str = "") -> Reply:
        """The answer to a notification that could not be opened: 401 to a forged one, else 500."""
        from .messages import Reply

        return Reply.to(self.status, reason)

    def __reduce__(self) -> Tuple[Any, ...]:
        """For other processes: all but the two messages."""
        return made, (type(self), {**self.__dict__, "request": None, "response": None})


class UsageError(WxPayError):
    """Arguments, configuration, keys."""


class SignatureError(WxPayError):
    """Signatures and encryption: of a notification, a forgery or a wrong key."""


class TransportError(WxPayError):
    """Network and TLS."""


class ApiError(WxPayError):
    """WeChat Pay answered with an error, or not as documented."""


class ProcessError(WxPayError):
    """Forked, cancelled, out of memory."""


class InternalError(WxPayError):
    """A defect of the library."""


GROUPS: Dict[int, Type[WxPayError]] = {1: UsageError, 2: SignatureError, 3: TransportError, 4: ApiError}
GROUPS.update({5: ProcessError, 9: InternalError})


def failed(handle: ErrorHandle) -> WxPayError:
    """The exception for an error; a number this package has not goes by its group."""
    return GROUPS.get(_abi.wxpay_error_status(handle) // 100, WxPayError)(handle)


def parse(text: bytes, response: Optional[Response] = None) -> Any:
    """What the library made or verified. The only place where JSON is read. None for no text."""
    try:
        return json.loads(text.decode()) if text else None
    except (ValueError, RecursionError) as wrong:
        fields = {
            "status": constants.WXPAY_STATUS_MALFORMED_JSON,
            "message": f"this is not JSON that Python can read: {wrong}.",
            "hint": "Read the bytes, `body`. If they are the answer to an order or a refund, query it.",
            "response": response,
            "request_id": response.request_id if response else "",
        }
        raise made(ApiError, fields) from wrong


def made(kind: Type[E], fields: Dict[str, Any]) -> E:
    """An error that this package found, or one from another process."""
    error = kind(ErrorHandle())
    error.__dict__.update(fields)
    error.args = (error.message,)
    return error
