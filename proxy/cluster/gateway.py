"""The machines of an etcd, asked in turn over their JSON gateway; what their failures mean."""

from __future__ import annotations

import ssl
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from typing import Any, Literal

import httpx
from pydantic_core import from_json, to_json

from proxy.cluster.engine import Compacted, EngineError, OutcomeUnknown, UnfitEngine
from proxy.cluster.etcd_wire import Json

_CERTAIN = (
    "no leader", "too many operations", "database space exceeded", "too many requests", "permission denied",
    "not capable", "auth",
)  # fmt: skip
"""What etcd says when it certainly did not do what it was asked; behind anything else it may have."""

_PLAIN = {"Accept-Encoding": "identity"}

_COMPACTED = "required revision has been compacted"


class Gateway:
    """Those at ``endpoints`` (URLs); ``patience`` is how long one of them may take for an answer, in seconds.

    ``login``: name and password of a user, where etcd has users.
    """

    def __init__(
        self,
        endpoints: Sequence[str],
        patience: float,
        *,
        tls: ssl.SSLContext | Literal[True] = True,
        login: tuple[str, str] | None = None,
    ) -> None:
        self.endpoints = [endpoint.rstrip("/") for endpoint in endpoints]
        self._patience = patience
        limits = httpx.Limits(max_connections=64, max_keepalive_connections=16)
        self._client = httpx.AsyncClient(verify=tls, limits=limits, timeout=patience, trust_env=False, headers=_PLAIN)
        self._login = login
        self._token = ""
        self._at = 0
        self._feeds = 0

    async def close(self) -> None:
        """Let go of all connections."""
        await self._client.aclose()

    async def ask(self, path: str, body: Json, *, is_write: bool = False) -> Json:
        """One machine's answer: the next is asked where one gives none, as long as nothing can have been done."""
        fault: EngineError | None = None
        for _ in self.endpoints:
            try:
                return await self.ask_one(self.endpoints[self._at], path, body, is_write=is_write)
            except (OutcomeUnknown, Compacted, UnfitEngine):
                self._at = (self._at + 1) % len(self.endpoints)
                raise
            except EngineError as error:
                fault = error
                self._at = (self._at + 1) % len(self.endpoints)
        assert fault is not None
        raise fault

    async def ask_one(self, endpoint: str, path: str, body: Json, *, is_write: bool) -> Json:
        """The answer of this machine."""
        for _ in range(2):
            try:
                headers = await self._authorization(endpoint)
                answer = await self._client.post(f"{endpoint}/v3/{path}", content=to_json(body), headers=headers)
                found = from_json(answer.content)
            except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
                raise EngineError(f"{endpoint}: {_told(error)}") from error
            except (httpx.HTTPError, ValueError) as error:
                kind = OutcomeUnknown if is_write else EngineError
                raise kind(f"{endpoint}: {_told(error)}") from error
            if answer.status_code == 200 and isinstance(found, dict):
                return found
            said = _error(found)
            if self._login and "invalid auth token" in said:
                self._token = ""
                continue
            raise _failure(endpoint, said, is_write=is_write)
        raise EngineError(f"{endpoint}: takes no token that it gave")

    async def _authorization(self, endpoint: str) -> dict[str, str]:
        if self._login and not self._token:
            name, password = self._login
            body = {"name": name, "password": password}
            answer = await self._client.post(f"{endpoint}/v3/auth/authenticate", json=body)
            found = answer.json()
            if answer.status_code != 200:
                said = _error(found)
                kind = UnfitEngine if "authentication failed" in said else EngineError
                raise kind(f"{endpoint}: user {name} is not let in: {said}")
            self._token = str(found["token"])
        return {"Authorization": self._token} if self._token else {}

    @asynccontextmanager
    async def watch(self, create: Json) -> AsyncIterator[AsyncIterator[list[Json]]]:
        """The events of a watch as they come; each call begins at another machine.

        It ends by ``EngineError`` when the machine can't be heard any more, ``Compacted`` if it can't begin there.
        """
        endpoint = self.endpoints[self._feeds % len(self.endpoints)]
        self._feeds += 1
        timeout = httpx.Timeout(self._patience, read=None)
        try:
            headers = await self._authorization(endpoint)
            content = to_json({"create_request": create})
            url = f"{endpoint}/v3/watch"
            async with (
                self._client.stream("POST", url, content=content, headers=headers, timeout=timeout) as answer,
                aclosing(_events(endpoint, answer)) as events,
            ):
                yield events
        except httpx.HTTPError as error:
            raise EngineError(f"{endpoint}: {_told(error)}") from error


async def _events(endpoint: str, answer: httpx.Response) -> AsyncGenerator[list[Json], None]:
    begun = b""
    async for octets in answer.aiter_raw():
        *lines, begun = (begun + octets).split(b"\n")
        for line in lines:
            if events := _read_line(endpoint, line):
                yield events
    raise EngineError(f"{endpoint}: the feed has ended")


def _read_line(endpoint: str, line: bytes) -> list[Json]:
    """The events that one line of a watch tells; raises ``EngineError`` for one that ends it."""
    try:
        told = from_json(line)
    except ValueError as error:
        raise EngineError(f"{endpoint}: the feed is no JSON: {error}") from error
    if "result" not in told:
        raise _failure(endpoint, _error(told), is_write=False)
    result = told["result"]
    if result.get("canceled"):
        reason = result.get("cancel_reason", "") or _COMPACTED
        raise Compacted(reason) if int(result.get("compact_revision", 0)) else EngineError(reason)
    return list(result.get("events", ()))


def _told(error: BaseException) -> str:
    """What went wrong, in the words of whatever below knows best."""
    cause: BaseException | None = error
    while cause is not None and not str(cause):
        cause = cause.__cause__ or cause.__context__
    return str(cause) if cause is not None else type(error).__name__


def _error(found: Any) -> str:
    """What the gateway says went wrong: in its answer, or in a stream."""
    fault = found.get("error", found) if isinstance(found, dict) else found
    return str(fault.get("message", fault) if isinstance(fault, dict) else fault)


def _failure(endpoint: str, said: str, *, is_write: bool) -> EngineError:
    text = f"{endpoint}: {said}"
    if _COMPACTED in said:
        return Compacted(text)
    if "permission denied" in said:
        return UnfitEngine(text)
    if is_write and not any(certain in said for certain in _CERTAIN):
        return OutcomeUnknown(text)
    return EngineError(text)
