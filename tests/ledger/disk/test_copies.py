"""Copies of the ledger's file: on disk before they count, without what consumers wrote, for the right owner."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from proxy.ledger.disk.environment import Access
from proxy.ledger.disk.files import DATA, LOCK
from tests.ledger.opening import opened
from tests.ledger.partly import Heard, part
from tests.ledger.samples import OUT, numbered, state, wish


@pytest.mark.parametrize("what", ["compact", "backup"])
def test_a_copy_is_synced_before_it_takes_its_place_and_its_folder_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    steps: list[str] = []
    real_fsync, real_replace = os.fsync, os.replace

    def fsync(descriptor: int) -> None:
        steps.append("sync " + os.path.relpath(os.readlink(f"/proc/self/fd/{descriptor}"), tmp_path))
        real_fsync(descriptor)

    def replace(old: Path, new: Path) -> None:
        steps.append(f"put {Path(new).relative_to(tmp_path)}")
        real_replace(old, new)

    with opened(tmp_path / "store", Access.CREATE) as ledger:
        ledger.commit([wish()])
        monkeypatch.setattr(os, "fsync", fsync)
        monkeypatch.setattr(os, "replace", replace)
        if what == "compact":
            ledger.store.compact()
        else:
            ledger.store.backup(tmp_path / "far" / "copy")
    folder = "store" if what == "compact" else "far/copy"
    above = [] if what == "compact" else ["sync .", "sync far"]
    assert steps == [
        *above,
        f"sync {folder}/new/data.mdb",
        f"sync {folder}/new",
        f"put {folder}/data.mdb",
        f"sync {folder}",
    ]


def test_compact_keeps_owner_and_mode(tmp_path: Path) -> None:
    if os.geteuid():
        pytest.skip("needs root, who may give files away")
    with opened(tmp_path, Access.CREATE) as ledger:
        os.chown(tmp_path / DATA, 12345, 12346)
        (tmp_path / DATA).chmod(0o640)
        ledger.store.compact()
    status = (tmp_path / DATA).stat()
    assert (status.st_uid, status.st_gid, stat.S_IMODE(status.st_mode)) == (12345, 12346, 0o640)
    (tmp_path / LOCK).unlink()
    opened(tmp_path).close()
    assert ((tmp_path / LOCK).stat().st_uid, (tmp_path / LOCK).stat().st_gid) == (12345, 12346)


def test_a_backup_holds_nothing_of_what_consumers_wrote(tmp_path: Path) -> None:
    secret, unfinished = "my card is 4111", "and my doctor says"
    with opened(tmp_path / "store", Access.CREATE) as ledger:
        ledger.commit([wish(numbered(n)) for n in range(500)])
        ledger.commit([part(1, secret, Heard())])
        ledger.commit([part(2, "x", Heard())])
        ledger.commit([part(1, unfinished, Heard(), reference=2, pair=numbered(n)) for n in range(500)])
        assert unfinished.encode() in (tmp_path / "store" / DATA).read_bytes()
        ledger.store.backup(tmp_path / "copy")
        octets = (tmp_path / "copy" / DATA).read_bytes()
        assert secret.encode() not in octets
        assert unfinished.encode() not in octets
        assert [p.name for p in (tmp_path / "copy").iterdir()] == [DATA]
        with opened(tmp_path / "copy") as copy:
            assert [state(copy, numbered(n)) for n in range(500)] == [OUT] * 500


def test_a_compacted_ledger_keeps_unfinished_replies(tmp_path: Path) -> None:
    heard = Heard()
    with opened(tmp_path, Access.CREATE) as ledger:
        ledger.commit([part(1, "ST", heard)])
        ledger.store.compact()
    with opened(tmp_path) as ledger:
        ledger.commit([part(2, "OP", heard)])
    assert heard.texts == ["STOP"]
