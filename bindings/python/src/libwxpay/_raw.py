# Generated from include/wxpay.h by `cargo run -p wxpay-gen`; do not edit.
"""Calls whose public form is written by hand: handles in, handles out."""

from ctypes import c_void_p
from typing import Any, Optional, Tuple

from ._abi import (
    BillHandle,
    BufHandle,
    ClientHandle,
    ConfigHandle,
    ErrorHandle,
    MessageHandle,
    NotifyHandle,
    wxpay_bill_fen,
    wxpay_bill_open,
    wxpay_bill_open_download,
    wxpay_build_info,
    wxpay_client_check,
    wxpay_client_encrypt,
    wxpay_client_encrypt_fields,
    wxpay_client_load_certificates,
    wxpay_client_new,
    wxpay_client_prepare,
    wxpay_config_new,
    wxpay_config_set,
    wxpay_message_add_header,
    wxpay_message_add_header_block,
    wxpay_message_header_count,
    wxpay_message_header_name,
    wxpay_message_header_value,
    wxpay_message_new_request,
    wxpay_message_new_response,
    wxpay_message_new_upload,
    wxpay_message_set,
    wxpay_notify_json,
    wxpay_notify_open,
    wxpay_notify_reply,
    wxpay_v2_check,
    wxpay_v2_reply,
)
from ._values import Text, bytes_of, octets, optional, optional_number, payload
from .errors import failed, parse


def build_info() -> Any:
    return parse(wxpay_build_info())


def message_new_request(method: Text, url: Text, body: Text) -> MessageHandle:
    method = octets(method, "method")
    url = octets(url, "url")
    body = octets(body, "body")
    out0 = MessageHandle()
    error = ErrorHandle()
    if wxpay_message_new_request(method, len(method), url, len(url), body, len(body), out0, error):
        raise failed(error)
    return out0


def message_new_response(status: int, body: Text) -> MessageHandle:
    body = octets(body, "body")
    out0 = MessageHandle()
    error = ErrorHandle()
    if wxpay_message_new_response(status, body, len(body), out0, error):
        raise failed(error)
    return out0


def message_add_header(handle: Optional[c_void_p], name: Text, value: Text) -> None:
    name = octets(name, "name")
    value = octets(value, "value")
    error = ErrorHandle()
    if wxpay_message_add_header(handle, name, len(name), value, len(value), error):
        raise failed(error)


def message_add_header_block(handle: Optional[c_void_p], raw: Text) -> None:
    raw = octets(raw, "raw")
    error = ErrorHandle()
    if wxpay_message_add_header_block(handle, raw, len(raw), error):
        raise failed(error)


def message_set(handle: Optional[c_void_p], key: Text, value: Text) -> None:
    key = octets(key, "key")
    value = octets(value, "value")
    error = ErrorHandle()
    if wxpay_message_set(handle, key, len(key), value, len(value), error):
        raise failed(error)


def message_header_count(handle: Optional[c_void_p]) -> int:
    return wxpay_message_header_count(handle)


def message_header_name(handle: Optional[c_void_p], index: int) -> Optional[str]:
    return optional(wxpay_message_header_name(handle, index))


def message_header_value(handle: Optional[c_void_p], index: int) -> Optional[str]:
    return optional(wxpay_message_header_value(handle, index))


def message_new_upload(url: Text, meta_json: Any, filename: Text, content_type: Text, file: Text) -> MessageHandle:
    url = octets(url, "url")
    meta_json = payload(meta_json)
    filename = octets(filename, "filename")
    content_type = octets(content_type, "content_type")
    file = octets(file, "file")
    out0 = MessageHandle()
    error = ErrorHandle()
    if wxpay_message_new_upload(url, len(url), meta_json, len(meta_json), filename, len(filename), content_type, len(content_type), file, len(file), out0, error):
        raise failed(error)
    return out0


def config_new() -> ConfigHandle:
    out0 = ConfigHandle()
    error = ErrorHandle()
    if wxpay_config_new(out0, error):
        raise failed(error)
    return out0


