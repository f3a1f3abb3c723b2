"""Counts of one worker as it sends them, and their sums over all workers, living and gone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from proxy.mms.route import MmsRoute
from proxy.mms.tally import MmsTally
from proxy.net.durations import ANSWER_SECONDS, Durations
from proxy.net.sides import Side
from proxy.relay.route import Route
from proxy.relay.session.tally import Tally
from proxy.service.telemetry.vitals import Vitals
from proxy.smpp.pdu import STATUS_NAMES, command_name

BOUNDS: dict[str, tuple[float, ...]] = {
    "commit_seconds": (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5),
    "cluster_commit_seconds": (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0),
    "cluster_fence_seconds": (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0),
    "decision_seconds": (0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.01, 0.1),
}
"""Upper bounds of histograms, in seconds: a commit waits for a disk or other machines, a decision for this program."""

AnyRoute = Route | MmsRoute

Key = tuple[str, ...]
"""A counter's name and the values of its labels, in the order of the table of metrics."""


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
    answers: list[tuple[tuple[str, str], list[int], float]]
    """Histograms of how long carriers took to answer, by route and carrier."""
    gauges: list[tuple[Key, int]]
    """What is so now, of which the sum over all workers is shown."""
    vitals: Vitals
    fault: str
    """Why it can't read or write the ledger, if it can't."""

    @classmethod
    def of(cls, routes: Sequence[AnyRoute], durations: dict[str, Durations], vitals: Vitals, fault: str) -> Snapshot:
        """What these routes have counted."""
        return cls(
            [pair for route in routes for pair in _counters(route)],
            [(route.name, route.tally.sessions) for route in routes],
            [CarrierSeen(r.name, carrier, *state) for r in routes for carrier, state in r.carriers.states().items()],
            {name: (each.counts, each.sum) for name, each in durations.items()},
            [((r.name, name), d.counts, d.sum) for r in routes for name, d in r.tally.answer_seconds.items()],
            [pair for route in routes for pair in _gauges(route)],
            vitals,
            fault,
        )


def _counters(route: AnyRoute) -> Iterator[tuple[Key, int]]:
    tally, name = route.tally, route.name
    yield from ((("sessions_ended_total", name, ended_by), n) for ended_by, n in tally.sessions_ended.items())
    yield from ((("refused_total", name, *key), n) for key, n in tally.refused.items())
    yield from ((("replies_total", name, str(meaning)), n) for meaning, n in tally.replies.items())
    yield from ((("consent_changes_total", name, str(change)), n) for change, n in tally.changes.items())
    yield from ((("unreadable_pdus_total", name, command), n) for command, n in tally.unreadable.items())
    yield ("uninspected_sessions_total", name), tally.uninspected
    yield from (
        (("connect_failures_total", name, carrier), n) for carrier, n in route.carriers.connect_failures.items()
    )
    yield from ((("bytes_total", name, side.name.lower()), tally.bytes[side]) for side in Side)
    yield from _of_smpp(name, tally) if isinstance(tally, Tally) else _of_mm7(name, tally)


def _of_smpp(name: str, tally: Tally) -> Iterator[tuple[Key, int]]:
    yield from ((("binds_total", name, by, status_label(status)), n) for (by, status), n in tally.binds.items())
    for (command, status), n in tally.answers.items():
        yield ("carrier_answers_total", name, command_name(command), status_label(status)), n
    for side in Side:
        for command, n in tally.pdus[side].items():
            if n:
                yield ("pdus_total", name, side.name.lower(), command_name(command)), n


def _of_mm7(name: str, tally: MmsTally) -> Iterator[tuple[Key, int]]:
    yield from ((("carrier_answers_total", name, *key), n) for key, n in tally.answers.items())
    for side in Side:
        yield from ((("pdus_total", name, side.name.lower(), kind), n) for kind, n in tally.messages[side].items())


def _gauges(route: AnyRoute) -> Iterator[tuple[Key, int]]:
    if isinstance(route, Route):
        seen = [(each.about.carrier, each.session.in_flight) for each in route.conversations]
    else:
        seen = [(each.onward.carrier, each.exchange.in_flight) for each in route.conversations]
    by_carrier = Counter(carrier for carrier, _ in seen if carrier)
    in_flight = [sum(asked[side] for _, asked in seen) for side in Side]
    yield from ((("carrier_sessions", route.name, carrier), n) for carrier, n in by_carrier.items())
    yield from ((("in_flight", route.name, side.name.lower()), in_flight[side]) for side in Side)


def status_label(status: int) -> str:
    """How counters name a command_status; peers may send any number, which must not make a series each."""
    return STATUS_NAMES.get(status, "other")


class Totals:
    """Sums over all workers. What a worker had counted when it was last heard of stays when it is gone."""

    def __init__(self) -> None:
        self._live: dict[int, Snapshot] = {}
        self._counters: Counter[Key] = Counter()
        self._durations = {name: Durations(bounds) for name, bounds in BOUNDS.items()}
        self._answers: dict[tuple[str, str], Durations] = {}

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
            _add(self._answers, snapshot)

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

    def answers(self) -> dict[tuple[str, str], Durations]:
        """The histograms of carriers' answers, by route and carrier."""
        total: dict[tuple[str, str], Durations] = {}
        for key, known in self._answers.items():
            total.setdefault(key, Durations(ANSWER_SECONDS)).add(known.counts, known.sum)
        for snapshot in self._live.values():
            _add(total, snapshot)
        return total

    def gauges(self) -> Counter[Key]:
        """What is so now, by name and labels, of all workers together."""
        total: Counter[Key] = Counter()
        for snapshot in self._live.values():
            for key, value in snapshot.gauges:
                total[key] += value
        return total

    def vitals(self) -> dict[int, Vitals]:
        """How each worker is, by its number."""
        return {number: snapshot.vitals for number, snapshot in self._live.items()}

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


def _add(total: dict[tuple[str, str], Durations], snapshot: Snapshot) -> None:
    for key, counts, seconds in snapshot.answers:
        total.setdefault(key, Durations(ANSWER_SECONDS)).add(counts, seconds)
