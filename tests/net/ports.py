"""Ports of this machine, and arrivals on them."""

from __future__ import annotations

import socket

import trio

from proxy.net.arrivals import Arrival
from proxy.net.endpoints import Endpoint

ARRIVAL = Arrival(None, Endpoint("127.0.0.1", 1), Endpoint("127.0.0.1", 2))  # type: ignore[arg-type]


def closed_port() -> Endpoint:
    """A port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return Endpoint(*server.getsockname())


async def listening(host: str = "127.0.0.1") -> trio.SocketListener:
    """A listener on a free port."""
    (listener,) = await trio.open_tcp_listeners(0, host=host)
    return listener


def port_of(listener: trio.SocketListener) -> Endpoint:
    """Where it listens."""
    return Endpoint(*listener.socket.getsockname()[:2])
