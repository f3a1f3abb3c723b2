"""Sessions as they stand, for whoever looks at a running proxy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Literal

from proxy.mms.route import MmsRoute
from proxy.relay.route import Route


@dataclass(frozen=True, slots=True)
class SessionStatus:
    """One session: whose it is, for how long it has been there and idle (seconds), and what it has counted.

    ``bind`` is what was bound as (SMPP). ``in_flight`` counts requests without an answer, by who asked; ``pdus`` are
    PDUs, or messages of MM7, by the side that they came from.
    """

    route: str
    protocol: Literal["smpp", "mm7"]
    session: str
    peer: str
    carrier: str
    age: float
    idle: float
    system_id: str
    bind: str
    is_bound: bool
    is_draining: bool
    in_flight: tuple[int, int]
    refused: int
    changes: int
    pdus: tuple[int, int]

    def fields(self) -> dict[str, Any]:
        """All of it as one flat object."""
        return asdict(self)


def statuses_of(route: Route | MmsRoute, now: float) -> Iterator[SessionStatus]:
    """Those of a route's sessions at ``now``, on trio's clock."""
    if isinstance(route, Route):
        for each in route.conversations:
            origin, seen = each.session.origin, each.session.statistics()
            age, idle = (round(now - since, 1) for since in (each.begun_at, each.active_at))
            yield SessionStatus(
                route.name, "smpp", origin.session, each.about.peer, origin.carrier, age, idle, seen.system_id,
                seen.bind, seen.is_bound, seen.is_draining, seen.in_flight, seen.refused, seen.changes, seen.pdus,
            )  # fmt: skip
        return
    for talk in route.conversations:
        origin, told = talk.exchange.origin, talk.exchange.statistics()
        age, idle = (round(now - since, 1) for since in (talk.begun_at, talk.active_at))
        yield SessionStatus(
            route.name, "mm7", origin.session, talk.about.peer, talk.onward.carrier, age, idle, told.system_id,
            "", told.is_bound, told.is_draining, told.in_flight, told.refused, told.changes, told.messages,
        )  # fmt: skip
