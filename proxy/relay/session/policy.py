"""What a route decides by, and how one message is looked at under it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Literal, NamedTuple

from proxy.consent.numbers import Numbering, Pair, Spelling
from proxy.consent.rules import Change, Claim, Consent, Offer, Origin, Rule, State, asked_for
from proxy.consent.scope import Groups, NumberSet
from proxy.ledger.parts import hash_of
from proxy.meaning.replies import Meaning, Reading, Replies, most_cautious
from proxy.smpp import pdu
from proxy.smpp.frames import MAX_PDU
from proxy.smpp.pdu import Address, Message
from proxy.smpp.text import DefaultAlphabet, Part, Text, is_receipt_text, read_text

DistributionLists = Literal["refuse", "pass"]

Confirmation = Literal["none", "platform"]
"""Who confirms a STOP to the consumer: nobody, or the platform, with one message."""


LONGEST_TEXT = 2_000
"""Characters of one message that are looked at, in all its readings together: the first and the last ones of each.

Some thirteen parts of an SMS. The time to read them grows with them, and no PDU may hold up others for 20 ms."""


class Heard(NamedTuple):
    """A consumer's message: whose it is, what it means by itself, and which part of a longer one it is, if any.

    ``texts`` are its readings by name, the most trusted first; ``fingerprint`` is a hash of them.
    """

    business: Spelling
    consumer: Spelling
    reading: Reading
    texts: dict[str, str]
    part: Part | None
    fingerprint: bytes

    @property
    def pair(self) -> Pair:
        """Whose it most likely is."""
        return Pair(self.business.canonical, self.consumer.canonical)

    @property
    def is_certain(self) -> bool:
        """Whether it can be nobody else's."""
        return self.business.is_certain and self.consumer.is_certain


@cache
def _default_replies() -> Replies:
    return Replies()


