"""Counts of refusals: merged, bounded, and added up in the ledger."""

from __future__ import annotations

from pathlib import Path

from proxy.consent.numbers import Pair
from proxy.consent.refusals import MOST_PAIRS, RefusalCounts, Refusals
from proxy.ledger.ledger import Ledger
from tests.ledger.samples import PAIR, Clock, numbered


def test_counts_are_merged_by_pair_and_taken_once() -> None:
    clock = Clock(100)
    counts = RefusalCounts(clock)
    counts.add(PAIR, is_observed=False)
    clock.now = 200
    counts.add(PAIR, is_observed=True)
    counts.add(PAIR, is_observed=False)
    assert counts.take() == [Refusals(PAIR, 2, 1, 100, 200)]
    assert counts.take() == []


def test_pairs_are_bounded() -> None:
    counts = RefusalCounts(Clock(1))
    for n in range(MOST_PAIRS + 7):
        counts.add(numbered(n), is_observed=False)
    taken = counts.take()
    assert len(taken) == MOST_PAIRS + 1
    assert taken[-1] == Refusals(Pair("", ""), 7, 0, 1, 1)


def test_the_ledger_adds_them_up(tmp_path: Path) -> None:
    with Ledger(tmp_path, Clock()) as ledger:
        assert ledger.refusals(PAIR) is None
        ledger.commit([Refusals(PAIR, 2, 0, 100, 200), Refusals(PAIR, 1, 3, 150, 300)])
        assert ledger.commit([Refusals(PAIR, 1, 0, 400, 400)]) == [()]
    with Ledger(tmp_path, Clock()) as ledger:
        assert ledger.refusals(PAIR) == Refusals(PAIR, 4, 3, 100, 400)
