"""Messages that nobody took, kept so that one that is offered again can't undo a STOP that came in between.

Layout: ``turned_back``: consumer NUL business NUL fingerprint -> how many STOPs had been heard when it first came
(8 octets); no word of the message.
"""

from __future__ import annotations

from struct import Struct
from typing import TYPE_CHECKING

from proxy.consent.wishes import Offer, offer_kept
from proxy.ledger.tables.aging import Aging

if TYPE_CHECKING:
    import lmdb

MOST = 1_000_000
"""Messages that are remembered at the most; those that came first are forgotten first."""

_STOPS = Struct(">Q")


class TurnedBackMessages:
    """These messages in one ledger; every call is part of the caller's transaction."""

    def __init__(self, records: Aging) -> None:
        self._records = records

    def add(
        self, txn: lmdb.Transaction[bytes], offer: Offer, heard: int, now: int, *, is_answered: bool = False
    ) -> None:
        """Remember a message; ``heard`` STOPs were heard by now.

        One that is known stays as old as it is. Only an answer shortens for how long it is kept.
        """
        for _ in self._records.forget_due(txn, now, MOST - 1):
            pass
        until = now + offer_kept(is_answered=is_answered)
        stored = self._records.get(txn, _key(offer))
        if stored is not None and is_answered:
            until = min(until, self._records.until(txn, _key(offer)))
        first = _STOPS.pack(heard if offer.stops is None else offer.stops)
        self._records.put(txn, _key(offer), stored or first, until)

    def first_offered(self, txn: lmdb.Transaction[bytes], offer: Offer) -> int | None:
        """How many STOPs had been heard when this message, now or before, first came; None if nobody knows."""
        stored = self._records.get(txn, _key(offer)) if offer.fingerprint else None
        return offer.stops if stored is None else int(_STOPS.unpack(stored)[0])

    def forget(self, txn: lmdb.Transaction[bytes], offer: Offer) -> None:
        """This message was taken."""
        self._records.delete(txn, _key(offer))

    def is_known(self, txn: lmdb.Transaction[bytes], offer: Offer) -> bool:
        """Whether this message is remembered."""
        return self._records.get(txn, _key(offer)) is not None

    def tidy(self, txn: lmdb.Transaction[bytes], now: int) -> None:
        """Forget what is too old."""
        for _ in self._records.forget_due(txn, now, MOST):
            pass

    def is_due(self, txn: lmdb.Transaction[bytes], now: int) -> bool:
        """Whether anything is too old."""
        return self._records.is_any_due(txn, now)


def _key(offer: Offer) -> bytes:
    return offer.pair.key + b"\0" + offer.fingerprint
