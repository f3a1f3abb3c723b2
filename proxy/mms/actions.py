"""The vocabulary of an exchange: what becomes of one request."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

from proxy.consent.wishes import Wish

EndedBy = Literal["esme", "smsc", "drain", "idle", "bind_timeout", "frame_error", "limit", "no_carrier", "internal"]
"""What ends a conversation; a label of ``sessions_ended_total``."""


class Pass(NamedTuple):
    """It goes on as it came."""


class Answer(NamedTuple):
    """It doesn't go on: this is what its sender gets. ``is_last``: the connection is closed behind it."""

    octets: bytes
    is_last: bool


class Record(NamedTuple):
    """Make these wishes durable, then ask ``Exchange.recorded`` what becomes of it; ``unanswered`` if that fails."""

    wishes: Sequence[Wish]


class Fail(NamedTuple):
    """It can't go on now: ask ``Exchange.unanswered`` what its sender is told, when ``stops`` are durable."""

    reason: str
    stops: Sequence[Wish] = ()


Verdict = Pass | Answer | Record | Fail


class End(NamedTuple):
    """What ended a conversation."""

    ended_by: EndedBy
    reason: str


class Note(NamedTuple):
    """Something to log."""

    event: str
    fields: dict[str, Any]
