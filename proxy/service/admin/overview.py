"""What there is to see of a running proxy: health, status, gauges, and the points of the page's charts."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from importlib.metadata import version
from typing import Any, NamedTuple, Protocol

import trio

from proxy.config.schema import Config, carrier_names
from proxy.ledger.disk.files import LedgerError
from proxy.ledger.ledger import Ledger
from proxy.service.admin.history import SAMPLE_EVERY, History
from proxy.service.admin.verdict import DRAINING, NOT_LISTENING, Judge, Verdict, troubles_of
from proxy.service.certificates import days_left
from proxy.service.processes.statuses import SessionStatus
from proxy.service.telemetry.counters import Totals
from proxy.service.telemetry.metrics import Samples, exposition
from proxy.service.telemetry.vitals import Vitals

NODE_STATES = ("serving", "joining", "silent", "out of touch", "unknown")
"""What a node of a cluster is, as another one sees it; the last two: it or this one is cut off."""


class WorkerSeen(NamedTuple):
    """A worker process: its state (``ready``, ``starting`` or ``draining``), connections, and age in seconds.

    ``takes_connections``: whether it has said that it does, and no otherwise since.
    """

    number: int
    pid: int
    state: str
    sessions: int
    age: float
    takes_connections: bool


class Running(NamedTuple):
    """The processes of the proxy at one moment, and the addresses that routes really listen on, by route."""

    config: Config
    is_draining: bool
    workers: Sequence[WorkerSeen]
    listening: Mapping[str, str]
    limits: Mapping[str, tuple[int, int]]
    """The limits on connections and how much of each is used, by name."""
    vitals: Vitals
    """Those of the supervisor itself."""
    refused: str = ""
    """Why the last configuration that was read was refused; nothing if it was not."""


class ClusterSeen(Protocol):
    """A cluster as one of its nodes sees it."""

    def reasons(self) -> list[str]:
        """Why this node doesn't serve, nothing if it does."""

    def seen(self) -> dict[str, Any]:
        """All nodes as this one knows them."""


class Watched(Protocol):
    """The proxy as the overview looks at it; the supervisor is one."""

    def running(self) -> Running:
        """All of it as it is now."""

    @property
    def cluster(self) -> ClusterSeen | None:
        """The cluster that it is a node of."""

    async def hear(self) -> None:
        """Have the workers' counts as they are now."""

    async def sessions(self) -> Sequence[SessionStatus]:
        """Every session of every worker."""


