"""What all MM7 routes of a worker share: the consent to decide by, who makes wishes durable, what may be held."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import NamedTuple

from proxy.consent.lookups import Consent
from proxy.consent.wishes import Commits
from proxy.mms.budget import Budget
from proxy.net.captures import Captures
from proxy.net.rates import Rates


class MmsMeans(NamedTuple):
    """What routes are given."""

    moment: AbstractContextManager[Consent]
    """Entered for each decision: consent as it stands then."""
    commits: Commits
    captures: Captures
    budget: Budget
    rates: Callable[[], Rates]
    """Makes, for each route, what says how many log lines may be written."""
    on_decision: Callable[[float], None]
    """Told how long each decision took, in seconds."""
