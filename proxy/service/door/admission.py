"""Who may connect: how many sessions in all and from one source, how many without a bind, how often they bind."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from proxy.net.endpoints import Endpoint

Reason = Literal["sessions", "sessions_per_source", "unbound", "unbound_per_source", "binds_per_minute"]
"""The limit that was reached: the key in ``[limits]``, and a label of ``rejected_connections_total``."""


class Admittance(NamedTuple):
    """The limits; 0 is none. Of ``unbound`` one source never has more than half, so that others get in too."""

    sessions: int = 0
    sessions_per_source: int = 0
    unbound: int = 0
    unbound_per_source: int = 0
    binds_per_minute: int = 0

    @property
    def unbound_of_one(self) -> int:
        """Connections without an accepted bind that one source may have; 0 is no limit."""
        half = (self.unbound + 1) // 2
        return min(self.unbound_per_source or half, half or self.unbound_per_source)


@dataclass
class Admission:
    """Counts connections by their numbers, over all workers. Times are in seconds of any one clock."""

    limits: Admittance
    _sources: dict[int, str] = field(default_factory=dict)
    _unbound: set[int] = field(default_factory=set)
    _unbound_by_source: Counter[str] = field(default_factory=Counter)
    _by_source: Counter[str] = field(default_factory=Counter)
    _carriers: dict[tuple[str, str], dict[int, tuple[str, Endpoint]]] = field(default_factory=dict)
    """By route and source, the carriers that its connections go to, and their addresses."""
    _places: dict[int, tuple[str, str]] = field(default_factory=dict)
    _binds: dict[str, deque[tuple[float, int]]] = field(default_factory=dict)
    """By source, how many binds were asked for in each second: when it began, and the count."""
    _swept: float = 0.0

    def used(self, now: float) -> dict[str, tuple[int, int]]:
        """Each limit that is set, by its name, and how much of it is used: per source, by the one that uses most."""
        limits = self.limits
        binds = max((self._recent(source, now) for source in list(self._binds)), default=0)
        found = {
            "sessions": (limits.sessions, len(self._sources)),
            "sessions_per_source": (limits.sessions_per_source, max(self._by_source.values(), default=0)),
            "unbound": (limits.unbound, len(self._unbound)),
            "unbound_per_source": (limits.unbound_of_one, max(self._unbound_by_source.values(), default=0)),
            "binds_per_minute": (limits.binds_per_minute, binds),
        }
        return {name: (limit, use) for name, (limit, use) in found.items() if limit}

    def admit(self, number: int, source: str, now: float) -> Reason | None:
        """Take a connection in, or say which limit forbids it."""
        limits = self.limits
        if limits.sessions and len(self._sources) >= limits.sessions:
            return "sessions"
        if limits.sessions_per_source and self._by_source[source] >= limits.sessions_per_source:
            return "sessions_per_source"
        if limits.unbound and len(self._unbound) >= limits.unbound:
            return "unbound"
        if limits.unbound_of_one and self._unbound_by_source[source] >= limits.unbound_of_one:
            return "unbound_per_source"
        if limits.binds_per_minute and self._recent(source, now) >= limits.binds_per_minute:
            return "binds_per_minute"
        self._sources[number] = source
        self._by_source[source] += 1
        self._unbound.add(number)
        self._unbound_by_source[source] += 1
        return None

    def binds(self, number: int, count: int, now: float) -> Reason | None:
        """So many more binds were asked for; says if the source has now tried too often."""
        source = self._sources.get(number)
        if source is None or not self.limits.binds_per_minute:
            return None
        seconds = self._binds.setdefault(source, deque())
        if not seconds or now - seconds[-1][0] >= 1:
            seconds.append((now, count))  # at most one a second, so that no source's memory grows
        else:
            seconds[-1] = seconds[-1][0], seconds[-1][1] + count
        return "binds_per_minute" if self._recent(source, now) > self.limits.binds_per_minute else None

    def source_of(self, number: int) -> str:
        """The address that a connection came from, empty if it is over."""
        return self._sources.get(number, "")

    def bound(self, number: int) -> None:
        """A bind was accepted."""
        if number in self._unbound:
            self._unbound.remove(number)
            _less(self._unbound_by_source, self._sources[number])

    def connected(self, number: int, route: str, carrier: str, address: Endpoint) -> None:
        """This carrier took it, on this address."""
        if number in self._sources:
            key = self._places[number] = route, self._sources[number]
            self._carriers.setdefault(key, {})[number] = carrier, address

    def carrier_of(self, number: int, route: str) -> tuple[str, Endpoint] | None:
        """The carrier that another connection of the same source on this route goes to, and its address."""
        others = self._carriers.get((route, self._sources.get(number, "")))
        return next(reversed(others.values())) if others else None

    def ended(self, number: int) -> None:
        """A connection is over."""
        self.bound(number)
        source = self._sources.pop(number, None)
        if (key := self._places.pop(number, None)) is not None:
            del self._carriers[key][number]
            if not self._carriers[key]:
                del self._carriers[key]
        if source is not None:
            _less(self._by_source, source)

    def _recent(self, source: str, now: float) -> int:
        """Binds of a source in the last minute, to a second."""
        if now - self._swept > 60:
            self._swept = now
            for other in [s for s, seconds in self._binds.items() if not seconds or now - seconds[-1][0] > 60]:
                del self._binds[other]
        seconds = self._binds.get(source, deque())
        while seconds and now - seconds[0][0] > 60:
            seconds.popleft()
        return sum(count for _, count in seconds)


def _less(counts: Counter[str], source: str) -> None:
    counts[source] -= 1
    if not counts[source]:
        del counts[source]
