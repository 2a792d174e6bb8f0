# Generated from include/wxpay.h by `cargo run -p wxpay-gen`; do not edit.
"""Thin methods of messages, notifications and configurations, and functions of the library."""

from ctypes import string_at
from typing import Any, Optional

from ._abi import (
    BufHandle,
    ErrorHandle,
    Held,
    wxpay_bill_column,
    wxpay_bill_column_count,
    wxpay_bill_column_name,
    wxpay_bill_field,
    wxpay_bill_is_text,
    wxpay_bill_next,
    wxpay_bill_row,
    wxpay_bill_row_count,
    wxpay_bill_total,
    wxpay_bill_total_fen,
    wxpay_config_check,
    wxpay_config_load_env,
    wxpay_config_load_json,
    wxpay_download_cancel,
    wxpay_download_received,
    wxpay_download_total,
    wxpay_download_verified,
    wxpay_explain_text,
    wxpay_message_attach_signature,
    wxpay_message_body,
    wxpay_message_body_len,
    wxpay_message_cancel,
    wxpay_message_header,
    wxpay_message_key_id,
    wxpay_message_method,
    wxpay_message_request_id,
    wxpay_message_status,
    wxpay_message_trace,
    wxpay_message_url,
    wxpay_message_verified,
    wxpay_notify_create_time,
    wxpay_notify_event_type,
    wxpay_notify_id,
    wxpay_notify_original_type,
    wxpay_notify_plaintext,
    wxpay_notify_plaintext_len,
    wxpay_notify_resource_type,
    wxpay_notify_serial,
    wxpay_notify_summary,
    wxpay_notify_timestamp,
    wxpay_selftest,
    wxpay_status_name,
    wxpay_status_text,
    wxpay_trust_probe,
    wxpay_trust_report,
    wxpay_version,
)
from ._values import Text, bytes_of, octets, optional, optional_number
from .errors import failed, parse


class MessageMethods(Held):
    """A message of HTTP."""

    __slots__ = ()

    def cancel(self) -> None:
        """Asks the wxpay_client_send at work on this message, or the next one, to stop: it returns
        CANCELLED with the true outcome. Sticky. Also works while another thread uses the message.
        """
        wxpay_message_cancel(self._handle)

    @property
    def method(self) -> str:
        """Method of a request; "" for a response."""
        return wxpay_message_method(self._handle).decode()

    @property
    def url(self) -> str:
        """URL of a request, absolute once it is prepared; "" for a response."""
        return wxpay_message_url(self._handle).decode()

    @property
    def status(self) -> int:
        """HTTP status of a response; 0 for a request."""
        return wxpay_message_status(self._handle)

    def header(self, name: Text) -> Optional[str]:
        """First value of a header by name, in any case and spelling; NULL when it is absent.

        name: the header's name
        """
        name = octets(name, "name")
        return optional(wxpay_message_header(self._handle, name, len(name)))

    @property
    def body(self) -> bytes:
        """The body's bytes; never NULL for a live message. No NUL follows."""
        return string_at(wxpay_message_body(self._handle) or 0, wxpay_message_body_len(self._handle))

    @property
    def verified(self) -> int:
        """How far a response is authenticated, WXPAY_VERIFIED_…: 0 not checked, 1 signature verified, 2 not
        signed by design (closed table), 3 error answer.
        """
        return wxpay_message_verified(self._handle)

    @property
    def request_id(self) -> str:
        """Request-ID of a response; "" when there is none."""
        return wxpay_message_request_id(self._handle).decode()

    @property
    def key_id(self) -> str:
        """Id of the WeChat Pay key that verified a response, or that a prepared request asks for."""
        return wxpay_message_key_id(self._handle).decode()

    @property
    def trace(self) -> Any:
        """What happened on the network, JSON: milliseconds of dns, connect, tls, first byte and total,
        addresses tried and used, whether the connection was reused, TLS. "" when nothing was sent.
        """
        return parse(wxpay_message_trace(self._handle))

    def attach_signature(self, signature: Text) -> None:
        """Completes a message from wxpay_client_prepare_unsigned. The signature is verified at once against
        the merchant certificate, if that client was configured with one.

        signature: 256 bytes for RSA-2048, raw or base64
        """
        signature = octets(signature, "signature")
        error = ErrorHandle()
        if wxpay_message_attach_signature(self._handle, signature, len(signature), error):
            raise failed(error)


