"""The client for asyncio."""

from __future__ import annotations

import asyncio
import contextlib
import os
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Callable, Coroutine, Optional, Tuple

from ._async_methods import AsyncClientMethods, AsyncPay, T
from ._values import Text
from ._verbs import Verbs
from .client import Client
from .config import Config, FromConfig
from .constants import WXPAY_STATUS_OUT_OF_MEMORY
from .downloads import Download
from .errors import ProcessError, made
from .messages import NEVER_BEGUN, Request, Response

#: Requests at a time; as many idle connections are kept.
THREADS = 64


def _work(future: Future[Any], call: Callable[..., Any], args: Tuple[Any, ...]) -> None:
    if future.set_running_or_notify_cancel():
        try:
            future.set_result(call(*args))
        except BaseException as error:
            future.set_exception(error)
            del future  # Else the error holds itself, by its traceback.


class AsyncClient(AsyncClientMethods, Verbs[Coroutine[Any, Any, Response]], FromConfig):
    """`Client` with coroutines. What uses the network runs in threads of its own; the loop goes on.

    Cancelling a task cancels its request, waits until that has ended, and raises CancelledError.
    What is known about the request then is `request.ended`, a WxPayError, from Python 3.11 on also the
    cause of the CancelledError, and unless nothing was sent a warning of the logger "libwxpay".
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
        # A future of our own: a pool that cannot start a thread raises with the call in its queue,
        # and the next thread that is free would begin it.
        future: Future[Any] = Future()
        try:
            self._pool.submit(_work, future, call, args)
        except Exception as error:
            if future.cancel():
                raise made(ProcessError, {"status": WXPAY_STATUS_OUT_OF_MEMORY, **NEVER_BEGUN}) from error
        return future

    async def _in_thread(self, call: Callable[..., T], *args: Any) -> T:
        return await asyncio.wrap_future(self._submit(call, *args))

    async def _downloaded(self, source: Text, use: Callable[[Download], T]) -> T:
        with await self.download_open(source) as download:
            ended = asyncio.wrap_future(self._submit(use, download))
            try:
                return await asyncio.shield(ended)
            finally:
                download.cancel()
                await asyncio.gather(ended, return_exceptions=True)

    async def _sent(self, call: Callable[[Request], T], request: Request) -> T:
        working = self._submit(call, request)
        ended = asyncio.wrap_future(working)
        try:
            # Unlike `await ended`, to cancel this leaves the future alone.
            await asyncio.wait({ended})
        except asyncio.CancelledError as cancelled:
            if working.cancel():
                raise cancelled from request._interrupted(None)
            request.cancel()
            while not ended.done():
                with contextlib.suppress(asyncio.CancelledError):
                    await asyncio.wait({ended})
            known = ended.exception() or ended.result()
            raise cancelled from request._interrupted(known[0] if isinstance(known, tuple) else known)
        return ended.result()  # type: ignore[no-any-return, unused-ignore]

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
