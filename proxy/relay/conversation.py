"""Two sockets and a session: reads become decisions, decisions become writes.

Each direction reads, decides, and writes before it reads again: in its turn with all others where nothing has to be
waited for, in a task of its own where something has. So a side that doesn't read stops the other side of its own
session, memory holds one read and one unfinished frame each way, and a change is on disk before the PDU that caused it
is sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple, Protocol

import trio

from proxy.consent.entries import Entry
from proxy.consent.wishes import Made, NotRecorded
from proxy.net.sides import Side
from proxy.net.sockets import Gone, or_gone
from proxy.net.timeouts import Limits
from proxy.net.tls import Stream, close_side, socket_of
from proxy.relay.means import Means
from proxy.relay.outlet import Outlet
from proxy.relay.session.actions import Action, End, EndedBy, HalfClose, Note, Record, Remember, Send
from proxy.relay.session.session import Session
from proxy.relay.turns import READ_SIZE, Turns

READ_ON_AFTER = 0.05
"""Seconds that recording may take before the SMSC's answers pass what waits for it: longer than a disk takes."""


class Report(Protocol):
    """Takes what a session has to say, for the log and the metrics."""

    def note(self, session: Session, note: Note) -> None:
        """Something the session noticed."""

    def changed(self, session: Session, entries: Sequence[Entry]) -> None:
        """Changes that are now in the ledger."""

    def not_recorded(self, session: Session, reason: str) -> None:
        """Changes that could not be written."""


class About(NamedTuple):
    """Whose conversation it is: the client's address, the connection's number, the carrier's name."""

    peer: str = ""
    number: int = 0
    carrier: str = ""


