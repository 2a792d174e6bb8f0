"""The client: one merchant, for any number of threads, for the life of the process."""

from __future__ import annotations

from ctypes import c_void_p
from typing import TYPE_CHECKING, Any, Callable, Optional, Tuple, Union

from . import _raw
from ._abi import BufHandle, ErrorHandle, MessageHandle, wxpay_client_send, wxpay_v2_send
from ._client_methods import ClientMethods, Pay
from ._values import Headers, Text, bytes_of, option
from ._verbs import Verbs
from .config import Config, FromConfig
from .errors import failed, parse
from .messages import Options, Request, Response
from .notifications import Notification

if TYPE_CHECKING:
    from typing_extensions import Unpack


class Client(Verbs[Response], ClientMethods, FromConfig):
    """`Client(mchid=…, private_key_file=…, …)`: the names are the keys of docs/configuration.md.

    Make it once. It works in every thread, and in children forked after it was made.
    """

    def __init__(self, config: Optional[Config] = None, **options: Any) -> None:
        if config is not None and options:
            raise TypeError("give a Config or options, not both")
        made = Config(**options) if config is None else config
        self._open: Optional[c_void_p] = _raw.client_new(made._handle)

    @property
    def _handle(self) -> c_void_p:
        # Whoever is in a call holds the handle, so `close` frees nothing under his feet.
        if self._open is None:
            raise ValueError("this client is closed")
        return self._open

    @property
    def pay(self) -> Pay:
        """Parameters for front ends."""
        return Pay(self)

    def send(self, request: Request) -> Response:
        """Sends a request, prepared or not, and verifies the answer; `request.cancel()` ends it."""
        return self._sent(wxpay_client_send, request)

    def _sent(self, call: Callable[..., int], request: Request, *more: object) -> Response:
        answer, error = MessageHandle(), ErrorHandle()
        try:
            if not call(self._handle, request._handle, answer, *more, error):
                return Response._of(answer)
        except BaseException as interrupt:
            # The handler of a signal, which Python runs when the call has ended, and not before.
            if answer or error:
                raise interrupt from request._interrupted(failed(error) if error else Response._of(answer))
            raise
        raise failed(error)

    def request(self, method: str, url: str, body: Any = None, **options: Unpack[Options]) -> Request:
        """A request for `send` and `prepare`, its `encrypt_fields` encrypted: JSON pointers as
        wxpay_client_encrypt_fields takes them, one a line or a list.
        """
        pointers = options.pop("encrypt_fields", None)
        request = Request(method, url, body, **options)
        if pointers is not None:
            _raw.client_encrypt_fields(self._handle, request._handle, option("encrypt_fields", pointers))
        return request

    def prepare(
        self, method: Union[str, Request], url: str = "", body: Any = None, **options: Unpack[Options]
    ) -> Request:
        """Signs, for a transport of your own: send method, url, headers and body as they are, and
        follow no redirects. A request that is already made may stand in place of `method`.
        """
        request = method if isinstance(method, Request) else self.request(method, url, body, **options)
        return Request._of(_raw.client_prepare(self._handle, request._handle))

    def check(self, request: Request, status: int, headers: Headers, body: bytes) -> Response:
        """Verifies what your transport received for a prepared request; the body before any decoding."""
        response = Response.received(status, headers, body)
        _raw.client_check(self._handle, request._handle, response._handle)
        return response

    def load_certificates(self, status: int, headers: Headers, body: bytes) -> None:
        """Loads the answer to `certificates_request()` that your transport received; all or nothing."""
        response = Response.received(status, headers, body)
        _raw.client_load_certificates(self._handle, response._handle)

    def notification(self, headers: Headers, body: bytes) -> Notification:
        """Verifies, then decrypts. `headers`: of any framework, or a WSGI environ, Django's META, an
        ASGI scope's list. `body`: the raw bytes. When it raises, the error's `reply()` is the answer.
        """
        if isinstance(body, str):
            raise TypeError("body must be the bytes as received, not text: the bytes are what is signed")
        message = Response.received(0, headers, body)
        return Notification._of(_raw.notify_open(self._handle, message._handle))

    def encrypt(self, plaintext: Text, key_id: str = "") -> Tuple[str, str]:
        """A sensitive field: ciphertext, and the key's id for the call's option `key_id`."""
        return _raw.client_encrypt(self._handle, key_id, plaintext)

    def v2_send(self, request: Request) -> Tuple[Response, Any]:
        """Sends a message of `v2_prepare`: the answer, and its fields as a dict of text."""
        fields = BufHandle()
        response = self._sent(wxpay_v2_send, request, fields)
        return response, parse(bytes_of(fields), response)

    def v2_check(self, request: Request, status: int, headers: Headers, body: bytes) -> Tuple[Response, Any]:
        """Verifies what your transport received for a message of `v2_prepare`."""
        response = Response.received(status, headers, body)
        return response, _raw.v2_check(self._handle, request._handle, response._handle)

    def v2_notification(self, body: bytes) -> Any:
        """Verifies a notification of API v2 and gives its fields. Confirm it with an order query."""
        return _raw.v2_check(self._handle, None, Response.received(200, {}, body)._handle)

    def close(self) -> None:
        """Lets go of keys and connections, once no thread is in a call any more."""
        self._open = None

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
