"""A route at work: it connects each client on to a carrier, and looks after the sessions."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import partial

import structlog
import trio
from structlog.typing import FilteringBoundLogger

from proxy.consent.rules import Origin
from proxy.ledger.writer import Writer
from proxy.net import blind
from proxy.net.arrivals import Arrival, NotServed, arrive
from proxy.net.carriers import Carriers, Chosen
from proxy.net.path import Way
from proxy.net.sockets import Endpoint, NoCarrier, name_of, tune
from proxy.net.timeouts import Limits
from proxy.net.tls import Stream, close_side, socket_of
from proxy.relay.conversation import Conversation
from proxy.relay.happenings import BindAsked, Bound, Connected, Ended, Happening
from proxy.relay.log import LogReport
from proxy.relay.session.actions import Note
from proxy.relay.session.binds import BindRates
from proxy.relay.session.policy import Policy
from proxy.relay.session.session import Session
from proxy.relay.session.tally import Side, Tally
from proxy.relay.turns import Turns
from proxy.smpp import pdu
from proxy.smpp.frames import Frames

WRITE_REFUSALS_EVERY = 10.0
"""Seconds between writings of refusal counts: what a crash may lose of them."""

LOOK_EVERY = 0.5
"""Seconds between looks for sessions that never bound or are idle; how late such an end may be."""

UNWELL = frozenset({pdu.status_name(pdu.STATUSES["ESME_RSYSERR"])})
"""Answers to a bind by which a carrier says that it can't serve anybody now."""


