"""Lookups for the relay: one moment of the ledger, for as long as one batch takes to decide."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from struct import Struct
from threading import Lock
from types import TracebackType
from typing import Protocol, Self

import lmdb

from proxy.consent.numbers import Pair, key_of
from proxy.consent.rules import CONFIRMATION_SECONDS, ConsentUnreadable, State

RECORD = Struct(">BQQ")
"""A pair's record: its state, the revision that made it, and since when it is so (UTC microseconds)."""

STATES = (State.OPTED_IN, State.OPTED_OUT, State.OPTED_OUT)
"""The states by their number in a record."""

UNCONFIRMED = 2
"""The number of an opt-out that one message may still confirm, if it comes in time."""


def may_confirm(record: bytes, now: int) -> bool:
    """Whether this record's opt-out may be confirmed at ``now`` (UTC microseconds)."""
    number: int
    since: int
    number, _, since = RECORD.unpack(record)
    return number == UNCONFIRMED and now - since <= CONFIRMATION_SECONDS * 1_000_000


class Readable(Protocol):
    """What a reader needs of the ledger."""

    @property
    def gate(self) -> Lock:
        """Held by whoever reads, so that the map isn't moved under a reader."""
        ...

    @property
    def fault(self) -> str | None:
        """Why the ledger can't be read now."""
        ...

    def begin(self) -> lmdb.Transaction[bytes]:
        """A read transaction over the pairs; the gate must be held."""
        ...

    def now(self) -> int:
        """UTC microseconds."""
        ...

    def adopt_map_size(self) -> None:
        """Follow another process's growth of the map."""
        ...

    def panicked(self) -> None:
        """Have the ledger opened anew soon."""
        ...


class Reader:
    """Lookups of one thread. As a context manager it is one moment: the first lookup fixes it.

    Entering costs nothing; the transaction begins at the first lookup and ends at the exit, so it
    must not be held across an await.
    """

    __slots__ = ("_ledger", "_txn")

    def __init__(self, ledger: Readable) -> None:
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
        record = self._record(pair)
        return STATES[record[0]] if record else None

    def recorded(self, keys: Sequence[bytes]) -> Collection[bytes]:
        """Which of these keys have a record at this moment; raises ``ConsentUnreadable``."""
        txn = self._txn or self._open()
        try:
            return [key for key, _ in txn.cursor().getmulti(keys)]
        except lmdb.Error as error:
            raise ConsentUnreadable(str(error)) from error

    def awaits_confirmation(self, pair: Pair) -> bool:
        """Whether this opted-out pair's STOP may still be confirmed; raises ``ConsentUnreadable``."""
        record = self._record(pair)
        return record is not None and may_confirm(record, self._ledger.now())

    def _record(self, pair: Pair) -> bytes | None:
        txn = self._txn or self._open()
        try:
            return txn.get(key_of(pair))
        except lmdb.Error as error:
            raise ConsentUnreadable(str(error)) from error

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
