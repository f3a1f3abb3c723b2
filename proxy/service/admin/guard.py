"""What every request to the admin HTTP passes first: limits on rate and size, and headers on every answer."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import trio

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

LARGEST_BODY = 1 << 20
"""Octets of a request's body."""

BODY_TIMEOUT = 10.0
"""Seconds that a client has for each piece of its body."""

MOST_REQUESTS = 500
"""Requests at once, those included that wait for the journal."""

MOST_CLIENTS = 10_000
"""Clients whose rate is remembered; the ones not seen for longest are forgotten first."""

HEADERS = (
    (b"content-security-policy", b"default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
     b" img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
)  # fmt: skip


class Rates:
    """So many a second for each client, with ten seconds' worth saved up at the most."""

    def __init__(self, per_second: float, clock: Callable[[], float]) -> None:
        self._per_second = per_second
        self._clock = clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def allows(self, client: str) -> bool:
        """Whether one more of this client is allowed now."""
        now, most = self._clock(), self._per_second * 10
        left, then = self._left.pop(client, (most, now))
        left = min(most, left + (now - then) * self._per_second)
        self._left[client] = (left - 1 if left >= 1 else left, now)
        if len(self._left) > MOST_CLIENTS:
            self._left.popitem(last=False)
        return left >= 1


class Guard:
    """An ASGI application around another."""

    def __init__(self, app: App, rates: Rates) -> None:
        self.rates = rates
        self._app = app
        self._requests = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        client = (scope.get("client") or ("",))[0]
        size, is_whole = 0, False

        async def sending(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *HEADERS]
            await send(message)

        async def unless_too_large(message: MutableMapping[str, Any]) -> None:
            if size <= LARGEST_BODY:
                await sending(message)

        async def receiving() -> MutableMapping[str, Any]:
            nonlocal size
            if is_whole:  # what is waited for now is that the client leaves
                return await receive()
            return await take_body()

        async def take_body() -> MutableMapping[str, Any]:
            nonlocal size, is_whole
            message: MutableMapping[str, Any] = {"type": "http.disconnect"}
            with trio.move_on_after(BODY_TIMEOUT):
                message = await receive()
            is_whole = not message.get("more_body", False)
            size += len(message.get("body", b""))
            return message if size <= LARGEST_BODY else {"type": "http.disconnect"}

        if not self.rates.allows(client):
            await _answer(sending, 429, "too many requests; slow down", ((b"retry-after", b"1"),))
        elif self._requests >= MOST_REQUESTS:
            await _answer(sending, 503, "too many requests at once; try again", ((b"retry-after", b"1"),))
        elif _announced(scope) > LARGEST_BODY:
            await _answer(sending, 413, f"the body may have {LARGEST_BODY} octets")
        else:
            self._requests += 1
            try:
                await self._app(scope, receiving, unless_too_large)
            finally:
                self._requests -= 1
            if size > LARGEST_BODY:
                await _answer(sending, 413, f"the body may have {LARGEST_BODY} octets")


def _announced(scope: Scope) -> int:
    lengths = [value for name, value in scope["headers"] if name == b"content-length"]
    return int(lengths[0]) if lengths and lengths[0].isdigit() else 0


async def _answer(send: Send, status: int, detail: str, headers: tuple[tuple[bytes, bytes], ...] = ()) -> None:
    body = json.dumps({"detail": detail}).encode()
    fields = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body)), *headers]
    await send({"type": "http.response.start", "status": status, "headers": fields})
    await send({"type": "http.response.body", "body": body})
