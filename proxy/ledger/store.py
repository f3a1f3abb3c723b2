"""The ledger's environment: opened once, shared with other processes, grown when full, given up when taken away.

Readers of this process hold the gate while they read, so that the map isn't moved under them;
writers of this process take turns, and those of all processes on LMDB's own lock.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from functools import cache
from pathlib import Path
from typing import Any, Self, TypeVar
from uuid import UUID

import lmdb

from proxy.ledger import copies
from proxy.ledger.aging import Aging
from proxy.ledger.environment import Access, check_schema, new_id, open_environment, open_meta
from proxy.ledger.files import DATA, LedgerError, Mark, look_at
from proxy.ledger.parts import Keeping, Shelf
from proxy.ledger.reader import Reader, Tables
from proxy.ledger.records import Moment
from proxy.ledger.turned_back import TurnedBackMessages
from proxy.ledger.watch import Watch

SCHEMA = 2
"""2: records say which STOP was the last; parts know how many STOPs were heard before them."""

MAP_SIZE = 1 << 34
"""Address space to begin with, in octets. The file grows only as it fills; the map grows when full."""

KEEPING = Keeping()
"""How unfinished replies are kept, unless settings say otherwise."""

DEAD_READERS_EVERY = 60.0
"""Seconds between looks for readers that were killed: what they read can't be overwritten, so the file would grow."""

T = TypeVar("T")

_ID = b"id"

_SCHEMA = b"%d" % SCHEMA
_KNOWN = tuple(b"%d" % schema for schema in range(1, SCHEMA + 1))
"""Schemas that this program reads; what it writes is of the newest."""


def since_boot() -> tuple[bytes, int]:
    """Which start of this machine it is, and the microseconds since then, sleep included; nobody can set this clock."""
    return _boot(), time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1000


@cache
def _boot() -> bytes:
    try:
        return UUID(Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()).bytes
    except (OSError, ValueError):
        return bytes(16)


