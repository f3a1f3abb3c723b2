"""The worker processes of one generation: started, heard, given connections, replaced when they end or hang."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Protocol

import structlog
import trio

from proxy import config as settings
from proxy.consent.files import Mark
from proxy.service.channel import Channel, Message, pair
from proxy.service.counters import Snapshot

BACK_OFF = (0.0, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
"""Seconds before a worker is replaced, by how often that was needed in a row."""

STABLE = 60.0
"""A worker that lived so long has not failed at once."""

START_TIMEOUT = 60.0
"""Seconds in which a worker must be ready."""

ANSWER_TIMEOUT = 2.0
"""Seconds that a worker is given for an answer before the others' are shown without it."""


class StartError(Exception):
    """A worker could not be started; the message says why."""


class Ear(Protocol):
    """Who is told what workers say."""

    def counted(self, worker: int, snapshot: Snapshot) -> None:
        """A worker's counts."""

    def happened(self, worker: WorkerProcess, connection: int, happening: str, more: str) -> None:
        """Something that a worker's connection did."""

    def gone(self, worker: WorkerProcess, *, is_failure: bool) -> None:
        """A worker's process has ended."""


class WorkerProcess:
    """One process and the supervisor's end of its channel."""

    def __init__(self, number: int, process: trio.Process, channel: Channel) -> None:
        self.number = number
        self.process = process
        self.channel = channel
        self.connections: dict[int, str] = {}
        """The routes of the connections that it was handed, by their numbers."""
        self.is_ready = False
        self.is_over = trio.Event()
        self.started_at = self.heard_at = trio.current_time()
        self.answers: dict[str, tuple[trio.Event, list[Any]]] = {}
        self.sending, self.to_send = trio.open_memory_channel[Message](10_000)

    def tell_soon(self, message: Message) -> None:
        """Have a message sent to it."""
        with suppress(trio.WouldBlock):
            self.sending.send_nowait(message)

    async def ask(self, what: str) -> Any:
        """Its ``report`` or ``status``, None if it doesn't answer in time."""
        event, answers = self.answers.setdefault(what, (trio.Event(), []))
        with trio.move_on_after(ANSWER_TIMEOUT):
            self.tell_soon({"ask": what})
            await event.wait()
        return answers[-1] if answers else None

    def answered(self, what: str, answer: Any) -> None:
        """It said this."""
        event, answers = self.answers.pop(what, (trio.Event(), []))
        answers.append(answer)
        event.set()

    def kill(self) -> None:
        """End it at once."""
        self.process.kill()


