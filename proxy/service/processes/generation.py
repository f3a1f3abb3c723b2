"""The worker processes of one generation: started, heard, given connections, replaced when they end or hang."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import count

import structlog
import trio

from proxy.config.schema import Config
from proxy.ledger.disk.files import Mark
from proxy.net.endpoints import Endpoint
from proxy.net.happenings import Bound, Connected, Ended
from proxy.service.assembly import worker_count
from proxy.service.processes.channel import Channel, pair
from proxy.service.processes.ear import Ear, StartError
from proxy.service.processes.messages import (
    Applied,
    Binds,
    Captured,
    Connection,
    Drain,
    Draining,
    Failed,
    MessageError,
    News,
    Prepared,
    Question,
    Ready,
    Remembered,
    Report,
    Start,
    Status,
    Wished,
    decode_news,
)
from proxy.service.processes.reload import RELOAD_TIMEOUT, InForce, replace
from proxy.service.processes.worker_process import ANSWER_TIMEOUT, WorkerProcess

WORKER = (sys.executable, "-m", "proxy.service.processes.worker")
"""The command of a worker, without the file descriptor of its end of the channel."""

BACK_OFF = (0.0, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
"""Seconds before a worker is replaced, by how often that was needed in a row."""

STABLE = 60.0
"""A worker that lived so long has not failed at once."""

START_TIMEOUT = 60.0
"""Seconds in which a worker must be ready."""


class Generation:
    """As many workers as the configuration wants, under the same one."""

    _numbers = count(1)

    def __init__(
        self,
        config: Config,
        log_key: bytes,
        ear: Ear,
        ledger: Callable[[], Mark],
        *,
        command: Sequence[str] = WORKER,
        reload_timeout: float = RELOAD_TIMEOUT,
        deadline: int = -1,
    ) -> None:
        """``ledger``: what the supervisor's is told by; its workers open that one and no other.

        ``deadline``: the file descriptor of that of this node, in a cluster.
        """
        self._deadline = deadline
        self._command = command
        self.size = worker_count(config)
        self.workers: set[WorkerProcess] = set()
        self.settings = InForce(config, self.workers, reload_timeout)
        self.is_draining = False
        self._log_key = log_key
        self._ear = ear
        self._ledger = ledger
        self._log = structlog.get_logger()
        self._changed = trio.Event()
        self._failure = ""
        self.is_started = False
        self._is_killed = False

    async def run(self, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """Keep the workers running until they have drained. Started when all are ready; raises ``StartError``."""
        try:
            await self._run(task_status)
        except BaseException:
            self.kill()
            raise

    async def _run(self, task_status: trio.TaskStatus[None]) -> None:
        async with trio.open_nursery() as nursery:
            for _ in range(self.size):
                nursery.start_soon(self._keep_one)
            try:
                with trio.fail_after(START_TIMEOUT):
                    await self._wait(lambda: len(self.ready()) == self.size or self._failure != "" or self.is_draining)
            except trio.TooSlowError:
                self._failure = f"the workers were not ready within {START_TIMEOUT:g} s"
            if self.is_draining:
                self._failure = self._failure or "the proxy was stopped while they started"
            if self._failure:
                self.kill()
            else:
                self.is_started = True
                task_status.started()
        if self._failure:
            raise StartError(self._failure)

    def ready(self) -> list[WorkerProcess]:
        """The workers that take connections."""
        return [worker for worker in self.workers if worker.is_ready]

    async def hand_over(
        self, number: int, route: str, connection: socket.socket, prefer: tuple[str, Endpoint] | None = None
    ) -> bool:
        """Give a connection to the worker that has the fewest, waiting for one to be ready if need be.

        ``prefer`` is the carrier that its client is connected to already, and its address, as a worker told.

        False if these workers drain by now, and others should have it.
        """
        message = Connection(number, route, *(prefer or ()))
        while not self.is_draining:
            await self._wait(lambda: self.ready() != [] or self.is_draining)
            for worker in sorted(self.ready(), key=lambda worker: len(worker.connections)):
                worker.connections[number] = route
                try:
                    await worker.channel.hand_over(message, connection)
                except trio.BrokenResourceError:
                    worker.connections.pop(number, None)
                    worker.kill()  # it is gone, or can't be talked to: either way it is replaced
                else:
                    return True
        return False

    async def ask(self, what: Question) -> list[News]:
        """The answers of all workers that give one."""
        answers: list[News] = []

        async def ask(worker: WorkerProcess) -> None:
            if (answer := await worker.ask(what)) is not None:
                answers.append(answer)

        async with trio.open_nursery() as nursery:
            for worker in self.ready():
                nursery.start_soon(ask, worker)
        return answers

    async def _take_in(self, worker: WorkerProcess) -> None:
        """Let a worker that is there take connections, when it goes by the settings that are in force now."""
        if await self.settings.catch_up(worker):
            worker.is_ready = worker.has_begun = True
            self._log.info("worker_ready", worker=worker.number, pid=worker.process.pid)
            self._notify()

    def drain(self) -> None:
        """Have all workers end their sessions and then themselves; none is replaced from now on."""
        self.is_draining = True
        self._notify()
        for worker in self.workers:
            worker.tell(Drain())

    def kill(self) -> None:
        """End all workers at once."""
        self.is_draining = self._is_killed = True
        for worker in self.workers:
            worker.kill()
        self._notify()

    async def _keep_one(self) -> None:
        failures = 0
        while not self.is_draining and not self._failure:
            try:
                worker = await self._start()
            except OSError as error:
                self._failed(f"a worker process can't be started: {error}")
                failures += 1
                with trio.move_on_after(BACK_OFF[min(failures, len(BACK_OFF) - 1)]):
                    await self._wait(lambda: self.is_draining)
                continue
            await self._attend(worker)
            self.workers.discard(worker)
            worker.channel.close()
            lived = trio.current_time() - worker.started_at
            is_failure = not self.is_draining
            self._ear.gone(worker, is_failure=is_failure)
            self._notify()
            if is_failure and not self._failure:
                failures = 0 if lived > STABLE else failures + 1
                pause = BACK_OFF[min(failures, len(BACK_OFF) - 1)] if failures > 1 else 0.0
                status = worker.process.returncode
                self._log.error("worker_ended", worker=worker.number, status=status, replaced_in=pause)
                with trio.move_on_after(pause):
                    await self._wait(lambda: self.is_draining)

    async def _start(self) -> WorkerProcess:
        ours, theirs = pair()
        try:
            with theirs:
                command = [*self._command, str(theirs.fileno())]
                passed = [theirs.fileno(), *([self._deadline] if self._deadline >= 0 else [])]
                process = await trio.lowlevel.open_process(command, pass_fds=passed, stdin=subprocess.DEVNULL)
        except BaseException:
            ours.close()
            raise
        worker = WorkerProcess(next(Generation._numbers), process, Channel(ours, decode_news), self.settings.config)
        self.workers.add(worker)
        if self._is_killed:
            worker.kill()
        config = worker.config.model_dump_json()
        worker.tell(Start(config, worker.number, self._log_key.hex(), self._ledger(), self._deadline))
        if self.is_draining:  # the others were told before this one was there
            worker.tell(Drain())
        self._notify()
        return worker

    async def _attend(self, worker: WorkerProcess) -> None:
        """Hear a worker until its process has ended."""
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._hear, worker, nursery)
            nursery.start_soon(self._watch, worker)
            nursery.start_soon(self._send, worker)
            try:
                await worker.process.wait()
            except BaseException:
                worker.kill()  # which ends a send to it, that can't be cancelled
                raise
            with trio.move_on_after(ANSWER_TIMEOUT):  # for what it still had to say
                await worker.is_over.wait()
            nursery.cancel_scope.cancel()

    async def _hear(self, worker: WorkerProcess, nursery: trio.Nursery) -> None:
        try:
            while True:
                news, _ = await worker.channel.receive()
                worker.heard_at = trio.current_time()
                match news:
                    case Connected() | Binds() | Bound() | Ended():
                        self._ear.happened(worker, news)
                    case Wished() | Remembered() | Captured():
                        self._ear.wished(worker, news)
                    case Report(snapshot):
                        self._ear.counted(worker.number, snapshot)
                        worker.answered(news)
                    case Status() | Prepared() | Applied():
                        worker.answered(news)
                    case Ready():
                        nursery.start_soon(self._take_in, worker)
                    case Draining():
                        worker.is_ready = False
                    case Failed(reason):
                        self._failed(reason)
        except trio.EndOfChannel:
            pass
        except MessageError as error:
            replace(worker, f"it says what can't be understood: {error}")
        worker.over()

    async def _send(self, worker: WorkerProcess) -> None:
        with suppress(trio.BrokenResourceError):
            async for order in worker.orders:
                await worker.channel.send(order)

    def _failed(self, reason: str) -> None:
        """A worker could not start: at first that is the end of all, later it is tried again."""
        if self.is_started:
            self._log.error("worker_failed", reason=reason)
        else:
            self._failure = self._failure or reason
        self._notify()

    async def _watch(self, worker: WorkerProcess) -> None:
        """Kill a worker that has not been heard of for too long."""
        while True:
            patience = self.settings.config.workers.hang_timeout if worker.has_begun else START_TIMEOUT
            silent = trio.current_time() - worker.heard_at
            if silent > patience:
                self._log.error("worker_hangs", worker=worker.number, silent=round(silent, 1))
                worker.process.send_signal(signal.SIGKILL)
            await trio.sleep(max(0.1, min(1.0, patience - silent)))

    async def _wait(self, condition: Callable[[], bool]) -> None:
        while not condition():
            await self._changed.wait()

    def _notify(self) -> None:
        self._changed.set()
        self._changed = trio.Event()
