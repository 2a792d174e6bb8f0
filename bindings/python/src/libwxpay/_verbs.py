# Generated from include/wxpay.h by `cargo run -p wxpay-gen`; do not edit.
"""A call for each method of HTTP."""

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

    def get(self, url: str, **options: Unpack[Options]) -> R:
        return self.call("GET", url, None, **options)

    def post(self, url: str, body: Any = None, **options: Unpack[Options]) -> R:
        return self.call("POST", url, body, **options)

    def put(self, url: str, body: Any = None, **options: Unpack[Options]) -> R:
        return self.call("PUT", url, body, **options)

    def patch(self, url: str, body: Any = None, **options: Unpack[Options]) -> R:
        return self.call("PATCH", url, body, **options)

    def delete(self, url: str, body: Any = None, **options: Unpack[Options]) -> R:
        return self.call("DELETE", url, body, **options)
