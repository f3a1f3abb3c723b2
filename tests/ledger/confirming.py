"""STOPs that may be confirmed."""

from __future__ import annotations

from proxy.consent.numbers import Pair
from proxy.consent.wishes import Change
from tests.ledger.samples import ORIGIN, PAIR, wish


def stop(pair: Pair = PAIR, number: str = "") -> Change:
    change = wish(pair)
    return Change(
        pair, change.state, change.meaning, change.matched, ORIGIN, "rules-1", number=number, allows_confirmation=True
    )
