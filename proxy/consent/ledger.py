"""The ledger: the state of every pair and the journal of every change, in LMDB.

Layout (named databases of one environment):

* ``pairs``: consumer NUL business -> state (1 octet), revision (8), time (8, UTC microseconds).
  A record is never deleted; its revision is that of the journal entry that made it.
* ``businesses``: business NUL consumer -> nothing. The same pairs, found from the other end.
* ``journal``: revision (8 octets, from 1, without gaps) -> the entry as JSON.
* ``meta``: the schema's number, and how many pairs are opted out now.

Every commit is an fsync. Readers take no lock and see the last commit of any process; writers of
all processes take turns on LMDB's own lock.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from struct import Struct
from types import TracebackType
from typing import Any, NamedTuple, Self

import lmdb

from proxy.consent.numbers import Pair
from proxy.consent.rules import Change, ConsentUnreadable, State, changes

SCHEMA = 1

MAP_SIZE = 1 << 34
"""Address space to begin with, in octets. The file grows only as it fills; the map grows when full."""

KEY_LIMIT = 511
"""LMDB's longest key, in octets; two canonical numbers are far shorter."""

_SCHEMA = b"%d" % SCHEMA
_RECORD = Struct(">BQQ")
_COUNT = Struct(">Q")
_PAGE = 1000
"""Journal entries read in one transaction, which no writer's pages are held up for longer."""

_STATES = (State.OPTED_IN, State.OPTED_OUT)
_OPTED_OUT_PAIRS = b"opted_out_pairs"


class LedgerError(Exception):
    """The ledger can't be opened, read or written; the message says which, where and what to do."""


class Entry(NamedTuple):
    """One journal entry: a change that was made, with its evidence."""

    revision: int
    time: datetime
    pair: Pair
    state: State
    evidence: dict[str, str]


@dataclass(frozen=True, slots=True)
class Statistics:
    """What the ledger holds; ``fault`` says why it can't be used now, if it can't."""

    pairs: int
    opted_out_pairs: int
    revision: int
    map_size: int
    used: int
    fault: str | None


