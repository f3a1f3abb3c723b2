"""One worker process: it relays the connections that the supervisor hands it, until it is told to stop.

What goes over the channel. From the supervisor: ``start`` (a configuration and what else a worker must know),
``connection`` (a number and its route, with the socket), ``end`` (a connection that reached a limit), ``reload``,
``ask`` (for a ``report``, or for ``status``), ``drain``. From the worker: ``ready`` or ``failed``, ``happened`` (to a
connection), ``report`` (all counts; every second, so that the supervisor knows it is alive), ``status``, ``reloaded``,
``draining`` (it was told so by a signal).
When the channel ends, the supervisor is gone, and the worker drains.
"""

from __future__ import annotations

import signal
import socket
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

import structlog
import trio

from proxy import config as settings
from proxy.consent.files import LedgerError, Mark
from proxy.consent.ledger import Ledger
from proxy.consent.writer import Writer
from proxy.relay.pump import Conversation
from proxy.relay.route import Happening, Route
from proxy.relay.turns import Turns
from proxy.service.channel import Channel, Message
from proxy.service.counters import BOUNDS, Durations, Snapshot
from proxy.service.logs import Log, LogSettings
from proxy.service.settings import (
    SettingsError,
    keeping_of,
    limits_of,
    open_ledger,
    policy_of,
    utc_microseconds,
    way_of,
)

REPORT_EVERY = 1.0
"""Seconds between reports: what a worker that is killed may take of its counts with it."""


class Worker:
    """The routes of one process, and what the supervisor asks of them."""

    def __init__(
        self, config: settings.Config, ledger: Ledger, writer: Writer, durations: dict[str, Durations]
    ) -> None:
        self.ledger = ledger
        self._durations = durations
        self._outgoing: trio.MemorySendChannel[Message]
        self._outgoing, self.outgoing = trio.open_memory_channel[Message](1_000_000)
        limits = limits_of(config)
        self.turns = Turns(ledger.reader(), durations["decision_seconds"].observe)
        self.routes = {
            route.name: Route(
                route.name,
                way_of(route),
                policy_of(config, route),
                limits,
                self.turns,
                writer,
                utc_microseconds,
                self._happened,
            )
            for route in config.route
        }

    def tell(self, message: Message) -> None:
        """Have this sent to the supervisor; if that takes a million messages, it is gone."""
        try:
            self._outgoing.send_nowait(message)
        except trio.WouldBlock:
            return

    def report(self) -> None:
        """Tell all counts."""
        fault = self.ledger.fault or self.ledger.write_fault or ""
        self.tell({"report": Snapshot.of(self._routes(), self._durations, fault)._asdict()})

    def status(self) -> list[dict[str, Any]]:
        """Every session as it stands now."""
        now = trio.current_time()
        return [_status(route, each, now) for route in self._routes() for each in route.conversations]

    async def apply(self, config: settings.Config) -> None:
        """Go by these settings from now on; the routes are the same. Sessions go on while they are prepared."""
        policies = await trio.to_thread.run_sync(lambda: [policy_of(config, section) for section in config.route])
        ways = [way_of(section) for section in config.route]
        limits = limits_of(config)
        self.ledger.keep(keeping_of(config))
        for section, way, policy in zip(config.route, ways, policies, strict=True):
            self.routes[section.name].apply(way, policy, limits)

    async def drain(self) -> None:
        """End all sessions, answers in flight first."""
        async with trio.open_nursery() as nursery:
            for route in self._routes():
                nursery.start_soon(route.drain)

    def _routes(self) -> Sequence[Route]:
        return tuple(self.routes.values())

    def _happened(self, connection: int, happening: Happening, more: str) -> None:
        self.tell({"happened": happening, "connection": connection, "more": more})


def _status(route: Route, conversation: Conversation, now: float) -> dict[str, Any]:
    session = conversation.session
    return {
        "route": route.name,
        "session": session.origin.session,
        "peer": conversation.peer,
        "carrier": session.origin.carrier,
        "age": round(now - conversation.begun_at, 1),
        "idle": round(now - conversation.active_at, 1),
        **asdict(session.statistics()),
    }


