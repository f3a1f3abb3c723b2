"""Replies in parts: kept until all parts of one are there, over any sessions and workers.

Layout: ``parts``: consumer NUL business NUL reference (4 octets) total (1) is-short (1) -> its parts as JSON.

What a part says is kept no longer than it is needed: of a reply that is whole, ten minutes, since a part of it may have
been left over from another one; then there are only hashes, by which a part is known again that is delivered twice.
References are used again, so a part may be of another message than its neighbours: what is put together from parts of a
reply that was decided already may say STOP, and nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from struct import Struct
from typing import TYPE_CHECKING, NamedTuple

from proxy.consent.wishes import PartOfText, fingerprint
from proxy.ledger.tables.aging import Aging

if TYPE_CHECKING:
    import lmdb

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


class Whole(NamedTuple):
    """A reply whose parts are all there, in all its readings.

    ``stops``: how many STOPs had been heard when the first of its parts came. ``is_certain``: the parts came so close
    together that they are of one message.
    """

    texts: tuple[str, ...]
    stops: int
    is_certain: bool


class _Part(NamedTuple):
    time: int
    stops: int
    digest: str
    texts: dict[str, str] | None
    """None where nothing has to be read any more."""
    is_spent: bool = False
    """Its message is decided already, as far as can be known."""

    def without_text(self) -> _Part:
        return self._replace(texts=None, is_spent=False)

    def as_of(self, now: int) -> _Part:
        """Without its text if that has been of use."""
        is_over = self.is_spent and now - self.time >= TOGETHER_SECONDS * _SECOND
        return self.without_text() if is_over else self

    def lifetime(self, limit: int) -> int:
        """For how long it is kept as it is."""
        return min(limit, int(TOGETHER_SECONDS * _SECOND)) if self.is_spent and self.texts else limit


_Parts = dict[int, _Part]


class Shelf:
    """Unfinished replies in one ledger; every call is part of the caller's transaction."""

    def __init__(self, records: Aging, keeping: Keeping) -> None:
        self._records = records
        self.keeping = keeping

    def add(self, txn: lmdb.Transaction[bytes], part: PartOfText, stops: int, now: int) -> Whole | None:
        """Keep a part at ``now`` (microseconds), offered first when ``stops`` STOPs had been heard.

        Returns the whole reply when this was the part that was missing. A part that comes again while its
        reply is unfinished changes nothing; another text under its number begins a new reply.
        """
        self.tidy(txn, now)
        for _ in self._records.forget_due(txn, 0, self.keeping.most - 1):
            pass  # only to make room: what is due is ``tidy``'s, which keeps what is younger of it
        if not 1 <= part.number <= part.total:
            return None
        key, limit = _key(part), self._limit(part.is_short)
        kept = {n: known for n, known in self._read(txn, key).items() if abs(now - known.time) <= limit}
        digest = _digest(part.texts)
        known = kept.get(part.number)
        is_again = known is not None and known.digest == digest
        if known is not None and is_again and known.texts is not None:
            if not known.is_spent:
                return None
            # it was delivered twice, or a message begins like the last one: its neighbours have to come again
            kept = {n: each.without_text() for n, each in kept.items()}
        if known is not None and not is_again:
            kept = {n: each for n, each in _recent(kept, now).items() if each.texts is not None}
        kept.pop(part.number, None)
        if part.says_stop:
            kept = {n: each._replace(is_spent=True) for n, each in kept.items()}
        is_spent = is_again or any(each.texts is None for each in kept.values())
        kept[part.number] = _Part(now, stops, digest, None if part.says_stop else dict(part.texts), is_spent)
        whole, kept = self._put_together(part, kept, now)
        self._put(txn, key, kept, limit)
        return whole

    def _put_together(self, part: PartOfText, kept: _Parts, now: int) -> tuple[Whole | None, _Parts]:
        """The whole reply, if all its parts are there and have to be read, and what is kept of them."""
        parts = list(kept.values())
        if len(parts) < part.total or any(each.texts is None for each in parts):
            return None, kept
        are_together = not part.is_short or len(_recent(kept, now)) == part.total
        is_certain = are_together and not any(each.is_spent for each in parts)
        whole = Whole(_joined(kept), min(each.stops for each in parts), is_certain)
        if not are_together:
            return whole, _recent(kept, now)
        return whole, {n: each._replace(is_spent=True) for n, each in kept.items()}

    def is_due(self, txn: lmdb.Transaction[bytes], now: int) -> bool:
        """Whether any part is too old to be kept."""
        return self._records.is_any_due(txn, now)

    def tidy(self, txn: lmdb.Transaction[bytes], now: int) -> None:
        """Forget the parts that are too old; younger ones under the same reference stay."""
        for key, value in list(self._records.forget_due(txn, now, self.keeping.most)):
            limit = self._limit(is_short=bool(key[-1]))
            parts = {n: part.as_of(now) for n, part in _decoded(value).items()}
            if young := {n: part for n, part in parts.items() if now - part.time < limit}:
                self._put(txn, key, young, limit)

    def _limit(self, is_short: bool) -> int:
        seconds = min(self.keeping.seconds, SHORT_SECONDS) if is_short else self.keeping.seconds
        return int(seconds * _SECOND)

    def _read(self, txn: lmdb.Transaction[bytes], key: bytes) -> _Parts:
        stored = self._records.get(txn, key)
        return {} if stored is None else _decoded(stored)

    def _put(self, txn: lmdb.Transaction[bytes], key: bytes, parts: _Parts, limit: int) -> None:
        value = json.dumps([[number, *part] for number, part in parts.items()]).encode()
        self._records.put(txn, key, value, min(part.time + part.lifetime(limit) for part in parts.values()))


def _decoded(value: bytes) -> _Parts:
    found = json.loads(value)
    return {number: _Part(*rest) for number, *rest in found} if isinstance(found, list) else {}


def _recent(parts: _Parts, now: int) -> _Parts:
    return {n: part for n, part in parts.items() if now - part.time <= TOGETHER_SECONDS * _SECOND}


def _joined(parts: _Parts) -> tuple[str, ...]:
    """The whole in every reading that a part has; where a part lacks one, its most trusted stands in."""
    ordered = [parts[number].texts or {} for number in sorted(parts)]
    names = dict.fromkeys(name for texts in ordered for name in texts)
    return tuple(dict.fromkeys("".join(_reading(texts, name) for texts in ordered) for name in names))


def _reading(texts: Mapping[str, str], name: str) -> str:
    return texts[name] if name in texts else next(iter(texts.values()), "")


def _digest(texts: Mapping[str, str]) -> str:
    return fingerprint(texts.values()).hex()


def _key(part: PartOfText) -> bytes:
    reference = _REFERENCE.pack(part.reference & 0xFFFFFFFF, part.total & 0xFF, part.is_short)
    return part.offer.pair.key + b"\0" + reference
