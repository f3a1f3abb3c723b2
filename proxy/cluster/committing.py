"""Wishes made durable for all nodes: ``Commits`` of a cluster.

Many wishes share one commit, and one commit is under way at a time. An opt-out is denied here first, on disk; then it
is committed; then it waits at the fence, while the next commit is made. What can't be known in time is given up and
settled before anything else is committed.
"""

from __future__ import annotations

import secrets
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from math import inf

import trio

from proxy.cluster.engine import Committed, Engine, Key, Record
from proxy.cluster.judging import Asked, Judge, Superseded
from proxy.cluster.parcels import SHARE, parcels
from proxy.cluster.peers import Fence
from proxy.cluster.serving import OUT_OF_TOUCH
from proxy.cluster.state import NodeState
from proxy.cluster.transacting import Done, NotDone, Unsettled, Written, settle, transact, undo
from proxy.cluster.waiting import Request, Seen
from proxy.consent.numbers import Pair
from proxy.consent.parts import Keeping
from proxy.consent.rules import State
from proxy.consent.wishes import Change, Decide, Made, NotRecorded, PartOfText, Shared
from proxy.ledger.disk.files import LedgerError
from proxy.ledger.following import Following

PLATFORM_WAITS = 1.5
"""Seconds that what comes from a platform waits for the store at the most: its submits wait behind it."""

MOST_REMEMBERED = 100_000
"""Wishes that wait for a store that can't be reached; the oldest give way."""


