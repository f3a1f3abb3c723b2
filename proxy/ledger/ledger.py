"""The ledger: the state of every pair and the journal of every change, in LMDB.

Layout (named databases of one environment):

* ``pairs``: consumer NUL business -> its record, see ``proxy.ledger.records``. It is never deleted; its revision is
  that of the journal entry that made it.
* ``businesses``: business NUL consumer -> nothing. The same pairs, found from the other end.
* ``journal``: revision (8 octets, from 1, without gaps) -> the entry as JSON.
* ``parts`` and ``part_times``: unfinished replies in parts, see ``proxy.ledger.parts``.
* ``turned_back`` and ``turned_back_times``: messages that will be offered again, see ``proxy.ledger.turned_back``.
* ``unconfirmed``: consumer NUL business -> when a STOP was heard that may be confirmed, by the machine's clock.
* ``refusals``: consumer NUL business -> how many submits were refused, how many observed, first and last time.
* ``meta``: the schema's number, how many pairs are opted out now, how many STOPs were heard, and the revision of the
  last checkpoint.

Every commit is an fsync. Readers take no lock and see the last commit of any process; writers of
all processes take turns on LMDB's own lock.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from struct import Struct
from typing import TYPE_CHECKING, NamedTuple

from proxy.consent.entries import Entry, Event, chain, evidence_json, iso, read_stored, set_back
from proxy.consent.numbers import Pair, key_of
from proxy.consent.refusals import Refusals
from proxy.consent.rules import Change, Claim, Offer, PartOfText, State, Taken, TurnedBack, Wish, changes
from proxy.ledger.groups_before import carried_over
from proxy.ledger.journal import NUMBER, JournalStore, utc
from proxy.ledger.reader import STOPS, stops_heard
from proxy.ledger.records import Kept, boot_time, may_confirm, read_record

if TYPE_CHECKING:
    import lmdb

_REFUSALS = Struct(">QQQQ")
_PAGE = 1000
"""Records read in one transaction, which no writer's pages are held up for longer."""

_GROUPS = b"groups_carried_over"
_OPTED_OUT_PAIRS = b"opted_out_pairs"


@dataclass(frozen=True, slots=True)
class Statistics:
    """What the ledger holds; ``fault`` says why it can't be used now, if it can't.

    ``revision`` is that of the last journal entry, ``entries`` how many there are.
    """

    pairs: int
    indexed: int
    opted_out_pairs: int
    revision: int
    entries: int
    map_size: int
    used: int
    fault: str | None


class Listed(NamedTuple):
    """A pair that a list says is opted out: since when (UTC microseconds, 0 if it doesn't say).

    ``is_doubtful``: its numbers may mean another pair too.
    """

    pair: Pair
    since: int = 0
    is_doubtful: bool = False


class Record(NamedTuple):
    """What the ledger knows of a pair: its state, the revision that made it, and since when it is so."""

    pair: Pair
    state: State
    revision: int
    since: datetime


