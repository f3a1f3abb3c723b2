"""What workers tell, and who is to know of it: the counts, the admission of connections, the cluster."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol

import trio

from proxy.consent.wishes import Shared
from proxy.net.happenings import Bound, Connected, Ended
from proxy.service.door.gate import Gate
from proxy.service.processes.capturing import Capturing
from proxy.service.processes.messages import Binds, Captured, EndConnection, Order, Remembered, Wished
from proxy.service.processes.worker_process import WorkerProcess
from proxy.service.processes.written_wishes import read_wishes
from proxy.service.telemetry.counters import Snapshot, Totals


class Fulfilling(Protocol):
    """The cluster, as far as workers' wishes go to it."""

    def remember(self, wishes: list[Shared]) -> None:
        """Have these made durable; nobody waits for it."""

    def fulfil(self, wish: Wished, tell: Callable[[Order], None]) -> Awaitable[None]:
        """Have these made durable, and tell the worker."""


class Hearing:
    """The ear of the supervisor's pool."""

    def __init__(self, totals: Totals, gate: Gate, cluster: Fulfilling | None, captures: Capturing) -> None:
        self._captures = captures
        self._totals = totals
        self._gate = gate
        self._cluster = cluster
        self.nursery: trio.Nursery | None = None
        """Where wishes are fulfilled; there before any worker is."""

    def counted(self, worker: int, snapshot: Snapshot) -> None:
        """A worker's counts."""
        self._totals.take(worker, snapshot)

    def happened(self, worker: WorkerProcess, happening: Connected | Binds | Bound | Ended) -> None:
        """Something that a worker's connections did."""
        admission = self._gate.admission
        match happening:
            case Ended(connection):
                admission.ended(connection)
                worker.connections.pop(connection, None)
            case Bound(connection):
                admission.bound(connection)
            case Connected(connection, carrier, address):
                self._captures.ensure(worker)
                admission.connected(connection, worker.connections.get(connection, ""), carrier, address)
            case Binds(counts):
                for connection, count in counts:
                    if reason := admission.binds(connection, count, trio.current_time()):
                        route = worker.connections.get(connection, "")
                        self._gate.reject(route, admission.source_of(connection), reason)
                        worker.tell(EndConnection(connection, route, reason))

    def wished(self, worker: WorkerProcess, wish: Wished | Remembered | Captured) -> None:
        """A worker's conversations wish something to be made durable for the cluster, or kept in a capture."""
        if isinstance(wish, Captured):
            self._captures.take(wish)
            return
        assert self._cluster is not None
        assert self.nursery is not None
        if isinstance(wish, Remembered):
            self._cluster.remember(read_wishes(wish.wishes))
        else:
            self.nursery.start_soon(self._cluster.fulfil, wish, worker.tell)

    def gone(self, worker: WorkerProcess, *, is_failure: bool) -> None:
        """A worker's process has ended."""
        self._totals.retire(worker.number)
        if is_failure:
            self._totals.count("worker_restarts_total")
        for connection in worker.connections:
            self._gate.admission.ended(connection)
