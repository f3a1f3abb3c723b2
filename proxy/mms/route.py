"""An MM7 route at work: it takes clients, and looks after their conversations."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection

import trio
from structlog.typing import FilteringBoundLogger

from proxy.consent.wishes import Origin
from proxy.mms.actions import End
from proxy.mms.conversation import MmsConversation
from proxy.mms.credentials import Client, Credentials
from proxy.mms.dialect import MmsDialect
from proxy.mms.exchange import Exchange
from proxy.mms.means import MmsMeans
from proxy.mms.report import Report
from proxy.mms.submits import SUBMIT
from proxy.mms.tally import MmsTally
from proxy.mms.taps import watch
from proxy.mms.watching import About
from proxy.net.arrivals import Arrival
from proxy.net.bind_rates import BindRates
from proxy.net.carriers import Chosen
from proxy.net.endpoints import Endpoint
from proxy.net.happenings import BindAsked, Bound, Happening
from proxy.net.path import RoutePath
from proxy.net.reception import Reception
from proxy.net.sides import Side
from proxy.net.timeouts import Limits

LOOK_EVERY = 0.5
"""Seconds between looks at conversations that are silent or idle."""

WRITE_REFUSALS_EVERY = 20
"""Looks between writings of refusal counts."""


class MmsRoute:
    """The conversations between the clients that connect to one listener and that route's carriers."""

    def __init__(
        self,
        name: str,
        path: RoutePath,
        dialect: MmsDialect,
        limits: Limits,
        means: MmsMeans,
        utc_microseconds: Callable[[], int],
        on_happening: Callable[[Happening], None] = lambda _: None,
        bind_rates: BindRates | None = None,
    ) -> None:
        """``on_happening`` is told what becomes of the connections that ``take`` was given, by their numbers.

        ``bind_rates`` are shared by the routes of a worker.
        """
        self.name = name
        self.dialect = dialect
        self.tally = MmsTally(utc_microseconds)
        self._bind_rates = bind_rates or BindRates(trio.current_time)
        self._bind_rates.limit = limits.binds_per_minute
        self._means = means
        self._credentials = Credentials(secrets.token_bytes(32))
        self._reception = Reception(name, "mm7", path, limits, self.tally, self, utc_microseconds, on_happening)
        self.carriers = self._reception.carriers
        self._report = Report(self._reception.log, self.tally, means.rates())
        self._talking: dict[MmsConversation, None] = {}

    @property
    def conversations(self) -> Collection[MmsConversation]:
        """Those that go on now."""
        return self._talking.keys()

    def apply(self, path: RoutePath, dialect: MmsDialect, limits: Limits) -> None:
        """Go by other settings from now on, in the conversations that are open too."""
        self.dialect = dialect
        self._bind_rates.limit = limits.binds_per_minute
        self._reception.apply(path, limits)
        for conversation in self._talking:
            conversation.exchange.apply(dialect)
            conversation.limits = limits

    def end(self, number: int, reason: str) -> None:
        """End the conversation of this connection because a limit is reached."""
        for conversation in tuple(self._talking):
            if conversation.about.number == number:
                conversation.end("limit", reason)

    async def drain(self) -> None:
        """End all conversations, each when its request is answered, within the limits. No new one begins."""
        self._reception.drain()
        async with trio.open_nursery() as nursery:
            for conversation in tuple(self._talking):
                nursery.start_soon(conversation.drain)

    def capture(self) -> None:
        """Show the conversations to those who capture by now, and to nobody else."""
        for conversation in self._talking:
            watch(self._means.captures, conversation)

    def write_refusals(self) -> None:
        """Have the refusals counted so far written down."""
        if counts := self.tally.refusals.take():
            self._means.commits.count(counts)

    async def look_after(self) -> None:
        """Until cancelled: end conversations that nobody uses, notice carriers that are silent."""
        looks = 0
        while True:
            await trio.sleep(LOOK_EVERY)
            looks += 1
            if looks % WRITE_REFUSALS_EVERY == 0:
                self.write_refusals()
            for conversation in tuple(self._talking):
                if remembered := conversation.exchange.look_at_answers():
                    self._means.commits.remember(remembered)
                self._look_at(conversation, trio.current_time())

    def _look_at(self, conversation: MmsConversation, now: float) -> None:
        limits = conversation.limits
        if conversation.asked_at:
            if limits.carrier_silence and now - conversation.asked_at > limits.carrier_silence:
                if not conversation.is_silent and self._reception.path.direction == "bind":
                    reason = f"no answer to a request for {limits.carrier_silence:g} s"
                    self.carriers.failed(conversation.onward.carrier, reason, needs_answer=True)
                conversation.is_silent = True
        elif not conversation.exchange.is_bound and now - conversation.active_at > limits.bind_timeout:
            conversation.end("bind_timeout", f"no request that was taken within {limits.bind_timeout:g} s")
        elif limits.idle_timeout and now - conversation.active_at > limits.idle_timeout:
            conversation.end("idle", f"nothing was sent for {limits.idle_timeout:g} s")

    async def take(
        self, client: trio.SocketStream, number: int = 0, prefer: tuple[str, Endpoint] | None = None
    ) -> None:
        """One client's connection, from here to its end; see ``Reception.take``."""
        await self._reception.take(client, number, prefer)

    async def converse(
        self, arrival: Arrival, chosen: Chosen, number: int, session: str, log: FilteringBoundLogger
    ) -> str:
        """Relay the requests of a client, and their answers."""
        self._report.session(log, "session_start", carrier=chosen.carrier.name, address=str(chosen.connected.address))
        return await self._talk(arrival, chosen, number, session, log)

    async def turn_away(self, arrival: Arrival, number: int, session: str, log: FilteringBoundLogger) -> str:
        """Without a carrier: each request is answered, with 503 as long as there is none."""
        return await self._talk(arrival, None, number, session, log)

    async def _talk(
        self, arrival: Arrival, chosen: Chosen | None, number: int, session: str, log: FilteringBoundLogger
    ) -> str:
        exchange = Exchange(
            Side.ESME if self._reception.path.direction == "bind" else Side.SMSC,
            self.dialect,
            self.tally,
            Origin(self.name, session, "", "" if chosen is None else chosen.seen_as, "mm7"),
            Client(arrival.client.host, _certificate(arrival)),
            self._credentials,
        )

        async def connect() -> Chosen:
            return await self.carriers.connect(arrival, self._reception.limits)

        conversation = MmsConversation(
            exchange,
            arrival.stream,
            chosen,
            connect,
            self._means,
            self._reception.limits,
            self._report,
            About(str(arrival.client), number),
            _Watcher(self, number, arrival.client.host),
        )
        self._talking[conversation] = None
        watch(self._means.captures, conversation)
        end = End("internal", "")
        try:
            async with trio.open_nursery() as nursery:
                if self._reception.is_draining:
                    nursery.start_soon(conversation.drain)
                end = await conversation.run()
        finally:
            del self._talking[conversation]
        self._report.session(
            log,
            "session_end",
            ended_by=end.ended_by,
            reason=end.reason,
            seconds=round(trio.current_time() - conversation.begun_at, 3),
            **exchange.statistics().in_the_end(),
        )
        return end.ended_by

    def attempted(self, number: int, host: str) -> bool:
        """A client that nobody has taken yet makes a request: whether it may."""
        self._reception.tell(BindAsked(number))
        return self._bind_rates.allows(host)

    def taken(self, number: int) -> None:
        """The other side has taken a request of this connection."""
        self._reception.tell(Bound(number))

    def answered(self, carrier: str, kind: str, seconds: float) -> None:
        """A carrier has answered a request of this kind."""
        if self._reception.path.direction == "bind":
            self.carriers.answered(carrier)
            if kind == SUBMIT:
                self.tally.answer_seconds_of(carrier).observe(seconds)


class _Watcher:
    """Tells a route of one conversation."""

    def __init__(self, route: MmsRoute, number: int, host: str) -> None:
        self._route = route
        self._number = number
        self._host = host
        self._is_taken = False

    def attempted(self) -> bool:
        return self._route.attempted(self._number, self._host)

    def taken(self) -> None:
        if not self._is_taken:
            self._is_taken = True
            self._route.taken(self._number)

    def answered(self, carrier: str, kind: str, seconds: float) -> None:
        self._route.answered(carrier, kind, seconds)


def _certificate(arrival: Arrival) -> bytes:
    """What the client has shown, in DER; empty if nothing."""
    if isinstance(arrival.stream, trio.SocketStream):
        return b""
    shown: bytes | None = arrival.stream.getpeercert(binary_form=True)
    return shown or b""
