"""Wishes that somebody waits for, and who is told what becomes of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import trio

from proxy.cluster.judging import Asked
from proxy.cluster.transacting import NotDone, Written
from proxy.consent.numbers import Pair
from proxy.consent.wishes import Made


@dataclass(slots=True)
class Seen:
    """Who is told what operations want to see: seconds of commits and fences, and why a change was turned back."""

    commit: Callable[[float], None] = lambda _: None
    fence: Callable[[float], None] = lambda _: None
    turned_back: Callable[[str], None] = lambda _: None


@dataclass(slots=True, eq=False)
class Request:
    """Wishes on their way.

    ``denied`` are the pairs that nothing is sent to meanwhile, each with its change's id. When it is ``done`` there is
    a ``fault``, or ``made`` are the entries in this node's journal and ``written`` the records as they were before.
    """

    asked: Asked
    until: float
    """When trying to commit it ends."""
    given_up_at: float
    """When whoever waits for it does so no more."""
    is_heard: bool
    """Whether consumers' messages wait for it; else it came from a platform."""
    denied: list[tuple[Pair, str]]
    done: trio.Event = field(default_factory=trio.Event)
    made: Made = ()
    written: Written = field(default_factory=dict)
    fault: NotDone | None = None

    def finish(self, fault: NotDone | None = None) -> None:
        """Tell whoever waits."""
        self.fault = fault
        self.done.set()
