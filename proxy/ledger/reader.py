"""Lookups for the relay: one moment of the ledger, for as long as one batch takes to decide."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from threading import Lock
from types import TracebackType
from typing import Protocol, Self, TypeVar

import lmdb

from proxy.consent.lookups import ConsentUnreadable
from proxy.consent.numbers import Pair
from proxy.consent.rules import State
from proxy.consent.wishes import Offer
from proxy.ledger.clocks import Clocks
from proxy.ledger.tables.databases import STOPS, Databases, number
from proxy.ledger.tables.denials import is_denied
from proxy.ledger.tables.records import may_confirm, read_record, state_of
from proxy.ledger.tables.turned_back import TurnedBackMessages

T = TypeVar("T")


class Readable(Protocol):
    """What a reader needs of the store."""

    @property
    def gate(self) -> Lock:
        """Held by whoever reads, so that the map isn't moved under a reader."""
        ...

    @property
    def fault(self) -> str | None:
        """Why the ledger can't be read now."""
        ...

    @property
    def clocks(self) -> Clocks:
        """What time it is."""
        ...

    @property
    def databases(self) -> Databases:
        """Where to look."""
        ...

    def begin(self) -> lmdb.Transaction[bytes]:
        """A read transaction over the pairs; the gate must be held."""
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

    __slots__ = ("_denied", "_store", "_txn")

    def __init__(self, store: Readable) -> None:
        self._store = store
        self._denied: lmdb.Cursor[bytes] | None = None
        """What is denied at this moment, if anything is."""
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
        key = pair.key
        record = self._look(lambda txn: txn.get(key))
        if self._denied and is_denied(self._denied, key):
            return State.OPTED_OUT
        return state_of(record) if record else None

    def recorded(self, keys: Sequence[bytes]) -> Collection[bytes]:
        """Which of these keys have a record at this moment; raises ``ConsentUnreadable``."""
        found = self._look(lambda txn: [key for key, _ in txn.cursor().getmulti(keys)])
        return {*found, *(key for key in keys if is_denied(self._denied, key))} if self._denied else found

    def awaits_confirmation(self, pair: Pair) -> bool:
        """Whether this opted-out pair's STOP may still be confirmed; raises ``ConsentUnreadable``."""
        key = pair.key
        record, heard = self._look(lambda txn: (txn.get(key), txn.get(key, db=self._store.databases.unconfirmed)))
        return record is not None and may_confirm(read_record(record), heard, self._store.clocks.now())

    def stops(self) -> int:
        """How many STOPs were heard before this moment; raises ``ConsentUnreadable``."""
        return self._look(lambda txn: number(txn, self._store.databases.meta, STOPS))

    def was_turned_back(self, offer: Offer) -> bool:
        """Whether this message was turned back, and not taken since; raises ``ConsentUnreadable``."""
        return self._look(lambda txn: TurnedBackMessages(self._store.databases.turned_back).is_known(txn, offer))

    def _look(self, look: Callable[[lmdb.Transaction[bytes]], T]) -> T:
        txn = self._txn or self._open()
        try:
            return look(txn)
        except lmdb.Error as error:
            raise ConsentUnreadable(str(error)) from error

    def _open(self) -> lmdb.Transaction[bytes]:
        if self._store.fault is not None:
            raise ConsentUnreadable(self._store.fault)
        try:
            try:
                return self._begin()
            except lmdb.MapResizedError:
                self._store.adopt_map_size()
                return self._begin()
        except lmdb.Error as error:
            if isinstance(error, lmdb.PanicError):
                self._store.panicked()
            raise ConsentUnreadable(str(error)) from error

    def _begin(self) -> lmdb.Transaction[bytes]:
        self._store.gate.acquire()
        try:
            self._txn = self._store.begin()
            denied = self._txn.cursor(db=self._store.databases.denied) if self._store.databases.denied else None
            self._denied = denied if denied is not None and denied.first() else None
        except BaseException:
            self._store.gate.release()
            raise
        return self._txn

    def _close(self, txn: lmdb.Transaction[bytes]) -> None:
        self._txn = self._denied = None
        try:
            txn.abort()
        finally:
            self._store.gate.release()
