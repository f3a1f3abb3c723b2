"""Connecting in order of preference, and closing so that the last octets arrive."""

from __future__ import annotations

import socket

import pytest
import structlog
import trio

from proxy.net.carriers import Carriers, NoCarrier
from proxy.net.endpoints import Endpoint
from proxy.net.path import Carrier, RoutePath
from proxy.net.sockets import close_gently
from proxy.net.timeouts import Limits
from tests.net.ports import ARRIVAL, closed_port, listening, port_of
from tests.relay.sockets import pair, receive_all


def carriers(*endpoints: Endpoint) -> Carriers:
    """Plain carriers of a route, in this order."""
    return Carriers(RoutePath(tuple(map(Carrier.at, endpoints))), structlog.get_logger(), trio.current_time)


async def connect(*endpoints: Endpoint, limits: Limits | None = None) -> tuple[trio.SocketStream, str]:
    chosen = await carriers(*endpoints).connect(ARRIVAL, limits or Limits())
    assert isinstance(chosen.connected.stream, trio.SocketStream)
    return chosen.connected.stream, chosen.carrier.name


async def test_the_first_carrier_that_takes_the_connection_is_used() -> None:
    listener = await listening()
    try:
        stream, carrier = await connect(closed_port(), port_of(listener))
        assert carrier == str(port_of(listener))
        assert stream.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 30_000
        assert stream.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
        await stream.aclose()
    finally:
        await listener.aclose()


async def test_when_none_does_each_one_s_reason_is_told() -> None:
    one, two = closed_port(), closed_port()
    with pytest.raises(NoCarrier) as error:
        await connect(one, two)
    assert str(one) in str(error.value)
    assert str(two) in str(error.value)


async def test_a_carrier_that_does_not_answer_leaves_time_for_the_next(autojump_clock: trio.testing.MockClock) -> None:
    """A listener whose queue is full drops new connections, as a dead host does."""
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        silent = Endpoint(*full.getsockname())
        fillers = [socket.socket() for _ in range(4)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(silent)
        begun = trio.current_time()
        with pytest.raises(NoCarrier, match="no answer"):
            await connect(silent, limits=Limits(connect_timeout=5))
        assert trio.current_time() - begun < 5
        for filler in fillers:
            filler.close()


async def test_ipv6() -> None:
    listener = await listening("::1")
    try:
        assert str(port_of(listener)).startswith("[::1]:")
        stream, _ = await connect(port_of(listener))
        await stream.aclose()
    finally:
        await listener.aclose()


async def test_a_gentle_close_delivers_what_was_sent_though_input_is_unread() -> None:
    near, far = pair()
    await far.send_all(b"unread" * 1000)
    await near.send_all(b"last words")
    async with trio.open_nursery() as nursery:
        nursery.start_soon(close_gently, near, 60.0)
        assert await receive_all(far) == b"last words"
        await far.aclose()


async def test_a_gentle_close_does_not_wait_forever(autojump_clock: trio.testing.MockClock) -> None:
    near, far = pair()
    await close_gently(near, 5.0)
    assert await far.receive_some(1) == b""
    await far.aclose()