class Ledger:
    """One process's hold on the ledger in the folder ``path``; raises ``LedgerError``.

    ``clock`` gives UTC in microseconds. Opening makes the folder where it is missing, and proves
    that it can be written. A process opens a ledger once, and after it was spawned.
    """

    def __init__(self, path: Path, clock: Callable[[], int], *, map_size: int = MAP_SIZE) -> None:
        self.path = path
        self._clock = clock
        self._gate = threading.Lock()
        self._writing = threading.Lock()
        self._fault: str | None = None
        self._write_fault: str | None = None
        self._panicked = False
        self._map_size = map_size
        self._connect()

    def _connect(self) -> None:
        self._env = _open(self.path, self._map_size)
        try:
            self._open_databases()
        except lmdb.Error as error:
            self._env.close()
            raise LedgerError(f"the ledger in {self.path} can't be written: {error}") from error
        except BaseException:
            self._env.close()
            raise
        self._identity = _identity(self.path)

    def _open_databases(self) -> None:
        with self._env.begin(write=True) as txn:
            self._pairs = self._env.open_db(b"pairs", txn=txn)
            self._businesses = self._env.open_db(b"businesses", txn=txn)
            self._journal = self._env.open_db(b"journal", txn=txn)
            self._meta = self._env.open_db(b"meta", txn=txn)
            schema = txn.get(b"schema", db=self._meta)
            if schema not in (None, _SCHEMA):
                raise LedgerError(
                    f"the ledger in {self.path} has schema {schema!r}, this program knows {SCHEMA}:"
                    " if it was written by a newer version, run that one; else restore a backup"
                )
            txn.put(b"schema", _SCHEMA, db=self._meta)

    def close(self) -> None:
        """Let go of the files; no reader or commit may be under way."""
        self._env.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def reader(self) -> Reader:
        """A view for lookups from one thread; see ``Reader``."""
        return Reader(self)

    def commit(self, wishes: Sequence[Change]) -> list[Entry]:
        """Make these changes durable, in order, in one transaction; raises ``LedgerError``.

        Wishes that change nothing (a pair that already is in that state) leave no entry. When this
        returns, the changes are on disk and every reader of every process sees them. When it
        raises, none of them was made.
        """
        with self._writing:
            try:
                if reason := self._lost():
                    raise LedgerError(reason)
                entries = self._commit_with_room(wishes)
            except lmdb.Error as error:
                self._panicked = self._panicked or isinstance(error, lmdb.PanicError)
                self._write_fault = f"the ledger in {self.path} can't be written: {error}"
                raise LedgerError(self._write_fault) from error
            except LedgerError as error:
                self._write_fault = str(error)
                raise
            self._write_fault = None
            return entries

    def _commit_with_room(self, wishes: Sequence[Change]) -> list[Entry]:
        while True:
            try:
                return self._commit(wishes)
            except lmdb.MapFullError:
                self._map_size = self._env.info()["map_size"] * 2
                self._resize(self._map_size)
            except lmdb.MapResizedError:
                self._resize(0)

    def _commit(self, wishes: Sequence[Change]) -> list[Entry]:
        txn = self._env.begin(write=True)
        try:
            entries = [entry for wish in wishes if (entry := self._apply(txn, wish)) is not None]
            if entries:
                txn.commit()
        finally:
            txn.abort()  # does nothing after a commit
        return entries

    def _apply(self, txn: lmdb.Transaction[bytes], wish: Change) -> Entry | None:
        key = _key(wish.pair)
        record = txn.get(key, db=self._pairs)
        before = _STATES[record[0]] if record else None
        if not changes(before, wish.state):
            return None
        entry = self._next_entry(txn, wish)
        microseconds = int(entry.time.timestamp() * 1_000_000)
        value = _RECORD.pack(_STATES.index(wish.state), entry.revision, microseconds)
        txn.put(key, value, db=self._pairs)
        txn.put(_key(Pair(wish.pair.consumer, wish.pair.business)), b"", db=self._businesses)
        txn.put(_COUNT.pack(entry.revision), _to_json(entry), db=self._journal, append=True)
        step = 1 if wish.state is State.OPTED_OUT else -1
        count = self._count(txn) + step
        txn.put(_OPTED_OUT_PAIRS, _COUNT.pack(count), db=self._meta)
        return entry

    def _next_entry(self, txn: lmdb.Transaction[bytes], wish: Change) -> Entry:
        """The entry after the last one: the next revision, and a time that never runs backwards."""
        now = datetime.fromtimestamp(self._clock() / 1_000_000, UTC)
        revision = 1
        with txn.cursor(db=self._journal) as cursor:
            if cursor.last():
                last = _from_json(cursor.key(), cursor.value())
                revision, now = last.revision + 1, max(now, last.time)
        origin = wish.origin
        evidence = {
            "meaning": str(wish.meaning),
            "matched": wish.matched,
            "route": origin.route,
            "session": origin.session,
            "system_id": origin.system_id,
            "carrier": origin.carrier,
        }
        return Entry(revision, now, wish.pair, wish.state, evidence)

    def _count(self, txn: lmdb.Transaction[bytes]) -> int:
        stored = txn.get(_OPTED_OUT_PAIRS, db=self._meta)
        return int(_COUNT.unpack(stored)[0]) if stored else 0

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
        if _identity(self.path) == self._identity:
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
    def _reading(self) -> Iterator[lmdb.Transaction[bytes]]:
        """A read transaction behind the gate, after following another process's growth if need be."""
        try:
            with self._gate, self._env.begin() as txn:
                yield txn
            return
        except lmdb.MapResizedError:
            self.adopt_map_size()
        with self._gate, self._env.begin() as txn:
            yield txn

    def journal(self, after: int = 0) -> Iterator[Entry]:
        """The entries with a revision greater than ``after``, oldest first; each page of them is one moment."""
        while page := self._journal_page(after):
            yield from page
            after = page[-1].revision

    def _journal_page(self, after: int) -> list[Entry]:
        with self._reading() as txn, txn.cursor(db=self._journal) as cursor:
            page: list[Entry] = []
            found = cursor.set_range(_COUNT.pack(after + 1))
            while found and len(page) < _PAGE:
                page.append(_from_json(cursor.key(), cursor.value()))
                found = cursor.next()
            return page

    def statistics(self) -> Statistics:
        """What the ledger holds now; raises ``LedgerError`` if it can't be read."""
        try:
            with self._reading() as txn:
                with txn.cursor(db=self._journal) as cursor:
                    revision = _COUNT.unpack(cursor.key())[0] if cursor.last() else 0
                pairs, opted_out = txn.stat(self._pairs)["entries"], self._count(txn)
                info, page_size = self._env.info(), self._env.stat()["psize"]
        except lmdb.Error as error:
            raise LedgerError(f"the ledger in {self.path} can't be read: {error}") from error
        used = info["last_pgno"] * page_size
        return Statistics(pairs, opted_out, revision, info["map_size"], used, self._fault or self._write_fault)

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