class Conversation:
    """Runs one session over its two connections until it ends."""

    def __init__(
        self,
        session: Session,
        esme: Stream,
        smsc: Stream,
        means: Means,
        limits: Limits,
        report: Report,
        about: About = About(),  # noqa: B008 - it can't be changed
    ) -> None:
        self.session = session
        self.about = about
        self.limits = limits
        self.begun_at = self.active_at = trio.current_time()
        """When it began, and when something was last read, on trio's clock."""
        self._means = means
        self._report = report
        self._inlets = (_Inlet(self, Side.ESME, esme), _Inlet(self, Side.SMSC, smsc))
        self.outlets = (Outlet(esme), Outlet(smsc))
        self._end = End("internal", "cancelled")
        self._scope = trio.CancelScope()
        self._leaving = trio.Event()
        self._ended = trio.Event()

    async def run(self) -> End:
        """Relay until the session ends; both connections are closed when this returns."""
        try:
            with self._scope:
                async with trio.open_nursery() as nursery:
                    for inlet in self._inlets:
                        nursery.start_soon(self._hear, inlet)
            self._remember()
            async with trio.open_nursery() as nursery:
                for inlet in self._inlets:
                    nursery.start_soon(close_side, inlet.stream, self.limits.close_timeout)
        finally:
            with trio.CancelScope(shield=True):
                for inlet in self._inlets:
                    await trio.aclose_forcefully(inlet.connection)
            self._remember()
            self._ended.set()
        return self._end

    def _remember(self) -> None:
        """Have what the SMSC may offer again written down, as soon as the session is over."""
        if remembered := self.session.unanswered():
            self._means.commits.remember(remembered)

    def is_listening(self, side: Side) -> bool:
        """Whether what a side sends is being read; if not, the other side takes nothing, or something is written."""
        return self._inlets[side].is_reading

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
        if self._scope.cancel_called:
            return  # its sockets are being closed, and their descriptors may be somebody else's by now
        for action in actions:
            if isinstance(action, Send):
                self.outlets[action.to].put(action.data)
        if self.session.is_leaving:
            self._leaving.set()
        async with trio.open_nursery() as nursery:
            nursery.cancel_scope.deadline = trio.current_time() + self.limits.close_timeout
            for to in Side:
                nursery.start_soon(self._pay, to)
        await self.carry_out([action for action in actions if not isinstance(action, Send)])

    async def _hear(self, inlet: _Inlet) -> None:
        """Relay what a side sends until it closes, and then give it its answers."""
        try:
            with or_gone():
                await inlet.read_all(self._means.turns)
        except Gone:
            await self._gone(inlet.side)
            return
        await self.carry_out(self.session.eof(inlet.side))
        with trio.move_on_after(max(self.limits.drain_timeout, self.limits.close_timeout)):
            await self._until_answered(inlet.side)
        await self._gone(inlet.side)

    async def _until_answered(self, side: Side) -> None:
        """Wait until a side that closed has all its answers, by their number, and nothing has come for a while."""
        while True:
            quiet = trio.current_time() - self.active_at
            if self.session.is_answered(side) and quiet >= self.limits.close_timeout:
                return
            await trio.sleep(max(self.limits.close_timeout - quiet, self.limits.close_timeout / 10))

    def decide(self, side: Side, data: bytes, now: float) -> Sequence[Action]:
        """What to do with what was read from a side just now."""
        self.active_at = now
        return self._means.decisions.decide(self.session, side, data)

    def carry_out_at_once(self, actions: Sequence[Action]) -> Sequence[Action]:
        """Carry out in order what takes no waiting, nearly always all; what is left.

        Octets that a side doesn't take now are owed to it from now on, before all that anybody else sends there; what
        is left then begins with a ``Send`` of nothing, for whoever goes on to wait until they are taken.
        """
        for position, action in enumerate(actions):
            if type(action) is Send:
                to, data = action
                if not self.outlets[to].put(data):
                    return [Send(to, b""), *actions[position + 1 :]]
            elif type(action) is Note:
                self._means.turns.stir()
                self._report.note(self.session, action)
            elif type(action) is Remember:
                self._means.commits.remember(action.wishes)
            else:
                return actions[position:]
        if self.session.is_leaving:
            self._leaving.set()
        return ()

    async def carry_out(self, actions: Sequence[Action]) -> None:
        """Carry out all of these, in order."""
        while actions := self.carry_out_at_once(actions):
            match actions[0]:
                case Send(to, _):
                    await self._pay(to)
                case Record(Side.SMSC) as record:
                    actions = [record, *self.session.recorded(record, await self._record_and_read_on(record))]
                    actions += self._means.decisions.resume(self.session)
                    if self._inlets[record.side].is_gone:
                        actions += self.session.eof(record.side, is_broken=True)
                case Record() as record:
                    await self.carry_out(self.session.recorded(record, await self._record(record)))
                case HalfClose(to):
                    await self._pay(to, and_close=True)
                case End() as end:
                    await self._finish_sends()
                    self._end = end
                    self._leaving.set()
                    self._scope.cancel()
            actions = actions[1:]

    async def _record(self, record: Record) -> Made | None:
        """Have its wishes made durable; the entries that each made, None if that can't be done."""
        try:
            made = await self._means.commits.commit(record.wishes)
        except NotRecorded as error:
            self._report.not_recorded(self.session, str(error))
            return None
        self._report.changed(self.session, [entry for entries in made for entry in entries])
        return made

    async def _record_and_read_on(self, record: Record) -> Made | None:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._read_on, self._inlets[record.side])
            made = await self._record(record)
            nursery.cancel_scope.cancel()
        return made

    async def _read_on(self, inlet: _Inlet) -> None:
        await trio.sleep(READ_ON_AFTER)
        await self.carry_out(self.session.let_answers_pass())
        try:
            while self.session.may_read_on and (actions := await inlet.next(self._means.turns)) is not None:
                await self.carry_out(actions)
        except (OSError, trio.BrokenResourceError):
            inlet.is_gone = True  # the next read would take it for an end

    async def _pay(self, to: Side, *, and_close: bool = False) -> None:
        """Wait until all that is owed to a side is taken; then tell it, if wished, that nothing more comes."""
        try:
            await (self.outlets[to].close() if and_close else self.outlets[to].pay())
        except Gone:
            await self._gone(to)

    async def _gone(self, side: Side) -> None:
        await self.carry_out(self.session.eof(side, is_broken=True))

    async def _finish_sends(self) -> None:
        """Let all that is owed be taken, so that the last PDU each side gets is whole."""

        async def finish(outlet: Outlet) -> None:
            with suppress(Gone):
                await outlet.pay()

        async with trio.open_nursery() as nursery:
            nursery.cancel_scope.deadline = trio.current_time() + self.limits.close_timeout
            for outlet in self.outlets:
                nursery.start_soon(finish, outlet)


class _Inlet:
    """The way in from one side, as the turns serve it."""

    __slots__ = ("_conversation", "connection", "descriptor", "is_gone", "is_reading", "side", "stream")

    def __init__(self, conversation: Conversation, side: Side, stream: Stream) -> None:
        self._conversation = conversation
        self.side = side
        self.stream = stream
        self.connection = socket_of(stream)
        self.descriptor = self.connection.socket.fileno()
        self.is_reading = self.is_gone = False

    def serve(self, data: bytes, now: float) -> Sequence[Action] | None:
        """Decide, and do what can be done without waiting."""
        conversation = self._conversation
        return conversation.carry_out_at_once(conversation.decide(self.side, data, now)) or None

    async def read_all(self, turns: Turns) -> None:
        """Relay what comes until the side closes; raises what its stream raises."""
        try:
            while (actions := await self.next(turns)) is not None:
                await self._conversation.carry_out(actions)
        finally:
            turns.leave(self)

    async def next(self, turns: Turns) -> Sequence[Action] | None:
        """What is to be done of what comes next, None at the end of the stream; raises what its stream raises."""
        self.is_reading = True
        try:
            if isinstance(self.stream, trio.SSLStream):
                return await self._next_of_tls(self.stream)
            return await turns.wait_for(self)
        finally:
            self.is_reading = False

    async def _next_of_tls(self, stream: trio.SSLStream[trio.SocketStream]) -> Sequence[Action] | None:
        """TLS has to be read here."""
        data = await stream.receive_some(READ_SIZE)
        return self._conversation.decide(self.side, bytes(data), trio.current_time()) if data else None
