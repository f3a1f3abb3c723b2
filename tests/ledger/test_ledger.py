"""The ledger on a real disk: durable, ordered, shared, and clear about what is wrong with it."""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import lmdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proxy.consent.entries import Entry
from proxy.consent.lookups import ConsentUnreadable
from proxy.consent.numbers import Pair
from proxy.consent.rules import State
from proxy.ledger.disk.files import LedgerError
from proxy.ledger.ledger import Ledger
from tests.ledger.samples import IN, OTHER_PAIR, OUT, PAIR, Clock, numbered, state, wish


def test_a_pair_that_nobody_spoke_of_has_no_state(ledger: Ledger) -> None:
    assert state(ledger) is None


def test_a_change_is_seen_by_readers_and_in_the_journal(ledger: Ledger) -> None:
    ((entry,),) = ledger.commit([wish()])
    assert state(ledger) is OUT
    assert state(ledger, OTHER_PAIR) is None
    assert list(ledger.journal.entries()) == [entry]
    assert (entry.sequence, entry.pair, entry.event.state) == (1, PAIR, OUT)
    assert entry.evidence == {
        "meaning": "stop",
        "matched": "stop",
        "rules": "rules-1",
        "route": "route",
        "session": "session",
        "system_id": "system",
        "carrier": "carrier:2775",
    }


def test_what_changes_nothing_leaves_no_entry(ledger: Ledger) -> None:
    assert ledger.commit([wish(state=IN)]) == [()]
    first, second = ledger.commit([wish(), wish()])
    assert (len(first), second) == (1, ())
    assert ledger.commit([wish()]) == [()]
    assert len(list(ledger.journal.entries())) == 1


def test_a_ledger_reopened_is_the_same(tmp_path: Path) -> None:
    with Ledger(tmp_path, Clock()) as ledger:
        entries = [entry for (entry,) in ledger.commit([wish(), wish(OTHER_PAIR), wish(state=IN)])]
    with Ledger(tmp_path, Clock()) as ledger:
        assert list(ledger.journal.entries()) == entries
        assert list(ledger.journal.entries(after=2)) == entries[2:]
        assert (state(ledger), state(ledger, OTHER_PAIR)) == (IN, OUT)
        assert ledger.statistics().opted_out_pairs == 1
        assert ledger.statistics().revision == 3


def test_a_reader_is_one_moment(ledger: Ledger) -> None:
    with ledger.reader() as consent:
        assert consent.state(PAIR) is None
        ledger.commit([wish()])
        assert consent.state(PAIR) is None
    assert state(ledger) is OUT


@settings(max_examples=20, deadline=None)
@given(wishes=st.lists(st.tuples(st.integers(0, 4), st.sampled_from([OUT, IN])), max_size=30), group=st.integers(1, 7))
def test_states_are_the_journal_replayed(
    tmp_path_factory: pytest.TempPathFactory, wishes: list[tuple[int, State]], group: int
) -> None:
    changes = [wish(numbered(n), s) for n, s in wishes]
    with Ledger(tmp_path_factory.mktemp("ledger"), Clock()) as ledger:
        for start in range(0, len(changes), group):
            ledger.commit(changes[start : start + group])
        replayed = {entry.pair: entry.event.state for entry in ledger.journal.entries()}
        expected: dict[Pair, State] = {}
        for change in changes:
            if change.state is OUT or change.pair in expected:
                expected[change.pair] = change.state
        assert replayed == expected
        assert {pair: state(ledger, pair) for pair in replayed} == replayed
        assert [e.sequence for e in ledger.journal.entries()] == list(range(1, ledger.statistics().revision + 1))
        assert ledger.statistics().opted_out_pairs == list(replayed.values()).count(OUT)


def test_the_map_grows_when_it_is_full(tmp_path: Path) -> None:
    with Ledger(tmp_path, Clock(), map_size=1 << 20) as ledger:
        for start in range(0, 6000, 500):
            ledger.commit([wish(numbered(n)) for n in range(start, start + 500)])
        assert ledger.statistics().map_size > 1 << 20
        assert ledger.statistics().opted_out_pairs == 6000
        assert state(ledger, numbered(5999)) is OUT


