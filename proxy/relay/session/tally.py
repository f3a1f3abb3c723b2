"""Plain counters of one route, counted in place on the hot path and read when metrics are asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from proxy.consent.refusals import RefusalCounts
from proxy.net.tally import RouteTally
from proxy.smpp.pdu import COMMAND_NAMES, STATUS_NAMES

UNKNOWN_COMMAND = -1
"""Stands for every command_id that no specification names: peers choose those, so they are not keys."""


UNKNOWN_STATUS = -1
"""Stands for every command_status that no specification names."""


def named_status(status: int) -> int:
    """A command_status as counters tell them apart."""
    return status if status in STATUS_NAMES else UNKNOWN_STATUS


class Tally(RouteTally):
    """The counts of an SMPP route. Every key is from a fixed set, but for ``refusals``, which are bounded too."""

    __slots__ = ("answers", "binds", "pdus", "refusals", "seconds")

    def __init__(self, clock: Callable[[], int] = lambda: 0, seconds: Callable[[], float] = lambda: 0.0) -> None:
        """``clock`` gives UTC in microseconds, for the times of refusals; ``seconds`` those of any clock that only goes
        forward, for durations.
        """
        super().__init__()
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
