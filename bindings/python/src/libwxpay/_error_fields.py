# Generated from include/wxpay.h by `cargo run -p wxpay-gen`; do not edit.
"""The fields of an error."""

from __future__ import annotations

from ctypes import c_void_p
from typing import TYPE_CHECKING, Optional

from ._abi import (
    wxpay_error_api_code,
    wxpay_error_api_message,
    wxpay_error_hint,
    wxpay_error_http_status,
    wxpay_error_message,
    wxpay_error_outcome,
    wxpay_error_request,
    wxpay_error_request_id,
    wxpay_error_response,
    wxpay_error_retry_after_s,
    wxpay_error_retryable,
    wxpay_error_status,
)
from .constants import Outcome

if TYPE_CHECKING:
    from .messages import Request, Response


class ErrorFields(Exception):
    """What an error of the library says, copied."""

    #: The status, WXPAY_STATUS_…, as the failed function returned it.
    status: int
    #: What is known about the request at WeChat Pay, WXPAY_OUTCOME_…: the field that matters for money.
    #: UNKNOWN (0): query the order before anything is sent again. NOT_SENT (1): no byte left this
    #: process. REJECTED (2): WeChat Pay refused it. DONE_UNVERIFIED (3): an answer came but its
    #: signature did not verify; query, do not deliver.
    outcome: Outcome
    #: 1: the same request with the same business numbers may be sent again now; never with new ones.
    retryable: bool
    #: Seconds to wait before sending again; -1 when nobody said.
    retry_after_s: Optional[int]
    #: HTTP status of the answer; 0 when there was none.
    http_status: int
    #: What is wrong with the values seen, one sentence, no secrets.
    message: str
    #: What a person should do next.
    hint: str
    #: WeChat Pay's own code, such as "PARAM_ERROR"; not authenticated. The vocabulary is open.
    api_code: str
    #: WeChat Pay's own message; not authenticated.
    api_message: str
    #: Request-ID of the answer: give it to WeChat Pay's support.
    request_id: str
    #: The request that failed; borrowed from the error. NULL if there is none.
    request: Optional[Request]
    #: The answer, not authenticated; borrowed from the error. NULL if there is none. After a failed
    #: verification it has status and headers only.
    response: Optional[Response]

    def _read(self, handle: c_void_p) -> None:
        from .messages import Request, Response

        self.status = wxpay_error_status(handle)
        self.outcome = Outcome(wxpay_error_outcome(handle))
        self.retryable = bool(wxpay_error_retryable(handle))
        retry_after_s = wxpay_error_retry_after_s(handle)
        self.retry_after_s = None if retry_after_s < 0 else retry_after_s
        self.http_status = wxpay_error_http_status(handle)
        self.message = wxpay_error_message(handle).decode()
        self.hint = wxpay_error_hint(handle).decode()
        self.api_code = wxpay_error_api_code(handle).decode()
        self.api_message = wxpay_error_api_message(handle).decode()
        self.request_id = wxpay_error_request_id(handle).decode()
        self.request = Request._borrowed(wxpay_error_request(handle), handle)
        self.response = Response._borrowed(wxpay_error_response(handle), handle)
