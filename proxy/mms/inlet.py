"""The way in from one side: what it sends, of which one piece may be read before it is wanted."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress

import trio

from proxy.net.sockets import Gone, or_gone
from proxy.net.tls import Stream

READ_SIZE = 65536


class Inlet:
    """What one side sends, in order."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._ahead = b""
        self._is_gone = False
        self.is_over = False
        """Whether it has closed its direction."""

    @property
    def has_more(self) -> bool:
        """Whether octets are here that nobody has taken."""
        return bool(self._ahead)

    def put_back(self, octets: bytes) -> None:
        """These were read, and are not wanted yet."""
        self._ahead = octets + self._ahead

    async def more(self) -> bytes:
        """The next octets; none when it has closed. Raises ``Gone``."""
        await self.look()
        octets, self._ahead = self._ahead, b""
        return octets

    async def look(self) -> None:
        """Wait until there is something to take, or it has closed; raises ``Gone``."""
        if self._ahead or self.is_over:
            return
        if self._is_gone:
            raise Gone("it was reset")
        try:
            with or_gone():
                self._ahead = bytes(await self._stream.receive_some(READ_SIZE))
        except Gone:
            self._is_gone = True  # which the kernel tells only once
            raise
        self.is_over = not self._ahead

    async def closes(self, within: float) -> bool:
        """Say that nothing more comes, and whether its sender closes then: so it has read all that it was sent."""
        if not isinstance(self._stream, trio.SocketStream):
            return False
        with trio.move_on_after(within), suppress(Gone), or_gone():
            await self._stream.send_eof()
            while await self.more():
                pass
        return self.is_over


async def first_of(*waits: Callable[[], Awaitable[object]]) -> None:
    """Return when one of these does, or tells that its connection is gone."""
    async with trio.open_nursery() as nursery:

        async def first(wait: Callable[[], Awaitable[object]]) -> None:
            with suppress(Gone), or_gone():
                await wait()
            nursery.cancel_scope.cancel()

        for wait in waits:
            nursery.start_soon(first, wait)
