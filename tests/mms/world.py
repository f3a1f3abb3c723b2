"""A route at work over real sockets: a client, and a carrier that does what a test says."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import trio

from proxy.consent.numbers import Pair
from proxy.consent.rules import State
from proxy.consent.wishes import Change, Origin
from proxy.ledger.commits import LedgerCommits
from proxy.ledger.ledger import Ledger
from proxy.ledger.writer import Writer
from proxy.meaning.meanings import Meaning
from proxy.mm7.http import HttpMessage, HttpReader
from proxy.mms.budget import Budget
from proxy.mms.dialect import MmsDialect
from proxy.mms.means import MmsMeans
from proxy.mms.route import MmsRoute
from proxy.net.captures import Captures
from proxy.net.endpoints import Endpoint
from proxy.net.happenings import Happening
from proxy.net.path import Carrier, Direction, RoutePath
from proxy.net.timeouts import Limits
from proxy.service.telemetry.rates import LineRates
from tests.ledger.samples import Clock, state
from tests.net.ports import listening, port_of
from tests.relay.sockets import PATIENCE, pair

SHORT = Limits(close_timeout=0.2, drain_timeout=0.2, connect_timeout=2.0)


class Side:
    """One end of a connection, message by message."""

    def __init__(self, stream: trio.SocketStream) -> None:
        self.stream = stream
        self.octets = b""
        """All that came."""
        self._rest = b""

    async def send(self, octets: bytes) -> None:
        await self.stream.send_all(octets)

    async def message(self, answers: str = "") -> HttpMessage | None:
        """The next message, None if it closed before."""
        reader = HttpReader(answers)
        with trio.fail_after(PATIENCE):
            while True:
                data = self._rest or await self.stream.receive_some(65536)
                self.octets += b"" if self._rest else data
                self._rest = b""
                message = reader.feed(bytes(data)) if data else reader.end()
                if message is not None:
                    self._rest = reader.rest
                    return message
                if not data:
                    return None

    async def is_over(self) -> bool:
        """Wait for its end, and whether it was one without anything more."""
        with trio.fail_after(PATIENCE):
            try:
                return not await self.stream.receive_some(1)
            except trio.BrokenResourceError:
                return True


class World:
    """A route, its carrier, and what it told."""

    def __init__(self, route: MmsRoute, carrier: trio.SocketListener, ledger: Ledger, nursery: trio.Nursery) -> None:
        self.route = route
        self.carrier = carrier
        self.ledger = ledger
        self.happenings: list[Happening] = []
        self.budget = Budget(1 << 20)
        self._nursery = nursery
        self._numbers = 0
        self.sides: list[Side] = []

    async def client(self, buffer: int | None = None) -> Side:
        """A client that connects."""
        ours, theirs = pair(buffer)
        self._numbers += 1
        self._nursery.start_soon(self.route.take, theirs, self._numbers)
        return self._side(ours)

    def _side(self, stream: trio.SocketStream) -> Side:
        self.sides.append(Side(stream))
        return self.sides[-1]

    async def accept(self) -> Side:
        """The next connection that the carrier gets."""
        with trio.fail_after(PATIENCE):
            return self._side(await self.carrier.accept())

    async def both(self) -> tuple[Side, Side]:
        """A client and its connection at the carrier."""
        client = await self.client()
        return client, await self.accept()

    def close(self, pair: Pair) -> None:
        """Have a pair opted out."""
        self.ledger.commit([Change(pair, State.OPTED_OUT, Meaning.STOP, "stop", Origin("r", "s", ""))])

    def state(self, pair: Pair) -> State | None:
        return state(self.ledger, pair)


@asynccontextmanager
async def world(
    path: Path,
    *,
    dialect: MmsDialect | None = None,
    direction: Direction = "bind",
    limits: Limits = SHORT,
    most_held: int = 1 << 24,
    ledger_type: type[Ledger] = Ledger,
    is_down: bool = False,
) -> AsyncIterator[World]:
    """``is_down``: nobody listens where the carrier is, until a test does."""
    carrier = await listening()
    where: Endpoint = port_of(carrier)
    if is_down:
        await carrier.aclose()
    with ledger_type(path / "store", Clock()) as ledger, Writer(ledger, lambda _: None, time.perf_counter) as writer:
        budget = Budget(most_held)
        captures = Captures(lambda _number, _record: None, lambda: 0)
        rates = lambda: LineRates(trio.current_time)  # noqa: E731
        means = MmsMeans(ledger.reader(), LedgerCommits(writer), captures, budget, rates, lambda _: None)
        happenings: list[Happening] = []
        path_of = RoutePath((Carrier.at(where),), direction=direction)
        route = MmsRoute("mms", path_of, dialect or MmsDialect(), limits, means, Clock(), happenings.append)
        async with trio.open_nursery() as nursery:
            made = World(route, carrier, ledger, nursery)
            made.happenings, made.budget = happenings, budget
            nursery.start_soon(route.look_after)
            try:
                yield made
            finally:
                for side in made.sides:
                    await trio.aclose_forcefully(side.stream)
                await carrier.aclose()
                nursery.cancel_scope.cancel()
