"""Limits on binds act where the binds are: none beyond them reaches the carrier."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from proxy.consent.wishes import Origin
from proxy.net.bind_rates import MOST_SOURCES, WINDOW, BindRates
from proxy.relay.session.actions import End
from proxy.relay.session.dialect import Dialect
from proxy.relay.session.session import Session
from proxy.relay.session.tally import Tally
from proxy.smpp import write
from tests.relay.session.consents import Consents, Conversation
from tests.relay.session.transcript import BIND, ESME, SMSC, SUBMIT, A, C, end


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_of_a_flood_in_one_read_only_so_many_binds_pass_and_the_session_ends() -> None:
    rates, tally = BindRates(Clock()), Tally()
    rates.limit = 3
    session = Session(Dialect(), tally, Origin("route", "session", ""), lambda: rates.allows("192.0.2.1"))
    talk = Conversation(session, Consents(), tally)
    before, behind = write.submit_sm(A, C, b"before"), SUBMIT
    talk.esme(before + BIND * 1000 + behind)
    assert talk.sent == {ESME: b"", SMSC: before + BIND * 3}
    assert end(talk) == End("limit", "limits.binds_per_minute")
    talk.esme(BIND)
    assert talk.sent[SMSC] == before + BIND * 3


def test_a_source_has_its_limit_over_all_its_sessions_and_others_have_theirs() -> None:
    clock = Clock()
    rates = BindRates(clock)
    rates.limit = 2
    assert [rates.allows("one"), rates.allows("one"), rates.allows("one"), rates.allows("two")] == [
        True,
        True,
        False,
        True,
    ]
    clock.now += WINDOW + 1
    assert rates.allows("one")


@given(st.lists(st.tuples(st.sampled_from("abc"), st.floats(0, 30)), max_size=80), st.integers(1, 5))
def test_in_no_minute_are_there_more_than_the_limit(asked: list[tuple[str, float]], limit: int) -> None:
    clock = Clock()
    rates, passed = BindRates(clock), {source: [0.0][:0] for source in "abc"}
    rates.limit = limit
    for source, pause in asked:
        clock.now += pause
        if rates.allows(source):
            passed[source].append(clock.now)
    for times in passed.values():
        assert all(later - first > WINDOW for first, later in zip(times, times[limit:], strict=False))


def test_the_sources_that_are_remembered_are_bounded() -> None:
    rates = BindRates(Clock())
    rates.limit = 1
    for n in range(MOST_SOURCES + 10):
        assert rates.allows(str(n))
    assert len(rates._times) == MOST_SOURCES


def test_sources_that_have_not_bound_for_a_minute_give_way_to_new_ones() -> None:
    clock = Clock()
    rates = BindRates(clock)
    rates.limit = 1
    for n in range(MOST_SOURCES - 1):
        rates.allows(str(n))
    clock.now += WINDOW + 1
    assert rates.allows("recent")
    assert rates.allows("new")
    assert set(rates._times) == {"recent", "new"}
    assert not rates.allows("recent")


def test_without_a_limit_nothing_is_counted() -> None:
    rates = BindRates(Clock())
    assert all(rates.allows("x") for _ in range(10))
    assert not rates._times
