"""A simulated SMSC: takes every bind and every message, remembers them, and delivers what it is told to.

Runs under trio; ``running`` runs it in a thread of its own for callers without an event loop.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from queue import Queue
from threading import Thread
from typing import NamedTuple

import trio

from proxy.smpp import pdu, write
from proxy.smpp.frames import HEADER_SIZE, Frames
from proxy.smpp.multi import read_multi
from proxy.smpp.pdu import RESPONSE, Address, PduError, Tlv


class Seen(NamedTuple):
    """A PDU that the SMSC received, as it came."""

    connection: int
    command: str
    frame: bytes

    def addresses(self) -> tuple[Address, Address]:
        """Source and destination of a message."""
        source, destination, _ = pdu.read_addresses(self.frame, 0, len(self.frame))
        return source, destination


class _Connection:
    """One ESME's connection to the SMSC."""

    def __init__(self, number: int, stream: trio.SocketStream) -> None:
        self.number = number
        self.stream = stream
        self.lock = trio.Lock()
        self.can_receive = False
        self.next_sequence = 1
        self.answers: dict[int, Callable[[int], None]] = {}

    async def send(self, data: bytes) -> None:
        async with self.lock:
            await self.stream.send_all(data)


class Smsc:
    """The SMSC. ``seen`` lists every PDU that came in, in order; ``on_seen`` is told of each."""

    def __init__(self, on_seen: Callable[[Seen], None] = lambda _: None) -> None:
        self.seen: list[Seen] = []
        self._on_seen = on_seen
        self._connections: list[_Connection] = []
        self._messages = 0
        self._changed = trio.Condition()

    async def serve(
        self, host: str, port: int, task_status: trio.TaskStatus[tuple[str, int]] = trio.TASK_STATUS_IGNORED
    ) -> None:
        """Listen until cancelled; the address that it really listens on is the task's value."""
        listeners = await trio.open_tcp_listeners(port, host=host)
        host, port = listeners[0].socket.getsockname()[:2]
        task_status.started((host, port))
        await trio.serve_listeners(self._talk, listeners)

    def messages(self) -> list[Seen]:
        """The submits that came in so far."""
        return [seen for seen in self.seen if seen.command in ("submit_sm", "submit_multi", "data_sm")]

    async def wait_for(self, condition: Callable[[Smsc], bool]) -> None:
        """Return when the condition holds; it is looked at whenever something came or went."""
        async with self._changed:
            while not condition(self):
                await self._changed.wait()

    def receivers(self) -> int:
        """How many connections are bound to receive messages."""
        return sum(connection.can_receive for connection in self._connections)

    async def deliver(
        self,
        source: Address,
        destination: Address,
        text: bytes,
        *,
        esm_class: int = 0,
        data_coding: int = 0,
        parameters: Sequence[Tlv] = (),
    ) -> int:
        """Deliver a message from a handset over any receiving connection; returns the answer's status.

        Raises ``LookupError`` when nobody is bound to receive.
        """
        connection = next((c for c in self._connections if c.can_receive), None)
        if connection is None:
            raise LookupError("no ESME is bound as receiver or transceiver")
        sequence = connection.next_sequence
        connection.next_sequence += 1
        answered = trio.Event()
        statuses: list[int] = []

        def take(status: int) -> None:
            statuses.append(status)
            answered.set()

        connection.answers[sequence] = take
        await connection.send(
            write.deliver_sm(
                source,
                destination,
                text,
                sequence=sequence,
                esm_class=esm_class,
                data_coding=data_coding,
                parameters=parameters,
            )
        )
        await answered.wait()
        return statuses[0]

    async def _talk(self, stream: trio.SocketStream) -> None:
        connection = _Connection(len(self._connections), stream)
        self._connections.append(connection)
        frames = Frames()
        try:
            async with stream:
                while frames.fault is None and (data := await stream.receive_some(65536)):
                    buffer, ends = frames.feed(data)
                    start = 0
                    for end in ends:
                        await self._take(connection, buffer[start:end])
                        start = end
        except (trio.BrokenResourceError, trio.ClosedResourceError):
            pass
        finally:
            connection.can_receive = False
            with trio.CancelScope(shield=True):
                await self._tell_waiters()

    async def _take(self, connection: _Connection, frame: bytes) -> None:
        _, command, status, sequence = pdu.HEADER.unpack_from(frame)
        seen = Seen(connection.number, pdu.command_name(command), frame)
        self.seen.append(seen)
        self._on_seen(seen)
        if command & RESPONSE:
            if answer := connection.answers.pop(sequence, None):
                answer(status)
        else:
            await connection.send(self._answer(connection, command, sequence, frame))
        await self._tell_waiters()

    def _answer(self, connection: _Connection, command: int, sequence: int, frame: bytes) -> bytes:
        if command in pdu.BINDS:
            connection.can_receive = command != pdu.BIND_TRANSMITTER
            return write.pdu(command | RESPONSE, write.c_string("simulator"), sequence=sequence)
        if command in (pdu.ENQUIRE_LINK, pdu.UNBIND):
            connection.can_receive = connection.can_receive and command != pdu.UNBIND
            return write.pdu(command | RESPONSE, sequence=sequence)
        try:
            if command == pdu.SUBMIT_MULTI:
                read_multi(frame, 0, len(frame))
                return write.pdu(command | RESPONSE, self._message_id() + b"\0", sequence=sequence)
            if command in (pdu.SUBMIT_SM, pdu.DATA_SM):
                pdu.read_addresses(frame, 0, len(frame))
                return write.pdu(command | RESPONSE, self._message_id(), sequence=sequence)
        except PduError:
            return pdu.refusal(command, pdu.RINVCMDLEN, sequence)
        return write.pdu(pdu.GENERIC_NACK, status=pdu.STATUSES["ESME_RINVCMDID"], sequence=sequence)

    def _message_id(self) -> bytes:
        self._messages += 1
        return write.c_string(f"{self._messages:08x}")

    async def _tell_waiters(self) -> None:
        async with self._changed:
            self._changed.notify_all()


