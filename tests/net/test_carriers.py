"""Which carrier a new session goes to, judged by how the ones before it fared; by a clock of our own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import structlog
import trio

from proxy.net.carriers import BACK_OFF, Carriers, NoCarrier
from proxy.net.endpoints import Endpoint
from proxy.net.path import Carrier, RoutePath
from proxy.net.timeouts import Limits
from tests.net.ports import ARRIVAL, closed_port, listening, port_of


@asynccontextmanager
async def two() -> AsyncIterator[tuple[Carriers, str, str]]:
    """Two carriers that listen, and their names."""
    one, other = await listening(), await listening()
    async with one, other:
        endpoints = port_of(one), port_of(other)
        carriers = Carriers(RoutePath(tuple(map(Carrier.at, endpoints))), structlog.get_logger(), trio.current_time)
        yield carriers, str(endpoints[0]), str(endpoints[1])


async def chosen(carriers: Carriers, prefer: str = "") -> str:
    wanted = (prefer, Endpoint("127.0.0.1", int(prefer.rpartition(":")[2]))) if prefer else None
    found = await carriers.connect(ARRIVAL, Limits(), wanted)
    await found.connected.stream.aclose()
    return found.carrier.name


async def test_one_that_failed_is_passed_over_for_longer_and_longer(mock_clock: trio.testing.MockClock) -> None:
    async with two() as (carriers, first, second):
        assert await chosen(carriers) == first
        for pause in (*BACK_OFF, BACK_OFF[-1]):
            carriers.failed(first, "no answer to a bind", needs_answer=True)
            assert await chosen(carriers) == second
            mock_clock.jump(pause - 0.01)
            assert await chosen(carriers) == second
            mock_clock.jump(0.02)
            assert await chosen(carriers) == first, "one session tries it again"
            assert await chosen(carriers) == second, "and no others meanwhile"
            assert carriers.states()[first].is_up is False, "that it takes connections says nothing of binds"
        carriers.answered(first)
        assert carriers.states()[first].is_up is True
        assert await chosen(carriers) == first


async def test_one_that_refused_connections_is_well_when_it_takes_one(mock_clock: trio.testing.MockClock) -> None:
    async with two() as (carriers, first, second):
        carriers.failed(first, "connection refused")
        assert await chosen(carriers) == second
        mock_clock.jump(BACK_OFF[0] + 0.01)
        assert await chosen(carriers) == first
        assert carriers.states()[first].is_up is True


async def test_a_client_s_other_sessions_go_where_its_first_went_while_that_is_up() -> None:
    async with two() as (carriers, first, second):
        assert await chosen(carriers, prefer=second) == second
        carriers.failed(second, "no answer to a bind", needs_answer=True)
        assert await chosen(carriers, prefer=second) == first


async def test_with_all_of_them_down_they_are_tried_all_the_same() -> None:
    async with two() as (carriers, first, second):
        carriers.failed(first, "x", needs_answer=True)
        carriers.failed(second, "x", needs_answer=True)
        assert await chosen(carriers) == first


async def test_a_carrier_that_the_settings_drop_is_forgotten_and_the_others_are_not() -> None:
    dead, alive = closed_port(), await listening()
    async with alive:
        carriers = Carriers(RoutePath((Carrier.at(dead),)), structlog.get_logger(), trio.current_time)
        with pytest.raises(NoCarrier):
            await carriers.connect(ARRIVAL, Limits())
        carriers.apply(RoutePath((Carrier.at(dead), Carrier.at(port_of(alive)))))
        assert await chosen(carriers) == str(port_of(alive))
        assert carriers.states()[str(dead)].is_up is False
        carriers.apply(RoutePath((Carrier.at(port_of(alive)),)))
        assert list(carriers.states()) == [str(port_of(alive))]


async def test_one_that_closed_its_last_session_is_known_to_be_neither_up_nor_down(
    mock_clock: trio.testing.MockClock,
) -> None:
    async with two() as (carriers, first, second):
        carriers.left(first)
        assert carriers.states()[first].is_up is None
        assert await chosen(carriers) == first
        mock_clock.jump(5)
        carriers.left(first)
        state = carriers.states()[first]
        assert state.is_up is None
        assert state.since - state.tried == pytest.approx(5, abs=1)
        assert await chosen(carriers) == first, "it is not passed over"
        assert carriers.states()[first].is_up is True
        carriers.failed(second, "connection refused")
        carriers.left(second)
        assert carriers.states()[second].is_up is False