class Committing:
    """The wishes of one node on their way to all."""

    def __init__(
        self,
        engine: Engine,
        state: NodeState,
        following: Following,
        utc: Callable[[], int],
        decide: Decide,
        is_known: Callable[[Pair], bool],
        keeping: Callable[[], Keeping] = Keeping,
    ) -> None:
        """``is_known``: whether this node's ledger holds anything of a pair."""
        self.seen = Seen()
        self._engine = engine
        self._state = state
        self._following = following
        self._utc = utc
        self._decide = decide
        self._is_known = is_known
        self._keeping = keeping
        self._waiting: deque[Request] = deque()
        self._remembered: deque[Shared] = deque()
        self._share = SHARE
        self._filled = trio.Event()
        self._nursery: trio.Nursery | None = None

    async def commit(self, wishes: Sequence[Shared], given_up_at: float | None = None) -> Made:
        """Make these durable for all nodes, in order and together; raises ``NotRecorded``.

        ``given_up_at``: when whoever asked waits no more, by the node's clock.
        """
        if self._state.deadline.has_passed:
            self.seen.turned_back("out_of_touch")
            raise NotRecorded(self._state.fault or OUT_OF_TOUCH)
        limit = self._state.clock() + 2 * self._state.lease if given_up_at is None else given_up_at
        done: list[Request] = []
        try:
            for some in parcels(wishes):
                done.append(await self._have_done(self._request(some, limit)))  # noqa: PERF401 - undone if others fail
        except NotDone as error:
            self.seen.turned_back(error.reason)
            self._undo_later([request.written for request in done])
            raise NotRecorded(str(error)) from error
        return [made for request in done for made in request.made]

    async def _have_done(self, request: Request) -> Request:
        """The request when it is done; raises ``NotDone``."""
        for change in request.asked.ids:
            self._state.await_entries(change)
        self._waiting.append(request)
        self._filled.set()
        try:
            with trio.move_on_after(request.until - self._state.clock()):
                await request.done.wait()
            if request in self._waiting:  # behind others that wait for the store
                request.finish(NotDone("out_of_time", "the cluster's store did not answer in time"))
            await request.done.wait()
        finally:
            with suppress(ValueError):
                self._waiting.remove(request)
            request.made = [self._state.take_entries(change) for change in request.asked.ids]
        if request.fault is not None:
            raise request.fault
        return request

    def _undo_later(self, written: Sequence[Written]) -> None:
        """Have undone what was done of something that could not be done as a whole."""
        for each in written:
            if each and self._nursery is not None:
                self._nursery.start_soon(undo, self._engine, self._state, each, self._utc)

    def remember(self, wishes: Sequence[Shared]) -> None:
        """Make these durable as soon as that can be done; nobody waits for it."""
        self._remembered.extend(wishes)
        while len(self._remembered) > MOST_REMEMBERED:
            self._remembered.popleft()
        self._filled.set()

    def _request(self, wishes: Sequence[Shared], given_up_at: float) -> Request:
        asked = _asked(wishes)
        is_heard = any(isinstance(wish, Change | PartOfText) for wish in wishes)
        patience = self._state.lease if is_heard else min(self._state.lease, PLATFORM_WAITS)
        denied = [
            (wish.pair, change)
            for wish, change in zip(wishes, asked.ids, strict=True)
            if isinstance(wish, Change) and wish.state is State.OPTED_OUT
        ]
        until = min(self._state.clock() + patience, given_up_at)
        return Request(asked, until, given_up_at, is_heard, denied)

    async def run(self) -> None:
        """Commit what is asked for, until cancelled."""
        async with trio.open_nursery() as self._nursery:
            while True:
                if self._remembered and not self._state.deadline.has_passed:
                    await self._commit_remembered()
                elif self._waiting:
                    await self._commit_together(self._next())
                else:
                    self._filled = trio.Event()
                    with trio.move_on_after(1.0 if self._remembered else inf):
                        await self._filled.wait()

    def _next(self) -> list[Request]:
        """What shares the next commit."""
        found = [self._waiting.popleft()]
        wishes = list(found[0].asked.wishes)
        while self._waiting and self._waiting[0].is_heard == found[0].is_heard:
            more = [*wishes, *self._waiting[0].asked.wishes]
            if len(parcels(more)) > 1:
                break
            found.append(self._waiting.popleft())
            wishes = more
        return found

    async def _commit_remembered(self) -> None:
        """What nobody waits for: it stays in mind until it is done."""
        some = [self._remembered[at] for at in range(min(self._share, len(self._remembered)))]
        until = self._state.clock() + PLATFORM_WAITS
        try:
            await self._transact([_asked(some)], until)
        except Unsettled:
            return  # to remember twice, or forget twice, is the same
        except NotDone as error:
            if error.reason != "unreadable":
                await trio.sleep(1.0)
                return
            if len(some) > 1:
                self._share = 1  # one of them is at fault, the others must not be lost with it
                return
        self._share = SHARE
        for _ in some:
            self._remembered.popleft()

    async def _commit_together(self, requests: Sequence[Request]) -> None:
        denied = [each for request in requests for each in request.denied]
        begun = self._state.clock()
        until = min(request.until for request in requests)
        try:
            if denied:
                await trio.to_thread.run_sync(self._following.deny, denied)
            done = await self._transact([request.asked for request in requests], until)
        except LedgerError as error:
            self._finish(requests, NotDone("ledger", str(error)))
        except Superseded as error:
            await self._without(requests, error)
        except NotDone as error:
            await self._lift(denied)
            self._finish(requests, error)
        except Unsettled as unsettled:
            self._finish(requests, NotDone("out_of_time", str(unsettled)))
            await settle(self._engine, self._state, unsettled.tried, secrets.token_hex(8), self._utc)
            await self._lift(denied)
        else:
            now = self._state.clock()
            self.seen.commit(now - begun)
            if done.committed is None:
                await self._lift(denied)
                self._finish(requests, None)
                return
            for position, request in enumerate(requests):
                wrote = done.wrote[position] if done.wrote else done.written.keys()
                request.written = {key: done.written[key] for key in wrote}
            fence: Fence | None = None
            if requests[0].is_heard and any(key.kind == "pair" for key in done.written):
                committed = done.committed
                fence = Fence(committed.revision, committed.nodes, self._state.name, self._state.peers, now)
            assert self._nursery is not None
            self._nursery.start_soon(self._end, fence, done.committed, requests, denied)

    async def _without(self, requests: Sequence[Request], superseded: Superseded) -> None:
        """Turn back what somebody else was ahead of, since it is offered again; and go on with the others."""
        (late,) = [request for request in requests if request.asked is superseded.asked]
        await self._lift(late.denied)
        late.finish(NotDone("superseded", str(superseded)))
        if others := [request for request in requests if request is not late]:
            await self._commit_together(others)

    async def _transact(self, asked: Sequence[Asked], until: float) -> Done:
        def judge(records: dict[Key, Record]) -> Judge:
            return Judge(
                records,
                node=self._state.name,
                now=self._utc(),
                heard=self._state.revision,
                keeping=self._keeping(),
                decide=self._decide,
            )

        return await transact(self._engine, self._state, asked, judge, self._is_absent, until)

    def _is_absent(self, key: Key) -> bool:
        return key.kind == "pair" and not self._is_known(Pair.of_key(key.name))

    async def _end(
        self,
        fence: Fence | None,
        committed: Committed,
        requests: Sequence[Request],
        denied: Sequence[tuple[Pair, str]],
    ) -> None:
        """Tell those who wait when every node has it; undo it where they have given up by then."""
        begun = self._state.clock()
        await self._pass_the_fence(fence, committed)
        now = self._state.clock()
        self.seen.fence(now - begun)
        late = [request for request in requests if now > request.given_up_at]
        if late:  # this process stood still, and they were told that it was not done
            kept = {key for request in requests if request not in late for key in request.written}
            for request in late:
                written = {key: before for key, before in request.written.items() if key not in kept}
                await undo(self._engine, self._state, written, self._utc)
            self._finish(late, NotDone("out_of_time", "it took longer than anybody waits"))
        self._finish([request for request in requests if request not in late], None)
        while self._state.revision < committed.revision:
            await self._state.changes(inf)
        await self._lift(denied)  # of those that changed nothing; the others went with their change

    async def _pass_the_fence(self, fence: Fence | None, committed: Committed) -> None:
        """Wait until every node has it, this one too, or doesn't serve any more."""
        while True:
            now = self._state.clock()
            waits = [*fence.waits_for(now).values()] if fence else []
            is_here = self._state.revision >= committed.revision
            if not is_here and not self._state.deadline.has_passed:
                waits.append(now + self._state.deadline.left)
            if not waits:
                return
            await self._state.changes(min(waits) - now)

    async def _lift(self, denied: Sequence[tuple[Pair, str]]) -> None:
        if denied:
            with suppress(LedgerError):  # it stays denied until the next start, which is noticed by the ledger's fault
                await trio.to_thread.run_sync(self._following.lift, denied)

    def _finish(self, requests: Sequence[Request], fault: NotDone | None) -> None:
        for request in requests:
            request.finish(fault)


def _asked(wishes: Sequence[Shared]) -> Asked:
    change = secrets.token_hex(6)
    return Asked(wishes, [f"{change}-{position}" for position in range(len(wishes))])
