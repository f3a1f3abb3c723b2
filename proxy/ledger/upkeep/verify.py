"""Whether a ledger agrees with itself: the journal's chain, the states it leads to, the indexes."""

from __future__ import annotations

from collections.abc import Iterator

from proxy.consent.entries import Checkpoint, Entry, Event, faults_of_chain, hash_of_states
from proxy.consent.numbers import Pair
from proxy.consent.rules import State
from proxy.ledger.disk.files import LedgerError
from proxy.ledger.ledger import Ledger
from proxy.ledger.tables.pairs import PairRecord


def faults(ledger: Ledger) -> Iterator[str]:
    """What is wrong with the ledger at this moment, nothing if all agrees.

    Holds one entry of memory for each pair. Lookups of the same process wait meanwhile.
    """
    with ledger.store.moment():
        replay = _Replay(ledger.journal.checkpoint())
        try:
            yield from faults_of_chain(map(replay.take, ledger.journal.entries()), replay.checkpoint)
            yield from replay.faults
            yield from _faults_of_states(ledger, replay)
            yield from _faults_of_checkpoint(ledger, replay)
        except LedgerError as error:  # what is behind the damage can't be looked at
            yield str(error)


class _Replay:
    """The journal replayed: the last entry about each pair, and what the checkpoint needs to know."""

    def __init__(self, checkpoint: Checkpoint | None) -> None:
        self.checkpoint = checkpoint
        self.removed = checkpoint.through if checkpoint else 0
        self.last: dict[Pair, Entry] = {}
        self.next: dict[Pair, Entry] = {}
        """The first entry about each pair behind the moment of the checkpoint."""
        self.faults: list[str] = []

    def take(self, entry: Entry) -> Entry:
        """Note the next entry."""
        if entry.event in (Event.UNREADABLE, Event.BLANKED, Event.FORGOTTEN, Event.CAPTURED):
            return entry
        known = self.last.get(entry.pair)
        if entry.before != known.sequence if known else entry.before > self.removed:
            self.faults.append(f"revision {entry.sequence}: does not name the entry about its pair before it")
        self.last[entry.pair] = bare = entry._replace(evidence={})
        if self.checkpoint and entry.sequence > self.checkpoint.at:
            self.next.setdefault(entry.pair, bare)
        return entry


def _faults_of_states(ledger: Ledger, replay: _Replay) -> Iterator[str]:
    last = {pair: entry for pair, entry in replay.last.items() if entry.event is not Event.CHECKPOINT}
    opted_out = 0
    for record in ledger.pairs.records():
        opted_out += record.state is State.OPTED_OUT
        entry = last.pop(record.pair, None)
        name = f"{record.pair.business} to {record.pair.consumer}"
        if entry is None and record.sequence > replay.removed:
            yield f"{name}: has a state and no journal entry"
        elif entry is not None and (entry.event.state, entry.sequence) != (record.state, record.sequence):
            yield f"{name}: is {record.state} by revision {record.sequence}, the journal says {entry.event.state}"
        if not ledger.pairs.is_indexed(record.pair):
            yield f"{name}: is missing in the index by business"
    for pair in last:
        yield f"{pair.business} to {pair.consumer}: has journal entries and no state"
    statistics = ledger.statistics()
    if statistics.opted_out_pairs != opted_out:
        yield f"the count of opted-out pairs is {statistics.opted_out_pairs}, there are {opted_out}"
    if statistics.pairs != statistics.indexed:
        yield f"{statistics.pairs} pairs, {statistics.indexed} in the index by business"


def _faults_of_checkpoint(ledger: Ledger, replay: _Replay) -> Iterator[str]:
    """Whether the states that rest on removed entries are those that the checkpoint vouches for."""
    checkpoint = replay.checkpoint
    if checkpoint is None:
        return
    resting = (
        (record.pair, *then)
        for record in ledger.pairs.records()
        if (then := _back_then(record, replay.next.get(record.pair))) and then[1] <= checkpoint.through
    )
    if hash_of_states(resting) != (checkpoint.pairs, checkpoint.states):
        yield (
            f"the states that rest on entries up to revision {checkpoint.through}, which were removed,"
            f" are not those that the checkpoint in revision {checkpoint.sequence} vouches for"
        )


def _back_then(record: PairRecord, following: Entry | None) -> tuple[State, int] | None:
    """State and revision of a pair before the ``following`` entry about it; None if it had none."""
    if following is None:
        return record.state, record.sequence
    if not following.before:
        return None
    return (State.OPTED_IN if following.event is Event.OPTED_OUT else State.OPTED_OUT), following.before
