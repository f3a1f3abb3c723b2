"""The connection to the other side that is made for one client: requests go on over it, and answers come back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress

import trio

from proxy.mm7.http import HttpError, HttpMessage, HttpReader
from proxy.mms.budget import Share
from proxy.mms.inlet import READ_SIZE, Inlet
from proxy.net.carriers import Chosen
from proxy.net.sockets import Gone, or_gone
from proxy.net.tls import Stream, socket_of

AT_ONCE = 0.05
"""Seconds for what has come to be read: that the other side has closed, or, under TLS, nothing for us."""


class Onward:
    """One connection at a time; another is made when the other side has closed it between two requests."""

    def __init__(self, chosen: Chosen | None, connect: Callable[[], Awaitable[Chosen]], share: Share) -> None:
        """``connect`` makes a connection where there is none, or none any more; raises ``NoCarrier``."""
        self.carrier = ""
        self.stream: Stream | None = None
        self._connect = connect
        self._share = share
        self._inlet: Inlet | None = None
        self._is_broken = False
        if chosen is not None:
            self._use(chosen)

    @property
    def is_left(self) -> bool:
        """Whether the other side has closed, or said what nobody asked for."""
        return self._inlet is not None and (self._inlet.is_over or self._inlet.has_more)

    async def look(self) -> None:
        """Wait until it is left; raises what its stream raises."""
        if self._inlet is None:
            await trio.sleep_forever()
        else:
            await self._inlet.look()

    async def be_ready(self) -> None:
        """Have a connection on which a request can go on; raises ``NoCarrier``."""
        if self.stream is not None and self._inlet is not None and socket_of(self.stream).socket.is_readable():
            try:
                with trio.move_on_after(AT_ONCE), or_gone():
                    await self._inlet.look()
            except Gone:
                self._is_broken = True
        if self.stream is not None and not self._is_broken and not self.is_left:
            return
        await self._leave()
        self._use(await self._connect())

    async def _leave(self) -> None:
        if self.stream is not None:
            await trio.aclose_forcefully(self.stream)
            self.stream = self._inlet = None

    def _use(self, chosen: Chosen) -> None:
        self.carrier, self.stream = chosen.carrier.name, chosen.connected.stream
        self._inlet, self._is_broken = Inlet(self.stream), False

    async def exchange(
        self, request: HttpMessage, most: int, meanwhile: Callable[[], Awaitable[object]]
    ) -> HttpMessage:
        """Send a request as it came, and wait for its answer, of ``most`` octets; raises ``Gone`` or ``HttpError``.

        The other side may answer before it has read all, and close: then that is the answer. ``meanwhile`` is done
        while that lasts.
        """
        found: HttpMessage | Exception
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._send, request.octets)
            nursery.start_soon(meanwhile)
            try:
                with or_gone():
                    found = await self._receive(request, most)
            except (Gone, HttpError) as error:
                found = error
            nursery.cancel_scope.cancel()
        if isinstance(found, Exception):
            await self._leave()
            raise found
        return found

    async def _send(self, octets: bytes) -> None:
        """A request of which only a part was sent is the last on its connection."""
        assert self.stream is not None
        is_sent = False
        try:
            with suppress(Gone), or_gone():
                await self.stream.send_all(octets)
                is_sent = True
        finally:
            self._is_broken = self._is_broken or not is_sent

    async def _receive(self, request: HttpMessage, most: int) -> HttpMessage:
        assert self._inlet is not None
        reader = HttpReader(request.method, most=most)
        while True:
            if reader.held > READ_SIZE:  # most are short, and the last thing that their memory waits for
                await self._share.room()
            data = await self._inlet.more()
            response = reader.feed(data) if data else reader.end()
            if response is not None:
                self._inlet.put_back(reader.rest)
                return response
            if not data:
                raise HttpError("the other side closed the connection without an answer")
            self._share.hold(len(request.octets) + reader.held)