class Route:
    """The sessions between the clients that connect to one listener and that route's carriers."""

    def __init__(
        self,
        name: str,
        way: Way,
        policy: Policy,
        limits: Limits,
        turns: Turns,
        writer: Writer,
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
        self.policy = policy
        self.limits = limits
        self.way = way
        self.tally = Tally(utc_microseconds)
        self.conversations: set[Conversation] = set()
        self._is_draining = False
        self._turns = turns
        self._writer = writer
        self._on_happening = on_happening
        self._by_session: dict[Session, Conversation] = {}
        self._log: FilteringBoundLogger = structlog.get_logger().bind(route=name)
        self.carriers = Carriers(way, self._log, lambda: utc_microseconds() / 1e6)
        self._report = LogReport(self._log, self.tally, trio.current_time, self._bind_happened)
        self._blind: set[trio.CancelScope] = set()

    def apply(self, way: Way, policy: Policy, limits: Limits) -> None:
        """Go by other settings from now on, in the sessions that are open too; their connections stay as they are."""
        self.way, self.policy, self.limits = way, policy, limits
        self._bind_rates.limit = limits.binds_per_minute
        self.carriers.apply(way)
        for conversation in self.conversations:
            conversation.session.apply(policy)
            conversation.limits = limits

    def end(self, number: int, reason: str) -> None:
        """End the session of this connection because a limit is reached."""
        for conversation in self.conversations:
            if conversation.number == number:
                conversation.end("limit", reason)

    def _bind_happened(self, session: Session, note: Note) -> None:
        conversation = self._by_session.get(session)
        if conversation is None:
            return
        if note.event == "bind":
            conversation.asked_at = conversation.asked_at or trio.current_time()
            self._on_happening(BindAsked(conversation.number))
            return
        conversation.asked_at = 0.0
        if note.fields.get("status") in UNWELL:
            if self.way.direction == "bind" and not self._serves_others(conversation.carrier):
                self.carriers.declined(conversation.carrier, f"it answers binds with {note.fields['status']}")
        else:
            self.carriers.answered(conversation.carrier)
        if note.event == "bound":
            self._on_happening(Bound(conversation.number))

    def _serves_others(self, carrier: str) -> bool:
        """Whether a carrier has bound sessions: then a bind that it hangs up on says more of who sent it."""
        return any(each.carrier == carrier and each.session.is_bound for each in self.conversations)

    def _carrier_failed(self, conversation: Conversation, reason: str) -> None:
        """An SMSC that connected to us is none of our carriers, so what it does is nothing against one."""
        if self.way.direction == "outbind":
            return
        self.carriers.failed(conversation.carrier, reason, needs_answer=True)

    async def drain(self) -> None:
        """End all sessions: answers in flight first, then unbinds, within the limits. No new one begins."""
        self._is_draining = True
        for scope in self._blind:
            scope.cancel()
        async with trio.open_nursery() as nursery:
            for conversation in self.conversations:
                nursery.start_soon(conversation.drain)

    def write_refusals(self) -> None:
        """Have the refusals counted so far written down."""
        if counts := self.tally.refusals.take():
            self._writer.submit(counts, lambda _: None)

    async def take(
        self, client: trio.SocketStream, number: int = 0, prefer: tuple[str, Endpoint] | None = None
    ) -> None:
        """One client's connection, from here to its end; nothing in it may harm another.

        ``prefer``: the carrier, and its address, that the same client is connected to, as told by ``on_happening``.
        """
        session_id = secrets.token_hex(6)
        log = self._log.bind(session=session_id, peer=name_of(client))
        self.tally.sessions += 1
        ended_by = "internal"
        try:
            ended_by = await self._relay(client, number, prefer, session_id, log)
        except* Exception:
            log.exception("session_failed")
        finally:
            self.tally.sessions -= 1
            self.tally.sessions_ended[ended_by] += 1
            self._on_happening(Ended(number))
            await trio.aclose_forcefully(client)

    async def _relay(
        self,
        client: trio.SocketStream,
        number: int,
        prefer: tuple[str, Endpoint] | None,
        session_id: str,
        log: FilteringBoundLogger,
    ) -> str:
        """Who ended it."""
        nearer = "esme" if self.way.direction == "bind" else "smsc"
        try:
            tune(client, self.limits)
            arrival = await arrive(client, self.way, self.limits)
        except NotServed as error:
            log.warning("connection_refused", reason=str(error))
            await close_side(client, self.limits.close_timeout)
            return nearer
        except (OSError, trio.BrokenResourceError) as error:
            log.info("session_end", ended_by=nearer, reason=f"gone before it could be served: {error}")
            return nearer
        if arrival.is_behind_balancer:
            log = log.bind(peer=str(arrival.client), balancer=name_of(client))
        try:
            wanted = None if arrival.is_behind_balancer else prefer  # behind a balancer all clients look like one
            chosen = await self.carriers.connect(arrival, self.limits, wanted)
        except NoCarrier as error:
            log.error("no_carrier", reason=str(error))
            if self.way.direction == "bind" and not arrival.is_opaque:
                await self._refuse_bind(arrival.stream)
            log.info("session_end", ended_by="smsc", reason="no carrier took the connection")
            return "smsc"
        if self._is_draining:
            await trio.aclose_forcefully(socket_of(chosen.connected.stream))
            log.info("session_end", ended_by="drain", reason="stopped before it began")
            return "drain"
        self._on_happening(Connected(number, chosen.carrier.name, chosen.connected.address))
        if arrival.is_opaque:
            return await self._pass_blindly(arrival, chosen, number, log)
        return await self._converse(arrival, chosen, number, session_id, log)

    async def _converse(
        self, arrival: Arrival, chosen: Chosen, number: int, session_id: str, log: FilteringBoundLogger
    ) -> str:
        """Relay a session over these two connections."""
        begun = trio.current_time()
        seen_as = chosen.carrier.name if chosen.carrier.endpoint else str(chosen.connected.address)
        origin = Origin(self.name, session_id, "", seen_as)
        session = Session(self.policy, self.tally, origin, partial(self._bind_rates.allows, arrival.client.host))
        sides = (arrival.stream, chosen.connected.stream)
        esme, smsc = sides if self.way.direction == "bind" else reversed(sides)
        conversation = Conversation(
            session,
            esme,
            smsc,
            self._turns,
            self._writer,
            self.limits,
            self._report,
            peer=str(arrival.client),
            number=number,
            carrier=chosen.carrier.name,
        )
        self.conversations.add(conversation)
        self._by_session[session] = conversation
        log.info("session_start", carrier=chosen.carrier.name, address=str(chosen.connected.address))
        try:
            end = await conversation.run()
        finally:
            self.conversations.discard(conversation)
            del self._by_session[session]
        if conversation.asked_at and end.ended_by == "smsc" and not self._serves_others(chosen.carrier.name):
            self._carrier_failed(conversation, "it closed the connection instead of answering a bind")
        seen = session.statistics()
        log.info(
            "session_end",
            ended_by=end.ended_by,
            reason=end.reason,
            system_id=seen.system_id,
            seconds=round(trio.current_time() - begun, 3),
            from_esme=seen.pdus[Side.ESME],
            from_smsc=seen.pdus[Side.SMSC],
            refused=seen.refused,
            changes=seen.changes,
        )
        return end.ended_by

    async def _pass_blindly(self, arrival: Arrival, chosen: Chosen, number: int, log: FilteringBoundLogger) -> str:
        """TLS that we have no key for, where the route says that it passes."""
        self.tally.uninspected += 1
        self._on_happening(Bound(number))  # as far as can be known
        log.warning("session_uninspected", carrier=chosen.carrier.name, reason="TLS that this proxy has no key for")
        client_first = False
        with trio.CancelScope() as scope:
            self._blind.add(scope)
            try:
                client_first = await blind.relay(
                    socket_of(arrival.stream), socket_of(chosen.connected.stream), self.limits
                )
            finally:
                self._blind.discard(scope)
        ended_by = "drain" if scope.cancelled_caught else "esme" if client_first else "smsc"
        log.info("session_end", ended_by=ended_by, reason="uninspected")
        return ended_by

    async def _refuse_bind(self, esme: Stream) -> None:
        """Without a carrier: answer the bind with ESME_RBINDFAIL, close on anything else."""
        frames = Frames(self.policy.max_pdu)
        try:
            with trio.move_on_after(self.limits.connect_timeout):
                while data := await esme.receive_some(4096):
                    buffer, ends, _ = frames.feed(bytes(data))
                    if ends:
                        _, command, _, sequence = pdu.HEADER.unpack_from(buffer)
                        if command in pdu.BINDS:
                            await esme.send_all(pdu.refusal(command, pdu.RBINDFAIL, sequence))
                    elif frames.fault:
                        await esme.send_all(pdu.header_only(pdu.GENERIC_NACK, pdu.RINVCMDLEN, 0))
                    if ends or frames.fault:
                        break
            await close_side(esme, self.limits.close_timeout)
        except (trio.BrokenResourceError, trio.ClosedResourceError):
            return

    async def look_after(self) -> None:
        """Until cancelled: end sessions that never bound in time, or that nobody uses where that is limited."""
        written_at = trio.current_time()
        while True:
            await trio.sleep(LOOK_EVERY)
            now = trio.current_time()
            if now - written_at > WRITE_REFUSALS_EVERY:
                written_at = now
                self.write_refusals()
            for conversation in tuple(self.conversations):
                if remembered := conversation.session.look_at_answers():
                    self._writer.remember(remembered)
                self._look_at(conversation, now)

    def _look_at(self, conversation: Conversation, now: float) -> None:
        limits = self.limits
        asked_at = conversation.asked_at
        if asked_at and now - asked_at > limits.bind_answer_timeout:
            conversation.asked_at = 0.0
            reason = f"no answer to a bind within {limits.bind_answer_timeout:g} s"
            self._carrier_failed(conversation, reason)
            conversation.end("bind_timeout", f"the carrier: {reason}")
        elif conversation.session.is_bound:
            conversation.unbound_at = now
        elif now - conversation.unbound_at > limits.bind_timeout:
            conversation.end("bind_timeout", f"no accepted bind within {limits.bind_timeout:g} s")
        if conversation.is_silent(now, limits.carrier_silence):
            reason = f"no answer to anything for {limits.carrier_silence:g} s on a bound session"
            self._carrier_failed(conversation, reason)
        if limits.idle_timeout and now - conversation.active_at > limits.idle_timeout:
            conversation.end("idle", f"nothing was sent for {limits.idle_timeout:g} s")
