"""A session as it stands, for whoever looks at a running proxy."""

from __future__ import annotations

from dataclasses import dataclass

from proxy.relay.conversation import Conversation


@dataclass(frozen=True, slots=True)
class SessionStatus:
    """One session: whose it is, for how long (seconds), and what ``Session.statistics`` says."""

    route: str
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


def status_of(route: str, conversation: Conversation, now: float) -> SessionStatus:
    """That of a conversation of this route at ``now``, on trio's clock."""
    session = conversation.session
    seen = session.statistics()
    return SessionStatus(
        route,
        session.origin.session,
        conversation.about.peer,
        session.origin.carrier,
        round(now - conversation.begun_at, 1),
        round(now - conversation.active_at, 1),
        seen.system_id,
        seen.bind,
        seen.is_bound,
        seen.is_draining,
        seen.in_flight,
        seen.refused,
        seen.changes,
        seen.pdus,
    )
