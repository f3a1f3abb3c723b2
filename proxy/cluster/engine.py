"""The port: what the nodes of a cluster ask of the store that they share. Another store is another adapter of this.

The store keeps records, each under a key, and gives every commit a revision, greater than all before it. Three kinds of
records are consent: ``pair``, ``offer`` and ``part``. Beside them stand the nodes: each has a seat, which is taken by
joining, and a beat, which it writes anew all the time. Commits count: the count says whether the feed left any out.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Literal, NamedTuple, Protocol

Kind = Literal["pair", "offer", "part"]
"""What a record is: the consent of a pair, a message that will be offered again, the parts of a reply."""


class Key(NamedTuple):
    """What a record stands under."""

    kind: Kind
    name: bytes


class Record(NamedTuple):
    """A record as it is; ``value`` is None where there is none. ``revision`` is that of the commit that wrote it.

    The revision of a record that isn't there is 0, or in the feed that of its removal.
    """

    key: Key
    value: bytes | None
    revision: int


class Put(NamedTuple):
    """The wish to write a record (None: to remove it), if its revision still is ``expected`` (0: if there is none)."""

    key: Key
    value: bytes | None
    expected: int


class Seat(NamedTuple):
    """A node's right to commit and beat: held from joining, until somebody takes it away."""

    name: str
    token: str
    revision: int


class Beat(NamedTuple):
    """What a node wrote last, and at which revision; ``value`` is None for one that has left."""

    name: str
    value: bytes | None
    revision: int


class Committed(NamedTuple):
    """A commit that was done: its revision, how many commits there were with it, and all nodes at that moment."""

    revision: int
    commits: int
    nodes: tuple[Beat, ...]


class Conflict(NamedTuple):
    """A commit that was not done: the records as they are now, or the seat that is no more (``is_displaced``)."""

    records: tuple[Record, ...]
    is_displaced: bool


class Head(NamedTuple):
    """The newest revision, how many commits there were with it, and what tells the store from every other."""

    revision: int
    commits: int
    store: str


class Batch(NamedTuple):
    """Everything that one revision changed; ``commits``: how many there were with it, None if it was none (a beat)."""

    revision: int
    commits: int | None
    records: tuple[Record, ...]
    beats: tuple[Beat, ...]


class Slice(NamedTuple):
    """A part of the ``pair`` records, bounded so that reading it costs no more than what it holds."""

    first: int
    behind: int


class EngineError(Exception):
    """The store did not do what it was asked. Nothing of it was done, and nothing will be."""


class OutcomeUnknown(EngineError):
    """Whether the store did what it was asked can't be known: the answer did not come, or says so."""


class Compacted(EngineError):
    """The store has forgotten what was asked for: a revision too long ago."""


class UnfitEngine(EngineError):
    """The store can't be used at all, whatever is tried: a version that loses data, a key that may not be used."""


class Engine(Protocol):
    """A store that nodes share. Everything raises ``EngineError``; what writes raises ``OutcomeUnknown`` too."""

    async def check(self) -> list[str]:
        """What operators have to know of it (it takes no writes, members are missing); nothing if all is well.

        Raises ``UnfitEngine`` for one that must not be used.
        """
        ...

    async def head(self) -> Head:
        """Where it stands now, by agreement of a majority."""
        ...

    async def nodes(self) -> tuple[int, Sequence[Beat]]:
        """All nodes, and the revision at which it was so, by agreement of a majority."""
        ...

    async def read(self, keys: Sequence[Key]) -> Sequence[Record]:
        """These records as they are now, by agreement of a majority, in the order of the keys."""
        ...

    async def commit(self, seat: Seat | None, puts: Sequence[Put]) -> Committed | Conflict:
        """Write all of these, or nothing. ``seat`` is the node's; None for a command, which has none."""
        ...

    @property
    def most(self) -> int:
        """How many records one commit may write at the most."""
        ...

    async def slices(self, revision: int) -> Sequence[Slice]:
        """All ``pair`` records at this revision, cut into slices that each fit into memory well."""
        ...

    async def snapshot(self, revision: int, part: Slice, since: int = 0) -> Sequence[Record]:
        """The records of a slice as they stood at this revision; only those written after ``since``.

        Raises ``Compacted`` if that is too long ago.
        """
        ...

    async def others(self, revision: int, kind: Kind) -> Sequence[Record]:
        """All records of another kind as they stood at this revision; they are few. Raises ``Compacted``."""
        ...

    async def commits_at(self, revision: int) -> int | None:
        """How many commits there were at this revision; None if that is forgotten, or has not been reached."""
        ...

    def feed(self, after: int) -> AbstractAsyncContextManager[AsyncIterator[Sequence[Batch]]]:
        """What every revision behind this one changed, in order, as it happens; several at once if they are there.

        It ends by ``EngineError`` when the store can't be heard any more, ``Compacted`` if it can't begin there. Each
        call may go to another machine of the store.
        """
        ...

    async def seat_of(self, name: str) -> Seat | None:
        """The seat of this name as it is now."""
        ...

    async def take_seat(self, name: str, token: str, expected: int) -> Seat | None:
        """Take the seat of a name that has this revision (0: nobody had it); None if it has another by now.

        ``token`` is drawn by whoever takes it, and taking it again with the same one is the same.

        Whoever had it before can neither beat nor commit from then on, and what they sent and is still under way does
        nothing when it arrives.
        """
        ...

    async def beat(self, seat: Seat, value: bytes) -> Head | None:
        """Write a node's beat; where the store stands with it. None if the seat is lost."""
        ...

    async def leave(self, seat: Seat) -> None:
        """Take the node from all nodes. Nothing is done if the seat is lost."""
        ...

    async def close(self) -> None:
        """Let go of all connections."""
        ...
