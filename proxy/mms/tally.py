"""Plain counters of one MM7 route, counted in place and read when metrics are asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from proxy.consent.refusals import RefusalCounts
from proxy.net.tally import RouteTally

KINDS = (
    "SubmitReq", "SubmitRsp", "DeliverReq", "DeliverRsp", "DeliveryReportReq", "DeliveryReportRsp", "ReadReplyReq",
    "ReadReplyRsp", "CancelReq", "CancelRsp", "extendedCancelReq", "extendedCancelRsp", "ReplaceReq", "ReplaceRsp",
    "extendedReplaceReq", "extendedReplaceRsp", "QueryStatusReq", "QueryStatusRsp", "RSErrorRsp", "VASPErrorRsp",
    "Fault",
)  # fmt: skip
"""The messages that TS 23.140 names, and SOAP's fault."""

HTTP = "HTTP"
"""Stands for the kind of a message that is no MM7."""

OTHER = "other"
"""Stands for every message that is none of these: peers choose those, so they are not keys."""

_BY_LOWER = {kind.lower(): kind for kind in KINDS}

STATUSES = (
    *(1000, 1100, 2000, 2001, 2002, 2003, 2004, 2005, 2006, 2007, 2008, 2009, 3000, 3001, 3002, 3003, 3004, 3005),
    *range(4000, 4009),
)
"""The StatusCodes that TS 23.140 names."""


def named(kind: str) -> str:
    """The kind of a message as counters tell them apart."""
    return _BY_LOWER.get(kind.lower(), OTHER)


def named_status(code: str) -> str:
    """A StatusCode as counters tell them apart: one that has no name by its class."""
    if code.isascii() and code.isdigit() and len(code) == 4 and code[0] in "1234":
        return code if int(code) in STATUSES else f"{code[0]}xxx"
    return OTHER


class MmsTally(RouteTally):
    """The counts of an MM7 route. Every key is from a fixed set, but for ``refusals``, which are bounded too."""

    def __init__(self, clock: Callable[[], int] = lambda: 0) -> None:
        """``clock`` gives UTC in microseconds, for the times of refusals."""
        super().__init__()
        self.clock = clock
        self.refusals = RefusalCounts(clock)
        self.messages: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
        """Messages that came in, by side (platform, MMSC) and kind."""
        self.answers: Counter[tuple[str, str]] = Counter()
        """The MMSC's answers, by the kind that belongs to the request (SubmitRsp, also where it is a fault) and
        StatusCode; ``HTTP`` and its status for those that hold none.
        """