class Running(NamedTuple):
    """A simulator in a thread: its address, and its methods for callers without an event loop."""

    smsc: Smsc
    host: str
    port: int
    token: trio.lowlevel.TrioToken

    def deliver(self, source: Address, destination: Address, text: bytes, *, esm_class: int = 0) -> int:
        """``Smsc.deliver``; raises ``trio.TooSlowError`` after ten seconds without an answer."""

        async def deliver() -> int:
            with trio.fail_after(10):
                await self.smsc.wait_for(lambda smsc: smsc.receivers() > 0)
                return await self.smsc.deliver(source, destination, text, esm_class=esm_class)

        return trio.from_thread.run(deliver, trio_token=self.token)


@contextmanager
def running(host: str = "127.0.0.1", port: int = 0) -> Iterator[Running]:
    """Run a simulator in a thread while the context lasts; raises ``OSError`` if the port is taken."""
    started: Queue[Running | Exception] = Queue()
    scope = trio.CancelScope()

    async def main() -> None:
        smsc = Smsc()
        with scope:
            async with trio.open_nursery() as nursery:
                bound_host, bound_port = await nursery.start(smsc.serve, host, port)
                started.put(Running(smsc, bound_host, bound_port, trio.lowlevel.current_trio_token()))

    def run() -> None:
        try:
            trio.run(main)
        except* OSError as errors:
            started.put(errors.exceptions[0])

    thread = Thread(target=run, name="simulator", daemon=True)
    thread.start()
    outcome = started.get()
    if isinstance(outcome, Exception):
        raise outcome
    try:
        yield outcome
    finally:
        outcome.token.run_sync_soon(scope.cancel)
        thread.join()


def run_until_interrupted(listen: str) -> None:
    """Serve on ``host:port`` and print a line for every PDU, until Ctrl-C."""
    host, _, port = listen.rpartition(":")
    if not host or not port.isdigit():
        raise ValueError(f"{listen} is no host:port")

    async def main() -> None:
        async with trio.open_nursery() as nursery:
            address = await nursery.start(Smsc(_print).serve, host, int(port))
            print(f"SMSC simulator on {address[0]}:{address[1]}", flush=True)
            await trio.sleep(math.inf)

    try:
        trio.run(main)
    except* KeyboardInterrupt:
        print("stopped")


def _print(seen: Seen) -> None:
    print(f"connection {seen.connection}: {seen.command} ({len(seen.frame) - HEADER_SIZE} octets of body)", flush=True)
