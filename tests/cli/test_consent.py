"""The commands over the ledger, as operators type them; an import that is killed, run again, is exact."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from proxy.ledger.disk.environment import Access
from proxy.ledger.ledger import Ledger
from proxy.ledger.upkeep.verify import faults
from tests.cli.running import run
from tests.e2e.peers import config, link
from tests.ledger.samples import Clock, numbered, wish

LIST = "business,consumer\n15551230001,15559870001\nbad line\nVANSO,+447700900123\n"


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    Ledger(tmp_path / "store", Clock()).close()
    return config(tmp_path, "127.0.0.1:9")


def lines(result: Any) -> list[dict[str, object]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_set_get_and_history(settings: Path) -> None:
    pair = ("555 123 0001", "+1 555 987 0001")
    assert lines(run("consent", "get", *pair, "--config", settings))[0]["state"] == "no_record"
    assert run("consent", "set", *pair, "opted_out", "--config", settings).exit_code == 2
    assert run("consent", "set", *pair, "opted_out", "--note", " ", "--config", settings).exit_code == 1
    assert run("consent", "set", *pair, "opted_out", "--note", "wrote a letter", "--config", settings).exit_code == 0
    (fields,) = lines(run("consent", "get", *pair, "--json", "--config", settings))
    assert (fields["business"], fields["state"], fields["revision"]) == ("+15551230001", "opted_out", 1)
    (entry,) = lines(run("consent", "history", *pair, "--config", settings))
    assert entry["note"] == "wrote a letter"
    assert entry["operator"]


def test_a_pair_whose_group_is_opted_out_may_not_be_texted(tmp_path: Path) -> None:
    settings = config(tmp_path, "127.0.0.1:9", more='[[group]]\nname = "sale"\nnumbers = ["+1555123*"]\n')
    run("consent", "set", "⟨sale⟩", "15559870001", "opted_out", "--note", "a letter", "--config", settings)
    (fields,) = lines(run("consent", "get", "15551230001", "15559870001", "--config", settings))
    assert (fields["state"], fields["group"], fields["group_state"]) == ("no_record", "⟨sale⟩", "opted_out")
    assert fields["may_be_texted"] is False
    (fields,) = lines(run("consent", "get", "15559990001", "15559870001", "--config", settings))
    assert fields["may_be_texted"] is True


def test_the_journal_is_pruned_as_the_settings_say(tmp_path: Path) -> None:
    settings = config(tmp_path, "127.0.0.1:9")
    with Ledger(tmp_path / "store", Clock(1)) as ledger:
        ledger.commit([wish(numbered(n)) for n in range(3)])
    kept = run("journal", "prune", "--config", settings)
    assert (kept.exit_code, kept.stderr) == (1, "[store] journal_days is 0: all entries are kept\n")
    settings.write_text(settings.read_text() + "journal_days = 30\n")
    assert run("journal", "prune", "--config", settings).stdout == "3 entries older than 30 days removed\n"
    (entry,) = lines(run("journal", "export", "--config", settings))
    assert (entry["change"], entry["through"]) == ("checkpoint", "3")
    assert run("journal", "export", "--format", "csv", "--config", settings).exit_code == 0
    for command in (("consent", "verify"), ("journal", "verify")):
        assert run(*command, "--config", settings).exit_code == 0


def test_import_names_faults_by_line_and_takes_the_rest(settings: Path, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text(LIST)
    dry = run("consent", "import", tmp_path / "list.csv", "--dry-run", "--config", settings)
    assert lines(run("consent", "list", "--config", settings)) == []
    result = run("consent", "import", tmp_path / "list.csv", "--config", settings)
    assert (dry.exit_code, result.exit_code) == (1, 1)
    assert "list.csv: line 3: has 1 columns" in result.stderr
    assert "2 lines taken, 2 changed something; 1 lines are faulty" in result.stdout
    assert len(lines(run("consent", "list", "--config", settings))) == 2
    assert len(lines(run("consent", "list", "--business", "vanso", "--config", settings))) == 1
    for option in ("--business", "--consumer"):
        result = run("consent", "list", option, "\t", "--config", settings)
        assert (result.exit_code, result.stdout, option[2:] in result.stderr) == (1, "", True), result.stderr
    exported = run("consent", "export", "--config", settings).stdout.splitlines()
    assert exported[0] == "business,consumer,opted_out_at"
    assert [line.split(",")[:2] for line in exported[1:]] == [
        ["+15551230001", "+15559870001"],
        ["vanso", "+447700900123"],
    ]


def test_the_journal_is_verified_and_exported(settings: Path, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text(LIST.replace("bad line\n", ""))
    assert run("consent", "import", tmp_path / "list.csv", "--config", settings).exit_code == 0
    assert "the chain holds" in run("journal", "verify", "--config", settings).stdout
    assert len(lines(run("journal", "export", "--config", settings))) == 2
    assert len(run("journal", "export", "--format", "csv", "--config", settings).stdout.splitlines()) == 3
    assert lines(run("journal", "export", "--to", "2001-01-01", "--config", settings)) == []
    assert run("journal", "export", "--from", "yesterday", "--config", settings).exit_code == 1


def test_verify_backup_and_compact(settings: Path, tmp_path: Path) -> None:
    assert run("consent", "backup", tmp_path / "copy", "--config", settings).exit_code == 0
    assert run("consent", "backup", tmp_path / "copy", "--config", settings).exit_code == 1
    assert run("consent", "verify", tmp_path / "copy", "--config", settings).exit_code == 0
    assert run("consent", "compact", "--config", settings).exit_code == 0
    assert run("consent", "verify", "--config", settings).exit_code == 0


def test_without_a_ledger_none_is_made(tmp_path: Path) -> None:
    result = run("consent", "list", "--config", config(tmp_path, "127.0.0.1:9"))
    assert result.exit_code == 1
    assert "there is no ledger" in result.stderr
    assert not (tmp_path / "store").exists()


def test_a_list_can_be_loaded_before_the_first_start(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text(LIST.replace("bad line\n", ""))
    settings = config(tmp_path, "127.0.0.1:9")
    assert run("consent", "import", tmp_path / "list.csv", "--config", settings).exit_code == 0
    assert len(lines(run("consent", "list", "--config", settings))) == 2


def test_what_is_no_number_is_refused_by_every_command(settings: Path) -> None:
    for command in (["get"], ["history"]):
        result = run("consent", *command, "15551230001", "Bob", "--config", settings)
        said = 'consumer: "Bob" is not a telephone number\n'
        assert (result.exit_code, result.stderr) == (1, said)
    result = run("consent", "import", "nofile.csv", "--config", settings)
    assert (result.exit_code, result.stderr) == (1, "nofile.csv: No such file or directory\n")


def test_a_ledger_in_use_is_not_compacted(tmp_path: Path) -> None:
    with link(tmp_path) as talk:
        result = run("consent", "compact", "--config", next(tmp_path.glob("*.toml")))
        assert result.exit_code == 1
        assert "stop the proxy first" in result.stderr
        talk.stop()
        assert talk.esme.submit() == 0x0B


def test_what_an_operator_sets_is_in_force_in_a_running_proxy(tmp_path: Path) -> None:
    with link(tmp_path) as talk:
        settings = tmp_path / f"{talk.bare.address.rpartition(':')[2]}.toml"
        done = run(
            "consent", "set", "15551230001", "15559870001", "opted_out", "--note", "by phone", "--config", settings
        )
        assert done.exit_code == 0
        assert talk.esme.submit() == 0x0B


@pytest.mark.timeout(600)
def test_an_import_that_is_killed_and_run_again_is_exact(settings: Path, tmp_path: Path) -> None:
    """Twelve kills at random instants; in the end every line is in, once, and the ledger agrees with itself."""
    count = 60_000
    numbers = random.Random(5).sample(range(2_000_000_000, 9_999_999_999), count)
    (tmp_path / "list.csv").write_text("business,consumer\n" + "".join(f"15551230001,1{n}\n" for n in numbers))
    command = [
        sys.executable,
        "-m",
        "proxy",
        "consent",
        "import",
        str(tmp_path / "list.csv"),
        "--config",
        str(settings),
    ]
    random_ = random.Random(6)
    for _ in range(12):
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
            wait_for_growth(tmp_path / "store" / "data.mdb", random_.randrange(1, 3_000_000), process)
            process.send_signal(signal.SIGKILL)
    assert subprocess.run(command, check=False, capture_output=True).returncode == 0
    with Ledger(tmp_path / "store", Clock()) as ledger:
        assert list(faults(ledger)) == []
        assert {record.pair.consumer for record in ledger.pairs.records()} == {f"+1{n}" for n in numbers}
        assert ledger.statistics().revision == count


def wait_for_growth(data: Path, size: int, process: subprocess.Popen[bytes]) -> None:
    """Until the file has grown by so much, or the import is over."""
    target = data.stat().st_size + size
    while process.poll() is None and data.stat().st_size < target:
        pass


def test_on_a_read_only_disk_all_that_only_looks_works_and_says_how(settings: Path, tmp_path: Path) -> None:
    pair = ("15551230001", "15559870001")
    assert run("consent", "set", *pair, "opted_out", "--note", "a letter", "--config", settings).exit_code == 0
    store = tmp_path / "store"
    (store / "lock.mdb").unlink()
    with read_only(store):
        for command in (
            ("consent", "get", *pair),
            ("consent", "list"),
            ("consent", "history", *pair),
            ("consent", "export"),
            ("consent", "verify"),
            ("consent", "verify", str(store)),
            ("journal", "verify"),
            ("journal", "export"),
        ):
            result = run(*command, "--config", settings)
            assert (result.exit_code, result.stdout != "") == (0, True), command
            assert "read without a lock" in result.stderr
        result = run("consent", "set", *pair, "opted_in", "--note", "a letter", "--config", settings)
        assert result.exit_code == 1
        assert "Read-only file system" in result.stderr


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Nothing can be written in this folder, by nobody."""
    bind = ["mount", "--bind", str(folder), str(folder)]
    if os.geteuid() or subprocess.run(bind, capture_output=True, check=False).returncode:
        pytest.skip("needs the right to mount")
    try:
        subprocess.run(["mount", "-o", "remount,bind,ro", str(folder)], check=True)
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_who_may_read_and_not_write_can_look() -> None:
    """Somebody of the group of the files, in a folder that is not theirs."""
    if os.geteuid():
        pytest.skip("needs root, who may be anybody")
    with tempfile.TemporaryDirectory() as name:
        store = Path(name) / "store"
        with Ledger(store, Clock()) as ledger:
            ledger.commit([wish()])
        for path in (store.parent, store):
            path.chmod(0o755)
        (store / "data.mdb").chmod(0o644)
        os.seteuid(65534)
        try:
            with Ledger(store, Clock(), access=Access.READ) as ledger:
                assert ledger.store.is_locked is False
                assert ledger.statistics().opted_out_pairs == 1
        finally:
            os.seteuid(0)


def test_an_export_is_for_its_owner_only(settings: Path, tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        assert run("consent", "export", tmp_path / "out.csv", "--config", settings).exit_code == 0
    finally:
        os.umask(before)
    assert (tmp_path / "out.csv").stat().st_mode & 0o777 == 0o600


def test_a_list_of_a_spreadsheet_with_decimal_commas_is_read_from_standard_input(settings: Path) -> None:
    text = "\ufeffSender;Mobile;Date\n15551230001;+15559870001;2026-11-01\n15551230002;+15559870002;\n"
    result = run("consent", "import", "-", "--config", settings, feed=text)
    assert result.stdout == "2 lines taken, 2 changed something; 0 lines are faulty\n"
    assert len(lines(run("consent", "list", "--config", settings))) == 2