def config_set(handle: Optional[c_void_p], key: Text, value: Text) -> None:
    key = octets(key, "key")
    value = octets(value, "value")
    error = ErrorHandle()
    if wxpay_config_set(handle, key, len(key), value, len(value), error):
        raise failed(error)


def client_new(config: Optional[c_void_p]) -> ClientHandle:
    out0 = ClientHandle()
    error = ErrorHandle()
    if wxpay_client_new(config, out0, error):
        raise failed(error)
    return out0


def client_prepare(handle: Optional[c_void_p], request: Optional[c_void_p]) -> MessageHandle:
    out0 = MessageHandle()
    error = ErrorHandle()
    if wxpay_client_prepare(handle, request, 0, out0, error):
        raise failed(error)
    return out0


def client_check(handle: Optional[c_void_p], request: Optional[c_void_p], response: Optional[c_void_p]) -> None:
    error = ErrorHandle()
    if wxpay_client_check(handle, request, response, 0, error):
        raise failed(error)


def client_load_certificates(handle: Optional[c_void_p], response: Optional[c_void_p]) -> None:
    error = ErrorHandle()
    if wxpay_client_load_certificates(handle, response, 0, error):
        raise failed(error)


def notify_open(client: Optional[c_void_p], message: Optional[c_void_p]) -> NotifyHandle:
    out0 = NotifyHandle()
    error = ErrorHandle()
    if wxpay_notify_open(client, message, 0, out0, error):
        raise failed(error)
    return out0


def notify_json(handle: Optional[c_void_p]) -> Any:
    return parse(wxpay_notify_json(handle))


def notify_reply(result: int, reason: Text) -> MessageHandle:
    reason = octets(reason, "reason")
    out0 = MessageHandle()
    error = ErrorHandle()
    if wxpay_notify_reply(result, reason, len(reason), out0, error):
        raise failed(error)
    return out0


def client_encrypt(handle: Optional[c_void_p], key_id: Text, plaintext: Text) -> Tuple[str, str]:
    key_id = octets(key_id, "key_id")
    plaintext = octets(plaintext, "plaintext")
    out0 = BufHandle()
    out1 = BufHandle()
    error = ErrorHandle()
    if wxpay_client_encrypt(handle, key_id, len(key_id), plaintext, len(plaintext), out0, out1, error):
        raise failed(error)
    return bytes_of(out0).decode(), bytes_of(out1).decode()


def client_encrypt_fields(handle: Optional[c_void_p], request: Optional[c_void_p], pointers: Text) -> None:
    pointers = octets(pointers, "pointers")
    error = ErrorHandle()
    if wxpay_client_encrypt_fields(handle, request, pointers, len(pointers), error):
        raise failed(error)


def bill_open(csv: Text) -> BillHandle:
    csv = octets(csv, "csv")
    out0 = BillHandle()
    error = ErrorHandle()
    if wxpay_bill_open(csv, len(csv), out0, error):
        raise failed(error)
    return out0


def bill_open_download(download: Optional[c_void_p]) -> BillHandle:
    out0 = BillHandle()
    error = ErrorHandle()
    if wxpay_bill_open_download(download, out0, error):
        raise failed(error)
    return out0


def bill_fen(handle: Optional[c_void_p], index: int) -> Optional[int]:
    return optional_number(wxpay_bill_fen(handle, index))


def v2_check(handle: Optional[c_void_p], request: Optional[c_void_p], response: Optional[c_void_p]) -> Any:
    out0 = BufHandle()
    error = ErrorHandle()
    if wxpay_v2_check(handle, request, response, out0, error):
        raise failed(error)
    return parse(bytes_of(out0))


def v2_reply(result: int, reason: Text) -> MessageHandle:
    reason = octets(reason, "reason")
    out0 = MessageHandle()
    error = ErrorHandle()
    if wxpay_v2_reply(result, reason, len(reason), out0, error):
        raise failed(error)
    return out0
