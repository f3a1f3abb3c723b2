"""Relaying what can't be read: octets both ways, nothing looked at."""

from __future__ import annotations

import trio

from proxy.relay.limits import Limits
from proxy.relay.network import close_gently

_READ_SIZE = 65536


async def relay(one: trio.SocketStream, other: trio.SocketStream, limits: Limits) -> None:
    """Until both have closed, or one is gone; both are closed when this returns."""
    try:
        async with trio.open_nursery() as nursery:
            for source, to in ((one, other), (other, one)):
                nursery.start_soon(_copy, source, to, nursery.cancel_scope)
        async with trio.open_nursery() as nursery:
            for stream in (one, other):
                nursery.start_soon(close_gently, stream, limits.close_timeout)
    finally:
        with trio.CancelScope(shield=True):
            for stream in (one, other):
                await trio.aclose_forcefully(stream)


async def _copy(source: trio.SocketStream, to: trio.SocketStream, both: trio.CancelScope) -> None:
    try:
        while data := await source.receive_some(_READ_SIZE):
            await to.send_all(data)
        await to.send_eof()
    except (trio.BrokenResourceError, trio.ClosedResourceError):
        both.cancel()