class Overview:
    """Looks at a running proxy when somebody asks."""

    def __init__(self, watched: Watched, ledger: Ledger, totals: Totals) -> None:
        self._watched = watched
        self._ledger = ledger
        self._totals = totals
        self._started_at = time.time()
        self._history = History(totals)
        self._judge = Judge(time.time)

    def reasons(self) -> list[str]:
        """Why no new sessions are wanted here, nothing if they are."""
        running = self._watched.running()
        reasons = [DRAINING] if running.is_draining else []
        reasons += [fault for fault in (self._ledger.store.fault, self._ledger.store.write_fault) if fault is not None]
        reasons += self._totals.faults()
        if (cluster := self._watched.cluster) is not None:
            reasons += cluster.reasons()
        takes = [worker for worker in running.workers if running.is_draining or worker.state != "draining"]
        if not any(worker.takes_connections for worker in takes):
            reasons.append("no worker is ready")
        names = [route.name for route in running.config.route if route.name not in running.listening]
        reasons += [f"route {name}: {NOT_LISTENING}" for name in names]
        return list(dict.fromkeys(reasons))

    async def metrics(self) -> bytes:
        """All metrics in Prometheus's text format, after asking the workers for their counts."""
        await self._watched.hear()
        running = self._watched.running()
        routes = {route.name: carrier_names(route) for route in running.config.route}
        mm7 = [route.name for route in running.config.route if route.protocol == "mm7"]
        return exposition(self._gauges(running), self._totals, routes, mm7)

    def _gauges(self, running: Running) -> Samples:
        states = {"ready": 0, "starting": 0, "draining": 0}
        for worker in running.workers:
            states[worker.state] += 1
        found: dict[str, list[tuple[tuple[str, ...], float]]] = {
            "workers": [((state,), count) for state, count in states.items()],
            "route_info": [((route.name, route.protocol, route.direction), 1) for route in running.config.route],
            "draining": [((), running.is_draining)],
            "start_time_seconds": [((), self._started_at)],
        }
        found |= {
            "limit": [((name,), limit) for name, (limit, _) in running.limits.items()],
            "limit_used": [((name,), used) for name, (_, used) in running.limits.items()],
            "certificate_days_left": [((whose,), round(days, 3)) for whose, days in days_left(running.config)],
            **_gauges_of_processes({"supervisor": running.vitals} | _by_process(self._totals)),
        }
        if (cluster := self._watched.cluster) is not None:
            found |= _gauges_of(cluster.seen())
        with suppress(LedgerError):
            statistics = self._ledger.statistics()
            found |= {
                "opted_out_pairs": [((), statistics.opted_out_pairs)],
                "ledger_used_bytes": [((), statistics.used)],
                "ledger_map_bytes": [((), statistics.map_size)],
                "journal_revision": [((), statistics.revision)],
            }
            found["ledger_writable"] = [((), statistics.fault is None and not self._totals.faults())]
        found.setdefault("ledger_writable", [((), 0)])
        return found

    async def status(self) -> dict[str, Any]:
        """Routes, workers, sessions and ledger as they stand now; no number of anybody."""
        await self._watched.hear()
        sessions = await self._watched.sessions()
        running, reasons = self._watched.running(), self.reasons()
        routes = self._routes(running, sessions)
        return {
            "version": version("smpp-consent-proxy"),
            "started": self._started_at,
            "now": time.time(),
            "ready": not reasons,
            "reasons": reasons,
            "verdict": self._verdict(running, routes).fields(),
            "workers": [_shown(worker) for worker in running.workers],
            "routes": routes,
            "sessions": [session.fields() for session in sessions],
            "ledger": asdict(self._ledger.statistics()),
            "cluster": cluster.seen() if (cluster := self._watched.cluster) is not None else None,
            "history": self._history.points(),
        }

    def _carriers(
        self, route: str, carriers: Sequence[str], bound: Mapping[tuple[str, str], int]
    ) -> list[dict[str, Any]]:
        seen = {each.carrier: each for each in self._totals.carriers() if each.route == route}
        words = {None: "not tried yet", True: "up", False: "down"}

        def state(carrier: str) -> str:
            known = seen.get(carrier)
            return "hung up" if known and known.is_up is None and known.tried else words[known.is_up if known else None]

        return [
            {
                "address": carrier,
                "state": state(carrier),
                "since": seen[carrier].since if carrier in seen else 0,
                "tried": seen[carrier].tried if carrier in seen else 0,
                "sessions": bound.get((route, carrier), 0),
            }
            for carrier in carriers
        ]

    async def sample(self) -> None:
        """Take a point for the charts now and then, and notice what is wrong, until cancelled."""
        while True:
            self._history.sample()
            self._verdict(self._watched.running(), self._routes(self._watched.running(), ()))
            await trio.sleep(SAMPLE_EVERY)

    def _verdict(self, running: Running, routes: Sequence[dict[str, Any]]) -> Verdict:
        """How it is now."""
        sessions = self._totals.sessions().total()
        who = f"{sessions} sessions" if sessions != 1 else "1 session"
        well = f"All is well: {who}." if sessions else "All is well, and nobody is connected."
        troubles = troubles_of(
            self.reasons(),
            routes,
            running.limits,
            days_left(running.config),
            self._history.error_shares(),
            running.refused,
        )
        return self._judge.judge(troubles, well)

    def _routes(self, running: Running, sessions: Sequence[SessionStatus]) -> list[dict[str, Any]]:
        bound: Counter[tuple[str, str]] = Counter((session.route, session.carrier) for session in sessions)
        return [
            {
                "name": route.name,
                "protocol": route.protocol,
                "listen": running.listening.get(route.name, ""),
                "direction": route.direction,
                "observe": route.observe,
                "carriers": self._carriers(route.name, carrier_names(route), bound),
                "sessions": sum(session.route == route.name for session in sessions),
            }
            for route in running.config.route
        ]


def _gauges_of(seen: dict[str, Any]) -> dict[str, list[tuple[tuple[str, ...], float]]]:
    nodes: list[dict[str, Any]] = seen["nodes"]
    states = Counter(node["state"] for node in nodes)
    return {
        "cluster_nodes": [((state,), states[state]) for state in NODE_STATES],
        "cluster_serving": [((), seen["serving"])],
        "cluster_revision": [((), seen["revision"])],
        "cluster_lag_revisions": [((node["name"],), node["lag"]) for node in nodes],
        "cluster_lag_seconds": [((node["name"],), node["heard"]) for node in nodes],
    }


def _by_process(totals: Totals) -> dict[str, Vitals]:
    return {f"worker-{number}": vitals for number, vitals in sorted(totals.vitals().items())}


def _gauges_of_processes(vitals: Mapping[str, Vitals]) -> dict[str, list[tuple[tuple[str, ...], float]]]:
    columns = {
        "process_cpu_seconds": "cpu",
        "process_resident_bytes": "resident",
        "process_open_fds": "descriptors",
        "process_max_fds": "most_descriptors",
        "event_loop_lag_seconds": "lag",
        "log_lines_lost": "lost_lines",
    }
    return {
        metric: [((process,), getattr(each, column)) for process, each in vitals.items()]
        for metric, column in columns.items()
    }


def _shown(worker: WorkerSeen) -> dict[str, Any]:
    fields = worker._asdict()
    del fields["takes_connections"]
    return fields
