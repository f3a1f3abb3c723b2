"""One worker as the supervisor sees it: its process, what it was told, and what it answers."""

from __future__ import annotations

from collections.abc import Hashable
from math import inf

import trio

from proxy.config.schema import Config
from proxy.service.processes.channel import Channel
from proxy.service.processes.messages import (
    Applied,
    Apply,
    Ask,
    News,
    Order,
    Prepare,
    Prepared,
    Question,
    Report,
    Status,
)

ANSWER_TIMEOUT = 2.0
"""Seconds that a worker is given for an answer before the others' are shown without it."""


class _Awaited:
    """An answer that may come."""

    def __init__(self) -> None:
        self.has_come = trio.Event()
        self.news: News | None = None


class WorkerProcess:
    """One process and the supervisor's end of its channel."""

    def __init__(self, number: int, process: trio.Process, channel: Channel[News], config: Config) -> None:
        self.number = number
        self.process = process
        self.channel = channel
        self.config = config
        """The settings that it goes by, or will when it is ready."""
        self.prepared = 0
        """The last reload that it has prepared for."""
        self.connections: dict[int, str] = {}
        """The routes of the connections that it was handed, by their numbers."""
        self.is_ready = False
        """Whether it takes connections."""
        self.has_begun = False
        """Whether it was ready once: it relays."""
        self.is_over = trio.Event()
        self.started_at = self.heard_at = trio.current_time()
        self._awaited: dict[Hashable, _Awaited] = {}
        # Without a limit, since no order may be lost: an ``EndConnection`` for each connection, one of each question
        # and reload, a ``Drain``. A worker that takes none of them is killed before long.
        self._sending, self.orders = trio.open_memory_channel[Order](inf)

    def tell(self, order: Order) -> None:
        """Have an order sent to it, behind all earlier ones."""
        self._sending.send_nowait(order)

    async def ask(self, what: Question) -> News | None:
        """Its ``Report`` or ``Status``, None if it doesn't answer in time."""
        return await self._exchange(what, Ask(what), ANSWER_TIMEOUT)

    async def prepare(self, reload: int, config: Config, patience: float) -> str | None:
        """Have it make ready for these settings: why it can't, or "" if it has; None if it ended meanwhile."""
        answer = await self._exchange((Prepared, reload), Prepare(reload, config.model_dump_json()), patience)
        if self.is_over.is_set():
            return None
        if not isinstance(answer, Prepared):
            return f"worker {self.number} has not answered within {patience:g} s"
        if not answer.fault:
            self.prepared = reload
        return answer.fault

    async def apply(self, reload: int, config: Config, patience: float) -> bool:
        """Have it go by the settings that it prepared for; False if it didn't say in time that it does, or ended."""
        self.config = config
        return await self._exchange((Applied, reload), Apply(reload), patience) is not None

    async def _exchange(self, key: Hashable, order: Order, patience: float) -> News | None:
        if self.is_over.is_set():
            return None
        if (awaited := self._awaited.get(key)) is None:
            awaited = self._awaited[key] = _Awaited()
            self.tell(order)
        with trio.move_on_after(patience):
            await awaited.has_come.wait()
        return awaited.news

    def answered(self, news: Report | Status | Prepared | Applied) -> None:
        """The worker has sent this answer: give it to whoever waits for it, if anybody does."""
        match news:
            case Report():
                key: Hashable = "report"
            case Status():
                key = "status"
            case _:
                key = type(news), news.reload
        if (awaited := self._awaited.pop(key, None)) is not None:
            awaited.news = news
            awaited.has_come.set()

    def over(self) -> None:
        """Nothing more will be heard of it."""
        self.is_ready = False
        self.is_over.set()
        for awaited in self._awaited.values():
            awaited.has_come.set()
        self._awaited.clear()

    def kill(self) -> None:
        """End it at once."""
        self.is_ready = False
        self.process.kill()
