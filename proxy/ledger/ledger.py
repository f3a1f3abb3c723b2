"""The ledger of one machine: consent and its evidence, on disk. Its layout is in ``databases``.

Every commit is an fsync. Readers take no lock and see the last commit of any process; writers of
all processes take turns on LMDB's own lock.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from proxy.consent.entries import Entry, Event, read_stored
from proxy.consent.numbers import Pair
from proxy.consent.parts import Keeping
from proxy.consent.refusals import Refusals
from proxy.consent.rules import State, is_change
from proxy.consent.wishes import Change, Claim, Decide, Offer, PartOfText, Taken, TurnedBack, Wish, said
from proxy.ledger.clocks import Clocks, since_boot
from proxy.ledger.disk.environment import Access
from proxy.ledger.disk.files import Mark
from proxy.ledger.reader import Reader
from proxy.ledger.store import MAP_SIZE, Store, Writing
from proxy.ledger.tables.databases import NUMBER, OPTED_OUT_PAIRS, STOPS, number
from proxy.ledger.tables.journal import Journal
from proxy.ledger.tables.pairs import Pairs
from proxy.ledger.tables.parts import Shelf
from proxy.ledger.tables.records import Kept, boot_time, may_confirm
from proxy.ledger.tables.refusal_totals import RefusalTotals
from proxy.ledger.tables.turned_back import TurnedBackMessages
from proxy.ledger.upkeep import bulk
from proxy.ledger.upkeep.groups_before import carried_over

_GROUPS = b"groups_carried_over"

KEEPING = Keeping()
"""How unfinished replies are kept, unless settings say otherwise."""


@dataclass(frozen=True, slots=True)
class Statistics:
    """What the ledger holds; ``fault`` says why it can't be used now, if it can't.

    ``revision`` is the sequence of the last journal entry, as it is called outside, ``entries`` how many there are.
    """

    pairs: int
    indexed: int
    opted_out_pairs: int
    revision: int
    entries: int
    map_size: int
    used: int
    fault: str | None


class Ledger:
    """The ledger in the folder ``path``: a ``store``, its ``journal`` and its ``pairs``; raises ``LedgerError``.

    ``clock`` gives UTC in microseconds, ``boot_clock`` which start of the machine it is and for how long it has run
    (microseconds). ``access``: what for, see ``Access``. ``expected``: only this ledger, which another process has
    open, and no older copy of it. ``decide`` says what replies that came in parts change; without it none is taken.
    """

    def __init__(
        self,
        path: Path,
        clock: Callable[[], int],
        *,
        map_size: int = MAP_SIZE,
        keeping: Keeping = KEEPING,
        access: Access = Access.CREATE,
        expected: Mark | None = None,
        boot_clock: Callable[[], tuple[bytes, int]] = since_boot,
        decide: Decide | None = None,
    ) -> None:
        self.keeping = keeping
        """How long unfinished replies are kept, and how many."""
        self.decide = decide
        self.store = Store(path, Clocks(clock, boot_clock), map_size=map_size, access=access, expected=expected)
        self.journal = Journal(self.store)
        self.pairs = Pairs(self.store)
        self._totals = RefusalTotals(self.store)

    def close(self) -> None:
        """Let go of the files; no reader or commit may be under way."""
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def reader(self) -> Reader:
        """A view for lookups from one thread; see ``Reader``."""
        return Reader(self.store)

    def now(self) -> int:
        """UTC microseconds, by the clock that the journal goes by."""
        return self.store.clocks.utc()

    # What is written.

    def commit(self, wishes: Sequence[Wish]) -> list[tuple[Entry, ...]]:
        """Make these wishes durable, in order, in one transaction; raises ``LedgerError``.

        For each there are the entries that it made: none for a change to the state that the pair already
        has, for a claim that comes too late, and for a part that leaves its reply unfinished or whose reply
        changes nothing. When this returns, all is on disk and every reader of every process sees it. When it
        raises, nothing was done.
        """

        def commit(writing: Writing) -> list[tuple[Entry, ...]]:
            made = [self._fulfil(writing, wish) for wish in wishes]
            writing.has_changed = any(made) or any(map(_always_writes, wishes))
            return made

        return self.store.write(commit)

    def _fulfil(self, writing: Writing, wish: Wish) -> tuple[Entry, ...]:
        match wish:
            case Change():
                return self._apply_all(writing, [wish])
            case Claim():
                return self._confirm(writing, wish)
            case PartOfText():
                return self._add_part(writing, wish)
            case Refusals():
                self._totals.add(writing, wish)
            case TurnedBack(offer, is_answered):
                heard = number(writing.txn, self.store.databases.meta, STOPS)
                self._turned_back.add(writing.txn, offer, heard, self.now(), is_answered=is_answered)
            case Taken(offer):
                self._turned_back.forget(writing.txn, offer)
        return ()

    @property
    def _shelf(self) -> Shelf:
        return Shelf(self.store.databases.parts, self.keeping)

    @property
    def _turned_back(self) -> TurnedBackMessages:
        return TurnedBackMessages(self.store.databases.turned_back)

    def _apply_all(self, writing: Writing, asked: Sequence[Change]) -> tuple[Entry, ...]:
        return tuple(entry for change in asked if (entry := self._apply(writing, change)) is not None)

    def _apply(self, writing: Writing, wish: Change) -> Entry | None:
        known = self.pairs.get(writing.txn, wish.pair)
        stop = known.stop if known else 0
        if wish.state is State.OPTED_OUT:
            stop = self._count_stop(writing)
        elif known is None or not self._may_open(writing, wish, known):
            return None
        if not is_change(known.state if known else None, wish.state):
            if known and wish.state is State.OPTED_OUT:
                is_doubtful = known.is_doubtful and wish.is_doubtful
                self.pairs.put(writing, wish.pair, known._replace(stop=stop, is_doubtful=is_doubtful))
            return None
        before = known.sequence if known else 0
        now, entry = self.journal.append(writing, wish.pair, Event(wish.state), before, wish.evidence())
        fresh = Kept(wish.state, entry.sequence, now, stop, wish.allows_confirmation, wish.is_doubtful)
        if before:
            self.pairs.put(writing, wish.pair, fresh)
        else:
            self.pairs.add(writing, wish.pair, fresh)
        if fresh.is_unconfirmed:
            heard_at = boot_time(self.store.clocks.now())
            writing.txn.put(wish.pair.key, heard_at, db=self.store.databases.unconfirmed)
        self.pairs.count_opted_out(writing, 1 if wish.state is State.OPTED_OUT else -1)
        return entry

    def _count_stop(self, writing: Writing) -> int:
        """The number of a STOP that was heard just now."""
        meta = self.store.databases.meta
        stop = number(writing.txn, meta, STOPS) + 1
        writing.txn.put(STOPS, NUMBER.pack(stop), db=meta)
        return stop

    def _may_open(self, writing: Writing, wish: Change, known: Kept) -> bool:
        """Whether a message may let its pair be texted again.

        Not if it was offered first before the pair's last STOP; nor, from an address that may be another person's,
        what somebody closed who certainly is the one.
        """
        if wish.is_doubtful and not known.is_doubtful:
            return False
        offered = self._turned_back.first_offered(writing.txn, wish.offer) if wish.offer else None
        return offered is None or known.stop <= offered

    def _confirm(self, writing: Writing, claim: Claim) -> tuple[Entry, ...]:
        """Let the first message pass that a STOP's own number sends in time to confirm it."""
        known = self.pairs.get(writing.txn, claim.pair)
        unconfirmed = self.store.databases.unconfirmed
        heard_at = writing.txn.get(claim.pair.key, db=unconfirmed)
        if known is None or not may_confirm(known, heard_at, self.store.clocks.now()):
            return ()
        stop = self.journal.entry(writing.txn, known.sequence)
        if stop is None or stop.event is Event.UNREADABLE:
            return ()  # the entry was removed, and nobody can tell any more which number was answered
        if stop.evidence.get("number", stop.pair.business) != claim.number:
            return ()
        evidence = said({"number": stop.evidence.get("number", ""), **claim.origin._asdict()})
        _, entry = self.journal.append(writing, claim.pair, Event.CONFIRMED, known.sequence, evidence)
        self.pairs.put(writing, claim.pair, known._replace(sequence=entry.sequence, is_unconfirmed=False))
        writing.txn.delete(claim.pair.key, db=unconfirmed)
        return (entry,)

    def _add_part(self, writing: Writing, part: PartOfText) -> tuple[Entry, ...]:
        """Keep a part; of the whole, what opens counts from when the first part was offered."""
        if self.decide is None:
            raise LookupError("a part of a reply, and nobody here can tell what replies mean")
        stops = self._turned_back.first_offered(writing.txn, part.offer)
        if stops is None:
            stops = number(writing.txn, self.store.databases.meta, STOPS)
        whole = self._shelf.add(writing.txn, part, stops, self.now())
        if whole is None:
            return ()
        offer = Offer(part.offer.pair, b"", whole.stops)
        decided = self.decide(part, whole.texts, whole.is_certain)
        return self._apply_all(writing, [replace(change, offer=offer) for change in decided])

    def absorb(self, rows: Sequence[bulk.Listed], evidence: dict[str, str]) -> int:
        """Opt these pairs out as a list says, in one transaction; see ``bulk.absorb``. Raises ``LedgerError``."""

        def absorb(writing: Writing) -> int:
            stop = self._count_stop(writing)
            return bulk.absorb(writing, self.pairs, self.journal, rows, evidence, stop=stop, now=self.now())

        return self.store.write(absorb)

    def tidy(self) -> None:
        """Forget unfinished replies and messages that have been kept for their time, if there are any."""
        now = self.now()
        with self.store.reading() as txn:
            if not self._shelf.is_due(txn, now) and not self._turned_back.is_due(txn, now):
                return

        def tidy(writing: Writing) -> None:
            self._shelf.tidy(writing.txn, now)
            self._turned_back.tidy(writing.txn, now)

        self.store.write(tidy)

    def carry_groups_over(self) -> None:
        """Complete the STOPs that an earlier version kept for groups only, once."""
        meta = self.store.databases.meta
        with self.store.reading() as txn:
            if txn.get(_GROUPS, db=meta):
                return

        def carry_over(writing: Writing) -> None:
            closed: list[tuple[Pair, Entry]] = []
            for pair in self.pairs.groups(writing.txn):
                kept = self.pairs.get(writing.txn, pair)
                if kept is not None and kept.state is State.OPTED_OUT:
                    entry = self.journal.entry(writing.txn, kept.sequence)
                    closed.append((pair, entry or read_stored(kept.sequence, b"")))
            self._apply_all(writing, list(carried_over(closed)))
            writing.txn.put(_GROUPS, b"1", db=meta)

        self.store.write(carry_over)

    # What is read.

    def refusals(self, pair: Pair) -> Refusals | None:
        """How often submits to this pair were refused, and when; None if none was."""
        return self._totals.of(pair)

    def history(self, pair: Pair) -> list[Entry]:
        """The entries about a pair, the newest first: all of them, or those that retention has left."""
        found: list[Entry] = []
        record = self.pairs.record(pair)
        sequence = record.sequence if record else 0
        with self.store.reading() as txn:
            while sequence and (entry := self.journal.entry(txn, sequence)):
                found.append(entry)
                sequence = entry.before
        return found

    def statistics(self) -> Statistics:
        """What the ledger holds now; raises ``LedgerError`` if it can't be read."""
        with self.store.reading() as txn:
            databases = self.store.databases
            with txn.cursor(db=databases.journal) as cursor:
                sequence = NUMBER.unpack(cursor.key())[0] if cursor.last() else 0
            pairs, indexed, entries = (
                txn.stat(each)["entries"] for each in (databases.pairs, databases.businesses, databases.journal)
            )
            opted_out = number(txn, databases.meta, OPTED_OUT_PAIRS)
            used, map_size = self.store.sizes()
        fault = self.store.fault or self.store.write_fault
        return Statistics(pairs, indexed, opted_out, sequence, entries, map_size, used, fault)


def _always_writes(wish: Wish) -> bool:
    """Whether there is something to write though the wish made no entry: a STOP is counted each time it is heard."""
    return not isinstance(wish, Claim) and not (isinstance(wish, Change) and wish.state is State.OPTED_IN)
