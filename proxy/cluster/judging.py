"""What wishes make of the records in the shared store. Pure: the same rules that a single ledger decides by.

A batch of wishes is judged in order over the records as they were read; each sees what those before it made. Whether
the records were still so is for the commit to say; if not, all of it is judged again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from proxy.cluster.engine import Key, Put, Record
from proxy.cluster.values import (
    MOST_PART_IDS,
    SharedOffer,
    SharedPair,
    offer_key,
    pair_key,
    part_octets,
    read_offer,
    read_pair,
    read_part,
)
from proxy.consent.entries import Event
from proxy.consent.numbers import Pair
from proxy.consent.parts import Keeping, shelf_key, with_part
from proxy.consent.rules import State
from proxy.consent.wishes import (
    CONFIRMATION_SECONDS,
    Change,
    Claim,
    Decide,
    Offer,
    PartOfText,
    Shared,
    Taken,
    TurnedBack,
    offer_kept,
    said,
)

PENDING = 1 << 62
"""Stands for the revision of what this very commit writes: greater than all that were heard."""


@dataclass(slots=True)
class Asked:
    """Wishes that are made durable together, as long as it takes.

    ``ids`` names each of them: the same wish, tried again, is the same change. ``tried`` are the revisions of the
    records as they were when a commit was tried whose outcome can't be known: what was written since then is newer.
    """

    wishes: Sequence[Shared]
    ids: Sequence[str]
    tried: dict[Key, int] = field(default_factory=dict)


def keys_of(wish: Shared) -> list[Key]:
    """The records that must be read before this wish can be judged."""
    match wish:
        case Change(pair=pair, offer=offer):
            return [pair_key(pair)] if offer is None or not offer.fingerprint else [pair_key(pair), offer_key(offer)]
        case Claim(pair):
            return [pair_key(pair)]
        case PartOfText(offer=offer):
            return [Key("part", shelf_key(wish)), offer_key(offer)]
        case TurnedBack(offer) | Taken(offer):
            return [offer_key(offer)]


class Superseded(Exception):
    """A wish was tried before, was not done, and somebody else has written its record since: that is newer."""

    def __init__(self, asked: Asked) -> None:
        super().__init__("somebody else has changed this pair meanwhile")
        self.asked = asked


class UnreadRecord(Exception):
    """A record that a whole reply is about, and that was not read yet; judge again when it is."""

    def __init__(self, keys: Sequence[Key]) -> None:
        super().__init__(keys)
        self.keys = keys


class Judge:
    """Judges wishes over ``records``, as of ``now`` (UTC microseconds), for the node ``node``.

    ``heard`` is the newest revision that this node knew of, ``decide`` says what whole replies change.
    """

    def __init__(
        self, records: Mapping[Key, Record], *, node: str, now: int, heard: int, keeping: Keeping, decide: Decide
    ) -> None:
        self._records = records
        self._written: dict[Key, bytes | None] = {}
        self.wrote: list[set[Key]] = []
        """The records that each of the asked writes, in the order in which they were judged."""
        self._asked: Asked | None = None
        self._node = node
        self._now = now
        self._heard = heard
        self._keeping = keeping
        self._decide = decide

    def puts(self) -> list[Put]:
        """What is to be written, each if the record is still as it was read."""
        return [Put(key, value, self._revision_read(key)) for key, value in self._written.items()]

    def judge(self, asked: Asked) -> None:
        """Note what these wishes write. Raises ``UnreadRecord``, ``Superseded``, ``UnreadableValue``."""
        self._asked = asked
        self.wrote.append(set())
        for wish, change in zip(asked.wishes, asked.ids, strict=True):
            match wish:
                case Change():
                    self._change(wish, change, asked.tried)
                case Claim():
                    self._claim(wish, change, asked.tried)
                case PartOfText():
                    self._part(wish, change, asked.tried)
                case TurnedBack(offer, is_answered):
                    self._turned_back(offer, is_answered=is_answered)
                case Taken(offer):
                    if self._value(offer_key(offer)) is not None:
                        self._write(offer_key(offer), None)

    # One kind of wish after another.

    def _change(self, wish: Change, change: str, tried: Mapping[Key, int]) -> None:
        key, known = self._pair(wish.pair)
        if known is not None and change in known.ids:
            return
        self._look_for_newer(key, tried)
        evidence = said({**wish.evidence(), "node": self._node})
        if wish.state is State.OPTED_OUT:
            if known is not None and known.state is State.OPTED_OUT:
                is_doubtful = known.is_doubtful and wish.is_doubtful
                self._put(key, replace(known, stop=None, is_doubtful=is_doubtful), change)
                return
            fresh = SharedPair(
                Event.OPTED_OUT, change, self._now, None, wish.allows_confirmation, wish.is_doubtful, evidence
            )
            self._put(key, fresh, change)
        elif known is not None and known.state is State.OPTED_OUT and self._may_open(wish, key, known):
            opened = SharedPair(Event.OPTED_IN, change, self._now, self._last_stop(key, known), False, False, evidence)
            self._put(key, opened, change)

    def _may_open(self, wish: Change, key: Key, known: SharedPair) -> bool:
        """Whether a message may let its pair be texted again; the rules are those of ``Ledger``."""
        if wish.is_doubtful and not known.is_doubtful:
            return False
        offered = self._first_offered(wish.offer) if wish.offer else None
        stop = self._last_stop(key, known)
        return offered is None or (PENDING if stop is None else stop) <= offered

    def _claim(self, claim: Claim, change: str, tried: Mapping[Key, int]) -> None:
        key, known = self._pair(claim.pair)
        if known is not None and change in known.ids:
            return
        self._look_for_newer(key, tried)
        if known is None or not known.is_unconfirmed:
            return
        if abs(self._now - known.at) > CONFIRMATION_SECONDS * 1_000_000:  # clocks of nodes differ a little
            return
        number = known.evidence.get("number", "")
        if (number or claim.pair.business) != claim.number:
            return
        evidence = said({"number": number, **claim.origin._asdict(), "node": self._node})
        stop = self._last_stop(key, known)
        confirmed = replace(
            known, event=Event.CONFIRMED, change=change, stop=stop, is_unconfirmed=False, evidence=evidence
        )
        self._put(key, confirmed, change)

    def _part(self, part: PartOfText, change: str, tried: Mapping[Key, int]) -> None:
        key = Key("part", shelf_key(part))
        ids, known = read_part(self._value(key))
        if not 1 <= part.number <= part.total or change in ids:
            return
        stops = self._first_offered(part.offer)
        limit = self._keeping.limit(is_short=part.is_short)
        kept, whole = with_part(known, part, self._heard if stops is None else stops, self._now, limit)
        if kept is not known:
            self._write(key, part_octets([*ids, change][-MOST_PART_IDS:], kept))
        if whole is None:
            return
        decided = self._decide(part, whole.texts, whole.is_certain)
        unread = [key for each in decided if (key := pair_key(each.pair)) not in self._records]
        if unread:
            raise UnreadRecord(unread)
        offer = Offer(part.offer.pair, b"", whole.stops)
        for number, each in enumerate(decided):
            self._change(replace(each, offer=offer), f"{change}.{number}", tried)

    def _turned_back(self, offer: Offer, *, is_answered: bool) -> None:
        key = offer_key(offer)
        stored, until = self._value(key), self._now + offer_kept(is_answered=is_answered)
        if stored is None:
            first = self._heard if offer.stops is None else offer.stops
            self._write(key, SharedOffer(first, until).octets())
            return
        known = read_offer(key.name, stored)
        self._write(key, replace(known, until=min(until, known.until) if is_answered else until).octets())

    # What is known.

    def _last_stop(self, key: Key, known: SharedPair) -> int | None:
        """The revision of a pair's last STOP, None for the one that this very commit will have."""
        return known.stop if key in self._written else known.last_stop(self._revision_read(key))

    def _first_offered(self, offer: Offer) -> int | None:
        stored = self._value(offer_key(offer)) if offer.fingerprint else None
        return offer.stops if stored is None else read_offer(b"", stored).first

    def _look_for_newer(self, key: Key, tried: Mapping[Key, int]) -> None:
        """Raise ``Superseded`` if somebody else has written the record since this wish was tried first."""
        if key in tried and self._revision_read(key) != tried[key]:
            assert self._asked is not None
            raise Superseded(self._asked)

    def _write(self, key: Key, value: bytes | None) -> None:
        self._written[key] = value
        self.wrote[-1].add(key)

    def _pair(self, pair: Pair) -> tuple[Key, SharedPair | None]:
        key = pair_key(pair)
        stored = self._value(key)
        return key, None if stored is None else read_pair(key.name, stored)

    def _value(self, key: Key) -> bytes | None:
        if key in self._written:
            return self._written[key]
        record = self._records.get(key)
        return record.value if record else None

    def _revision_read(self, key: Key) -> int:
        record = self._records.get(key)
        return record.revision if record and record.value is not None else 0

    def _put(self, key: Key, value: SharedPair, change: str) -> None:
        stored = self._value(key)
        ids = read_pair(key.name, stored).ids if stored else ()
        self._write(key, replace(value, ids=(*ids, change)).octets())
