"""A number is forgotten: nothing says it any more, and the rest can be verified, whatever was pruned or goes on."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import lmdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proxy.consent.entries import Event, faults_of_chain
from proxy.consent.numbers import Pair
from proxy.consent.refusals import Refusals
from proxy.consent.wishes import Offer, TurnedBack
from proxy.ledger.ledger import Ledger
from proxy.ledger.tables.databases import NUMBER
from proxy.ledger.upkeep import retention
from proxy.ledger.upkeep.forgetting import forget, tombstones
from proxy.ledger.upkeep.verify import faults
from tests.ledger.samples import IN, ORIGIN, OUT, PAIR, Clock, numbered, state, wish

DAY = 86_400_000_000
WHY = {"operator": "root", "note": "a new owner"}


def found(ledger: Ledger) -> list[str]:
    return [*faults(ledger), *faults_of_chain(ledger.journal.entries(), ledger.journal.checkpoint())]


def test_nothing_says_the_number_any_more(tmp_path: Path) -> None:
    digits = PAIR.consumer[1:].encode()
    with Ledger(tmp_path / "store", Clock()) as ledger:
        ledger.commit([wish(), wish(PAIR, IN), wish(), wish(numbered(7)), Refusals(PAIR, 3, 0, 1, 2)])
        ledger.commit([TurnedBack(Offer(PAIR, b"12345678", 1))])
        done = forget(ledger, PAIR.consumer, WHY)
        assert done is not None
        assert (done.pairs, done.entries, done.tombstone.evidence["entries"]) == (1, 3, "1,2,3")
        assert state(ledger) is None
        assert ledger.refusals(PAIR) is None
        assert found(ledger) == []
        assert ledger.statistics().opted_out_pairs == 1
        assert [entry.sequence for entry in tombstones(ledger, PAIR.consumer)] == [5]
        assert list(tombstones(ledger, numbered(7).consumer)) == []
        assert forget(ledger, PAIR.consumer, WHY) is None, "nothing is known of it any more"
        ledger.store.compact()
    assert digits not in (tmp_path / "store" / "data.mdb").read_bytes()


def test_the_new_owner_begins_anew(tmp_path: Path) -> None:
    with Ledger(tmp_path / "store", Clock()) as ledger:
        ledger.commit([wish()])
        forget(ledger, PAIR.consumer, WHY)
        ((entry,),) = ledger.commit([wish()])
        assert (entry.before, state(ledger)) == (0, OUT)
        assert [each.sequence for each in ledger.history(PAIR)] == [entry.sequence]
        assert found(ledger) == []


def test_an_entry_that_was_blanked_without_a_tombstone_is_a_fault(tmp_path: Path) -> None:
    with Ledger(tmp_path / "store", Clock()) as ledger:
        ledger.commit([wish(numbered(n)) for n in range(3)])
        forget(ledger, numbered(2).consumer, WHY)
        entry = next(iter(ledger.journal.entries()))
        ledger.store.write(lambda writing: ledger.journal.blank(writing, entry, 4))
        assert "revision 1: was blanked, and revision 4, which should say so, does not" in found(ledger)


def test_the_hash_of_a_blanked_entry_is_still_part_of_the_chain(tmp_path: Path) -> None:
    with Ledger(tmp_path / "store", Clock()) as ledger:
        ledger.commit([wish(), wish(numbered(1))])
        forget(ledger, PAIR.consumer, WHY)
        blanked = next(iter(ledger.journal.entries()))
        forged = blanked._replace(hash="00" * 32).blanked(3)
        ledger.store.write(lambda writing: writing.txn.put(NUMBER.pack(1), forged, db=ledger.store.databases.journal))
        assert any("revision 2: its hash does not fit" in each for each in found(ledger))


def test_what_was_cut_off_before_the_checkpoint_was_made_anew_is_mended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()
    with Ledger(tmp_path / "store", clock) as ledger:
        ledger.commit([wish(numbered(n)) for n in range(3)])
        clock.now += 40 * DAY
        retention.apply(ledger, 30, "test")

        def full(*_: object) -> None:
            raise lmdb.DiskError("no room")

        with monkeypatch.context() as patched:
            patched.setattr("proxy.ledger.upkeep.forgetting.vouch_again", full)
            with pytest.raises(lmdb.DiskError):
                forget(ledger, numbered(1).consumer, WHY)
        assert any("are not those that the checkpoint" in each for each in found(ledger))
        retention.apply(ledger, 30, "test")
        assert found(ledger) == []


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("say"), st.integers(0, 3), st.integers(0, 2), st.sampled_from((OUT, IN))),
        st.tuples(st.just("forget"), st.integers(0, 2)),
        st.tuples(st.just("prune"), st.integers(0, 20)),
        st.tuples(st.just("wait"), st.integers(1, 10)),
    ),
    max_size=25,
)


@settings(max_examples=60, deadline=None)
@given(STEPS)
def test_whatever_happens_the_ledger_agrees_with_itself(steps: list[tuple[object, ...]]) -> None:
    clock, known = Clock(), {}
    with TemporaryDirectory() as folder, Ledger(Path(folder) / "store", clock) as ledger:
        for step in steps:
            match step:
                case ("say", int(business), int(consumer), wanted):
                    pair = Pair(f"+1555123000{business}", f"+1555987000{consumer}")
                    ledger.commit([wish(pair, wanted)])  # type: ignore[arg-type]
                    if wanted is OUT or pair in known:
                        known[pair] = wanted
                case ("forget", int(consumer)):
                    number = f"+1555987000{consumer}"
                    forget(ledger, number, WHY)
                    known = {pair: is_so for pair, is_so in known.items() if pair.consumer != number}
                case ("prune", int(days)):
                    retention.apply(ledger, days, "test")
                case ("wait", int(days)):
                    clock.now += days * DAY
            assert found(ledger) == []
            assert {record.pair: record.state for record in ledger.pairs.records()} == known
        shown = {entry.pair.consumer for entry in ledger.journal.entries() if entry.event is not Event.BLANKED}
        assert shown <= {"", *(pair.consumer for pair in known)}


def test_it_is_signed_by_whoever_did_it(tmp_path: Path) -> None:
    with Ledger(tmp_path / "store", Clock()) as ledger:
        ledger.commit([wish()])
        done = forget(ledger, PAIR.consumer, WHY)
        assert done is not None
        assert {"operator": "root", "note": "a new owner"}.items() <= done.tombstone.evidence.items()
        assert ORIGIN.system_id not in str(done.tombstone.evidence)
