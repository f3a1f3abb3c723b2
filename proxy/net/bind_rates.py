"""How often the clients of one source have asked for a bind in the last minute, as one worker sees it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

WINDOW = 60.0
"""Seconds that a limit by the minute looks back."""

MOST_SOURCES = 100_000
"""Sources that are remembered; those that have not bound for a minute are forgotten before."""


class BindRates:
    """Counts binds by source; ``clock`` gives seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.limit = 0
        """Binds of one source in a minute; 0 is no limit."""
        self._clock = clock
        self._times: dict[str, deque[float]] = {}

    def allows(self, source: str) -> bool:
        """Whether one more bind of this source may pass now; one that may not isn't counted."""
        if not self.limit:
            return True
        now = self._clock()
        times = self._times.get(source)
        if times is None:
            self._forget(now)
            times = self._times[source] = deque()
        while times and now - times[0] > WINDOW:
            times.popleft()
        if len(times) >= self.limit:
            return False
        times.append(now)
        return True

    def _forget(self, now: float) -> None:
        if len(self._times) < MOST_SOURCES:
            return
        for source in [s for s, times in self._times.items() if not times or now - times[-1] > WINDOW]:
            del self._times[source]
        while len(self._times) >= MOST_SOURCES:
            del self._times[next(iter(self._times))]
