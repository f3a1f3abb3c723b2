"""Replies in parts: kept until all parts of one are there, over any sessions and workers.

Layout: ``parts``: consumer NUL business NUL reference (4 octets) total (1) -> when its first part came
(8 octets, UTC microseconds) and its texts by number, as JSON; ``part_times``: that time and the
key -> nothing, so that the oldest are found first.
"""

from __future__ import annotations

import json
from struct import Struct
from typing import TYPE_CHECKING, Any, NamedTuple

from proxy.consent.rules import PartOfText

if TYPE_CHECKING:
    import lmdb

_TIME = Struct(">Q")
_REFERENCE = Struct(">LB")


class Keeping(NamedTuple):
    """How long unfinished replies are kept, in seconds, and how many of them at the most."""

    seconds: float = 86_400.0
    most: int = 100_000


class Shelf:
    """Unfinished replies in one ledger; every call is part of the caller's transaction."""

    def __init__(self, parts: Any, times: Any, keeping: Keeping) -> None:
        """``parts`` and ``times`` are the two databases."""
        self._parts = parts
        self._times = times
        self.keeping = keeping

    def add(self, txn: lmdb.Transaction[bytes], part: PartOfText, now: int) -> str | None:
        """Keep a part at ``now`` (microseconds); returns the whole text when it was the last that was missing.

        A part that comes again is the same part; another text under its number begins a new reply, as
        telephones use references again. A whole reply is forgotten at once.
        """
        self._forget_old(txn, now)
        if not 1 <= part.number <= part.total:
            return None
        key = _key(part)
        began, texts = self._stored(txn, key, now)
        number = str(part.number)
        if texts.get(number, part.text) != part.text:
            self._forget(txn, key, began)
            began, texts = now, {}
        texts[number] = part.text
        if len(texts) < part.total:
            txn.put(key, _TIME.pack(began) + json.dumps(texts).encode(), db=self._parts)
            txn.put(_TIME.pack(began) + key, b"", db=self._times)
            return None
        self._forget(txn, key, began)
        return "".join(texts[str(n)] for n in range(1, part.total + 1))

    def _stored(self, txn: lmdb.Transaction[bytes], key: bytes, now: int) -> tuple[int, dict[str, str]]:
        stored = txn.get(key, db=self._parts)
        if stored is None:
            return now, {}
        return _TIME.unpack_from(stored)[0], json.loads(stored[_TIME.size :])

    def _forget(self, txn: lmdb.Transaction[bytes], key: bytes, began: int) -> None:
        txn.delete(key, db=self._parts)
        txn.delete(_TIME.pack(began) + key, db=self._times)

    def _forget_old(self, txn: lmdb.Transaction[bytes], now: int) -> None:
        """Drop what is too old, and the oldest where there are too many; a few at a time."""
        count = txn.stat(self._times)["entries"]
        too_old = _TIME.pack(max(0, now - int(self.keeping.seconds * 1_000_000)))
        for _ in range(100):
            with txn.cursor(db=self._times) as cursor:
                if not cursor.first() or (cursor.key() >= too_old and count < self.keeping.most):
                    return
                oldest = cursor.key()
            self._forget(txn, oldest[_TIME.size :], _TIME.unpack_from(oldest)[0])
            count -= 1


def _key(part: PartOfText) -> bytes:
    pair = f"{part.pair.consumer}\0{part.pair.business}\0".encode()
    return pair + _REFERENCE.pack(part.reference & 0xFFFFFFFF, part.total & 0xFF)