class Ledger(JournalStore):
    """States, journal, unfinished replies and counts of refusals; opened and shared like any ``Store``."""

    def carry_groups_over(self) -> None:
        """Complete the STOPs that an earlier version kept for groups only, once."""
        with self._reading() as txn:
            if txn.get(_GROUPS, db=self._meta):
                return
        with self._guarded():
            self._with_room(self._carry_groups_over)

    def _carry_groups_over(self) -> None:
        txn = self._begin_write()
        try:
            closed: list[tuple[Pair, Entry]] = []
            with txn.cursor(db=self._businesses) as cursor:
                found = cursor.set_range("⟨".encode())
                while found and cursor.key().startswith("⟨".encode()):
                    pair = _pair(cursor.key(), by_business=True)
                    kept = read_record(txn.get(key_of(pair), b"", db=self._pairs))
                    if kept.state is State.OPTED_OUT:
                        entry = txn.get(NUMBER.pack(kept.revision), b"", db=self._journal)
                        closed.append((pair, read_stored(kept.revision, entry)))
                    found = cursor.next()
            self._apply_all(txn, list(carried_over(closed)))
            txn.put(_GROUPS, b"1", db=self._meta)
            txn.commit()
        finally:
            self._last = None
            txn.abort()  # does nothing after a commit

    def commit(self, wishes: Sequence[Wish]) -> list[tuple[Entry, ...]]:
        """Make these wishes durable, in order, in one transaction; raises ``LedgerError``.

        For each there are the entries that it made: none for a change to the state that the pair already
        has, for a claim that comes too late, and for a part that leaves its reply unfinished or whose reply
        changes nothing. When this returns, all is on disk and every reader of every process sees it. When it
        raises, nothing was done.
        """
        with self._guarded():
            return self._with_room(lambda: self._commit(wishes))

    def _commit(self, wishes: Sequence[Wish]) -> list[tuple[Entry, ...]]:
        txn = self._begin_write()
        try:
            entries = [self._fulfil(txn, wish) for wish in wishes]
            if any(entries) or any(map(_always_writes, wishes)):
                txn.commit()
            else:  # what they asked for may be so by what another process wrote and could not sync
                self._env.sync(True)
        finally:
            self._last = None
            txn.abort()  # does nothing after a commit
        return entries

    def _fulfil(self, txn: lmdb.Transaction[bytes], wish: Wish) -> tuple[Entry, ...]:
        match wish:
            case Change():
                return self._apply_all(txn, [wish])
            case Claim():
                return self._confirm(txn, wish)
            case PartOfText():
                return self._add_part(txn, wish)
            case Refusals():
                self._add_refusals(txn, wish)
            case TurnedBack(offer, is_answered):
                heard, now = stops_heard(txn, self._meta), self._clock()
                self._turned_back.add(txn, offer, heard, now, is_answered=is_answered)
            case Taken(offer):
                self._turned_back.forget(txn, offer)
        return ()

    def _apply_all(self, txn: lmdb.Transaction[bytes], asked: Sequence[Change]) -> tuple[Entry, ...]:
        return tuple(entry for change in asked if (entry := self._apply(txn, change)) is not None)

    def _add_part(self, txn: lmdb.Transaction[bytes], part: PartOfText) -> tuple[Entry, ...]:
        """Keep a part; of the whole, what opens counts from when the first part was offered."""
        stops = self._turned_back.first_offered(txn, part.offer)
        whole = self._shelf.add(txn, part, stops_heard(txn, self._meta) if stops is None else stops, self._clock())
        if whole is None:
            return ()
        offer = Offer(part.offer.pair, b"", whole.stops)
        return self._apply_all(txn, [replace(c, offer=offer) for c in part.decide(whole.texts, whole.is_certain)])

    def tidy(self) -> None:
        """Forget unfinished replies and messages that have been kept for their time, if there are any."""
        now = self._clock()
        with self._reading() as txn:
            if not self._shelf.is_due(txn, now) and not self._turned_back.is_due(txn, now):
                return
        with self._guarded():
            txn = self._begin_write()
            try:
                self._shelf.tidy(txn, now)
                self._turned_back.tidy(txn, now)
                txn.commit()
            finally:
                txn.abort()  # does nothing after a commit

    def _add_refusals(self, txn: lmdb.Transaction[bytes], wish: Refusals) -> None:
        key = key_of(wish.pair)
        stored = txn.get(key, db=self._refusals)
        known = Refusals(wish.pair, *_REFUSALS.unpack(stored)) if stored else None
        total = wish if known is None else known.plus(wish)
        txn.put(key, _REFUSALS.pack(*total[1:]), db=self._refusals)

    def refusals(self, pair: Pair) -> Refusals | None:
        """How often submits to this pair were refused, and when; None if none was."""
        with self._reading() as txn:
            stored = txn.get(key_of(pair), db=self._refusals)
        return Refusals(pair, *_REFUSALS.unpack(stored)) if stored else None

    def _apply(self, txn: lmdb.Transaction[bytes], wish: Change) -> Entry | None:
        key = key_of(wish.pair)
        stored = txn.get(key, db=self._pairs)
        known = read_record(stored) if stored else None
        stop = known.stop if known else 0
        if wish.state is State.OPTED_OUT:
            stop = self._count_stop(txn)
        elif known is None or not self._may_open(txn, wish, known):
            return None
        if not changes(known.state if known else None, wish.state):
            if known and wish.state is State.OPTED_OUT:
                heard_again = known._replace(stop=stop, is_doubtful=known.is_doubtful and wish.is_doubtful)
                txn.put(key, heard_again.octets(), db=self._pairs)
            return None
        before = known.revision if known else 0
        now, entry = self._append(txn, wish.pair, Event(wish.state), before, _evidence(wish))
        fresh = Kept(wish.state, entry.revision, now, stop, wish.allows_confirmation, wish.is_doubtful)
        txn.put(key, fresh.octets(), db=self._pairs)
        if not before:
            txn.put(key_of(Pair(wish.pair.consumer, wish.pair.business)), b"", db=self._businesses)
        if fresh.is_unconfirmed:
            txn.put(key, boot_time(self.moment_now()), db=self._unconfirmed)
        step = 1 if wish.state is State.OPTED_OUT else -1
        txn.put(_OPTED_OUT_PAIRS, NUMBER.pack(self._count(txn) + step), db=self._meta)
        return entry

    def _count_stop(self, txn: lmdb.Transaction[bytes]) -> int:
        """The number of a STOP that was heard just now."""
        stop = stops_heard(txn, self._meta) + 1
        txn.put(STOPS, NUMBER.pack(stop), db=self._meta)
        return stop

    def _may_open(self, txn: lmdb.Transaction[bytes], wish: Change, known: Kept) -> bool:
        """Whether a message may let its pair be texted again.

        Not if it was offered first before the pair's last STOP; nor, from an address that may be another person's,
        what somebody closed who certainly is the one.
        """
        if wish.is_doubtful and not known.is_doubtful:
            return False
        offered = self._turned_back.first_offered(txn, wish.offer) if wish.offer else None
        return offered is None or known.stop <= offered

    def _confirm(self, txn: lmdb.Transaction[bytes], claim: Claim) -> tuple[Entry, ...]:
        """Let the first message pass that a STOP's own number sends in time to confirm it."""
        key = key_of(claim.pair)
        stored = txn.get(key, db=self._pairs)
        known = read_record(stored) if stored else None
        if known is None or not may_confirm(known, txn.get(key, db=self._unconfirmed), self.moment_now()):
            return ()
        stop = read_stored(known.revision, txn.get(NUMBER.pack(known.revision), b"", db=self._journal))
        if stop.event is Event.UNREADABLE or stop.evidence.get("number", stop.pair.business) != claim.number:
            return ()  # not the number that was answered; or the entry was removed, and nobody can tell any more
        evidence = _said({"number": stop.evidence.get("number", ""), **claim.origin._asdict()})
        _, entry = self._append(txn, claim.pair, Event.CONFIRMED, known.revision, evidence)
        txn.put(key, known._replace(revision=entry.revision, is_unconfirmed=False).octets(), db=self._pairs)
        txn.delete(key, db=self._unconfirmed)
        return (entry,)

    def absorb(self, rows: Sequence[Listed], evidence: dict[str, str]) -> int:
        """Opt these pairs out as a list says, in one transaction; returns how many that changed.

        What the ledger knows of a pair wins, unless the list is newer. Raises ``LedgerError`` like ``commit``.
        """
        with self._guarded():
            return self._with_room(lambda: self._absorb(rows, evidence))

    def _absorb(self, rows: Sequence[Listed], evidence: dict[str, str]) -> int:
        changed = 0
        txn = self._begin_write()
        try:
            revision, last_time, last_hash = self._tail(txn)
            now = self._clock()
            clock = set_back(now, last_time)
            time, plain, out = iso(utc(now)), evidence_json(evidence), Event.OPTED_OUT.value
            put, pairs, businesses, journal = txn.put, self._pairs, self._businesses, self._journal
            stop = self._count_stop(txn)
            for pair, since, is_doubtful in rows:
                business, consumer = pair[0].encode(), pair[1].encode()
                key, before = consumer + b"\0" + business, 0
                fresh = Kept(State.OPTED_OUT, revision + 1, since or now, stop, is_doubtful=is_doubtful).octets()
                if put(key, fresh, overwrite=False, db=pairs):
                    put(business + b"\0" + consumer, b"", db=businesses)
                else:
                    known = read_record(txn.get(key, b"", db=pairs))
                    if (
                        known.state is State.OPTED_OUT and known.is_doubtful and not is_doubtful
                    ):  # now somebody says for certain who it is
                        put(key, known._replace(stop=stop, is_doubtful=False).octets(), db=pairs)
                    if known.state is State.OPTED_OUT or since <= known.since:
                        continue
                    before = known.revision
                    put(key, fresh, db=pairs)
                revision += 1
                written = evidence_json({**evidence, "since": iso(utc(since))}) if since else plain
                if clock:
                    written, clock = evidence_json({**json.loads(written), **clock}), {}
                last_hash, stored = chain(last_hash, revision, time, pair, out, before, written)
                put(NUMBER.pack(revision), stored, db=journal, append=True)
                changed += 1
            txn.put(_OPTED_OUT_PAIRS, NUMBER.pack(self._count(txn) + changed), db=self._meta)
            txn.commit()
        finally:
            self._last = None
            txn.abort()  # does nothing after a commit
        return changed

    def _count(self, txn: lmdb.Transaction[bytes]) -> int:
        stored = txn.get(_OPTED_OUT_PAIRS, db=self._meta)
        return int(NUMBER.unpack(stored)[0]) if stored else 0

    def record(self, pair: Pair) -> Record | None:
        """What the ledger knows of a pair."""
        with self._reading() as txn:
            stored = txn.get(key_of(pair), db=self._pairs)
        return None if stored is None else _record(pair, stored)

    def records(self, *, business: str = "", consumer: str = "", after: Pair | None = None) -> Iterator[Record]:
        """All pairs, in order, or those of one business or consumer; each page of them is one moment.

        ``after``: only those behind this one.
        """
        by_business = bool(business)
        prefix = f"{business or consumer}\0".encode() if business or consumer else b""
        start, page = prefix, [b""]
        if after is not None:
            start = key_of(Pair(after.consumer, after.business) if by_business else after) + b"\0"
        while page:
            with self._reading() as txn, txn.cursor(db=self._businesses if by_business else self._pairs) as cursor:
                page = []
                found = cursor.set_range(start)
                while found and cursor.key().startswith(prefix) and len(page) < _PAGE:
                    page.append(cursor.key())
                    found = cursor.next()
                pairs = [_pair(key, by_business=by_business) for key in page]
                stored = [txn.get(key_of(pair), db=self._pairs) for pair in pairs]
            yield from (_record(pair, value) for pair, value in zip(pairs, stored, strict=True) if value)
            start = page[-1] + b"\0" if page else b""

    def history(self, pair: Pair) -> list[Entry]:
        """The entries about a pair, the newest first: all of them, or those that retention has left."""
        found: list[Entry] = []
        record = self.record(pair)
        revision = record.revision if record else 0
        with self._reading() as txn:
            while revision and (stored := txn.get(NUMBER.pack(revision), db=self._journal)):
                found.append(read_stored(revision, stored))
                revision = found[-1].before
        return found

    def is_indexed(self, pair: Pair) -> bool:
        """Whether the pair is found from its business's end too."""
        with self._reading() as txn:
            return txn.get(key_of(Pair(pair.consumer, pair.business)), db=self._businesses) is not None

    def statistics(self) -> Statistics:
        """What the ledger holds now; raises ``LedgerError`` if it can't be read."""
        with self._reading() as txn:
            with txn.cursor(db=self._journal) as cursor:
                revision = NUMBER.unpack(cursor.key())[0] if cursor.last() else 0
            pairs, opted_out = txn.stat(self._pairs)["entries"], self._count(txn)
            indexed = txn.stat(self._businesses)["entries"]
            entries = txn.stat(self._journal)["entries"]
            info, page_size = self._env.info(), self._env.stat()["psize"]
        used = info["last_pgno"] * page_size
        fault = self._fault or self._write_fault
        return Statistics(pairs, indexed, opted_out, revision, entries, info["map_size"], used, fault)


def _pair(key: bytes, *, by_business: bool) -> Pair:
    first, second = key.decode().split("\0")
    return Pair(first, second) if by_business else Pair(second, first)


def _record(pair: Pair, stored: bytes) -> Record:
    kept = read_record(stored)
    return Record(pair, kept.state, kept.revision, utc(kept.since))


def _always_writes(wish: Wish) -> bool:
    """Whether there is something to write though the wish made no entry: a STOP is counted each time it is heard."""
    return not isinstance(wish, Claim) and not (isinstance(wish, Change) and wish.state is State.OPTED_IN)


def _evidence(wish: Change) -> dict[str, str]:
    """What the journal keeps of a change."""
    return _said(
        {
            "meaning": str(wish.meaning),
            "matched": wish.matched,
            "rules": wish.rules,
            **wish.origin._asdict(),
            "operator": wish.operator,
            "note": wish.note,
            "number": wish.number,
        }
    )


def _said(fields: dict[str, str]) -> dict[str, str]:
    """Without the fields that say nothing."""
    return {name: value for name, value in fields.items() if value}
