"""The writer's thread: every request gets its outcome, groups share a commit, the end loses nothing."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pytest

from proxy.consent.entries import Entry
from proxy.consent.wishes import Change, Offer, TurnedBack, Wish
from proxy.ledger.disk.files import LedgerError
from proxy.ledger.ledger import Ledger
from proxy.ledger.writer import Outcome, Writer
from tests.ledger.partly import Heard, decide, part
from tests.ledger.samples import Clock, numbered, wish


class Outcomes:
    """Collects outcomes and waits for a number of them."""

    def __init__(self) -> None:
        self.seen: list[Outcome] = []
        self._changed = threading.Condition()

    def __call__(self, outcome: Outcome) -> None:
        with self._changed:
            self.seen.append(outcome)
            self._changed.notify_all()

    def wait_for(self, count: int) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.seen) >= count, timeout=60)


def test_changes_are_committed_and_reported(tmp_path: Path) -> None:
    durations: list[float] = []
    outcomes = Outcomes()
    with Ledger(tmp_path, Clock()) as ledger, Writer(ledger, durations.append, time.perf_counter) as writer:
        writer.submit([wish(numbered(1))], outcomes)
        outcomes.wait_for(1)
        (outcome,) = outcomes.seen
        assert isinstance(outcome, list)
        assert [tuple(ledger.journal.entries())] == outcome
    assert len(durations) == 1


def test_what_waits_during_a_commit_shares_the_next(tmp_path: Path) -> None:
    commits: list[int] = []
    first_is_in, go_on = threading.Event(), threading.Event()

    class Slow(Ledger):
        def commit(self, wishes: Sequence[Wish]) -> list[tuple[Entry, ...]]:
            commits.append(len(wishes))
            if len(commits) == 1:
                first_is_in.set()
                assert go_on.wait(60)
            return super().commit(wishes)

    outcomes = Outcomes()
    with Slow(tmp_path, Clock()) as ledger, Writer(ledger, lambda _: None, time.perf_counter) as writer:
        writer.submit([wish(numbered(0))], outcomes)
        assert first_is_in.wait(60)
        for n in range(1, 50):
            writer.submit([wish(numbered(n))], outcomes)
        go_on.set()
        outcomes.wait_for(50)
        assert ledger.statistics().opted_out_pairs == 50
    assert commits == [1, 49]
    own = [outcome for outcome in outcomes.seen if isinstance(outcome, list) and len(outcome) == 1]
    assert [entry.pair for outcome in own for entry in outcome[0]] == [numbered(n) for n in range(50)]


def test_a_commit_that_fails_is_reported_to_everyone_in_it(tmp_path: Path) -> None:
    outcomes = Outcomes()
    with Ledger(tmp_path / "store", Clock()) as ledger, Writer(ledger, lambda _: None, time.perf_counter) as writer:
        (tmp_path / "store").rename(tmp_path / "gone")
        writer.submit([wish(numbered(1))], outcomes)
        writer.submit([wish(numbered(2))], outcomes)
        outcomes.wait_for(2)
        assert all(isinstance(outcome, LedgerError) for outcome in outcomes.seen)
        assert ledger.store.fault is not None


def test_an_unexpected_error_is_an_outcome_too_and_the_next_is_served(tmp_path: Path) -> None:
    class Failing(Ledger):
        fails = True

        def commit(self, wishes: Sequence[Wish]) -> list[tuple[Entry, ...]]:
            if self.fails:
                self.fails = False
                raise MemoryError("cannot allocate")
            return super().commit(wishes)

    outcomes = Outcomes()
    with Failing(tmp_path, Clock()) as ledger, Writer(ledger, lambda _: None, time.perf_counter) as writer:
        writer.submit([wish(numbered(1))], outcomes)
        outcomes.wait_for(1)
        writer.submit([wish(numbered(2))], outcomes)
        outcomes.wait_for(2)
    assert isinstance(outcomes.seen[0], LedgerError)
    assert isinstance(outcomes.seen[1], list)


def test_the_end_waits_for_what_was_submitted(tmp_path: Path) -> None:
    outcomes = Outcomes()
    with Ledger(tmp_path, Clock()) as ledger:
        with Writer(ledger, lambda _: None, time.perf_counter) as writer:
            for n in range(200):
                writer.submit([wish(numbered(n))], outcomes)
        assert len(outcomes.seen) == 200
        assert ledger.statistics().opted_out_pairs == 200


def test_a_wish_that_can_t_be_fulfilled_takes_no_other_with_it(tmp_path: Path) -> None:
    """A part whose reading fails, among others that share its commit."""

    class Failing(Heard):
        def __call__(self, texts: Sequence[str], is_certain: bool) -> list[Change]:
            raise RuntimeError("a rule has a fault")

    outcomes: dict[int, Outcome] = {}
    all_in = threading.Event()

    class Slow(Ledger):
        def commit(self, wishes: Sequence[Wish]) -> list[tuple[Entry, ...]]:
            assert all_in.wait(60)
            return super().commit(wishes)

    with Slow(tmp_path, Clock(), decide=decide) as ledger:
        with Writer(ledger, lambda _: None, time.perf_counter) as writer:
            for n in range(20):
                wanted: Wish = part(1, "x", Failing(), total=1, pair=numbered(n)) if n == 13 else wish(numbered(n))
                writer.submit([wanted], partial(outcomes.__setitem__, n))
            all_in.set()
        assert [n for n, outcome in outcomes.items() if isinstance(outcome, LedgerError)] == [13]
        assert list(outcomes) == list(range(20))
        assert "a rule has a fault" in str(outcomes[13])
        assert ledger.statistics().opted_out_pairs == 19


def test_what_nobody_waits_for_holds_up_nothing_that_can_not_be_fulfilled(tmp_path: Path) -> None:
    outcomes: dict[int, Outcome] = {}
    with Ledger(tmp_path, Clock()) as ledger:
        with Writer(ledger, lambda _: None, time.perf_counter) as writer:
            writer.remember([TurnedBack(Offer(numbered(1), b"fp", -1)), TurnedBack(Offer(numbered(2), b"fp", 1))])
            writer.submit([wish(numbered(3))], partial(outcomes.__setitem__, 3))
        assert not isinstance(outcomes[3], LedgerError)
        with ledger.reader() as consent:
            assert consent.was_turned_back(Offer(numbered(2), b"fp", 1))


def test_what_is_remembered_outlives_a_ledger_that_fails_beside_a_wish_that_can_t_be_fulfilled(tmp_path: Path) -> None:
    tries: list[int] = []

    class FailsOnce(Ledger):
        def commit(self, wishes: Sequence[Wish]) -> list[tuple[Entry, ...]]:
            tries.append(len(wishes))
            if len(tries) == 2:
                raise LedgerError("the disk is full")
            return super().commit(wishes)

    outcomes = Outcomes()
    with FailsOnce(tmp_path, Clock()) as ledger:
        with Writer(ledger, lambda _: None, time.perf_counter) as writer:
            writer.remember([TurnedBack(Offer(numbered(2), b"fp", 1)), TurnedBack(Offer(numbered(1), b"fp", -1))])
            writer.submit([wish(numbered(3))], outcomes)
            outcomes.wait_for(1)
            writer.submit([wish(numbered(4))], outcomes)
        with ledger.reader() as consent:
            assert consent.was_turned_back(Offer(numbered(2), b"fp", 1))


def test_what_is_remembered_is_tried_once_more_when_the_last_commit_failed(tmp_path: Path) -> None:
    class FailsFirst(Ledger):
        fails = True

        def commit(self, wishes: Sequence[Wish]) -> list[tuple[Entry, ...]]:
            if self.fails:
                self.fails = False
                raise LedgerError("the disk is full")
            return super().commit(wishes)

    with FailsFirst(tmp_path, Clock()) as ledger:
        with Writer(ledger, lambda _: None, time.perf_counter) as writer:
            writer.remember([TurnedBack(Offer(numbered(1), b"fp", 1))])
        with ledger.reader() as consent:
            assert consent.was_turned_back(Offer(numbered(1), b"fp", 1))


def test_the_oldest_that_is_remembered_gives_way_and_what_comes_during_a_commit_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("proxy.ledger.writer.MOST_REMEMBERED", 10)
    is_in, go_on = threading.Event(), threading.Event()

    class Slow(Ledger):
        def commit(self, wishes: Sequence[Wish]) -> list[tuple[Entry, ...]]:
            is_in.set()
            assert go_on.wait(60)
            return super().commit(wishes)

    offers = [Offer(numbered(n), b"fp", 1) for n in range(17)]
    with Slow(tmp_path, Clock()) as ledger:
        with Writer(ledger, lambda _: None, time.perf_counter) as writer:
            writer.remember([TurnedBack(offer) for offer in offers[:12]])
            assert is_in.wait(60)
            writer.remember([TurnedBack(offer) for offer in offers[12:]])
            go_on.set()
        with ledger.reader() as consent:
            assert [offer for offer in offers if not consent.was_turned_back(offer)] == offers[:2]
