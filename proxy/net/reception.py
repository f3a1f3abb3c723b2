"""Receiving a client, whatever it speaks: its arrival, the carrier that it is connected on to, and its end."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Protocol

import structlog
import trio
from structlog.typing import FilteringBoundLogger

from proxy.net import blind
from proxy.net.arrivals import Arrival, NotServed, arrive
from proxy.net.carriers import Carriers, Chosen, NoCarrier
from proxy.net.endpoints import Endpoint
from proxy.net.happenings import Bound, Connected, Ended, Happening
from proxy.net.path import RoutePath
from proxy.net.sockets import Gone, name_of, or_gone, tune
from proxy.net.tally import RouteTally
from proxy.net.timeouts import Limits
from proxy.net.tls import close_side, socket_of

NOT_TAKEN = "no carrier took the connection"


class Speaker(Protocol):
    """Who speaks a route's protocol."""

    async def converse(
        self, arrival: Arrival, chosen: Chosen, number: int, session: str, log: FilteringBoundLogger
    ) -> str:
        """Relay what goes over these two connections to its end, and say what ended it."""
        ...

    async def turn_away(self, arrival: Arrival, number: int, session: str, log: FilteringBoundLogger) -> str:
        """Tell a client that no carrier takes it, close, and say what ended it."""
        ...


class Reception:
    """The connections of one route, each from being accepted to its end."""

    def __init__(
        self,
        name: str,
        protocol: str,
        path: RoutePath,
        limits: Limits,
        tally: RouteTally,
        speaker: Speaker,
        utc_microseconds: Callable[[], int],
        on_happening: Callable[[Happening], None],
    ) -> None:
        """``on_happening`` is told what becomes of the connections that ``take`` was given, by their numbers."""
        self.path = path
        self.limits = limits
        self.is_draining = False
        self.log: FilteringBoundLogger = structlog.get_logger().bind(route=name, protocol=protocol)
        self.carriers = Carriers(path, self.log, lambda: utc_microseconds() / 1e6)
        self.tell = on_happening
        self._tally = tally
        self._speaker = speaker
        self._blind: set[trio.CancelScope] = set()

    def apply(self, path: RoutePath, limits: Limits) -> None:
        """Go by other settings; connections stay as they are."""
        self.path, self.limits = path, limits
        self.carriers.apply(path)

    def drain(self) -> None:
        """Begin no session any more, and end those that can't be read."""
        self.is_draining = True
        for scope in self._blind:
            scope.cancel()

    async def take(
        self, client: trio.SocketStream, number: int = 0, prefer: tuple[str, Endpoint] | None = None
    ) -> None:
        """One client's connection, from here to its end; nothing in it may harm another.

        ``prefer``: the carrier, and its address, that the same client is connected to, as told by ``on_happening``.
        """
        session = secrets.token_hex(6)
        log = self.log.bind(session=session, peer=name_of(client))
        self._tally.sessions += 1
        ended_by = "internal"
        try:
            ended_by = await self._serve(client, number, prefer, session, log)
        except* Exception:
            log.exception("session_failed")
        finally:
            self._tally.sessions -= 1
            self._tally.sessions_ended[ended_by] += 1
            self.tell(Ended(number))
            await trio.aclose_forcefully(client)

    async def _serve(
        self,
        client: trio.SocketStream,
        number: int,
        prefer: tuple[str, Endpoint] | None,
        session: str,
        log: FilteringBoundLogger,
    ) -> str:
        """Who ended it."""
        nearer = "esme" if self.path.direction == "bind" else "smsc"
        try:
            with or_gone():
                tune(client, self.limits)
                arrival = await arrive(client, self.path, self.limits)
        except NotServed as error:
            log.warning("connection_refused", reason=str(error))
            await close_side(client, self.limits.close_timeout)
            return nearer
        except Gone as error:
            log.info("session_end", ended_by=nearer, reason=f"gone before it could be served: {error}")
            return nearer
        if arrival.is_behind_balancer:
            log = log.bind(peer=str(arrival.client), balancer=name_of(client))
        try:
            wanted = None if arrival.is_behind_balancer else prefer  # behind a balancer all clients look like one
            chosen = await self.carriers.connect(arrival, self.limits, wanted)
        except NoCarrier as error:
            log.error("no_carrier", reason=str(error))
            if not arrival.is_opaque:
                return await self._speaker.turn_away(arrival, number, session, log)
            log.info("session_end", ended_by="no_carrier", reason=NOT_TAKEN)
            return "no_carrier"
        if self.is_draining:
            await trio.aclose_forcefully(socket_of(chosen.connected.stream))
            log.info("session_end", ended_by="drain", reason="stopped before it began")
            return "drain"
        self.tell(Connected(number, chosen.carrier.name, chosen.connected.address))
        if arrival.is_opaque:
            return await self._pass_blindly(arrival, chosen, number, log)
        return await self._speaker.converse(arrival, chosen, number, session, log)

    async def _pass_blindly(self, arrival: Arrival, chosen: Chosen, number: int, log: FilteringBoundLogger) -> str:
        """TLS that we have no key for, where the route says that it passes."""
        self._tally.uninspected += 1
        self.tell(Bound(number))  # as far as can be known
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
