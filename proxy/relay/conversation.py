"""Two sockets and a session: reads become decisions, decisions become writes.

Each direction reads, decides, and writes before it reads again: in its turn with all others where nothing has to be
waited for, in a task of its own where something has. So a side that doesn't read stops the other side of its own
session, memory holds one read and one unfinished frame each way, and a change is on disk before the PDU that caused it
is sent.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from typing import Protocol

import trio

from proxy.consent.entries import Entry
from proxy.consent.rules import Consent
from proxy.ledger.commits import commit
from proxy.ledger.writer import Writer
from proxy.net.timeouts import Limits
from proxy.net.tls import Stream, close_side, socket_of
from proxy.relay.session.actions import Action, End, EndedBy, HalfClose, Note, Record, Remember, Send
from proxy.relay.session.session import Session
from proxy.relay.session.tally import Side
from proxy.relay.turns import READ_SIZE, Turns


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
        esme: Stream,
        smsc: Stream,
        turns: Turns,
        writer: Writer,
        limits: Limits,
        report: Report,
        peer: str = "",
        number: int = 0,
        carrier: str = "",
    ) -> None:
        """``peer`` is the client's address, ``number`` the connection's, ``carrier`` its name; for whoever looks."""
        self.session = session
        self.number = number
        self.carrier = carrier
        self.begun_at = self.active_at = trio.current_time()
        """When it began, and when something was last read, on trio's clock."""
        self.peer = peer
        self.unbound_at = self.active_at
        """When the session was last seen without a bind by whoever looks after it."""
        self.asked_at = 0.0
        """When a bind was passed on that has no answer yet, 0 for none."""
        self._waiting = (0, 0.0)
        """How many PDUs the SMSC had sent, and since when it has sent no more though requests wait for it."""
        self._streams = (esme, smsc)
        self._locks = (trio.Lock(), trio.Lock())
        self._owed: tuple[deque[bytes], deque[bytes]] = (deque(), deque())
        """Octets that come before anything else that is sent to a side."""
        self._is_torn = False
        self._is_reading = [False, False]
        self._sockets = (socket_of(esme), socket_of(smsc))
        self._descriptors = tuple(_descriptor(stream) for stream in self._streams)
        """Where octets can be written as they are; None for TLS."""
        self._turns = turns
        self._writer = writer
        self.limits = limits
        self._report = report
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
            self._remember()
            async with trio.open_nursery() as nursery:
                for stream in self._streams:
                    nursery.start_soon(close_side, stream, self.limits.close_timeout)
        finally:
            with trio.CancelScope(shield=True):
                for stream in self._sockets:
                    await trio.aclose_forcefully(stream)
            self._remember()
            self._ended.set()
        return self._end

    def _remember(self) -> None:
        """Have what the SMSC may offer again written down, as soon as the session is over."""
        if remembered := self.session.unanswered():
            self._writer.remember(remembered)

    def is_silent(self, now: float, limit: float) -> bool:
        """Whether it is now (once in so long) ``limit`` seconds that the SMSC answers nothing; 0 is no limit.

        While we don't read, because the ESME doesn't, nothing can be said.
        """
        due, heard = self.session.answers_due()
        count, since = self._waiting
        if not due or heard != count or not since or not self._is_reading[Side.SMSC]:
            self._waiting = heard, now
            return False
        if not limit or now - since <= limit:
            return False
        self._waiting = heard, now
        return True

    def end(self, ended_by: EndedBy, reason: str) -> None:
        """End the session from outside, if it has not ended by itself."""
        if not self._scope.cancel_called:
            self._end = End(ended_by, reason)
            self._leaving.set()
            self._scope.cancel()

    async def drain(self) -> None:
        """End the session when nothing is in flight, at the latest after the limits allow."""
        await self._say_farewell(self.session.drain())
        with trio.move_on_after(self.limits.drain_timeout):
            await self._leaving.wait()
        with trio.move_on_after(self.limits.close_timeout):
            await self._say_farewell(self.session.drain(at_once=True))
            await self._ended.wait()
        self.end("drain", "a side did not answer unbind in time")
        await self._ended.wait()

    async def _say_farewell(self, actions: Sequence[Action]) -> None:
        """Carry out what a drain asks for, each side's part of it though the other side takes nothing."""
        for action in actions:
            if isinstance(action, Send) and (rest := self._write(action.to, action.data)):
                self._owed[action.to].append(rest)
        if self.session.is_leaving:
            self._leaving.set()
        async with trio.open_nursery() as nursery:
            nursery.cancel_scope.deadline = trio.current_time() + self.limits.close_timeout
            for to in Side:
                nursery.start_soon(self._pay, to)
        await self._carry_out([action for action in actions if not isinstance(action, Send)])

    async def _pump(self, side: Side) -> None:
        stream = self._streams[side]
        direction = _Direction(self, side, self._sockets[side].socket.fileno())
        try:
            if isinstance(stream, trio.SSLStream):
                await self._serve_tls(stream, direction)
            else:
                await self._serve(direction)
        except (OSError, trio.BrokenResourceError, trio.ClosedResourceError):
            await self._broken(side)
            return
        await self._carry_out(self.session.eof(side))
        with trio.move_on_after(max(self.limits.drain_timeout, self.limits.close_timeout)):
            await self._until_answered(side)
        await self._broken(side)

    async def _until_answered(self, side: Side) -> None:
        """Wait until a side that closed has all its answers, by their number, and nothing has come for a while."""
        while True:
            quiet = trio.current_time() - self.active_at
            if self.session.is_answered(side) and quiet >= self.limits.close_timeout:
                return
            await trio.sleep(max(self.limits.close_timeout - quiet, self.limits.close_timeout / 10))

    async def _serve(self, direction: _Direction) -> None:
        """Relay what a side sends until it closes, in its turn with all others."""
        try:
            while actions := await self._next(direction):
                await self._carry_out(actions)
        finally:
            self._turns.leave(direction)

    async def _next(self, direction: _Direction) -> Sequence[Action] | None:
        side = direction.side
        self._is_reading[side] = True
        try:
            return await self._turns.wait_for(direction)
        finally:
            self._is_reading[side] = False

    async def _serve_tls(self, stream: trio.SSLStream[trio.SocketStream], direction: _Direction) -> None:
        """The same for TLS, which has to be read here."""
        while True:
            self._is_reading[direction.side] = True
            data = await stream.receive_some(READ_SIZE)
            self._is_reading[direction.side] = False
            if not data:
                return
            await self._carry_out(self._turns.decide(direction, bytes(data), trio.current_time()))

    def carry_out_at_once(self, actions: Sequence[Action]) -> Sequence[Action]:
        """Carry out in order what takes no waiting, nearly always all; what is left.

        Octets that a side doesn't take now are owed to it from now on, before all that anybody else sends there; what
        is left then begins with a ``Send`` of nothing, for whoever goes on to wait until they are taken.
        """
        for position, action in enumerate(actions):
            if type(action) is Send:
                to, data = action
                if rest := self._write(to, data):
                    self._owed[to].append(rest)
                if self._owed[to]:
                    return [Send(to, b""), *actions[position + 1 :]]
            elif type(action) is Note:
                self._report.note(self.session, action)
            elif type(action) is Remember:
                self._writer.remember(action.wishes)
            else:
                return actions[position:]
        if self.session.is_leaving:
            self._leaving.set()
        return ()

    async def _carry_out(self, actions: Sequence[Action]) -> None:
        while actions := self.carry_out_at_once(actions):
            match actions[0]:
                case Send(to, _):
                    await self._pay(to)
                case Record(side, wishes):
                    outcome = await commit(self._writer, wishes)
                    if isinstance(outcome, list):
                        self._report.changed(self.session, [entry for made in outcome for entry in made])
                    else:
                        self._report.not_recorded(self.session, str(outcome))
                    await self._carry_out(self.session.recorded(side, outcome if isinstance(outcome, list) else None))
                case HalfClose(to):
                    await self._pay(to, and_close=True)
                case End() as end:
                    await self._finish_sends()
                    self._end = end
                    self._leaving.set()
                    self._scope.cancel()
            actions = actions[1:]

    def _write(self, to: Side, data: bytes) -> bytes:
        """Send what the kernel takes at once, unless more is owed already; the octets that are left.

        A connection that is gone takes nothing; whoever pays what is owed will learn of it.
        """
        descriptor = self._descriptors[to]
        if descriptor is None or self._owed[to]:
            return data
        try:
            taken = os.write(descriptor, data)
        except OSError:
            return data
        return data[taken:] if taken < len(data) else b""

    async def _pay(self, to: Side, *, and_close: bool = False) -> None:
        """Wait until all that is owed to a side is taken; then tell it, if wished, that nothing more comes.

        TLS can't be closed one way: there the other side learns of it when the session ends.
        """
        stream = self._streams[to]
        try:
            await self._settle(to)
            if and_close and isinstance(stream, trio.SocketStream):
                async with self._locks[to]:
                    await stream.send_eof()
        except (OSError, trio.BrokenResourceError, trio.ClosedResourceError):
            self._owed[to].clear()
            await self._broken(to)

    async def _settle(self, to: Side) -> None:
        stream = self._streams[to]
        async with self._locks[to]:
            if isinstance(stream, trio.SSLStream):
                await self._pay_tls(stream, self._owed[to])
            else:
                await self._pay_plain(stream, self._owed[to])

    async def _pay_plain(self, stream: trio.SocketStream, owed: deque[bytes]) -> None:
        """What has been taken is owed no more at any moment, so that others can go on if this is cancelled."""
        while owed:
            try:
                taken = os.write(stream.socket.fileno(), owed[0])
            except BlockingIOError:
                await trio.lowlevel.wait_writable(stream.socket)
                continue
            if taken < len(owed[0]):
                owed[0] = owed[0][taken:]
            else:
                owed.popleft()

    async def _pay_tls(self, stream: trio.SSLStream[trio.SocketStream], owed: deque[bytes]) -> None:
        """If this is cancelled nobody knows what was taken, so nothing more is sent there."""
        while owed and not self._is_torn:
            try:
                await stream.send_all(owed[0])
            except trio.Cancelled:
                self._is_torn = True
                raise
            owed.popleft()

    async def _broken(self, side: Side) -> None:
        await self._carry_out(self.session.eof(side, is_broken=True))

    async def _finish_sends(self) -> None:
        """Let all that is owed be taken, so that the last PDU each side gets is whole."""
        async with trio.open_nursery() as nursery:
            nursery.cancel_scope.deadline = trio.current_time() + self.limits.close_timeout
            for to in Side:
                nursery.start_soon(self._finish_sends_to, to)

    async def _finish_sends_to(self, to: Side) -> None:
        with suppress(OSError, trio.BrokenResourceError, trio.ClosedResourceError):
            await self._settle(to)


def _descriptor(stream: Stream) -> int | None:
    return stream.socket.fileno() if isinstance(stream, trio.SocketStream) else None


class _Direction:
    """One direction of a conversation, as the turns serve it."""

    __slots__ = ("_conversation", "carry_out_at_once", "descriptor", "side")

    def __init__(self, conversation: Conversation, side: Side, descriptor: int) -> None:
        self._conversation = conversation
        self.side = side
        self.descriptor = descriptor
        self.carry_out_at_once = conversation.carry_out_at_once

    def decide(self, data: bytes, consent: Consent, now: float) -> Sequence[Action]:
        self._conversation.active_at = now
        return self._conversation.session.receive(self.side, data, consent)
