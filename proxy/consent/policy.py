"""May this be sent? What does this message change? Decided here once, whatever protocol the message came by."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from proxy.consent.lookups import Consent
from proxy.consent.numbers import Ends, Numbering, Pair
from proxy.consent.rules import Rule, State, asked_for
from proxy.consent.scope import Groups, NumberSet
from proxy.consent.wishes import Change, Claim, Offer, Origin, PartOfText
from proxy.meaning.meanings import Meaning, Reading, most_cautious
from proxy.meaning.replies import Replies

Confirmation = Literal["none", "platform"]
"""Who confirms a STOP to the consumer: nobody, or the platform, with one message."""

LONGEST_TEXT = 2_000
"""Characters of one message that are looked at, in all its readings together: the first and the last ones of each.

Some thirteen parts of an SMS. The time to read them grows with them, and no message may hold up others for 20 ms."""


@cache
def _default_replies() -> Replies:
    return Replies()


@dataclass(frozen=True, slots=True)
class Policy:
    """The settings that decide over consent.

    ``observed`` are business numbers that are watched and not enforced, ``groups`` those in which a STOP to one number
    holds for all.
    """

    numbering: Numbering = field(default_factory=Numbering)
    replies: Replies = field(default_factory=_default_replies)
    rule: Rule = Rule.ANY_REPLY
    observed: NumberSet | None = None
    groups: Groups | None = None
    confirmation: Confirmation = "none"

    # May this be sent?

    def forbidding(self, pairs: Sequence[Pair], consent: Consent) -> Sequence[Pair]:
        """Those of the pairs a message may be for that forbid it, the enforced ones first; none if it may be sent.

        Raises ``ConsentUnreadable``.
        """
        closed = [pair for pair in pairs if is_opted_out(pair, self.groups, consent.state)]
        return sorted(closed, key=lambda pair: self.is_observed(pair.business)) if len(closed) > 1 else closed

    def is_observed(self, business: str) -> bool:
        """Whether what this number may not send is counted and passed on, instead of refused."""
        return self.observed is not None and business in self.observed

    def claim(self, pair: Pair, origin: Origin) -> Claim:
        """The wish to send this opted-out pair the one message that may confirm its STOP."""
        return Claim(pair, pair.business, origin)

    def may_confirm(self, pair: Pair, consent: Consent) -> bool:
        """Whether a message to this opted-out pair is worth a claim; raises ``ConsentUnreadable``."""
        return self.confirmation == "platform" and consent.awaits_confirmation(pair)

    # What does this message change?

    def read(self, texts: Sequence[str], *, is_whole: bool) -> Reading:
        """The most cautious meaning of a text, of which ``texts`` are the ways to read it.

        What is not certainly whole (a part of a longer message, one that was cut, parts that may be of two messages)
        may say STOP, but nothing else that it says is acted on.
        """
        share = LONGEST_TEXT if sum(map(len, texts)) <= LONGEST_TEXT else LONGEST_TEXT // len(texts)
        reading = most_cautious(self.replies.read(_bounded(each, share)) for each in texts)
        is_whole = is_whole and max(map(len, texts)) <= share
        return reading if is_whole or reading.meaning is Meaning.STOP else Reading(Meaning.UNCLEAR, "")

    def changes(self, ends: Ends, reading: Reading, origin: Origin, offer: Offer | None) -> list[Change]:
        """What a consumer's message asks to change; ``offer`` tells it from others, where it may ask to be let in.

        A STOP to a number of a group is one for the number and for the group, a STOPALL for the number and all groups;
        what opens a pair opens its number and its group. Where an address may mean several people, a STOP is that of
        all of them, and what asks to be let back in opens only what was closed from such an address.
        """
        wanted = asked_for(reading.meaning, self.rule)
        if wanted is None:
            return []
        is_confirmable = self.confirmation == "platform" and wanted is State.OPTED_OUT
        return [
            Change(
                pair,
                wanted,
                reading.meaning,
                reading.matched,
                origin,
                self.replies.version,
                number="" if pair.business == business else business,
                allows_confirmation=is_confirmable and pair == ends.likeliest,
                is_doubtful=not ends.is_certain,
                offer=offer if wanted is State.OPTED_IN else None,
            )
            for business, pair in self.spoken_of(ends, reading)
        ]

    def spoken_of(self, ends: Ends, reading: Reading) -> Iterator[tuple[str, Pair]]:
        """The pairs that a message is about, those of groups too, each with the business number that it went to."""
        for business in ends.business.heard:
            for target in self._targets(business, reading):
                for consumer in ends.consumer.heard:
                    yield business, Pair(target, consumer)

    def changes_of_whole(self, part: PartOfText, texts: Sequence[str], is_certain: bool) -> list[Change]:
        """What a reply asks to change that was put together from parts, of which ``part`` is one; see ``Decide``."""
        return self.changes(part.ends, self.read(texts, is_whole=is_certain), part.origin, None)

    def _targets(self, business: str, reading: Reading) -> list[str]:
        """The number itself, and the groups that a reply to it is for."""
        if not self.groups:
            return [business]
        if self.replies.asks_for_all(reading):
            return [business, *self.groups.scopes]
        scope = self.groups.scope_of(business)
        return [business, scope] if scope else [business]


def is_opted_out(pair: Pair, groups: Groups | None, state: Callable[[Pair], State | None]) -> bool:
    """Whether consent forbids this pair, by itself or by its number's group; ``state`` says that of a pair."""
    if state(pair) is State.OPTED_OUT:
        return True
    scope = groups.scope_of(pair.business) if groups else None
    return scope is not None and state(Pair(scope, pair.consumer)) is State.OPTED_OUT


def _bounded(text: str, most: int) -> str:
    half = most // 2
    return text if len(text) <= most else f"{text[:half]}\n{text[-half:]}"
