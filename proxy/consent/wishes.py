"""What may be asked to be written: plain data, which can go to another process or machine; and who makes it durable."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from proxy.consent.entries import Entry
from proxy.consent.numbers import Ends, Pair
from proxy.consent.refusals import Refusals
from proxy.consent.rules import State
from proxy.meaning.meanings import Meaning


class Origin(NamedTuple):
    """Where a change came from: a session of a route, or an operator (``route`` empty).

    ``system_id`` is who spoke there, as the SMPP bind or the HTTP credentials name it; ``protocol`` is ``smpp`` or
    ``mm7``.
    """

    route: str
    session: str
    system_id: str
    carrier: str = ""
    protocol: str = ""


class Offer(NamedTuple):
    """A message that asks to be let back in, told from others, and what had been heard when it first came.

    ``pair`` is whose it most likely is, ``fingerprint`` a hash of what it says. ``stops`` is how many STOPs the ledger
    had heard by then (``Consent.stops``): a message from before a STOP must not undo it, however late it is offered
    again. None for one that comes behind a STOP of the same read.
    """

    pair: Pair
    fingerprint: bytes
    stops: int | None


def fingerprint(texts: Iterable[str]) -> bytes:
    """A short hash of what a message says, by which it is known again."""
    hashed = hashlib.blake2b(digest_size=8)
    for text in texts:
        hashed.update(text.encode("utf-8", "surrogatepass") + b"\0")
    return hashed.digest()


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
    meaning: Meaning | None
    """What the reply meant; None where it was no reply."""
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
    """The message that asks for it: only what opens the pair is judged by it."""

    def evidence(self) -> dict[str, str]:
        """What the journal keeps of it."""
        return said(
            {
                "meaning": str(self.meaning or ""),
                "matched": self.matched,
                "rules": self.rules,
                **self.origin._asdict(),
                "operator": self.operator,
                "note": self.note,
                "number": self.number,
            }
        )


KEPT_FOR = 7 * 86_400 * 1_000_000
"""Microseconds for which a message is remembered that nobody took: SMSCs give one up after hours or a few days."""

KEPT_IF_ANSWERED = 3_600 * 1_000_000
"""Microseconds for which one is remembered that was answered late: SMSCs try again after minutes."""


def offer_kept(*, is_answered: bool) -> int:
    """For how many microseconds a message is remembered that nobody took, or that was answered late."""
    return KEPT_IF_ANSWERED if is_answered else KEPT_FOR


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

    ``ends`` is whose it is, ``texts`` are its readings by their names. ``is_short`` tells a reference of 8 bits, which
    is soon used again. ``says_stop``: this part is a STOP by itself, so nothing has to be read of the whole. What the
    whole asks to change is decided where the last part is kept, by whoever keeps them: see ``Decide``.
    """

    offer: Offer
    ends: Ends
    origin: Origin
    reference: int
    total: int
    number: int
    texts: Mapping[str, str]
    is_short: bool
    says_stop: bool


Decide = Callable[[PartOfText, Sequence[str], bool], Sequence[Change]]
"""What a whole reply asks to change: told one of its parts, the whole text in all its readings, and whether it is
certain that its parts belong together. It is quick and pure: it is called while the last part is written, so that the
part and what it changes are one. The ledger adds the offer: it knows when the first of the parts came."""

Shared = Change | Claim | PartOfText | TurnedBack | Taken
"""What is decided once for all who share the consent, over all workers and machines."""

Wish = Shared | Refusals
"""What may be asked to be written. Counts of refusals are each machine's own."""

Made = Sequence[Sequence[Entry]]
"""The journal entries that each wish made, in the order of the wishes."""


class NotRecorded(Exception):
    """Wishes could not be made durable, and nothing of them was done; the message says why."""


class Commits(Protocol):
    """Who makes wishes durable."""

    async def commit(self, wishes: Sequence[Wish]) -> Made:
        """Make these wishes durable, in order and together; raises ``NotRecorded``."""
        ...

    def remember(self, wishes: Sequence[Wish]) -> None:
        """Make these durable as soon as that can be done, before all others; nobody waits for it."""
        ...

    def count(self, refusals: Sequence[Refusals]) -> None:
        """Have these counts written down; they are lost if that can't be done now."""
        ...


def said(fields: dict[str, str]) -> dict[str, str]:
    """Evidence without the fields that say nothing."""
    return {name: value for name, value in fields.items() if value}
