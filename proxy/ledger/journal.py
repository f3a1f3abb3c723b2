"""The journal in the store: entries appended, read, and, where that is wanted, removed behind a checkpoint.

A checkpoint is an entry like any other, so it is part of the chain. It says up to which revision the
journal was removed, which hash stood there, and (as one hash) what state the pairs were in that rest on the
removed entries; so what is left can be verified, and who had it removed is on record.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from struct import Struct
from typing import TYPE_CHECKING

from proxy.consent.entries import BEGINNING, Checkpoint, Entry, Event, iso, read_stored, set_back
from proxy.consent.numbers import Pair
from proxy.ledger.files import LedgerError
from proxy.ledger.store import Store

if TYPE_CHECKING:
    import lmdb

NUMBER = Struct(">Q")
"""How revisions and counts are stored."""

NOBODY = Pair("", "")
"""The pair of entries that are about the journal itself."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PAGE = 1000
"""Journal entries read in one transaction, which no writer's pages are held up for longer."""

_REMOVED_AT_ONCE = 10_000
"""Entries removed in one transaction: a few tens of milliseconds in which replies wait for the writer's turn."""

_CHECKPOINT = b"checkpoint"


class JournalStore(Store):
    """The journal's part of a ledger."""

    def _append(
        self, txn: lmdb.Transaction[bytes], pair: Pair, event: Event, before: int, evidence: dict[str, str]
    ) -> tuple[int, Entry]:
        """Write the next journal entry; returns its time (UTC microseconds) and the entry."""
        last_revision, last_time, last_hash = self._tail(txn)
        now = self._clock()
        evidence = {**evidence, **set_back(now, last_time)}
        entry, stored = Entry(last_revision + 1, utc(now), pair, event, before, evidence).stored(last_hash)
        txn.put(NUMBER.pack(entry.revision), stored, db=self._journal, append=True)
        self._last = (entry.revision, now, entry.hash)
        return now, entry

    def _tail(self, txn: lmdb.Transaction[bytes]) -> tuple[int, int, str]:
        """Revision, time (microseconds) and hash of the last entry, remembered within one transaction."""
        if self._last is None:
            self._last = (0, 0, BEGINNING)
            with txn.cursor(db=self._journal) as cursor:
                if cursor.last():
                    last = read_stored(NUMBER.unpack(cursor.key())[0], cursor.value())
                    self._last = (last.revision, _microseconds(last.time), last.hash)
        return self._last

    def journal(self, after: int = 0) -> Iterator[Entry]:
        """The entries with a revision greater than ``after``, oldest first; each page of them is one moment."""
        while page := self._journal_page(after):
            yield from page
            after = page[-1].revision

    def _journal_page(self, after: int) -> list[Entry]:
        page: list[Entry] = []
        try:
            with self._reading() as txn, txn.cursor(db=self._journal) as cursor:
                found = cursor.set_range(NUMBER.pack(after + 1))
                while found and len(page) < _PAGE:
                    page.append(read_stored(NUMBER.unpack(cursor.key())[0], cursor.value()))
                    found = cursor.next()
        except LedgerError as error:
            last = page[-1].revision if page else after
            raise LedgerError(f"{error}; the journal is damaged behind revision {last}: restore a backup") from error
        return page

    def older_than(self, time: datetime) -> int:
        """The revision up to which all entries are older than ``time``, 0 if the first isn't.

        Raises ``LedgerError`` if that can't be told because a clock was wrong: the last entry is of the future, or
        entries that say that they are older follow one that isn't.
        """
        through, younger = 0, 0
        last: Entry | None = None
        for last in self.journal():
            if last.time >= time:
                younger = younger or last.revision
            elif younger:
                raise LedgerError(
                    f"the journal in {self.path} can't be pruned: revision {last.revision} is of {iso(last.time)}, and"
                    f" revision {younger} before it is younger, since a clock was wrong. Nothing was removed; they can"
                    " be once the younger one is old enough too"
                )
            else:
                through = last.revision
        if last is not None and last.time > utc(self.now()):
            raise LedgerError(
                f"the journal in {self.path} can't be pruned: its last entry, revision {last.revision}, is of"
                f" {iso(last.time)}, which is in the future. Nothing was removed; set the clock, or wait until then"
            )
        return through

    def checkpoint(self) -> Checkpoint | None:
        """The last checkpoint, None if the journal is all there."""
        with self._reading() as txn:
            return self._checkpoint(txn)

    def _checkpoint(self, txn: lmdb.Transaction[bytes]) -> Checkpoint | None:
        key = txn.get(_CHECKPOINT, db=self._meta)
        stored = key and txn.get(key, db=self._journal)
        return Checkpoint.of(read_stored(NUMBER.unpack(key)[0], stored)) if key and stored else None

    def sign_off(self, through: int, evidence: dict[str, str]) -> bool:
        """Write the checkpoint that allows the removal of all entries up to the revision ``through``.

        False if there is one already that reaches as far. Raises ``LedgerError``.
        """
        with self._guarded():
            return self._with_room(lambda: self._sign_off(through, evidence))

    def _sign_off(self, through: int, evidence: dict[str, str]) -> bool:
        txn = self._begin_write()
        try:
            known = self._checkpoint(txn)
            if known is not None and known.through >= through:
                return False
            last = txn.get(NUMBER.pack(through), db=self._journal)
            if last is None:
                raise LedgerError(f"the journal in {self.path} has no revision {through}")
            said = {"through": str(through), "through_hash": read_stored(through, last).hash, **evidence}
            _, entry = self._append(txn, NOBODY, Event.CHECKPOINT, known.revision if known else 0, said)
            txn.put(_CHECKPOINT, NUMBER.pack(entry.revision), db=self._meta)
            txn.commit()
        finally:
            self._last = None
            txn.abort()  # does nothing after a commit
        return True

    def remove_signed_off(self) -> int:
        """Remove the entries that the last checkpoint covers; returns how many there still were."""
        removed = 0
        while some := self._remove_some():
            removed += some
        return removed

    def _remove_some(self) -> int:
        with self._guarded():
            txn = self._begin_write()
            removed = 0
            try:
                checkpoint = self._checkpoint(txn)
                through = checkpoint.through if checkpoint else 0
                with txn.cursor(db=self._journal) as cursor:
                    found = cursor.first()
                    while found and removed < _REMOVED_AT_ONCE and NUMBER.unpack(cursor.key())[0] <= through:
                        found = cursor.delete()
                        removed += 1
                txn.commit()
            finally:
                txn.abort()  # does nothing after a commit
        return removed


def utc(microseconds: int) -> datetime:
    """A time as the ledger keeps it."""
    return _EPOCH + timedelta(microseconds=microseconds)


def _microseconds(time: datetime) -> int:
    return (time - _EPOCH) // timedelta(microseconds=1)
