"""Which nodes have fallen silent, as far as this one can tell, and their seats, which are taken from them."""

from __future__ import annotations

from math import inf

import structlog

from proxy.cluster.engine import Engine
from proxy.cluster.joining import BEATS
from proxy.cluster.state import NodeState

TAKEN = "taken away: it gave no sign of life for a lease"
"""The token of a seat that nobody sits on."""


class Silence:
    """What one node makes of the silence of others: nothing, unless it was in touch itself all the while."""

    def __init__(self, engine: Engine, state: NodeState) -> None:
        self._engine = engine
        self._state = state
        self._echoed_at, self._live_since = -inf, inf
        self._taken: set[str] = set()
        """Silent nodes whose seats were taken away."""
        self._log = structlog.get_logger()

    @property
    def was_ever_in_touch(self) -> bool:
        """Whether any beat of this node has come back to it."""
        return self._echoed_at > -inf

    def echoed(self) -> None:
        """A beat of this node has come back to it: it is in touch."""
        now = self._state.clock()
        if not now - self._echoed_at < self._state.lease / 2:
            self._live_since = now
        self._echoed_at = now

    def heard(self, name: str) -> None:
        """A node has given a sign of life."""
        self._taken.discard(name)

    async def take_their_seats(self) -> None:
        """Have nothing count that a silent node sent before, and that is still under way; raises ``EngineError``."""
        now = self._state.clock()
        for peer in [each for each in self._state.peers.all() if self._state.peers.is_silent(each.name, now)]:
            if not self._can_tell() or peer.name == self._state.name or peer.name in self._taken:
                continue
            seat = await self._engine.seat_of(peer.name)
            if not self._can_tell() or seat is None or peer.pulse is None:
                continue
            if seat.token == peer.pulse.token:
                await self._engine.take_seat(peer.name, TAKEN, seat.revision)
                self._taken.add(peer.name)
                self._log.warning("node_silent", node=peer.name, address=peer.pulse.address)

    def _can_tell(self) -> bool:
        """Whether a silent node is silent: for a lease, this one was in touch without a break."""
        now = self._state.clock()
        return now - self._live_since >= self._state.lease and now - self._echoed_at < self._state.lease / BEATS * 2
