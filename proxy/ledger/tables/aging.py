"""Records that are kept for a time, and only so many of them: two databases of one environment.

One holds the records by key, each behind the time until which it is kept (8 octets, UTC microseconds); the other holds
these times, each followed by its key, so that what is to be forgotten is found first.
"""

from __future__ import annotations

from collections.abc import Iterator
from struct import Struct
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import lmdb

_TIME = Struct(">Q")

AT_ONCE = 100
"""Records that are forgotten in one go, so that no commit takes long."""


class Aging:
    """Such records; every call is part of the caller's transaction."""

    def __init__(self, records: Any, times: Any) -> None:
        """``records`` and ``times`` are the two databases."""
        self.records = records
        self._times = times

    def get(self, txn: lmdb.Transaction[bytes], key: bytes) -> bytes | None:
        """What is kept under this key."""
        stored = txn.get(key, db=self.records)
        return None if stored is None else stored[_TIME.size :]

    def until(self, txn: lmdb.Transaction[bytes], key: bytes) -> int:
        """Until when what is under this key is kept, 0 if there is nothing."""
        stored = txn.get(key, db=self.records)
        return 0 if stored is None else int(_TIME.unpack_from(stored)[0])

    def put(self, txn: lmdb.Transaction[bytes], key: bytes, value: bytes, until: int) -> None:
        """Keep this under the key, instead of what was there, until a time."""
        stored, time = txn.get(key, db=self.records), _TIME.pack(max(0, until))
        txn.put(key, time + value, db=self.records)
        txn.put(time + key, b"", db=self._times)
        if stored is not None and stored[: _TIME.size] != time:
            txn.delete(stored[: _TIME.size] + key, db=self._times)

    def delete(self, txn: lmdb.Transaction[bytes], key: bytes) -> None:
        """Keep nothing under this key."""
        stored = txn.get(key, db=self.records)
        if stored is not None:
            txn.delete(key, db=self.records)
            txn.delete(stored[: _TIME.size] + key, db=self._times)

    def is_any_due(self, txn: lmdb.Transaction[bytes], now: int) -> bool:
        """Whether anything has been kept for its time."""
        with txn.cursor(db=self._times) as cursor:
            return cursor.first() and _TIME.unpack_from(cursor.key())[0] < now

    def forget_due(self, txn: lmdb.Transaction[bytes], now: int, most: int) -> Iterator[tuple[bytes, bytes]]:
        """Forget what has been kept for its time, and the first of the rest where there are more than ``most``.

        Gives each that is forgotten, key and value; ``AT_ONCE`` of them at the most.
        """
        count = txn.stat(self._times)["entries"]
        for _ in range(AT_ONCE):
            with txn.cursor(db=self._times) as cursor:
                if not cursor.first():
                    return
                time, key = cursor.key()[: _TIME.size], cursor.key()[_TIME.size :]
            if _TIME.unpack(time)[0] >= now and count <= most:
                return
            value = self.get(txn, key)
            txn.delete(time + key, db=self._times)
            txn.delete(key, db=self.records)
            count -= 1
            if value is not None:
                yield key, value
