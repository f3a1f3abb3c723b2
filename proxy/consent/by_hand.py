"""What somebody changes by hand, at the command line or over HTTP."""

from __future__ import annotations

from collections.abc import Sequence

from proxy.consent.numbers import Pair
from proxy.consent.rules import State
from proxy.consent.wishes import Change, Origin


def changes_by_hand(pairs: Sequence[Pair], state: State, operator: str, note: str) -> list[Change]:
    """The wishes to set the first of these pairs, and what they mean for the others that the numbers may name.

    Whoever is opted out is so whichever of them is meant, and a reply from an address that can mean all of them opens
    them again, as after a STOP from there. Opted in is the first, and of the others what was closed because it might
    be the one.
    """
    is_out = state is State.OPTED_OUT
    return [
        Change(
            pair,
            state,
            None,
            "",
            Origin("", "", ""),
            operator=operator,
            note=note.strip(),
            is_doubtful=len(pairs) > 1 if is_out else position > 0,
        )
        for position, pair in enumerate(pairs)
    ]
