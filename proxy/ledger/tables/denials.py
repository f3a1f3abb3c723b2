"""Pairs that nothing may be sent to while a STOP that was heard here is on its way to the other machines of a cluster.

Layout: ``denied``: the pair's key, NUL, the id of the change -> nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from proxy.consent.numbers import Pair

if TYPE_CHECKING:
    import lmdb


class Denials:
    """Those of one ledger; every call is part of the caller's transaction."""

    def __init__(self, database: Any) -> None:
        self._database = database

    def add(self, txn: lmdb.Transaction[bytes], pair: Pair, change: str) -> None:
        """Let nothing be sent to this pair until the change is in the ledger, or given up."""
        txn.put(_key(pair.key, change), b"", db=self._database)

    def lift(self, txn: lmdb.Transaction[bytes], pair: Pair, changes: Iterable[str]) -> None:
        """These changes are in the ledger, or given up."""
        for change in changes:
            txn.delete(_key(pair.key, change), db=self._database)

    def lift_all(self, txn: lmdb.Transaction[bytes]) -> int:
        """None of them is under way any more; how many there were."""
        count: int = txn.stat(self._database)["entries"]
        txn.drop(self._database, delete=False)
        return count


def is_denied(cursor: lmdb.Cursor[bytes], key: bytes) -> bool:
    """Whether a pair, by its key, is denied; the cursor is one of the database ``denied``."""
    prefix = key + b"\0"
    return cursor.set_range(prefix) and cursor.key().startswith(prefix)


def _key(pair: bytes, change: str) -> bytes:
    return pair + b"\0" + change.encode()
