"""A machine's time in a cluster: it joins, follows, beats, and leaves.

It serves as long as its beats come back to it by its own feed, see ``peers``. When it was too long without them it goes
on trying, and serves again as soon as one comes back; when its seat was taken meanwhile, it takes it again.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from math import inf

import structlog
import trio

from proxy.cluster.engine import Batch, Compacted, Engine, EngineError, Seat
from proxy.cluster.following import Follower, LeftOut
from proxy.cluster.joining import BEATS, LOOK_AGAIN, CannotJoin, Joining, Terms
from proxy.cluster.peers import Lease
from proxy.cluster.serving import OUT_OF_TOUCH
from proxy.cluster.silence import Silence
from proxy.cluster.state import NodeState
from proxy.cluster.tidying import tidy
from proxy.cluster.values import UnreadableValue
from proxy.ledger.disk.files import LedgerError
from proxy.ledger.following import Following
from proxy.ledger.ledger import Ledger

TIDY_EVERY = 600.0
"""Seconds between looks for what the shared store has kept for its time."""

MOST_AHEAD = 50
"""Reads of the feed that wait for the ledger at the most."""


class Node:
    """One node: have it ``joining.join``, ``run`` it, and ``leave`` at the end."""

    def __init__(self, engine: Engine, state: NodeState, ledger: Ledger, terms: Terms) -> None:
        self.engine = engine
        self.state = state
        self._ledger = ledger
        self._follower = Follower(engine, Following(ledger))
        self.joining = Joining(engine, state, ledger, terms, self._follower)
        self._lease = Lease(state.lease)
        self._is_set_back = self._must_read = False
        self._beating = trio.CancelScope()
        self._is_unsure = False
        """Whether a beat that said that this node has stopped may still arrive."""
        self._stopped_at: int | None = None
        """The revision of the beat that said last that this node has stopped."""
        self._is_beat_wanted = trio.Event()
        self._unechoed: float | None = None
        self._feed_scope = trio.CancelScope()
        self._log = structlog.get_logger()
        self.silence = Silence(engine, state)

    @property
    def commits(self) -> int:
        """How many commits this node's ledger has followed."""
        return self._follower.cursor.commits if self._follower.cursor else 0

    @property
    def last_commit(self) -> int:
        """The revision of the last commit that this node's ledger has followed."""
        return self._follower.last_commit

    async def run(self) -> None:
        """Follow and beat until cancelled."""
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._hear)
            nursery.start_soon(self._tidy)
            with self._beating:
                await self._beat()
            await trio.sleep_forever()

    async def serving(self) -> None:
        """Wait until this node serves."""
        while self.state.deadline.has_passed:
            await self.state.changes(inf)

    async def leave(self) -> None:
        """Be no node of the cluster any more: nobody waits for this one from now on. It must not serve when called."""
        self._beating.cancel()
        self._lease.give_up()
        self.state.deadline.set(-inf)
        seat, self.state.seat = self.state.seat, None
        if seat is not None:
            with trio.move_on_after(self.state.lease / 3), suppress(EngineError):
                await self.engine.leave(seat)

    async def _hear(self) -> None:
        while True:
            try:
                if self._is_set_back:
                    await self._bring_back()
                if self._must_read:
                    await self._read_what_was_left_out()
                with trio.CancelScope() as self._feed_scope:
                    await self._hear_and_take()
            except (Compacted, LeftOut) as error:
                self._log.warning("feed_left_out", reason=str(error))
                self._must_read = True
                await trio.sleep(LOOK_AGAIN / 20)
            except (EngineError, LedgerError, UnreadableValue) as error:
                self._say_if_late(str(error))
                await trio.sleep(LOOK_AGAIN / 4)

    async def _read_what_was_left_out(self) -> None:
        self._lease.lose()
        with trio.CancelScope(shield=True):
            self.state.made(await self._follower.catch_up(is_new=False))
        self._must_read = False
        self._came_so_far()

    async def _hear_and_take(self) -> None:
        """Take over what the feed brings, all that has come at once: many commits share one of the ledger's."""
        send, receive = trio.open_memory_channel[Sequence[Batch]](MOST_AHEAD)
        faults: list[Exception] = []

        async def until_fault(work: Callable[[], Awaitable[None]]) -> None:
            try:
                await work()
            except (EngineError, LedgerError, UnreadableValue) as error:
                faults.append(error)
                nursery.cancel_scope.cancel()

        async def hear() -> None:
            async with self.engine.feed(self._follower.revision) as batches:
                async for some in batches:
                    await send.send(some)

        async def take() -> None:
            async for some in receive:
                waiting = [receive.receive_nowait() for _ in range(receive.statistics().current_buffer_used)]
                await self._take([*some, *(batch for more in waiting for batch in more)])

        async with trio.open_nursery() as nursery:
            nursery.start_soon(until_fault, take)
            nursery.start_soon(until_fault, hear)
        if faults:
            raise faults[0]

    async def _take(self, batches: Sequence[Batch]) -> None:
        with trio.CancelScope(shield=True):  # what is written must be known to be, or it would be taken over twice
            made = await self._follower.take(batches)
        now = self.state.clock()
        self.state.made(made)
        for batch in batches:
            self.state.peers.heard(batch.beats, now)
            for beat in batch.beats:
                self.silence.heard(beat.name)
        self._came_so_far()
        if any(batch.records for batch in batches):
            self._is_beat_wanted.set()  # others wait for this node to say that it has it

    def _came_so_far(self) -> None:
        """This node's ledger has everything up to where it follows: see what comes of it."""
        self.state.revision = self._follower.revision
        before = self._lease.until
        if not self._lease.came_back(self._follower.revision, self.commits):
            raise LeftOut("a beat came back, and a commit from before it did not")
        if self._lease.until > before:
            self._came_back()
        self.state.notify()

    def _came_back(self) -> None:
        """A beat of this node has come back to it."""
        self.silence.echoed()
        self._unechoed = self._stopped_at = None
        was_away = self.state.deadline.has_passed
        self.state.deadline.set(self._lease.until)
        if was_away:
            self._log.info("serving", node=self.state.name, revision=self.state.revision)
        self.joining.say("")

    async def _beat(self) -> None:
        pause = self.state.lease / BEATS
        while True:
            self._is_beat_wanted = trio.Event()
            try:
                is_well = await self._beat_once()
                await self.silence.take_their_seats()
            except (EngineError, UnreadableValue) as error:
                self._say_if_late(str(error))
                is_well = False
            except CannotJoin as error:
                self.joining.say(str(error))
                is_well = False
            with trio.move_on_after(pause if is_well else pause / 4):
                await self._is_beat_wanted.wait()

    async def _beat_once(self) -> bool:
        seat, sent, before = self.state.seat, self.state.clock(), self._follower.cursor
        if seat is None:
            await self.joining.sit_down()
            return False
        if is_stopped := self._must_stop():
            self._lease.lose()
        elif self._is_unsure:
            taken = await self._sit_anew(seat)
            if taken is None:
                self._lose_seat(seat)
                return False
            seat = taken
        pulse = self.joining.pulse(serves=not is_stopped, stopped=is_stopped)
        try:
            head = await self.engine.beat(seat, pulse.octets())
        except EngineError:
            self._is_unsure = self._is_unsure or is_stopped
            raise
        if head is None:
            self._lose_seat(seat)
            return False
        if before is None or head.store != before.store or head.commits < before.commits:
            self._stop_serving("the cluster's store was set back: bringing in what it has lost")
            self._is_set_back = True
            self._feed_scope.cancel()
            return True
        if is_stopped:
            self._stopped_at = self._stopped_at or head.revision
        else:
            self._lease.sent(sent, head.revision, head.commits)
        self._unechoed = self._unechoed or sent
        if sent - self._unechoed > 2 * self.state.lease / BEATS:
            self._unechoed = self._stopped_at = None
            self._feed_scope.cancel()  # it is silent: hear another machine of the store
        with suppress(LeftOut):  # the feed finds it out for itself
            self._came_so_far()
        return True

    async def _sit_anew(self, seat: Seat) -> Seat | None:
        """Take the seat again, so that a beat which says that this node has stopped does nothing if it arrives now.

        None if somebody took it meanwhile, or an answer to this node's own try was lost.
        """
        taken = await self.engine.take_seat(seat.name, secrets.token_hex(8), seat.revision)
        if taken is not None:
            self.state.seat, self._is_unsure = taken, False
        return taken

    def _lose_seat(self, seat: Seat) -> None:
        """This seat is not this node's any more: it has to sit down anew."""
        if self.state.seat is seat:
            self._stop_serving("this node's seat was taken while it gave no sign of life")
            self.state.seat = None

    def _must_stop(self) -> bool:
        """Whether the next beat has to say that this node has stopped, so that nobody waits for it.

        It may not serve, and its feed has not brought such a beat yet: when it has, a beat that lets it serve follows.
        """
        has_heard = self._stopped_at is not None and self._follower.revision >= self._stopped_at
        return self.silence.was_ever_in_touch and self.state.deadline.has_passed and not has_heard

    async def _bring_back(self) -> None:
        """Bring in what a store that was set back has lost, and follow it anew."""
        await self.joining.bring_in()
        with trio.CancelScope(shield=True):
            self.state.made(await self._follower.catch_up(is_new=True))
        self._is_set_back = False

    def _stop_serving(self, fault: str) -> None:
        self._lease.give_up()
        self.state.deadline.set(-inf)
        self.joining.say(fault)

    def _say_if_late(self, fault: str) -> None:
        """The store gives trouble, which matters once this node may not serve any more."""
        if self.state.deadline.has_passed:
            self.joining.say(f"{OUT_OF_TOUCH}: {fault}")

    async def _tidy(self) -> None:
        while True:
            await trio.sleep(TIDY_EVERY)
            with suppress(EngineError, UnreadableValue):
                await tidy(self.engine, self._ledger.keeping, self._ledger.now())
                await self.joining.check()
