"""A route's carriers: which of them a new session goes to, judged by how the sessions before it fared.

No carrier is ever asked how it is. One that refuses a connection, answers no bind, or falls silent is down, and is
passed over for a while that grows; then one session is sent there again, and if that fares well, so are all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

import trio
from structlog.typing import FilteringBoundLogger

from proxy.net.arrivals import Arrival
from proxy.net.connecting import CarrierConnection, NotConnected, connect_to
from proxy.net.endpoints import Endpoint
from proxy.net.path import Carrier, RoutePath
from proxy.net.timeouts import Limits

BACK_OFF = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0)
"""Seconds for which a carrier that is down is passed over, by how often it failed in a row."""


DECLINES = 3
"""Binds in a row that a carrier must answer with a failure of its own before that is held against it: one may be the
fault of its client."""


class NoCarrier(Exception):
    """No carrier of the route took a connection in time; the message says what each one said."""


class CarrierState(NamedTuple):
    """What is known of a carrier: up or down since when, and when last tried (UTC seconds).

    ``is_up`` is None for one that nobody has tried yet, and for one that ended its last session by closing the
    connection: it may be gone.
    """

    is_up: bool | None = None
    since: float = 0.0
    tried: float = 0.0


class _Health:
    """Failures in a row, until when it is passed over (trio's clock), and whether only an answer makes it well."""

    def __init__(self) -> None:
        self.state = CarrierState()
        self.failures = 0
        self.declines = 0
        self.passed_over_until = 0.0
        self.needs_answer = False


class Chosen(NamedTuple):
    """A carrier and the connection to it."""

    carrier: Carrier
    connected: CarrierConnection

    @property
    def seen_as(self) -> str:
        """What the journal and metrics call it: its name, or the address where clients say where they are going."""
        return self.carrier.name if self.carrier.endpoint else str(self.connected.address)


class Carriers:
    """The carriers of one route, in one worker."""

    def __init__(self, path: RoutePath, log: FilteringBoundLogger, utc: Callable[[], float]) -> None:
        """``utc`` gives seconds."""
        self.path = path
        self._log = log
        self._utc = utc
        self._health: dict[str, _Health] = {carrier.name: _Health() for carrier in path.carriers}
        self.connect_failures: Counter[str] = Counter()
        """Connections that each carrier did not take, by its name."""

    def states(self) -> dict[str, CarrierState]:
        """What is known of each, by name."""
        return {name: health.state for name, health in self._health.items()}

    def apply(self, path: RoutePath) -> None:
        """Go by other settings; what is known of carriers that stay is kept."""
        self.path = path
        self._health = {carrier.name: self._health.get(carrier.name, _Health()) for carrier in path.carriers}

    async def connect(self, arrival: Arrival, limits: Limits, prefer: tuple[str, Endpoint] | None = None) -> Chosen:
        """Connect to the first that takes it, in order; raises ``NoCarrier``.

        ``prefer`` is the carrier, and its address, that the same client has a session with: its receiver and its
        transmitter belong together while that carrier is up. Every carrier is given an equal share of what is left of
        ``limits.connect_timeout``, of which a tenth is kept for telling the client in time.
        """
        deadline = trio.current_time() + limits.connect_timeout * 0.9
        order = self._in_order(prefer[0] if prefer else "")
        refusals: list[str] = []
        for position, carrier in enumerate(order):
            share = max((deadline - trio.current_time()) / (len(order) - position), 0)
            address = prefer[1] if prefer and prefer[0] == carrier.name else None
            reason = f"no answer in {share:.1f} s"
            self._try(carrier)
            with trio.move_on_after(share):
                try:
                    connected = await connect_to(carrier, arrival, self.path.source, limits, address)
                except NotConnected as error:
                    reason = str(error)
                else:
                    self._took(carrier)
                    return Chosen(carrier, connected)
            self.connect_failures[carrier.name] += 1
            refusals.append(f"{carrier.name}: {reason}")
            self.failed(carrier.name, reason)
        raise NoCarrier("; ".join(refusals))

    def failed(self, name: str, reason: str, *, needs_answer: bool = False) -> None:
        """It refused, answered no bind, or fell silent. ``needs_answer``: taking a connection doesn't make it well."""
        health = self._health.get(name)
        if health is None:
            return
        if health.state.is_up is not False:
            self._log.error("carrier_down", carrier=name, reason=reason)
        health.needs_answer = health.needs_answer or needs_answer
        health.passed_over_until = trio.current_time() + BACK_OFF[min(health.failures, len(BACK_OFF) - 1)]
        health.failures += 1
        self._tried(health, is_up=False)

    def declined(self, name: str, reason: str) -> None:
        """It says that it can't serve; down if it has said so to ``DECLINES`` binds in a row."""
        if (health := self._health.get(name)) is not None:
            health.declines += 1
            if health.declines >= DECLINES:
                self.failed(name, reason, needs_answer=True)

    def answered(self, name: str) -> None:
        """It answered a bind: it is well, whatever the answer."""
        if (health := self._health.get(name)) is not None:
            health.needs_answer, health.declines = False, 0
            self._well(name, health)

    def left(self, name: str) -> None:
        """It closed the last connection that there was to it, without an unbind."""
        health = self._health.get(name)
        if health is not None and health.state.is_up:
            health.state = CarrierState(None, self._utc(), health.state.tried)

    def _took(self, carrier: Carrier) -> None:
        """It took a connection, which is all that can be known of it so far."""
        health = self._health.get(carrier.name)
        if health is not None and not health.needs_answer:
            self._well(carrier.name, health)

    def _well(self, name: str, health: _Health) -> None:
        if health.state.is_up is False:
            self._log.info("carrier_up", carrier=name)
        health.failures, health.passed_over_until = 0, 0.0
        self._tried(health, is_up=True)

    def _tried(self, health: _Health, *, is_up: bool) -> None:
        now, known = self._utc(), health.state
        health.state = CarrierState(is_up, known.since if known.is_up is is_up else now, now)

    def _try(self, carrier: Carrier) -> None:
        """A session is sent to it as a trial, if it is down; the next trial comes only after the same time again."""
        health = self._health.get(carrier.name)
        if health is not None and health.failures:
            pause = BACK_OFF[min(health.failures - 1, len(BACK_OFF) - 1)]
            health.passed_over_until = max(health.passed_over_until, trio.current_time() + pause)

    def _in_order(self, prefer: str) -> list[Carrier]:
        """The preferred one if it is up, then those not passed over in the order of the settings, then the rest."""
        now = trio.current_time()

        def rank(carrier: Carrier) -> int:
            health = self._health[carrier.name]
            if carrier.name == prefer and not health.failures:
                return 0
            return 1 if health.passed_over_until <= now else 2

        return sorted(self.path.carriers, key=rank)
