# Generated from include/wxpay.h by `cargo run -p wxpay-gen`; do not edit.
"""The C functions as ctypes calls them: argument types are set once, here.

Only these take a time, and only the conformance vectors pass one other than 0.
"""

from ctypes import POINTER, c_char_p, c_int32, c_int64, c_size_t, c_uint8, c_uint32, c_void_p
from typing import Any, Callable, NoReturn, Optional, Type, TypeVar

from ._loader import load

ABI_MAJOR = 0
ABI_MINOR = 1
_LIBRARY = load(ABI_MAJOR, ABI_MINOR)

_OUT = POINTER(c_void_p)
_INTO = POINTER(c_uint8)
_SIZE_OUT = POINTER(c_size_t)
H = TypeVar("H", bound="Held")


def _declare(name: str, restype: Any, *argtypes: Any) -> Callable[..., Any]:
    function = getattr(_LIBRARY, name)
    function.argtypes = argtypes
    function.restype = restype
    return function  # type: ignore[no-any-return, unused-ignore]


wxpay_abi_version: Callable[..., int] = _declare("wxpay_abi_version", c_uint32)
wxpay_version: Callable[..., bytes] = _declare("wxpay_version", c_char_p)
wxpay_build_info: Callable[..., bytes] = _declare("wxpay_build_info", c_char_p)
wxpay_selftest: Callable[..., int] = _declare("wxpay_selftest", c_int32, _OUT)
wxpay_status_name: Callable[..., bytes] = _declare("wxpay_status_name", c_char_p, c_int32)
wxpay_status_text: Callable[..., bytes] = _declare("wxpay_status_text", c_char_p, c_int32, c_int32)
wxpay_error_status: Callable[..., int] = _declare("wxpay_error_status", c_int32, c_void_p)
wxpay_error_outcome: Callable[..., int] = _declare("wxpay_error_outcome", c_int32, c_void_p)
wxpay_error_retryable: Callable[..., int] = _declare("wxpay_error_retryable", c_int32, c_void_p)
wxpay_error_retry_after_s: Callable[..., int] = _declare("wxpay_error_retry_after_s", c_int32, c_void_p)
wxpay_error_http_status: Callable[..., int] = _declare("wxpay_error_http_status", c_int32, c_void_p)
wxpay_error_message: Callable[..., bytes] = _declare("wxpay_error_message", c_char_p, c_void_p)
wxpay_error_hint: Callable[..., bytes] = _declare("wxpay_error_hint", c_char_p, c_void_p)
wxpay_error_api_code: Callable[..., bytes] = _declare("wxpay_error_api_code", c_char_p, c_void_p)
wxpay_error_api_message: Callable[..., bytes] = _declare("wxpay_error_api_message", c_char_p, c_void_p)
wxpay_error_request_id: Callable[..., bytes] = _declare("wxpay_error_request_id", c_char_p, c_void_p)
wxpay_error_json: Callable[..., bytes] = _declare("wxpay_error_json", c_char_p, c_void_p)
wxpay_error_request: Callable[..., Optional[int]] = _declare("wxpay_error_request", c_void_p, c_void_p)
wxpay_error_response: Callable[..., Optional[int]] = _declare("wxpay_error_response", c_void_p, c_void_p)
wxpay_error_free: Callable[..., None] = _declare("wxpay_error_free", None, c_void_p)
wxpay_buf_data: Callable[..., Optional[int]] = _declare("wxpay_buf_data", c_void_p, c_void_p)
wxpay_buf_len: Callable[..., int] = _declare("wxpay_buf_len", c_size_t, c_void_p)
wxpay_buf_free: Callable[..., None] = _declare("wxpay_buf_free", None, c_void_p)
wxpay_message_new_request: Callable[..., int] = _declare(
    "wxpay_message_new_request",
    c_int32,
    c_char_p,
    c_size_t,
    c_char_p,
    c_size_t,
    c_char_p,
    c_size_t,
    _OUT,
    _OUT,
)
wxpay_message_new_response: Callable[..., int] = _declare(
    "wxpay_message_new_response",
    c_int32,
    c_int32,
    c_char_p,
    c_size_t,
    _OUT,
    _OUT,
)
wxpay_message_add_header: Callable[..., int] = _declare(
    "wxpay_message_add_header",
    c_int32,
    c_void_p,
    c_char_p,
    c_size_t,
    c_char_p,
    c_size_t,
    _OUT,
)
wxpay_message_add_header_block: Callable[..., int] = _declare(
    "wxpay_message_add_header_block",
    c_int32,
    c_void_p,
    c_char_p,
    c_size_t,
    _OUT,
)
wxpay_message_set: Callable[..., int] = _declare(
    "wxpay_message_set",
    c_int32,
    c_void_p,
    c_char_p,
    c_size_t,
    c_char_p,
    c_size_t,
    _OUT,
)
wxpay_message_cancel: Callable[..., None] = _declare("wxpay_message_cancel", None, c_void_p)
wxpay_message_method: Callable[..., bytes] = _declare("wxpay_message_method", c_char_p, c_void_p)
wxpay_message_url: Callable[..., bytes] = _declare("wxpay_message_url", c_char_p, c_void_p)
wxpay_message_status: Callable[..., int] = _declare("wxpay_message_status", c_int32, c_void_p)
wxpay_message_header_count: Callable[..., int] = _declare("wxpay_message_header_count", c_size_t, c_void_p)
wxpay_message_header_name: Callable[..., Optional[bytes]] = _declare(
    "wxpay_message_header_name",
    c_char_p,
    c_void_p,
    c_size_t,
)
wxpay_message_header_value: Callable[..., Optional[bytes]] = _declare(
    "wxpay_message_header_value",
    c_char_p,
    c_void_p,
    c_size_t,
)
wxpay_message_header: Callable[..., Optional[bytes]] = _declare(
    "wxpay_message_header",
    c_char_p,
    c_void_p,
    c_char_p,
    c_size_t,
)
wxpay_message_body: Callable[..., Optional[int]] = _declare("wxpay_message_body", c_void_p, c_void_p)
wxpay_message_body_len: Callable[..., int] = _declare("wxpay_message_body_len", c_size_t, c_void_p)
wxpay_message_verified: Callable[..., int] = _declare("wxpay_message_verified", c_int32, c_void_p)
wxpay_message_request_id: Callable[..., bytes] = _declare("wxpay_message_request_id", c_char_p, c_void_p)
wxpay_message_key_id: Callable[..., bytes] = _declare("wxpay_message_key_id", c_char_p, c_void_p)
wxpay_message_trace: Callable[..., bytes] = _declare("wxpay_message_trace", c_char_p, c_void_p)
wxpay_message_free: Callable[..., None] = _declare("wxpay_message_free", None, c_void_p)
wxpay_message_new_upload: Callable[..., int] = _declare(
    "wxpay_message_new_upload",
    c_int32,
    c_char_p,
    c_size_t,
    c_char_p,
    c_size_t,
    c_char_p,
    c_size_t,
    c_char_p,
    c_size_t,
    c_char_p,
    c_size_t,
    _OUT,
    _OUT,
)
wxpay_config_new: Callable[..., int] = _declare("wxpay_config_new", c_int32, _OUT, _OUT)
wxpay_config_free: Callable[..., None] = _declare("wxpay_config_free", None, c_void_p)
wxpay_config_set: Callable[..., int] = _declare(
    "wxpay_config_set",
    c_int32,
    c_void_p,
    c_char_p,
    c_size_t,
    c_char_p,
    c_size_t,
    _OUT,
)
wxpay_config_load_env: Callable[..., int] = _declare(
    "wxpay_config_load_env",
    c_int32,
    c_void_p,
    c_char_p,
    c_size_t,
    _OUT,
)
wxpay_config_load_json: Callable[..., int] = _declare(
    "wxpay_config_load_json",
    c_int32,
    c_void_p,
    c_char_p,
    c_size_t,
    _OUT,
)
wxpay_config_check: Callable[..., int] = _declare(
    "wxpay_config_check",
    c_int32,
    c_void_p,
    c_int64,
    _OUT,
    _OUT,
)
wxpay_client_new: Callable[..., int] = _declare("wxpay_client_new", c_int32, c_void_p, _OUT, _OUT)
wxpay_client_warm: Callable[..., int] = _declare("wxpay_client_warm", c_int32, c_void_p, _OUT)
wxpay_client_info: Callable[..., int] = _declare("wxpay_client_info", c_int32, c_void_p, _OUT, _OUT)
wxpay_client_free: Callable[..., None] = _declare("wxpay_client_free", None, c_void_p)
wxpay_client_send: Callable[..., int] = _declare("wxpay_client_send", c_int32, c_void_p, c_void_p, _OUT, _OUT)
wxpay_client_call: Callable[..., int] = _declare(
    "wxpay_client_call",
    c_int32,
    c_void_p,
    c_char_p,
    c_size_t,
    c_char_p,
    c_size_t,
    c_char_p,
    c_size_t,
    _OUT,
    _OUT,
)
wxpay_client_refresh_certificates: Callable[..., int] = _declare(
    "wxpay_client_refresh_certificates",
    c_int32,
    c_void_p,
    _OUT,
)
wxpay_client_prepare: Callable[..., int] = _declare(
    "wxpay_client_prepare",
    c_int32,
    c_void_p,
    c_void_p,
    c_int64,
    _OUT,
    _OUT,
)
wxpay_client_check: Callable[..., int] = _declare(
    "wxpay_client_check",
    c_int32,
    c_void_p,
    c_void_p,
    c_void_p,
    c_int64,
    _OUT,
)
wxpay_client_prepare_unsigned: Callable[..., int] = _declare(
    "wxpay_client_prepare_unsigned",
    c_int32,
    c_void_p,
    c_void_p,
    c_int64,
    _OUT,
    _OUT,
    _OUT,
    _OUT,
)
wxpay_message_attach_signature: Callable[..., int] = _declare(
    "wxpay_message_attach_signature",
    c_int32,
    c_void_p,
    c_char_p,
    c_size_t,
    _OUT,
)
wxpay_client_certificates_due: Callable[..., int] = _declare(
    "wxpay_client_certificates_due",
    c_int32,
    c_void_p,
    c_int64,
)
wxpay_client_certificates_request: Callable[..., int] = _declare(
    "wxpay_client_certificates_request",
    c_int32,
    c_void_p,
    _OUT,
    _OUT,
)
wxpay_client_load_certificates: Callable[..., int] = _declare(
    "wxpay_client_load_certificates",
    c_int32,
    c_void_p,
    c_void_p,
    c_int64,
    _OUT,
)
wxpay_explain_request: Callable[..., int] = _declare(
    "wxpay_explain_request",
    c_int32,
    c_void_p,
    c_void_p,
    _OUT,
    _OUT,
)
wxpay_notify_open: Callable[..., int] = _declare(
    "wxpay_notify_open",
    c_int32,
    c_void_p,
    c_void_p,
    c_int64,
    _OUT,
    _OUT,
)
wxpay_notify_id: Callable[..., bytes] = _declare("wxpay_notify_id", c_char_p, c_void_p)
wxpay_notify_event_type: Callable[..., bytes] = _declare("wxpay_notify_event_type", c_char_p, c_void_p)
wxpay_notify_resource_type: Callable[..., bytes] = _declare("wxpay_notify_resource_type", c_char_p, c_void_p)
wxpay_notify_original_type: Callable[..., bytes] = _declare("wxpay_notify_original_type", c_char_p, c_void_p)
wxpay_notify_create_time: Callable[..., bytes] = _declare("wxpay_notify_create_time", c_char_p, c_void_p)
wxpay_notify_summary: Callable[..., bytes] = _declare("wxpay_notify_summary", c_char_p, c_void_p)
wxpay_notify_serial: Callable[..., bytes] = _declare("wxpay_notify_serial", c_char_p, c_void_p)
wxpay_notify_json: Callable[..., bytes] = _declare("wxpay_notify_json", c_char_p, c_void_p)
wxpay_notify_timestamp: Callable[..., int] = _declare("wxpay_notify_timestamp", c_int64, c_void_p)
wxpay_notify_plaintext: Callable[..., Optional[int]] = _declare("wxpay_notify_plaintext", c_void_p, c_void_p)
wxpay_notify_plaintext_len: Callable[..., int] = _declare("wxpay_notify_plaintext_len", c_size_t, c_void_p)
wxpay_notify_free: Callable[..., None] = _declare("wxpay_notify_free", None, c_void_p)
wxpay_notify_reply: Callable[..., int] = _declare(
    "wxpay_notify_reply",
    c_int32,
    c_int32,
    c_char_p,
    c_size_t,
    _OUT,
    _OUT,
)
wxpay_client_encrypt: Callable[..., int] = _declare(
    "wxpay_client_encrypt",
    c_int32,
    c_void_p,
    c_char_p,
    c_size_t,
    c_char_p,
    c_size_t,
    _OUT,
    _OUT,
    _OUT,
)
wxpay_client_decrypt: Callable[..., int] = _declare(
    "wxpay_client_decrypt",
    c_int32,
    c_void_p,
    c_char_p,
    c_size_t,
    _OUT,
    _OUT,
)
wxpay_client_encrypt_fields: Callable[..., int] = _declare(
    "wxpay_client_encrypt_fields",
    c_int32,
    c_void_p,
    c_void_p,
    c_char_p,
    c_size_t,
    _OUT,
)
wxpay_client_decrypt_fields: Callable[..., int] = _declare(
    "wxpay_client_decrypt_fields",
    c_int32,
    c_void_p,
    c_void_p,
    c_char_p,
    c_size_t,
    _OUT,
    _OUT,
)
wxpay_client_download: Callable[..., int] = _declare(
    "wxpay_client_download",
    c_int32,
    c_void_p,
    c_char_p,
    c_size_t,
    _OUT,
    _OUT,
)
wxpay_download_open: Callable[..., int] = _declare(
    "wxpay_download_open",
    c_int32,
    c_void_p,
    c_char_p,
    c_size_t,
    _OUT,
    _OUT,
)
wxpay_download_read: Callable[..., int] = _declare(
    "wxpay_download_read",
    c_int32,
    c_void_p,
    _INTO,
    c_size_t,
    _SIZE_OUT,
    _OUT,
)
wxpay_download_received: Callable[..., int] = _declare("wxpay_download_received", c_int64, c_void_p)
wxpay_download_total: Callable[..., int] = _declare("wxpay_download_total", c_int64, c_void_p)
wxpay_download_verified: Callable[..., int] = _declare("wxpay_download_verified", c_int32, c_void_p)
wxpay_download_cancel: Callable[..., None] = _declare("wxpay_download_cancel", None, c_void_p)
wxpay_download_free: Callable[..., None] = _declare("wxpay_download_free", None, c_void_p)
wxpay_bill_open: Callable[..., int] = _declare("wxpay_bill_open", c_int32, c_char_p, c_size_t, _OUT, _OUT)
wxpay_bill_open_download: Callable[..., int] = _declare(
    "wxpay_bill_open_download",
    c_int32,
    c_void_p,
    _OUT,
    _OUT,
)
wxpay_bill_next: Callable[..., int] = _declare("wxpay_bill_next", c_int32, c_void_p, _OUT)
wxpay_bill_row: Callable[..., int] = _declare("wxpay_bill_row", c_int64, c_void_p)
wxpay_bill_row_count: Callable[..., int] = _declare("wxpay_bill_row_count", c_int64, c_void_p)
wxpay_bill_column_count: Callable[..., int] = _declare("wxpay_bill_column_count", c_size_t, c_void_p)
wxpay_bill_column_name: Callable[..., Optional[bytes]] = _declare(
    "wxpay_bill_column_name",
    c_char_p,
    c_void_p,
    c_size_t,
)
wxpay_bill_column: Callable[..., int] = _declare("wxpay_bill_column", c_int32, c_void_p, c_char_p, c_size_t)
wxpay_bill_field: Callable[..., Optional[bytes]] = _declare("wxpay_bill_field", c_char_p, c_void_p, c_size_t)
wxpay_bill_is_text: Callable[..., int] = _declare("wxpay_bill_is_text", c_int32, c_void_p, c_size_t)
wxpay_bill_fen: Callable[..., int] = _declare("wxpay_bill_fen", c_int64, c_void_p, c_size_t)
wxpay_bill_total: Callable[..., Optional[bytes]] = _declare(
    "wxpay_bill_total",
    c_char_p,
    c_void_p,
    c_char_p,
    c_size_t,
)
wxpay_bill_total_fen: Callable[..., int] = _declare(
    "wxpay_bill_total_fen",
    c_int64,
    c_void_p,
    c_char_p,
    c_size_t,
)
wxpay_bill_free: Callable[..., None] = _declare("wxpay_bill_free", None, c_void_p)
wxpay_pay_jsapi: Callable[..., int] = _declare(
    "wxpay_pay_jsapi",
    c_int32,
    c_void_p,
    c_char_p,
    c_size_t,
    c_char_p,
    c_size_t,
    c_int64,
    _OUT,
    _OUT,
)
wxpay_pay_mini_program: Callable[..., int] = _declare(
    "wxpay_pay_mini_program",
    c_int32,
    c_void_p,
    c_char_p,
    c_size_t,
    c_char_p,
    c_size_t,
    c_int64,
    _OUT,
    _OUT,
)
wxpay_pay_app: Callable[..., int] = _declare(
    "wxpay_pay_app",
    c_int32,
    c_void_p,
    c_char_p,
    c_size_t,
    c_char_p,
    c_size_t,
    c_int64,
    _OUT,
    _OUT,
)
wxpay_pay_unsigned: Callable[..., int] = _declare(
    "wxpay_pay_unsigned",
    c_int32,
    c_void_p,
    c_char_p,
    c_size_t,
    c_char_p,
    c_size_t,
    c_char_p,
    c_size_t,
    c_int64,
    _OUT,
    _OUT,
    _OUT,
    _OUT,
)
wxpay_pay_attach: Callable[..., int] = _declare(
    "wxpay_pay_attach",
    c_int32,
    c_char_p,
    c_size_t,
    c_char_p,
    c_size_t,
    _OUT,
    _OUT,
)
wxpay_pay_h5_url: Callable[..., int] = _declare(
    "wxpay_pay_h5_url",
    c_int32,
    c_char_p,
    c_size_t,
    c_char_p,
    c_size_t,
    _OUT,
    _OUT,
)
wxpay_pay_score: Callable[..., int] = _declare(
    "wxpay_pay_score",
    c_int32,
    c_void_p,
    c_char_p,
    c_size_t,
    c_int64,
    _OUT,
    _OUT,
)
wxpay_v2_sign: Callable[..., int] = _declare(
    "wxpay_v2_sign",
    c_int32,
    c_void_p,
    c_char_p,
    c_size_t,
    c_char_p,
    c_size_t,
    _OUT,
    _OUT,
)
wxpay_v2_prepare: Callable[..., int] = _declare(
    "wxpay_v2_prepare",
    c_int32,
    c_void_p,
    c_char_p,
    c_size_t,
    c_char_p,
    c_size_t,
    c_char_p,
    c_size_t,
    _OUT,
    _OUT,
)
wxpay_v2_check: Callable[..., int] = _declare(
    "wxpay_v2_check",
    c_int32,
    c_void_p,
    c_void_p,
    c_void_p,
    _OUT,
    _OUT,
)
wxpay_v2_send: Callable[..., int] = _declare("wxpay_v2_send", c_int32, c_void_p, c_void_p, _OUT, _OUT, _OUT)
wxpay_v2_refund_open: Callable[..., int] = _declare(
    "wxpay_v2_refund_open",
    c_int32,
    c_void_p,
    c_char_p,
    c_size_t,
    _OUT,
    _OUT,
)
wxpay_v2_reply: Callable[..., int] = _declare(
    "wxpay_v2_reply",
    c_int32,
    c_int32,
    c_char_p,
    c_size_t,
    _OUT,
    _OUT,
)
wxpay_key_load: Callable[..., int] = _declare(
    "wxpay_key_load",
    c_int32,
    c_char_p,
    c_size_t,
    c_char_p,
    c_size_t,
    _OUT,
    _OUT,
)
wxpay_key_info: Callable[..., int] = _declare("wxpay_key_info", c_int32, c_void_p, _OUT, _OUT)
wxpay_key_free: Callable[..., None] = _declare("wxpay_key_free", None, c_void_p)
wxpay_key_matches_cert: Callable[..., int] = _declare(
    "wxpay_key_matches_cert",
    c_int32,
    c_void_p,
    c_char_p,
    c_size_t,
    _OUT,
)
wxpay_canonical_request: Callable[..., int] = _declare(
    "wxpay_canonical_request",
    c_int32,
    c_char_p,
    c_size_t,
    c_char_p,
    c_size_t,
    c_char_p,
    c_size_t,
    c_char_p,
    c_size_t,
    c_char_p,
    c_size_t,
    _OUT,
    _OUT,
)
wxpay_canonical_response: Callable[..., int] = _declare(
    "wxpay_canonical_response",
    c_int32,
    c_char_p,
    c_size_t,
    c_char_p,
    c_size_t,
    c_char_p,
    c_size_t,
    _OUT,
    _OUT,
)
wxpay_sign: Callable[..., int] = _declare("wxpay_sign", c_int32, c_void_p, c_char_p, c_size_t, _OUT, _OUT)
wxpay_verify: Callable[..., int] = _declare(
    "wxpay_verify",
    c_int32,
    c_void_p,
    c_char_p,
    c_size_t,
    c_char_p,
    c_size_t,
    _OUT,
)
wxpay_aead_decrypt: Callable[..., int] = _declare(
    "wxpay_aead_decrypt",
    c_int32,
    c_char_p,
    c_size_t,
    c_char_p,
    c_size_t,
    c_char_p,
    c_size_t,
    c_char_p,
    c_size_t,
    _OUT,
    _OUT,
)
wxpay_oaep_encrypt: Callable[..., int] = _declare(
    "wxpay_oaep_encrypt",
    c_int32,
    c_void_p,
    c_char_p,
    c_size_t,
    _OUT,
    _OUT,
)
wxpay_oaep_decrypt: Callable[..., int] = _declare(
    "wxpay_oaep_decrypt",
    c_int32,
    c_void_p,
    c_char_p,
    c_size_t,
    _OUT,
    _OUT,
)
wxpay_trust_report: Callable[..., int] = _declare(
    "wxpay_trust_report",
    c_int32,
    c_void_p,
    c_int64,
    _OUT,
    _OUT,
)
wxpay_trust_probe: Callable[..., int] = _declare(
    "wxpay_trust_probe",
    c_int32,
    c_void_p,
    c_char_p,
    c_size_t,
    c_int32,
    c_char_p,
    c_size_t,
    c_int64,
    _OUT,
    _OUT,
)
wxpay_explain_text: Callable[..., int] = _declare(
    "wxpay_explain_text",
    c_int32,
    c_char_p,
    c_size_t,
    _OUT,
    _OUT,
)
wxpay_explain_response: Callable[..., int] = _declare(
    "wxpay_explain_response",
    c_int32,
    c_void_p,
    c_void_p,
    c_void_p,
    c_int64,
    _OUT,
    _OUT,
)


