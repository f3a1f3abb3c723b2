"""Asking what consent says at one moment, and the failure that stops all that needs it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol

from proxy.consent.numbers import Pair
from proxy.consent.rules import State
from proxy.consent.wishes import Offer


class ConsentUnreadable(Exception):
    """Consent can't be read now; nothing that needs it may pass."""


class Consent(Protocol):
    """The consent of all pairs as it stood at one moment."""

    def state(self, pair: Pair) -> State | None:
        """The state of a pair; raises ``ConsentUnreadable``."""
        ...

    def recorded(self, keys: Sequence[bytes]) -> Collection[bytes]:
        """Those of these pairs, given by their ``key``, that anything is recorded of; raises ``ConsentUnreadable``."""
        ...

    def awaits_confirmation(self, pair: Pair) -> bool:
        """Whether this opted-out pair's STOP may still be confirmed; raises ``ConsentUnreadable``."""
        ...

    def stops(self) -> int:
        """How many STOPs, of all pairs, were heard before this moment; raises ``ConsentUnreadable``."""
        ...

    def was_turned_back(self, offer: Offer) -> bool:
        """Whether this message was turned back, and has not been taken since; raises ``ConsentUnreadable``."""
        ...
