# Generated from include/wxpay.h by `cargo run -p wxpay-gen`; do not edit.
"""Thin methods of clients."""

from ctypes import c_void_p
from typing import Any, Tuple

from ._abi import (
    BufHandle,
    DownloadHandle,
    ErrorHandle,
    MessageHandle,
    wxpay_client_certificates_due,
    wxpay_client_certificates_request,
    wxpay_client_decrypt,
    wxpay_client_decrypt_fields,
    wxpay_client_download,
    wxpay_client_info,
    wxpay_client_prepare_unsigned,
    wxpay_client_refresh_certificates,
    wxpay_client_warm,
    wxpay_download_open,
    wxpay_explain_request,
    wxpay_explain_response,
    wxpay_pay_app,
    wxpay_pay_attach,
    wxpay_pay_h5_url,
    wxpay_pay_jsapi,
    wxpay_pay_mini_program,
    wxpay_pay_score,
    wxpay_pay_unsigned,
    wxpay_trust_probe,
    wxpay_trust_report,
    wxpay_v2_prepare,
    wxpay_v2_refund_open,
    wxpay_v2_sign,
)
from ._values import Text, bytes_of, octets, payload
from .downloads import Bill, Download, Path, Progress
from .errors import failed, parse
from .messages import Request, Response


class ClientMethods:
    """A merchant."""

    __slots__ = ()

    @property
    def _handle(self) -> c_void_p:
        raise NotImplementedError

    def v2_send(self, request: Request) -> Tuple[Response, Any]:
        raise NotImplementedError

    def v2_call(self, path: Text, json: Any, sign_type: Text = "") -> Tuple[Response, Any]:
        """Signs, sends and verifies. When it fails look at the error's `outcome` before sending again."""
        return self.v2_send(self.v2_prepare(path, json, sign_type))

    def download_to(self, source: Text, path: Path, progress: Progress = None) -> None:
        """Downloads to a file, which is there only when all of it was right."""
        with self.download_open(source) as download:
            download.save(path, progress)

    def bill(self, source: Text) -> Bill:
        """Downloads a bill of any size. No row is given before all of it was right."""
        with self.download_open(source) as download:
            return Bill.of(download)

    def warm(self) -> None:
        """Loads or reloads the system's store now: NO_TRUST_ROOTS at boot instead of at the first payment.
        Call it before a fork, so that children inherit the store.
        """
        error = ErrorHandle()
        if wxpay_client_warm(self._handle, error):
            raise failed(error)

    def info(self) -> Any:
        """What the client is and did, JSON without secrets: keys and how each came to be trusted, requests,
        connections, retries, store loads and reloads, roots.
        """
        out0 = BufHandle()
        error = ErrorHandle()
        if wxpay_client_info(self._handle, out0, error):
            raise failed(error)
        return parse(bytes_of(out0))

    def refresh_certificates(self) -> None:
        """Downloads the platform certificates and puts them in place of the old ones, all or nothing. OK
        without I/O within 60 seconds of a success; RATE_LIMITED within 60 seconds of a failure.
        Merchants with a WeChat Pay public key do not need it.
        """
        error = ErrorHandle()
        if wxpay_client_refresh_certificates(self._handle, error):
            raise failed(error)

    def prepare_unsigned(self, request: Request) -> Tuple[Request, bytes, bytes]:
        """As wxpay_client_prepare, but without the signature: for keys in a KMS, HSM or USB token. Sign
        `to_sign` with RSASSA-PKCS1-v1_5 and SHA-256, or its digest, then attach.

        request: a request; not changed
        """
        out0 = MessageHandle()
        out1 = BufHandle()
        out2 = BufHandle()
        error = ErrorHandle()
        if wxpay_client_prepare_unsigned(self._handle, request._handle, 0, out0, out1, out2, error):
            raise failed(error)
        return Request._of(out0), bytes_of(out1), bytes_of(out2)

    def certificates_due(self) -> int:
        """Are platform certificates to be downloaded? 0 no, 1 older than 12 hours, 2 now. The rate limit is
        included: 0 while it says wait.
        """
        return wxpay_client_certificates_due(self._handle, 0)

    def certificates_request(self) -> Request:
        """The request for the platform certificates, for wxpay_client_prepare or _prepare_unsigned; hand
        its answer to wxpay_client_load_certificates.
        """
        out0 = MessageHandle()
        error = ErrorHandle()
        if wxpay_client_certificates_request(self._handle, out0, error):
            raise failed(error)
        return Request._of(out0)

    def explain_request(self, request: Request) -> Any:
        """What a request is signed over, JSON: the exact bytes, their length and digest line by line, the
        key's fingerprint. Secrets are redacted. Nothing is signed or sent.

        request: a request, prepared or not
        """
        out0 = BufHandle()
        error = ErrorHandle()
        if wxpay_explain_request(self._handle, request._handle, out0, error):
            raise failed(error)
        return parse(bytes_of(out0))

    def decrypt(self, ciphertext_base64: Text) -> str:
        """Decrypts a value of an answer with the merchant's private key. Every failure has the same status,
        and one text for all that is base64.

        ciphertext_base64: strict base64
        """
        ciphertext_base64 = octets(ciphertext_base64, "ciphertext_base64")
        out0 = BufHandle()
        error = ErrorHandle()
        if wxpay_client_decrypt(self._handle, ciphertext_base64, len(ciphertext_base64), out0, error):
            raise failed(error)
        return bytes_of(out0).decode()

    def decrypt_fields(self, response: Response, pointers: Text) -> Any:
        """Decrypts values inside a verified answer. Only those strings are replaced; every other byte
        stays. The message is not changed.

        response: an answer whose signature was verified
        pointers: as for wxpay_client_encrypt_fields
        """
        pointers = octets(pointers, "pointers")
        out0 = BufHandle()
        error = ErrorHandle()
        if wxpay_client_decrypt_fields(self._handle, response._handle, pointers, len(pointers), out0, error):
            raise failed(error)
        return parse(bytes_of(out0))

    def download(self, source: Text) -> bytes:
        """Downloads a whole file: a bill, an image of a complaint, a receipt. Length, digest and, where it
        is encrypted, its tag are right, or nothing is given. gzip is undone.

        source: the JSON with which WeChat Pay answered the request for the bill, as it came (of a
            download_bill_list with several elements, one of them), or {"download_url": "…"}
        """
        source = octets(source, "source")
        out0 = BufHandle()
        error = ErrorHandle()
        if wxpay_client_download(self._handle, source, len(source), out0, error):
            raise failed(error)
        return bytes_of(out0)

    def download_open(self, source: Text) -> Download:
        """Begins a download: sends the request and reads the answer's headers. For files that do not fit
        into memory; memory stays the same, whatever the file's size. An encrypted file is put aside in a
        temporary file at the first read, because nothing of it is given out before its tag was right.

        source: as for wxpay_client_download
        """
        source = octets(source, "source")
        out0 = DownloadHandle()
        error = ErrorHandle()
        if wxpay_download_open(self._handle, source, len(source), out0, error):
            raise failed(error)
        return Download._of(out0)

    def v2_sign(self, json: Any, sign_type: Text = "") -> str:
        """Signature of a flat JSON object by the rules of API v2: sorted, joined, hashed, upper hex.
        `sign`, null and empty values are left out. For parameters of front ends and of other channels;
        requests are for wxpay_v2_prepare.

        json: an object of text and integers
        sign_type: MD5 or HMAC-SHA256; empty for api_v2_sign_type
        """
        sign_type = octets(sign_type, "sign_type")
        json = payload(json)
        out0 = BufHandle()
        error = ErrorHandle()
        if wxpay_v2_sign(self._handle, sign_type, len(sign_type), json, len(json), out0, error):
            raise failed(error)
        return bytes_of(out0).decode()

    def v2_prepare(self, path: Text, json: Any, sign_type: Text = "") -> Request:
        """Makes the exact message to send to an API v2 path: XML with mch_id, nonce_str, sign_type where
        they are missing, and sign; for pages such as /papay/entrustweb a GET, whose URL is for the
        buyer's browser. Send it with wxpay_v2_send, or with your own transport and then wxpay_v2_check.
        Refunds and other paths need the client certificate.

        path: such as /pay/unifiedorder, or an absolute URL of a known host
        json: an object of text and integers
        sign_type: MD5 or HMAC-SHA256; empty for api_v2_sign_type
        """
        path = octets(path, "path")
        sign_type = octets(sign_type, "sign_type")
        json = payload(json)
        out0 = MessageHandle()
        error = ErrorHandle()
        if wxpay_v2_prepare(self._handle, path, len(path), sign_type, len(sign_type), json, len(json), out0, error):
            raise failed(error)
        return Request._of(out0)

    def refund_unauthenticated(self, req_info_base64: Text) -> Any:
        """Opens `req_info` of a v2 refund notification. Nothing in that notification is signed and the
        cipher does not protect against changes: query the refund before you act on it.

        req_info_base64: as it stands in the notification
        """
        req_info_base64 = octets(req_info_base64, "req_info_base64")
        out0 = BufHandle()
        error = ErrorHandle()
        if wxpay_v2_refund_open(self._handle, req_info_base64, len(req_info_base64), out0, error):
            raise failed(error)
        return parse(bytes_of(out0))

    def trust_report(self) -> Any:
        """What the trust store holds, JSON: where it came from (every path looked at), the roots that
        matter to WeChat Pay's servers by fingerprint, what is odd, and a verdict with the cure for this
        system. It reads the store as a request would. OK whenever a report could be made; the verdict is
        inside: {"schema":1,"status":0,"verdict":"ok","diagnosis":[{"id","severity","text","cure"}],…}.
        docs/json.md has every member, docs/diagnosis.md every id.
        """
        out0 = BufHandle()
        error = ErrorHandle()
        if wxpay_trust_report(self._handle, 0, out0, error):
            raise failed(error)
        return parse(bytes_of(out0))

    def trust_probe(self, host: Text, port: int, bind_address: Text = "") -> Any:
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
        host = octets(host, "host")
        bind_address = octets(bind_address, "bind_address")
        out0 = BufHandle()
        error = ErrorHandle()
        if wxpay_trust_probe(self._handle, host, len(host), port, bind_address, len(bind_address), 0, out0, error):
            raise failed(error)
        return parse(bytes_of(out0))

    def explain_response(self, request: Request, response: Response) -> Any:
        """What an answer means for the request that it answers, JSON: the verdict of wxpay_client_check,
        and the causes with their cures. On SIGN_ERROR what was signed is compared, line by line and byte
        by byte, with what WeChat Pay says it verified (sign_information). Works on wxpay_error_request
        and wxpay_error_response.

        request: the prepared message that was sent
        response: the answer, with its headers; not changed
        """
        out0 = BufHandle()
        error = ErrorHandle()
        if wxpay_explain_response(self._handle, request._handle, response._handle, 0, out0, error):
            raise failed(error)
        return parse(bytes_of(out0))


