"""How often each pair was refused on this machine, summed up from what was counted in memory."""

from __future__ import annotations

from struct import Struct

from proxy.consent.numbers import Pair
from proxy.consent.refusals import Refusals
from proxy.ledger.store import Store, Writing

_REFUSALS = Struct(">QQQQ")


class RefusalTotals:
    """The sums in one ledger's files."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, writing: Writing, counted: Refusals) -> None:
        """Add what was counted to what is known."""
        stored = writing.txn.get(counted.pair.key, db=self._store.databases.refusals)
        total = Refusals(counted.pair, *_REFUSALS.unpack(stored)).plus(counted) if stored else counted
        writing.txn.put(counted.pair.key, _REFUSALS.pack(*total[1:]), db=self._store.databases.refusals)

    def of(self, pair: Pair) -> Refusals | None:
        """How often submits to this pair were refused, and when; None if none was. Raises ``LedgerError``."""
        with self._store.reading() as txn:
            stored = txn.get(pair.key, db=self._store.databases.refusals)
        return Refusals(pair, *_REFUSALS.unpack(stored)) if stored else None
