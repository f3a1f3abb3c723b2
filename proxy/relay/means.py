"""What all routes of a worker share: turns for sockets, the consent to decide by, who makes wishes durable."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import NamedTuple

from proxy.consent.lookups import Consent
from proxy.consent.wishes import Commits
from proxy.net.captures import Captures
from proxy.net.rates import Rates
from proxy.net.sides import Side
from proxy.relay.session.actions import Action
from proxy.relay.session.session import Session
from proxy.relay.turns import Turns


class Decisions:
    """Has sessions decide, each read by consent as it stands after the read, never by an earlier state."""

    def __init__(self, moment: AbstractContextManager[Consent], on_batch: Callable[[float], None]) -> None:
        """``moment`` is entered for each read; ``on_batch`` is told how long each decision took, in seconds."""
        self._moment = moment
        self._on_batch = on_batch

    def decide(self, session: Session, side: Side, data: bytes) -> list[Action]:
        """What to do with what was read just now."""
        begun = time.perf_counter()
        with self._moment as consent:
            actions = session.receive(side, data, consent)
        self._on_batch(time.perf_counter() - begun)
        return actions

    def resume(self, session: Session) -> list[Action]:
        """What to do with what stayed behind something that is recorded by now."""
        with self._moment as consent:
            return session.resume(consent)


class Means(NamedTuple):
    """What routes are given."""

    turns: Turns
    decisions: Decisions
    commits: Commits
    captures: Captures
    """Who is shown what passes."""
    rates: Callable[[], Rates]
    """Makes, for each route, what says how many log lines may be written."""
