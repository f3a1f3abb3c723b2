"""A route at work: it connects each client on to a carrier, and looks after the sessions."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from contextlib import suppress
from functools import partial

import trio
from structlog.typing import FilteringBoundLogger

from proxy.consent.wishes import Origin
from proxy.net.arrivals import Arrival
from proxy.net.bind_rates import BindRates
from proxy.net.carriers import Chosen
from proxy.net.endpoints import Endpoint
from proxy.net.happenings import BindAsked, Bound, Happening
from proxy.net.path import RoutePath
from proxy.net.reception import NOT_TAKEN, Reception
from proxy.net.sockets import Gone, or_gone
from proxy.net.timeouts import Limits
from proxy.net.tls import Stream, close_side
from proxy.relay.conversation import About, Conversation
from proxy.relay.log import LogReport
from proxy.relay.looking_after import LookingAfter
from proxy.relay.means import Means
from proxy.relay.session.actions import Note
from proxy.relay.session.dialect import Dialect
from proxy.relay.session.session import Session
from proxy.relay.session.tally import Tally
from proxy.relay.taps import watch
from proxy.smpp import pdu
from proxy.smpp.frames import Frames

UNWELL = frozenset({pdu.status_name(pdu.STATUSES["ESME_RSYSERR"])})
"""Answers to a bind by which a carrier says that it can't serve anybody now."""


