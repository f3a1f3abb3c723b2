"""A session as it stands, for whoever looks at a running proxy."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from proxy.relay.conversation import Conversation
from proxy.relay.session.session import SessionStatistics


@dataclass(frozen=True, slots=True)
class SessionStatus:
    """One session: whose it is, for how long it has been there and idle (seconds), and what it has counted."""

    route: str
    session: str
    peer: str
    carrier: str
    age: float
    idle: float
    statistics: SessionStatistics

    def fields(self) -> dict[str, Any]:
        """All of it as one flat object."""
        fields = asdict(self)
        statistics: dict[str, Any] = fields.pop("statistics")
        return {**fields, **statistics}


def status_of(route: str, conversation: Conversation, now: float) -> SessionStatus:
    """That of a conversation of this route at ``now``, on trio's clock."""
    origin = conversation.session.origin
    age, idle = (round(now - since, 1) for since in (conversation.begun_at, conversation.active_at))
    statistics = conversation.session.statistics()
    return SessionStatus(route, origin.session, conversation.about.peer, origin.carrier, age, idle, statistics)
