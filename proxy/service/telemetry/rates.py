"""How many log lines of one kind are written: so many a second, with the rest counted."""

from __future__ import annotations

from collections.abc import Callable

LINES_A_SECOND = 10
"""Lines of one event that a route writes in a second; the next line after a pause tells how many were left out."""


class RateLimit:
    """Allows so many a second, and counts the rest."""

    def __init__(self) -> None:
        self.left_out = 0
        self._second = -1
        self._lines = 0

    def allows(self, now: float) -> bool:
        """Whether one more is allowed at ``now``, in seconds; counts it if not."""
        if int(now) != self._second:
            self._second, self._lines = int(now), 0
        self._lines += 1
        if self._lines <= LINES_A_SECOND:
            return True
        self.left_out += 1
        return False

    def take_left_out(self) -> int:
        """How many were not allowed since the last call."""
        count, self.left_out = self.left_out, 0
        return count


class LineRates:
    """A limit for each event; ``clock`` gives seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._limits: dict[str, RateLimit] = {}

    def left_out(self, event: str) -> int | None:
        """How many lines of this event were left out since the last one; None if this one has to be left out too."""
        limit = self._limits.setdefault(event, RateLimit())
        return limit.take_left_out() if limit.allows(self._clock()) else None
