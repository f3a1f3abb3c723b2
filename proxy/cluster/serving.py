"""Until when a node may serve, in memory that all its processes look at; and consent that goes by it.

It is no timer, and nobody has to be told: a process that was stopped looks at the clock when it goes on.
"""

from __future__ import annotations

import mmap
import os
import time
from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager
from math import isfinite
from types import TracebackType
from typing import Self

from proxy.consent.lookups import Consent, ConsentUnreadable
from proxy.consent.numbers import Pair
from proxy.consent.rules import State
from proxy.consent.wishes import Offer

OUT_OF_TOUCH = "this node is out of touch with its cluster"


def now_ns() -> int:
    """The time since the machine started, sleep included, in nanoseconds: the same for all its processes."""
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME)


class Deadline:
    """The moment up to which this node may serve. One process writes it, all others look."""

    def __init__(self, descriptor: int | None = None) -> None:
        """``descriptor``: that of a deadline of another process; without one it is a new one, which has passed."""
        self.descriptor = os.memfd_create("serving") if descriptor is None else descriptor
        if descriptor is None:
            os.ftruncate(self.descriptor, mmap.PAGESIZE)
        self._map = mmap.mmap(self.descriptor, mmap.PAGESIZE)
        self._at = memoryview(self._map).cast("Q")

    def set(self, seconds: float) -> None:
        """Serve until then (seconds since the machine started); not at all if that is no finite time."""
        self._at[0] = max(0, int(seconds * 1e9)) if isfinite(seconds) else 0

    @property
    def has_passed(self) -> bool:
        """Whether this node must not serve now."""
        return now_ns() >= self._at[0]

    @property
    def left(self) -> float:
        """Seconds for which it may still serve; negative if it may not."""
        return (self._at[0] - now_ns()) / 1e9

    def close(self) -> None:
        """Let go of it."""
        self._at.release()
        self._map.close()
        os.close(self.descriptor)


class ServingConsent:
    """Consent at one moment, as long as this node may serve: after each lookup the deadline is looked at."""

    __slots__ = ("_consent", "_deadline", "_moment")

    def __init__(self, moment: AbstractContextManager[Consent], deadline: Deadline) -> None:
        self._moment = moment
        self._deadline = deadline

    def __enter__(self) -> Self:
        self._consent = self._moment.__enter__()
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._moment.__exit__(exc_type, exc, traceback)

    def state(self, pair: Pair) -> State | None:
        """The state of a pair; raises ``ConsentUnreadable``."""
        found = self._consent.state(pair)
        self._look()
        return found

    def recorded(self, keys: Sequence[bytes]) -> Collection[bytes]:
        """Those of these keys that anything is recorded of; raises ``ConsentUnreadable``."""
        found = self._consent.recorded(keys)
        self._look()
        return found

    def awaits_confirmation(self, pair: Pair) -> bool:
        """Whether this opted-out pair's STOP may still be confirmed; raises ``ConsentUnreadable``."""
        found = self._consent.awaits_confirmation(pair)
        self._look()
        return found

    def stops(self) -> int:
        """How far this node had heard, which stays true however late it is; raises ``ConsentUnreadable``."""
        return self._consent.stops()

    def was_turned_back(self, offer: Offer) -> bool:
        """Whether this message was turned back, and has not been taken since; raises ``ConsentUnreadable``."""
        return self._consent.was_turned_back(offer)

    def _look(self) -> None:
        if self._deadline.has_passed:
            raise ConsentUnreadable(OUT_OF_TOUCH)