class Route:
    """The sessions between the clients that connect to one listener and that route's carriers."""

    def __init__(
        self,
        name: str,
        path: RoutePath,
        dialect: Dialect,
        limits: Limits,
        means: Means,
        utc_microseconds: Callable[[], int],
        on_happening: Callable[[Happening], None] = lambda _: None,
        bind_rates: BindRates | None = None,
    ) -> None:
        """``on_happening`` is told what becomes of the connections that ``take`` was given, by their numbers.

        ``bind_rates`` are shared by the routes of a worker.
        """
        self._bind_rates = bind_rates or BindRates(trio.current_time)
        self._bind_rates.limit = limits.binds_per_minute
        self.name = name
        self.dialect = dialect
        self.tally = Tally(utc_microseconds, time.perf_counter)
        self._means = means
        self._looking_after = LookingAfter(means.commits, self.tally, self._carrier_failed)
        self._on_happening = on_happening
        self._by_session: dict[Session, Conversation] = {}
        self._reception = Reception(name, "smpp", path, limits, self.tally, self, utc_microseconds, on_happening)
        self.carriers = self._reception.carriers
        self._report = LogReport(self._reception.log, self.tally, means.rates(), self._bind_happened)

    @property
    def path(self) -> RoutePath:
        """How its connections come in and go on."""
        return self._reception.path

    @property
    def limits(self) -> Limits:
        """How long it waits for what."""
        return self._reception.limits

    @property
    def conversations(self) -> Collection[Conversation]:
        """Those that go on now."""
        return self._by_session.values()

    def apply(self, path: RoutePath, dialect: Dialect, limits: Limits) -> None:
        """Go by other settings from now on, in the sessions that are open too; their connections stay as they are."""
        self.dialect = dialect
        self._bind_rates.limit = limits.binds_per_minute
        self._reception.apply(path, limits)
        for conversation in self.conversations:
            conversation.session.apply(dialect)
            conversation.limits = limits

    def end(self, number: int, reason: str) -> None:
        """End the session of this connection because a limit is reached."""
        for conversation in self.conversations:
            if conversation.about.number == number:
                conversation.end("limit", reason)

    def _bind_happened(self, session: Session, note: Note) -> None:
        conversation = self._by_session.get(session)
        if conversation is None:
            return
        patience, about = self._looking_after.patience[conversation], conversation.about
        if note.event == "bind":
            patience.asked_at = patience.asked_at or trio.current_time()
            self._on_happening(BindAsked(about.number))
            return
        patience.asked_at = 0.0
        if note.fields.get("status") in UNWELL:
            if self.path.direction == "bind" and not self._serves_others(about.carrier):
                self.carriers.declined(about.carrier, f"it answers binds with {note.fields['status']}")
        else:
            self.carriers.answered(about.carrier)
        if note.event == "bound":
            self._on_happening(Bound(about.number))

    def _serves_others(self, carrier: str) -> bool:
        """Whether a carrier has bound sessions: then a bind that it hangs up on says more of who sent it."""
        return any(each.about.carrier == carrier and each.session.is_bound for each in self.conversations)

    def _carrier_failed(self, conversation: Conversation, reason: str) -> None:
        """An SMSC that connected to us is none of our carriers, so what it does is nothing against one."""
        if self.path.direction == "outbind":
            return
        self.carriers.failed(conversation.about.carrier, reason, needs_answer=True)

    async def drain(self) -> None:
        """End all sessions: answers in flight first, then unbinds, within the limits. No new one begins."""
        self._reception.drain()
        async with trio.open_nursery() as nursery:
            for conversation in self.conversations:
                nursery.start_soon(conversation.drain)

    def capture(self) -> None:
        """Show the sessions to those who capture by now, and to nobody else."""
        for conversation in self.conversations:
            watch(self._means.captures, conversation)

    def write_refusals(self) -> None:
        """Have the refusals counted so far written down."""
        self._looking_after.write_refusals()

    async def look_after(self) -> None:
        """Until cancelled: end sessions that never bound in time, or that nobody uses where that is limited."""
        await self._looking_after.run()

    async def take(
        self, client: trio.SocketStream, number: int = 0, prefer: tuple[str, Endpoint] | None = None
    ) -> None:
        """One client's connection, from here to its end; see ``Reception.take``."""
        await self._reception.take(client, number, prefer)

    async def converse(
        self, arrival: Arrival, chosen: Chosen, number: int, session: str, log: FilteringBoundLogger
    ) -> str:
        """Relay a session over these two connections."""
        origin = Origin(self.name, session, "", chosen.seen_as, "smpp")
        decider = Session(self.dialect, self.tally, origin, partial(self._bind_rates.allows, arrival.client.host))
        sides = (arrival.stream, chosen.connected.stream)
        esme, smsc = sides if self.path.direction == "bind" else reversed(sides)
        about = About(str(arrival.client), number, chosen.carrier.name)
        conversation = Conversation(decider, esme, smsc, self._means, self.limits, self._report, about)
        self._by_session[decider] = conversation
        watch(self._means.captures, conversation)
        patience = self._looking_after.begin(conversation)
        log.info("session_start", carrier=chosen.carrier.name, address=str(chosen.connected.address))
        try:
            end = await conversation.run()
        finally:
            del self._by_session[decider]
            self._looking_after.leave(conversation)
        if patience.asked_at and end.ended_by == "smsc" and not self._serves_others(chosen.carrier.name):
            self._carrier_failed(conversation, "it closed the connection instead of answering a bind")
        elif end.ended_by == "smsc" and all(each.about.carrier != about.carrier for each in self.conversations):
            self.carriers.left(about.carrier)
        log.info(
            "session_end",
            ended_by=end.ended_by,
            reason=end.reason,
            seconds=round(trio.current_time() - conversation.begun_at, 3),
            **decider.statistics().in_the_end(),
        )
        return end.ended_by

    async def turn_away(self, arrival: Arrival, number: int, session: str, log: FilteringBoundLogger) -> str:  # noqa: ARG002
        """Without a carrier: answer the bind of an ESME with ESME_RBINDFAIL, close on anything else."""
        if self.path.direction == "bind":
            await self._refuse_bind(arrival.stream)
        log.info("session_end", ended_by="no_carrier", reason=NOT_TAKEN)
        return "no_carrier"

    async def _refuse_bind(self, stream: Stream) -> None:
        frames = Frames(self.dialect.max_pdu)
        with suppress(Gone), or_gone():
            with trio.move_on_after(self.limits.connect_timeout):
                while data := await stream.receive_some(4096):
                    buffer, ends, _ = frames.feed(bytes(data))
                    if ends:
                        _, command, _, sequence = pdu.HEADER.unpack_from(buffer)
                        if command in pdu.BINDS:
                            self.tally.binds["proxy", pdu.RBINDFAIL] += 1
                            await stream.send_all(pdu.refusal(command, pdu.RBINDFAIL, sequence))
                    elif frames.fault:
                        await stream.send_all(pdu.header_only(pdu.GENERIC_NACK, pdu.RINVCMDLEN, 0))
                    if ends or frames.fault:
                        break
            await close_side(stream, self.limits.close_timeout)
