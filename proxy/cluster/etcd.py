"""The adapter of the port for etcd (3.4 and later, but not 3.5.0 to 3.5.2), over its JSON gateway."""

from __future__ import annotations

import ssl
from base64 import b64decode
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from typing import Any, Literal

from proxy.cluster import etcd_wire as wire
from proxy.cluster.engine import (
    Batch,
    Beat,
    Committed,
    Compacted,
    Conflict,
    EngineError,
    Head,
    Key,
    Kind,
    Put,
    Record,
    Seat,
    Slice,
    UnfitEngine,
)
from proxy.cluster.etcd_wire import Json, b64
from proxy.cluster.gateway import Gateway

SLICE = 4_000
"""Pairs that are read in one go: a few megabytes, and a few hundredths of a second of etcd's time."""


class Etcd:
    """The etcd at ``endpoints`` (URLs, tried in turn), for the cluster with this ``namespace``.

    ``patience`` is how long one machine of it may take for an answer, in seconds. ``login``: name and password.
    """

    def __init__(
        self,
        endpoints: Sequence[str],
        namespace: str,
        patience: float,
        *,
        tls: ssl.SSLContext | Literal[True] = True,
        login: tuple[str, str] | None = None,
    ) -> None:
        self._names = wire.Names(namespace)
        self._gateway = Gateway(endpoints, patience, tls=tls, login=login)

    @property
    def most(self) -> int:
        """How many records one commit may write at the most."""
        return wire.MOST_PUTS

    async def close(self) -> None:
        """Let go of all connections."""
        await self._gateway.close()

    async def _transact(self, conditions: list[Json], then: list[Json], otherwise: list[Json]) -> Json:
        body = {"compare": conditions, "success": then, "failure": otherwise}
        return await self._gateway.ask("kv/txn", body, is_write=True)

    # How it is.

    async def check(self) -> list[str]:
        """What operators have to know of it; raises ``UnfitEngine`` for a version that loses data."""
        found: list[str] = []
        for endpoint in self._gateway.endpoints:
            try:
                status = await self._gateway.ask_one(endpoint, "maintenance/status", {}, is_write=False)
            except UnfitEngine:
                raise
            except EngineError as error:
                found.append(str(error))
                continue
            if wire.is_losing(version := str(status.get("version", ""))):
                raise UnfitEngine(f"{endpoint}: etcd {version} can lose data (3.5.0 to 3.5.2): use 3.5.13 or newer")
            if status.get("leader", "0") == "0":
                found.append(f"{endpoint}: has no leader")
            found += [f"{endpoint}: {fault}" for fault in status.get("errors", ())]
        return found

    async def head(self) -> Head:
        """Where it stands now."""
        return self._head(await self._gateway.ask("kv/range", {"key": b64(self._names.commits)}))

    def _head(self, answer: Json) -> Head:
        found = wire.kvs(answer)
        store = str(answer.get("header", {}).get("cluster_id", ""))
        return Head(wire.revision_of(answer), int(found[0].get("version", 0)) if found else 0, store)

    async def nodes(self) -> tuple[int, Sequence[Beat]]:
        """All nodes."""
        answer = await self._gateway.ask("kv/range", self._names.all_beats())
        return wire.revision_of(answer), wire.beats(self._names, wire.kvs(answer))

    async def commits_at(self, revision: int) -> int | None:
        """How many commits there were at this revision."""
        try:
            answer = await self._gateway.ask("kv/range", {"key": b64(self._names.commits), "revision": str(revision)})
        except Compacted:
            return None
        except EngineError as error:
            if "future revision" in str(error):
                return None
            raise
        return self._head(answer).commits

    # Records.

    async def read(self, keys: Sequence[Key]) -> Sequence[Record]:
        """These records as they are now."""
        found: dict[Key, Record] = {}
        for start in range(0, len(keys), wire.MOST_OPERATIONS):
            some = keys[start : start + wire.MOST_OPERATIONS]
            body = {"compare": [], "success": [wire.get(self._names.key(key)) for key in some], "failure": []}
            answer = await self._gateway.ask("kv/txn", body)
            found |= {record.key: record for record in self._found(answer["responses"])}
        return [found.get(key) or Record(key, None, 0) for key in keys]

    def _found(self, responses: Sequence[Mapping[str, Any]]) -> list[Record]:
        ranges = [each["response_range"] for each in responses if "response_range" in each]
        return [record for each in ranges for record in wire.records(self._names, wire.kvs(each))]

    async def commit(self, seat: Seat | None, puts: Sequence[Put]) -> Committed | Conflict:
        """Write all of these, or nothing."""
        names = self._names
        keys = [b64(names.key(each.key)) for each in puts]
        conditions = [wire.is_at(key, each.expected) for key, each in zip(keys, puts, strict=True)]
        seated: list[Json] = []
        if seat is not None:
            conditions.append(wire.is_at(b64(names.seat(seat.name)), seat.revision))
            seated.append(wire.get(names.seat(seat.name)))
        then = [wire.write(key, each.value) for key, each in zip(keys, puts, strict=True)]
        then += [wire.put(names.commits, b""), wire.get(names.commits), {"request_range": names.all_beats()}]
        answer = await self._transact(conditions, then, seated)
        if not answer.get("succeeded"):
            return await self._conflict(seat, puts, answer.get("responses", ()))
        counted, beats = (each["response_range"] for each in answer["responses"][-2:])
        nodes = tuple(wire.beats(names, wire.kvs(beats)))
        return Committed(wire.revision_of(answer), int(wire.kvs(counted)[0]["version"]), nodes)

    async def _conflict(
        self, seat: Seat | None, puts: Sequence[Put], responses: Sequence[Mapping[str, Any]]
    ) -> Conflict:
        is_displaced = False
        if seat is not None:
            sitting = wire.kvs(responses[0]["response_range"])
            is_displaced = not sitting or int(sitting[0]["mod_revision"]) != seat.revision
        return Conflict(tuple(await self.read([each.key for each in puts])), is_displaced)

    async def slices(self, revision: int) -> Sequence[Slice]:
        """All pairs at this revision, in slices."""
        body = {**self._names.all_of("pair"), "revision": str(revision), "count_only": True}
        return wire.slices(int((await self._gateway.ask("kv/range", body)).get("count", 0)), SLICE)

    async def snapshot(self, revision: int, part: Slice, since: int = 0) -> Sequence[Record]:
        """The records of a slice as they stood at this revision."""
        body = {**self._names.part(part), "revision": str(revision)}
        if since:
            body["min_mod_revision"] = str(since + 1)
        return wire.records(self._names, wire.kvs(await self._gateway.ask("kv/range", body)))

    async def others(self, revision: int, kind: Kind) -> Sequence[Record]:
        """All records of another kind."""
        answer = await self._gateway.ask("kv/range", {**self._names.all_of(kind), "revision": str(revision)})
        return wire.records(self._names, wire.kvs(answer))

    # The feed.

    @asynccontextmanager
    async def feed(self, after: int) -> AsyncIterator[AsyncIterator[Sequence[Batch]]]:
        """What every revision behind this one changed; each call begins at another machine."""
        create = {**wire.prefix(self._names.all), "start_revision": str(after + 1)}
        async with self._gateway.watch(create) as told, aclosing(self._batches(told)) as batches:
            yield batches

    async def _batches(self, told: AsyncIterator[list[Json]]) -> AsyncGenerator[Sequence[Batch], None]:
        async for events in told:
            if batches := list(wire.batches(self._names, events)):
                yield batches

    # Seats.

    async def seat_of(self, name: str) -> Seat | None:
        """The seat of this name as it is now."""
        found = wire.kvs(await self._gateway.ask("kv/range", {"key": b64(self._names.seat(name))}))
        return self._seat(name, found)

    def _seat(self, name: str, found: Sequence[Json]) -> Seat | None:
        if not found:
            return None
        token = b64decode(found[0].get("value", "")).decode(errors="replace")
        return Seat(name, token, int(found[0]["mod_revision"]))

    async def take_seat(self, name: str, token: str, expected: int) -> Seat | None:
        """Take the seat of a name that has this revision."""
        key = self._names.seat(name)
        answer = await self._transact(
            [wire.is_at(b64(key), expected)], [wire.put(key, token.encode())], [wire.get(key)]
        )
        if answer.get("succeeded"):
            return Seat(name, token, wire.revision_of(answer))
        seat = self._seat(name, wire.kvs(answer["responses"][0]["response_range"]))
        return seat if seat is not None and seat.token == token else None  # an attempt whose answer did not come

    async def beat(self, seat: Seat, value: bytes) -> Head | None:
        """Write a node's beat."""
        then = [wire.put(self._names.beat(seat.name), value), wire.get(self._names.commits)]
        answer = await self._transact([wire.is_at(b64(self._names.seat(seat.name)), seat.revision)], then, [])
        if not answer.get("succeeded"):
            return None
        return self._head({**answer["responses"][1]["response_range"], "header": answer["header"]})

    async def leave(self, seat: Seat) -> None:
        """Take the node from all nodes."""
        keys = self._names.beat(seat.name), self._names.seat(seat.name)
        condition = wire.is_at(b64(keys[1]), seat.revision)
        await self._transact([condition], [wire.delete(key) for key in keys], [])
