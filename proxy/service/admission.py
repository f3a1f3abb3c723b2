"""Who may connect: how many sessions in all and from one source, how many without a bind, how often they bind."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Reason = Literal["sessions", "sessions_per_source", "unbound", "binds_per_minute"]
"""The limit that was reached: the key in ``[limits]``, and a label of ``rejected_connections_total``."""


class Admittance(NamedTuple):
    """The limits; 0 is none."""

    sessions: int = 0
    sessions_per_source: int = 0
    unbound: int = 0
    binds_per_minute: int = 0


@dataclass
class Admission:
    """Counts connections by their numbers, over all workers. Times are in seconds of any one clock."""

    limits: Admittance
    _sources: dict[int, str] = field(default_factory=dict)
    _unbound: set[int] = field(default_factory=set)
    _by_source: Counter[str] = field(default_factory=Counter)
    _carriers: dict[tuple[str, str], dict[int, str]] = field(default_factory=dict)
    """By route and source, the carriers that its connections go to."""
    _places: dict[int, tuple[str, str]] = field(default_factory=dict)
    _binds: dict[str, deque[float]] = field(default_factory=dict)
    _swept: float = 0.0

    def admit(self, number: int, source: str, now: float) -> Reason | None:
        """Take a connection in, or say which limit forbids it."""
        limits = self.limits
        if limits.sessions and len(self._sources) >= limits.sessions:
            return "sessions"
        if limits.sessions_per_source and self._by_source[source] >= limits.sessions_per_source:
            return "sessions_per_source"
        if limits.unbound and len(self._unbound) >= limits.unbound:
            return "unbound"
        if limits.binds_per_minute and self._recent(source, now) >= limits.binds_per_minute:
            return "binds_per_minute"
        self._sources[number] = source
        self._by_source[source] += 1
        self._unbound.add(number)
        return None

    def bind(self, number: int, now: float) -> Reason | None:
        """A bind was attempted; says if the source has now tried too often."""
        source = self._sources.get(number)
        if source is None or not self.limits.binds_per_minute:
            return None
        times = self._binds.setdefault(source, deque())
        times.append(now)
        if self._recent(source, now) > self.limits.binds_per_minute:
            times.popleft()  # so that no source's memory grows
            return "binds_per_minute"
        return None

    def bound(self, number: int) -> None:
        """A bind was accepted."""
        self._unbound.discard(number)

    def connected(self, number: int, route: str, carrier: str) -> None:
        """This carrier took it."""
        if number in self._sources:
            key = self._places[number] = route, self._sources[number]
            self._carriers.setdefault(key, {})[number] = carrier

    def carrier_of(self, number: int, route: str) -> str:
        """The carrier that another connection of the same source on this route goes to; empty if there is none."""
        others = self._carriers.get((route, self._sources.get(number, "")))
        return next(reversed(others.values())) if others else ""

    def ended(self, number: int) -> None:
        """A connection is over."""
        source = self._sources.pop(number, None)
        if (key := self._places.pop(number, None)) is not None:
            del self._carriers[key][number]
            if not self._carriers[key]:
                del self._carriers[key]
        self._unbound.discard(number)
        if source is not None:
            self._by_source[source] -= 1
            if not self._by_source[source]:
                del self._by_source[source]

    def _recent(self, source: str, now: float) -> int:
        """Binds of a source in the last minute."""
        if now - self._swept > 60:
            self._swept = now
            for other in [s for s, times in self._binds.items() if not times or now - times[-1] > 60]:
                del self._binds[other]
        times = self._binds.get(source, deque())
        while times and now - times[0] > 60:
            times.popleft()
        return len(times)
