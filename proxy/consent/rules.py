"""What a reply changes: (state, meaning, rule) -> the new state, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, Protocol

from proxy.consent.numbers import Pair
from proxy.consent.refusals import Refusals
from proxy.meaning.replies import Meaning


class State(StrEnum):
    """Whether a business may text a consumer. A pair that nobody spoke of has none, and may."""

    OPTED_OUT = "opted_out"
    OPTED_IN = "opted_in"


class Rule(StrEnum):
    """What lets a consumer who said STOP back in: any ordinary reply, or only a RESUME word."""

    ANY_REPLY = "any-reply"
    KEYWORD = "keyword"


_ASKED_FOR: dict[tuple[Meaning, Rule], State] = {
    (Meaning.STOP, Rule.ANY_REPLY): State.OPTED_OUT,
    (Meaning.STOP, Rule.KEYWORD): State.OPTED_OUT,
    (Meaning.RESUME, Rule.ANY_REPLY): State.OPTED_IN,
    (Meaning.RESUME, Rule.KEYWORD): State.OPTED_IN,
    (Meaning.OTHER, Rule.ANY_REPLY): State.OPTED_IN,
}
"""What each meaning asks for; the pairs that are not here ask for no change."""


def asked_for(meaning: Meaning, rule: Rule) -> State | None:
    """The state that a reply of this meaning asks for, or None if it asks for no change."""
    return _ASKED_FOR.get((meaning, rule))


def changes(state: State | None, wanted: State) -> bool:
    """Whether ``wanted`` differs from ``state``: a pair without a state may already be texted."""
    return wanted is not (state or State.OPTED_IN)


class Origin(NamedTuple):
    """Where a change came from: a session of a route, or an operator (``route`` empty)."""

    route: str
    session: str
    system_id: str
    carrier: str = ""


class Offer(NamedTuple):
    """A message that asks to be let back in, told from others, and what had been heard when it first came.

    ``pair`` is whose it most likely is, ``fingerprint`` a hash of what it says. ``stops`` is how many STOPs the ledger
    had heard by then (``Consent.stops``): a message from before a STOP must not undo it, however late it is offered
    again. None for one that comes behind a STOP of the same read.
    """

    pair: Pair
    fingerprint: bytes
    stops: int | None


class TurnedBack(NamedTuple):
    """The wish to remember a message that nobody took, since the SMSC will offer it again.

    ``is_answered``: it was taken, but so late that the SMSC may have given it up; if so it offers it again soon.
    """

    offer: Offer
    is_answered: bool = False


class Taken(NamedTuple):
    """The wish to forget a message that was turned back, and was taken at last."""

    offer: Offer


@dataclass(frozen=True, slots=True)
class Change:
    """A wish to set a pair's state, with its evidence; the message's text is not part of it."""

    pair: Pair
    state: State
    meaning: Meaning
    matched: str
    origin: Origin
    rules: str = ""
    """The version of the rules that found the meaning."""
    operator: str = ""
    note: str = ""
    """Who asked for it and why, if it was no reply."""
    number: str = ""
    """The business number that the reply went to, where the pair is that of its group."""
    allows_confirmation: bool = False
    """Whether one message may follow this opt-out, to confirm it; see ``Claim``."""
    is_doubtful: bool = False
    """Whether the address may be another person's too: then it closes the pair, and opens only what was so closed."""
    offer: Offer | None = None
    """The message, where it asks to open the pair."""


CONFIRMATION_SECONDS = 300
"""How long after a STOP its confirmation may be sent: 47 CFR 64.1200(a)(12)."""


class Claim(NamedTuple):
    """The wish to pass the one message that may confirm a STOP; fulfilled for the first who asks in time.

    ``pair`` is the pair that was opted out, ``number`` the business number that wants to confirm it.
    """

    pair: Pair
    number: str
    origin: Origin


class PartOfText(NamedTuple):
    """One part of a long reply, to be kept until all are there; ``number`` of ``total``, from 1.

    ``texts`` are its readings by their names. ``is_short`` tells a reference of 8 bits, which is soon used again.
    ``says_stop``: this part is a STOP by itself, so nothing has to be read of the whole.
    ``decide`` is told the whole text, in all its readings, and whether it is certain that its parts belong together;
    it says what that asks to change. It must be quick and pure: it is called inside the ledger's transaction, so that
    the last part and what it changes are one.
    """

    offer: Offer
    reference: int
    total: int
    number: int
    texts: Mapping[str, str]
    is_short: bool
    says_stop: bool
    decide: Callable[[Sequence[str], bool], Sequence[Change]]


Wish = Change | Claim | PartOfText | Refusals | TurnedBack | Taken
"""What the ledger may be asked to write."""


class ConsentUnreadable(Exception):
    """Consent can't be read now; nothing that needs it may pass."""


class Consent(Protocol):
    """The consent of all pairs as it stood at one moment."""

    def state(self, pair: Pair) -> State | None:
        """The state of a pair; raises ``ConsentUnreadable``."""
        ...

    def recorded(self, keys: Sequence[bytes]) -> Collection[bytes]:
        """Those of these pairs, given by their keys, that anything is recorded of; raises ``ConsentUnreadable``."""
        ...

    def awaits_confirmation(self, pair: Pair) -> bool:
        """Whether this opted-out pair's STOP may still be confirmed; raises ``ConsentUnreadable``."""
        ...

    def stops(self) -> int:
        """How many STOPs, of all pairs, were heard before this moment; raises ``ConsentUnreadable``."""
        ...

    def was_turned_back(self, offer: Offer) -> bool:
        """Whether this message was turned back, and has not been taken since; raises ``ConsentUnreadable``."""
        ...
