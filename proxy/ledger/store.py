"""One process's hold on the ledger's files: opened once, shared with others, grown when full, given up when taken away.

Readers of this process hold the gate while they read, so that the map isn't moved under them;
writers of this process take turns, and those of all processes on LMDB's own lock.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import NamedTuple, TypeVar

import lmdb

from proxy.ledger.clocks import Clocks
from proxy.ledger.disk import copies
from proxy.ledger.disk.environment import Access, open_environment
from proxy.ledger.disk.files import DATA, LedgerError, Mark, look_at
from proxy.ledger.disk.watch import Watch
from proxy.ledger.tables.databases import ID, STORED_SCHEMA, Databases, check_known

MAP_SIZE = 1 << 34
"""Address space to begin with, in octets. The file grows only as it fills; the map grows when full."""

DEAD_READERS_EVERY = 60.0
"""Seconds between looks for readers that were killed: what they read can't be overwritten, so the file would grow."""

T = TypeVar("T")


class Tail(NamedTuple):
    """The last journal entry: its revision, time (UTC microseconds) and hash."""

    sequence: int
    time: int
    hash: str


class Writing:
    """What is written together, or not at all."""

    __slots__ = ("has_changed", "tail", "txn")

    def __init__(self, txn: lmdb.Transaction[bytes]) -> None:
        self.txn = txn
        self.tail: Tail | None = None
        """The end of the journal, once somebody looked for it."""
        self.has_changed = True
        """False: all was so already. It may be so by what another process wrote and could not sync, so it is synced."""


