"""Messages as the SMSC keeps them: times, outcomes, receipts."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from proxy.simulator.running import Running
from proxy.simulator.smsc.messages import Message, Outcome, State, new_id, outcome_for, read_time, write_time
from proxy.smpp.pdu import Address
from tests.simulator.esme import Client


def test_times_of_the_specification() -> None:
    now = 1_000_000.0
    assert read_time(b"", now) is None
    assert read_time(b"000001020304000R", now) == now + 86400 + 2 * 3600 + 3 * 60 + 4
    assert (
        read_time(b"261123120000000+", now)
        == time.mktime(time.strptime("2026-11-23 12", "%Y-%m-%d %H")) - time.timezone
    )
    assert read_time(b"261123120000004+", now) == read_time(b"261123110000000+", now)
    assert read_time(b"261123120000004-", now) == read_time(b"261123130000000+", now)
    for wrong in (b"x", b"261123120000000", b"269923120000000+"):
        with pytest.raises(ValueError, match=r"."):
            read_time(wrong, now)


def test_a_time_is_written_as_it_is_read() -> None:
    assert write_time(1_000_000.0) == b"700112134640000+"
    written = write_time(1_900_000_000.0)
    assert read_time(written, 0.0) == 1_900_000_000.0


def test_the_first_outcome_that_matches_counts() -> None:
    outcomes = [Outcome(destination="1555*1", state="UNDELIVERABLE"), Outcome(destination="1555*", state="EXPIRED")]
    assert outcome_for("15551", outcomes).final is State.UNDELIVERABLE
    assert outcome_for("15552", outcomes).final is State.EXPIRED
    assert outcome_for("40404", outcomes).final is State.DELIVERED


@pytest.mark.parametrize(
    ("registered", "wanted_for"),
    [
        (0x00, set()),
        (0x01, set(State) - {State.ENROUTE, State.ACCEPTED}),
        (0x02, set(State) - {State.ENROUTE, State.ACCEPTED, State.DELIVERED}),
        (0x10, {State.ENROUTE, State.ACCEPTED}),
    ],
)
def test_reports_as_registered_delivery_has_them(registered: int, wanted_for: set[State]) -> None:
    nobody = Address(0, 0, b"")
    message = Message(new_id(), "me", nobody, nobody, b"", "hello", None, registered, 0.0, 0.0, None)
    found = set()
    for message.state in State:
        if message.wants_receipt():
            found.add(message.state)
    assert found == wanted_for


@given(st.lists(st.floats(0, 1), max_size=4), st.floats(0, 1, exclude_max=True))
def test_outcomes_with_a_probability_take_that_share_of_all(shares: list[float], drawn: float) -> None:
    states = [state.name for state in (State.EXPIRED, State.REJECTED, State.UNKNOWN, State.UNDELIVERABLE)]
    outcomes = [Outcome(state=state, probability=share) for state, share in zip(states, shares, strict=False)]
    taken = 0.0
    expected = State.DELIVERED
    for outcome in outcomes:
        taken += outcome.probability
        if drawn < taken:
            expected = outcome.final
            break
    assert outcome_for("1555", outcomes, drawn).final is expected


def test_the_same_seed_draws_the_same_outcomes(play: Callable[..., Running]) -> None:
    def states() -> list[str]:
        smsc = play(seed=7, outcome=[{"state": "UNDELIVERABLE", "probability": 0.3}])
        with Client(smsc) as client:
            client.bound()
            for _ in range(200):
                client.submit_with()
        smsc.wait_for(lambda smsc: all(message.is_final for message in smsc.stored.values()))
        return [message.state for message in smsc.messages]

    found = states()
    assert found == states()
    assert 35 < found.count("UNDELIVERABLE") < 85


@pytest.mark.parametrize("word", ["UNDELIVERABLE", "undeliverable", "UNDELIV", "undeliv"])
def test_a_state_is_taken_by_its_name_or_as_receipts_spell_it(word: str) -> None:
    assert Outcome(state=word).final is State.UNDELIVERABLE


@pytest.mark.parametrize(
    "wrong", [{"state": "BOGUS"}, {"delay": -1}, {"error": 1000}, {"probability": 1.1}, {"probabilty": 0.5}]
)
def test_an_outcome_that_can_not_be_is_refused_before_any_message(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Outcome.model_validate(wrong)