class Pointer(c_void_p):
    """To an object of the library."""

    __slots__ = ()

    def __reduce__(self) -> NoReturn:
        raise TypeError(f"a {type(self).__name__} belongs to this process; it cannot be copied or pickled")


class Borrowed(Pointer):
    """A handle that is released with its owner."""

    owner: object = None


class Held:
    """What keeps a handle."""

    __slots__ = ()
    _handle: c_void_p

    @classmethod
    def _of(cls: Type[H], handle: c_void_p) -> H:
        one = cls.__new__(cls)
        one._handle = handle
        return one

    @classmethod
    def _borrowed(cls: Type[H], address: Optional[int], owner: object) -> Optional[H]:
        if not address:
            return None
        handle = Borrowed(address)
        handle.owner = owner
        return cls._of(handle)


class BillHandle(Pointer):
    """A bill in CSV form: header, rows, totals. Released when nobody refers to it any more."""

    __slots__ = ()

    def __del__(self, free: Callable[..., None] = wxpay_bill_free) -> None:
        if self:
            free(self)


class BufHandle(Pointer):
    """Bytes owned by you. Released when nobody refers to it any more."""

    __slots__ = ()

    def __del__(self, free: Callable[..., None] = wxpay_buf_free) -> None:
        if self:
            free(self)


