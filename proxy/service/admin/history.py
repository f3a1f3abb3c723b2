"""The points of the page's charts: what was counted by each moment, how long things took since the one before."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Sequence
from typing import Any

from proxy.net.durations import ANSWER_SECONDS, Durations
from proxy.service.telemetry.counters import Totals

SAMPLE_EVERY = 5.0
"""Seconds between two points."""

SAMPLES = 180
"""Points that are kept: fifteen minutes."""

LATELY = 12
"""Looks that the share of errors is told over: a minute."""

LEAST_ANSWERS = 10
"""Answers in that time below which a share says nothing."""

SUBMITS = ("submit_sm", "submit_multi", "data_sm", "SubmitReq")
DELIVERIES = ("deliver_sm", "data_sm", "DeliverReq")
_ANSWERS = ("submit_sm_resp", "submit_multi_resp", "data_sm_resp", "SubmitRsp")
_WELL = ("ESME_ROK", "1000", "1100")


class History:
    """The last points, and the one of now."""

    def __init__(self, totals: Totals) -> None:
        self._totals = totals
        self._points: deque[dict[str, Any]] = deque(maxlen=SAMPLES)
        self._answered: deque[dict[str, tuple[int, int]]] = deque(maxlen=LATELY)
        self._before: tuple[list[int], list[int]] | None = None

    def sample(self) -> None:
        """Take a point."""
        self._points.append(self.point())
        self._before = self._counts()
        self._answered.append(self._by_route())

    def points(self) -> list[dict[str, Any]]:
        """All points, the last one of now."""
        return [*self._points, self.point()]

    def point(self) -> dict[str, Any]:
        """What was counted by now; ``answer`` and ``commit`` are the median and the 99th percentile in seconds since
        the last point, None where nothing was timed. ``errors`` are answers of carriers to messages, by status.
        """
        sums: Counter[str] = Counter()
        errors: Counter[str] = Counter()
        for (name, *labels), count in self._totals.counters().items():
            match name, labels:
                case "pdus_total", [_, side, command]:
                    sums[side] += count
                    sums["submits"] += count if side == "esme" and command in SUBMITS else 0
                    sums["deliveries"] += count if side == "smsc" and command in DELIVERIES else 0
                case "refused_total", [_, _, reason] if reason != "observed":
                    sums["refused"] += count
                case "consent_changes_total", _:
                    sums["changes"] += count
                case "carrier_answers_total", [_, command, status] if command in _ANSWERS and status not in _WELL:
                    errors[status] += count
        names = ("esme", "smsc", "submits", "deliveries", "refused", "changes")
        answers, commits = self._counts()
        before = self._before or ([0] * len(answers), [0] * len(commits))
        return {
            "time": time.time(),
            "sessions": self._totals.sessions().total(),
            **{name: sums[name] for name in names},
            "errors": {status: count for status, count in errors.items() if count},
            "answer": _middle_and_worst(ANSWER_SECONDS, answers, before[0]),
            "commit": _middle_and_worst(self._totals.durations_of("commit_seconds").bounds, commits, before[1]),
        }

    def error_shares(self) -> dict[str, float]:
        """Of each route, the share of its carriers' answers to messages in the last minute that were errors."""
        now = self._by_route()
        before = self._answered[0] if self._answered else {}
        shares: dict[str, float] = {}
        for route, (answers, errors) in now.items():
            answers_before, errors_before = before.get(route, (0, 0))
            if (count := answers - answers_before) >= LEAST_ANSWERS:
                shares[route] = (errors - errors_before) / count
        return shares

    def _by_route(self) -> dict[str, tuple[int, int]]:
        found: dict[str, tuple[int, int]] = {}
        for (name, *labels), count in self._totals.counters().items():
            if name == "carrier_answers_total" and labels[1] in _ANSWERS:
                answers, errors = found.get(labels[0], (0, 0))
                found[labels[0]] = answers + count, errors + (count if labels[2] not in _WELL else 0)
        return found

    def _counts(self) -> tuple[list[int], list[int]]:
        """How many answers and commits took how long, so far."""
        answers = Durations(ANSWER_SECONDS)
        for each in self._totals.answers().values():
            answers.add(each.counts, 0)
        return answers.counts, list(self._totals.durations()["commit_seconds"].counts)


def _middle_and_worst(
    bounds: Sequence[float], now: Sequence[int], before: Sequence[int]
) -> tuple[float | None, float | None]:
    counts = [max(0, a - b) for a, b in zip(now, before, strict=True)]
    return quantile(bounds, counts, 0.5), quantile(bounds, counts, 0.99)


def quantile(bounds: Sequence[float], counts: Sequence[int], share: float) -> float | None:
    """The duration that so large a share of these did not exceed, in a straight line between bounds; None of none.

    Behind the last bound nothing is known but that it was longer, so that bound is the answer.
    """
    total = sum(counts)
    if not total:
        return None
    wanted, seen, low = share * total, 0, 0.0
    for bound, count in zip(bounds, counts, strict=False):
        if count and seen + count >= wanted:
            return low + (bound - low) * (wanted - seen) / count
        seen, low = seen + count, bound
    return bounds[-1]