@dataclass(frozen=True, slots=True)
class Policy:
    """The settings that decisions of one route rest on.

    ``refuse_with`` answers a submit to an opted-out pair, ``unavailable`` one that can't be
    decided now; both are command_status values. ``default_source`` is the number that the SMSC
    puts in for an empty source_addr. ``observed`` are business numbers that are watched and not
    enforced, ``groups`` those in which a STOP to one number holds for all.
    """

    numbering: Numbering = field(default_factory=Numbering)
    replies: Replies = field(default_factory=_default_replies)
    rule: Rule = Rule.ANY_REPLY
    refuse_with: int = pdu.STATUSES["ESME_RINVDSTADR"]
    unavailable: int = pdu.STATUSES["ESME_RMSGQFUL"]
    distribution_lists: DistributionLists = "refuse"
    default_alphabet: DefaultAlphabet = "gsm"
    packed_gsm: bool = False
    default_source: str = ""
    observed: NumberSet | None = None
    groups: Groups | None = None
    confirmation: Confirmation = "none"
    max_pdu: int = MAX_PDU

    def pairs_of_mt(self, source: Address, destination: Address) -> tuple[Pair, ...]:
        """The pairs that a message to a consumer is checked under, the likeliest first; nearly always one."""
        businesses = self.businesses_of_mt(source)
        consumer = self.numbering.read(destination.ton, destination.digits)
        if len(businesses) == 1 and not consumer.others:
            return (Pair(businesses[0], consumer.canonical),)
        return tuple(Pair(business, each) for business in businesses for each in consumer.all)

    def businesses_of_mt(self, source: Address) -> tuple[str, ...]:
        """The business numbers that a message with this source_addr may be from."""
        spelling = self.numbering.read(source.ton, source.digits)
        if not spelling.canonical and self.default_source:
            spelling = self.numbering.written(self.default_source)
        return spelling.all

    def is_observed(self, business: str) -> bool:
        """Whether what this number may not send is counted and passed on, instead of refused."""
        return self.observed is not None and business in self.observed

    def hear(self, buffer: bytes, start: int, end: int) -> Heard | None:
        """What the deliver_sm or data_sm at ``buffer[start:end]`` says about consent.

        None for what no consumer wrote: receipts and other notices, binary content. Raises
        ``PduError`` if its mandatory fields can't be read.
        """
        message = pdu.read_message(buffer, start, end)
        if message.is_notice:
            return None
        text = read_text(message, self.default_alphabet, packed=self.packed_gsm)
        if not text.readings or any(map(is_receipt_text, text.readings)):
            return None
        reading = self._meaning(message, text)
        part = None if message.doubtful else text.part
        source, destination = message.source, message.destination
        return Heard(
            self.numbering.read(destination.ton, destination.digits),
            self.numbering.read(source.ton, source.digits),
            reading,
            {name: each[:LONGEST_TEXT] for name, each in text.named.items()},
            part,
            hash_of((*text.readings, repr(part))),
        )

    def read_whole(self, texts: Sequence[str], *, is_certain: bool) -> Reading:
        """The meaning of a text put together from its parts, in all its readings.

        If it is not certain that the parts belong together, only a STOP is acted on.
        """
        return self._cautious(texts, is_whole=is_certain)

    def changes(self, heard: Heard, reading: Reading, origin: Origin, stops: int | None = None) -> list[Change]:
        """What a reading of a consumer's message asks to change; ``stops`` STOPs had been heard when it came.

        A STOP to a number of a group is one for the number and for the group, a STOPALL for the number and all groups;
        what opens a pair opens its number and its group. Where an address may mean several people, a STOP is that of
        all of them, and what asks to be let back in opens only what was closed from such an address.
        """
        wanted = asked_for(reading.meaning, self.rule)
        if wanted is None:
            return []
        offer = self.offer(heard, stops) if wanted is State.OPTED_IN else None
        is_confirmable = self.confirmation == "platform" and wanted is State.OPTED_OUT
        changes: list[Change] = []
        for business in heard.business.heard:
            for target in self._targets(business, reading):
                changes += (
                    Change(
                        Pair(target, consumer),
                        wanted,
                        reading.meaning,
                        reading.matched,
                        origin,
                        self.replies.version,
                        number="" if target == business else business,
                        allows_confirmation=is_confirmable and Pair(target, consumer) == heard.pair,
                        is_doubtful=not heard.is_certain,
                        offer=offer,
                    )
                    for consumer in heard.consumer.heard
                )
        return changes

    def may_open(self, heard: Heard) -> bool:
        """Whether this message, or one that it is a part of, may ask to be let back in, under some settings."""
        return heard.part is not None or heard.reading.meaning is not Meaning.STOP

    def offer(self, heard: Heard, stops: int | None) -> Offer:
        """What tells this message from others; ``stops`` STOPs had been heard when it came."""
        return Offer(heard.pair, heard.fingerprint, stops)

    def _targets(self, business: str, reading: Reading) -> list[str]:
        """The number itself, and the groups that a reply to it is for."""
        if not self.groups:
            return [business]
        if self.replies.asks_for_all(reading):
            return [business, *self.groups.scopes]
        scope = self.groups.scope_of(business)
        return [business, scope] if scope else [business]

    def is_opted_out(self, pair: Pair, consent: Consent) -> bool:
        """Whether consent forbids this pair, by itself or by its group; raises ``ConsentUnreadable``."""
        if consent.state(pair) is State.OPTED_OUT:
            return True
        scope = self.groups.scope_of(pair.business) if self.groups else None
        return scope is not None and consent.state(Pair(scope, pair.consumer)) is State.OPTED_OUT

    def claim(self, pair: Pair, origin: Origin) -> Claim:
        """The wish to send this opted-out pair the one message that may confirm its STOP."""
        return Claim(pair, pair.business, origin)

    def may_confirm(self, pair: Pair, consent: Consent) -> bool:
        """Whether a submit_sm to this opted-out pair is worth a claim; raises ``ConsentUnreadable``."""
        return self.confirmation == "platform" and consent.awaits_confirmation(pair)

    def _meaning(self, message: Message, text: Text) -> Reading:
        """The most cautious meaning of all readings.

        What may be cut short (a part of a longer message, a length that can't be right) may say
        STOP, but nothing else that it says is acted on.
        """
        return self._cautious(text.readings, is_whole=not (message.doubtful or text.part or text.is_cut))

    def _cautious(self, readings: Sequence[str], *, is_whole: bool) -> Reading:
        share = LONGEST_TEXT // len(readings)
        reading = most_cautious(self.replies.read(_bounded(each, share)) for each in readings)
        is_whole = is_whole and max(map(len, readings)) <= share
        return reading if is_whole or reading.meaning is Meaning.STOP else Reading(Meaning.UNCLEAR, "")


def _bounded(text: str, most: int) -> str:
    half = most // 2
    return text if len(text) <= most else f"{text[:half]}\n{text[-half:]}"
