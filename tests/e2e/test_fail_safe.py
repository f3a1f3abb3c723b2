"""Promise 4 with real disks: nothing silently open when consent can't be read or written."""

from __future__ import annotations

import resource
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from proxy.simulator.process import ProxyProcess
from proxy.smpp import pdu, write
from tests.disks import disk
from tests.e2e.peers import A, B, C, Link, config, link

RINVDSTADR, RMSGQFUL, RX_T_APPN = 0x0B, 0x14, 0x64


def deliver_until_turned_back(talk: Link, limit: int = 20_000) -> int:
    """STOPs from ever more consumers until one can't be recorded; returns how many were."""
    for n in range(limit):
        frame = write.deliver_sm(write.address(f"1555{n:07}"), A, b"STOP", sequence=n + 1)
        talk.smsc.send(frame)
        talk.smsc.sock.setblocking(True)
        if _answered_by_proxy(talk):
            assert talk.smsc.read() == pdu.refusal(pdu.DELIVER_SM, RX_T_APPN, n + 1)
            return n
        assert talk.esme.take() == frame
        talk.smsc.read()
    raise AssertionError("the disk never filled")


def _answered_by_proxy(talk: Link) -> bool:
    """Whether the SMSC has something to read before the platform has: then the proxy turned it back."""
    import select

    readable, _, _ = select.select([talk.smsc.sock, talk.esme.sock], [], [], 60)
    assert readable
    return readable == [talk.smsc.sock]


def assert_fails_safe(talk: Link, recorded: int) -> None:
    """What was recorded is in force, other submits go on, and a STOP is not passed on."""
    assert recorded > 10
    last = write.address(f"1555{recorded - 1:07}")
    assert talk.esme.submit(destination=last) == RINVDSTADR
    talk.esme.send(write.submit_sm(A, C, b"hello", sequence=99))
    assert talk.smsc.read() == write.submit_sm(A, C, b"hello", sequence=99)
    assert talk.proxy.wait_for("consent_not_recorded")["level"] == "error"


def test_a_file_size_limit_turns_stops_back_until_it_is_lifted(tmp_path: Path) -> None:
    if not shutil.which("prlimit"):
        pytest.skip("needs prlimit, of util-linux")
    with link(tmp_path, prefix=("prlimit", f"--fsize={256 * 1024}:unlimited")) as talk:
        recorded = deliver_until_turned_back(talk)
        assert_fails_safe(talk, recorded)
        resource.prlimit(
            talk.proxy.worker_pid(),
            resource.RLIMIT_FSIZE,
            (resource.RLIM_INFINITY, resource.RLIM_INFINITY),
        )
        talk.stop()
        assert talk.esme.submit() == RINVDSTADR


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 300 KiB."""
    with disk(tmp_path / "tiny", "300k") as path:
        yield path


def test_a_full_disk_turns_stops_back_until_there_is_room(tiny_disk: Path) -> None:
    ballast = tiny_disk / "ballast"
    ballast.write_bytes(bytes(100 * 1024))
    with link(tiny_disk) as talk:
        recorded = deliver_until_turned_back(talk)
        assert_fails_safe(talk, recorded)
        ballast.unlink()
        talk.stop()
        assert talk.esme.submit() == RINVDSTADR


def test_a_store_that_was_taken_away_refuses_until_it_is_back(tmp_path: Path) -> None:
    with link(tmp_path) as talk:
        (tmp_path / "store").rename(tmp_path / "elsewhere")
        stop = write.deliver_sm(B, A, b"STOP", sequence=3)
        talk.smsc.send(stop)
        assert talk.smsc.read() == pdu.refusal(pdu.DELIVER_SM, RX_T_APPN, 3)
        assert talk.esme.submit() == RMSGQFUL
        assert "removed or replaced" in talk.proxy.wait_for("consent_not_recorded")["reason"]
        talk.proxy.wait_for("consent_unreadable")
        (tmp_path / "elsewhere").rename(tmp_path / "store")
        talk.smsc.send(stop)
        assert talk.esme.take() == stop
        assert talk.esme.submit() == RINVDSTADR


def test_a_damaged_ledger_at_start_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "data.mdb").write_bytes(b"this is not a ledger" * 1000)
    proxy = ProxyProcess(config(tmp_path, "127.0.0.1:9"))
    assert proxy.wait() == 1
    (line,) = proxy.events
    assert "can't be opened" in line["line"]
    assert "restore a backup" in line["line"]


def test_an_address_in_use_at_start_is_a_clear_error(tmp_path: Path) -> None:
    with link(tmp_path) as talk:
        (tmp_path / "2").mkdir()
        path = config(tmp_path / "2", "127.0.0.1:9")
        path.write_text(path.read_text().replace("127.0.0.1:0", "{}:{}".format(*talk.proxy.address())))
        second = ProxyProcess(path)
        assert second.wait() == 1
        assert "route test: can't listen on" in repr(second.events)
