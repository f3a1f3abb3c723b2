"""Whether a ledger agrees with itself: the journal's chain, the states it leads to, the indexes."""

from __future__ import annotations

from collections.abc import Iterator

from proxy.consent.journal import Entry, faults_of_chain
from proxy.consent.ledger import Ledger
from proxy.consent.numbers import Pair
from proxy.consent.rules import State


def faults(ledger: Ledger) -> Iterator[str]:
    """What is wrong with the ledger, nothing if all agrees. Holds one entry of memory for each pair."""
    last: dict[Pair, Entry] = {}

    def replayed() -> Iterator[Entry]:
        for entry in ledger.journal():
            known = last.get(entry.pair)
            if entry.before != (known.revision if known else 0):
                wrong_links.append(entry.revision)
            last[entry.pair] = entry._replace(evidence={})
            yield entry

    wrong_links: list[int] = []
    yield from faults_of_chain(replayed())
    for revision in wrong_links:
        yield f"revision {revision}: does not name the entry about its pair before it"
    opted_out = 0
    for record in ledger.records():
        opted_out += record.state is State.OPTED_OUT
        entry = last.pop(record.pair, None)
        name = f"{record.pair.business} to {record.pair.consumer}"
        if entry is None:
            yield f"{name}: has a state and no journal entry"
        elif (entry.event.state, entry.revision) != (record.state, record.revision):
            yield f"{name}: is {record.state} by revision {record.revision}, the journal says {entry.event.state}"
        if not ledger.is_indexed(record.pair):
            yield f"{name}: is missing in the index by business"
    for pair in last:
        yield f"{pair.business} to {pair.consumer}: has journal entries and no state"
    statistics = ledger.statistics()
    if statistics.opted_out_pairs != opted_out:
        yield f"the count of opted-out pairs is {statistics.opted_out_pairs}, there are {opted_out}"
    if statistics.pairs != statistics.indexed:
        yield f"{statistics.pairs} pairs, {statistics.indexed} in the index by business"
