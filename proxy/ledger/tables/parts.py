"""Replies in parts: kept until all parts of one are there, over any sessions and workers.

Layout: ``parts``: the shelf's key -> its parts as JSON; what both are is in ``proxy.consent.parts``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from proxy.consent.parts import Keeping, KeptParts, Whole, decoded, encoded, shelf_key, until, with_part, young
from proxy.consent.wishes import PartOfText
from proxy.ledger.tables.aging import Aging

if TYPE_CHECKING:
    import lmdb


class Shelf:
    """Unfinished replies in one ledger; every call is part of the caller's transaction."""

    def __init__(self, records: Aging, keeping: Keeping) -> None:
        self._records = records
        self.keeping = keeping

    def add(self, txn: lmdb.Transaction[bytes], part: PartOfText, stops: int, now: int) -> Whole | None:
        """Keep a part at ``now`` (microseconds), offered first when ``stops`` STOPs had been heard.

        Returns the whole reply when this was the part that was missing; see ``with_part``.
        """
        self.tidy(txn, now)
        for _ in self._records.forget_due(txn, 0, self.keeping.most - 1):
            pass  # only to make room: what is due is ``tidy``'s, which keeps what is younger of it
        if not 1 <= part.number <= part.total:
            return None
        key, limit = shelf_key(part), self.keeping.limit(is_short=part.is_short)
        stored = self._records.get(txn, key)
        known = {} if stored is None else decoded(stored)
        kept, whole = with_part(known, part, stops, now, limit)
        if kept is not known:
            self._put(txn, key, kept, limit)
        return whole

    def is_due(self, txn: lmdb.Transaction[bytes], now: int) -> bool:
        """Whether any part is too old to be kept."""
        return self._records.is_any_due(txn, now)

    def tidy(self, txn: lmdb.Transaction[bytes], now: int) -> None:
        """Forget the parts that are too old; younger ones under the same reference stay."""
        for key, value in list(self._records.forget_due(txn, now, self.keeping.most)):
            limit = self.keeping.limit(is_short=bool(key[-1]))
            if left := young(decoded(value), now, limit):
                self._put(txn, key, left, limit)

    def _put(self, txn: lmdb.Transaction[bytes], key: bytes, parts: KeptParts, limit: int) -> None:
        self._records.put(txn, key, encoded(parts), until(parts, limit))
