"""All that is known of one person, over all business numbers, with what proves that nobody altered it since."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from proxy.consent.entries import BEGINNING, Entry, Event, faults_of_chain
from proxy.consent.policy import is_opted_out
from proxy.consent.refusals import Refusals
from proxy.consent.scope import Groups
from proxy.ledger.ledger import Ledger
from proxy.ledger.tables.journal import utc
from proxy.ledger.tables.pairs import PairRecord
from proxy.ledger.upkeep.forgetting import tombstone_hash


class Link(NamedTuple):
    """An entry of the journal and what its hash was made of: SHA-256 over ``hashed`` is the entry's ``hash``."""

    entry: Entry
    hashed: str


class Standing(NamedTuple):
    """A pair of the person: its record, whether it may be texted (its group's STOP counts), what was refused."""

    record: PairRecord
    may_be_texted: bool
    refusals: Refusals | None


class Dossier(NamedTuple):
    """Of ``consumer``, as the ledger stood at ``made``. ``links`` are oldest first, over all pairs.

    ``tombstones``: entries that say that this number was forgotten. ``head`` is the journal's last entry, None if there
    is none; ``faults`` is what is wrong with its chain, nothing if it holds from ``first`` to ``head``.
    """

    consumer: str
    made: datetime
    pairs: list[Standing]
    links: list[Link]
    tombstones: list[Entry]
    first: int
    head: Entry | None
    faults: list[str]


def gather(ledger: Ledger, groups: Groups | None, consumer: str, now: int) -> Dossier:
    """The dossier of a number (canonical) at ``now`` (UTC microseconds). Reads the whole journal, at one moment.

    Raises ``LedgerError``.
    """
    links: list[Link] = []
    tombstones: list[Entry] = []
    seen: list[Entry] = []
    previous = BEGINNING
    wanted = ""

    def look(entry: Entry) -> Entry:
        nonlocal previous, wanted
        if not seen:
            seen.append(entry)
            checkpoint = ledger.journal.checkpoint()
            if checkpoint and entry.sequence == checkpoint.through + 1:
                previous = checkpoint.through_hash
        if entry.pair.consumer == consumer:
            links.append(Link(entry, f"{previous} {entry.sequence} {entry.stored(previous)[1][32:].decode()}"))
        elif entry.event is Event.FORGOTTEN:
            wanted = wanted or tombstone_hash(ledger, consumer)
            if entry.evidence.get("number_hash") == wanted:
                tombstones.append(entry)
        seen[1:] = [entry]
        previous = entry.hash
        return entry

    with ledger.store.moment():
        faults = list(faults_of_chain(map(look, ledger.journal.entries()), ledger.journal.checkpoint()))
        records = list(ledger.pairs.records(consumer=consumer))
        states = {record.pair: record.state for record in records}
        pairs = [
            Standing(record, not is_opted_out(record.pair, groups, states.get), ledger.refusals(record.pair))
            for record in records
        ]
    first, head = (seen[0].sequence, seen[-1]) if seen else (0, None)
    return Dossier(consumer, utc(now), pairs, links, tombstones, first, head, faults)
