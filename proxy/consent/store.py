"""The ledger's environment: opened once, shared with other processes, grown when full, given up when taken away.

Readers of this process hold the gate while they read, so that the map isn't moved under them;
writers of this process take turns, and those of all processes on LMDB's own lock.
"""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Self, TypeVar
from uuid import UUID

import lmdb

from proxy.consent.aging import Aging
from proxy.consent.files import LedgerError, identity, open_environment, sync_folder
from proxy.consent.parts import Keeping, Shelf
from proxy.consent.reader import Reader, Tables
from proxy.consent.records import Moment
from proxy.consent.turned_back import TurnedBackMessages

SCHEMA = 2
"""2: records say which STOP was the last; parts know how many STOPs were heard before them."""

MAP_SIZE = 1 << 34
"""Address space to begin with, in octets. The file grows only as it fills; the map grows when full."""

KEEPING = Keeping()
"""How long unfinished replies are kept, unless settings say otherwise."""

T = TypeVar("T")

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
    """One process's hold on the files in the folder ``path``; raises ``LedgerError``.

    ``clock`` gives UTC in microseconds, ``boot_clock`` which start of the machine it is and for how long it has run
    (microseconds). Opening makes the folder where it is missing, and proves
    that it can be written. A process opens a ledger once, and after it was spawned.
    """

    def __init__(
        self,
        path: Path,
        clock: Callable[[], int],
        *,
        map_size: int = MAP_SIZE,
        keeping: Keeping = KEEPING,
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
        self._connect()

    def _connect(self) -> None:
        self._env = open_environment(self.path, self._map_size)
        try:
            self._open_databases()
        except lmdb.Error as error:
            self._env.close()
            raise LedgerError(f"the ledger in {self.path} can't be written: {error}") from error
        except BaseException:
            self._env.close()
            raise
        self._identity = identity(self.path)

    def _open_databases(self) -> None:
        with self._env.begin(write=True) as txn:
            self._pairs = self._env.open_db(b"pairs", txn=txn)
            self._businesses = self._env.open_db(b"businesses", txn=txn)
            self._journal = self._env.open_db(b"journal", txn=txn)
            self._meta = self._env.open_db(b"meta", txn=txn)
            self._refusals = self._env.open_db(b"refusals", txn=txn)
            self._unconfirmed = self._env.open_db(b"unconfirmed", txn=txn)
            self._shelf = Shelf(self._aging(b"parts", b"part_times", txn), self._keeping)
            self._turned_back = TurnedBackMessages(self._aging(b"turned_back", b"turned_back_times", txn))
            self.tables = Tables(self._meta, self._unconfirmed, self._turned_back)
            schema = txn.get(b"schema", db=self._meta)
            if schema not in (None, *_KNOWN):
                raise LedgerError(
                    f"the ledger in {self.path} has schema {schema!r}, this program knows {SCHEMA}:"
                    " if it was written by a newer version, run that one; else restore a backup"
                )
            txn.put(b"schema", _SCHEMA, db=self._meta)

    def _aging(self, records: bytes, times: bytes, txn: lmdb.Transaction[bytes]) -> Aging:
        return Aging(self._env.open_db(records, txn=txn), self._env.open_db(times, txn=txn))

    def close(self) -> None:
        """Let go of the files; no reader or commit may be under way."""
        self._env.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

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
        if reason := self._lost():
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

        A deleted file stays readable and even writable to those who hold it, and all of it would
        be gone at the next start: what can't be found by its path isn't kept. After a write that
        LMDB could not undo, it wants to be opened anew: that is done here.
        """
        self._fault = self._lost()
        if self._panicked and self._fault is None:
            with self._writing, self._gate:
                self._env.close()
                try:
                    self._connect()
                except LedgerError as error:
                    self._fault = str(error)
                else:
                    self._panicked = False
                    self._write_fault = None

    def _lost(self) -> str | None:
        if identity(self.path) == self._identity:
            return None
        return f"the ledger's files in {self.path} were removed or replaced while in use; put them back or restart"

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
        data, fresh = self.path / "data.mdb", self.path / "compact"
        shutil.rmtree(fresh, ignore_errors=True)
        with self._guarded():
            txn = self._begin_write()
            try:
                before = data.stat().st_size
                fresh.mkdir(mode=0o700)
                self._env.copy(str(fresh), compact=True)
                (fresh / "data.mdb").chmod(0o600)
                os.replace(fresh / "data.mdb", data)
                sync_folder(self.path)
            finally:
                txn.abort()
                shutil.rmtree(fresh, ignore_errors=True)
        return before, data.stat().st_size

    def backup(self, path: Path) -> None:
        """Copy the ledger as it stands at one moment into the empty folder ``path``, while it is in use."""
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(path.iterdir()):
            raise LedgerError(f"{path} is not empty; name a new folder for the copy")
        try:
            self._env.copy(str(path))
            (path / "data.mdb").chmod(0o600)
        except lmdb.Error as error:
            raise LedgerError(f"the copy in {path} could not be made: {error}") from error
        sync_folder(path)
