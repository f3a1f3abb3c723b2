"""STOPs that an earlier version kept for a group only: carried over to the numbers that were told them.

What stood for a group kept its capitals then. Done once for each ledger, in one transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from proxy.consent.entries import Entry
from proxy.consent.numbers import Pair
from proxy.consent.rules import State
from proxy.consent.scope import scope_name
from proxy.consent.wishes import Change, Origin


def carried_over(closed: Iterable[tuple[Pair, Entry]]) -> Iterator[Change]:
    """The wishes that these closed pairs of groups, each with the entry that closed it, have to be completed by."""
    for (scope, consumer), entry in closed:
        note = f"until now kept for the group {scope} only"
        number = entry.evidence.get("number", "")
        for business in dict.fromkeys((number, scope_name(scope[1:-1]))):
            if business and business != scope:
                yield Change(
                    Pair(business, consumer),
                    State.OPTED_OUT,
                    None,
                    entry.evidence.get("matched", ""),
                    Origin("", "", ""),
                    operator="upgrade",
                    note=note,
                    number="" if business == number else number,
                )
