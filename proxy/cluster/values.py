"""What the shared store keeps of consent: records as JSON, with all that a node's journal will say.

* ``pair``: key of the pair -> ``SharedPair``. Never removed.
* ``offer``: key of the pair, NUL, fingerprint -> ``SharedOffer``: a message that nobody took.
* ``part``: key of the shelf -> the parts of one reply, see ``proxy.consent.parts``, and the changes that wrote it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from pydantic_core import from_json

from proxy.cluster.engine import Key
from proxy.consent.entries import Event
from proxy.consent.numbers import Pair
from proxy.consent.parts import KeptParts, decoded, encoded
from proxy.consent.rules import State
from proxy.consent.wishes import Offer

MOST_IDS = 32
"""Changes by which a pair was written last, so that one whose outcome was unknown is known again."""

MOST_PART_IDS = 512
"""The same of a reply in parts, which has at most 255 of them."""

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


class UnreadableValue(Exception):
    """A record in the shared store that this program did not write, or a newer version did; says which."""


@dataclass(frozen=True, slots=True)
class SharedPair:
    """The consent of a pair, as all nodes keep it.

    ``change`` is the id of the change that made the state (or confirmed it: ``event``), ``at`` when that was heard (UTC
    microseconds), ``evidence`` what the journal says of it. ``stop`` is the revision that the last STOP was committed
    at, None if that is the record's own, 0 if there was none. ``ids`` are the changes that wrote the record last.
    """

    event: Event
    change: str
    at: int
    stop: int | None = 0
    is_unconfirmed: bool = False
    is_doubtful: bool = False
    evidence: dict[str, str] = field(default_factory=dict)
    ids: tuple[str, ...] = ()

    @property
    def state(self) -> State:
        """Whether the pair is opted out."""
        return self.event.state

    def last_stop(self, revision: int) -> int:
        """The revision of the last STOP, in a record that has this one."""
        return revision if self.stop is None else self.stop

    def octets(self) -> bytes:
        """As it is stored."""
        fields = {
            "event": self.event.value,
            "change": self.change,
            "at": self.at,
            "stop": self.stop,
            "is_unconfirmed": self.is_unconfirmed,
            "is_doubtful": self.is_doubtful,
            "evidence": self.evidence,
            "ids": self.ids[-MOST_IDS:],
        }
        return _ENCODER.encode(fields).encode()


def read_pair(name: bytes, value: bytes) -> SharedPair:
    """What is stored of a pair; raises ``UnreadableValue``."""
    try:
        fields = _object(value)
        fields["event"], fields["ids"] = Event(fields["event"]), tuple(fields["ids"])
        return SharedPair(**fields)
    except (ValueError, TypeError, KeyError) as error:
        raise UnreadableValue(f"the record of the pair {name!r} can't be read: {error!r}") from error


@dataclass(frozen=True, slots=True)
class SharedOffer:
    """A message that nobody took: the revision that had been heard when it first came, and until when it is kept."""

    first: int
    until: int

    def octets(self) -> bytes:
        """As it is stored."""
        return json.dumps(asdict(self)).encode()


def read_offer(name: bytes, value: bytes) -> SharedOffer:
    """What is stored of a message; raises ``UnreadableValue``."""
    try:
        return SharedOffer(**_object(value))
    except (ValueError, TypeError) as error:
        raise UnreadableValue(f"the record of the offer {name!r} can't be read: {error!r}") from error


def part_octets(ids: Sequence[str], parts: KeptParts) -> bytes:
    """The record of the parts of one reply, and of the changes that wrote it last."""
    return b'{"ids":%b,"parts":%b}' % (json.dumps(ids).encode(), encoded(parts))


def read_part(value: bytes | None) -> tuple[list[str], KeptParts]:
    """What is stored of a reply in parts, nothing where there is none; raises ``UnreadableValue``."""
    if value is None:
        return [], {}
    try:
        fields = _object(value)
        return list(fields["ids"]), decoded(json.dumps(fields["parts"]).encode())
    except (ValueError, TypeError, KeyError) as error:
        raise UnreadableValue(f"the record of a reply in parts can't be read: {error!r}") from error


def pair_key(pair: Pair) -> Key:
    """Where a pair's record stands."""
    return Key("pair", pair.key)


def offer_key(offer: Offer) -> Key:
    """Where a message's record stands."""
    return Key("offer", offer.pair.key + b"\0" + offer.fingerprint)


def _object(value: bytes) -> dict[str, Any]:
    fields = from_json(value)
    if not isinstance(fields, dict):
        raise TypeError("not an object")
    return fields
