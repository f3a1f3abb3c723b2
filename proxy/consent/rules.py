"""What a reply changes: (state, meaning, rule) -> the new state, or nothing."""

from __future__ import annotations

from enum import StrEnum

from proxy.meaning.meanings import Meaning


class State(StrEnum):
    """Whether a business may text a consumer. A pair that nobody spoke of has none, and may."""

    OPTED_OUT = "opted_out"
    OPTED_IN = "opted_in"


class Rule(StrEnum):
    """What lets a consumer who said STOP back in: any ordinary reply, or only a RESUME word."""

    ANY_REPLY = "any-reply"
    KEYWORD = "keyword"


_ASKED_FOR: dict[tuple[Meaning, Rule], State] = {
    (Meaning.STOP, Rule.ANY_REPLY): State.OPTED_OUT,
    (Meaning.STOP, Rule.KEYWORD): State.OPTED_OUT,
    (Meaning.RESUME, Rule.ANY_REPLY): State.OPTED_IN,
    (Meaning.RESUME, Rule.KEYWORD): State.OPTED_IN,
    (Meaning.OTHER, Rule.ANY_REPLY): State.OPTED_IN,
}
"""What each meaning asks for; the pairs that are not here ask for no change."""


def asked_for(meaning: Meaning, rule: Rule) -> State | None:
    """The state that a reply of this meaning asks for, or None if it asks for no change."""
    return _ASKED_FOR.get((meaning, rule))


def is_change(state: State | None, wanted: State) -> bool:
    """Whether ``wanted`` differs from ``state``: a pair without a state may already be texted."""
    return wanted is not (state or State.OPTED_IN)
