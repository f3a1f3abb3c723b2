"""Forgetting a number: it has a new owner, or its owner has the right to be forgotten.

What is erased: the number's pairs and all else that is kept under it, and what its journal entries say. Of an entry
there stay its revision, time, and hash, so that the chain still holds. A *tombstone*, an entry of its own, names the
entries that were blanked, who did it and why, and a slow hash of the number: who has the number can find out that it
was forgotten, who has the tombstone can't find out the number.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from proxy.consent.entries import Entry, Event, hash_of_states
from proxy.consent.numbers import Pair, key_prefix
from proxy.consent.rules import State
from proxy.ledger.ledger import Ledger
from proxy.ledger.store import Writing
from proxy.ledger.tables.databases import ID
from proxy.ledger.tables.journal import NOBODY

_COST = 2**14
"""Of scrypt (RFC 7914): 16 MiB and some 50 ms for each number that somebody tries."""


class Forgotten(NamedTuple):
    """What was erased: so many pairs, so many entries; ``tombstone`` is the entry that says so."""

    pairs: int
    entries: int
    tombstone: Entry


def tombstone_hash(ledger: Ledger, number: str) -> str:
    """What a tombstone holds instead of this number (canonical); of each ledger it is another."""
    with ledger.store.reading() as txn:
        salt = txn.get(ID, db=ledger.store.databases.meta) or b""
    return hashlib.scrypt(number.encode(), salt=salt, n=_COST, r=8, p=1, dklen=16).hex()


def tombstones(ledger: Ledger, number: str) -> Iterator[Entry]:
    """The tombstones of this number, oldest first. Reads the whole journal."""
    wanted: str | None = None
    for entry in ledger.journal.entries():
        if entry.event is Event.FORGOTTEN:
            wanted = wanted or tombstone_hash(ledger, number)
            if entry.evidence.get("number_hash") == wanted:
                yield entry


def forget(ledger: Ledger, consumer: str, evidence: dict[str, str]) -> Forgotten | None:
    """Erase a consumer's number (canonical) in one transaction; None if nothing is known of it.

    ``evidence`` says who wants it, and why. The last checkpoint, which vouches for states that rest on removed
    entries, is made anew. Raises ``LedgerError``.
    """
    hashed = tombstone_hash(ledger, consumer)

    def erase(writing: Writing) -> Forgotten | None:
        blanked: list[Entry] = []
        pairs = _pairs_of(writing, ledger, consumer)
        for pair in pairs:
            blanked += _entries_of(writing, ledger, pair)
            _erase_pair(writing, ledger, pair)
        is_any = _erase_rest(writing, ledger, consumer) or bool(pairs)
        if not is_any:
            return None
        said = {
            "number_hash": hashed,
            "entries": ",".join(str(entry.sequence) for entry in sorted(blanked, key=lambda entry: entry.sequence)),
            "pairs": str(len(pairs)),
            **evidence,
        }
        _, tombstone = ledger.journal.append(writing, NOBODY, Event.FORGOTTEN, 0, said)
        for entry in blanked:
            ledger.journal.blank(writing, entry, tombstone.sequence)
        return Forgotten(len(pairs), len(blanked), tombstone)

    found = ledger.store.write(erase)
    if found is not None:
        vouch_again(ledger, evidence)
    return found


def vouch_again(ledger: Ledger, evidence: dict[str, str]) -> None:
    """Have a new checkpoint vouch for the states that are left, if there is a checkpoint."""
    checkpoint = ledger.journal.checkpoint()
    if checkpoint is None:
        return
    with ledger.store.moment():
        at = ledger.statistics().revision
        resting = ((r.pair, r.state, r.sequence) for r in ledger.pairs.records() if r.sequence <= checkpoint.through)
        pairs, states = hash_of_states(resting)
    note = "a number was forgotten whose state rested on removed entries"
    said = {"at": str(at), "pairs": str(pairs), "states": states, **evidence, "note": note}
    ledger.journal.sign_off(checkpoint.through, said, again=True)


def _pairs_of(writing: Writing, ledger: Ledger, consumer: str) -> list[Pair]:
    return [Pair.of_key(key) for key in _keys(writing, ledger.store.databases.pairs, consumer)]


def _keys(writing: Writing, database: Any, consumer: str) -> list[bytes]:
    prefix, found = key_prefix(consumer), []
    with writing.txn.cursor(db=database) as cursor:
        is_there = cursor.set_range(prefix)
        while is_there and cursor.key().startswith(prefix):
            found.append(cursor.key())
            is_there = cursor.next()
    return found


def _entries_of(writing: Writing, ledger: Ledger, pair: Pair) -> Iterable[Entry]:
    kept = ledger.pairs.get(writing.txn, pair)
    sequence = kept.sequence if kept else 0
    while sequence and (entry := ledger.journal.entry(writing.txn, sequence)):
        yield entry
        sequence = entry.before


def _erase_pair(writing: Writing, ledger: Ledger, pair: Pair) -> None:
    databases = ledger.store.databases
    kept = ledger.pairs.get(writing.txn, pair)
    if kept is not None and kept.state is State.OPTED_OUT:
        ledger.pairs.count_opted_out(writing, -1)
    writing.txn.delete(pair.key, db=databases.pairs)
    writing.txn.delete(pair.turned.key, db=databases.businesses)


def _erase_rest(writing: Writing, ledger: Ledger, consumer: str) -> bool:
    """Erase what else is kept under the number; returns whether there was anything."""
    databases, found = ledger.store.databases, False
    for plain in (databases.refusals, databases.unconfirmed):
        for key in _keys(writing, plain, consumer):
            found = writing.txn.delete(key, db=plain) or found
    for aging in (databases.parts, databases.turned_back):
        for key in _keys(writing, aging.records, consumer):
            aging.delete(writing.txn, key)
            found = True
    return found
