"""Relaying what can't be read: octets both ways, nothing looked at."""

from __future__ import annotations

import trio

from proxy.net.sockets import Gone, close_gently, or_gone
from proxy.net.timeouts import Limits

_READ_SIZE = 65536


async def relay(client: trio.SocketStream, carrier: trio.SocketStream, limits: Limits) -> bool:
    """Until both have closed, or one is gone; both are closed then. Returns whether the client was the first."""
    closed: list[trio.SocketStream] = []

    async def copy(source: trio.SocketStream, to: trio.SocketStream, both: trio.CancelScope) -> None:
        try:
            with or_gone():
                while data := await source.receive_some(_READ_SIZE):
                    await to.send_all(data)
                closed.append(source)
                await to.send_eof()
        except Gone:
            closed.append(source)
            both.cancel()

    try:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(copy, client, carrier, nursery.cancel_scope)
            nursery.start_soon(copy, carrier, client, nursery.cancel_scope)
        async with trio.open_nursery() as nursery:
            for stream in (client, carrier):
                nursery.start_soon(close_gently, stream, limits.close_timeout)
    finally:
        with trio.CancelScope(shield=True):
            for stream in (client, carrier):
                await trio.aclose_forcefully(stream)
    return bool(closed) and closed[0] is client
