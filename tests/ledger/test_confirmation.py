"""The one message after a STOP, in the ledger: once, in time, by the number that was answered."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from proxy.consent.entries import Event, faults_of_chain
from proxy.consent.numbers import Pair
from proxy.consent.rules import State
from proxy.consent.wishes import CONFIRMATION_SECONDS, Claim
from proxy.ledger.ledger import Ledger
from proxy.ledger.upkeep import retention
from proxy.ledger.upkeep.verify import faults
from tests.ledger.confirming import stop
from tests.ledger.samples import IN, ORIGIN, PAIR, Clock, state, wish

CLAIM = Claim(PAIR, PAIR.business, ORIGIN)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ledger(tmp_path: Path, clock: Clock) -> Iterator[Ledger]:
    with Ledger(tmp_path / "store", clock) as ledger:
        yield ledger


def claimed(ledger: Ledger, claim: Claim = CLAIM) -> bool:
    (made,) = ledger.commit([claim])
    return bool(made)


def awaits(ledger: Ledger, pair: Pair = PAIR) -> bool:
    with ledger.reader() as consent:
        return consent.awaits_confirmation(pair)


def test_the_first_claim_is_journalled_and_leaves_the_pair_as_it_was(ledger: Ledger, clock: Clock) -> None:
    ledger.commit([stop()])
    since = ledger.pairs.record(PAIR)
    assert since is not None
    clock.now += 1_000_000
    assert awaits(ledger)
    assert claimed(ledger)
    assert not awaits(ledger)
    assert not claimed(ledger)
    assert state(ledger) is State.OPTED_OUT
    assert [entry.event for entry in ledger.history(PAIR)] == [Event.CONFIRMED, Event.OPTED_OUT]
    record = ledger.pairs.record(PAIR)
    assert record is not None
    assert (record.sequence, record.since) == (2, since.since)
    assert ledger.statistics().opted_out_pairs == 1
    assert list(faults_of_chain(ledger.journal.entries())) == list(faults(ledger)) == []


def test_both_in_one_commit(ledger: Ledger) -> None:
    made = ledger.commit([stop(), CLAIM, CLAIM])
    assert [len(entries) for entries in made] == [1, 1, 0]


def test_it_may_come_for_five_minutes(ledger: Ledger, clock: Clock) -> None:
    ledger.commit([stop()])
    clock.now += CONFIRMATION_SECONDS * 1_000_000
    assert awaits(ledger)
    clock.now += 1
    assert not awaits(ledger)
    assert not claimed(ledger)


@pytest.mark.parametrize("set_back_by", [1, 60, 290, 3600, 86_400 * 365])
def test_a_clock_that_is_set_back_gives_nobody_more_time(tmp_path: Path, clock: Clock, set_back_by: int) -> None:
    """The machine's own clock, which nobody can set, counts too."""
    machine = Clock(0)
    with Ledger(tmp_path / "store", clock, boot_clock=lambda: (b"this boot".ljust(16), machine.now)) as ledger:
        ledger.commit([stop()])
        machine.now += CONFIRMATION_SECONDS * 1_000_000 + 1
        clock.now += CONFIRMATION_SECONDS * 1_000_000 + 1 - set_back_by * 1_000_000
        assert not awaits(ledger)
        assert not claimed(ledger)


def test_a_clock_that_is_set_while_nothing_waits_spoils_no_later_confirmation(tmp_path: Path, clock: Clock) -> None:
    with Ledger(tmp_path / "store", clock) as ledger:
        clock.now += 86_400 * 365 * 1_000_000
        ledger.commit([wish(Pair("+15551230002", "+15559870002"))])
        clock.now -= 86_400 * 365 * 1_000_000
        ledger.commit([stop()])
        assert claimed(ledger)


def test_after_a_start_of_the_machine_the_time_of_day_counts(tmp_path: Path, clock: Clock) -> None:
    path, boots = tmp_path / "store", [b"first".ljust(16), b"second".ljust(16)]
    with Ledger(path, clock, boot_clock=lambda: (boots[0], 10**12)) as ledger:
        ledger.commit([stop()])
    with Ledger(path, clock, boot_clock=lambda: (boots[1], 5)) as ledger:
        assert awaits(ledger)
        clock.now += CONFIRMATION_SECONDS * 1_000_000 + 1
        assert not claimed(ledger)


def test_what_opts_in_or_was_not_said_by_the_consumer_has_none(ledger: Ledger) -> None:
    assert not claimed(ledger)
    ledger.commit([wish()])
    assert not claimed(ledger)
    ledger.commit([wish(state=IN), stop(), wish(state=IN)])
    assert not claimed(ledger)


def test_it_is_once_over_restarts(tmp_path: Path, ledger: Ledger, clock: Clock) -> None:
    ledger.commit([stop(), CLAIM])
    ledger.store.backup(tmp_path / "copy")
    with Ledger(tmp_path / "copy", clock) as again:
        assert not claimed(again)


def test_a_claim_on_a_stop_whose_entry_was_removed_is_refused_and_takes_nothing_with_it(ledger: Ledger) -> None:
    """Which number was answered is known from the entry alone."""
    ledger.commit([stop()])
    assert retention.apply(ledger, 0, "me") == 0
    cast(Clock, ledger.store.clocks.utc).now += 1
    assert retention.apply(ledger, 0, "me") == 1
    other = Pair("+15551230002", "+15559870002")
    nameless = Claim(PAIR, "", ORIGIN)
    assert [len(made) for made in ledger.commit([CLAIM, stop(other), nameless])] == [0, 1, 0]
    assert list(faults(ledger)) == []
