"""HTTP for the simulated MMSC and platform: a request and its answer, on trio."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress

import trio

from proxy.mm7.answers import CONTINUE, over_http
from proxy.mm7.http import HttpError, HttpMessage, HttpReader

ANSWER_TIMEOUT = 30.0
"""Seconds in which the other side must answer."""

Answering = Callable[[HttpMessage], Awaitable[bytes | None]]
"""The octets that answer a request; None closes the connection instead."""


class NoAnswer(Exception):
    """The other side took no request, or did not answer it; the message says why."""


async def ask(address: tuple[str, int], octets: bytes) -> HttpMessage:
    """Send a request over a connection of its own; raises ``NoAnswer``."""
    reader = HttpReader("POST")
    try:
        with trio.fail_after(ANSWER_TIMEOUT):
            async with await trio.open_tcp_stream(*address) as stream:
                await stream.send_all(octets)
                while data := await stream.receive_some(65536):
                    if (message := reader.feed(bytes(data))) is not None:
                        return message
                if (message := reader.end()) is not None:
                    return message
    except (OSError, trio.BrokenResourceError, HttpError) as error:
        raise NoAnswer(f"{address[0]}:{address[1]}: {error}") from error
    except trio.TooSlowError as error:
        raise NoAnswer(f"{address[0]}:{address[1]}: no answer in {ANSWER_TIMEOUT:g} s") from error
    raise NoAnswer(f"{address[0]}:{address[1]}: it closed the connection without an answer")


async def serve(listeners: list[trio.SocketListener], answering: Answering) -> None:
    """Answer requests until cancelled."""

    async def talk(stream: trio.SocketStream) -> None:
        with suppress(trio.BrokenResourceError, trio.ClosedResourceError, OSError):
            async with stream:
                await _answer_all(stream, answering)

    await trio.serve_listeners(talk, listeners)


async def _answer_all(stream: trio.SocketStream, answering: Answering) -> None:
    rest = b""
    while True:
        reader = HttpReader()
        is_let = False
        while True:
            data = rest or bytes(await stream.receive_some(65536))
            rest = b""
            try:
                request = reader.feed(data) if data else reader.end()
            except HttpError as error:
                await stream.send_all(over_http(error.status, str(error).encode(), None, kind="text/plain"))
                return
            if request is not None:
                break
            if not data:
                return
            if reader.wants_continue and not is_let:
                is_let = True
                await stream.send_all(CONTINUE)
        rest = reader.rest
        octets = await answering(request)
        if octets is None:
            return
        await stream.send_all(octets)
        if request.is_last:
            return
