"""The worker processes of one machine: the generation that takes connections, and earlier ones that drain."""

from __future__ import annotations

import socket
from collections.abc import Callable

import structlog
import trio

from proxy.config.schema import Config
from proxy.ledger.disk.files import Mark
from proxy.net.endpoints import Endpoint
from proxy.service.admin.overview import WorkerSeen
from proxy.service.processes.ear import Ear
from proxy.service.processes.generation import Generation
from proxy.service.processes.messages import News, Question
from proxy.service.processes.worker_process import WorkerProcess

KILL_AFTER = 10.0
"""Seconds beyond their own limits that workers are given to drain."""


class Pool:
    """All generations; ``current`` is the one that takes connections."""

    def __init__(
        self, config: Config, log_key: bytes, ear: Ear, ledger: Callable[[], Mark], deadline: int = -1
    ) -> None:
        """``ledger``: what the supervisor's is told by; workers open that one and no other.

        ``deadline``: the file descriptor of that of this node, in a cluster.
        """
        self._deadline = deadline
        self._log_key = log_key
        self._ear = ear
        self._ledger = ledger
        self._generations: list[Generation] = []
        self._changed = trio.Event()
        self._log = structlog.get_logger()
        self.current = self.generation(config)

    def generation(self, config: Config) -> Generation:
        """One under this configuration, which is to be started."""
        return Generation(config, self._log_key, self._ear, self._ledger, deadline=self._deadline)

    async def start(self, generation: Generation, nursery: trio.Nursery) -> None:
        """Have a generation run in the nursery until its workers have ended; raises ``StartError``."""

        async def run(task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
            self._generations.append(generation)
            try:
                await generation.run(task_status)
            finally:
                self._generations.remove(generation)
                self._changed.set()
                self._changed = trio.Event()

        await nursery.start(run)

    def replace(self, generation: Generation, nursery: trio.Nursery) -> None:
        """Have a generation that was started take what comes, and the one before it drain."""
        previous, self.current = self.current, generation
        self._log.info("new_workers", workers=generation.size, reason="the old ones drain: their sessions are unbound")
        previous.drain()
        nursery.start_soon(self._end_slow, previous)

    async def _end_slow(self, generation: Generation) -> None:
        """Kill what is left of a generation that has had its time to drain."""
        await trio.sleep(_time_to_drain(generation.settings.config))
        generation.kill()

    async def hand_over(
        self, number: int, route: str, connection: socket.socket, prefer: tuple[str, Endpoint] | None
    ) -> bool:
        """Give a connection to a worker of the current generation; False if that drains by now."""
        return await self.current.hand_over(number, route, connection, prefer)

    async def ask(self, what: Question) -> list[News]:
        """The answers of all workers that give one."""
        return [answer for generation in tuple(self._generations) for answer in await generation.ask(what)]

    async def drain(self) -> None:
        """Have all workers end their sessions and then themselves; those that take too long are killed."""
        with trio.move_on_after(_time_to_drain(self.current.settings.config)):
            for generation in tuple(self._generations):
                generation.drain()
                if not generation.is_started:
                    generation.kill()
            while self._generations:
                await self._changed.wait()
        for generation in self._generations:
            self._log.error("drain_too_slow", reason="killing the workers that are left")
            generation.kill()

    def kill(self) -> None:
        """End all workers at once."""
        for generation in self._generations:
            generation.kill()

    def workers(self) -> list[WorkerProcess]:
        """Every worker, those too that drain."""
        return [worker for generation in self._generations for worker in generation.workers]

    def seen(self) -> list[WorkerSeen]:
        """Every worker as it is now."""
        now = trio.current_time()
        return [
            WorkerSeen(
                worker.number,
                worker.process.pid,
                "draining" if generation.is_draining else "ready" if worker.is_ready else "starting",
                len(worker.connections),
                round(now - worker.started_at, 1),
                worker.is_ready,
            )
            for generation in self._generations
            for worker in sorted(generation.workers, key=lambda worker: worker.number)
        ]


def _time_to_drain(config: Config) -> float:
    """Seconds after which workers must have drained."""
    return config.limits.drain_timeout + 3 * config.limits.close_timeout + KILL_AFTER
