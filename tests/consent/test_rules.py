"""The table of what a reply changes, as it is promised to people."""

from __future__ import annotations

import pytest

from proxy.consent.rules import Rule, State, asked_for, is_change
from proxy.meaning.meanings import Meaning

OUT, IN = State.OPTED_OUT, State.OPTED_IN


@pytest.mark.parametrize(
    ("meaning", "any_reply", "keyword"),
    [
        (Meaning.STOP, OUT, OUT),
        (Meaning.RESUME, IN, IN),
        (Meaning.HELP, None, None),
        (Meaning.AUTOMATIC, None, None),
        (Meaning.UNCLEAR, None, None),
        (Meaning.OTHER, IN, None),
    ],
)
def test_what_a_reply_asks_for(meaning: Meaning, any_reply: State | None, keyword: State | None) -> None:
    assert asked_for(meaning, Rule.ANY_REPLY) is any_reply
    assert asked_for(meaning, Rule.KEYWORD) is keyword


@pytest.mark.parametrize(
    ("state", "wanted", "expected"),
    [(None, OUT, True), (None, IN, False), (OUT, OUT, False), (OUT, IN, True), (IN, OUT, True), (IN, IN, False)],
)
def test_what_is_a_change(state: State | None, wanted: State, expected: bool) -> None:
    assert is_change(state, wanted) is expected
