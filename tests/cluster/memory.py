"""The port's fake: a store in memory that keeps every revision, and can be made to fail as real ones do."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager

import trio

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
    OutcomeUnknown,
    Put,
    Record,
    Seat,
    Slice,
)
from proxy.cluster.etcd_wire import BUCKETS, bucket, slices


class Store:
    """What several ``Memory`` engines share: the state after each revision, and what each changed."""

    def __init__(self, name: str = "memory") -> None:
        self.name = name
        self.revision = 1
        self.commits = 0
        self.records: dict[Key, Record] = {}
        self.seats: dict[str, Seat] = {}
        self.beats: dict[str, Beat] = {}
        self.log: list[Batch] = []
        self.past: dict[int, tuple[dict[Key, Record], int]] = {}
        self.compacted = 0
        self.changed = trio.Event()

    def write(self, batch: Batch) -> None:
        """One more revision."""
        self.log.append(batch)
        self.past[batch.revision] = dict(self.records), self.commits
        self.changed.set()
        self.changed = trio.Event()

    def next(self) -> int:
        self.revision += 1
        return self.revision


class Memory:
    """One node's way to the store. ``fault``, if set, is called before each request, and may raise or wait."""

    def __init__(self, store: Store, most: int = 100) -> None:
        self.store = store
        self.is_cut = False
        """Requests fail, and what the feed would bring does not come."""
        self.is_deaf = False
        """Requests are done, and their answers do not come; nor does the feed."""
        self.lose_next: int | None = None
        """How many answers of writes are lost from now on, though they are done."""
        self.held: list[tuple[Seat | None, Sequence[Put]]] | None = None
        """If a list: commits are kept in it instead of being done, and their outcome is unknown."""
        self.leaves_out: set[int] = set()
        """Revisions that the feed does not bring."""
        self._most = most

    @property
    def most(self) -> int:
        return self._most

    async def _reach(self) -> None:
        await trio.lowlevel.checkpoint()
        if self.is_cut or self.is_deaf:
            raise EngineError("cut off")

    async def _answer(self) -> None:
        if self.is_deaf or self.lose_next:
            self.lose_next = self.lose_next - 1 if self.lose_next else None
            raise OutcomeUnknown("the answer did not come")

    async def check(self) -> list[str]:
        await self._reach()
        return []

    async def head(self) -> Head:
        await self._reach()
        return self._head()

    def _head(self) -> Head:
        return Head(self.store.revision, self.store.commits, self.store.name)

    async def nodes(self) -> tuple[int, Sequence[Beat]]:
        await self._reach()
        return self.store.revision, list(self.store.beats.values())

    async def read(self, keys: Sequence[Key]) -> Sequence[Record]:
        await self._reach()
        return [self.store.records.get(key, Record(key, None, 0)) for key in keys]

    async def commit(self, seat: Seat | None, puts: Sequence[Put]) -> Committed | Conflict:
        await trio.lowlevel.checkpoint()
        if self.is_cut:
            raise EngineError("cut off")
        if self.held is not None:
            self.held.append((seat, puts))
            raise OutcomeUnknown("held")
        outcome = self.commit_now(seat, puts)
        await self._answer()
        return outcome

    def commit_now(self, seat: Seat | None, puts: Sequence[Put]) -> Committed | Conflict:
        if len(puts) > self._most:
            raise EngineError("too many records for one commit")
        store = self.store
        is_displaced = seat is not None and store.seats.get(seat.name) != seat
        current = [store.records.get(put.key, Record(put.key, None, 0)) for put in puts]
        if is_displaced or any(record.revision != put.expected for record, put in zip(current, puts, strict=True)):
            return Conflict(tuple(current), is_displaced)
        revision = store.next()
        written = []
        for put in puts:
            record = Record(put.key, put.value, revision)
            written.append(record)
            if put.value is None:
                store.records.pop(put.key, None)
            else:
                store.records[put.key] = record
        store.commits += 1
        store.write(Batch(revision, store.commits, tuple(written), ()))
        return Committed(revision, store.commits, tuple(store.beats.values()))

    async def slices(self, revision: int) -> Sequence[Slice]:
        await self._reach()
        return slices(4, 1)

    async def snapshot(self, revision: int, part: Slice, since: int = 0) -> Sequence[Record]:
        await self._reach()
        return [
            record
            for record in self._at(revision).values()
            if record.key.kind == "pair"
            and part.first <= bucket(record.key.name) < min(part.behind, BUCKETS)
            and record.revision > since
        ]

    async def others(self, revision: int, kind: Kind) -> Sequence[Record]:
        await self._reach()
        return [record for record in self._at(revision).values() if record.key.kind == kind]

    def _at(self, revision: int) -> dict[Key, Record]:
        if revision < self.store.compacted:
            raise Compacted("forgotten")
        before = [each for each in self.store.past if each <= revision]
        return self.store.past[max(before)][0] if before else {}

    async def commits_at(self, revision: int) -> int | None:
        await self._reach()
        if revision < self.store.compacted or revision > self.store.revision:
            return None
        before = [each for each in self.store.past if each <= revision]
        return self.store.past[max(before)][1] if before else 0

    @asynccontextmanager
    async def feed(self, after: int) -> AsyncIterator[AsyncIterator[Sequence[Batch]]]:
        await self._reach()
        if after + 1 < self.store.compacted:
            raise Compacted("forgotten")
        async with aclosing(self._fed(after)) as fed:
            yield fed

    async def _fed(self, after: int) -> AsyncGenerator[Sequence[Batch], None]:
        while True:
            found = [batch for batch in self.store.log if batch.revision > after]
            last = found[-1].revision if found else after
            found = [batch for batch in found if batch.revision not in self.leaves_out]
            if self.is_cut or self.is_deaf:
                found = []
            if found:
                yield found
                after = last
            else:
                with trio.move_on_after(0.02):
                    await self.store.changed.wait()

    async def seat_of(self, name: str) -> Seat | None:
        await self._reach()
        return self.store.seats.get(name)

    async def take_seat(self, name: str, token: str, expected: int) -> Seat | None:
        await self._reach()
        seat = self.store.seats.get(name)
        if seat is not None and seat.token == token:
            return seat
        if (seat.revision if seat else 0) != expected:
            return None
        self.store.seats[name] = Seat(name, token, self.store.next())
        self.store.write(Batch(self.store.revision, None, (), ()))
        return self.store.seats[name]

    async def beat(self, seat: Seat, value: bytes) -> Head | None:
        await trio.lowlevel.checkpoint()
        if self.is_cut:
            raise EngineError("cut off")
        if self.store.seats.get(seat.name) != seat:
            return None
        beat = self.store.beats[seat.name] = Beat(seat.name, value, self.store.next())
        self.store.write(Batch(beat.revision, None, (), (beat,)))
        await self._answer()
        return self._head()

    async def leave(self, seat: Seat) -> None:
        await self._reach()
        if self.store.seats.get(seat.name) == seat:
            del self.store.seats[seat.name]
            self.store.beats.pop(seat.name, None)
            gone = Beat(seat.name, None, self.store.next())
            self.store.write(Batch(gone.revision, None, (), (gone,)))

    async def close(self) -> None:
        pass
