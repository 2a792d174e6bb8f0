"""Stands for a shop's database in the examples. Yours has a unique index where this has a dict."""

import os
import threading
from typing import Any, Dict, Tuple


class Mismatch(Exception):
    """A verified notification that is not about this order."""


class Orders:
    """Orders that wait for payment, and what was stored about them."""

    def __init__(self) -> None:
        #: mchid and total in fen of each order; EXPECTED_ORDER="number mchid total" has one to try.
        self.waiting: Dict[str, Tuple[str, int]] = {}
        number, mchid, total = os.environ.get("EXPECTED_ORDER", "- - 0").split()
        self.expect(number, mchid, int(total))
        self.stored: Dict[Tuple[str, str], Any] = {}
        self.lock = threading.Lock()

    def expect(self, out_trade_no: str, mchid: str, total: int) -> None:
        self.waiting[out_trade_no] = (mchid, total)

    def store_once(self, event_type: str, resource: Dict[str, Any]) -> bool:
        """False when it was stored before: the same notification comes up to 16 times."""
        number = resource["out_trade_no"]
        if self.waiting.get(number) != (resource["mchid"], resource["amount"]["total"]):
            raise Mismatch(f"{number} is not an order of this merchant over this amount")
        with self.lock:
            first = (number, event_type) not in self.stored
            self.stored.setdefault((number, event_type), resource)
        return first
