"""The ledger's files: created once, whole, by those who may; others are refused; a copy counts when it is synced."""

from __future__ import annotations

import os
import resource
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import lmdb
import pytest

from proxy.consent.lookups import ConsentUnreadable
from proxy.ledger import store
from proxy.ledger.disk.environment import Access
from proxy.ledger.disk.files import DATA, LOCK, LedgerError, look_at, make_folder
from proxy.ledger.ledger import Ledger
from tests.disks import disk
from tests.ledger.opening import opened
from tests.ledger.samples import OTHER_PAIR, OUT, Clock, numbered, state, wish

PAGE = 4096


# Who may create one.


@pytest.mark.parametrize("access", [Access.WRITE, Access.READ])
def test_only_who_may_create_creates(tmp_path: Path, access: Access) -> None:
    (tmp_path / "empty").mkdir()
    for path in (tmp_path / "none", tmp_path / "empty"):
        with pytest.raises(LedgerError, match=r"there is no ledger in .*mounted"):
            opened(path, access)
    assert not (tmp_path / "none").exists()
    assert list((tmp_path / "empty").iterdir()) == []


def test_a_ledger_is_told_from_every_other(tmp_path: Path) -> None:
    with opened(tmp_path / "a", Access.CREATE) as a, opened(tmp_path / "b", Access.CREATE) as b:
        assert len(a.store.mark.ledger) == 32
        assert a.store.mark.ledger != b.store.mark.ledger
        mark = a.store.mark
    with opened(tmp_path / "a") as again:
        assert again.store.mark[:3] == mark[:3]


def test_a_ledger_of_before_there_were_ids_gets_one(tmp_path: Path) -> None:
    opened(tmp_path, Access.CREATE).close()
    with lmdb.open(str(tmp_path), max_dbs=32) as env, env.begin(write=True) as txn:
        txn.delete(b"id", db=env.open_db(b"meta", txn=txn))
    with opened(tmp_path, Access.READ) as ledger:
        assert ledger.store.mark.ledger == ""
    with opened(tmp_path) as ledger:
        assert len(ledger.store.mark.ledger) == 32


@pytest.mark.parametrize(
    "what",
    ["nothing", "another ledger", "an empty folder", "an older copy", "an older copy in its place", "its older self"],
)
def test_who_expects_a_ledger_opens_no_other(tmp_path: Path, what: str) -> None:
    path, access = tmp_path / "store", Access.CREATE
    with opened(path, Access.CREATE) as ledger:
        ledger.store.backup(tmp_path / "backup")
        ledger.commit([wish()])
        if what == "its older self":
            shutil.copyfile(path / DATA, tmp_path / "backup" / DATA)
        ledger.commit([wish(OTHER_PAIR)])
        expected = ledger.store.mark
    if what in ("an older copy in its place", "its older self"):
        shutil.copyfile(tmp_path / "backup" / DATA, path / DATA)
    else:
        path.rename(tmp_path / "away")
    if what == "another ledger":
        opened(path, Access.CREATE).close()
    elif what == "an empty folder":
        path.mkdir()
    elif what == "an older copy":
        shutil.copytree(tmp_path / "backup", path)
    before = sorted(path.iterdir()) if path.exists() else None
    with pytest.raises(LedgerError, match="put them back or restart"):
        Ledger(path, Clock(), access=access, expected=expected)
    assert (sorted(path.iterdir()) if path.exists() else None) == before
    shutil.rmtree(path, ignore_errors=True)
    if (tmp_path / "away").exists():
        (tmp_path / "away").rename(path)
        with Ledger(path, Clock(), access=Access.WRITE, expected=expected) as again:
            assert state(again) is OUT


CREATOR = """
import sys
from pathlib import Path
from proxy.ledger.ledger import Ledger
from tests.ledger.samples import numbered, wish
sys.stdin.read()  # until all have started
with Ledger(Path(sys.argv[1]), lambda: 1_790_000_000_000_000) as ledger:
    assert ledger.commit([wish(numbered(int(sys.argv[2])))])[0]
    print(ledger.store.mark.ledger)
"""


