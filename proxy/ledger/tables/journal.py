"""The journal of a ledger: entries appended, read, and, where that is wanted, removed behind a checkpoint.

A checkpoint is an entry like any other, so it is part of the chain. It says up to which entry the
journal was removed, which hash stood there, and (as one hash) what state the pairs were in that rest on the
removed entries; so what is left can be verified, and who had it removed is on record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from proxy.consent.entries import BEGINNING, Checkpoint, Entry, Event, iso, read_stored, set_back
from proxy.consent.numbers import Pair
from proxy.ledger.disk.files import LedgerError
from proxy.ledger.store import Store, Tail, Writing
from proxy.ledger.tables.databases import NUMBER

if TYPE_CHECKING:
    import lmdb

NOBODY = Pair("", "")
"""The pair of entries that are about the journal itself."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PAGE = 1000
"""Journal entries read in one transaction, which no writer's pages are held up for longer."""

_REMOVED_AT_ONCE = 10_000
"""Entries removed in one transaction: a few tens of milliseconds in which replies wait for the writer's turn."""

_CHECKPOINT = b"checkpoint"


class Journal:
    """The entries in one ledger's files."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def append(
        self, writing: Writing, pair: Pair, event: Event, before: int, evidence: dict[str, str]
    ) -> tuple[int, Entry]:
        """Write the next entry; returns its time (UTC microseconds) and the entry."""
        last = self.tail(writing)
        now = self._store.clocks.utc()
        evidence = {**evidence, **set_back(now, last.time)}
        entry, stored = Entry(last.sequence + 1, utc(now), pair, event, before, evidence).stored(last.hash)
        self.put(writing, Tail(entry.sequence, now, entry.hash), stored)
        return now, entry

    def put(self, writing: Writing, tail: Tail, stored: bytes) -> None:
        """Write octets behind all others, as the entry that ``tail`` tells of."""
        writing.txn.put(NUMBER.pack(tail.sequence), stored, db=self._store.databases.journal, append=True)
        writing.tail = tail

    def note_capture(self, evidence: dict[str, str]) -> None:
        """Write down that somebody looks at messages; raises ``LedgerError``."""
        self._store.write(lambda writing: self.append(writing, NOBODY, Event.CAPTURED, 0, evidence))

    def blank(self, writing: Writing, entry: Entry, tombstone: int) -> None:
        """Leave nothing of an entry but its time and hash; the entry ``tombstone`` says why."""
        writing.txn.put(NUMBER.pack(entry.sequence), entry.blanked(tombstone), db=self._store.databases.journal)

    def tail(self, writing: Writing) -> Tail:
        """The last entry."""
        if writing.tail is None:
            writing.tail = Tail(0, 0, BEGINNING)
            with writing.txn.cursor(db=self._store.databases.journal) as cursor:
                if cursor.last():
                    last = read_stored(NUMBER.unpack(cursor.key())[0], cursor.value())
                    writing.tail = Tail(last.sequence, _microseconds(last.time), last.hash)
        return writing.tail

    def entry(self, txn: lmdb.Transaction[bytes], sequence: int) -> Entry | None:
        """The entry of this revision; None if there is none, or none any more."""
        stored = txn.get(NUMBER.pack(sequence), db=self._store.databases.journal)
        return read_stored(sequence, stored) if stored else None

    def last(self, counts: Callable[[Entry], bool] = lambda _: True) -> Entry | None:
        """The last entry that ``counts``, None if there is none."""
        with self._store.reading() as txn, txn.cursor(db=self._store.databases.journal) as cursor:
            found = cursor.last()
            while found:
                if counts(entry := read_stored(NUMBER.unpack(cursor.key())[0], cursor.value())):
                    return entry
                found = cursor.prev()
        return None

    def entries(self, after: int = 0) -> Iterator[Entry]:
        """The entries with a revision greater than ``after``, oldest first; each page of them is one moment."""
        while page := self._page(after):
            yield from page
            after = page[-1].sequence

    def _page(self, after: int) -> list[Entry]:
        page: list[Entry] = []
        try:
            with self._store.reading() as txn, txn.cursor(db=self._store.databases.journal) as cursor:
                found = cursor.set_range(NUMBER.pack(after + 1))
                while found and len(page) < _PAGE:
                    page.append(read_stored(NUMBER.unpack(cursor.key())[0], cursor.value()))
                    found = cursor.next()
        except LedgerError as error:
            last = page[-1].sequence if page else after
            raise LedgerError(f"{error}; the journal is damaged behind revision {last}: restore a backup") from error
        return page

    def older_than(self, time: datetime) -> int:
        """The revision up to which all entries are older than ``time``, 0 if the first isn't.

        Raises ``LedgerError`` if that can't be told because a clock was wrong: the last entry is of the future, or
        entries that say that they are older follow one that isn't.
        """
        through, younger = 0, 0
        last: Entry | None = None
        for last in self.entries():
            if last.time >= time:
                younger = younger or last.sequence
            elif younger:
                raise LedgerError(
                    f"the journal in {self._store.path} can't be pruned: revision {last.sequence} is of"
                    f" {iso(last.time)}, and revision {younger} before it is younger, since a clock was wrong. Nothing"
                    " was removed; they can be once the younger one is old enough too"
                )
            else:
                through = last.sequence
        if last is not None and last.time > utc(self._store.clocks.utc()):
            raise LedgerError(
                f"the journal in {self._store.path} can't be pruned: its last entry, revision {last.sequence}, is of"
                f" {iso(last.time)}, which is in the future. Nothing was removed; set the clock, or wait until then"
            )
        return through

    def checkpoint(self) -> Checkpoint | None:
        """The last checkpoint, None if the journal is all there."""
        with self._store.reading() as txn:
            return self._checkpoint(txn)

    def _checkpoint(self, txn: lmdb.Transaction[bytes]) -> Checkpoint | None:
        key = txn.get(_CHECKPOINT, db=self._store.databases.meta)
        entry = self.entry(txn, NUMBER.unpack(key)[0]) if key else None
        return None if entry is None else Checkpoint.of(entry)

    def sign_off(self, through: int, evidence: dict[str, str], *, again: bool = False) -> None:
        """Write the checkpoint that allows the removal of all entries up to the revision ``through``.

        Nothing is written if there is one already that reaches as far, unless it is to vouch for the states
        ``again``. Raises ``LedgerError``.
        """

        def sign_off(writing: Writing) -> None:
            known = self._checkpoint(writing.txn)
            if known is not None and known.through >= through + again:
                return
            last = self.entry(writing.txn, through)
            if last is None and not (again and known):
                raise LedgerError(f"the journal in {self._store.path} has no revision {through}")
            through_hash = last.hash if last else known.through_hash if known else ""
            said = {"through": str(through), "through_hash": through_hash, **evidence}
            _, entry = self.append(writing, NOBODY, Event.CHECKPOINT, known.sequence if known else 0, said)
            writing.txn.put(_CHECKPOINT, NUMBER.pack(entry.sequence), db=self._store.databases.meta)

        self._store.write(sign_off)

    def remove_signed_off(self) -> int:
        """Remove the entries that the last checkpoint covers; returns how many there still were."""
        removed = 0
        while some := self._store.write(self._remove_some):
            removed += some
        return removed

    def _remove_some(self, writing: Writing) -> int:
        removed = 0
        checkpoint = self._checkpoint(writing.txn)
        through = checkpoint.through if checkpoint else 0
        with writing.txn.cursor(db=self._store.databases.journal) as cursor:
            found = cursor.first()
            while found and removed < _REMOVED_AT_ONCE and NUMBER.unpack(cursor.key())[0] <= through:
                found = cursor.delete()
                removed += 1
        return removed


def utc(microseconds: int) -> datetime:
    """A time as the ledger keeps it."""
    return _EPOCH + timedelta(microseconds=microseconds)


def _microseconds(time: datetime) -> int:
    return (time - _EPOCH) // timedelta(microseconds=1)
