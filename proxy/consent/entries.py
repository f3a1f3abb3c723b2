"""Journal entries: what they hold, how they are written down, and how each is chained to the one before.

The hash of an entry covers its sequence, its fields and the hash of the entry before it, so an entry
that was changed, removed or slipped in later breaks the chain from there on.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from proxy.consent.numbers import Pair
from proxy.consent.rules import State

BEGINNING = "0" * 64
"""Stands for the hash of an entry before the first."""

CLOCK = "clock"
"""The evidence that says how far the clock was set back since the entry before: the order is that of revisions."""

FORGOTTEN_BY = "forgotten_by"
"""The evidence of a blanked entry: the revision of the entry that says so."""

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""The time of an entry that can't be read."""


class Event(StrEnum):
    """What a journal entry says happened to a pair."""

    OPTED_OUT = "opted_out"
    OPTED_IN = "opted_in"
    CONFIRMED = "confirmed"
    """The one message that may follow a STOP was let pass; the pair stays opted out."""

    CHECKPOINT = "checkpoint"
    """Older entries were removed, as the settings want it; about no pair."""

    CAPTURED = "captured"
    """Somebody looked at messages as they passed: who, and whose. About no pair."""

    FORGOTTEN = "forgotten"
    """A number was forgotten: the entries that it names were blanked. About no pair, since nobody must tell which."""

    BLANKED = "blanked"
    """What is left of an entry about a number that was forgotten: its time and hash, and the entry that says so."""

    UNREADABLE = "unreadable"
    """Not written: what is read where the stored entry is damaged or missing. It is about no pair."""

    @property
    def state(self) -> State:
        """The state that it leaves its pair in."""
        return State.OPTED_IN if self is Event.OPTED_IN else State.OPTED_OUT


class Entry(NamedTuple):
    """One journal entry: what happened, with its evidence.

    ``sequence`` is its number in this ledger's journal, from 1 without gaps; commands and HTTP call it ``revision``. A
    revision that comes from outside (of an engine that several machines share) is none: it would be evidence.
    ``before`` is the sequence of the entry about the same pair before this one, 0 if there is none.
    ``evidence``: meaning, matched word, version of the rules, route, session, system_id, carrier; and, of an
    operator's change or an import, who made it, why, and since when it was so.
    """

    sequence: int
    time: datetime
    pair: Pair
    event: Event
    before: int
    evidence: dict[str, str]
    hash: str = ""

    def fields(self) -> dict[str, Any]:
        """The entry as one flat object, as exports show it."""
        return {
            "revision": self.sequence,
            "time": self.time.isoformat(timespec="microseconds"),
            "business": self.pair.business,
            "consumer": self.pair.consumer,
            "change": str(self.event),
            "before": self.before,
            **self.evidence,
            "hash": self.hash,
        }

    def told(self) -> dict[str, Any]:
        """What a log line tells of it."""
        return {
            "revision": self.sequence,
            "business": self.pair.business,
            "consumer": self.pair.consumer,
            "change": str(self.event),
            "meaning": self.evidence.get("meaning", ""),
            "matched": self.evidence.get("matched", ""),
        }

    def blanked(self, tombstone: int) -> bytes:
        """What is stored in place of this entry when the entry ``tombstone`` says that its number was forgotten."""
        left = {name: said for name, said in self.evidence.items() if name == CLOCK} | {FORGOTTEN_BY: str(tombstone)}
        body = f'["{iso(self.time)}","","","{Event.BLANKED}",0,{evidence_json(left)}]'
        return bytes.fromhex(self.hash) + body.encode()

    def stored(self, previous: str) -> tuple[Entry, bytes]:
        """This entry with the hash it has behind one with the hash ``previous``, and its octets in the ledger."""
        time, evidence = iso(self.time), evidence_json(self.evidence)
        chained, octets = chain(previous, self.sequence, time, self.pair, self.event.value, self.before, evidence)
        return self._replace(hash=chained), octets


class Checkpoint(NamedTuple):
    """What a checkpoint entry vouches for: the entries that may be gone, and the states that rest on them.

    ``pairs`` pairs had, when the entry ``at`` was the last one, a state made by an entry up to ``through``;
    ``states`` is the hash over them, see ``hash_of_states``.
    """

    sequence: int
    through: int
    through_hash: str
    at: int
    pairs: int
    states: str

    @classmethod
    def of(cls, entry: Entry) -> Checkpoint:
        """What a checkpoint's entry says."""
        said = entry.evidence
        through, at, pairs = (int(said.get(name, 0)) for name in ("through", "at", "pairs"))
        return cls(entry.sequence, through, said.get("through_hash", ""), at, pairs, said.get("states", ""))


