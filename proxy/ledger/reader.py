"""Lookups for the relay: one moment of the ledger, for as long as one batch takes to decide."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from struct import Struct
from threading import Lock
from types import TracebackType
from typing import Any, NamedTuple, Protocol, Self, TypeVar

import lmdb

from proxy.consent.numbers import Pair, key_of
from proxy.consent.rules import ConsentUnreadable, Offer, State
from proxy.ledger.records import Moment, may_confirm, read_record, state_of
from proxy.ledger.turned_back import TurnedBackMessages

STOPS = b"stops"
"""Under this ``meta`` says how many STOPs were heard."""

T = TypeVar("T")

_NUMBER = Struct(">Q")


class Tables(NamedTuple):
    """Databases that a reader looks into, besides that of the pairs."""

    meta: Any
    unconfirmed: Any
    turned_back: TurnedBackMessages


def stops_heard(txn: lmdb.Transaction[bytes], meta: Any) -> int:
    """How many STOPs were heard so far."""
    stored = txn.get(STOPS, db=meta)
    return int(_NUMBER.unpack(stored)[0]) if stored else 0


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

    @property
    def tables(self) -> Tables:
        """What else is read than pairs."""
        ...

    def moment_now(self) -> Moment:
        """The time, by both clocks."""
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
        record = self._look(lambda txn: txn.get(key_of(pair)))
        return state_of(record) if record else None

    def recorded(self, keys: Sequence[bytes]) -> Collection[bytes]:
        """Which of these keys have a record at this moment; raises ``ConsentUnreadable``."""
        txn = self._txn or self._open()
        try:
            return [key for key, _ in txn.cursor().getmulti(keys)]
        except lmdb.Error as error:
            raise ConsentUnreadable(str(error)) from error

    def awaits_confirmation(self, pair: Pair) -> bool:
        """Whether this opted-out pair's STOP may still be confirmed; raises ``ConsentUnreadable``."""
        key, tables = key_of(pair), self._ledger.tables
        record, heard = self._look(lambda txn: (txn.get(key), txn.get(key, db=tables.unconfirmed)))
        return record is not None and may_confirm(read_record(record), heard, self._ledger.moment_now())

    def stops(self) -> int:
        """How many STOPs were heard before this moment; raises ``ConsentUnreadable``."""
        return self._look(lambda txn: stops_heard(txn, self._ledger.tables.meta))

    def was_turned_back(self, offer: Offer) -> bool:
        """Whether this message was turned back, and not taken since; raises ``ConsentUnreadable``."""
        return self._look(lambda txn: self._ledger.tables.turned_back.is_known(txn, offer))

    def _look(self, look: Callable[[lmdb.Transaction[bytes]], T]) -> T:
        txn = self._txn or self._open()
        try:
            return look(txn)
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
