"""Which wishes can share one commit. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from proxy.consent.numbers import Pair
from proxy.consent.rules import State
from proxy.consent.wishes import Change, Claim, PartOfText, Shared

SHARE = 60
"""Wishes that share one commit: a wish may write two records, and the store takes some hundred of them."""

PART_WEIGHS = 8
"""A part counts as so many wishes: with it a whole reply may change several pairs."""


def parcels(wishes: Sequence[Shared]) -> list[list[Shared]]:
    """These wishes, cut into what can share one commit: so many, and no two that make different states of a pair.

    Each state has an entry of its own in every journal, and a record of the store says only what is so behind a commit.
    """
    found: list[list[Shared]] = [[]]
    states: dict[Pair, State | None] = {}
    size = 0
    for wish in wishes:
        made = _states(wish)
        weight = PART_WEIGHS if isinstance(wish, PartOfText) else 1
        meets = any(pair in states and (state is None or states[pair] is not state) for pair, state in made.items())
        if found[-1] and (size + weight > SHARE or meets):
            found.append([])
            states, size = {}, 0
        found[-1].append(wish)
        states |= made
        size += weight
    return found if found[-1] else []


def _states(wish: Shared) -> dict[Pair, State | None]:
    """The pairs that a wish may change, and into which state; None where only the whole of a reply can tell."""
    match wish:
        case Change(pair=pair, state=state):
            return {pair: state}
        case PartOfText(ends=ends):
            return dict.fromkeys(ends.pairs)
        case Claim(pair):
            return {pair: None}
    return {}