class Pay:
    """Parameters for front ends."""

    __slots__ = ("_client",)

    def __init__(self, client: ClientMethods) -> None:
        self._client = client

    def jsapi(self, appid: Text, prepay_id: Text) -> Any:
        """Parameters of WeixinJSBridge's getBrandWCPayRequest: appId, timeStamp, nonceStr, package,
        signType, paySign.

        appid: that the page runs under; 1 to 128 of A-Z, a-z, 0-9, _-=@.:/+
        prepay_id: as the order's answer gave it, without "prepay_id="
        """
        appid = octets(appid, "appid")
        prepay_id = octets(prepay_id, "prepay_id")
        out0 = BufHandle()
        error = ErrorHandle()
        if wxpay_pay_jsapi(self._client._handle, appid, len(appid), prepay_id, len(prepay_id), 0, out0, error):
            raise failed(error)
        return parse(bytes_of(out0))

    def mini_program(self, appid: Text, prepay_id: Text) -> Any:
        """Parameters of wx.requestPayment: timeStamp, nonceStr, package, signType, paySign.

        appid: of the mini program; signed, not part of the object
        prepay_id: as the order's answer gave it, without "prepay_id="
        """
        appid = octets(appid, "appid")
        prepay_id = octets(prepay_id, "prepay_id")
        out0 = BufHandle()
        error = ErrorHandle()
        if wxpay_pay_mini_program(self._client._handle, appid, len(appid), prepay_id, len(prepay_id), 0, out0, error):
            raise failed(error)
        return parse(bytes_of(out0))

    def app(self, appid: Text, prepay_id: Text) -> Any:
        """Parameters of the app SDK's PayReq: appid, partnerid, prepayid, package, noncestr, timestamp,
        sign.

        appid: of the app
        prepay_id: as the order's answer gave it
        """
        appid = octets(appid, "appid")
        prepay_id = octets(prepay_id, "prepay_id")
        out0 = BufHandle()
        error = ErrorHandle()
        if wxpay_pay_app(self._client._handle, appid, len(appid), prepay_id, len(prepay_id), 0, out0, error):
            raise failed(error)
        return parse(bytes_of(out0))

    def unsigned(self, kind: Text, appid: Text, prepay_id: Text) -> Tuple[str, bytes, bytes]:
        """The parameters without their signature, for keys in a KMS or HSM; complete them with
        wxpay_pay_attach.

        kind: "jsapi", "mini_program" or "app"
        appid: as for the signed forms
        prepay_id: as for the signed forms
        """
        kind = octets(kind, "kind")
        appid = octets(appid, "appid")
        prepay_id = octets(prepay_id, "prepay_id")
        out0 = BufHandle()
        out1 = BufHandle()
        out2 = BufHandle()
        error = ErrorHandle()
        if wxpay_pay_unsigned(self._client._handle, kind, len(kind), appid, len(appid), prepay_id, len(prepay_id), 0, out0, out1, out2, error):
            raise failed(error)
        return bytes_of(out0).decode(), bytes_of(out1), bytes_of(out2)

    @staticmethod
    def attach(params: Text, signature: Text) -> Any:
        """Completes parameters from wxpay_pay_unsigned.

        params: the JSON as it came
        signature: 256 bytes for RSA-2048, raw or base64
        """
        params = octets(params, "params")
        signature = octets(signature, "signature")
        out0 = BufHandle()
        error = ErrorHandle()
        if wxpay_pay_attach(params, len(params), signature, len(signature), out0, error):
            raise failed(error)
        return parse(bytes_of(out0))

    @staticmethod
    def h5_url(h5_url: Text, redirect_url: Text = "") -> str:
        """The h5_url of an order's answer with redirect_url appended, percent-encoded.

        h5_url: https, as WeChat Pay gave it
        redirect_url: http or https; empty for none. Make sure it is yours
        """
        h5_url = octets(h5_url, "h5_url")
        redirect_url = octets(redirect_url, "redirect_url")
        out0 = BufHandle()
        error = ErrorHandle()
        if wxpay_pay_h5_url(h5_url, len(h5_url), redirect_url, len(redirect_url), out0, error):
            raise failed(error)
        return bytes_of(out0).decode()

    def score(self, package: Text) -> Any:
        """Parameters that open the PayScore page: mch_id, package, timestamp, nonce_str, sign_type, sign.
        They are signed with the APIv2 key, HMAC-SHA256, as WeChat Pay's documents say.

        package: as the PayScore answer gave it
        """
        package = octets(package, "package")
        out0 = BufHandle()
        error = ErrorHandle()
        if wxpay_pay_score(self._client._handle, package, len(package), 0, out0, error):
            raise failed(error)
        return parse(bytes_of(out0))
