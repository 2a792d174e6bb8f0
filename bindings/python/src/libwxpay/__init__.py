"""WeChat Pay API v3 for merchants: signs, sends, verifies, and opens notifications.

`Client` is where to begin; `AsyncClient` is the same for asyncio. `outcome` of a `WxPayError` says
what is known about the money.
"""

from typing import Any

from . import _raw, constants, primitives
from ._loader import LibraryError, Loaded
from ._methods import explain_text, selftest, status_name, status_text, trust_probe, trust_report, version
from .aio import AsyncClient
from .client import Client
from .config import Config
from .constants import Outcome, Status, Verified
from .downloads import Bill, Download
from .errors import ApiError, InternalError, ProcessError, SignatureError, TransportError, UsageError, WxPayError
from .messages import Message, Reply, Request, Response, v2_reply
from .notifications import Notification

__version__ = version()
# fmt: off
__all__ = [
    "ApiError", "AsyncClient", "Bill", "Client", "Config", "Download", "InternalError", "LibraryError", "Message",
    "Notification", "Outcome", "ProcessError", "Reply", "Request", "Response", "SignatureError", "Status",
    "TransportError", "UsageError", "Verified", "WxPayError", "build_info", "constants", "explain_text", "primitives",
    "selftest", "status_name", "status_text", "trust_probe", "trust_report", "v2_reply", "version",
]
# fmt: on


def build_info() -> Any:
    """How the library was built, which file it is, and whether WXPAY_LIBRARY chose it."""
    info = _raw.build_info()
    info.update(library=Loaded.path, chosen_by_environment=Loaded.by_environment)
    return info