class NotifyMethods(Held):
    """A verified notification."""

    __slots__ = ()

    @property
    def id(self) -> str:
        """Id of the notification."""
        return wxpay_notify_id(self._handle).decode()

    @property
    def event_type(self) -> str:
        """Such as "TRANSACTION.SUCCESS" or "REFUND.SUCCESS"."""
        return wxpay_notify_event_type(self._handle).decode()

    @property
    def resource_type(self) -> str:
        """"encrypt-resource"."""
        return wxpay_notify_resource_type(self._handle).decode()

    @property
    def original_type(self) -> str:
        """Type of the object before encryption, such as "transaction" or "refund"."""
        return wxpay_notify_original_type(self._handle).decode()

    @property
    def create_time(self) -> str:
        """RFC 3339, as WeChat Pay wrote it."""
        return wxpay_notify_create_time(self._handle).decode()

    @property
    def summary(self) -> str:
        """A sentence for people."""
        return wxpay_notify_summary(self._handle).decode()

    @property
    def serial(self) -> str:
        """Id of the WeChat Pay key that verified it."""
        return wxpay_notify_serial(self._handle).decode()

    @property
    def timestamp(self) -> int:
        """When WeChat Pay signed it, Unix seconds."""
        return wxpay_notify_timestamp(self._handle)

    @property
    def plaintext(self) -> bytes:
        """The decrypted resource, byte for byte. No NUL follows."""
        return string_at(wxpay_notify_plaintext(self._handle) or 0, wxpay_notify_plaintext_len(self._handle))


class DownloadMethods(Held):
    """A file on its way."""

    __slots__ = ()

    @property
    def received(self) -> int:
        """Bytes that came over the network so far, as sent: compressed, if they are."""
        return wxpay_download_received(self._handle)

    @property
    def total(self) -> int:
        """Bytes that will come over the network, or -1 when the answer does not say."""
        return wxpay_download_total(self._handle)

    @property
    def verified(self) -> int:
        """0 not at its end, 1 the digest, tag or signature was right, 2 at its end, but nothing proves the
        content: WeChat Pay gives no digest for such a file, or the source had none.
        """
        return wxpay_download_verified(self._handle)

    def cancel(self) -> None:
        """Asks the wxpay_download_read at work, or the next one, to stop: it returns CANCELLED. Sticky."""
        wxpay_download_cancel(self._handle)


class BillMethods(Held):
    """A bill, whole and checked."""

    __slots__ = ()

    def next(self) -> None:
        """Goes to the next row; after the last one wxpay_bill_row is 0."""
        error = ErrorHandle()
        if wxpay_bill_next(self._handle, error):
            raise failed(error)

    @property
    def row(self) -> int:
        """Number of the present row, from 1; 0 before the first and after the last."""
        return wxpay_bill_row(self._handle)

    @property
    def row_count(self) -> int:
        """Number of rows, without header and totals."""
        return wxpay_bill_row_count(self._handle)

    @property
    def column_count(self) -> int:
        """Number of columns."""
        return wxpay_bill_column_count(self._handle)

    def column_name(self, index: int) -> Optional[str]:
        """Name of a column, as the bill's header has it; NULL beyond the last.

        index: of the column, from 0
        """
        return optional(wxpay_bill_column_name(self._handle, index))

    def column(self, name: Text) -> int:
        """Index of the column of that name, or -1.

        name: as the bill's header has it, UTF-8
        """
        name = octets(name, "name")
        return wxpay_bill_column(self._handle, name, len(name))

    def field(self, index: int) -> Optional[str]:
        """Cell of the present row without its backtick; NULL beyond the last, and without a row. A cell
        that starts with =, +, - or @ is a formula to a spreadsheet: see wxpay_bill_is_text.

        index: of the column, from 0
        """
        return optional(wxpay_bill_field(self._handle, index))

    def is_text(self, index: int) -> int:
        """1: the bill marks this cell as text (a backtick stands before it): keep it text when you export
        it. 0: it does not, or there is no such cell.

        index: of the column, from 0
        """
        return wxpay_bill_is_text(self._handle, index)

    def total(self, name: Text) -> Optional[str]:
        """A total from the end of the bill, without its backtick; NULL when there is none of that name, and
        when the bill has several rows of totals.

        name: as the bill's header of totals has it, UTF-8
        """
        name = octets(name, "name")
        return optional(wxpay_bill_total(self._handle, name, len(name)))

    def total_fen(self, name: Text) -> Optional[int]:
        """A total in fen; INT64_MIN when there is none of that name or it is not an amount.

        name: as the bill's header of totals has it, UTF-8
        """
        name = octets(name, "name")
        return optional_number(wxpay_bill_total_fen(self._handle, name, len(name)))


