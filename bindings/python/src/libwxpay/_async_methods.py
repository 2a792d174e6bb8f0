# Generated from include/wxpay.h by `cargo run -p wxpay-gen`; do not edit.
"""Thin methods of clients as coroutines. What uses network or files runs in a thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, Tuple, TypeVar, Union

from ._client_methods import Pay
from ._values import Headers, Text
from .client import Client
from .downloads import Bill, Download, Path, Progress
from .messages import Options, Request, Response
from .notifications import Notification

if TYPE_CHECKING:
    from typing_extensions import Unpack

T = TypeVar("T")


class AsyncClientMethods:
    """The same as of `Client`."""

    def __init__(self, blocking: Client) -> None:
        self._blocking = blocking

    async def _in_thread(self, call: Callable[..., T], *args: Any) -> T:
        raise NotImplementedError

    async def warm(self) -> None:
        """Loads or reloads the system's store now: NO_TRUST_ROOTS at boot instead of at the first payment.
        Call it before a fork, so that children inherit the store.
        """
        await self._in_thread(self._blocking.warm)

    async def info(self) -> Any:
        """What the client is and did, JSON without secrets: keys and how each came to be trusted, requests,
        connections, retries, store loads and reloads, roots.
        """
        return self._blocking.info()

    async def refresh_certificates(self) -> None:
        """Downloads the platform certificates and puts them in place of the old ones, all or nothing. OK
        without I/O within 60 seconds of a success; RATE_LIMITED within 60 seconds of a failure.
        Merchants with a WeChat Pay public key do not need it.
        """
        await self._in_thread(self._blocking.refresh_certificates)

    async def prepare_unsigned(self, request: Request) -> Tuple[Request, bytes, bytes]:
        """As wxpay_client_prepare, but without the signature: for keys in a KMS, HSM or USB token. Sign
        `to_sign` with RSASSA-PKCS1-v1_5 and SHA-256, or its digest, then attach.

        request: a request; not changed
        """
        return self._blocking.prepare_unsigned(request)

    async def certificates_due(self) -> int:
        """Are platform certificates to be downloaded? 0 no, 1 older than 12 hours, 2 now. The rate limit is
        included: 0 while it says wait.
        """
        return self._blocking.certificates_due()

    async def certificates_request(self) -> Request:
        """The request for the platform certificates, for wxpay_client_prepare or _prepare_unsigned; hand
        its answer to wxpay_client_load_certificates.
        """
        return self._blocking.certificates_request()

    async def explain_request(self, request: Request) -> Any:
        """What a request is signed over, JSON: the exact bytes, their length and digest line by line, the
        key's fingerprint. Secrets are redacted. Nothing is signed or sent.

        request: a request, prepared or not
        """
        return self._blocking.explain_request(request)

    async def decrypt(self, ciphertext_base64: Text) -> str:
        """Decrypts a value of an answer with the merchant's private key. Every failure has the same status,
        and one text for all that is base64.

        ciphertext_base64: strict base64
        """
        return self._blocking.decrypt(ciphertext_base64)

    async def decrypt_fields(self, response: Response, pointers: Text) -> Any:
        """Decrypts values inside a verified answer. Only those strings are replaced; every other byte
        stays. The message is not changed.

        response: an answer whose signature was verified
        pointers: as for wxpay_client_encrypt_fields
        """
        return self._blocking.decrypt_fields(response, pointers)

    async def download(self, source: Text) -> bytes:
        """Downloads a whole file: a bill, an image of a complaint, a receipt. Length, digest and, where it
        is encrypted, its tag are right, or nothing is given. gzip is undone.

        source: the JSON with which WeChat Pay answered the request for the bill, as it came (of a
            download_bill_list with several elements, one of them), or {"download_url": "…"}
        """
        return await self._in_thread(self._blocking.download, source)

    async def download_open(self, source: Text) -> Download:
        """Begins a download: sends the request and reads the answer's headers. For files that do not fit
        into memory; memory stays the same, whatever the file's size. An encrypted file is put aside in a
        temporary file at the first read, because nothing of it is given out before its tag was right.

        source: as for wxpay_client_download
        """
        return await self._in_thread(self._blocking.download_open, source)

    async def v2_sign(self, json: Any, sign_type: Text = "") -> str:
        """Signature of a flat JSON object by the rules of API v2: sorted, joined, hashed, upper hex.
        `sign`, null and empty values are left out. For parameters of front ends and of other channels;
        requests are for wxpay_v2_prepare.

        json: an object of text and integers
        sign_type: MD5 or HMAC-SHA256; empty for api_v2_sign_type
        """
        return self._blocking.v2_sign(json, sign_type)

    async def v2_prepare(self, path: Text, json: Any, sign_type: Text = "") -> Request:
        """Makes the exact message to send to an API v2 path: XML with mch_id, nonce_str, sign_type where
        they are missing, and sign; for pages such as /papay/entrustweb a GET, whose URL is for the
        buyer's browser. Send it with wxpay_v2_send, or with your own transport and then wxpay_v2_check.
        Refunds and other paths need the client certificate.

        path: such as /pay/unifiedorder, or an absolute URL of a known host
        json: an object of text and integers
        sign_type: MD5 or HMAC-SHA256; empty for api_v2_sign_type
        """
        return self._blocking.v2_prepare(path, json, sign_type)

    async def refund_unauthenticated(self, req_info_base64: Text) -> Any:
        """Opens `req_info` of a v2 refund notification. Nothing in that notification is signed and the
        cipher does not protect against changes: query the refund before you act on it.

        req_info_base64: as it stands in the notification
        """
        return self._blocking.refund_unauthenticated(req_info_base64)

    async def trust_report(self) -> Any:
        """What the trust store holds, JSON: where it came from (every path looked at), the roots that
        matter to WeChat Pay's servers by fingerprint, what is odd, and a verdict with the cure for this
        system. It reads the store as a request would. OK whenever a report could be made; the verdict is
        inside: {"schema":1,"status":0,"verdict":"ok","diagnosis":[{"id","severity","text","cure"}],…}.
        docs/json.md has every member, docs/diagnosis.md every id.
        """
        return await self._in_thread(self._blocking.trust_report)

    async def trust_probe(self, host: Text, port: int, bind_address: Text = "") -> Any:
        """What happens when this process connects to a server, JSON: addresses, TCP, TLS version and suite,
        the chain, the root it ended in, every problem with its cause and cure. One handshake on the
        stack that requests use, through the client's proxy and with its client certificate; then, where
        that went well and the host is WeChat Pay's, base_url's or this machine, a GET /v3/certificates
        without Authorization, for Request-ID and the server's clock. No business request is sent. OK
        whenever a report could be made; `status` inside is what a request would fail with, 0 for none.

        host: host name or address, without scheme and port
        port: 1 to 65535, 0 for 443
        bind_address: empty for what DNS says; `ip` or `ip:port` is the guideline's test of a new
            server certificate, without touching the hosts file
        """
        return await self._in_thread(self._blocking.trust_probe, host, port, bind_address)

    async def explain_response(self, request: Request, response: Response) -> Any:
        """What an answer means for the request that it answers, JSON: the verdict of wxpay_client_check,
        and the causes with their cures. On SIGN_ERROR what was signed is compared, line by line and byte
        by byte, with what WeChat Pay says it verified (sign_information). Works on wxpay_error_request
        and wxpay_error_response.

        request: the prepared message that was sent
        response: the answer, with its headers; not changed
        """
        return self._blocking.explain_response(request, response)

    async def prepare(self, method: Union[str, Request], url: str = "", body: Any = None, **options: Unpack[Options]) -> Request:
        """As `Client.prepare`."""
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

    async def v2_check(self, request: Request, status: int, headers: Headers, body: bytes) -> Tuple[Response, Any]:
        """As `Client.v2_check`."""
        return self._blocking.v2_check(request, status, headers, body)

    async def v2_notification(self, body: bytes) -> Any:
        """As `Client.v2_notification`."""
        return self._blocking.v2_notification(body)

    def request(self, method: str, url: str, body: Any = None, **options: Unpack[Options]) -> Request:
        """As `Client.request`."""
        return self._blocking.request(method, url, body, **options)

    async def send(self, request: Request) -> Response:
        """As `Client.send`."""
        return await self._sent(self._blocking.send, request)

    async def v2_send(self, request: Request) -> Tuple[Response, Any]:
        """As `Client.v2_send`."""
        return await self._sent(self._blocking.v2_send, request)

    async def v2_call(self, path: Text, json: Any, sign_type: Text = "") -> Tuple[Response, Any]:
        """As `Client.v2_call`."""
        return await self.v2_send(self._blocking.v2_prepare(path, json, sign_type))

    async def download_to(self, source: Text, path: Path, progress: Progress = None) -> None:
        """As `Client.download_to`; `progress` is called in its thread."""
        await self._downloaded(source, lambda download: download.save(path, progress))

    async def bill(self, source: Text) -> Bill:
        """As `Client.bill`."""
        return await self._downloaded(source, Bill.of)

    async def _sent(self, call: Callable[[Request], T], request: Request) -> T:
        raise NotImplementedError

    async def _downloaded(self, source: Text, use: Callable[[Download], T]) -> T:
        raise NotImplementedError


class AsyncPay:
    """The same as of `Pay`."""

    def __init__(self, blocking: Pay) -> None:
        self._blocking = blocking

    async def jsapi(self, appid: Text, prepay_id: Text) -> Any:
        """Parameters of WeixinJSBridge's getBrandWCPayRequest: appId, timeStamp, nonceStr, package,
        signType, paySign.

        appid: that the page runs under; 1 to 128 of A-Z, a-z, 0-9, _-=@.:/+
        prepay_id: as the order's answer gave it, without "prepay_id="
        """
        return self._blocking.jsapi(appid, prepay_id)

    async def mini_program(self, appid: Text, prepay_id: Text) -> Any:
        """Parameters of wx.requestPayment: timeStamp, nonceStr, package, signType, paySign.

        appid: of the mini program; signed, not part of the object
        prepay_id: as the order's answer gave it, without "prepay_id="
        """
        return self._blocking.mini_program(appid, prepay_id)

    async def app(self, appid: Text, prepay_id: Text) -> Any:
        """Parameters of the app SDK's PayReq: appid, partnerid, prepayid, package, noncestr, timestamp,
        sign.

        appid: of the app
        prepay_id: as the order's answer gave it
        """
        return self._blocking.app(appid, prepay_id)

    async def unsigned(self, kind: Text, appid: Text, prepay_id: Text) -> Tuple[str, bytes, bytes]:
        """The parameters without their signature, for keys in a KMS or HSM; complete them with
        wxpay_pay_attach.

        kind: "jsapi", "mini_program" or "app"
        appid: as for the signed forms
        prepay_id: as for the signed forms
        """
        return self._blocking.unsigned(kind, appid, prepay_id)

    async def attach(self, params: Text, signature: Text) -> Any:
        """Completes parameters from wxpay_pay_unsigned.

        params: the JSON as it came
        signature: 256 bytes for RSA-2048, raw or base64
        """
        return self._blocking.attach(params, signature)

    async def h5_url(self, h5_url: Text, redirect_url: Text = "") -> str:
        """The h5_url of an order's answer with redirect_url appended, percent-encoded.

        h5_url: https, as WeChat Pay gave it
        redirect_url: http or https; empty for none. Make sure it is yours
        """
        return self._blocking.h5_url(h5_url, redirect_url)

    async def score(self, package: Text) -> Any:
        """Parameters that open the PayScore page: mch_id, package, timestamp, nonce_str, sign_type, sign.
        They are signed with the APIv2 key, HMAC-SHA256, as WeChat Pay's documents say.

        package: as the PayScore answer gave it
        """
        return self._blocking.score(package)
