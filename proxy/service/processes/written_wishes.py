"""Wishes and the entries that they made, as the text in which they go from a worker to the supervisor and back.

JSON in ASCII: a consumer's text may hold half a surrogate pair, which other JSON writers refuse.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from proxy.consent.entries import Entry, Event
from proxy.consent.numbers import Ends, Pair, Spelling
from proxy.consent.rules import State
from proxy.consent.wishes import Change, Claim, Made, Offer, Origin, PartOfText, Shared, Taken, TurnedBack
from proxy.meaning.meanings import Meaning


class UnreadableWishes(ValueError):
    """Text that holds no wishes, or no entries."""


def write_wishes(wishes: Sequence[Shared]) -> str:
    """These wishes as text."""
    return json.dumps([[type(wish).__name__, _fields(wish)] for wish in wishes])


def read_wishes(text: str) -> list[Shared]:
    """The wishes that ``write_wishes`` wrote; raises ``UnreadableWishes``."""
    try:
        return [_READERS[kind](fields) for kind, fields in json.loads(text)]
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise UnreadableWishes(f"these are no wishes: {error!r}") from error


def write_made(made: Made) -> str:
    """The entries that each wish made, as text."""
    return json.dumps([[_entry_fields(entry) for entry in entries] for entries in made])


def read_made(text: str) -> list[tuple[Entry, ...]]:
    """What ``write_made`` wrote; raises ``UnreadableWishes``."""
    try:
        return [tuple(_entry(*fields) for fields in entries) for entries in json.loads(text)]
    except (ValueError, TypeError) as error:
        raise UnreadableWishes(f"these are no entries: {error!r}") from error


def _entry_fields(entry: Entry) -> list[Any]:
    return [entry.sequence, entry.time.isoformat(), *entry[2:]]


def _entry(sequence: int, time: str, pair: list[str], event: str, before: int, evidence: Any, hash: str) -> Entry:
    return Entry(sequence, datetime.fromisoformat(time), Pair(*pair), Event(event), before, evidence, hash)


def _fields(wish: Shared) -> dict[str, Any]:
    fields = asdict(wish) if isinstance(wish, Change) else wish._asdict()
    if isinstance(fields.get("offer"), Offer):
        offer: Offer = fields["offer"]
        fields["offer"] = [offer.pair, offer.fingerprint.hex(), offer.stops]
    return fields


def _offer(fields: list[Any] | None) -> Offer | None:
    return None if fields is None else Offer(Pair(*fields[0]), bytes.fromhex(fields[1]), fields[2])


def _certain_offer(fields: list[Any]) -> Offer:
    offer = _offer(fields)
    assert offer is not None
    return offer


def _change(fields: dict[str, Any]) -> Change:
    known = {
        "pair": Pair(*fields["pair"]),
        "state": State(fields["state"]),
        "meaning": Meaning(fields["meaning"]) if fields["meaning"] else None,
        "origin": Origin(*fields["origin"]),
        "offer": _offer(fields["offer"]),
    }
    return Change(**{**fields, **known})


def _claim(fields: dict[str, Any]) -> Claim:
    return Claim(Pair(*fields["pair"]), fields["number"], Origin(*fields["origin"]))


def _part(fields: dict[str, Any]) -> PartOfText:
    business, consumer = (Spelling(canonical, tuple(others), sure) for canonical, others, sure in fields["ends"])
    known = {
        "offer": _certain_offer(fields["offer"]),
        "ends": Ends(business, consumer),
        "origin": Origin(*fields["origin"]),
    }
    return PartOfText(**{**fields, **known})


_READERS: dict[str, Any] = {
    "Change": _change,
    "Claim": _claim,
    "PartOfText": _part,
    "TurnedBack": lambda fields: TurnedBack(_certain_offer(fields["offer"]), is_answered=fields["is_answered"]),
    "Taken": lambda fields: Taken(_certain_offer(fields["offer"])),
}
