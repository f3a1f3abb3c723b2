"""A ledger that follows the changes of a cluster: what all machines agreed on, in order, with how far it has come."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from proxy.consent.entries import Entry, Event, iso
from proxy.consent.numbers import Pair
from proxy.consent.rules import State
from proxy.ledger.store import Writing
from proxy.ledger.tables.databases import NUMBER, STOPS, number
from proxy.ledger.tables.denials import Denials
from proxy.ledger.tables.journal import utc
from proxy.ledger.tables.records import Kept, boot_time

if TYPE_CHECKING:
    import lmdb

    from proxy.ledger.ledger import Ledger

_CURSOR = b"cluster"
_BROUGHT_IN = b"cluster_has"
_CATCHING_UP = b"cluster_catching_up"
CHANGE, REVISION, HEARD = "change", "cluster_revision", "heard"
"""Evidence that a journal entry holds of a change of a cluster: its id, its revision there, when it was heard."""


class Cursor(NamedTuple):
    """How far a ledger has followed: the shared store's id, the last revision, and how many commits there were then."""

    store: str
    revision: int
    commits: int


class Agreed(NamedTuple):
    """What all machines agreed on about a pair, by a commit of this ``revision``.

    ``change`` is the id of what made the state, ``at`` when it was heard (UTC microseconds), ``stop`` the revision of
    the pair's last STOP, ``ids`` all changes that the record holds.
    """

    pair: Pair
    event: Event
    change: str
    at: int
    stop: int
    is_unconfirmed: bool
    is_doubtful: bool
    evidence: dict[str, str]
    revision: int
    ids: Sequence[str]


class Offered(NamedTuple):
    """A message that nobody took, by its key; ``first`` is what had been heard when it first came, None: forget it."""

    key: bytes
    first: int | None
    until: int