def test_of_several_that_start_at_once_one_creates_and_the_others_open(tmp_path: Path) -> None:
    for turn in range(8):
        path = tmp_path / str(turn) / "store"
        command = [sys.executable, "-c", CREATOR, str(path)]
        group = [
            subprocess.Popen([*command, str(n)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            for n in range(4)
        ]
        for each in group:
            assert each.stdin
            each.stdin.close()
            each.stdin = None
        said = [each.communicate() for each in group]
        assert [each.returncode for each in group] == [0] * 4, said
        assert len({out for out, _ in said}) == 1
        with opened(path) as ledger:
            assert [state(ledger, numbered(n)) for n in range(4)] == [OUT] * 4


def test_what_an_interrupted_creation_left_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / DATA).write_bytes(b"\0" * 100)
    with opened(tmp_path, Access.CREATE) as ledger:
        ledger.commit([wish()])
    assert sorted(p.name for p in tmp_path.iterdir()) == [DATA, LOCK]


def test_all_folders_that_are_made_are_synced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[Path] = []
    monkeypatch.setattr("proxy.ledger.disk.files.sync", synced.append)
    make_folder(tmp_path / "a" / "b" / "c")
    assert synced == [tmp_path, tmp_path / "a", tmp_path / "a" / "b"]
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o700


# What is no ledger.


def test_a_file_that_holds_nothing_of_ours_is_no_empty_ledger(tmp_path: Path) -> None:
    with lmdb.open(str(tmp_path), max_dbs=4) as env, env.begin(write=True) as txn:
        txn.put(b"x", b"y", db=env.open_db(b"somebody's", txn=txn))
    for access in Access:
        with pytest.raises(LedgerError, match="holds nothing of a ledger"):
            opened(tmp_path, access)


def test_a_flipped_bit_after_compact_makes_no_empty_ledger(tmp_path: Path) -> None:
    """The newer of two meta pages is lost: the older one must name the states too."""
    with opened(tmp_path, Access.CREATE) as ledger:
        ledger.commit([wish()])
        ledger.store.compact()
    octets = bytearray((tmp_path / DATA).read_bytes())
    newer = max((int.from_bytes(octets[at + 144 : at + 152], "little"), at) for at in (0, PAGE))[1]
    octets[newer + 144 : newer + 152] = bytes(8)
    (tmp_path / DATA).write_bytes(octets)
    with opened(tmp_path, Access.READ) as ledger:
        assert state(ledger) is OUT


# While it is in use.


@pytest.mark.parametrize("of", ["itself", "itself, byte by byte", "another"])
def test_a_copy_over_a_ledger_in_use_is_noticed(tmp_path: Path, of: str) -> None:
    path = tmp_path / "store"
    with opened(path, Access.CREATE) as ledger:
        ledger.commit([wish(numbered(n)) for n in range(2000)])
        if of == "itself":
            ledger.store.backup(tmp_path / "backup")
        elif of != "another":
            shutil.copytree(path, tmp_path / "backup")
        else:
            with opened(tmp_path / "other", Access.CREATE) as other:
                for n in range(50):
                    other.commit([wish(numbered(n))])
            shutil.copytree(tmp_path / "other", tmp_path / "backup")
        ledger.commit([wish()])
        ledger.store.check()  # as the writer does behind every commit
        inode = (path / DATA).stat().st_ino
        with (path / DATA).open("r+b") as file:
            file.write((tmp_path / "backup" / DATA).read_bytes())
        assert (path / DATA).stat().st_ino == inode
        ledger.store.check()
        assert "overwritten" in (ledger.store.fault or "")
        with pytest.raises(ConsentUnreadable, match="overwritten"):
            state(ledger)
        with pytest.raises(LedgerError, match="overwritten"):
            ledger.commit([wish(OTHER_PAIR)])


def test_a_file_that_is_cut_short_while_in_use_is_noticed_without_touching_it(tmp_path: Path) -> None:
    with opened(tmp_path, Access.CREATE) as ledger:
        ledger.commit([wish(numbered(n)) for n in range(2000)])
        with (tmp_path / DATA).open("r+b") as file:
            file.truncate(4 * PAGE)
        ledger.store.check()
        assert "cut short" in (ledger.store.fault or "")
        with pytest.raises(ConsentUnreadable, match="cut short"):
            state(ledger)


READER_THAT_DIES = """
import os, sys, signal
from pathlib import Path
from proxy.ledger.ledger import Ledger
ledger = Ledger(Path(sys.argv[1]), lambda: 1)
with ledger.reader() as consent:
    consent.recorded([b"x"])
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_killed_reader_does_not_make_the_file_grow_for_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "DEAD_READERS_EVERY", 0.0)
    with opened(tmp_path, Access.CREATE) as ledger:
        with subprocess.Popen([sys.executable, "-c", READER_THAT_DIES, str(tmp_path)]) as dying:
            dying.wait()
        assert f" {dying.pid} " in ledger.store.env.readers()
        ledger.store.check()
        assert f" {dying.pid} " not in ledger.store.env.readers()


# A disk that can't be written.


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 2 MiB."""
    with disk(tmp_path / "small", "2m") as path:
        yield path


def test_on_a_full_disk_a_missing_lock_file_is_an_error_and_no_signal(small_disk: Path) -> None:
    path = small_disk / "store"
    with opened(path, Access.CREATE) as ledger:
        ledger.commit([wish()])
    (path / LOCK).unlink()
    fill(small_disk / "ballast")
    command = [sys.executable, "-c", CREATOR, str(path), "7"]
    done = subprocess.run(command, input="", capture_output=True, text=True, check=False)
    assert done.returncode == 1, done
    assert "No space left" in done.stderr
    with opened(path, Access.READ) as ledger:
        assert (state(ledger), ledger.store.is_locked) == (OUT, False)


def fill(path: Path) -> None:
    with path.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(PAGE))


