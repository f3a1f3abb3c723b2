"""What is owed to one side of a conversation: octets that it has not taken yet, before all that is sent there later."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable

import trio

from proxy.net.endpoints import Endpoint
from proxy.net.sockets import Gone, or_gone
from proxy.net.tls import Stream, socket_of


class Outlet:
    """The way out to one side. Octets leave in the order in which they were put in, whoever waits for that."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._descriptor = stream.socket.fileno() if isinstance(stream, trio.SocketStream) else None
        """Where octets can be written as they are; None for TLS."""
        self.tap: Callable[[bytes], None] | None = None
        """Shown all that is put in, if somebody captures it."""
        self._owed: deque[bytes] = deque()
        self._lock = trio.Lock()
        self._is_torn = False
        """Whether nobody knows what was taken of the last octets, so that nothing can follow them."""

    def put(self, data: bytes) -> bool:
        """Send what the kernel takes at once, unless something is owed already; whether nothing is owed now.

        A connection that is gone takes nothing; whoever pays what is owed will learn of it.
        """
        if self.tap is not None and data:
            self.tap(data)
        if self._owed or self._descriptor is None:
            if data:
                self._owed.append(data)
            return not self._owed
        try:
            taken = os.write(self._descriptor, data)
        except OSError:
            taken = 0
        if taken < len(data):
            self._owed.append(data[taken:])
        return not self._owed

    def addresses(self) -> tuple[Endpoint, Endpoint]:
        """Ours, and the side's; raises ``OSError`` once the connection is gone."""
        sock = socket_of(self._stream).socket
        return Endpoint(*sock.getsockname()[:2]), Endpoint(*sock.getpeername()[:2])

    async def pay(self) -> None:
        """Wait until all that is owed is taken; raises ``Gone``, and owes nothing then."""
        try:
            with or_gone():
                async with self._lock:
                    if isinstance(self._stream, trio.SSLStream):
                        await self._pay_tls(self._stream)
                    else:
                        await self._pay_plain(self._stream)
        except Gone:
            self._owed.clear()
            raise

    async def close(self) -> None:
        """Pay, and tell the side that nothing more comes; raises ``Gone``.

        TLS can't be closed one way: there the other side learns of it when the session ends.
        """
        await self.pay()
        if isinstance(self._stream, trio.SocketStream):
            with or_gone():
                async with self._lock:
                    await self._stream.send_eof()

    async def _pay_plain(self, stream: trio.SocketStream) -> None:
        """What has been taken is owed no more at any moment, so that others can go on if this is cancelled."""
        while self._owed:
            try:
                taken = os.write(stream.socket.fileno(), self._owed[0])
            except BlockingIOError:
                await trio.lowlevel.wait_writable(stream.socket)
                continue
            if taken < len(self._owed[0]):
                self._owed[0] = self._owed[0][taken:]
            else:
                self._owed.popleft()

    async def _pay_tls(self, stream: trio.SSLStream[trio.SocketStream]) -> None:
        if self._is_torn:
            self._owed.clear()  # it can never be sent
        while self._owed:
            try:
                await stream.send_all(self._owed[0])
            except trio.Cancelled:
                self._is_torn = True
                raise
            self._owed.popleft()
