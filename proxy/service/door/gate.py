"""Where connections come in: the listening sockets, who is admitted, and which worker gets whom."""

from __future__ import annotations

import os
import socket
from collections.abc import Awaitable, Callable

import structlog
import trio

from proxy.config.schema import Config, carrier_names
from proxy.net.transparent import make_transparent
from proxy.service.door.admission import Admission, Admittance
from proxy.service.door.listeners import Inherited, address_of, open_listener
from proxy.service.telemetry.counters import Totals
from proxy.service.telemetry.rates import RateLimit

HandOver = Callable[[int, str, socket.socket], Awaitable[bool]]
"""Gives a connection (its number, its route) to a worker; False if nobody takes it any more."""


class Listening:
    """A route's listening socket and the accepting from it."""

    def __init__(self, address: str, sock: socket.socket) -> None:
        sock.setblocking(False)
        self.address = address
        self.sock = sock
        self.listener = trio.socket.from_stdlib_socket(sock)
        self.scope = trio.CancelScope()

    def close(self) -> None:
        """Accept nothing more, from now on."""
        self.scope.cancel()
        self.listener.close()


class Gate:
    """The listeners of all routes; ``hand_over`` is called for every connection that is admitted."""

    def __init__(self, config: Config, totals: Totals, hand_over: HandOver) -> None:
        self.listening: dict[str, Listening] = {}
        self.admission = Admission(admittance_of(config))
        self.inherited = Inherited(os.environ, os.getpid())
        self._totals = totals
        self._hand_over = hand_over
        self._log = structlog.get_logger()
        self._connections = 0
        self._rejected = RateLimit()
        self._failed = RateLimit()

    def open(self, config: Config) -> dict[str, Listening]:
        """Listening sockets for the routes that have none yet, by route; raises ``OSError``, and then none is open."""
        fresh: dict[str, Listening] = {}
        try:
            for route in config.route:
                known = self.listening.get(route.name)
                try:
                    if known is None or known.address != route.listen:
                        known = fresh[route.name] = Listening(route.listen, self._socket_for(route.name, route.listen))
                    if route.mode == "tproxy":
                        make_transparent(known.sock)
                except OSError as error:
                    raise OSError(f"route {route.name}: can't listen on {route.listen}: {error.strerror}") from error
        except OSError:
            for listening in fresh.values():
                listening.close()
            raise
        return fresh

    def _socket_for(self, name: str, address: str) -> socket.socket:
        """One that was handed to us, one of a route that listens there by now, or a new one; raises ``OSError``."""
        if (sock := self.inherited.take(name, address)) is not None:
            return sock
        if not address.endswith(":0"):
            for each in self.listening.values():
                if each.address == address:
                    return each.sock.dup()
        return open_listener(address)

    def accept(self, config: Config, fresh: dict[str, Listening], nursery: trio.Nursery) -> None:
        """Accept on these too, and no longer for routes that the configuration doesn't have."""
        for name, listening in fresh.items():
            if name in self.listening:
                self._stop(name)
            self.listening[name] = listening
            carriers = next(carrier_names(route) for route in config.route if route.name == name)
            self._log.info("listening", route=name, address=str(address_of(listening.sock)), carrier=carriers)
            nursery.start_soon(self._accept_from, name, listening)
        for name in set(self.listening) - {route.name for route in config.route}:
            self._stop(name)

    def close(self) -> None:
        """Accept nothing more."""
        for name in tuple(self.listening):
            self._stop(name)

    def _stop(self, name: str) -> None:
        self.listening.pop(name).close()

    async def _accept_from(self, route: str, listening: Listening) -> None:
        with listening.scope:
            while True:
                try:
                    connection, peer = await listening.listener.accept()
                except OSError as error:
                    if self._failed.allows(trio.current_time()):
                        self._log.error("accept_failed", route=route, reason=error.strerror)
                    await trio.sleep(0.1)  # out of file descriptors, most likely: let sessions end
                    continue
                with connection:
                    await self._admit(route, connection, peer[0])

    async def _admit(self, route: str, connection: trio.socket.SocketType, source: str) -> None:
        self._connections += 1
        number = self._connections
        reason = self.admission.admit(number, source, trio.current_time())
        if reason is not None:
            self.reject(route, source, reason)
            return
        is_taken = False
        try:
            with socket.socket(fileno=connection.detach()) as copy, trio.CancelScope(shield=True):
                is_taken = await self._hand_over(number, route, copy)
        finally:
            if not is_taken:
                self.admission.ended(number)

    def reject(self, route: str, source: str, limit: str) -> None:
        """Count and log a connection that is closed because of a limit."""
        self._totals.count("rejected_connections_total", route, limit)
        if self._rejected.allows(trio.current_time()):
            left_out = {"left_out": self._rejected.take_left_out()} if self._rejected.left_out else {}
            self._log.warning("connection_rejected", route=route, source=source, limit=f"limits.{limit}", **left_out)


def admittance_of(config: Config) -> Admittance:
    """How many may connect, from the settings."""
    return Admittance(**config.limits.model_dump(include=set(Admittance._fields)))
