"""What tests of the ledger write into one, and read of it."""

from __future__ import annotations

from proxy.consent.numbers import Pair
from proxy.consent.rules import State
from proxy.consent.wishes import Change, Origin
from proxy.ledger.ledger import Ledger
from proxy.meaning.meanings import Meaning

ORIGIN = Origin("route", "session", "system", "carrier:2775")


PAIR = Pair("+15551230001", "+15559870001")


OTHER_PAIR = Pair("+15551230002", "+15559870001")


OUT, IN = State.OPTED_OUT, State.OPTED_IN


def wish(pair: Pair = PAIR, state: State = OUT) -> Change:
    return Change(pair, state, Meaning.STOP if state is OUT else Meaning.OTHER, "stop", ORIGIN, "rules-1")


def numbered(n: int) -> Pair:
    return Pair("+15551230001", f"+1555{n:07}")


class Clock:
    def __init__(self, now: int = 1_790_000_000_000_000) -> None:
        self.now = now

    def __call__(self) -> int:
        return self.now


def state(ledger: Ledger, pair: Pair = PAIR) -> State | None:
    with ledger.reader() as consent:
        return consent.state(pair)
