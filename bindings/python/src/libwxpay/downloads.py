"""Downloads, whose bytes count only after the end, and bills, checked before their first row."""

from __future__ import annotations

import os
from ctypes import c_size_t, c_uint8
from typing import Any, Callable, ContextManager, Dict, Iterator, List, Optional, Union

from . import _raw
from ._abi import DownloadHandle, ErrorHandle, wxpay_download_read
from ._methods import BillMethods, DownloadMethods
from ._values import Text
from .errors import failed

Path = Union[str, "os.PathLike[str]"]
#: Given `received` and `total` of the download.
Progress = Optional[Callable[[int, int], object]]


class Download(DownloadMethods, ContextManager["Download"]):
    """A file on its way. Its bytes are provisional until the end was reached: `verified` is 0 before."""

    __slots__ = ("__weakref__", "_handle")

    def readinto(self, buffer: Any) -> int:
        """Fills a bytearray or the like. 0 is the end: length, digest and tag were right."""
        into = (c_uint8 * memoryview(buffer).nbytes).from_buffer(buffer)
        count, error = c_size_t(), ErrorHandle()
        if wxpay_download_read(self._handle, into, len(into), count, error):
            raise failed(error)
        return count.value

    def __iter__(self) -> Iterator[bytes]:
        """Its bytes up to the end. When that raises, what came before is not the file."""
        buffer = bytearray(1 << 16)
        return iter(lambda: bytes(buffer[: self.readinto(buffer)]), b"")

    def save(self, path: Path, progress: Progress = None) -> None:
        """Writes it to `path`, which changes only when everything came and was right: until then it is
        `path`.part, a new file that only this user can read, deleted on any error. ValueError after a read.
        """
        if self.received:
            # The rest would pass for the whole file.
            raise ValueError("something of this download was read already; begin one anew to save it")
        part = os.fspath(path) + ".part"
        # Not an old file, and not one that a link leads to.
        new = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        try:
            with os.fdopen(new, "wb") as file:
                for chunk in self:
                    file.write(chunk)
                    if progress is not None:
                        progress(self.received, self.total)
            os.replace(part, path)
        except BaseException:
            if os.path.exists(part):
                os.unlink(part)
            raise

    def close(self) -> None:
        """Ends it, once no thread is in a call any more."""
        self._handle = DownloadHandle()

    def __exit__(self, *_: object) -> None:
        self.close()


class Bill(BillMethods):
    """A bill: `for row in bill` gives what each column holds, as text. Every row was checked before the first."""

    __slots__ = ("__weakref__", "_handle")

    @classmethod
    def open(cls, csv: Text) -> Bill:
        """Of the bytes that `client.download` gave."""
        return cls._of(_raw.bill_open(csv))

    @classmethod
    def of(cls, download: Download) -> Bill:
        """Of any size: takes the download to its end, into a temporary file."""
        return cls._of(_raw.bill_open_download(download._handle))

    @property
    def columns(self) -> List[str]:
        return [self.column_name(at) or "" for at in range(self.column_count)]

    def fen(self, column: Union[str, int]) -> int:
        """An amount of the present row, in fen; ValueError where there is none."""
        amount = _raw.bill_fen(self._handle, self.column(column) if isinstance(column, str) else column)
        if amount is None:
            raise ValueError(f"row {self.row} of the bill has no amount in column {column!r}")
        return amount

    def __iter__(self) -> Iterator[Dict[str, str]]:
        columns = list(enumerate(self.columns))
        while True:
            self.next()
            if not self.row:
                return
            yield {name: self.field(at) or "" for at, name in columns}
