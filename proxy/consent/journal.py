"""Journal entries: what they hold, how they are written down, and how each is chained to the one before.

The hash of an entry covers its revision, its fields and the hash of the entry before it, so an entry
that was changed, removed or slipped in later breaks the chain from there on.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from proxy.consent.numbers import Pair
from proxy.consent.rules import State

BEGINNING = "0" * 64
"""Stands for the hash of an entry before the first."""


class Entry(NamedTuple):
    """One journal entry: a change that was made, with its evidence.

    ``before`` is the revision of the entry about the same pair before this one, 0 if there is none.
    ``evidence``: meaning, matched word, version of the rules, route, session, system_id, carrier; and, of an
    operator's change or an import, who made it, why, and since when it was so.
    """

    revision: int
    time: datetime
    pair: Pair
    state: State
    before: int
    evidence: dict[str, str]
    hash: str = ""

    def fields(self) -> dict[str, Any]:
        """The entry as one flat object, as exports show it."""
        return {
            "revision": self.revision,
            "time": self.time.isoformat(timespec="microseconds"),
            "business": self.pair.business,
            "consumer": self.pair.consumer,
            "change": str(self.state),
            "before": self.before,
            **self.evidence,
            "hash": self.hash,
        }

    def stored(self, previous: str) -> tuple[Entry, bytes]:
        """This entry with the hash it has behind one with the hash ``previous``, and its octets in the ledger."""
        pair, time = self.pair, self.time.isoformat(timespec="microseconds")
        body = _ENCODER.encode([time, pair.business, pair.consumer, self.state.value, self.before, self.evidence])
        octets = body.encode()
        chained = hashlib.sha256(b"%s %d " % (previous.encode(), self.revision) + octets)
        return self._replace(hash=chained.hexdigest()), chained.digest() + octets


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_HASH_SIZE = hashlib.sha256().digest_size


def read_stored(revision: int, octets: bytes) -> Entry:
    """The entry that was stored under this revision."""
    time, business, consumer, state, before, evidence = json.loads(octets[_HASH_SIZE:])
    pair, chained = Pair(business, consumer), octets[:_HASH_SIZE].hex()
    return Entry(revision, datetime.fromisoformat(time), pair, State(state), before, evidence, chained)


def faults_of_chain(entries: Iterable[Entry]) -> Iterator[str]:
    """What is wrong with a journal, from its first entry on: gaps, times that run back, broken hashes."""
    previous = Entry(0, datetime.min, Pair("", ""), State.OPTED_IN, 0, {}, BEGINNING)
    for entry in entries:
        if entry.revision != previous.revision + 1:
            yield f"revision {entry.revision} follows {previous.revision}: entries are missing"
        elif entry.stored(previous.hash)[0].hash != entry.hash:
            yield f"revision {entry.revision}: its hash does not fit; it, or the entry before it, was altered"
        if previous.revision and entry.time < previous.time:
            yield f"revision {entry.revision}: its time is before that of the entry before it"
        previous = entry
