"""What a route decides by, and how one message is looked at under it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Literal, NamedTuple

from proxy.consent.numbers import Numbering, Pair
from proxy.consent.replies import Meaning, Reading, Replies, most_cautious
from proxy.consent.rules import Change, Claim, Consent, Origin, Rule, State, asked_for
from proxy.consent.scope import Groups, NumberSet
from proxy.smpp import pdu
from proxy.smpp.frames import MAX_PDU
from proxy.smpp.pdu import Address, Message
from proxy.smpp.text import DefaultAlphabet, Part, Text, is_receipt_text, read_text

DistributionLists = Literal["refuse", "pass"]

Confirmation = Literal["none", "platform"]
"""Who confirms a STOP to the consumer: nobody, or the platform, with one message."""


LONGEST_TEXT = 10_000
"""Characters of one message that are looked at, the first and the last ones: some sixty parts of an SMS."""


class Heard(NamedTuple):
    """A consumer's message: whose it is, what it means by itself, and which part of a longer one it is, if any.

    ``text`` is its most trusted reading.
    """

    pair: Pair
    reading: Reading
    text: str
    part: Part | None


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

    def pair_of_mt(self, source: Address, destination: Address) -> Pair:
        """The pair that a message to a consumer is checked under."""
        return Pair(self.business_of_mt(source), self.numbering.canonical(destination.ton, destination.digits))

    def business_of_mt(self, source: Address) -> str:
        """The business number that a message with this source_addr is from."""
        business = self.numbering.canonical(source.ton, source.digits)
        return business or (self.numbering.parse(self.default_source) if self.default_source else "")

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
        pair = self.numbering.pair_of_mo(message.source, message.destination)
        part = None if message.doubtful else text.part
        return Heard(pair, self._meaning(message, text), text.readings[0][:LONGEST_TEXT], part)

    def read_whole(self, text: str) -> Reading:
        """The meaning of a text put together from its parts."""
        reading = self.replies.read(_bounded(text))
        if len(text) > LONGEST_TEXT and reading.meaning is not Meaning.STOP:
            return Reading(Meaning.UNCLEAR, "")
        return reading

    def changes(self, heard: Heard, reading: Reading, origin: Origin) -> list[Change]:
        """What a reading of a consumer's message asks to change.

        A STOP to a number of a group is one for the group, a STOPALL for all groups; what opens a pair opens its
        number and its group.
        """
        wanted = asked_for(reading.meaning, self.rule)
        if wanted is None:
            return []
        business, consumer = heard.pair
        scope = self.groups.scope_of(business) if self.groups else None
        if wanted is State.OPTED_IN:
            targets = [business, *([scope] if scope else [])]
        elif self.groups and self.replies.asks_for_all(reading):
            targets = [*self.groups.scopes, *([] if scope else [business])]
        else:
            targets = [scope or business]
        version = self.replies.version
        return [
            Change(
                Pair(target, consumer),
                wanted,
                reading.meaning,
                reading.matched,
                origin,
                version,
                number="" if target == business else business,
                allows_confirmation=self.confirmation == "platform" and wanted is State.OPTED_OUT,
            )
            for target in targets
        ]

    def is_opted_out(self, pair: Pair, consent: Consent) -> bool:
        """Whether consent forbids this pair, by itself or by its group; raises ``ConsentUnreadable``."""
        if consent.state(pair) is State.OPTED_OUT:
            return True
        whole = self._target(pair)
        return whole != pair and consent.state(whole) is State.OPTED_OUT

    def claim(self, pair: Pair, origin: Origin) -> Claim:
        """The wish to send this opted-out pair the one message that may confirm its STOP."""
        return Claim(self._target(pair), pair.business, origin)

    def may_confirm(self, pair: Pair, consent: Consent) -> bool:
        """Whether a submit_sm to this opted-out pair is worth a claim; raises ``ConsentUnreadable``."""
        return self.confirmation == "platform" and consent.awaits_confirmation(self._target(pair))

    def _target(self, pair: Pair) -> Pair:
        """The pair that a STOP to this one opts out: its group's, if its number is in one."""
        scope = self.groups.scope_of(pair.business) if self.groups else None
        return pair if scope is None else Pair(scope, pair.consumer)

    def _meaning(self, message: Message, text: Text) -> Reading:
        """The most cautious meaning of all readings.

        What may be cut short (a part of a longer message, a length that can't be right) may say
        STOP, but nothing else that it says is acted on.
        """
        reading = most_cautious(self.replies.read(_bounded(reading)) for reading in text.readings)
        is_whole = not message.doubtful and text.part is None and max(map(len, text.readings)) <= LONGEST_TEXT
        if not is_whole and reading.meaning is not Meaning.STOP:
            return Reading(Meaning.UNCLEAR, "")
        return reading


def _bounded(text: str) -> str:
    half = LONGEST_TEXT // 2
    return text if len(text) <= LONGEST_TEXT else f"{text[:half]}\n{text[-half:]}"
