"""Messages between the supervisor and one worker: JSON lines over a Unix socket, and sockets handed over with them."""

from __future__ import annotations

import json
import os
import socket
from array import array
from collections import deque
from typing import Any

import trio

Message = dict[str, Any]
"""One message: an object with one key for what it is, see ``fleet`` and ``worker``."""

_READ = 65536
_MOST_FDS = 64
_SPACE = socket.CMSG_SPACE(_MOST_FDS * array("i").itemsize)


class Channel:
    """One end. When the other is gone ``receive`` raises ``EndOfChannel`` and ``send`` ``BrokenResourceError``."""

    def __init__(self, sock: socket.socket) -> None:
        sock.setblocking(False)
        self._sock = trio.socket.from_stdlib_socket(sock)
        self._sending = trio.Lock()
        self._data = bytearray()
        self._sockets: deque[int | None] = deque()

    async def send(self, message: Message, sock: socket.socket | None = None) -> None:
        """Send a message, with a copy of a socket if one is given; the caller's stays open."""
        data = memoryview(json.dumps({**message, "socket": sock is not None}).encode() + b"\n")
        async with self._sending:
            with trio.CancelScope(shield=True):  # half a message would be the end of all later ones
                await self._send(data, sock)

    async def _send(self, data: memoryview, sock: socket.socket | None) -> None:
        try:
            if sock is not None:
                rights = array("i", [sock.fileno()])
                data = data[await self._sock.sendmsg([data], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)]) :]
            while data:
                data = data[await self._sock.send(data) :]
        except (OSError, trio.ClosedResourceError) as error:
            raise trio.BrokenResourceError from error

    async def receive(self) -> tuple[Message, socket.socket | None]:
        """The next message, and the socket that came with it; None where there was no file descriptor left for it."""
        while (end := self._data.find(b"\n")) < 0:
            await self._read()
        message: Message = json.loads(self._data[:end])
        del self._data[: end + 1]
        if not message.pop("socket"):
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
