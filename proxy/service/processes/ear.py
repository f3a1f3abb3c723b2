"""How the supervisor is told what workers say; and ``StartError``, for workers that can't be started."""

from __future__ import annotations

from typing import Protocol

from proxy.net.happenings import Bound, Connected, Ended
from proxy.service.processes.messages import Binds, Captured, Remembered, Wished
from proxy.service.processes.worker_process import WorkerProcess
from proxy.service.telemetry.counters import Snapshot


class StartError(Exception):
    """A worker could not be started; the message says why."""


class Ear(Protocol):
    """Whoever hears the workers of a pool."""

    def counted(self, worker: int, snapshot: Snapshot) -> None:
        """A worker's counts."""

    def happened(self, worker: WorkerProcess, happening: Connected | Binds | Bound | Ended) -> None:
        """Something that a worker's connections did."""

    def wished(self, worker: WorkerProcess, wish: Wished | Remembered | Captured) -> None:
        """A worker's conversations wish something to be made durable for the cluster, or kept in a capture."""

    def gone(self, worker: WorkerProcess, *, is_failure: bool) -> None:
        """A worker's process has ended."""