class Store:
    """One process's hold on the files in the folder ``path``; raises ``LedgerError``. Opened once, after the spawn.

    ``access``: what for, see ``Access``; opening it to write proves that it can.
    ``expected``: only this ledger, which another process has open, and no older copy of it.
    """

    def __init__(
        self, path: Path, clocks: Clocks, *, map_size: int, access: Access, expected: Mark | None = None
    ) -> None:
        self.path = path
        self.clocks = clocks
        self.gate = threading.Lock()
        """Held by whoever reads, so that the map isn't moved under a reader."""
        self._writing = threading.Lock()
        self._fault: str | None = None
        self._write_fault: str | None = None
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
        self.env = open_environment(self.path, self._map_size, access, STORED_SCHEMA)
        try:
            mark = self._open_databases(access)
            watch = Watch(self.path, expected or mark)
            if reason := watch.lost(mark.ledger):
                watch.close()
                raise LedgerError(reason)
        except lmdb.Error as error:
            self.env.close()
            if not isinstance(error, lmdb.NotFoundError) or access is not Access.READ:
                raise LedgerError(f"the ledger in {self.path} can't be opened: {error}") from error
            return self._connect(Access.WRITE, expected)  # an older version wrote it; this adds what is new
        except BaseException:
            self.env.close()
            raise
        return watch

    def _open_databases(self, access: Access) -> Mark:
        """Open all databases, and make what an older version lacks; returns what the ledger is told by.

        The commit has on disk what is seen: what was written by a process that died, or could not sync it, may not be.
        """
        is_writing = access is not Access.READ
        with self.env.begin(write=True) if is_writing else nullcontext() as txn:
            self.databases = Databases.open(self.env, txn, self.path)
        with self.env.begin() as reading:
            check_known(reading, self.databases.meta, self.path)
            ledger = reading.get(ID, b"", db=self.databases.meta).decode(errors="replace")
        look = look_at(self.path)
        return Mark(ledger, *(look[:3] if look else (0, 0, 0)))  # if it was taken away meanwhile, the watch says so

    def close(self) -> None:
        """Let go of the files; no reader or commit may be under way."""
        self.env.close()
        self._watch.close()

    @property
    def mark(self) -> Mark:
        """What this ledger is told by, for another process that must open the same; see ``expected``."""
        self._watch.lost()  # notes the last transaction
        return self._watch.mark

    @property
    def is_locked(self) -> bool:
        """False if it is read without LMDB's lock: what is read while somebody writes can then be wrong."""
        return self.env.flags()["lock"]

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

    @contextmanager
    def _turn(self) -> Iterator[lmdb.Transaction[bytes]]:
        """A write transaction when it is our turn, on files that are still the ledger's; undone unless committed."""
        txn = self.env.begin(write=True)
        try:
            ledger = txn.get(ID, b"", db=self.databases.meta)
            if reason := self._watch.lost(ledger.decode(errors="replace")):
                raise LedgerError(reason)
            yield txn
        finally:
            txn.abort()  # does nothing after a commit

    def write(self, work: Callable[[Writing], T]) -> T:
        """Have this written as one, and on disk when this returns; what ``work`` gives. Raises ``LedgerError``.

        ``work`` is called again where the map was full, after it has grown. If it raises, nothing was written.
        """
        with self._guarded():
            while True:
                try:
                    return self._write_once(work)
                except lmdb.MapFullError:
                    self._map_size = self.env.info()["map_size"] * 2
                    self._resize(self._map_size)
                except lmdb.MapResizedError:
                    self._resize(0)

    def _write_once(self, work: Callable[[Writing], T]) -> T:
        with self._turn() as txn:
            writing = Writing(txn)
            given = work(writing)
            if writing.has_changed:
                txn.commit()
            else:
                self.env.sync(True)
        return given

    def _resize(self, map_size: int) -> None:
        """Grow the map, or (0) adopt the size another process gave it; no transaction may be open."""
        with self.gate:
            self.env.set_mapsize(map_size)

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
            with self._writing, self.gate:
                self.env.close()
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
            self.env.reader_check()

    def _foreign(self) -> str | None:
        """Why what is in the file isn't this ledger, if it can be read and isn't."""
        try:
            with self.gate, self.env.begin() as txn:
                ledger = txn.get(ID, b"", db=self.databases.meta)
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
        """Have everything that is read by this store inside be of one moment.

        Lookups of this process wait meanwhile: for commands, not for the relay.
        """
        with self.reading() as txn:
            self._moment = txn
            try:
                yield
            finally:
                self._moment = None

    @contextmanager
    def reading(self) -> Iterator[lmdb.Transaction[bytes]]:
        """A read transaction behind the gate, after following another process's growth if need be."""
        try:
            if self._moment is not None:
                yield self._moment
                return
            try:
                with self.gate, self.env.begin() as txn:
                    yield txn
                return
            except lmdb.MapResizedError:
                self.adopt_map_size()
            with self.gate, self.env.begin() as txn:
                yield txn
        except lmdb.Error as error:
            raise LedgerError(f"the ledger in {self.path} can't be read: {error}") from error

    def panicked(self) -> None:
        """Have the next ``check`` open the ledger anew: LMDB asked a reader for it."""
        self._panicked = True

    def begin(self) -> lmdb.Transaction[bytes]:
        """A read transaction for a ``Reader``; the gate must be held."""
        return self.env.begin(db=self.databases.pairs)

    def compact(self) -> tuple[int, int]:
        """Put a copy without free pages in the place of the file; returns the sizes before and after.

        No process can write meanwhile, and those that have the old file open refuse to from then on, so nothing is
        lost. This ledger, too, has to be opened anew.
        """
        data = self.path / DATA
        with self._guarded(), self._turn():
            before = data.stat().st_size
            copies.compact(self.env, self.path)
        return before, data.stat().st_size

    def sizes(self) -> tuple[int, int]:
        """Octets in use, and of the map."""
        info = self.env.info()
        return info["last_pgno"] * self.env.stat()["psize"], info["map_size"]

    def backup(self, path: Path) -> None:
        """Copy the ledger as it stands at one moment into the empty folder ``path``, while it is in use."""
        copies.backup(self.env, path)