def test_on_a_read_only_disk_it_can_be_looked_at(small_disk: Path) -> None:
    path = small_disk / "store"
    with opened(path, Access.CREATE) as ledger:
        ledger.commit([wish()])
    for with_lock in (True, False):
        if not with_lock:
            (path / LOCK).unlink()
        subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
        try:
            with opened(path, Access.READ) as ledger:
                assert (state(ledger), ledger.store.is_locked) == (OUT, False)
            with pytest.raises(LedgerError, match=r"write access|Read-only"):
                opened(path)
        finally:
            subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)


def test_who_only_reads_changes_nothing(tmp_path: Path) -> None:
    with opened(tmp_path, Access.CREATE) as ledger:
        ledger.commit([wish()])
    before = (tmp_path / DATA).read_bytes()
    with opened(tmp_path, Access.READ) as ledger:
        assert (state(ledger), ledger.store.is_locked) == (OUT, True)
        with pytest.raises(LedgerError):
            ledger.commit([wish(OTHER_PAIR)])
    assert (tmp_path / DATA).read_bytes() == before


def test_a_ledger_of_an_older_version_that_lacks_a_database_can_be_read(tmp_path: Path) -> None:
    with opened(tmp_path, Access.CREATE) as ledger:
        ledger.commit([wish()])
    with lmdb.open(str(tmp_path), max_dbs=32) as env, env.begin(write=True) as txn:
        txn.drop(env.open_db(b"refusals", txn=txn), delete=True)
    with opened(tmp_path, Access.READ) as ledger:
        assert state(ledger) is OUT


def test_a_process_without_file_descriptors_goes_on_writing_and_reading(tmp_path: Path) -> None:
    with opened(tmp_path, Access.CREATE) as ledger:
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (0, hard))
        try:
            (entries,) = ledger.commit([wish()])
            ledger.store.check()
            fault, found = ledger.store.fault, state(ledger)
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert (len(entries), fault, found) == (1, None, OUT)


def test_a_file_that_grows_during_the_look_is_not_cut_short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pread = os.pread

    def grows_meanwhile(descriptor: int, size: int, place: int) -> bytes:
        if place == PAGE:
            monkeypatch.undo()
            for n in range(2):  # each writes one of the two meta pages
                ledger.commit([wish(numbered(m)) for m in range(1000 * n, 1000 * n + 1000)])
        return pread(descriptor, size, place)

    with opened(tmp_path, Access.CREATE) as ledger:
        ledger.commit([wish()])
        monkeypatch.setattr(os, "pread", grows_meanwhile)
        look = look_at(tmp_path)
    assert look is not None
    assert look.is_whole


def test_a_look_sees_what_lmdb_sees(tmp_path: Path) -> None:
    with opened(tmp_path, Access.CREATE) as ledger:
        for n in range(5):
            ledger.commit([wish(numbered(n))])
            look = look_at(tmp_path)
            assert look is not None
            assert (look.transaction, look.is_whole) == (ledger.store.env.info()["last_txnid"], True)
    (tmp_path / DATA).write_bytes(b"short")
    look = look_at(tmp_path)
    assert look is not None
    assert (look.transaction, look.is_whole) == (0, False)
