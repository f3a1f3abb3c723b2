"""A route that is being drained begins no session, also not one that was still connecting."""

from __future__ import annotations

import time
from pathlib import Path

import trio
from structlog.testing import capture_logs

from proxy.ledger.ledger import Ledger
from proxy.ledger.writer import Writer
from proxy.net.endpoints import Endpoint
from proxy.net.path import Carrier, RoutePath
from proxy.net.timeouts import Limits
from proxy.relay.route import Route
from proxy.relay.session.dialect import Dialect
from tests.ledger.samples import Clock
from tests.net.ports import closed_port, listening, port_of
from tests.relay.session.transcript import BIND
from tests.relay.sockets import PATIENCE, means_of, pair, receive_all


def way(*endpoints: Endpoint) -> RoutePath:
    return RoutePath(tuple(map(Carrier.at, endpoints)))


async def test_a_session_that_finishes_connecting_during_a_drain_is_not_begun(
    tmp_path: Path, nursery: trio.Nursery
) -> None:
    esme, ours = pair()
    carrier = await listening()
    with Ledger(tmp_path, Clock()) as ledger, Writer(ledger, lambda _: None, time.perf_counter) as writer:
        means = means_of(ledger, writer)
        nursery.start_soon(means.turns.run)
        route = Route("test", way(port_of(carrier)), Dialect(), Limits(), means, Clock())
        await route.drain()
        await esme.send_all(BIND)
        with trio.fail_after(PATIENCE):
            async with trio.open_nursery() as sessions:
                sessions.start_soon(route.take, ours)
                smsc = await carrier.accept()
                async with smsc, esme, carrier:
                    relayed = await receive_all(smsc)
        assert relayed == b""
        assert route.tally.sessions_ended == {"drain": 1}


async def test_a_carrier_that_is_passed_over_counts_as_down_until_it_takes_a_connection(
    tmp_path: Path, nursery: trio.Nursery
) -> None:
    dead, carrier = closed_port(), await listening()
    with Ledger(tmp_path, Clock()) as ledger, Writer(ledger, lambda _: None, time.perf_counter) as writer:
        means = means_of(ledger, writer)
        nursery.start_soon(means.turns.run)
        route = Route("test", way(dead, port_of(carrier)), Dialect(), Limits(), means, Clock())
        esme, ours = pair()
        with trio.fail_after(PATIENCE), capture_logs() as lines:
            async with trio.open_nursery() as sessions:
                sessions.start_soon(route.take, ours)
                smsc = await carrier.accept()
                await esme.aclose()
                assert await smsc.receive_some(1) == b""
                await smsc.aclose()
        await carrier.aclose()
    assert [state.is_up for state in route.carriers.states().values()] == [False, True]
    assert [line["carrier"] for line in lines if line["event"] == "carrier_down"] == [str(dead)]