def hash_of_states(records: Iterable[tuple[Pair, State, int]]) -> tuple[int, str]:
    """How many these are, and one hash over pairs, states and revisions in this order (by consumer, then business)."""
    count, chained = 0, hashlib.sha256()
    for (business, consumer), state, sequence in records:
        chained.update(f"{consumer}\0{business}\0{state.value}\0{sequence}\n".encode())
        count += 1
    return count, chained.hexdigest()


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_quoted = json.encoder.encode_basestring


def iso(time: datetime) -> str:
    """A time as the journal writes it."""
    return time.isoformat(timespec="microseconds")


def evidence_json(evidence: dict[str, str]) -> str:
    """Evidence as the journal writes it."""
    return _ENCODER.encode(evidence)


def chain(
    previous: str, sequence: int, time: str, pair: Pair, event: str, before: int, evidence: str
) -> tuple[str, bytes]:
    """Hash and stored octets of an entry from its parts as they are written; lists are imported through this."""
    business, consumer = pair
    body = f'["{time}",{_quoted(business)},{_quoted(consumer)},"{event}",{before},{evidence}]'.encode()
    chained = hashlib.sha256(f"{previous} {sequence} ".encode() + body)
    return chained.hexdigest(), chained.digest() + body


_HASH_SIZE = hashlib.sha256().digest_size


def read_stored(sequence: int, octets: bytes) -> Entry:
    """The entry that was stored under this revision; ``UNREADABLE``, of no pair and time, if that is damaged."""
    chained = octets[:_HASH_SIZE].hex()
    try:
        time, business, consumer, event, before, evidence = json.loads(octets[_HASH_SIZE:])
        moment = datetime.fromisoformat(time)
        if moment.utcoffset() is None or not isinstance(before, int) or not _all_text(business, consumer, evidence):
            raise ValueError("not as an entry is written")
        return Entry(sequence, moment, Pair(business, consumer), Event(event), before, evidence, chained)
    except (ValueError, TypeError, RecursionError):
        return Entry(sequence, NEVER, Pair("", ""), Event.UNREADABLE, 0, {}, chained)


def _all_text(business: Any, consumer: Any, evidence: Any) -> bool:
    return isinstance(evidence, dict) and all(isinstance(v, str) for v in (business, consumer, *evidence.values()))


def set_back(now: int, last: int) -> dict[str, str]:
    """What an entry made at ``now`` must say, behind one made at ``last`` (microseconds) by a clock that was ahead."""
    return {CLOCK: f"set back by {(last - now) / 1_000_000:.6f} s"} if now < last else {}


def faults_of_chain(entries: Iterable[Entry], checkpoint: Checkpoint | None = None) -> Iterator[str]:
    """What is wrong with a journal: gaps, damaged entries, broken hashes, times that run back without saying so.

    It begins with the first entry, or where the last checkpoint allows it to.
    """
    previous = Entry(0, datetime.min, Pair("", ""), Event.OPTED_IN, 0, {}, BEGINNING)
    blanked: dict[int, str] = {}
    removed = checkpoint.through if checkpoint else 0
    for entry in entries:
        if checkpoint and not previous.sequence and 1 < entry.sequence <= removed + 1:
            if entry.sequence == removed + 1:
                previous = previous._replace(sequence=removed, time=entry.time, hash=checkpoint.through_hash)
            else:  # the removal was interrupted: the entry before this one is gone, and not yet that of the checkpoint
                previous = entry
                continue
        if checkpoint and entry.sequence == removed and entry.hash != checkpoint.through_hash:
            yield f"revision {entry.sequence}: its hash is not the one that the checkpoint names"
        if entry.sequence != previous.sequence + 1:
            yield f"revision {entry.sequence} follows {previous.sequence}: entries are missing"
        elif entry.event is Event.UNREADABLE:
            yield f"revision {entry.sequence}: the entry is damaged and can't be read"
        elif entry.event is Event.BLANKED:  # nobody can tell what it said; the next entry's hash covers this one's
            blanked[entry.sequence] = entry.evidence.get(FORGOTTEN_BY, "")
        elif entry.stored(previous.hash)[0].hash != entry.hash:
            yield f"revision {entry.sequence}: its hash does not fit; it, or the entry before it, was altered"
        says_so = CLOCK in entry.evidence or entry.event is Event.UNREADABLE
        if previous.sequence and entry.time < previous.time and not says_so:
            yield f"revision {entry.sequence}: its time is before that of the entry before it"
        if entry.event is Event.FORGOTTEN:
            named = set(entry.evidence.get("entries", "").split(","))
            blanked = {
                each: by for each, by in blanked.items() if (by, str(each) in named) != (str(entry.sequence), True)
            }
        previous = entry
    for revision, by in blanked.items():
        yield f"revision {revision}: was blanked, and revision {by}, which should say so, does not"
