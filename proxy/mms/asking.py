"""A client's requests, one after another, each read whole."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import trio

from proxy.mm7.http import HttpError, HttpMessage, HttpReader
from proxy.mms.budget import Share
from proxy.mms.inlet import Inlet
from proxy.net.sockets import or_gone

PROGRESS = 1 << 20
"""Octets of a message that must come within the time that is given for its head, again and again, or its end."""

SMALL = 65536
"""Octets of a message that never wait for room: most are no longer, and a STOP must not wait."""


class Asking:
    """Reads the requests of one client."""

    def __init__(self, inlet: Inlet, share: Share, let_go_on: Callable[[], Awaitable[object]]) -> None:
        """``let_go_on`` tells a client that asks for it to send its body (100 Continue)."""
        self._inlet = inlet
        self._share = share
        self._let_go_on = let_go_on
        self.heard_at = trio.current_time()
        """When something came last."""

    async def next(self, most: int, patience: float) -> HttpMessage | None:
        """The next request, of ``most`` octets, whole; None if the client has closed instead.

        Raises ``Gone``, and ``HttpError`` for what is none, or isn't there within ``patience`` seconds.
        """
        reader = HttpReader(most=most)
        is_let = False
        deadline, progress = trio.current_time() + patience, 0
        while True:
            if reader.held > SMALL:
                with trio.move_on_at(deadline) as waiting:
                    await self._share.room()
                if waiting.cancelled_caught:
                    raise HttpError("too much is held of other messages; try again later", 503)
            with trio.move_on_at(deadline) as waiting, or_gone():
                data = await self._inlet.more()
            if waiting.cancelled_caught:
                raise HttpError(f"no whole message came within {patience:g} s", 408)
            self.heard_at = trio.current_time()
            request = reader.feed(data) if data else reader.end()
            if request is not None:
                self._inlet.put_back(reader.rest)
                return request
            if not data:
                return None
            self._share.hold(reader.held)
            if reader.held - progress >= PROGRESS:
                deadline, progress = self.heard_at + patience, reader.held
            if reader.wants_continue and not is_let:
                is_let = True
                await self._let_go_on()
