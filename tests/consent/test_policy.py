"""May this be sent, what does this change: decided without a protocol."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from proxy.consent.numbers import Ends, Numbering, Pair, Spelling
from proxy.consent.policy import LONGEST_TEXT, Policy, is_opted_out
from proxy.consent.rules import State
from proxy.consent.scope import Groups, NumberSet, scope_name
from proxy.consent.wishes import Offer, Origin, PartOfText, fingerprint
from proxy.meaning.meanings import Meaning
from tests.relay.session.consents import Consents

A, OTHER, B, C = "+15551230001", "+15551230002", "+15559870001", "+15559870002"
GROUPS = Groups({"shop": NumberSet(["+1555123*"], Numbering())})
ORIGIN = Origin("route", "session", "platform")


def test_a_pair_is_closed_by_itself_or_by_its_group() -> None:
    consents = Consents([Pair(A, B), Pair(scope_name("shop"), C)])
    assert is_opted_out(Pair(A, B), None, consents.state)
    assert not is_opted_out(Pair(A, C), None, consents.state)
    assert is_opted_out(Pair(A, C), GROUPS, consents.state)
    assert is_opted_out(Pair(OTHER, C), GROUPS, consents.state)


def test_of_several_that_may_be_meant_the_enforced_ones_forbid_first() -> None:
    policy = Policy(observed=NumberSet([A], Numbering()))
    pairs = Ends(Spelling(A, (OTHER,)), Spelling(B)).pairs
    assert policy.forbidding(pairs, Consents(pairs)) == [Pair(OTHER, B), Pair(A, B)]
    assert policy.forbidding(pairs, Consents([Pair(A, B)])) == [Pair(A, B)]
    assert policy.forbidding(pairs, Consents()) == []


@pytest.mark.parametrize(
    ("texts", "is_whole", "meaning"),
    [
        (["hello"], True, Meaning.OTHER),
        (["hello"], False, Meaning.UNCLEAR),
        (["STOP"], False, Meaning.STOP),
        (["hello", "STOP"], True, Meaning.STOP),
        (["x" * (LONGEST_TEXT + 1)], True, Meaning.UNCLEAR),
    ],
)
def test_what_may_not_be_whole_may_say_stop_and_nothing_else(
    texts: Sequence[str], is_whole: bool, meaning: Meaning
) -> None:
    assert Policy().read(texts, is_whole=is_whole).meaning is meaning


@pytest.mark.parametrize(("text", "state"), [("please stop texting me", State.OPTED_OUT), ("hello", State.OPTED_IN)])
def test_a_whole_reply_is_decided_from_a_part_that_is_plain_data(text: str, state: State) -> None:
    ends = Ends(Spelling(A), Spelling(B))
    part = PartOfText(Offer(Pair(A, B), b"fp", 3), ends, ORIGIN, 1, 2, 2, {"gsm": "me"}, True, False)
    (change,) = Policy().changes_of_whole(part, [text], True)
    assert (change.pair, change.state, change.origin) == (Pair(A, B), state, ORIGIN)
    unsure = Policy().changes_of_whole(part, [text], False)
    assert [each.state for each in unsure] == ([state] if state is State.OPTED_OUT else [])


def test_a_stop_from_an_address_that_may_be_two_people_s_is_that_of_both() -> None:
    ends = Ends(Spelling(A), Spelling(B, (C,), is_certain=False))
    policy = Policy()
    stop = policy.changes(ends, policy.read(["STOP"], is_whole=True), ORIGIN, None)
    assert [(each.pair.consumer, each.is_doubtful) for each in stop] == [(B, True), (C, True)]


def test_a_fingerprint_tells_messages_apart_and_their_readings() -> None:
    assert len({fingerprint(texts) for texts in (["a", "b"], ["ab"], ["b", "a"], ["a"], [])}) == 5
