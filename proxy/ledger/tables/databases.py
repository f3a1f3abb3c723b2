"""The layout: the named databases of the ledger's environment, and what their keys and values are.

* ``pairs``: the pair's key -> its record, see ``records``. It is never deleted; its sequence is that of
  the journal entry that made it.
* ``businesses``: the pair's key with business and consumer exchanged -> nothing. The same pairs, by business.
* ``journal``: revision (8 octets, from 1, without gaps) -> the entry as JSON, see ``proxy.consent.entries``.
* ``parts`` and ``part_times``: unfinished replies in parts, see ``parts``.
* ``turned_back`` and ``turned_back_times``: messages that will be offered again, see ``turned_back``.
* ``unconfirmed``: the pair's key -> when a STOP was heard that may be confirmed, as time since the machine's start.
* ``refusals``: the pair's key -> how many submits were refused, how many observed, first and last time.
* ``denied``: the pair's key, NUL, the id of a change -> nothing: nothing may be sent, since a STOP was heard here that
  not all machines of a cluster have yet. Empty on a single machine.
* ``meta``: the schema's number, the ledger's id, how many pairs are opted out now, how many STOPs were heard, and the
  revision of the last checkpoint; in a cluster, how far its changes have been followed.

The key of a pair is made in ``proxy.consent.numbers.Pair.key`` only.
"""

from __future__ import annotations

from pathlib import Path
from struct import Struct
from typing import TYPE_CHECKING, Any, NamedTuple

from proxy.ledger.disk.environment import check_schema, new_id, open_meta
from proxy.ledger.tables.aging import Aging

if TYPE_CHECKING:
    import lmdb

SCHEMA = 2
"""2: records say which STOP was the last; parts know how many STOPs were heard before them."""

ID = b"id"
"""Under this ``meta`` says what the ledger is told from all others by."""

STOPS = b"stops"
"""Under this ``meta`` says how many STOPs were heard."""

OPTED_OUT_PAIRS = b"opted_out_pairs"
"""Under this ``meta`` says how many pairs are opted out now."""

LONGEST_KEY = 511
"""Octets of a key that LMDB takes; no pair in the ledger has a longer one."""

NUMBER = Struct(">Q")
"""How revisions and counts are stored."""

STORED_SCHEMA = b"%d" % SCHEMA
_KNOWN = tuple(b"%d" % schema for schema in range(1, SCHEMA + 1))
"""Schemas that this program reads; what it writes is of the newest."""


class Databases(NamedTuple):
    """Handles of them all. Who only looks needs the first five, and an older ledger may lack the others."""

    meta: Any
    pairs: Any
    businesses: Any
    journal: Any
    refusals: Any
    unconfirmed: Any = None
    parts: Any = None
    turned_back: Any = None
    denied: Any = None

    @classmethod
    def open(cls, env: lmdb.Environment, txn: lmdb.Transaction[bytes] | None, path: Path) -> Databases:
        """Open them all, and make what an older version lacks, if there is a write transaction to do it in.

        Raises ``LedgerError`` for a schema that this program doesn't know, ``lmdb.NotFoundError`` for what is missing.
        """

        def database(name: bytes, *, create: bool = txn is not None) -> Any:
            return env.open_db(name, txn=txn, create=create)

        meta = open_meta(database, path)
        if txn is not None:  # before anything is added
            check_known(txn, meta, path)
        pairs, businesses, journal, refusals = map(database, (b"pairs", b"businesses", b"journal", b"refusals"))
        if txn is None:
            return cls(meta, pairs, businesses, journal, refusals)
        txn.put(b"schema", STORED_SCHEMA, db=meta)
        txn.put(ID, txn.get(ID, db=meta) or new_id(), db=meta)
        unconfirmed = database(b"unconfirmed")
        parts = Aging(database(b"parts"), database(b"part_times"))
        turned_back = Aging(database(b"turned_back"), database(b"turned_back_times"))
        denied = database(b"denied")
        return cls(meta, pairs, businesses, journal, refusals, unconfirmed, parts, turned_back, denied)


def check_known(txn: lmdb.Transaction[bytes], meta: Any, path: Path) -> None:
    """Refuse a ledger of a schema that this program doesn't know; raises ``LedgerError``."""
    check_schema(txn.get(b"schema", db=meta), _KNOWN, path)


def number(txn: lmdb.Transaction[bytes], meta: Any, name: bytes) -> int:
    """A number that ``meta`` holds, 0 where it holds none."""
    stored = txn.get(name, db=meta)
    return int(NUMBER.unpack(stored)[0]) if stored else 0
