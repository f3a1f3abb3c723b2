"""The ledger: the state of every pair and the journal of every change, in LMDB.

Layout (named databases of one environment):

* ``pairs``: consumer NUL business -> state (1 octet), revision (8), time (8, UTC microseconds).
  A record is never deleted; its revision is that of the journal entry that made it.
* ``businesses``: business NUL consumer -> nothing. The same pairs, found from the other end.
* ``journal``: revision (8 octets, from 1, without gaps) -> the entry as JSON.
* ``parts`` and ``part_times``: unfinished replies in parts, see ``proxy.consent.parts``.
* ``refusals``: consumer NUL business -> how many submits were refused, how many observed, first and last time.
* ``meta``: the schema's number, and how many pairs are opted out now.

Every commit is an fsync. Readers take no lock and see the last commit of any process; writers of
all processes take turns on LMDB's own lock.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from struct import Struct
from typing import NamedTuple, Self, TypeVar

import lmdb

from proxy.consent.files import LedgerError, identity, open_environment, sync_folder
from proxy.consent.journal import BEGINNING, Entry, chain, evidence_json, iso, read_stored
from proxy.consent.numbers import Pair
from proxy.consent.parts import Keeping, Shelf
from proxy.consent.reader import RECORD, STATES, Reader, key_of
from proxy.consent.refusals import Refusals
from proxy.consent.rules import Change, State, Wish, changes

SCHEMA = 1

MAP_SIZE = 1 << 34
"""Address space to begin with, in octets. The file grows only as it fills; the map grows when full."""

KEEPING = Keeping()
"""How long unfinished replies are kept, unless settings say otherwise."""

T = TypeVar("T")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SCHEMA = b"%d" % SCHEMA
_COUNT = Struct(">Q")
_REFUSALS = Struct(">QQQQ")
_PAGE = 1000
"""Journal entries read in one transaction, which no writer's pages are held up for longer."""

_OPTED_OUT_PAIRS = b"opted_out_pairs"


@dataclass(frozen=True, slots=True)
class Statistics:
    """What the ledger holds; ``fault`` says why it can't be used now, if it can't."""

    pairs: int
    indexed: int
    opted_out_pairs: int
    revision: int
    map_size: int
    used: int
    fault: str | None


class Record(NamedTuple):
    """What the ledger knows of a pair: its state, the revision that made it, and since when it is so."""

    pair: Pair
    state: State
    revision: int
    since: datetime