async def _run(channel: Channel) -> None:
    start, _ = await channel.receive()
    said = start["start"]
    config = settings.Config.model_validate_json(said["config"])
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the supervisor too, which says what to do
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    log = Log(LogSettings(**config.log.model_dump(), key=bytes.fromhex(said["log_key"])))
    structlog.contextvars.bind_contextvars(worker=said["number"])
    try:
        with _worker(config, Mark(**said["ledger"])) as worker, trio.open_signal_receiver(signal.SIGTERM) as signals:
            async with trio.open_nursery() as nursery:
                nursery.start_soon(_serve, worker, channel, log, nursery)
                await _first(signals)
                worker.tell({"draining": True})
                nursery.start_soon(_drain_and_end, worker, nursery)
        await _send_rest(worker, channel)
    except (LedgerError, SettingsError) as error:
        await channel.send({"failed": str(error)})
    finally:
        log.close()


@contextmanager
def _worker(config: settings.Config, mark: Mark) -> Iterator[Worker]:
    durations = {name: Durations(bounds) for name, bounds in BOUNDS.items()}
    with (
        open_ledger(config, expected=mark) as ledger,
        Writer(ledger, durations["commit_seconds"].observe, time.perf_counter) as writer,
    ):
        worker = Worker(config, ledger, writer, durations)
        try:
            yield worker
        finally:
            for route in worker.routes.values():
                route.write_refusals()


async def _serve(worker: Worker, channel: Channel, log: Log, nursery: trio.Nursery) -> None:
    nursery.start_soon(worker.turns.run)
    for route in worker.routes.values():
        nursery.start_soon(route.look_after)
    nursery.start_soon(_send, worker, channel)
    nursery.start_soon(_report, worker)
    worker.tell({"ready": True})
    try:
        while True:
            message, sock = await channel.receive()
            match message:
                case {"connection": number, "route": name, "prefer": prefer} if sock is not None:
                    nursery.start_soon(worker.routes[name].take, _stream(sock), number, prefer)
                case {"connection": number, "route": name}:
                    reason = "out of file descriptors; raise LimitNOFILE= or ulimit -n, or lower limits.sessions"
                    structlog.get_logger().error("connection_dropped", route=name, reason=reason)
                    worker.tell({"happened": "ended", "connection": number, "more": ""})
                case {"end": number, "route": name, "reason": reason}:
                    worker.routes[name].end(number, reason)
                case {"reload": text}:
                    config = settings.Config.model_validate_json(text)
                    try:
                        await worker.apply(config)
                    except SettingsError as error:  # the supervisor could use it a moment ago
                        structlog.get_logger().error("reload_failed", reason=str(error))
                        continue
                    log.settings = LogSettings(**config.log.model_dump(), key=log.settings.key)
                    worker.tell({"reloaded": True})
                case {"ask": "report"}:
                    worker.report()
                case {"ask": "status"}:
                    worker.tell({"status": worker.status()})
                case {"drain": _}:
                    nursery.start_soon(_drain_and_end, worker, nursery)
    except trio.EndOfChannel:
        structlog.get_logger().error("supervisor_gone", reason="draining")
        await _drain_and_end(worker, nursery)


async def _drain_and_end(worker: Worker, nursery: trio.Nursery) -> None:
    await worker.drain()
    nursery.cancel_scope.cancel()


async def _send(worker: Worker, channel: Channel) -> None:
    try:
        async for message in worker.outgoing:
            await channel.send(message)
    except trio.BrokenResourceError:
        return  # the supervisor is gone, which the reading end sees too


async def _send_rest(worker: Worker, channel: Channel) -> None:
    """What was still to be told, and the last counts."""
    worker.report()
    with trio.move_on_after(REPORT_EVERY):
        try:
            while True:
                await channel.send(worker.outgoing.receive_nowait())
        except (trio.WouldBlock, trio.BrokenResourceError):
            return


async def _report(worker: Worker) -> None:
    while True:
        worker.report()
        await trio.sleep(REPORT_EVERY)


async def _first(signals: Any) -> None:
    async for _ in signals:
        return


def _stream(sock: socket.socket) -> trio.SocketStream:
    sock.setblocking(False)
    return trio.SocketStream(trio.socket.from_stdlib_socket(sock))


def main(descriptor: int) -> None:
    """The process: its end of the channel is this file descriptor."""
    sock = socket.socket(fileno=descriptor)

    async def run() -> None:
        channel = Channel(sock)
        try:
            await _run(channel)
        finally:
            channel.close()

    trio.run(run)


if __name__ == "__main__":
    main(int(sys.argv[1]))
