"""One worker process: it relays the connections that the supervisor hands it, until it is told to stop.

What goes over the channel is in ``messages``. When the channel ends, the supervisor is gone, and the worker drains.
"""

from __future__ import annotations

import signal
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import structlog
import trio
import trio.lowlevel

from proxy.cluster.serving import Deadline
from proxy.config.schema import Config
from proxy.ledger.disk.files import LedgerError
from proxy.ledger.writer import Writer
from proxy.net.captures import Capture
from proxy.net.durations import Durations
from proxy.net.happenings import Ended
from proxy.service.assembly import (
    SettingsError,
    open_ledger,
)
from proxy.service.processes.channel import Channel
from proxy.service.processes.messages import (
    Apply,
    Ask,
    Connection,
    Drain,
    Draining,
    EndCapture,
    EndConnection,
    Failed,
    MessageError,
    Order,
    Prepare,
    Ready,
    Recorded,
    Start,
    decode_order,
)
from proxy.service.processes.outbox import Outbox
from proxy.service.processes.relaying import Worker
from proxy.service.telemetry.counters import BOUNDS
from proxy.service.telemetry.log import Log, LogSettings

REPORT_EVERY = 1.0
"""Seconds between reports: what a worker that is killed may take of its counts with it."""


async def _run(channel: Channel[Order]) -> None:
    start, _ = await channel.receive()
    if not isinstance(start, Start):
        raise MessageError(f"{type(start).__name__} before Start")
    config = Config.model_validate_json(start.config)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the supervisor too, which says what to do
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    log = Log(LogSettings(**config.log.model_dump(), key=bytes.fromhex(start.log_key)))
    structlog.contextvars.bind_contextvars(worker=start.number)
    try:
        with _worker(config, start) as worker, trio.open_signal_receiver(signal.SIGTERM) as signals:
            async with trio.open_nursery() as nursery:
                nursery.start_soon(_serve, worker, channel, log, nursery)
                await _first(signals)
                worker.outbox.tell(Draining())
                nursery.start_soon(_drain_and_end, worker, nursery)
        await _send_rest(worker, channel, log)
    except (LedgerError, SettingsError) as error:
        await channel.send(Failed(str(error)))
    finally:
        log.close()


@contextmanager
def _worker(config: Config, start: Start) -> Iterator[Worker]:
    durations = {name: Durations(bounds) for name, bounds in BOUNDS.items()}
    with (
        open_ledger(config, expected=start.ledger) as ledger,
        Writer(ledger, durations["commit_seconds"].observe, time.perf_counter) as writer,
    ):
        worker = Worker(config, ledger, writer, durations, Deadline(start.deadline) if start.deadline >= 0 else None)
        try:
            yield worker
        finally:
            for route in worker.routes.values():
                route.write_refusals()


async def _serve(worker: Worker, channel: Channel[Order], log: Log, nursery: trio.Nursery) -> None:
    nursery.start_soon(worker.turns.run)
    nursery.start_soon(worker.lateness.watch)
    for route in worker.routes.values():
        nursery.start_soon(route.look_after)
    nursery.start_soon(_send, worker, channel, log)
    nursery.start_soon(_report, worker.outbox)
    worker.outbox.tell(Ready())
    nursery.start_soon(_warm, worker)
    try:
        while True:
            order, sock = await channel.receive()
            match order:
                case Connection(number, name, carrier, address) if sock is not None:
                    prefer = (carrier, address) if address else None
                    nursery.start_soon(worker.routes[name].take, _stream(sock), number, prefer)
                case Connection(number, name):
                    reason = "out of file descriptors; raise LimitNOFILE= or ulimit -n, or lower limits.sessions"
                    structlog.get_logger().error("connection_dropped", route=name, reason=reason)
                    worker.outbox.happened(Ended(number))
                case EndConnection(number, name, reason):
                    worker.routes[name].end(number, reason)
                case Prepare():
                    nursery.start_soon(worker.prepare, order)
                case Apply():
                    worker.apply(order, log)
                case Ask(what):
                    worker.outbox.want(what)
                case Drain():
                    nursery.start_soon(_drain_and_end, worker, nursery)
                case Capture() | EndCapture():
                    worker.capture(order)
                case Recorded() if worker.shared is not None:
                    worker.shared.answered(order)
                case Recorded():
                    raise MessageError("Recorded outside of a cluster")
                case Start():
                    raise MessageError("Start when it had begun")
    except trio.EndOfChannel:
        structlog.get_logger().error("supervisor_gone", reason="draining")
        await _drain_and_end(worker, nursery)


async def _warm(worker: Worker) -> None:
    """Get ready to read replies while there is nothing else to do, so that the first STOP doesn't wait for it."""
    for route in worker.routes.values():
        for _ in route.dialect.policy.replies.warm():
            await trio.lowlevel.checkpoint()


async def _drain_and_end(worker: Worker, nursery: trio.Nursery) -> None:
    await worker.drain()
    nursery.cancel_scope.cancel()


async def _send(worker: Worker, channel: Channel[Order], log: Log) -> None:
    try:
        while True:
            await _empty(worker, channel, log)
            await worker.outbox.filled()
    except trio.BrokenResourceError:
        return  # the supervisor is gone, which the reading end sees too


async def _send_rest(worker: Worker, channel: Channel[Order], log: Log) -> None:
    """What was still to be told, and the last counts."""
    worker.outbox.want("report")
    with trio.move_on_after(REPORT_EVERY):
        with suppress(trio.BrokenResourceError):
            await _empty(worker, channel, log)


async def _empty(worker: Worker, channel: Channel[Order], log: Log) -> None:
    while (next_ := worker.outbox.take()) is not None:
        await channel.send(worker.answer(next_, log.stream.lost) if isinstance(next_, str) else next_)


async def _report(outbox: Outbox) -> None:
    while True:
        outbox.want("report")
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
        channel = Channel(sock, decode_order)
        try:
            await _run(channel)
        finally:
            channel.close()

    trio.run(run)


if __name__ == "__main__":
    main(int(sys.argv[1]))