class ConfigMethods(Held):
    """A configuration by name."""

    __slots__ = ()

    def load_env(self, prefix: Text) -> None:
        """Fills keys that are unset from environment variables PREFIX + KEY in upper case; "." is written
        "__". Reads nothing in a set-user-id process.

        prefix: such as "WXPAY_": upper case, ends with _, not HTTP_
        """
        prefix = octets(prefix, "prefix")
        error = ErrorHandle()
        if wxpay_config_load_env(self._handle, prefix, len(prefix), error):
            raise failed(error)

    def load_json(self, json: Text) -> None:
        """Sets keys from a JSON object {"key": "value" | ["line", …]}. Members that begin with "_" are
        ignored. On an error nothing is changed.

        json: the object
        """
        json = octets(json, "json")
        error = ErrorHandle()
        if wxpay_config_load_json(self._handle, json, len(json), error):
            raise failed(error)

    def check(self) -> Any:
        """An offline report, JSON: roles, lengths, mismatches, expiry, serials, file permissions. OK
        whenever the report could be made; the verdict is its member "status".
        """
        out0 = BufHandle()
        error = ErrorHandle()
        if wxpay_config_check(self._handle, 0, out0, error):
            raise failed(error)
        return parse(bytes_of(out0))


def version() -> str:
    """The library's version, such as "0.1.0". Static."""
    return wxpay_version().decode()


def selftest() -> None:
    """Known answers of every primitive, without network. INTERNAL names the one that is wrong."""
    error = ErrorHandle()
    if wxpay_selftest(error):
        raise failed(error)


def status_name(status: int) -> str:
    """Name of a status, such as "SIGNATURE_INVALID"; "UNKNOWN" for a number this library has not. Static.

    status: a status
    """
    return wxpay_status_name(status).decode()


def status_text(status: int, lang: int) -> str:
    """What a status means, one phrase. Static.

    status: a status
    lang: WXPAY_LANG_EN or WXPAY_LANG_ZH; anything else is English
    """
    return wxpay_status_text(status, lang).decode()


def trust_report() -> Any:
    """What the trust store holds, JSON: where it came from (every path looked at), the roots that matter to
    WeChat Pay's servers by fingerprint, what is odd, and a verdict with the cure for this system. It
    reads the store as a request would. OK whenever a report could be made; the verdict is inside:
    {"schema":1,"status":0,"verdict":"ok","diagnosis":[{"id","severity","text","cure"}],…}. docs/json.md
    has every member, docs/diagnosis.md every id.
    """
    out0 = BufHandle()
    error = ErrorHandle()
    if wxpay_trust_report(None, 0, out0, error):
        raise failed(error)
    return parse(bytes_of(out0))


def trust_probe(host: Text, port: int, bind_address: Text = "") -> Any:
    """What happens when this process connects to a server, JSON: addresses, TCP, TLS version and suite, the
    chain, the root it ended in, every problem with its cause and cure. One handshake on the stack that
    requests use, through the client's proxy and with its client certificate; then, where that went well
    and the host is WeChat Pay's, base_url's or this machine, a GET /v3/certificates without
    Authorization, for Request-ID and the server's clock. No business request is sent. OK whenever a
    report could be made; `status` inside is what a request would fail with, 0 for none.

    host: host name or address, without scheme and port
    port: 1 to 65535, 0 for 443
    bind_address: empty for what DNS says; `ip` or `ip:port` is the guideline's test of a new server
        certificate, without touching the hosts file
    """
    host = octets(host, "host")
    bind_address = octets(bind_address, "bind_address")
    out0 = BufHandle()
    error = ErrorHandle()
    if wxpay_trust_probe(None, host, len(host), port, bind_address, len(bind_address), 0, out0, error):
        raise failed(error)
    return parse(bytes_of(out0))


def explain_text(pasted_error: Text) -> Any:
    """What an error text of TLS means, JSON: possible causes with their cures, the likeliest first. Knows
    what Java, C++, PHP, C#, Python, Go, Ruby, Node, curl and this library print; the cure is that of the
    language. Knows also what WeChat Pay answers to a signature that it refuses, in English and Chinese.
    It opens nothing. Of a text that it does not know it says so.

    pasted_error: any text, such as an exception with its causes; the first 64 KiB are looked at
    """
    pasted_error = octets(pasted_error, "pasted_error")
    out0 = BufHandle()
    error = ErrorHandle()
    if wxpay_explain_text(pasted_error, len(pasted_error), out0, error):
        raise failed(error)
    return parse(bytes_of(out0))
