"""Messages between the supervisor and one worker over a Unix socket, and sockets handed over with them."""

from __future__ import annotations

import os
import socket
from array import array
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

import trio

from proxy.service.processes.messages import Connection, News, Order, encode

Heard = TypeVar("Heard", bound=Order | News)

_READ = 65536
_MOST_FDS = 64
_SPACE = socket.CMSG_SPACE(_MOST_FDS * array("i").itemsize)


class Channel(Generic[Heard]):
    """One end. When the other is gone ``receive`` raises ``EndOfChannel`` and ``send`` ``BrokenResourceError``."""

    def __init__(self, sock: socket.socket, decode: Callable[[bytes], Heard]) -> None:
        """``decode`` reads a line that comes from the other end."""
        sock.setblocking(False)
        self._sock = trio.socket.from_stdlib_socket(sock)
        self._decode = decode
        self._sending = trio.Lock()
        self._data = bytearray()
        self._sockets: deque[int | None] = deque()

    async def send(self, message: Order | News) -> None:
        """Send a message that is no ``Connection``."""
        assert not isinstance(message, Connection)
        await self._send_whole(encode(message), None)

    async def hand_over(self, message: Connection, sock: socket.socket) -> None:
        """Send a connection, with a copy of its socket; the caller's stays open."""
        await self._send_whole(encode(message), sock)

    async def _send_whole(self, data: bytes, sock: socket.socket | None) -> None:
        with trio.CancelScope(shield=True):  # half a message would be the end of all later ones, and none may be lost
            async with self._sending:
                await self._send(memoryview(data), sock)

    async def _send(self, data: memoryview, sock: socket.socket | None) -> None:
        try:
            if sock is not None:
                rights = array("i", [sock.fileno()])
                data = data[await self._sock.sendmsg([data], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)]) :]
            while data:
                data = data[await self._sock.send(data) :]
        except (OSError, trio.ClosedResourceError) as error:
            raise trio.BrokenResourceError from error

    async def receive(self) -> tuple[Heard, socket.socket | None]:
        """The next message, and the socket that came with it; raises ``MessageError`` for what is none.

        A ``Connection`` comes without its socket where there was no file descriptor left for it.
        """
        while (end := self._data.find(b"\n")) < 0:
            await self._read()
        line = bytes(self._data[:end])
        del self._data[: end + 1]
        message = self._decode(line)
        if not isinstance(message, Connection):
            return message, None
        descriptor = self._sockets.popleft() if self._sockets else None
        return message, None if descriptor is None else socket.socket(fileno=descriptor)

    async def _read(self) -> None:
        try:
            data, ancillary, flags, _ = await self._sock.recvmsg(_READ, _SPACE, socket.MSG_CMSG_CLOEXEC)
        except (OSError, trio.ClosedResourceError) as error:
            raise trio.EndOfChannel from error
        if flags & socket.MSG_CTRUNC:
            self._sockets.append(None)  # the kernel could not give it to us
        for level, kind, octets in ancillary:
            if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
                received = array("i")
                received.frombytes(octets[: len(octets) - len(octets) % received.itemsize])
                self._sockets.extend(received)
        if not data:
            raise trio.EndOfChannel
        self._data += data

    def close(self) -> None:
        """Close this end, and whatever was received and not taken."""
        self._sock.close()
        while self._sockets:
            if (descriptor := self._sockets.popleft()) is not None:
                os.close(descriptor)


def pair() -> tuple[socket.socket, socket.socket]:
    """The two ends of a channel."""
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
