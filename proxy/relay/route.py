"""A route at work: it connects each ESME on to a carrier, and looks after the sessions."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

import structlog
import trio
from structlog.typing import FilteringBoundLogger

from proxy.consent.rules import Origin
from proxy.consent.writer import Writer
from proxy.relay.limits import Limits
from proxy.relay.network import Endpoint, NoCarrier, close_gently, connect, name_of, tune
from proxy.relay.policy import Policy
from proxy.relay.pump import Conversation
from proxy.relay.reports import LogReport
from proxy.relay.session import Session
from proxy.relay.tally import Side, Tally
from proxy.relay.turns import Turns
from proxy.smpp import pdu
from proxy.smpp.frames import Frames

WRITE_REFUSALS_EVERY = 10.0
"""Seconds between writings of refusal counts: what a crash may lose of them."""

LOOK_EVERY = 0.5
"""Seconds between looks for sessions that never bound or are idle; how late such an end may be."""


Happening = Literal["bind", "bound", "ended"]
"""What a route tells of a connection: that a bind was requested, or accepted, and that it is over."""


class CarrierState(NamedTuple):
    """What is known of a carrier from connecting to it: up or down since when, and when last tried (UTC seconds)."""

    is_up: bool | None = None
    since: float = 0.0
    tried: float = 0.0


class Route:
    """The sessions between the ESMEs that connect to one listener and that route's carriers."""

    def __init__(
        self,
        name: str,
        carriers: Sequence[Endpoint],
        policy: Policy,
        limits: Limits,
        turns: Turns,
        writer: Writer,
        utc_microseconds: Callable[[], int],
        on_happening: Callable[[int, Happening], None] = lambda _connection, _happening: None,
    ) -> None:
        """``on_happening`` is told what becomes of the connections that ``take`` was given, by their numbers."""
        self.name = name
        self.policy = policy
        self.limits = limits
        self.tally = Tally(utc_microseconds)
        self.carriers: dict[Endpoint, CarrierState] = dict.fromkeys(carriers, CarrierState())
        self.conversations: set[Conversation] = set()
        self._is_draining = False
        self._turns = turns
        self._writer = writer
        self._utc_microseconds = utc_microseconds
        self._on_happening = on_happening
        self._numbers: dict[Session, int] = {}
        self._log: FilteringBoundLogger = structlog.get_logger().bind(route=name)
        self._report = LogReport(self._log, self.tally, trio.current_time, self._bind_happened)

    def apply(self, policy: Policy, limits: Limits) -> None:
        """Go by other settings from now on, in the sessions that are open too."""
        self.policy, self.limits = policy, limits
        for conversation in self.conversations:
            conversation.session.apply(policy)
            conversation.limits = limits

    def end(self, number: int, reason: str) -> None:
        """End the session of this connection because a limit is reached."""
        for conversation in self.conversations:
            if self._numbers.get(conversation.session) == number:
                conversation.end("limit", reason)

    def _bind_happened(self, session: Session, event: str) -> None:
        if session in self._numbers:
            self._on_happening(self._numbers[session], "bind" if event == "bind" else "bound")

    def _carrier_failed(self, carrier: Endpoint, why: str) -> None:
        if self.carriers[carrier].is_up is not False:
            self._log.error("carrier_down", carrier=str(carrier), reason=why)
        self._carrier_tried(carrier, is_up=False)

    def _carrier_tried(self, carrier: Endpoint, *, is_up: bool) -> None:
        now, known = self._utc_microseconds() / 1e6, self.carriers[carrier]
        self.carriers[carrier] = CarrierState(is_up, known.since if known.is_up is is_up else now, now)

    async def drain(self) -> None:
        """End all sessions: answers in flight first, then unbinds, within the limits. No new one begins."""
        self._is_draining = True
        async with trio.open_nursery() as nursery:
            for conversation in self.conversations:
                nursery.start_soon(conversation.drain)

    def write_refusals(self) -> None:
        """Have the refusals counted so far written down."""
        if counts := self.tally.refusals.take():
            self._writer.submit(counts, lambda _: None)

    async def take(self, esme: trio.SocketStream, number: int = 0) -> None:
        """One ESME's connection, from here to its end; nothing in it may harm another."""
        peer = name_of(esme)
        session_id = secrets.token_hex(6)
        log = self._log.bind(session=session_id, peer=peer)
        self.tally.sessions += 1
        ended_by = "internal"
        try:
            ended_by = await self._relay(esme, number, session_id, log)
        except* Exception:
            log.exception("session_failed")
        finally:
            self.tally.sessions -= 1
            self.tally.sessions_ended[ended_by] += 1
            self._on_happening(number, "ended")
            await trio.aclose_forcefully(esme)

    async def _relay(self, esme: trio.SocketStream, number: int, session_id: str, log: FilteringBoundLogger) -> str:
        begun = trio.current_time()
        try:
            tune(esme, self.limits)
            smsc, carrier = await connect(tuple(self.carriers), self.limits, self._carrier_failed)
        except NoCarrier as error:
            log.error("no_carrier", reason=str(error))
            await self._refuse_bind(esme)
            log.info("session_end", ended_by="smsc", reason="no carrier took the connection")
            return "smsc"
        except OSError as error:
            log.info("session_end", ended_by="esme", reason=f"gone before it could be served: {error}")
            return "esme"
        if self.carriers[carrier].is_up is False:
            self._log.info("carrier_up", carrier=str(carrier))
        self._carrier_tried(carrier, is_up=True)
        if self._is_draining:
            await trio.aclose_forcefully(smsc)
            log.info("session_end", ended_by="drain", reason="stopped before it began")
            return "drain"
        session = Session(self.policy, self.tally, Origin(self.name, session_id, "", str(carrier)))
        conversation = Conversation(session, esme, smsc, self._turns, self._writer, self.limits, self._report)
        self.conversations.add(conversation)
        self._numbers[session] = number
        log.info("session_start", carrier=str(carrier))
        try:
            end = await conversation.run()
        finally:
            self.conversations.discard(conversation)
            del self._numbers[session]
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

    async def _refuse_bind(self, esme: trio.SocketStream) -> None:
        """Without a carrier: answer the bind with ESME_RBINDFAIL, close on anything else."""
        frames = Frames(self.policy.max_pdu)
        try:
            with trio.move_on_after(self.limits.connect_timeout):
                while data := await esme.receive_some(4096):
                    buffer, ends, _ = frames.feed(data)
                    if ends:
                        _, command, _, sequence = pdu.HEADER.unpack_from(buffer)
                        if command in pdu.BINDS:
                            await esme.send_all(pdu.refusal(command, pdu.RBINDFAIL, sequence))
                    elif frames.fault:
                        await esme.send_all(pdu.header_only(pdu.GENERIC_NACK, pdu.RINVCMDLEN, 0))
                    if ends or frames.fault:
                        break
            await close_gently(esme, self.limits.close_timeout)
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
            limits = self.limits
            for conversation in tuple(self.conversations):
                if conversation.session.is_bound:
                    conversation.unbound_at = now
                elif now - conversation.unbound_at > limits.bind_timeout:
                    conversation.end("bind_timeout", f"no accepted bind within {limits.bind_timeout:g} s")
                if limits.idle_timeout and now - conversation.active_at > limits.idle_timeout:
                    conversation.end("idle", f"nothing was sent for {limits.idle_timeout:g} s")
