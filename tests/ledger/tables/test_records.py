"""What the ledger knows of pairs, read from both ends and in pages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import lmdb
import pytest

from proxy.consent.numbers import Pair
from proxy.consent.refusals import Refusals
from proxy.ledger.disk.files import LedgerError
from proxy.ledger.ledger import Ledger
from proxy.ledger.tables import pairs
from tests.ledger.samples import IN, OUT, Clock, wish

BUSINESSES = ("+1555123000", "+15551230001", "40404", "vanso")
CONSUMERS = ("+1555987000", "+15559870001", "+15559870002", "+4479111234567")
PAIRS = [Pair(business, consumer) for business in BUSINESSES for consumer in CONSUMERS]


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ledger]:
    """Every business lost every consumer; read three at a time, so that every listing has many pages."""
    monkeypatch.setattr(pairs, "_PAGE", 3)
    with Ledger(tmp_path / "store", Clock()) as ledger:
        ledger.commit([wish(pair) for pair in PAIRS])
        yield ledger


def test_all_pairs_come_once_in_order_and_from_any_of_them_on(ledger: Ledger) -> None:
    in_order = sorted(PAIRS, key=lambda pair: (pair.consumer, pair.business))
    assert [record.pair for record in ledger.pairs.records()] == in_order
    for place, pair in enumerate(in_order):
        assert [record.pair for record in ledger.pairs.records(after=pair)] == in_order[place + 1 :]


@pytest.mark.parametrize("business", BUSINESSES)
def test_the_consumers_a_business_lost(ledger: Ledger, business: str) -> None:
    """A number that another one begins with is not that other one."""
    expected = [Pair(business, consumer) for consumer in CONSUMERS]
    assert [record.pair for record in ledger.pairs.records(business=business)] == expected
    for place, pair in enumerate(expected):
        assert [record.pair for record in ledger.pairs.records(business=business, after=pair)] == expected[place + 1 :]


@pytest.mark.parametrize("consumer", CONSUMERS)
def test_the_businesses_a_consumer_refused(ledger: Ledger, consumer: str) -> None:
    expected = [Pair(business, consumer) for business in BUSINESSES]
    assert [record.pair for record in ledger.pairs.records(consumer=consumer)] == expected
    for place, pair in enumerate(expected):
        assert [record.pair for record in ledger.pairs.records(consumer=consumer, after=pair)] == expected[place + 1 :]


def test_a_record_says_since_when_and_by_which_entry(tmp_path: Path) -> None:
    clock = Clock()
    with Ledger(tmp_path / "store", clock) as ledger:
        pair = PAIRS[0]
        assert ledger.pairs.record(pair) is None
        for state in (OUT, IN, OUT):
            clock.now += 1_000_000
            ((entry,),) = ledger.commit([wish(pair, state)])
            record = ledger.pairs.record(pair)
            assert record == (pair, state, entry.sequence, entry.time)
        assert [entry.sequence for entry in ledger.history(pair)] == [3, 2, 1]


def test_refusals_add_up(ledger: Ledger) -> None:
    pair = PAIRS[0]
    assert ledger.refusals(pair) is None
    ledger.commit([Refusals(pair, 2, 1, 100, 200), Refusals(pair, 3, 0, 50, 150)])
    assert ledger.refusals(pair) == Refusals(pair, 5, 1, 50, 200)
    assert ledger.refusals(PAIRS[1]) is None


def test_statistics_that_can_not_be_read_say_where(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise lmdb.CorruptedError("a page is gone")

    monkeypatch.setattr(ledger.store, "sizes", fail)
    with pytest.raises(LedgerError, match=r"store can't be read: .*a page is gone"):
        ledger.statistics()
