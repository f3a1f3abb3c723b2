"""What a worker has still to tell its supervisor. Nothing is ever dropped; what can be merged is merged.

So it is bounded by the connections that the worker was given: each has one ``Connected``, one ``Bound``, one ``Ended``
and a count of binds, however slowly the supervisor listens.
"""

from __future__ import annotations

from collections import Counter, deque

import trio

from proxy.net.happenings import BindAsked, Bound, Ended, Happening
from proxy.service.processes.messages import Binds, News, Question

BINDS_EVERY = 0.25
"""Seconds between two counts of binds at the least: how late a limit on them may act."""


class Outbox:
    """News in their order; used by the tasks of one event loop."""

    def __init__(self) -> None:
        self._news: deque[News] = deque()
        self._binds: Counter[int] = Counter()
        self._bound: set[int] = set()
        self._wanted: dict[Question, None] = {}
        self._counted_at = float("-inf")
        self._filled = trio.Event()

    def tell(self, news: News) -> None:
        """Have this sent."""
        self._news.append(news)
        self._filled.set()

    def want(self, what: Question) -> None:
        """Have this answer sent, once, however often it is asked for until then."""
        self._wanted[what] = None
        self._filled.set()

    def happened(self, happening: Happening) -> None:
        """Have this told of a connection: binds as a count, that it is bound once, its binds before its end."""
        match happening:
            case BindAsked(connection):
                self._binds[connection] += 1
                self._filled.set()
                return
            case Bound(connection):
                if connection in self._bound:
                    return
                self._bound.add(connection)
            case Ended(connection):
                self._bound.discard(connection)
                if count := self._binds.pop(connection, 0):
                    self.tell(Binds(((connection, count),)))
        self.tell(happening)

    def take(self) -> News | Question | None:
        """What is to be sent next: news, or the answer to a question; None if there is nothing now.

        Counts of binds go before an answer, so that who asks knows of all that was before.
        """
        if self._news:
            return self._news.popleft()
        if self._binds and (self._wanted or self._waits() <= 0):
            counts, self._counted_at = tuple(self._binds.items()), trio.current_time()
            self._binds.clear()
            return Binds(counts)
        if self._wanted:
            what = next(iter(self._wanted))
            del self._wanted[what]
            return what
        return None

    async def filled(self) -> None:
        """Wait for something to be there to take."""
        self._filled = trio.Event()
        with trio.move_on_after(max(0.0, self._waits()) if self._binds else float("inf")):
            await self._filled.wait()

    def _waits(self) -> float:
        """Seconds until binds may be counted again."""
        return self._counted_at + BINDS_EVERY - trio.current_time()
