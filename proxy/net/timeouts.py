"""How long the relay waits for what, in seconds, and how often its clients may bind."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Waits and rates of a route's sessions; 0 for ``idle_timeout`` means that no session is too idle."""

    connect_timeout: float = 5.0
    """For all of a route's carriers together, from accepting the ESME's connection."""
    bind_timeout: float = 60.0
    """A connection without an accepted bind is closed then."""
    bind_answer_timeout: float = 20.0
    """A carrier that hasn't answered a bind by then counts as down, and the session ends."""
    carrier_silence: float = 60.0
    """A carrier that answers nothing on a bound session for this long counts as down for new sessions; 0 is never."""
    idle_timeout: float = 0.0
    """A session on which neither side sent anything is closed then."""
    drain_timeout: float = 30.0
    """On SIGTERM: for requests in flight to be answered."""
    close_timeout: float = 5.0
    """For the last octets to be taken, when one side has closed and the other is being told."""
    binds_per_minute: int = 0
    """Binds of one source that are passed on in a minute; the session that asks for one more is closed. 0: no limit."""
    keepalive: float = 60.0
    """TCP keep-alive probes begin after this much silence."""
    user_timeout: float = 30.0
    """TCP gives a peer up that hasn't acknowledged anything for this long (RFC 5482)."""
