"""Requests, answers, and replies to notifications."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Dict, List, Optional, Sequence, Tuple, TypedDict, Union, cast

from . import _raw
from ._methods import MessageMethods
from ._values import Headers, Option, Text, header_block, one_by_one, option, pairs, payload
from .constants import WXPAY_STATUS_CANCELLED, Outcome
from .errors import ProcessError, made, parse

if TYPE_CHECKING:
    from typing_extensions import Unpack

LOG = logging.getLogger("libwxpay")
ANSWERED = {
    "outcome": Outcome.UNKNOWN,
    "message": "The caller was interrupted when the answer had come.",
    "hint": "It is in `response`, verified. Read it, or query the order.",
}
NEVER_BEGUN = {
    "outcome": Outcome.NOT_SENT,
    "message": "The request was not begun.",
    "hint": "Nothing was sent. Send it again if it is still wanted.",
}


class Options(TypedDict, total=False):
    """What a single call may be given."""

    headers: Optional[Headers]
    timeout_ms: Optional[int]
    #: Your promise that repeating this request cannot act twice.
    idempotent: Optional[bool]
    #: The WeChat Pay key that the answer is to be signed with.
    key_id: Optional[str]
    #: JSON pointers of what is encrypted in the body; of a client's `call` and `request` only.
    encrypt_fields: Union[str, Sequence[str], None]


class Message(MessageMethods):
    """One HTTP message, either direction."""

    __slots__ = ("__weakref__", "_handle")

    @property
    def header_list(self) -> List[Tuple[str, str]]:
        """Every header in order."""
        handle = self._handle
        name, value = _raw.message_header_name, _raw.message_header_value
        return [(name(handle, at) or "", value(handle, at) or "") for at in range(_raw.message_header_count(handle))]

    @property
    def headers(self) -> Dict[str, str]:
        """Headers by name; of a repeated name the first. `header(name)` understands any spelling."""
        first = dict(reversed(self.header_list))
        return {name: first[name] for name, _ in self.header_list}

    @property
    def text(self) -> str:
        """The body, which is UTF-8."""
        return self.body.decode()

    @property
    def json(self) -> Any:
        """The body's JSON; None when there is no body."""
        return parse(self.body, self if isinstance(self, Response) else None)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.method or self.status} {self.url or self.request_id}>"


class Request(Message):
    """A request to be sent. `cancel()` ends a `send` at work on it, from any thread."""

    #: After a `send` that a signal or a cancelled task interrupted: what is known of it.
    ended: Optional[BaseException] = None

    def __init__(self, method: str, url: str, body: Any = None, **options: Unpack[Options]) -> None:
        self._handle = _raw.message_new_request(method, url, payload(body))
        self._set(options)

    @classmethod
    def upload(
        cls, url: str, filename: str, file: bytes, content_type: str = "", meta: Any = None, **options: Unpack[Options]
    ) -> Request:
        """A file to be sent. `meta`: made when it is not given; its digest must be the file's."""
        return cls._of(_raw.message_new_upload(url, meta, filename, content_type, file))._set(options)

    def _set(self, options: Options) -> Request:
        for name, text in one_by_one(pairs(options.pop("headers", None) or [])):
            _raw.message_add_header(self._handle, name, text)
        for key, value in options.items():
            _raw.message_set(self._handle, key, option(key, cast(Option, value)))
        return self

    def _interrupted(self, known: Union[Response, BaseException, None]) -> BaseException:
        """What is known of a `send` whose caller does not wait for it: kept and logged."""
        if known is None or isinstance(known, Response):
            fields = {"status": WXPAY_STATUS_CANCELLED, "request": self, **(ANSWERED if known else NEVER_BEGUN)}
            known = made(ProcessError, {**fields, "response": known})
        if getattr(known, "outcome", Outcome.UNKNOWN) != Outcome.NOT_SENT:
            LOG.warning("%s %s was interrupted: %s", self.method, self.url, known)
        self.ended = known
        return known


class Response(Message):
    """An answer. `verified` says how far it is authenticated."""

    __slots__ = ()

    @classmethod
    def received(cls, status: int, headers: Headers, body: Text) -> Response:
        """What a transport or a web server has received."""
        response = cls._of(_raw.message_new_response(status, body))
        items = pairs(headers)
        block = header_block(items)
        if block is not None:
            _raw.message_add_header_block(response._handle, block)
            return response
        for name, value in one_by_one(items):
            _raw.message_add_header(response._handle, name, value)
        return response


class Reply(Message):
    """The answer to a notification: send status, headers and body as they are."""

    __slots__ = ()

    @classmethod
    def to(cls, result: int, reason: str = "") -> Reply:
        """0: handled, 204. The status of an error: 401 when the signature is wrong, else 500."""
        return cls._of(_raw.notify_reply(result, reason))


def v2_reply(result: int = 0, reason: str = "") -> Reply:
    """The answer to a notification of API v2: 0 when it is stored, else it is sent again."""
    return Reply._of(_raw.v2_reply(result, reason))
