"""Becoming a node: nothing is left behind, the seat is taken, and what the cluster agreed on is read."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from importlib.metadata import version
from typing import TypeVar

import structlog
import trio

from proxy.cluster.engine import Beat, Engine, EngineError, UnfitEngine
from proxy.cluster.following import Follower
from proxy.cluster.peers import Pulse, read_pulse
from proxy.cluster.seeding import unknown_pairs, wanted_of, write_all
from proxy.cluster.state import NodeState
from proxy.cluster.values import UnreadableValue
from proxy.ledger.disk.files import LedgerError
from proxy.ledger.following import Following
from proxy.ledger.ledger import Ledger

T = TypeVar("T")

BEATS = 6
"""Beats of a node while its lease lasts."""

LOOK_AGAIN = 1.0
"""Seconds between two tries at the store while a node joins."""


class CannotJoin(Exception):
    """This node can't be part of the cluster as it is configured; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How a node is part of a cluster.

    ``address`` is where people find it, ``machine`` tells this start of the machine from others, ``seeds`` says that it
    brings in what its ledger has and the cluster doesn't, without being told to.
    """

    address: str
    machine: str
    seeds: bool = False


class Joining:
    """What a node does to become one, and to become one again."""

    def __init__(self, engine: Engine, state: NodeState, ledger: Ledger, terms: Terms, follower: Follower) -> None:
        self.store_faults: list[str] = []
        """What the store said last that is wrong with it."""
        self._engine = engine
        self._state = state
        self._ledger = ledger
        self._terms = terms
        self._follower = follower
        self._beats = 0
        self._told = ""
        self._log = structlog.get_logger()

    async def join(self) -> None:
        """Become part of the cluster, and have in this ledger what it agreed on; waits as long as that takes.

        Raises ``CannotJoin``.
        """
        await self._patiently(self.check)
        await self._patiently(self.bring_in)
        await self._patiently(self.sit_down)
        await self._patiently(self.catch_up)
        if lifted := Following(self._ledger).lift_all():
            self._log.info("denials_lifted", pairs=lifted)
        self._state.revision = self._follower.revision

    async def _patiently(self, step: Callable[[], Awaitable[T]]) -> T:
        """Do this, again and again while the store can't be reached."""
        while True:
            try:
                return await step()
            except UnfitEngine as error:
                raise CannotJoin(str(error)) from error
            except (EngineError, LedgerError, UnreadableValue) as error:
                self.say(f"waiting for the cluster's store: {error}")
                await trio.sleep(LOOK_AGAIN)

    def say(self, fault: str) -> None:
        """Have it known why this node doesn't serve, or can't do what it should; once for each reason."""
        self._state.fault = fault
        if fault != self._told:
            self._told = fault
            if fault:
                self._log.warning("cluster_trouble", reason=fault)

    async def check(self) -> None:
        """Look at the store; raises ``UnfitEngine``."""
        self.store_faults = await self._engine.check()
        await self._engine.head()

    async def bring_in(self) -> None:
        """Wait until the store has all that only this ledger knows; nothing is left out by joining."""
        while True:
            head = await self._engine.head()
            is_set_back = await self._follower.is_set_back(head)
            own = self._own_past(head.store)
            if not is_set_back and not own:
                return
            unknown = 0
            if self._terms.seeds or is_set_back:
                changed, _ = await write_all(self._engine, wanted_of(self._ledger, self._state.name))
                self._log.info("brought_in", pairs=changed)
            else:
                unknown = await unknown_pairs(self._engine, self._ledger, self._state.name)
            if not unknown:
                Following(self._ledger).brought_in(own)
                return
            self.say(
                f"{unknown} pairs of this ledger are not known to the cluster: bring them in with"
                ' "consent-proxy cluster seed", or set seed = "always" under [cluster]'
            )
            await trio.sleep(LOOK_AGAIN)

    def _own_past(self, store: str) -> int:
        """The last entry of the journal that the store may not have: it never followed it, or changed by itself."""
        cursor = self._follower.cursor
        if cursor is None or cursor.store != store:
            return self._ledger.statistics().revision
        return Following(self._ledger).own_since()

    async def sit_down(self) -> None:
        """Take the seat of this name, if nobody lives who has it, and all who live go by the same lease."""
        name, lease = self._state.name, self._state.lease
        _, nodes = await self._engine.nodes()
        doubtful = [beat for beat in nodes if self._is_in_the_way(beat)]
        longest = max([lease, *(pulse.lease for beat in doubtful if (pulse := read_pulse(beat.value or b"")))])
        until = self._state.clock() + longest * (1 + 1 / BEATS)
        while doubtful and self._state.clock() < until:
            await trio.sleep(lease / BEATS / 2)
            _, nodes = await self._engine.nodes()
            for beat in doubtful:
                if now := _newer(beat, nodes):
                    raise CannotJoin(self._told_of(now))
        seat = await self._engine.seat_of(name)
        taken = await self._engine.take_seat(name, secrets.token_hex(8), seat.revision if seat else 0)
        if taken is None:
            raise EngineError(f"somebody else took the seat of {name} just now: looking again")
        self._state.seat = taken
        self._state.peers.heard(nodes, self._state.clock())
        await self._engine.beat(taken, self.pulse(serves=False).octets())

    def _is_in_the_way(self, beat: Beat) -> bool:
        """Whether this beat's node, if it lives, keeps this one from joining."""
        pulse = read_pulse(beat.value or b"")
        if beat.name != self._state.name:
            return pulse is not None and pulse.lease != self._state.lease
        # The process before this one, on the same machine with the same ledger, is gone: only one can have it.
        return pulse is None or (pulse.machine, pulse.ledger) != (self._terms.machine, self._ledger.store.mark.ledger)

    def _told_of(self, beat: Beat) -> str:
        pulse = read_pulse(beat.value or b"")
        where = f" at {pulse.address}" if pulse else ""
        if beat.name == self._state.name:
            return f"a live node{where} is called {beat.name} too: give each node of the cluster a name of its own"
        lease = pulse.lease if pulse else 0
        ours = self._state.lease
        return f"the node {beat.name}{where} has a lease of {lease} s, this one of {ours} s: they must be equal"

    async def catch_up(self) -> None:
        """Read what the feed can't bring any more, if there is any."""
        head = await self._engine.head()
        if not await self._follower.is_behind(head):
            cursor = self._follower.cursor
            is_new = cursor is None or cursor.store != head.store or await self._follower.is_set_back(head)
            self._state.fault = "reading what the cluster agreed on"
            self._log.info("catching_up", revision=head.revision, commits=head.commits)
            self._state.made(await self._follower.catch_up(is_new=is_new))

    def pulse(self, *, serves: bool, stopped: bool = False) -> Pulse:
        """What this node says of itself in its next beat."""
        self._beats += 1
        assert self._state.seat is not None
        return Pulse(
            self._state.seat.token,
            self._beats,
            self._follower.revision,
            self._state.lease,
            self._terms.address,
            self._terms.machine,
            self._ledger.store.mark.ledger,
            serves,
            stopped,
            version("smpp-consent-proxy"),
        )


def _newer(beat: Beat, nodes: Iterable[Beat]) -> Beat | None:
    """A beat of the same node that is not this one."""
    return next((each for each in nodes if each.name == beat.name and each.revision != beat.revision), None)
