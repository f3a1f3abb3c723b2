"""Replies in parts: which parts of one are there, when it is whole, and what is still kept of it.

What a part says is kept no longer than it is needed: of a reply that is whole, ten minutes, since a part of it may have
been left over from another one; then there are only hashes, by which a part is known again that is delivered twice.
References are used again, so a part may be of another message than its neighbours: what is put together from parts of a
reply that was decided already may say STOP, and nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from struct import Struct
from typing import NamedTuple

from proxy.consent.wishes import PartOfText, fingerprint

_REFERENCE = Struct(">LBB")
_SECOND = 1_000_000

SHORT_SECONDS = 3600.0
"""How long the parts of a reply with an 8-bit reference are kept at the most: telephones count to 255, or choose one of
256 by chance, so that a part that was left over soon meets the parts of another message."""

TOGETHER_SECONDS = 600.0
"""Parts with the same 8-bit reference that are further apart may be of two messages."""


class Keeping(NamedTuple):
    """How long unfinished replies are kept, in seconds, and how many of them at the most."""

    seconds: float = 86_400.0
    most: int = 100_000

    def limit(self, *, is_short: bool) -> int:
        """For how long a part is kept at the most, in microseconds."""
        seconds = min(self.seconds, SHORT_SECONDS) if is_short else self.seconds
        return int(seconds * _SECOND)


class Whole(NamedTuple):
    """A reply whose parts are all there, in all its readings.

    ``stops``: how many STOPs had been heard when the first of its parts came. ``is_certain``: the parts came so close
    together that they are of one message.
    """

    texts: tuple[str, ...]
    stops: int
    is_certain: bool


class KeptPart(NamedTuple):
    """What is kept of one part: when it came (microseconds), how many STOPs were heard before, a hash, its readings."""

    time: int
    stops: int
    digest: str
    texts: dict[str, str] | None
    """None where nothing has to be read any more."""
    is_spent: bool = False
    """Its message is decided already, as far as can be known."""

    def without_text(self) -> KeptPart:
        """The same when its text has been of use."""
        return self._replace(texts=None, is_spent=False)

    def as_of(self, now: int) -> KeptPart:
        """Without its text if that has been of use."""
        is_over = self.is_spent and now - self.time >= TOGETHER_SECONDS * _SECOND
        return self.without_text() if is_over else self

    def lifetime(self, limit: int) -> int:
        """For how long it is kept as it is."""
        return min(limit, int(TOGETHER_SECONDS * _SECOND)) if self.is_spent and self.texts else limit


KeptParts = dict[int, KeptPart]
"""The parts of one reply, by their numbers."""


def with_part(
    known_parts: KeptParts, part: PartOfText, stops: int, now: int, limit: int
) -> tuple[KeptParts, Whole | None]:
    """What is kept when this part has come at ``now`` (microseconds), offered first when ``stops`` STOPs were heard.

    With it the whole reply, when this was the part that was missing. A part that comes again while its reply is
    unfinished changes nothing; another text under its number begins a new reply.
    """
    kept = {n: known for n, known in known_parts.items() if abs(now - known.time) <= limit}
    digest = fingerprint(part.texts.values()).hex()
    known = kept.get(part.number)
    is_again = known is not None and known.digest == digest
    if known is not None and is_again and known.texts is not None:
        if not known.is_spent:
            return known_parts, None
        # it was delivered twice, or a message begins like the last one: its neighbours have to come again
        kept = {n: each.without_text() for n, each in kept.items()}
    if known is not None and not is_again:
        kept = {n: each for n, each in _recent(kept, now).items() if each.texts is not None}
    kept.pop(part.number, None)
    if part.says_stop:
        kept = {n: each._replace(is_spent=True) for n, each in kept.items()}
    is_spent = is_again or any(each.texts is None for each in kept.values())
    kept[part.number] = KeptPart(now, stops, digest, None if part.says_stop else dict(part.texts), is_spent)
    return _put_together(part, kept, now)


def _put_together(part: PartOfText, kept: KeptParts, now: int) -> tuple[KeptParts, Whole | None]:
    """What is kept, and the whole reply, if all its parts are there and have to be read."""
    parts = list(kept.values())
    if len(parts) < part.total or any(each.texts is None for each in parts):
        return kept, None
    are_together = not part.is_short or len(_recent(kept, now)) == part.total
    is_certain = are_together and not any(each.is_spent for each in parts)
    whole = Whole(_joined(kept), min(each.stops for each in parts), is_certain)
    if not are_together:
        return _recent(kept, now), whole
    return {n: each._replace(is_spent=True) for n, each in kept.items()}, whole


def young(parts: KeptParts, now: int, limit: int) -> KeptParts:
    """Those that are still to be kept when some of them are due."""
    return {n: part for n, part in ((n, each.as_of(now)) for n, each in parts.items()) if now - part.time < limit}


def until(parts: KeptParts, limit: int) -> int:
    """When something of these has to be forgotten."""
    return min(part.time + part.lifetime(limit) for part in parts.values())


def encoded(parts: KeptParts) -> bytes:
    """As they are stored."""
    return json.dumps([[number, *part] for number, part in parts.items()]).encode()


def decoded(value: bytes) -> KeptParts:
    """What was stored."""
    found = json.loads(value)
    return {number: KeptPart(*rest) for number, *rest in found} if isinstance(found, list) else {}


def shelf_key(part: PartOfText) -> bytes:
    """Under what the parts of its reply are kept: consumer NUL business NUL reference (4 octets) total is-short."""
    reference = _REFERENCE.pack(part.reference & 0xFFFFFFFF, part.total & 0xFF, part.is_short)
    return part.offer.pair.key + b"\0" + reference


def _recent(parts: KeptParts, now: int) -> KeptParts:
    return {n: part for n, part in parts.items() if now - part.time <= TOGETHER_SECONDS * _SECOND}


def _joined(parts: KeptParts) -> tuple[str, ...]:
    """The whole in every reading that a part has; where a part lacks one, its most trusted stands in."""
    ordered = [parts[number].texts or {} for number in sorted(parts)]
    names = dict.fromkeys(name for texts in ordered for name in texts)
    return tuple(dict.fromkeys("".join(_reading(texts, name) for texts in ordered) for name in names))


def _reading(texts: Mapping[str, str], name: str) -> str:
    return texts[name] if name in texts else next(iter(texts.values()), "")
