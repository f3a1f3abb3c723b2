"""The tables of a session's life: whatever happens, in whatever order, keeps what those who decide rely on."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.net.sides import Side
from proxy.relay.session.lifecycle import BINDS, CLOSES, STAGES, Bind, Closed, Event, Lifecycle, Stage

EVENTS = st.lists(st.sampled_from(Event), max_size=30)


def after(*events: Event) -> Lifecycle:
    life = Lifecycle()
    for event in events:
        life.happened(event)
    return life


def test_every_state_has_a_row_and_can_be_reached() -> None:
    tables = ((BINDS, Bind.STRANGER), (STAGES, Stage.OPEN), (CLOSES, Closed.NEITHER))
    for table, first in tables:
        reached = {first} | {state for row in table.values() for state in row.values()}
        assert set(table) == reached == set(type(first))


def test_every_event_belongs_to_one_table() -> None:
    of_tables = [{event for row in table.values() for event in row} for table in (BINDS, STAGES, CLOSES)]
    assert set.union(*of_tables) == set(Event)
    assert sum(map(len, of_tables)) == len(Event)


@given(EVENTS)
def test_nothing_follows_the_end(events: list[Event]) -> None:
    assert after(Event.END, *events).is_ended


@given(EVENTS)
def test_who_has_never_been_accepted_is_a_stranger(events: list[Event]) -> None:
    life = after(*events)
    assert life.is_known == (Event.BIND_ACCEPTED in events)
    assert not (life.is_bound and life.is_unbound)
    assert not life.is_bound or life.is_known


@given(EVENTS)
def test_a_session_leaves_only_by_a_drain_and_awaits_each_side_once(events: list[Event]) -> None:
    life = after(*events)
    if life.is_leaving:
        assert Event.DRAIN in events
        assert Event.UNBINDS_SENT in events
    for side in Side:
        assert not life.awaits(side) or life.is_leaving


@given(EVENTS)
def test_who_closed_first_stays_so(events: list[Event]) -> None:
    closes = [event for event in events if event in (Event.ESME_CLOSED, Event.SMSC_CLOSED)]
    life = after(*events)
    first = {Event.ESME_CLOSED: Side.ESME, Event.SMSC_CLOSED: Side.SMSC}[closes[0]] if closes else None
    assert life.first_closed is first
    assert {side for side in Side if life.has_closed(side)} == {
        Side.ESME if event is Event.ESME_CLOSED else Side.SMSC for event in closes
    }


@pytest.mark.parametrize(
    ("answers", "awaited"),
    [
        ([], {Side.ESME, Side.SMSC}),
        ([Event.ESME_ANSWERED], {Side.SMSC}),
        ([Event.SMSC_ANSWERED], {Side.ESME}),
        ([Event.SMSC_ANSWERED, Event.SMSC_ANSWERED], {Side.ESME}),
        ([Event.SMSC_ANSWERED, Event.ESME_ANSWERED], set()),
    ],
)
def test_both_sides_answer_our_unbinds(answers: list[Event], awaited: set[Side]) -> None:
    life = after(Event.BIND_ACCEPTED, Event.DRAIN, Event.UNBINDS_SENT, *answers)
    assert {side for side in Side if life.awaits(side)} == awaited
    assert life.is_leaving
