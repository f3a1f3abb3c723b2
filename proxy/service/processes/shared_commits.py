"""Who makes a worker's wishes durable in a cluster: the supervisor, asked over the channel."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count

import trio

from proxy.cluster.serving import OUT_OF_TOUCH, Deadline, now_ns
from proxy.consent.refusals import Refusals
from proxy.consent.wishes import Commits, Made, NotRecorded, Shared, Wish
from proxy.service.processes.messages import Recorded, Remembered, Wished
from proxy.service.processes.written_wishes import read_made, write_wishes

SLACK = 1.0
"""Seconds beyond the supervisor's own limit for an answer to come."""


class SharedCommits:
    """``Commits`` of a worker. ``tell`` sends to the supervisor, ``local`` counts refusals in this machine's ledger."""

    def __init__(self, tell: Callable[[Wished | Remembered], None], local: Commits, deadline: Deadline, lease: float):
        self._tell = tell
        self._local = local
        self._deadline = deadline
        self._patience = 2 * lease + SLACK
        self._numbers = count(1)
        self._waiting: dict[int, tuple[trio.Event, list[Recorded]]] = {}
        self.turned_back = 0
        """How often this worker knew by itself that nothing can be recorded: the supervisor counts the others."""

    async def commit(self, wishes: Sequence[Wish]) -> Made:
        """Make these durable for all nodes, in order and together; raises ``NotRecorded``."""
        if self._deadline.has_passed:
            self.turned_back += 1
            raise NotRecorded(OUT_OF_TOUCH)
        number = next(self._numbers)
        has_come, answers = self._waiting[number] = trio.Event(), []
        self._tell(Wished(number, write_wishes(_shared(wishes)), now_ns() / 1e9 + self._patience - SLACK))
        try:
            with trio.move_on_after(self._patience):
                await has_come.wait()
        finally:
            del self._waiting[number]
        if not answers:
            self.turned_back += 1
            raise NotRecorded("the supervisor does not answer")
        if answers[0].fault:
            raise NotRecorded(answers[0].fault)
        return read_made(answers[0].made)

    def remember(self, wishes: Sequence[Wish]) -> None:
        """Make these durable as soon as that can be done; nobody waits for it."""
        self._tell(Remembered(write_wishes(_shared(wishes))))

    def count(self, refusals: Sequence[Refusals]) -> None:
        """Have these counts written down here."""
        self._local.count(refusals)

    def answered(self, answer: Recorded) -> None:
        """The supervisor says what became of wishes."""
        if (waiting := self._waiting.get(answer.number)) is not None:
            waiting[1].append(answer)
            waiting[0].set()


def _shared(wishes: Sequence[Wish]) -> list[Shared]:
    return [wish for wish in wishes if not isinstance(wish, Refusals)]