class ClientHandle(Pointer):
    """One merchant. Released when nobody refers to it any more."""

    __slots__ = ()

    def __del__(self, free: Callable[..., None] = wxpay_client_free) -> None:
        if self:
            free(self)


class ConfigHandle(Pointer):
    """Configuration by name. Released when nobody refers to it any more."""

    __slots__ = ()

    def __del__(self, free: Callable[..., None] = wxpay_config_free) -> None:
        if self:
            free(self)


class DownloadHandle(Pointer):
    """A download at work. Released when nobody refers to it any more."""

    __slots__ = ()

    def __del__(self, free: Callable[..., None] = wxpay_download_free) -> None:
        if self:
            free(self)


class ErrorHandle(Pointer):
    """Why a function failed, what to do, and what is known about the request. Released when nobody refers to it any more."""

    __slots__ = ()

    def __del__(self, free: Callable[..., None] = wxpay_error_free) -> None:
        if self:
            free(self)


class KeyHandle(Pointer):
    """A private key, a public key or a certificate. Released when nobody refers to it any more."""

    __slots__ = ()

    def __del__(self, free: Callable[..., None] = wxpay_key_free) -> None:
        if self:
            free(self)


class MessageHandle(Pointer):
    """One HTTP message: a request to be sent, or a response or notification received. Released when nobody refers to it any more."""

    __slots__ = ()

    def __del__(self, free: Callable[..., None] = wxpay_message_free) -> None:
        if self:
            free(self)


class NotifyHandle(Pointer):
    """A verified and decrypted notification. Released when nobody refers to it any more."""

    __slots__ = ()

    def __del__(self, free: Callable[..., None] = wxpay_notify_free) -> None:
        if self:
            free(self)
