"""What a worker has to tell: all of it arrives, however slowly it is taken, and binds come as counts."""

from __future__ import annotations

from collections import Counter
from itertools import zip_longest

import trio
import trio.testing
from hypothesis import given
from hypothesis import strategies as st
from trio.testing import MockClock

from proxy.net.endpoints import Endpoint
from proxy.net.happenings import BindAsked, Bound, Connected, Ended, Happening
from proxy.service.processes.messages import Binds, News, Question, Ready
from proxy.service.processes.outbox import BINDS_EVERY, Outbox


async def rest(outbox: Outbox, clock: MockClock) -> list[News | Question]:
    """All that is there, and what is there when binds may be told again."""
    found = []
    for _ in range(2):
        while (taken := outbox.take()) is not None:
            found.append(taken)
        clock.jump(BINDS_EVERY)
    return found


def binds(news: list[News | Question]) -> Counter[int]:
    total: Counter[int] = Counter()
    for each in news:
        if isinstance(each, Binds):
            total.update(dict(each.counts))
    return total


KINDS = (BindAsked, Bound, Ended)
HAPPENINGS = st.lists(st.builds(lambda kind, n: kind(n), st.sampled_from(KINDS), st.integers(1, 3)))


@given(HAPPENINGS, st.lists(st.integers(0, 5)))
def test_nothing_is_lost_and_the_end_of_a_connection_comes_last(happened: list[Happening], takes: list[int]) -> None:
    """Whatever happens, and however it is taken meanwhile."""

    async def main() -> None:
        outbox = Outbox()
        told: list[News | Question] = []
        for happening, count in zip_longest(happened, takes):
            if happening is not None:
                outbox.happened(happening)
            told.extend(filter(None, [outbox.take() for _ in range(count or 0)]))
        told += await rest(outbox, clock)
        assert binds(told) == Counter(each.connection for each in happened if isinstance(each, BindAsked))
        ends = [each for each in happened if isinstance(each, Ended)]
        assert [each for each in told if isinstance(each, Ended)] == ends
        if ends and happened[-1] == ends[-1]:
            behind = told[len(told) - told[::-1].index(ends[-1]) :]
            assert ends[-1].connection not in binds(behind)

    clock = MockClock()
    trio.run(main, clock=clock)


async def test_binds_are_told_at_once_and_then_a_few_times_a_second(mock_clock: MockClock) -> None:
    outbox = Outbox()
    outbox.happened(BindAsked(1))
    assert outbox.take() == Binds(((1, 1),))
    for _ in range(100_000):
        outbox.happened(BindAsked(1))
    outbox.happened(BindAsked(2))
    assert outbox.take() is None
    assert len(outbox._news) == 0
    mock_clock.jump(BINDS_EVERY)
    assert outbox.take() == Binds(((1, 100_000), (2, 1)))
    assert outbox.take() is None


async def test_who_ends_before_binds_are_told_has_them_told(mock_clock: MockClock) -> None:
    outbox = Outbox()
    outbox.happened(BindAsked(1))
    outbox.take()
    for _ in range(7):
        outbox.happened(BindAsked(2))
    outbox.happened(Ended(2))
    assert [outbox.take() for _ in range(3)] == [Binds(((2, 7),)), Ended(2), None]


async def test_an_answer_is_wanted_once_and_comes_behind_all_that_was_before(mock_clock: MockClock) -> None:
    outbox = Outbox()
    outbox.happened(BindAsked(1))
    outbox.take()
    outbox.happened(BindAsked(1))
    outbox.tell(Ready())
    for _ in range(1000):
        outbox.want("status")
        outbox.want("report")
    assert [outbox.take() for _ in range(5)] == [Ready(), Binds(((1, 1),)), "status", "report", None]


async def test_that_a_session_is_bound_is_told_once(mock_clock: MockClock) -> None:
    outbox = Outbox()
    connected = Connected(1, "c", Endpoint("::1", 1))
    outbox.happened(connected)
    for _ in range(1000):
        outbox.happened(Bound(1))
    outbox.happened(Ended(1))
    outbox.happened(Bound(1))
    assert [outbox.take() for _ in range(5)] == [connected, Bound(1), Ended(1), Bound(1), None]


async def test_who_waits_is_woken_by_news_and_by_binds_that_are_due(autojump_clock: MockClock) -> None:
    outbox = Outbox()
    async with trio.open_nursery() as nursery:
        nursery.start_soon(outbox.filled)
        await trio.testing.wait_all_tasks_blocked()
        outbox.tell(Ready())
    outbox.take()
    outbox.happened(BindAsked(1))
    outbox.take()
    outbox.happened(BindAsked(1))
    began = trio.current_time()
    while outbox.take() is None:
        await outbox.filled()
    assert trio.current_time() - began <= BINDS_EVERY + 0.001