class Following:
    """The following side of one ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._store = ledger.store

    def cursor(self) -> Cursor | None:
        """How far it has followed, None if it never did."""
        with self._store.reading() as txn:
            stored = txn.get(_CURSOR, db=self._store.databases.meta)
        return Cursor(*json.loads(stored)) if stored else None

    def brought_in(self, sequence: int) -> None:
        """Note that the cluster has everything up to this entry of the journal, whoever made it."""
        value = NUMBER.pack(sequence)
        self._store.write(lambda writing: writing.txn.put(_BROUGHT_IN, value, db=self._store.databases.meta))

    def own_since(self) -> int:
        """The last entry of the journal that the cluster may not have, 0 if it has all."""
        last = self._ledger.journal.last(lambda entry: entry.event is not Event.CHECKPOINT)
        if last is None or CHANGE in last.evidence:
            return 0
        with self._store.reading() as txn:
            known = number(txn, self._store.databases.meta, _BROUGHT_IN)
        return last.sequence if last.sequence > known else 0

    def begin_to_catch_up(self) -> None:
        """What is followed from now on, until all of it is, is not in the order in which it was agreed on."""
        self._store.write(lambda writing: writing.txn.put(_CATCHING_UP, b"1", db=self._store.databases.meta))

    def is_catching_up(self) -> bool:
        """Whether catching up was begun and not ended."""
        with self._store.reading() as txn:
            return txn.get(_CATCHING_UP, db=self._store.databases.meta) is not None

    def deny(self, pairs: Sequence[tuple[Pair, str]]) -> None:
        """Let nothing be sent to these pairs, each until its change is here; on disk when this returns."""

        def deny(writing: Writing) -> None:
            for pair, change in pairs:
                self._denials.add(writing.txn, pair, change)

        self._store.write(deny)

    def lift(self, pairs: Sequence[tuple[Pair, str]]) -> None:
        """These changes will never be here."""

        def lift(writing: Writing) -> None:
            for pair, change in pairs:
                self._denials.lift(writing.txn, pair, [change])

        self._store.write(lift)

    def lift_all(self) -> int:
        """No change is under way: lift what an earlier process denied; how many there were."""
        with self._store.reading() as txn:
            if not txn.stat(self._store.databases.denied)["entries"]:
                return 0
        return self._store.write(lambda writing: self._denials.lift_all(writing.txn))

    def follow(
        self, cursor: Cursor | None, agreed: Iterable[Agreed], offers: Iterable[Offered] = (), *, is_whole: bool = False
    ) -> dict[str, Entry]:
        """Take these over, in order, and have come as far as ``cursor`` (None: as far as before), in one transaction.

        Returns the journal entries that were made, by the change that made them. Nothing is taken over twice.
        ``is_whole``: it ends catching up, and these are all offers that there are.
        """

        def follow(writing: Writing) -> dict[str, Entry]:
            databases = self._store.databases
            made: dict[str, Entry] = {}
            if is_whole:
                self._forget_offers(writing.txn)
                writing.txn.delete(_CATCHING_UP, db=databases.meta)
            denials, step = self._denials, 0
            for each in agreed:
                entry, more = self._take_over(writing, each)
                if entry is not None:
                    made[each.change] = entry
                    step += more
                denials.lift(writing.txn, each.pair, each.ids)
            if step:
                self._ledger.pairs.count_opted_out(writing, step)
            for key, first, until in offers:
                if first is None:
                    databases.turned_back.delete(writing.txn, key)
                else:
                    databases.turned_back.put(writing.txn, key, NUMBER.pack(first), until)
            if cursor is not None:
                writing.txn.put(_CURSOR, json.dumps(cursor).encode(), db=databases.meta)
                writing.txn.put(STOPS, NUMBER.pack(cursor.revision), db=databases.meta)
            return made

        return self._store.write(follow)

    def _forget_offers(self, txn: lmdb.Transaction[bytes]) -> None:
        turned_back = self._store.databases.turned_back
        while list(turned_back.forget_due(txn, 1 << 63, 0)):
            pass

    @property
    def _denials(self) -> Denials:
        return Denials(self._store.databases.denied)

    def _take_over(self, writing: Writing, agreed: Agreed) -> tuple[Entry | None, int]:
        """The entry that it makes in the journal, and how many pairs more are opted out then (-1 to 1).

        None if the ledger has that change already.
        """
        pairs, journal = self._ledger.pairs, self._ledger.journal
        pair, known = agreed.pair, pairs.get(writing.txn, agreed.pair)
        if known is not None and self._is_made_by(writing.txn, known, agreed):
            kept = known._replace(stop=agreed.stop, is_doubtful=agreed.is_doubtful)
            if kept != known:
                pairs.put(writing, pair, kept)
            return None, 0
        heard = {CHANGE: agreed.change, REVISION: str(agreed.revision), HEARD: iso(utc(agreed.at))}
        before = known.sequence if known else 0
        _, entry = journal.append(writing, pair, agreed.event, before, {**agreed.evidence, **heard})
        state = agreed.event.state
        fresh = Kept(state, entry.sequence, agreed.at, agreed.stop, agreed.is_unconfirmed, agreed.is_doubtful)
        if known:
            pairs.put(writing, pair, fresh)
        else:
            pairs.add(writing, pair, fresh)
        self._mark_unconfirmed(writing, pair, is_unconfirmed=fresh.is_unconfirmed, is_known=known is not None)
        was_out = known is not None and known.state is State.OPTED_OUT
        return entry, (state is State.OPTED_OUT) - was_out

    def _mark_unconfirmed(self, writing: Writing, pair: Pair, *, is_unconfirmed: bool, is_known: bool) -> None:
        unconfirmed = self._store.databases.unconfirmed
        if is_unconfirmed:
            writing.txn.put(pair.key, boot_time(self._store.clocks.now()), db=unconfirmed)
        elif is_known:
            writing.txn.delete(pair.key, db=unconfirmed)

    def _is_made_by(self, txn: lmdb.Transaction[bytes], known: Kept, agreed: Agreed) -> bool:
        """Whether what is kept of a pair is from this change; where its entry was removed, by all that is left."""
        if change := self._change_of(txn, known):
            return change == agreed.change
        kept = (known.state, known.since, known.is_unconfirmed)
        return kept == (agreed.event.state, agreed.at, agreed.is_unconfirmed)

    def _change_of(self, txn: lmdb.Transaction[bytes], known: Kept) -> str:
        """The id of the change that made a state, empty if it was none of the cluster's, or its entry was removed."""
        entry = self._ledger.journal.entry(txn, known.sequence)
        return entry.evidence.get(CHANGE, "") if entry else ""
