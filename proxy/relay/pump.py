"""Two sockets and a session: reads become decisions, decisions become writes.

Each direction is one task that reads, decides, and writes before it reads again. So a side that
doesn't read stops the other side of its own session, memory holds one read and one unfinished
frame each way, and a change is on disk before the PDU that caused it is sent.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Protocol

import trio

from proxy.consent.journal import Entry
from proxy.consent.reader import Reader
from proxy.consent.writer import Writer
from proxy.relay.actions import Action, End, EndedBy, HalfClose, Note, Record, Send
from proxy.relay.commits import commit
from proxy.relay.limits import Limits
from proxy.relay.network import close_gently, name_of
from proxy.relay.session import Session
from proxy.relay.tally import Side

READ_SIZE = 65536
"""Octets asked of the kernel at once: a window of a few hundred ordinary PDUs."""


class Report(Protocol):
    """Takes what a session has to say, for the log and the metrics."""

    def note(self, session: Session, note: Note) -> None:
        """Something the session noticed."""

    def changed(self, session: Session, entries: Sequence[Entry]) -> None:
        """Changes that are now in the ledger."""

    def not_recorded(self, session: Session, reason: str) -> None:
        """Changes that could not be written."""


class Conversation:
    """Runs one session over its two connections until it ends."""

    def __init__(
        self,
        session: Session,
        esme: trio.SocketStream,
        smsc: trio.SocketStream,
        reader: Reader,
        writer: Writer,
        limits: Limits,
        report: Report,
        on_batch: Callable[[float], None],
    ) -> None:
        """``on_batch`` is told how long each decision took, in seconds."""
        self.session = session
        self.begun_at = self.active_at = trio.current_time()
        """When it began, and when something was last read, on trio's clock."""
        self.peer = name_of(esme)
        """The ESME's address."""
        self.unbound_at = self.active_at
        """When the session was last seen without a bind by whoever looks after it."""
        self._streams = (esme, smsc)
        self._locks = (trio.Lock(), trio.Lock())
        self._reader = reader
        self._writer = writer
        self.limits = limits
        self._report = report
        self._on_batch = on_batch
        self._end = End("internal", "cancelled")
        self._scope = trio.CancelScope()
        self._leaving = trio.Event()
        self._ended = trio.Event()

    async def run(self) -> End:
        """Relay until the session ends; both connections are closed when this returns."""
        try:
            with self._scope:
                async with trio.open_nursery() as nursery:
                    nursery.start_soon(self._pump, Side.ESME)
                    nursery.start_soon(self._pump, Side.SMSC)
            async with trio.open_nursery() as nursery:
                for stream in self._streams:
                    nursery.start_soon(close_gently, stream, self.limits.close_timeout)
        finally:
            with trio.CancelScope(shield=True):
                for stream in self._streams:
                    await trio.aclose_forcefully(stream)
            self._ended.set()
        return self._end

    def end(self, ended_by: EndedBy, reason: str) -> None:
        """End the session from outside, if it has not ended by itself."""
        if not self._scope.cancel_called:
            self._end = End(ended_by, reason)
            self._leaving.set()
            self._scope.cancel()

    async def drain(self) -> None:
        """End the session when nothing is in flight, at the latest after the limits allow."""
        with trio.move_on_after(self.limits.close_timeout):
            await self._carry_out(self.session.drain())
        with trio.move_on_after(self.limits.drain_timeout):
            await self._leaving.wait()
        with trio.move_on_after(self.limits.close_timeout):
            await self._carry_out(self.session.drain(at_once=True))
            await self._ended.wait()
        self.end("drain", "a side did not answer unbind in time")
        await self._ended.wait()

    async def _pump(self, side: Side) -> None:
        sock = self._streams[side].socket
        while True:
            try:
                await trio.lowlevel.wait_readable(sock)
                data = os.read(sock.fileno(), READ_SIZE)
            except BlockingIOError:
                continue
            except (OSError, trio.ClosedResourceError):
                await self._broken(side)
                return
            begun = self.active_at = trio.current_time()
            if not data:
                await self._carry_out(self.session.eof(side))
                await trio.sleep(max(self.limits.drain_timeout, self.limits.close_timeout))
                await self._broken(side)
                return
            with self._reader as consent:
                actions = self.session.receive(side, data, consent)
            self._on_batch(trio.current_time() - begun)
            await self._carry_out(actions)

    async def _carry_out(self, actions: Sequence[Action]) -> None:
        for action in actions:
            match action:
                case Send(to, data):
                    await self._send(to, data)
                case Note():
                    self._report.note(self.session, action)
                case Record(side, wishes):
                    outcome = await commit(self._writer, wishes)
                    if isinstance(outcome, list):
                        self._report.changed(self.session, [entry for made in outcome for entry in made])
                    else:
                        self._report.not_recorded(self.session, str(outcome))
                    await self._carry_out(self.session.recorded(side, outcome if isinstance(outcome, list) else None))
                case HalfClose(to):
                    await self._half_close(to)
                case End():
                    await self._finish_sends()
                    self._end = action
                    self._leaving.set()
                    self._scope.cancel()
        if self.session.is_leaving:
            self._leaving.set()

    async def _send(self, to: Side, data: bytes) -> None:
        """Send all of it. What the kernel takes at once, nearly always all, costs no turn of the event loop."""
        rest = memoryview(data)
        try:
            if not self._locks[to].locked():
                rest = rest[_write(self._streams[to].socket.fileno(), data) :]
            if rest:
                async with self._locks[to]:
                    await self._streams[to].send_all(rest)
        except (OSError, trio.BrokenResourceError, trio.ClosedResourceError):
            await self._broken(to)

    async def _half_close(self, to: Side) -> None:
        try:
            async with self._locks[to]:
                await self._streams[to].send_eof()
        except (trio.BrokenResourceError, trio.ClosedResourceError):
            await self._broken(to)

    async def _broken(self, side: Side) -> None:
        await self._carry_out(self.session.eof(side, is_broken=True))

    async def _finish_sends(self) -> None:
        """Let a send that is under way finish, so that the last PDU each side gets is whole."""
        with trio.move_on_after(self.limits.close_timeout):
            for lock in self._locks:
                async with lock:
                    pass


def _write(descriptor: int, data: bytes) -> int:
    """How many octets the kernel takes now; raises ``OSError`` for a connection that is gone."""
    try:
        return os.write(descriptor, data)
    except BlockingIOError:
        return 0