def _fill(path: Path, count: int) -> None:
    with Ledger(path, Clock(), map_size=1 << 20) as ledger:
        for start in range(0, count, 500):
            ledger.commit([wish(numbered(n)) for n in range(start, start + 500)])


def in_another_process(target: Callable[..., None], *args: object) -> None:
    process = multiprocessing.get_context("spawn").Process(target=target, args=args)
    process.start()
    process.join()
    assert process.exitcode == 0


def test_another_process_s_changes_and_growth_are_followed(tmp_path: Path) -> None:
    with Ledger(tmp_path, Clock(), map_size=1 << 20) as ledger:
        assert state(ledger, numbered(7)) is None
        in_another_process(_fill, tmp_path, 6000)
        assert state(ledger, numbered(7)) is OUT
        ((entry,),) = ledger.commit([wish(numbered(7), IN)])
        assert entry.sequence == 6001


def test_a_writer_follows_another_process_s_growth(tmp_path: Path) -> None:
    with Ledger(tmp_path, Clock(), map_size=1 << 20) as ledger:
        in_another_process(_fill, tmp_path, 6000)
        ((entry,),) = ledger.commit([wish(numbered(7), IN)])
        assert entry.sequence == 6001


def test_the_map_grows_while_others_read(tmp_path: Path) -> None:
    """A reader never sees the map move under it: it holds the gate that a resize waits for."""
    with Ledger(tmp_path, Clock(), map_size=1 << 20) as ledger:
        done = threading.Event()

        def write() -> None:
            for start in range(0, 6000, 100):
                ledger.commit([wish(numbered(n)) for n in range(start, start + 100)])
            done.set()

        thread = threading.Thread(target=write)
        thread.start()
        reader, seen = ledger.reader(), 0
        while not done.is_set():
            with reader as consent:
                seen += consent.state(numbered(seen)) is OUT
        thread.join()
        assert state(ledger, numbered(5999)) is OUT


def test_files_taken_away_are_noticed(tmp_path: Path) -> None:
    store = tmp_path / "store"
    with Ledger(store, Clock()) as ledger:
        ledger.commit([wish()])
        store.rename(tmp_path / "elsewhere")
        with pytest.raises(LedgerError, match="removed or replaced"):
            ledger.commit([wish(OTHER_PAIR)])
        ledger.store.check()
        with pytest.raises(ConsentUnreadable, match="removed or replaced"):
            state(ledger)
        (tmp_path / "elsewhere").rename(store)
        ledger.store.check()
        assert state(ledger) is OUT
        ledger.commit([wish(OTHER_PAIR)])


def test_files_replaced_by_others_are_noticed(tmp_path: Path) -> None:
    store = tmp_path / "store"
    with Ledger(store, Clock()) as ledger:
        store.rename(tmp_path / "elsewhere")
        Ledger(store, Clock()).close()
        with pytest.raises(LedgerError, match="removed or replaced"):
            ledger.commit([wish()])


@pytest.mark.parametrize("content", [b"not a database at all" * 1000, b"\0" * 8192], ids=["text", "zeroes"])
def test_a_damaged_file_is_a_clear_error(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "data.mdb").write_bytes(content)
    with pytest.raises(LedgerError, match=r"can't be opened.*restore a backup"):
        Ledger(tmp_path, Clock())


def test_a_truncated_file_is_a_clear_error(tmp_path: Path) -> None:
    with Ledger(tmp_path, Clock()) as ledger:
        ledger.commit([wish(numbered(n)) for n in range(1000)])
    data = tmp_path / "data.mdb"
    data.write_bytes(data.read_bytes()[:16384])
    with pytest.raises(LedgerError, match="damaged"):
        Ledger(tmp_path, Clock())


def test_an_emptied_file_is_not_a_new_ledger(tmp_path: Path) -> None:
    with Ledger(tmp_path, Clock()) as ledger:
        ledger.commit([wish()])
    (tmp_path / "data.mdb").write_bytes(b"")
    with pytest.raises(LedgerError, match=r"data\.mdb is empty"):
        Ledger(tmp_path, Clock())


def test_a_missing_file_beside_its_lock_is_not_a_new_ledger(tmp_path: Path) -> None:
    Ledger(tmp_path, Clock()).close()
    (tmp_path / "data.mdb").unlink()
    with pytest.raises(LedgerError, match=r"is gone.*restore a backup"):
        Ledger(tmp_path, Clock())


