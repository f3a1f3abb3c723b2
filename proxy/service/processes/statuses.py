"""Sessions as they stand, for whoever looks at a running proxy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Literal

from proxy.mms.conversation import MmsConversation
from proxy.net.statistics import Statistics
from proxy.relay.route import Route
from proxy.service.telemetry.counters import AnyRoute


@dataclass(frozen=True, slots=True)
class SessionStatus:
    """One session: whose it is, for how long it has been there and idle (seconds), and what it has counted."""

    route: str
    protocol: Literal["smpp", "mm7"]
    session: str
    peer: str
    carrier: str
    age: float
    idle: float
    counted: Statistics

    def fields(self) -> dict[str, Any]:
        """All of it as one flat object."""
        found = asdict(self)
        counted: dict[str, Any] = found.pop("counted")
        return found | counted


def statuses_of(route: AnyRoute, now: float) -> Iterator[SessionStatus]:
    """Those of a route's sessions at ``now``, on trio's clock."""
    protocol: Literal["smpp", "mm7"] = "smpp" if isinstance(route, Route) else "mm7"
    for each in route.conversations:
        age, idle = (round(now - since, 1) for since in (each.begun_at, each.active_at))
        decider = each.exchange if isinstance(each, MmsConversation) else each.session
        carrier = each.onward.carrier if isinstance(each, MmsConversation) else decider.origin.carrier
        session, counted = decider.origin.session, decider.statistics()
        yield SessionStatus(route.name, protocol, session, each.about.peer, carrier, age, idle, counted)
