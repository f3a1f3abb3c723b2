"""Plain counters of one route, counted in place on the hot path and read when metrics are asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from proxy.consent.refusals import RefusalCounts
from proxy.net.durations import Durations, of_carrier
from proxy.smpp.pdu import COMMAND_NAMES, STATUS_NAMES

UNKNOWN_COMMAND = -1
"""Stands for every command_id that no specification names: peers choose those, so they are not keys."""


UNKNOWN_STATUS = -1
"""Stands for every command_status that no specification names."""


def named_status(status: int) -> int:
    """A command_status as counters tell them apart."""
    return status if status in STATUS_NAMES else UNKNOWN_STATUS


class Tally:
    """Counts since the process began. Every key is from a fixed set, but for ``refusals``, which are bounded too."""

    __slots__ = (
        "answer_seconds",
        "answers",
        "binds",
        "bytes",
        "changes",
        "pdus",
        "refusals",
        "refused",
        "replies",
        "seconds",
        "sessions",
        "sessions_ended",
        "uninspected",
        "unreadable",
    )

    def __init__(self, clock: Callable[[], int] = lambda: 0, seconds: Callable[[], float] = lambda: 0.0) -> None:
        """``clock`` gives UTC in microseconds, for the times of refusals; ``seconds`` those of any clock that only goes
        forward, for durations.
        """
        self.seconds = seconds
        self.refusals = RefusalCounts(clock)
        """Submits to opted-out pairs, by pair, until they are written down."""
        known = dict.fromkeys((UNKNOWN_COMMAND, *COMMAND_NAMES), 0)
        self.pdus: tuple[dict[int, int], dict[int, int]] = (known.copy(), known.copy())
        """PDUs that came in, by side and command_id; what is no key here counts as ``UNKNOWN_COMMAND``."""
        self.answers: Counter[tuple[int, int]] = Counter()
        """The SMSC's answers, by command_id and command_status; what no specification names is ``UNKNOWN_STATUS``."""
        self.binds: Counter[tuple[str, int]] = Counter()
        """Answers to binds, by who gave them (``carrier`` or ``proxy``) and command_status."""
        self.answer_seconds: dict[str, Durations] = {}
        """How long the SMSC took to answer a submit_sm, by carrier; one at a time of each session is timed."""
        self.bytes = [0, 0]
        """Octets that came in, by side."""
        self.refused: Counter[tuple[str, str]] = Counter()
        """Requests, and destinations of submit_multis, refused by us, by command and reason."""
        self.replies: Counter[str] = Counter()
        """Consumers' messages, by meaning."""
        self.changes: Counter[str] = Counter()
        """Consent changes made, by new state."""
        self.unreadable: Counter[str] = Counter()
        """PDUs whose mandatory fields could not be read, by command."""
        self.sessions = 0
        """Sessions open now."""
        self.uninspected = 0
        """Connections that were relayed blindly."""
        self.sessions_ended: Counter[str] = Counter()
        """Sessions that ended, by ended_by."""

    def answer_seconds_of(self, carrier: str) -> Durations:
        """The histogram of this carrier's answers."""
        return of_carrier(self.answer_seconds, carrier)
