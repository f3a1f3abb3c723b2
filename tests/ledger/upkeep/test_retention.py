"""The journal kept only so long: what goes, what stays, and that the rest can still be verified."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import lmdb
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from proxy.consent.entries import Event, faults_of_chain, hash_of_states
from proxy.consent.rules import State
from proxy.consent.wishes import Claim
from proxy.ledger.ledger import Ledger
from proxy.ledger.tables import journal as journal_store
from proxy.ledger.tables.records import Kept
from proxy.ledger.upkeep import retention
from proxy.ledger.upkeep.verify import faults
from tests.ledger.confirming import stop
from tests.ledger.samples import IN, ORIGIN, OUT, Clock, numbered, wish

DAY = 86_400_000_000


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ledger(tmp_path: Path, clock: Clock) -> Iterator[Ledger]:
    """Ten days, two pairs opted out on each; the first of them came back on the last day."""
    with Ledger(tmp_path / "store", clock) as ledger:
        for day in range(10):
            ledger.commit([wish(numbered(2 * day)), wish(numbered(2 * day + 1))])
            clock.now += DAY
        ledger.commit([wish(numbered(0), IN)])
        yield ledger


def found(ledger: Ledger) -> list[str]:
    return [*faults(ledger), *faults_of_chain(ledger.journal.entries(), ledger.journal.checkpoint())]


def test_old_entries_go_and_states_stay(ledger: Ledger) -> None:
    before = list(ledger.pairs.records())
    assert retention.apply(ledger, 5.5, "me") == 10
    assert list(ledger.pairs.records()) == before
    first, *_, last = ledger.journal.entries()
    assert (first.sequence, last.event, last.evidence["operator"]) == (11, Event.CHECKPOINT, "me")
    assert last.evidence["note"] == "entries older than 5.5 days removed"
    assert found(ledger) == []


def test_it_is_done_once(ledger: Ledger) -> None:
    retention.apply(ledger, 5.5, "me")
    assert retention.apply(ledger, 5.5, "me") == 0
    assert sum(entry.event is Event.CHECKPOINT for entry in ledger.journal.entries()) == 1


def test_nothing_goes_while_nothing_is_old(ledger: Ledger) -> None:
    assert retention.apply(ledger, 30, "me") == 0
    assert ledger.journal.checkpoint() is None


def test_even_the_last_entry_and_an_older_checkpoint_may_go(ledger: Ledger, clock: Clock) -> None:
    retention.apply(ledger, 5, "me")
    clock.now += 100 * DAY
    assert retention.apply(ledger, 5, "me") == 12
    (entry,) = ledger.journal.entries()
    assert entry.event is Event.CHECKPOINT
    assert found(ledger) == []
    ledger.commit([wish(numbered(5), IN), wish(numbered(99))])
    assert found(ledger) == []
    assert [e.event for e in ledger.history(numbered(5))] == [Event.OPTED_IN]


@pytest.mark.parametrize("interrupted", ["before any entry goes", "in between"])
def test_an_interrupted_removal_can_be_verified_and_goes_on(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, interrupted: str
) -> None:
    monkeypatch.setattr(journal_store, "_REMOVED_AT_ONCE", 3)
    ledger.journal.sign_off(8, _states_up_to(ledger, 8))
    if interrupted == "in between":
        assert ledger.store.write(ledger.journal._remove_some) == 3
    left = ledger.statistics().entries
    assert left == (22 - 3 if interrupted == "in between" else 22)
    assert found(ledger) == []
    assert retention.apply(ledger, 1000, "me") == left - 14
    assert found(ledger) == []


def _states_up_to(ledger: Ledger, through: int) -> dict[str, str]:
    pairs, states = hash_of_states(
        (r.pair, r.state, r.sequence) for r in ledger.pairs.records() if r.sequence <= through
    )
    return {"at": str(ledger.statistics().revision), "pairs": str(pairs), "states": states, "operator": "me"}


def _opt_in(txn: lmdb.Transaction[bytes], env: lmdb.Environment) -> None:
    pairs = env.open_db(b"pairs", txn=txn)
    txn.put(numbered(3).key, Kept(State.OPTED_IN, 4, 5).octets(), db=pairs)
    txn.put(b"opted_out_pairs", (18).to_bytes(8, "big"), db=env.open_db(b"meta", txn=txn))


def _drop_an_entry(txn: lmdb.Transaction[bytes], env: lmdb.Environment) -> None:
    txn.delete((11).to_bytes(8, "big"), db=env.open_db(b"journal", txn=txn))


def _drop_the_checkpoint(txn: lmdb.Transaction[bytes], env: lmdb.Environment) -> None:
    txn.delete(b"checkpoint", db=env.open_db(b"meta", txn=txn))


@pytest.mark.parametrize("tamper", [_opt_in, _drop_an_entry, _drop_the_checkpoint])
def test_tampering_behind_a_checkpoint_is_noticed(
    ledger: Ledger, tamper: Callable[[lmdb.Transaction[bytes], lmdb.Environment], None]
) -> None:
    retention.apply(ledger, 5.5, "me")
    assert found(ledger) == []
    with ledger.store.env.begin(write=True) as txn:
        tamper(txn, ledger.store.env)
    assert found(ledger)


steps = st.lists(
    st.one_of(
        st.tuples(st.just("change"), st.integers(0, 3), st.sampled_from([OUT, IN])),
        st.tuples(st.just("confirmable"), st.integers(0, 3), st.just(OUT)),
        st.tuples(st.just("claim"), st.integers(0, 3), st.just(OUT)),
        st.tuples(st.just("retain"), st.integers(0, 3), st.just(OUT)),
    ),
    max_size=40,
)


@settings(max_examples=60, deadline=None)
@given(steps)
@example([("confirmable", 0, OUT), ("retain", 0, OUT), ("claim", 0, OUT)])
def test_whatever_happens_in_between_it_can_be_verified(steps: list[tuple[str, int, State]]) -> None:
    clock = Clock()
    with TemporaryDirectory() as folder, Ledger(Path(folder), clock) as ledger:
        for what, n, state in steps:
            clock.now += 60_000_000
            if what == "change":
                ledger.commit([wish(numbered(n), state)])
            elif what == "confirmable":
                ledger.commit([stop(numbered(n))])
            elif what == "claim":
                ledger.commit([Claim(numbered(n), numbered(n).business, ORIGIN)])
            else:
                retention.apply(ledger, timedelta(minutes=2 * n) / timedelta(days=1), "me")
            assert found(ledger) == []
