"""A ledger whose folder is away, or another's: nobody makes an empty one in its place, nothing passes (promise 4)."""

from __future__ import annotations

import os
import shutil
import signal
from pathlib import Path

import pytest

from proxy.ledger.ledger import Ledger
from proxy.service.telemetry.logkey import log_key
from proxy.simulator.process import ProxyProcess
from tests.e2e.peers import Esme, config, link
from tests.e2e.reloading import reload, rewrite
from tests.ledger.samples import Clock

RINVDSTADR = 0x0B


def put_in_place(store: Path, what: str) -> None:
    if what == "an empty folder":
        store.mkdir()
    elif what == "another ledger":
        Ledger(store, Clock()).close()


@pytest.mark.parametrize("what", ["nothing", "an empty folder", "another ledger"])
def test_a_replaced_worker_opens_what_its_supervisor_opened_or_fails(tmp_path: Path, what: str) -> None:
    store = tmp_path / "store"
    with link(tmp_path) as talk:
        talk.stop()
        ready = sum(event["event"] == "worker_ready" for event in talk.proxy.events)
        store.rename(tmp_path / "away")
        put_in_place(store, what)
        before = sorted(store.iterdir()) if store.exists() else None
        os.kill(talk.proxy.worker_pid(), signal.SIGKILL)
        assert "put them back or restart" in talk.proxy.wait_for("worker_failed")["reason"]
        assert (sorted(store.iterdir()) if store.exists() else None) == before
        with Esme(talk.proxy.address(), bind=False) as waiting:
            shutil.rmtree(store, ignore_errors=True)
            (tmp_path / "away").rename(store)
            talk.proxy.wait_for_another("worker_ready", ready)
            with talk.bare.accept_bind(waiting):
                assert waiting.submit() == RINVDSTADR


def test_a_new_generation_makes_no_ledger_either(tmp_path: Path) -> None:
    with link(tmp_path, more="[workers]\ncount = 1\n") as talk:
        (path,) = tmp_path.glob("*.toml")
        (tmp_path / "store").rename(tmp_path / "away")
        rewrite(path, "count = 1", "count = 2")
        assert "put them back or restart" in reload(talk.proxy, "reload_refused")["reason"]
        assert not (tmp_path / "store").exists()
        (tmp_path / "away").rename(tmp_path / "store")
        reload(talk.proxy)


def test_a_start_creates_only_if_the_settings_allow_it(tmp_path: Path) -> None:
    path = config(tmp_path, "127.0.0.1:9")
    path.write_text(path.read_text() + "create = false\n")
    proxy = ProxyProcess(path)
    assert proxy.wait() == 1
    assert "there is no ledger" in repr(proxy.events)
    assert not (tmp_path / "store").exists()
    rewrite(path, "create = false", "create = true")
    with ProxyProcess(path):
        assert (tmp_path / "store" / "data.mdb").exists()
    rewrite(path, "create = true", "create = false")
    with ProxyProcess(path) as proxy:
        assert proxy.stop() == 0


@pytest.mark.parametrize("left", [b"", bytes(32)], ids=["empty", "zeroes"])
def test_a_log_key_that_a_power_cut_left_is_made_anew(tmp_path: Path, left: bytes) -> None:
    (tmp_path / "log-key").write_bytes(left)
    key = log_key(tmp_path)
    assert len(key.strip(b"\0")) > 16
    assert log_key(tmp_path) == key
    assert [path.name for path in tmp_path.iterdir()] == ["log-key"]
    assert (tmp_path / "log-key").stat().st_mode & 0o077 == 0
