"""Whenever the power is cut, what was acknowledged is there afterwards, and the next start works (promise 3)."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from proxy.ledger.disk.environment import Access
from proxy.ledger.ledger import Ledger
from proxy.ledger.upkeep.verify import faults
from tests.ledger.power.disk import Disk, put, read_steps
from tests.ledger.samples import OUT, Clock, numbered, state

SOURCE = Path(__file__).with_name("recorder.c")

BEGINNING = """
import sys
from pathlib import Path
from proxy.ledger.ledger import Ledger
from proxy.service.telemetry.logkey import log_key
from tests.ledger.samples import OUT, Clock, numbered, state, wish
root, log = Path(sys.argv[1]), Path(sys.argv[2])
store, said = root / "var" / "consent", (root / "said").open("ab", buffering=0)

def say(what):
    said.write(f"{what}\\n".encode())
"""

LIFE = """
with Ledger(store, Clock()) as ledger:
    say(f"key {log_key(store).hex()}")
    for n in range(4):
        ledger.commit([wish(numbered(n))])
        say(f"stop {n}")
    ledger.store.backup(root / "backups" / "first")
    say("backup 3")
    ledger.store.compact()
with Ledger(store, Clock()) as ledger:
    for n in range(4, 6):
        ledger.commit([wish(numbered(n))])
        say(f"stop {n}")
"""

EIO = """
from proxy.ledger.disk.files import LedgerError
with Ledger(store, Clock()) as ledger:
    ledger.commit([wish(numbered(0))])
    say("stop 0")
    fail = Path(f"{log}.fail")
    fail.touch()
    try:
        ledger.commit([wish(numbered(1))])
    except LedgerError:
        fail.unlink()
    ledger.store.check()
    assert state(ledger, numbered(1)) is OUT  # it arrived after all, where everybody can see it
    assert ledger.commit([wish(numbered(1))]) == [()]  # the carrier tries again, and that is acknowledged
    say("stop 1")
"""

KILLED = """
import subprocess
KILLED = '''
import sys
from pathlib import Path
from proxy.ledger.ledger import Ledger
from tests.ledger.samples import Clock, numbered, wish
with Ledger(Path(sys.argv[1]), Clock()) as ledger:
    Path(sys.argv[2]).touch()
    ledger.commit([wish(numbered(1))])
'''
with Ledger(store, Clock()) as ledger:
    ledger.commit([wish(numbered(0))])
    say("stop 0")
    kill = Path(f"{log}.kill")
    assert subprocess.run([sys.executable, "-c", KILLED, str(store), str(kill)]).returncode == -9
    kill.unlink()
    assert ledger.commit([wish(numbered(1))]) == [()]  # another worker finds that it is so already
    say("stop 1")
"""


@pytest.fixture(scope="module")
def recorder() -> Iterator[Path]:
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None or sys.platform != "linux":
        pytest.skip("needs Linux and a C compiler")
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "recorder.so"
        command = [compiler, "-shared", "-fPIC", "-U_FILE_OFFSET_BITS", "-o", str(library), str(SOURCE), "-ldl"]
        subprocess.run(command, check=True)
        yield library


@pytest.fixture
def place() -> Iterator[Path]:
    """Where disks are made: in memory if that can be had, since there are hundreds."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as folder:
        yield Path(folder)


@pytest.mark.parametrize("life", [LIFE, EIO, KILLED], ids=["life", "eio", "killed"])
def test_a_power_cut_at_any_step_loses_nothing_that_was_acknowledged(recorder: Path, place: Path, life: str) -> None:
    root, log = place / "root", place / "log"
    root.mkdir()
    environment = {**os.environ, "LD_PRELOAD": str(recorder), "RECORD_ROOT": str(root), "RECORD_LOG": str(log)}
    subprocess.run([sys.executable, "-c", BEGINNING + life, str(root), str(log)], env=environment, check=True)
    chance, disk, said, made = random.Random(1), Disk(), b"", 0
    seen: set[int] = set()
    for step in read_steps(log):
        disk.take(step)
        if step.path == "said":
            said += step.octets
        for image in disk.images(chance):
            image.pop("said", None)
            key = hash((frozenset(image.items()), said))
            if key in seen:
                continue
            seen.add(key)
            made += 1
            after = place / "after"
            put_anew(image, after)
            check(after, said.decode().split("\n")[:-1])
    assert said.count(b"stop") == (6 if life is LIFE else 2)
    print(f"{made} disks")


def put_anew(image: dict[str, bytes | None], after: Path) -> None:
    shutil.rmtree(after, ignore_errors=True)
    after.mkdir()
    put(image, after)


def check(root: Path, said: list[str]) -> None:
    """Whether all that was said is so, on a disk that a power cut left, and whether the next start works."""
    store = root / "var" / "consent"
    with Ledger(store, Clock()) as ledger:
        assert list(faults(ledger)) == []
        for what, value in (line.split() for line in said):
            if what == "stop":
                assert state(ledger, numbered(int(value))) is OUT, value
            elif what == "key":
                assert (store / "log-key").read_bytes().hex() == value
            else:
                with Ledger(root / "backups" / "first", Clock(), access=Access.READ) as copy:
                    assert state(copy, numbered(int(value))) is OUT
