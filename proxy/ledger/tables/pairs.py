"""The pairs of a ledger: what is known of each, found by consumer and by business."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from proxy.consent.numbers import Pair, key_prefix
from proxy.consent.rules import State
from proxy.ledger.store import Store, Writing
from proxy.ledger.tables.databases import NUMBER, OPTED_OUT_PAIRS, number
from proxy.ledger.tables.journal import utc
from proxy.ledger.tables.records import Kept, read_record

if TYPE_CHECKING:
    import lmdb

_PAGE = 1000
"""Records read in one transaction, which no writer's pages are held up for longer."""


class PairRecord(NamedTuple):
    """What the ledger knows of a pair: its state, the revision that made it, and since when it is so."""

    pair: Pair
    state: State
    sequence: int
    since: datetime


class Pairs:
    """The records in one ledger's files."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def get(self, txn: lmdb.Transaction[bytes], pair: Pair) -> Kept | None:
        """What is kept of a pair, None if nothing is."""
        stored = txn.get(pair.key, db=self._store.databases.pairs)
        return read_record(stored) if stored else None

    def put(self, writing: Writing, pair: Pair, kept: Kept) -> None:
        """Keep this of a pair, which is in both orders."""
        writing.txn.put(pair.key, kept.octets(), db=self._store.databases.pairs)

    def add(self, writing: Writing, pair: Pair, kept: Kept) -> bool:
        """Keep this of a pair of which nothing is known; False, and nothing is done, if something is."""
        databases = self._store.databases
        if not writing.txn.put(pair.key, kept.octets(), overwrite=False, db=databases.pairs):
            return False
        writing.txn.put(pair.turned.key, b"", db=databases.businesses)
        return True

    def count_opted_out(self, writing: Writing, step: int) -> None:
        """So many pairs more, or fewer, are opted out now."""
        meta = self._store.databases.meta
        writing.txn.put(OPTED_OUT_PAIRS, NUMBER.pack(number(writing.txn, meta, OPTED_OUT_PAIRS) + step), db=meta)

    def record(self, pair: Pair) -> PairRecord | None:
        """What the ledger knows of a pair; raises ``LedgerError``."""
        with self._store.reading() as txn:
            kept = self.get(txn, pair)
        return None if kept is None else _record(pair, kept)

    def records(self, *, business: str = "", consumer: str = "", after: Pair | None = None) -> Iterator[PairRecord]:
        """All pairs, in order, or those of one business or consumer; each page of them is one moment.

        ``after``: only those behind this one.
        """
        by_business = bool(business)
        prefix = key_prefix(business or consumer) if business or consumer else b""
        start, page = prefix, [b""]
        if after is not None:
            start = (after.turned if by_business else after).key + b"\0"
        while page:
            with self._store.reading() as txn, txn.cursor(db=self._order(by_business=by_business)) as cursor:
                page = []
                found = cursor.set_range(start)
                while found and cursor.key().startswith(prefix) and len(page) < _PAGE:
                    page.append(cursor.key())
                    found = cursor.next()
                found_pairs = map(Pair.of_key, page)
                pairs = [pair.turned for pair in found_pairs] if by_business else list(found_pairs)
                kept = [self.get(txn, pair) for pair in pairs]
            yield from (_record(pair, each) for pair, each in zip(pairs, kept, strict=True) if each)
            start = page[-1] + b"\0" if page else b""

    def _order(self, *, by_business: bool) -> Any:
        return self._store.databases.businesses if by_business else self._store.databases.pairs

    def groups(self, txn: lmdb.Transaction[bytes]) -> Iterator[Pair]:
        """The pairs whose business is a group."""
        with txn.cursor(db=self._store.databases.businesses) as cursor:
            found = cursor.set_range("⟨".encode())
            while found and cursor.key().startswith("⟨".encode()):
                yield Pair.of_key(cursor.key()).turned
                found = cursor.next()

    def is_indexed(self, pair: Pair) -> bool:
        """Whether a pair is found from its business too."""
        with self._store.reading() as txn:
            return txn.get(pair.turned.key, db=self._store.databases.businesses) is not None


def _record(pair: Pair, kept: Kept) -> PairRecord:
    return PairRecord(pair, kept.state, kept.sequence, utc(kept.since))
