"""Notifications: verified, then decrypted."""

from __future__ import annotations

from typing import Any

from . import _raw
from ._methods import NotifyMethods
from .constants import WXPAY_STATUS_INTERNAL
from .messages import Reply


class Notification(NotifyMethods):
    """Signed by WeChat Pay. Compare mchid, out_trade_no and amount with your order; it may come 16 times."""

    _parsed: Any = None

    @property
    def json(self) -> Any:
        """The envelope with `resource` replaced by the decrypted object."""
        if self._parsed is None:
            self._parsed = _raw.notify_json(self._handle)
        return self._parsed

    def reply_ok(self) -> Reply:
        """It is stored: 204. Store first."""
        return Reply.to(0)

    def reply_fail(self, reason: str = "") -> Reply:
        """It could not be handled: 500, and WeChat Pay sends it again."""
        return Reply.to(WXPAY_STATUS_INTERNAL, reason)
