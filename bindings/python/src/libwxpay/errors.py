"""One exception a group of statuses; what a caller decides by is `outcome`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Dict, Optional, Tuple, Type

from ._abi import (
    ErrorHandle,
    wxpay_error_json,
    wxpay_error_request,
    wxpay_error_response,
    wxpay_error_status,
    wxpay_status_name,
)
from ._error_fields import ErrorFields
from ._values import parse
from .constants import Outcome

if TYPE_CHECKING:
    from .messages import Reply, Request, Response


class WxPayError(ErrorFields):
    """Something failed. Read `outcome` before anything is sent again: docs/outcomes.md."""

    #: UNKNOWN: query the order first. A number that a later library adds counts as UNKNOWN.
    outcome: Outcome
    #: The same request with the same business numbers may be sent again now.
    retryable: bool
    _handle: Optional[ErrorHandle]

    def __init__(self, handle: ErrorHandle) -> None:
        self._read(handle)
        self._handle = handle
        self._text = wxpay_error_json(handle)
        self.outcome = Outcome(self.outcome) if self.outcome in list(Outcome) else Outcome.UNKNOWN
        self.retryable = bool(self.retryable)
        super().__init__(self.message)

    def __str__(self) -> str:
        about = f"{self.status_name}, outcome {self.outcome.name}"
        if self.request_id:
            about += f", Request-ID {self.request_id}"
        return f"{self.message} {self.hint} ({about})"

    @property
    def status_name(self) -> str:
        return wxpay_status_name(self.status).decode()

    @property
    def json(self) -> Any:
        """Everything in one object: the answer's headers and detail, a trace."""
        return parse(self._text)

    @property
    def request(self) -> Optional[Request]:
        """The request that failed. None in an error that came from another process."""
        from .messages import Request

        return Request._borrowed(wxpay_error_request(self._handle), self._handle)

    @property
    def response(self) -> Optional[Response]:
        """The answer, not authenticated."""
        from .messages import Response

        return Response._borrowed(wxpay_error_response(self._handle), self._handle)

    def reply(self, reason: str = "") -> Reply:
        """The answer to a notification that could not be opened: 401 to a forged one, else 500."""
        from .messages import Reply

        return Reply.to(self.status, reason)

    def __reduce__(self) -> Tuple[Any, ...]:
        """For other processes: all but the two messages."""
        return _again, (type(self), {**self.__dict__, "_handle": None})


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
    return GROUPS.get(wxpay_error_status(handle) // 100, WxPayError)(handle)


def _again(kind: Type[WxPayError], fields: Dict[str, Any]) -> WxPayError:
    error = kind.__new__(kind, fields["message"])
    error.__dict__.update(fields)
    return error