def test_a_ledger_of_another_schema_is_refused(tmp_path: Path) -> None:
    Ledger(tmp_path, Clock()).close()
    with lmdb.open(str(tmp_path), max_dbs=16) as env, env.begin(write=True) as txn:
        txn.put(b"schema", b"99", db=env.open_db(b"meta", txn=txn))
    with pytest.raises(LedgerError, match="newer version"):
        Ledger(tmp_path, Clock())


def test_every_commit_is_an_fsync(ledger: Ledger) -> None:
    flags = ledger.store.env.flags()
    assert flags["sync"]
    assert flags["metasync"]
    assert not flags["writemap"]


def test_a_write_that_fails_is_remembered_until_one_succeeds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Ledger(tmp_path, Clock()) as ledger:
        with monkeypatch.context() as patch:
            patch.setattr(ledger.store, "_write_once", _raise(lmdb.DiskError("no space left")))
            with pytest.raises(LedgerError, match="no space left"):
                ledger.commit([wish()])
        assert ledger.store.write_fault is not None
        assert state(ledger) is None
        ledger.commit([wish()])
        assert ledger.store.write_fault is None


LOOKS: list[Callable[[Ledger], object]] = [
    lambda ledger: ledger.statistics().pairs,
    lambda ledger: len(list(ledger.pairs.records())),
    lambda ledger: len(list(ledger.pairs.records(business=PAIR.business))),
    lambda ledger: len(list(ledger.journal.entries())),
    lambda ledger: len(ledger.history(PAIR)),
    lambda ledger: 1 if ledger.pairs.is_indexed(PAIR) and ledger.refusals(PAIR) is None else 0,
]


@pytest.mark.parametrize("look", LOOKS)
def test_a_ledger_that_is_opened_anew_meanwhile_is_read_all_the_same(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, look: Callable[[Ledger], object]
) -> None:
    """Handles of databases are those of the environment that is read, not of the one before."""
    reading = ledger.store.reading

    @contextmanager
    def reopened() -> Iterator[lmdb.Transaction[bytes]]:
        ledger.store.panicked()
        ledger.store.check()
        with reading() as txn:
            yield txn

    ledger.commit([wish()])
    monkeypatch.setattr(ledger.store, "reading", reopened)
    assert look(ledger) == 1


def test_after_a_panic_the_ledger_is_opened_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Ledger(tmp_path, Clock()) as ledger:
        ledger.commit([wish()])
        before = ledger.store.env
        with monkeypatch.context() as patch:
            patch.setattr(ledger.store, "_write_once", _raise(lmdb.PanicError("environment had fatal error")))
            with pytest.raises(LedgerError):
                ledger.commit([wish(OTHER_PAIR)])
        ledger.store.check()
        assert ledger.store.env is not before
        assert (state(ledger), ledger.store.write_fault) == (OUT, None)
        ledger.commit([wish(OTHER_PAIR)])


def test_statistics_and_journal_follow_another_process_s_growth(tmp_path: Path) -> None:
    with Ledger(tmp_path, Clock(), map_size=1 << 20) as ledger:
        in_another_process(_fill, tmp_path, 6000)
        assert ledger.statistics().opted_out_pairs == 6000
        assert sum(1 for _ in ledger.journal.entries()) == 6000


def _raise(error: Exception) -> Callable[..., list[tuple[Entry, ...]]]:
    def fail(*_: object) -> list[tuple[Entry, ...]]:
        raise error

    return fail


def test_a_path_that_is_a_file_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(LedgerError, match="can't be opened"):
        Ledger(tmp_path / "file" / "store", Clock())


def test_the_files_are_for_their_owner_only(tmp_path: Path) -> None:
    with Ledger(tmp_path / "store", Clock()):
        assert (tmp_path / "store").stat().st_mode & 0o077 == 0
        assert (tmp_path / "store" / "data.mdb").stat().st_mode & 0o077 == 0


def test_closing_twice_closes_nobody_elses_file(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "store", Clock())
    ledger.close()
    with (tmp_path / "another").open("w") as another:
        ledger.close()
        another.write("still open")
