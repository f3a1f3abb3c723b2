"""What there is to see of a running proxy: health, status, gauges, and the points of the page's charts."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict
from importlib.metadata import version
from typing import Any

import trio

from proxy.config.schema import Config, carrier_names
from proxy.ledger.files import LedgerError
from proxy.ledger.ledger import Ledger
from proxy.service.door.gate import Gate
from proxy.service.door.listeners import address_of
from proxy.service.processes.messages import Status
from proxy.service.processes.pool import Fleet
from proxy.service.telemetry.counters import Totals
from proxy.service.telemetry.metrics import Samples, exposition

SAMPLE_EVERY = 5.0
"""Seconds between the points of the page's charts."""

SAMPLES = 180
"""Points that are kept: fifteen minutes."""


class Overview:
    """Looks at the parts of a supervisor when somebody asks."""

    def __init__(
        self,
        config: Callable[[], Config],
        ledger: Ledger,
        totals: Totals,
        gate: Gate,
        fleets: Callable[[], list[Fleet]],
        is_draining: Callable[[], bool],
    ) -> None:
        """``fleets`` are all generations of workers, the one that takes connections last."""
        self._config = config
        self._ledger = ledger
        self._totals = totals
        self._gate = gate
        self._fleets = fleets
        self._is_draining = is_draining
        self._started_at = time.time()
        self._history: deque[dict[str, float]] = deque(maxlen=SAMPLES)

    def reasons(self) -> list[str]:
        """Why no new sessions are wanted here, nothing if they are."""
        reasons = ["draining"] if self._is_draining() else []
        reasons += [fault for fault in (self._ledger.store.fault, self._ledger.store.write_fault) if fault is not None]
        reasons += self._totals.faults()
        if not any(fleet.ready() for fleet in self._fleets() if self._is_draining() or not fleet.is_draining):
            reasons.append("no worker is ready")
        names = [route.name for route in self._config().route if route.name not in self._gate.listening]
        reasons += [f"route {name}: not listening" for name in names]
        return list(dict.fromkeys(reasons))

    async def metrics(self) -> bytes:
        """All metrics in Prometheus's text format, after asking the workers for their counts."""
        await self._hear()
        return exposition(self._gauges(), self._totals, [route.name for route in self._config().route])

    async def _hear(self) -> None:
        """Have the workers' counts as they are now."""
        for fleet in self._fleets():
            await fleet.ask("report")

    def _gauges(self) -> Samples:
        states = {"ready": 0, "starting": 0, "draining": 0}
        for fleet in self._fleets():
            for worker in fleet.workers:
                states["draining" if fleet.is_draining else "ready" if worker.is_ready else "starting"] += 1
        found: dict[str, list[tuple[tuple[str, ...], float]]] = {
            "workers": [((state,), count) for state, count in states.items()],
            "draining": [((), self._is_draining())],
            "start_time_seconds": [((), self._started_at)],
        }
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
        await self._hear()
        answers = [await fleet.ask("status") for fleet in self._fleets()]
        sessions = [
            session for news in answers for each in news if isinstance(each, Status) for session in each.sessions
        ]
        return {
            "version": version("smpp-consent-proxy"),
            "started": self._started_at,
            "now": time.time(),
            "ready": not self.reasons(),
            "reasons": self.reasons(),
            "workers": list(self._worker_status()),
            "routes": [
                {
                    "name": route.name,
                    "listen": self._listens_on(route.name),
                    "observe": route.observe,
                    "carriers": self._carriers(route.name, carrier_names(route)),
                    "sessions": sum(session["route"] == route.name for session in sessions),
                }
                for route in self._config().route
            ],
            "sessions": sessions,
            "ledger": asdict(self._ledger.statistics()),
            "history": [*self._history, self._point()],
        }

    def _listens_on(self, route: str) -> str:
        listening = self._gate.listening.get(route)
        return "" if listening is None else str(address_of(listening.sock))

    def _worker_status(self) -> Iterator[dict[str, Any]]:
        now = trio.current_time()
        for fleet in self._fleets():
            for worker in sorted(fleet.workers, key=lambda worker: worker.number):
                yield {
                    "number": worker.number,
                    "pid": worker.process.pid,
                    "state": "draining" if fleet.is_draining else "ready" if worker.is_ready else "starting",
                    "sessions": len(worker.connections),
                    "age": round(now - worker.started_at, 1),
                }

    def _carriers(self, route: str, carriers: list[str]) -> list[dict[str, Any]]:
        seen = {each.carrier: each for each in self._totals.carriers() if each.route == route}
        words = {None: "not tried yet", True: "up", False: "down"}
        return [
            {
                "address": carrier,
                "state": words[seen[carrier].is_up if carrier in seen else None],
                "since": seen[carrier].since if carrier in seen else 0,
            }
            for carrier in carriers
        ]

    async def sample(self) -> None:
        """Take a point for the charts now and then, until cancelled."""
        while True:
            self._history.append(self._point())
            await trio.sleep(SAMPLE_EVERY)

    def _point(self) -> dict[str, float]:
        sums = dict.fromkeys(("esme", "smsc", "refused", "changes"), 0)
        for (name, *labels), count in self._totals.counters().items():
            if name == "pdus_total":
                sums[labels[1]] += count
            elif name == "refused_total" and labels[2] != "observed":
                sums["refused"] += count
            elif name == "consent_changes_total":
                sums["changes"] += count
        return {"time": time.time(), "sessions": self._totals.sessions().total(), **sums}
