"""Counts of one worker as it sends them, and their sums over all workers, living and gone."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from proxy.relay.route import Route
from proxy.relay.session.sides import Side
from proxy.smpp.pdu import command_name

BOUNDS: dict[str, tuple[float, ...]] = {
    "commit_seconds": (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5),
    "cluster_commit_seconds": (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0),
    "cluster_fence_seconds": (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0),
    "decision_seconds": (0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.01, 0.1),
}
"""Upper bounds of histograms, in seconds: a commit waits for a disk or other machines, a decision for this program."""

Key = tuple[str, ...]
"""A counter's name and the values of its labels, in the order of the table of metrics."""


class Durations:
    """A histogram of seconds that costs a bisection to observe; for one thread."""

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


class CarrierSeen(NamedTuple):
    """What one worker knows of a carrier: see ``proxy.net.carriers.CarrierState``."""

    route: str
    carrier: str
    is_up: bool | None
    since: float
    tried: float


class Snapshot(NamedTuple):
    """All counts of one worker at one moment."""

    counters: list[tuple[Key, int]]
    sessions: list[tuple[str, int]]
    """Sessions open now, by route."""
    carriers: list[CarrierSeen]
    durations: dict[str, tuple[list[int], float]]
    fault: str
    """Why it can't read or write the ledger, if it can't."""

    @classmethod
    def of(cls, routes: Sequence[Route], durations: dict[str, Durations], fault: str) -> Snapshot:
        """What these routes have counted."""
        return cls(
            [pair for route in routes for pair in _counters(route)],
            [(route.name, route.tally.sessions) for route in routes],
            [CarrierSeen(r.name, carrier, *state) for r in routes for carrier, state in r.carriers.states().items()],
            {name: (each.counts, each.sum) for name, each in durations.items()},
            fault,
        )


def _counters(route: Route) -> Iterator[tuple[Key, int]]:
    tally, name = route.tally, route.name
    yield from ((("sessions_total", name, ended_by), n) for ended_by, n in tally.sessions_ended.items())
    yield from ((("refused_total", name, *key), n) for key, n in tally.refused.items())
    yield from ((("replies_total", name, str(meaning)), n) for meaning, n in tally.replies.items())
    yield from ((("consent_changes_total", name, str(change)), n) for change, n in tally.changes.items())
    yield from ((("unreadable_pdus_total", name, command), n) for command, n in tally.unreadable.items())
    yield ("uninspected_sessions_total", name), tally.uninspected
    for side in Side:
        label = side.name.lower()
        yield ("bytes_total", name, label), tally.bytes[side]
        for command, n in tally.pdus[side].items():
            if n:
                yield ("pdus_total", name, label, command_name(command)), n


class Totals:
    """Sums over all workers. What a worker had counted when it was last heard of stays when it is gone."""

    def __init__(self) -> None:
        self._live: dict[int, Snapshot] = {}
        self._counters: Counter[Key] = Counter()
        self._durations = {name: Durations(bounds) for name, bounds in BOUNDS.items()}

    def take(self, worker: int, snapshot: Snapshot) -> None:
        """What this worker has counted by now."""
        self._live[worker] = snapshot

    def retire(self, worker: int) -> None:
        """This worker is gone; its counts stay, its sessions don't."""
        snapshot = self._live.pop(worker, None)
        if snapshot is not None:
            self._counters.update(dict(snapshot.counters))
            for name, (counts, total) in snapshot.durations.items():
                self._durations[name].add(counts, total)

    def durations_of(self, name: str) -> Durations:
        """A histogram that the supervisor itself observes."""
        return self._durations[name]

    def count(self, *key: str) -> None:
        """One more of what the supervisor counts itself."""
        self._counters[key] += 1

    def begin(self, *key: str) -> None:
        """Show this count though it is still zero."""
        self._counters[key] += 0

    def counters(self) -> Counter[Key]:
        """All counters."""
        total = self._counters.copy()
        for snapshot in self._live.values():
            total.update(dict(snapshot.counters))
        return total

    def durations(self) -> dict[str, Durations]:
        """All histograms."""
        total = {name: Durations(bounds) for name, bounds in BOUNDS.items()}
        for name, sum_ in total.items():
            sum_.add(self._durations[name].counts, self._durations[name].sum)
            for snapshot in self._live.values():
                sum_.add(*snapshot.durations[name])
        return total

    def faults(self) -> list[str]:
        """What keeps workers from using the ledger."""
        return [snapshot.fault for snapshot in self._live.values() if snapshot.fault]

    def sessions(self) -> Counter[str]:
        """Sessions open now, by route."""
        total: Counter[str] = Counter()
        for snapshot in self._live.values():
            for route, count in snapshot.sessions:
                total[route] += count
        return total

    def carriers(self) -> list[CarrierSeen]:
        """Every carrier as the worker saw it that tried it last."""
        last: dict[tuple[str, str], CarrierSeen] = {}
        for snapshot in self._live.values():
            for seen in snapshot.carriers:
                key = (seen.route, seen.carrier)
                if key not in last or seen.tried > last[key].tried:
                    last[key] = seen
        return list(last.values())
