"""Plain counters of one route, whatever protocol it speaks: counted in place, and read when metrics are asked for."""

from __future__ import annotations

from collections import Counter

from proxy.net.durations import ANSWER_SECONDS, Durations

MOST_CARRIERS = 256
"""Carriers of one route that are timed by themselves; where clients say where they are going there may be more."""


class RouteTally:
    """Counts since the process began. Every key is from a fixed set."""

    __slots__ = (
        "answer_seconds",
        "bytes",
        "changes",
        "refused",
        "replies",
        "sessions",
        "sessions_ended",
        "uninspected",
        "unreadable",
    )

    def __init__(self) -> None:
        self.answer_seconds: dict[str, Durations] = {}
        """How long the carrier took to answer a submit_sm or SubmitReq, by carrier."""
        self.bytes = [0, 0]
        """Octets that came in, by side."""
        self.refused: Counter[tuple[str, str]] = Counter()
        """Requests, and destinations of submit_multis, refused by us, by command and reason."""
        self.replies: Counter[str] = Counter()
        """Consumers' messages, by meaning."""
        self.changes: Counter[str] = Counter()
        """Consent changes made, by new state."""
        self.unreadable: Counter[str] = Counter()
        """Requests that could not be read, by command."""
        self.sessions = 0
        """Sessions open now."""
        self.uninspected = 0
        """Connections that were relayed blindly."""
        self.sessions_ended: Counter[str] = Counter()
        """Sessions that ended, by ended_by."""

    def answer_seconds_of(self, carrier: str) -> Durations:
        """The histogram of a carrier's answers, made when it is asked for first; of too many, that of all others."""
        if (found := self.answer_seconds.get(carrier)) is None:
            name = carrier if len(self.answer_seconds) < MOST_CARRIERS else "other"
            found = self.answer_seconds.setdefault(name, Durations(ANSWER_SECONDS))
        return found
