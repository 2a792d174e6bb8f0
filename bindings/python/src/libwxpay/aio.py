"""The client for asyncio."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Callable, Coroutine, Optional, Tuple, Union

from ._async_methods import AsyncClientMethods, AsyncPay
from ._values import Headers, Text
from .client import Client, Verbs
from .config import Config, FromConfig
from .messages import Options, Request, Response
from .notifications import Notification

if TYPE_CHECKING:
    from typing_extensions import Unpack

LOG = logging.getLogger("libwxpay")
#: Requests at a time; as many idle connections are kept.
THREADS = 64


class AsyncClient(Verbs[Coroutine[Any, Any, Response]], AsyncClientMethods, FromConfig):
    """`Client` with coroutines. What uses the network runs in threads of its own; the loop goes on.

    Cancelling a task cancels its request, waits until that has ended, and raises CancelledError.
    What is known about the request then is a warning of the logger "libwxpay", unless nothing was
    sent, and from Python 3.11 on the cause of the CancelledError, a WxPayError: query the order.
    """

    pay: AsyncPay

    def __init__(self, config: Optional[Config] = None, **options: Any) -> None:
        super().__init__(Client(config, **options))
        self.pay = AsyncPay(self._blocking.pay)
        self._pool: Optional[ThreadPoolExecutor] = None
        self._pid = 0

    def _submit(self, call: Callable[..., Any], *args: Any) -> Future[Any]:
        # Threads do not survive a fork: a child has a pool of its own.
        if self._pool is None or self._pid != os.getpid():
            self._pool = ThreadPoolExecutor(THREADS, "libwxpay")
            self._pid = os.getpid()
        return self._pool.submit(call, *args)

    async def _in_thread(self, call: Callable[..., Any], *args: Any) -> Any:
        return await asyncio.wrap_future(self._submit(call, *args))

    async def send(self, request: Request) -> Response:
        """Sends a request, prepared or not, and verifies the answer."""
        working = self._submit(self._blocking.send, request)
        ended = asyncio.wrap_future(working)
        try:
            # Unlike `await ended`, to cancel this leaves the future alone.
            await asyncio.wait({ended})
        except asyncio.CancelledError as cancelled:
            if working.cancel():
                raise
            request.cancel()
            while not ended.done():
                with contextlib.suppress(asyncio.CancelledError):
                    await asyncio.wait({ended})
            error = ended.exception()
            if getattr(error, "outcome", 0) != 1:
                LOG.warning("%s %s was cancelled: %s", request.method, request.url, error or "its answer had come")
            raise cancelled from error
        return ended.result()  # type: ignore[no-any-return, unused-ignore]

    async def prepare(
        self, method: Union[str, Request], url: str = "", body: Any = None, **options: Unpack[Options]
    ) -> Request:
        """As `Client.prepare`. This and all below compute for less than a millisecond, in place."""
        return self._blocking.prepare(method, url, body, **options)

    async def check(self, request: Request, status: int, headers: Headers, body: bytes) -> Response:
        """As `Client.check`."""
        return self._blocking.check(request, status, headers, body)

    async def load_certificates(self, status: int, headers: Headers, body: bytes) -> None:
        """As `Client.load_certificates`."""
        self._blocking.load_certificates(status, headers, body)

    async def notification(self, headers: Headers, body: bytes) -> Notification:
        """As `Client.notification`."""
        return self._blocking.notification(headers, body)

    async def encrypt(self, plaintext: Text, key_id: str = "") -> Tuple[str, str]:
        """As `Client.encrypt`."""
        return self._blocking.encrypt(plaintext, key_id)

    async def close(self) -> None:
        """Ends the threads when their requests are done."""
        if self._pool is not None and self._pid == os.getpid():
            self._pool.shutdown(wait=False)
        self._pool = None
        self._blocking.close()

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()
