"""Sockets: what TCP is told to watch for, when a connection is gone, and closing so that the last octets arrive."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import trio

from proxy.net.endpoints import Endpoint
from proxy.net.timeouts import Limits


class Gone(Exception):
    """A connection is gone, or was closed under us; the message says what the kernel or trio said."""


@contextmanager
def or_gone() -> Iterator[None]:
    """Have whatever tells that a connection is gone become ``Gone``: the one place that knows all of that."""
    try:
        yield
    except (OSError, trio.BrokenResourceError, trio.ClosedResourceError, trio.BusyResourceError) as error:
        raise Gone(str(error)) from error


def name_of(stream: trio.SocketStream) -> str:
    """The peer's address and port, for logs; empty once it has gone."""
    try:
        host, port = stream.socket.getpeername()[:2]
    except OSError:
        return ""
    return str(Endpoint(host, port))


def why(error: OSError) -> str:
    """What the kernel said, from under the wrapping that trying several addresses gives it."""
    cause: BaseException | None = error.__cause__
    while isinstance(cause, BaseExceptionGroup):
        cause = cause.exceptions[-1]
    inner = cause if isinstance(cause, OSError) else error
    return inner.strerror.lower() if inner.strerror else str(inner)


def tune(stream: trio.SocketStream, limits: Limits) -> None:
    """Have TCP notice a dead peer: keep-alive probes, and a limit on unacknowledged data."""
    stream.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, max(1, int(limits.keepalive)))
    stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, max(1, int(limits.keepalive / 6)))
    stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, 3)
    stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(limits.user_timeout * 1000))


async def close_gently(stream: trio.SocketStream, within: float) -> None:
    """Close without losing what was sent last, within so many seconds.

    Closing a socket that still holds unread octets resets the connection, and the reset may
    overtake our last PDU: say that nothing more comes, then discard until the peer closes too.
    """
    with trio.move_on_after(within), suppress(Gone), or_gone():
        await stream.send_eof()
        while await stream.receive_some(65536):
            pass
    await trio.aclose_forcefully(stream)
