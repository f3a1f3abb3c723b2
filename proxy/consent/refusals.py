"""How often a pair was refused, first and last: counted in memory, written down now and then.

A refusal must cost no commit: what a crash can lose is the counts of one interval, never consent.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from proxy.consent.numbers import Pair

MOST_PAIRS = 10_000
"""Pairs counted between two writings; submits to more than that share one count, under an empty pair."""

_TOO_MANY = Pair("", "")


class Refusals(NamedTuple):
    """Submits to an opted-out pair: how many were refused, how many only observed, and when (UTC microseconds)."""

    pair: Pair
    refused: int
    observed: int
    first: int
    last: int

    def plus(self, other: Refusals) -> Refusals:
        """Both together."""
        return Refusals(
            self.pair,
            self.refused + other.refused,
            self.observed + other.observed,
            min(self.first, other.first),
            max(self.last, other.last),
        )


class RefusalCounts:
    """Counts since the last ``take``; ``clock`` gives UTC in microseconds."""

    def __init__(self, clock: Callable[[], int]) -> None:
        self._clock = clock
        self._counts: dict[Pair, Refusals] = {}

    def add(self, pair: Pair, *, is_observed: bool) -> None:
        """One more submit to this pair that consent forbids."""
        if pair not in self._counts and len(self._counts) >= MOST_PAIRS:
            pair = _TOO_MANY
        now = self._clock()
        one = Refusals(pair, 0 if is_observed else 1, 1 if is_observed else 0, now, now)
        known = self._counts.get(pair)
        self._counts[pair] = one if known is None else known.plus(one)

    def take(self) -> list[Refusals]:
        """What was counted since the last call."""
        counts, self._counts = self._counts, {}
        return list(counts.values())
