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
from dataclasses import dataclass, field

import trio

from proxy.cluster.engine import Committed, Engine, Key, Record
from proxy.cluster.judging import Asked, Judge, keys_of
from proxy.cluster.peers import Fence
from proxy.cluster.serving import OUT_OF_TOUCH
from proxy.cluster.state import NodeState
from proxy.cluster.transacting import Done, NotDone, Unsettled, Written, settle, transact, undo
from proxy.consent.numbers import Pair
from proxy.consent.parts import Keeping
from proxy.consent.rules import State
from proxy.consent.wishes import Change, Decide, Made, NotRecorded, PartOfText, Shared
from proxy.ledger.disk.files import LedgerError
from proxy.ledger.following import Following

SHARE = 60
"""Wishes that share one commit: a wish may write two records, and the store takes some hundred of them."""

PLATFORM_WAITS = 1.5
"""Seconds that what comes from a platform waits for the store at the most: its submits wait behind it."""

MOST_REMEMBERED = 100_000
"""Wishes that wait for a store that can't be reached; the oldest give way."""


@dataclass(slots=True)
class Seen:
    """Who is told what operations want to see: seconds of commits and fences, and why a change was turned back."""

    commit: Callable[[float], None] = lambda _: None
    fence: Callable[[float], None] = lambda _: None
    turned_back: Callable[[str], None] = lambda _: None


@dataclass(slots=True, eq=False)
class _Request:
    asked: Asked
    until: float
    """When trying to commit it ends."""
    given_up_at: float
    """When whoever waits for it does so no more."""
    is_heard: bool
    """Whether consumers' messages wait for it; else it came from a platform."""
    denied: list[tuple[Pair, str]]
    done: trio.Event = field(default_factory=trio.Event)
    fault: NotDone | None = None

    def finish(self, fault: NotDone | None = None) -> None:
        self.fault = fault
        self.done.set()


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
        self._waiting: deque[_Request] = deque()
        self._remembered: deque[Shared] = deque()
        self._filled = trio.Event()

    async def commit(self, wishes: Sequence[Shared]) -> Made:
        """Make these durable for all nodes, in order and together; raises ``NotRecorded``."""
        if self._state.deadline.has_passed:
            self.seen.turned_back("out_of_touch")
            raise NotRecorded(self._state.fault or OUT_OF_TOUCH)
        request = self._request(wishes)
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
            made = [self._state.take_entries(change) for change in request.asked.ids]
        if request.fault is not None:
            self.seen.turned_back(request.fault.reason)
            raise NotRecorded(str(request.fault)) from request.fault
        return made

    def remember(self, wishes: Sequence[Shared]) -> None:
        """Make these durable as soon as that can be done; nobody waits for it."""
        self._remembered.extend(wishes)
        while len(self._remembered) > MOST_REMEMBERED:
            self._remembered.popleft()
        self._filled.set()

    def _request(self, wishes: Sequence[Shared]) -> _Request:
        asked = _asked(wishes)
        is_heard = any(isinstance(wish, Change | PartOfText) for wish in wishes)
        patience = self._state.lease if is_heard else min(self._state.lease, PLATFORM_WAITS)
        denied = [
            (wish.pair, change)
            for wish, change in zip(wishes, asked.ids, strict=True)
            if isinstance(wish, Change) and wish.state is State.OPTED_OUT
        ]
        now = self._state.clock()
        return _Request(asked, now + patience, now + 2 * self._state.lease, is_heard, denied)

    async def run(self) -> None:
        """Commit what is asked for, until cancelled."""
        async with trio.open_nursery() as nursery:
            while True:
                if self._remembered and not self._state.deadline.has_passed:
                    await self._commit_remembered()
                elif self._waiting:
                    await self._commit_together(self._next(), nursery)
                else:
                    self._filled = trio.Event()
                    with trio.move_on_after(1.0 if self._remembered else float("inf")):
                        await self._filled.wait()

    def _next(self) -> list[_Request]:
        found = [self._waiting.popleft()]
        size = len(found[0].asked.wishes)
        while self._waiting and size + len(self._waiting[0].asked.wishes) <= SHARE:
            if self._waiting[0].is_heard != found[0].is_heard:
                break
            found.append(self._waiting.popleft())
            size += len(found[-1].asked.wishes)
        return found

    async def _commit_remembered(self) -> None:
        """What nobody waits for: it stays in mind until it is done."""
        some = [self._remembered[at] for at in range(min(SHARE, len(self._remembered)))]
        until = self._state.clock() + PLATFORM_WAITS
        try:
            await self._transact([_asked(some)], until)
        except Unsettled:
            return  # to remember twice, or forget twice, is the same
        except NotDone as error:
            if error.reason != "unreadable":
                await trio.sleep(1.0)
                return
        for _ in some:
            self._remembered.popleft()

    async def _commit_together(self, requests: Sequence[_Request], nursery: trio.Nursery) -> None:
        denied = [each for request in requests for each in request.denied]
        begun = self._state.clock()
        until = min(request.until for request in requests)
        try:
            if denied:
                await trio.to_thread.run_sync(self._following.deny, denied)
            committed, written = await self._transact([request.asked for request in requests], until)
        except LedgerError as error:
            self._finish(requests, NotDone("ledger", str(error)))
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
            if committed is None:
                await self._lift(denied)
                self._finish(requests, None)
                return
            fence = Fence(committed.revision, committed.nodes, self._state.name, self._state.peers, now)
            is_for_all = any(key.kind == "pair" for key in written)
            nursery.start_soon(self._end, fence if is_for_all else None, committed, written, requests, denied)

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
        written: Written,
        requests: Sequence[_Request],
        denied: Sequence[tuple[Pair, str]],
    ) -> None:
        """Tell those who wait when every node has it; undo it where they have given up by then."""
        begun = self._state.clock()
        is_here = await self._pass_the_fence(fence, committed)
        now = self._state.clock()
        self.seen.fence(now - begun)
        late = [request for request in requests if now > request.given_up_at]
        if late:  # this process stood still, and they were told that it was not done
            kept = {key for each in requests if each not in late for wish in each.asked.wishes for key in keys_of(wish)}
            await undo(self._engine, self._state, {key: written[key] for key in written.keys() - kept}, self._utc)
            self._finish(late, NotDone("out_of_time", "it took longer than anybody waits"))
        if is_here:
            await self._lift(denied)  # of those that changed nothing; the others went with their change
        self._finish([request for request in requests if request not in late], None)

    async def _pass_the_fence(self, fence: Fence | None, committed: Committed) -> bool:
        """Wait until every node has it, this one too, or doesn't serve any more; whether this one has it."""
        while True:
            now = self._state.clock()
            waits = [*fence.waits_for(now).values()] if fence else []
            is_here = self._state.revision >= committed.revision
            if not is_here and not self._state.deadline.has_passed:
                waits.append(now + self._state.deadline.left)
            if not waits:
                return is_here
            await self._state.changes(min(waits) - now)

    async def _lift(self, denied: Sequence[tuple[Pair, str]]) -> None:
        if denied:
            with suppress(LedgerError):  # it stays denied until the next start, which is noticed by the ledger's fault
                await trio.to_thread.run_sync(self._following.lift, denied)

    def _finish(self, requests: Sequence[_Request], fault: NotDone | None) -> None:
        for request in requests:
            request.finish(fault)


def _asked(wishes: Sequence[Shared]) -> Asked:
    change = secrets.token_hex(6)
    return Asked(wishes, [f"{change}-{position}" for position in range(len(wishes))])