class Ledger:
    """One process's hold on the ledger in the folder ``path``; raises ``LedgerError``.

    ``clock`` gives UTC in microseconds. Opening makes the folder where it is missing, and proves
    that it can be written. A process opens a ledger once, and after it was spawned.
    """

    def __init__(
        self, path: Path, clock: Callable[[], int], *, map_size: int = MAP_SIZE, keeping: Keeping = KEEPING
    ) -> None:
        self.path = path
        self._keeping = keeping
        self._clock = clock
        self._gate = threading.Lock()
        self._writing = threading.Lock()
        self._fault: str | None = None
        self._write_fault: str | None = None
        self._last: tuple[int, int, str] | None = None
        self._panicked = False
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
            self._shelf = Shelf(
                self._env.open_db(b"parts", txn=txn), self._env.open_db(b"part_times", txn=txn), self._keeping
            )
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

    def commit(self, wishes: Sequence[Wish]) -> list[Entry | None]:
        """Make these wishes durable, in order, in one transaction; raises ``LedgerError``.

        For each there is the entry that it made, or None: for a change to the state that the pair already
        has, and for a part that leaves its reply unfinished or whose reply changes nothing. When this
        returns, all is on disk and every reader of every process sees it. When it raises, nothing was done.
        """
        with self._guarded():
            return self._with_room(lambda: self._commit(wishes))

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

    def _commit(self, wishes: Sequence[Wish]) -> list[Entry | None]:
        txn = self._begin_write()
        try:
            entries = [self._fulfil(txn, wish) for wish in wishes]
            if any(entries) or not all(isinstance(wish, Change) for wish in wishes):
                txn.commit()
        finally:
            self._last = None
            txn.abort()  # does nothing after a commit
        return entries

    def _fulfil(self, txn: lmdb.Transaction[bytes], wish: Wish) -> Entry | None:
        if isinstance(wish, Change):
            return self._apply(txn, wish)
        if isinstance(wish, Refusals):
            self._add_refusals(txn, wish)
            return None
        whole = self._shelf.add(txn, wish, self._clock())
        change = None if whole is None else wish.decide(whole)
        return None if change is None else self._apply(txn, change)

    def _add_refusals(self, txn: lmdb.Transaction[bytes], wish: Refusals) -> None:
        key = key_of(wish.pair)
        stored = txn.get(key, db=self._refusals)
        known = Refusals(wish.pair, *_REFUSALS.unpack(stored)) if stored else None
        total = wish if known is None else known.plus(wish)
        txn.put(key, _REFUSALS.pack(*total[1:]), db=self._refusals)

    def refusals(self, pair: Pair) -> Refusals | None:
        """How often submits to this pair were refused, and when; None if none was."""
        with self._reading() as txn:
            stored = txn.get(key_of(pair), db=self._refusals)
        return Refusals(pair, *_REFUSALS.unpack(stored)) if stored else None

    def _apply(self, txn: lmdb.Transaction[bytes], wish: Change) -> Entry | None:
        key = key_of(wish.pair)
        record = txn.get(key, db=self._pairs)
        before, revision, _ = RECORD.unpack(record) if record else (None, 0, 0)
        if not changes(None if before is None else STATES[before], wish.state):
            return None
        return self._write(txn, key, wish, revision)

    def absorb(self, rows: Sequence[tuple[Pair, int]], evidence: dict[str, str]) -> int:
        """Opt these pairs out as a list says, in one transaction; returns how many that changed.

        A row is a pair and since when it is opted out (UTC microseconds, 0 if the list doesn't say). What the
        ledger knows of a pair wins, unless the list is newer. Raises ``LedgerError`` like ``commit``.
        """
        with self._guarded():
            return self._with_room(lambda: self._absorb(rows, evidence))

    def _absorb(self, rows: Sequence[tuple[Pair, int]], evidence: dict[str, str]) -> int:
        changed = 0
        txn = self._begin_write()
        try:
            revision, last_time, last_hash = self._tail(txn)
            now = max(self._clock(), last_time)
            time, plain, out = iso(_utc(now)), evidence_json(evidence), State.OPTED_OUT
            put, pairs, businesses, journal = txn.put, self._pairs, self._businesses, self._journal
            for pair, since in rows:
                business, consumer = pair[0].encode(), pair[1].encode()
                key, before = b"%s\0%s" % (consumer, business), 0
                fresh = RECORD.pack(1, revision + 1, since or now)
                if put(key, fresh, overwrite=False, db=pairs):
                    put(b"%s\0%s" % (business, consumer), b"", db=businesses)
                else:
                    state, before, known_since = RECORD.unpack(txn.get(key, b"", db=pairs))
                    if STATES[state] is out or since <= known_since:
                        continue
                    put(key, fresh, db=pairs)
                revision += 1
                written = evidence_json({**evidence, "since": iso(_utc(since))}) if since else plain
                last_hash, stored = chain(last_hash, revision, time, pair, out, before, written)
                put(_COUNT.pack(revision), stored, db=journal, append=True)
                changed += 1
            txn.put(_OPTED_OUT_PAIRS, _COUNT.pack(self._count(txn) + changed), db=self._meta)
            txn.commit()
        finally:
            self._last = None
            txn.abort()  # does nothing after a commit
        return changed

    def _write(self, txn: lmdb.Transaction[bytes], key: bytes, wish: Change, before: int) -> Entry:
        """Write a pair's new state and its journal entry."""
        last_revision, last_time, last_hash = self._tail(txn)
        now = max(self._clock(), last_time)
        entry = Entry(last_revision + 1, _utc(now), wish.pair, wish.state, before, _evidence(wish))
        entry, stored = entry.stored(last_hash)
        txn.put(key, RECORD.pack(STATES.index(wish.state), entry.revision, now), db=self._pairs)
        if not before:
            txn.put(key_of(Pair(wish.pair.consumer, wish.pair.business)), b"", db=self._businesses)
        txn.put(_COUNT.pack(entry.revision), stored, db=self._journal, append=True)
        step = 1 if wish.state is State.OPTED_OUT else -1
        txn.put(_OPTED_OUT_PAIRS, _COUNT.pack(self._count(txn) + step), db=self._meta)
        self._last = (entry.revision, now, entry.hash)
        return entry

    def _tail(self, txn: lmdb.Transaction[bytes]) -> tuple[int, int, str]:
        """Revision, time (microseconds) and hash of the last entry, remembered within one transaction."""
        if self._last is None:
            self._last = (0, 0, BEGINNING)
            with txn.cursor(db=self._journal) as cursor:
                if cursor.last():
                    last = read_stored(_COUNT.unpack(cursor.key())[0], cursor.value())
                    self._last = (last.revision, _microseconds(last.time), last.hash)
        return self._last

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

    def record(self, pair: Pair) -> Record | None:
        """What the ledger knows of a pair."""
        with self._reading() as txn:
            stored = txn.get(key_of(pair), db=self._pairs)
        return None if stored is None else _record(pair, stored)

    def records(self, *, business: str = "", consumer: str = "") -> Iterator[Record]:
        """All pairs, in order, or those of one business or consumer; each page of them is one moment."""
        by_business = bool(business)
        prefix = f"{business or consumer}\0".encode() if business or consumer else b""
        start, page = prefix, [b""]
        while page:
            with self._reading() as txn, txn.cursor(db=self._businesses if by_business else self._pairs) as cursor:
                page = []
                found = cursor.set_range(start)
                while found and cursor.key().startswith(prefix) and len(page) < _PAGE:
                    page.append(cursor.key())
                    found = cursor.next()
                pairs = [_pair(key, by_business=by_business) for key in page]
                stored = [txn.get(key_of(pair), db=self._pairs) for pair in pairs]
            yield from (_record(pair, value) for pair, value in zip(pairs, stored, strict=True) if value)
            start = page[-1] + b"\0" if page else b""

    def history(self, pair: Pair) -> list[Entry]:
        """All entries about a pair, the newest first."""
        found: list[Entry] = []
        record = self.record(pair)
        revision = record.revision if record else 0
        with self._reading() as txn:
            while revision and (stored := txn.get(_COUNT.pack(revision), db=self._journal)):
                found.append(read_stored(revision, stored))
                revision = found[-1].before
        return found

    def is_indexed(self, pair: Pair) -> bool:
        """Whether the pair is found from its business's end too."""
        with self._reading() as txn:
            return txn.get(key_of(Pair(pair.consumer, pair.business)), db=self._businesses) is not None

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
                page.append(read_stored(_COUNT.unpack(cursor.key())[0], cursor.value()))
                found = cursor.next()
            return page

    def statistics(self) -> Statistics:
        """What the ledger holds now; raises ``LedgerError`` if it can't be read."""
        try:
            with self._reading() as txn:
                with txn.cursor(db=self._journal) as cursor:
                    revision = _COUNT.unpack(cursor.key())[0] if cursor.last() else 0
                pairs, opted_out = txn.stat(self._pairs)["entries"], self._count(txn)
                indexed = txn.stat(self._businesses)["entries"]
                info, page_size = self._env.info(), self._env.stat()["psize"]
        except lmdb.Error as error:
            raise LedgerError(f"the ledger in {self.path} can't be read: {error}") from error
        used = info["last_pgno"] * page_size
        return Statistics(pairs, indexed, opted_out, revision, info["map_size"], used, self._fault or self._write_fault)

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


def _pair(key: bytes, *, by_business: bool) -> Pair:
    first, second = key.decode().split("\0")
    return Pair(first, second) if by_business else Pair(second, first)


def _record(pair: Pair, stored: bytes) -> Record:
    state, revision, since = RECORD.unpack(stored)
    return Record(pair, STATES[state], revision, _utc(since))


def _utc(microseconds: int) -> datetime:
    return _EPOCH + timedelta(microseconds=microseconds)


def _microseconds(time: datetime) -> int:
    return (time - _EPOCH) // timedelta(microseconds=1)


def _evidence(wish: Change) -> dict[str, str]:
    """What the journal keeps of a change; fields that say nothing are left out."""
    origin = wish.origin
    fields = {
        "meaning": str(wish.meaning),
        "matched": wish.matched,
        "rules": wish.rules,
        "route": origin.route,
        "session": origin.session,
        "system_id": origin.system_id,
        "carrier": origin.carrier,
        "operator": wish.operator,
        "note": wish.note,
    }
    return {name: value for name, value in fields.items() if value}