class Store:
    """One process's hold on the files in the folder ``path``; raises ``LedgerError``. Opened once, after the spawn.

    ``clock`` gives UTC in microseconds, ``boot_clock`` which start of the machine it is and for how long it has run
    (microseconds). ``access``: what for, see ``Access``; opening it to write proves that it can.
    ``expected``: only this ledger, which another process has open, and no older copy of it.
    """

    def __init__(
        self,
        path: Path,
        clock: Callable[[], int],
        *,
        map_size: int = MAP_SIZE,
        keeping: Keeping = KEEPING,
        access: Access = Access.CREATE,
        expected: Mark | None = None,
        boot_clock: Callable[[], tuple[bytes, int]] = since_boot,
    ) -> None:
        self.path = path
        self._keeping = keeping
        self._clock = clock
        self._boot_clock = boot_clock
        self._gate = threading.Lock()
        self._writing = threading.Lock()
        self._fault: str | None = None
        self._write_fault: str | None = None
        self._last: tuple[int, int, str] | None = None
        self._panicked = False
        self._moment: lmdb.Transaction[bytes] | None = None
        self._map_size = map_size
        self._looked_for_dead = time.monotonic()
        self._watch = self._connect(access, expected)

    def _connect(self, access: Access, expected: Mark | None) -> Watch:
        if expected is not None:
            with Watch(self.path, expected) as before:
                if reason := before.lost():
                    raise LedgerError(reason)
        self._env = open_environment(self.path, self._map_size, access, _SCHEMA)
        try:
            mark = self._open_databases(access)
            watch = Watch(self.path, expected or mark)
            if reason := watch.lost(mark.ledger):
                watch.close()
                raise LedgerError(reason)
        except lmdb.Error as error:
            self._env.close()
            if not isinstance(error, lmdb.NotFoundError) or access is not Access.READ:
                raise LedgerError(f"the ledger in {self.path} can't be opened: {error}") from error
            return self._connect(Access.WRITE, expected)  # an older version wrote it; this adds what is new
        except BaseException:
            self._env.close()
            raise
        return watch

    def _open_databases(self, access: Access) -> Mark:
        """Open all databases, and make what an older version lacks; returns what the ledger is told by.

        The commit has on disk what is seen: what was written by a process that died, or could not sync it, may not be.
        """
        is_writing = access is not Access.READ
        with self._env.begin(write=True) if is_writing else nullcontext() as txn:

            def database(name: bytes, *, create: bool = is_writing) -> Any:
                return self._env.open_db(name, txn=txn, create=create)

            self._meta = open_meta(database, self.path)
            if txn is not None:  # before anything is added
                check_schema(txn.get(b"schema", db=self._meta), _KNOWN, self.path)
            self._pairs = database(b"pairs")
            self._businesses = database(b"businesses")
            self._journal = database(b"journal")
            self._refusals = database(b"refusals")
            if is_writing:  # who only looks needs none of these, and an older ledger may lack them
                self._unconfirmed = database(b"unconfirmed")
                self._shelf = Shelf(Aging(database(b"parts"), database(b"part_times")), self._keeping)
                turned_back = Aging(database(b"turned_back"), database(b"turned_back_times"))
                self._turned_back = TurnedBackMessages(turned_back)
                self.tables = Tables(self._meta, self._unconfirmed, self._turned_back)
            if txn is not None:
                txn.put(b"schema", _SCHEMA, db=self._meta)
                txn.put(_ID, txn.get(_ID, db=self._meta) or new_id(), db=self._meta)
        with self._env.begin() as reading:
            check_schema(reading.get(b"schema", db=self._meta), _KNOWN, self.path)
            ledger = reading.get(_ID, b"", db=self._meta).decode(errors="replace")
        look = look_at(self.path)
        return Mark(ledger, *(look[:3] if look else (0, 0, 0)))  # if it was taken away meanwhile, the watch says so

    def _aging(self, records: bytes, times: bytes, txn: lmdb.Transaction[bytes]) -> Aging:
        return Aging(self._env.open_db(records, txn=txn), self._env.open_db(times, txn=txn))

    def close(self) -> None:
        """Let go of the files; no reader or commit may be under way."""
        self._env.close()
        self._watch.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    @property
    def mark(self) -> Mark:
        """What this ledger is told by, for another process that must open the same; see ``expected``."""
        self._watch.lost()  # notes the last transaction
        return self._watch.mark

    @property
    def is_locked(self) -> bool:
        """False if it is read without LMDB's lock: what is read while somebody writes can then be wrong."""
        return self._env.flags()["lock"]

    def keep(self, keeping: Keeping) -> None:
        """Keep unfinished replies so long, and so many, from now on."""
        self._keeping = self._shelf.keeping = keeping

    def now(self) -> int:
        """UTC microseconds, by the clock that the journal goes by."""
        return self._clock()

    def moment_now(self) -> Moment:
        """The time, by the journal's clock and by the machine's own."""
        return Moment(self._clock(), *self._boot_clock())

    def reader(self) -> Reader:
        """A view for lookups from one thread; see ``Reader``."""
        return Reader(self)

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        """One writer of this process at a time; what goes wrong becomes a ``LedgerError`` and is remembered."""
        with self._writing:
            try:
                yield
            except lmdb.Error as error:
                self._panicked = self._panicked or isinstance(error, lmdb.PanicError)
                self._write_fault = f"the ledger in {self.path} can't be written: {error}"
                raise LedgerError(self._write_fault) from error
            except LedgerError as error:
                self._write_fault = str(error)
                raise
            self._write_fault = None

    def _begin_write(self) -> lmdb.Transaction[bytes]:
        """A write transaction on files that are still the ledger's, now that it is our turn to write."""
        txn = self._env.begin(write=True)
        ledger = txn.get(_ID, b"", db=self._meta)
        if reason := self._watch.lost(ledger.decode(errors="replace")):
            txn.abort()
            raise LedgerError(reason)
        return txn

    def _with_room(self, write: Callable[[], T]) -> T:
        """Write, growing the map or following its growth as often as that takes."""
        while True:
            try:
                return write()
            except lmdb.MapFullError:
                self._map_size = self._env.info()["map_size"] * 2
                self._resize(self._map_size)
            except lmdb.MapResizedError:
                self._resize(0)

    def _resize(self, map_size: int) -> None:
        """Grow the map, or (0) adopt the size another process gave it; no transaction may be open."""
        with self._gate:
            self._env.set_mapsize(map_size)

    def adopt_map_size(self) -> None:
        """Follow another process's growth of the map, when a reader met it."""
        with self._writing:
            self._resize(0)

    def check(self) -> None:
        """Notice a ledger whose files were taken away or came back; readers refuse until then.

        It is opened anew if LMDB wants that, after a write that it could not undo.
        """
        self._fault = self._watch.lost() or self._foreign()
        if self._panicked and self._fault is None:
            with self._writing, self._gate:
                self._env.close()
                before = self._watch
                try:
                    self._watch = self._connect(Access.WRITE, before.mark)
                except LedgerError as error:
                    self._fault = str(error)
                else:
                    before.close()
                    self._panicked = False
                    self._write_fault = None
        if self._fault is None and (now := time.monotonic()) - self._looked_for_dead >= DEAD_READERS_EVERY:
            self._looked_for_dead = now
            self._env.reader_check()

    def _foreign(self) -> str | None:
        """Why what is in the file isn't this ledger, if it can be read and isn't."""
        try:
            with self._gate, self._env.begin() as txn:
                ledger = txn.get(_ID, b"", db=self._meta)
        except lmdb.Error as error:
            self._panicked = self._panicked or isinstance(error, lmdb.PanicError)
            return None  # whoever reads or writes is told
        return self._watch.lost(ledger.decode(errors="replace"))

    @property
    def fault(self) -> str | None:
        """Why the ledger can't be read now, as of the last ``check``."""
        return self._fault

    @property
    def write_fault(self) -> str | None:
        """Why the last commit failed, until one succeeds."""
        return self._write_fault

    @contextmanager
    def moment(self) -> Iterator[None]:
        """Have everything that this thread reads inside be of one moment.

        Lookups of this process wait meanwhile: for commands, not for the relay.
        """
        with self._reading() as txn:
            self._moment = txn
            try:
                yield
            finally:
                self._moment = None

    @contextmanager
    def _reading(self) -> Iterator[lmdb.Transaction[bytes]]:
        """A read transaction behind the gate, after following another process's growth if need be."""
        try:
            if self._moment is not None:
                yield self._moment
                return
            try:
                with self._gate, self._env.begin() as txn:
                    yield txn
                return
            except lmdb.MapResizedError:
                self.adopt_map_size()
            with self._gate, self._env.begin() as txn:
                yield txn
        except lmdb.Error as error:
            raise LedgerError(f"the ledger in {self.path} can't be read: {error}") from error

    def panicked(self) -> None:
        """Have the next ``check`` open the ledger anew: LMDB asked a reader for it."""
        self._panicked = True

    def begin(self) -> lmdb.Transaction[bytes]:
        """A read transaction for a ``Reader``; the gate must be held."""
        return self._env.begin(db=self._pairs)

    @property
    def gate(self) -> threading.Lock:
        """Held by whoever reads, so that the map isn't moved under a reader."""
        return self._gate

    def compact(self) -> tuple[int, int]:
        """Put a copy without free pages in the place of the file; returns the sizes before and after.

        No process can write meanwhile, and those that have the old file open refuse to from then on, so nothing is
        lost. This ledger, too, has to be opened anew.
        """
        data = self.path / DATA
        with self._guarded():
            txn = self._begin_write()
            try:
                before = data.stat().st_size
                copies.compact(self._env, self.path)
            finally:
                txn.abort()
        return before, data.stat().st_size

    def backup(self, path: Path) -> None:
        """Copy the ledger as it stands at one moment into the empty folder ``path``, while it is in use."""
        copies.backup(self._env, path)
