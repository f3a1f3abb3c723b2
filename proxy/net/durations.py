"""A histogram of seconds that costs a bisection to observe; for one thread."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

ANSWER_SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Upper bounds of the histograms of answers, in seconds: from the same rack to a carrier that queues."""


class Durations:
    """How many durations were at most as long as each bound, and their sum."""

    def __init__(self, bounds: Sequence[float]) -> None:
        self.bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        self.sum = 0.0

    def observe(self, seconds: float) -> None:
        """Count one duration."""
        self.counts[bisect_left(self.bounds, seconds)] += 1
        self.sum += seconds

    def add(self, counts: Sequence[int], total: float) -> None:
        """Count what another histogram with the same bounds has counted."""
        self.counts = [own + other for own, other in zip(self.counts, counts, strict=True)]
        self.sum += total

    def buckets(self) -> tuple[list[tuple[str, float]], float]:
        """Cumulative counts by upper bound, as Prometheus wants them, and the sum."""
        total = 0
        rows: list[tuple[str, float]] = []
        for bound, count in zip((*map(str, self.bounds), "+Inf"), self.counts, strict=True):
            total += count
            rows.append((bound, total))
        return rows, self.sum
