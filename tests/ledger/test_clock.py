"""A wrong clock: times of the journal may run back and then say so; it spoils no later time and removes nothing."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proxy.consent.entries import CLOCK, Event, faults_of_chain
from proxy.ledger.disk.files import LedgerError
from proxy.ledger.ledger import Ledger
from proxy.ledger.tables.journal import utc
from proxy.ledger.upkeep import retention
from proxy.ledger.upkeep.bulk import Listed
from proxy.ledger.upkeep.verify import faults
from tests.ledger.samples import IN, PAIR, Clock, numbered, wish

DAY = 86_400_000_000
YEAR = 365 * DAY


def found(ledger: Ledger) -> list[str]:
    return [*faults(ledger), *faults_of_chain(ledger.journal.entries(), ledger.journal.checkpoint())]


def test_a_time_is_what_the_clock_says_and_one_that_runs_back_says_so(tmp_path: Path) -> None:
    clock = Clock()
    with Ledger(tmp_path, clock) as ledger:
        times = []
        for step in (0, YEAR, -YEAR, DAY):
            clock.now += step
            times.append(utc(clock.now))
            ledger.commit([wish(numbered(len(times)))])
        entries = list(ledger.journal.entries())
        assert [entry.time for entry in entries] == times
        assert [entry.evidence.get(CLOCK) for entry in entries] == [None, None, "set back by 31536000.000000 s", None]
        assert found(ledger) == []
        record = ledger.pairs.record(numbered(3))
        assert record is not None
        assert record.since == times[2]


def test_an_import_behind_a_clock_set_back_says_so_once(tmp_path: Path) -> None:
    clock = Clock()
    with Ledger(tmp_path, clock) as ledger:
        ledger.commit([wish()])
        clock.now -= 3_600_000_000
        ledger.absorb([Listed(numbered(1)), Listed(numbered(2), clock.now - DAY)], {"operator": "me"})
        assert [e.evidence.get(CLOCK) for e in ledger.journal.entries()] == [None, "set back by 3600.000000 s", None]
        assert [e.time for e in ledger.journal.entries()][1:] == [utc(clock.now)] * 2
        assert found(ledger) == []


def test_a_time_that_runs_back_and_does_not_say_so_is_a_fault(tmp_path: Path) -> None:
    clock = Clock()
    with Ledger(tmp_path, clock) as ledger:
        ledger.commit([wish(), wish(state=IN)])
        first, second = ledger.journal.entries()
    earlier, _ = second._replace(time=second.time - timedelta(hours=1)).stored(first.hash)
    assert list(faults_of_chain([first, earlier])) == ["revision 2: its time is before that of the entry before it"]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ledger(tmp_path: Path, clock: Clock) -> Ledger:
    """Ten entries, one a day."""
    ledger = Ledger(tmp_path / "store", clock)
    for day in range(10):
        ledger.commit([wish(numbered(day))])
        clock.now += DAY
    return ledger


def test_a_journal_that_ends_in_the_future_is_not_pruned(ledger: Ledger, clock: Clock) -> None:
    with ledger:
        clock.now += YEAR
        ledger.commit([wish(PAIR)])
        clock.now -= YEAR
        with pytest.raises(LedgerError, match=r"revision 11, is of .* in the future.*set the clock"):
            retention.apply(ledger, 5, "me")
        assert ledger.statistics().entries == 11


def test_what_follows_a_clock_that_was_ahead_is_not_pruned_with_it(ledger: Ledger, clock: Clock) -> None:
    """A year ahead and back: nothing that is younger than it looks may go, and it goes in the end."""
    with ledger:
        clock.now += YEAR
        ledger.commit([wish(PAIR)])
        clock.now -= YEAR
        ledger.commit([wish(PAIR, IN)])
        assert retention.apply(ledger, 5.5, "me") == 5
        left = list(ledger.journal.entries())
        assert ([e.sequence for e in left], left[-1].event) == ([*range(6, 14)], Event.CHECKPOINT)
        clock.now += 30 * DAY
        ledger.commit([wish(PAIR)])
        with pytest.raises(
            LedgerError, match=r"revision 12 is of .*revision 11 before it is younger.*Nothing was removed"
        ):
            retention.apply(ledger, 5.5, "me")
        assert ledger.statistics().entries == 9
        clock.now += YEAR
        assert retention.apply(ledger, 5.5, "me") == 9
        assert found(ledger) == []


def test_what_a_clock_that_was_behind_wrote_stays_until_the_entry_before_it_is_old(
    ledger: Ledger, clock: Clock
) -> None:
    with ledger:
        clock.now -= 30 * YEAR
        ledger.commit([wish(PAIR)])
        clock.now += 30 * YEAR
        with pytest.raises(LedgerError, match="can't be pruned"):
            retention.apply(ledger, 5, "me")
        assert ledger.statistics().entries == 11


steps = st.lists(
    st.tuples(st.sampled_from(["change", "prune"]), st.integers(0, 3), st.integers(-500, 500)), min_size=1, max_size=30
)


@settings(max_examples=60, deadline=None)
@given(steps)
def test_whatever_the_clock_does_the_ledger_agrees_and_only_what_is_older_goes(
    steps: list[tuple[str, int, int]],
) -> None:
    clock = Clock()
    with TemporaryDirectory() as folder, Ledger(Path(folder), clock) as ledger:
        for what, n, hours in steps:
            clock.now += hours * 3_600_000_000
            if what == "change":
                state = ledger.pairs.record(numbered(n))
                ledger.commit([wish(numbered(n), IN if state and state.state != IN else wish().state)])
                continue
            before = list(ledger.journal.entries())
            cutoff = utc(clock.now) - timedelta(days=n)
            try:
                retention.apply(ledger, n, "me")
            except LedgerError:
                assert list(ledger.journal.entries()) == before
            else:
                left = {entry.sequence for entry in ledger.journal.entries()}
                assert all(entry.time < cutoff for entry in before if entry.sequence not in left)
            assert found(ledger) == []
