"""Plain counters of one route, counted in place on the hot path and read when metrics are asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from proxy.consent.refusals import RefusalCounts
from proxy.smpp.pdu import COMMAND_NAMES

UNKNOWN_COMMAND = -1
"""Stands for every command_id that no specification names: peers choose those, so they are not keys."""


class Tally:
    """Counts since the process began. Every key is from a fixed set, but for ``refusals``, which are bounded too."""

    __slots__ = (
        "bytes",
        "changes",
        "pdus",
        "refusals",
        "refused",
        "replies",
        "sessions",
        "sessions_ended",
        "uninspected",
        "unreadable",
    )

    def __init__(self, clock: Callable[[], int] = lambda: 0) -> None:
        """``clock`` gives UTC in microseconds, for the times of refusals."""
        self.refusals = RefusalCounts(clock)
        """Submits to opted-out pairs, by pair, until they are written down."""
        known = dict.fromkeys((UNKNOWN_COMMAND, *COMMAND_NAMES), 0)
        self.pdus: tuple[dict[int, int], dict[int, int]] = (known.copy(), known.copy())
        """PDUs that came in, by side and command_id; what is no key here counts as ``UNKNOWN_COMMAND``."""
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
