from __future__ import annotations

from pathlib import Path

import trio

from proxy.cluster.engine import Engine
from proxy.consent.entries import Event
from proxy.consent.numbers import Pair
from proxy.consent.rules import State
from tests.cluster.nodes import running, start, stop

PAIR = Pair("+15550001", "+15551111")


async def test_a_stop_at_one_node_holds_at_the_other_when_it_is_done(engine: Engine, tmp_path: Path) -> None:
    async with running(engine, tmp_path / "a", "a") as a, running(engine, tmp_path / "b", "b") as b:
        assert b.seen(PAIR) is None
        with trio.fail_after(5):
            made = await a.committing.commit([stop(PAIR)])
        assert b.seen(PAIR) is State.OPTED_OUT
        assert a.seen(PAIR) is State.OPTED_OUT
        assert [entry.event for entry in made[0]] == [Event.OPTED_OUT]
        assert made[0][0].evidence["node"] == "a"
        with trio.fail_after(5):
            made = await b.committing.commit([start(PAIR)])
        assert [entry.event for entry in made[0]] == [Event.OPTED_IN]
        assert a.seen(PAIR) is State.OPTED_IN
        assert b.seen(PAIR) is State.OPTED_IN
        assert await b.committing.commit([start(PAIR)]) == [()]