class Fleet:
    """As many workers as the configuration wants, under the same one."""

    _last_number = 0

    def __init__(self, config: settings.Config, log_key: bytes, ear: Ear, ledger: Callable[[], Mark]) -> None:
        """``ledger``: what the supervisor's is told by; its workers open that one and no other."""
        self.config = config
        self.size = (os.cpu_count() or 1) if config.workers.count == "cores" else config.workers.count
        self.workers: set[WorkerProcess] = set()
        self.is_draining = False
        self._log_key = log_key
        self._ear = ear
        self._ledger = ledger
        self._log = structlog.get_logger()
        self._changed = trio.Event()
        self._failure = ""
        self._is_started = False
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
                self._is_started = True
                task_status.started()
        if self._failure:
            raise StartError(self._failure)

    @property
    def is_started(self) -> bool:
        """Whether all workers have been ready once."""
        return self._is_started

    def ready(self) -> list[WorkerProcess]:
        """The workers that take connections."""
        return [worker for worker in self.workers if worker.is_ready]

    async def hand_over(self, number: int, route: str, connection: socket.socket, prefer: str = "") -> bool:
        """Give a connection to the worker that has the fewest, waiting for one to be ready if need be.

        ``prefer`` is the carrier that its client is connected to already, as a worker told.

        False if these workers drain by now, and others should have it.
        """
        while not self.is_draining:
            await self._wait(lambda: self.ready() != [] or self.is_draining)
            for worker in sorted(self.ready(), key=lambda worker: len(worker.connections)):
                worker.connections[number] = route
                try:
                    await worker.channel.send({"connection": number, "route": route, "prefer": prefer}, connection)
                except trio.BrokenResourceError:
                    worker.connections.pop(number, None)
                    worker.kill()  # it is gone, or can't be talked to: either way it is replaced
                    worker.is_ready = False
                else:
                    return True
        return False

    async def ask(self, what: str) -> list[Any]:
        """The answers of all workers that give one."""
        answers: list[Any] = []

        async def ask(worker: WorkerProcess) -> None:
            if (answer := await worker.ask(what)) is not None:
                answers.append(answer)

        async with trio.open_nursery() as nursery:
            for worker in self.ready():
                nursery.start_soon(ask, worker)
        return answers

    def tell(self, message: Message) -> None:
        """Tell all workers."""
        for worker in self.workers:
            worker.tell_soon(message)

    def reload(self, config: settings.Config) -> None:
        """Have all workers go by these settings, those too that are started later."""
        self.config = config
        self.tell({"reload": config.model_dump_json()})

    def drain(self) -> None:
        """Have all workers end their sessions and then themselves; none is replaced from now on."""
        self.is_draining = True
        self._notify()
        self.tell({"drain": True})

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
        Fleet._last_number += 1
        number = Fleet._last_number
        ours, theirs = pair()
        try:
            with theirs:
                command = [sys.executable, "-m", "proxy.service.worker", str(theirs.fileno())]
                process = await trio.lowlevel.open_process(
                    command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL
                )
        except BaseException:
            ours.close()
            raise
        worker = WorkerProcess(number, process, Channel(ours))
        self.workers.add(worker)
        if self._is_killed:
            worker.kill()
        start = {
            "config": self.config.model_dump_json(),
            "number": number,
            "log_key": self._log_key.hex(),
            "ledger": self._ledger()._asdict(),
        }
        with suppress(trio.BrokenResourceError):  # if it ended at once, attending to it finds out
            await worker.channel.send({"start": start})
            if self.is_draining:  # it was told before this one was there
                await worker.channel.send({"drain": True})
        return worker

    async def _attend(self, worker: WorkerProcess) -> None:
        """Hear a worker until its process has ended."""
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._hear, worker)
            nursery.start_soon(self._watch, worker)
            nursery.start_soon(self._send, worker)
            await worker.process.wait()
            with trio.move_on_after(ANSWER_TIMEOUT):  # for what it still had to say
                await worker.is_over.wait()
            nursery.cancel_scope.cancel()

    async def _hear(self, worker: WorkerProcess) -> None:
        try:
            while True:
                message, _ = await worker.channel.receive()
                worker.heard_at = trio.current_time()
                match message:
                    case {"happened": happening, "connection": number, "more": more}:
                        self._ear.happened(worker, number, happening, more)
                    case {"report": fields}:
                        self._ear.counted(worker.number, Snapshot.read(fields))
                        worker.answered("report", True)
                    case {"status": sessions}:
                        worker.answered("status", sessions)
                    case {"ready": _}:
                        worker.is_ready = True
                        self._log.info("worker_ready", worker=worker.number, pid=worker.process.pid)
                        self._notify()
                    case {"draining": _}:
                        worker.is_ready = False
                    case {"failed": reason}:
                        self._failed(reason)
        except trio.EndOfChannel:
            worker.is_ready = False
            worker.is_over.set()

    async def _send(self, worker: WorkerProcess) -> None:
        with suppress(trio.BrokenResourceError):
            async for message in worker.to_send:
                await worker.channel.send(message)

    def _failed(self, reason: str) -> None:
        """A worker could not start: at first that is the end of all, later it is tried again."""
        if self._is_started:
            self._log.error("worker_failed", reason=reason)
        else:
            self._failure = self._failure or reason
        self._notify()

    async def _watch(self, worker: WorkerProcess) -> None:
        """Kill a worker that has not been heard of for too long."""
        while True:
            patience = self.config.workers.hang_timeout if worker.is_ready else START_TIMEOUT
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