class Reader:
    """Lookups of one thread. As a context manager it is one moment: the first lookup fixes it.

    Entering costs nothing; the transaction begins at the first lookup and ends at the exit, so it
    must not be held across an await.
    """

    __slots__ = ("_ledger", "_txn")

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._txn: lmdb.Transaction[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._txn is not None:
            self._close(self._txn)

    def state(self, pair: Pair) -> State | None:
        """The state of a pair at this moment; raises ``ConsentUnreadable``."""
        txn = self._txn or self._open()
        try:
            record = txn.get(_key(pair))
        except lmdb.Error as error:
            raise ConsentUnreadable(str(error)) from error
        return _STATES[record[0]] if record else None

    def _open(self) -> lmdb.Transaction[bytes]:
        if self._ledger.fault is not None:
            raise ConsentUnreadable(self._ledger.fault)
        try:
            try:
                return self._begin()
            except lmdb.MapResizedError:
                self._ledger.adopt_map_size()
                return self._begin()
        except lmdb.Error as error:
            if isinstance(error, lmdb.PanicError):
                self._ledger.panicked()
            raise ConsentUnreadable(str(error)) from error

    def _begin(self) -> lmdb.Transaction[bytes]:
        self._ledger.gate.acquire()
        try:
            self._txn = self._ledger.begin()
        except BaseException:
            self._ledger.gate.release()
            raise
        return self._txn

    def _close(self, txn: lmdb.Transaction[bytes]) -> None:
        self._txn = None
        try:
            txn.abort()
        finally:
            self._ledger.gate.release()


def _open(path: Path, map_size: int) -> lmdb.Environment:
    existed = (path / "data.mdb").exists()
    if existed and (path / "data.mdb").stat().st_size == 0:
        raise LedgerError(
            f"the ledger in {path} is damaged: data.mdb is empty; restore a backup, or remove it to begin anew"
        )
    if not existed and (path / "lock.mdb").exists():
        raise LedgerError(
            f"the ledger in {path} is gone: lock.mdb is there and data.mdb is not;"
            " restore a backup, or remove lock.mdb to begin anew"
        )
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        env = lmdb.open(str(path), map_size=map_size, max_dbs=16, max_spare_txns=4, mode=0o600, readahead=False)
    except (OSError, lmdb.Error) as error:
        raise LedgerError(f"the ledger in {path} can't be opened: {error}{_advice(error)}") from error
    size = (env.info()["last_pgno"] + 1) * env.stat()["psize"]
    if existed and (path / "data.mdb").stat().st_size < size:
        env.close()
        raise LedgerError(f"the ledger in {path} is damaged: data.mdb is shorter than its contents; restore a backup")
    env.reader_check()
    if not existed:
        _sync_folder(path)
        _sync_folder(path.parent)
    return env


def _advice(error: Exception) -> str:
    if isinstance(error, lmdb.InvalidError | lmdb.CorruptedError | lmdb.VersionMismatchError):
        return "; data.mdb is damaged or not an LMDB file: restore a backup, or move it away to begin anew"
    if isinstance(error, lmdb.ReadonlyError | PermissionError) or "ermission" in str(error):
        return "; give the user that runs the proxy write access to it"
    return ""


def _sync_folder(path: Path) -> None:
    """Make a new file's name durable, which LMDB leaves to us."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        status = os.stat(path / "data.mdb")
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _key(pair: Pair) -> bytes:
    """Consumer NUL business; no canonical number holds a NUL."""
    return f"{pair.consumer}\0{pair.business}".encode()


def _to_json(entry: Entry) -> bytes:
    fields: dict[str, Any] = {
        "time": entry.time.isoformat(timespec="microseconds"),
        "business": entry.pair.business,
        "consumer": entry.pair.consumer,
        "change": str(entry.state),
        **entry.evidence,
    }
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()


def _from_json(key: bytes, value: bytes) -> Entry:
    fields = json.loads(value)
    (revision,) = _COUNT.unpack(key)
    time = datetime.fromisoformat(fields.pop("time"))
    pair = Pair(fields.pop("business"), fields.pop("consumer"))
    return Entry(revision, time, pair, State(fields.pop("change")), fields)
