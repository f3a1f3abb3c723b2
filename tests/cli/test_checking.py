"""``check`` opens what ``run`` would open, and every command finds the configuration in the same way."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from proxy.ledger.ledger import Ledger
from tests.cli.running import run
from tests.e2e.mms import mms_config
from tests.e2e.peers import config
from tests.ledger.samples import Clock


def test_the_configuration_is_named_by_option_by_variable_or_in_front(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Ledger(tmp_path / "store", Clock()).close()
    path = config(tmp_path, "127.0.0.1:9")
    for command in ("check", "consent list", "journal verify"):
        for option in ("--config", "-c"):
            assert run(*command.split(), option, path).exit_code == 0
    assert run("check", path).exit_code == 0
    monkeypatch.setenv("CONSENT_PROXY_CONFIG", str(path))
    for command in ("check", "consent list", "journal verify", "consent verify"):
        assert run(*command.split()).exit_code == 0
    assert "no [cluster]" in run("cluster", "status").stderr


def test_without_any_it_is_said_where_it_was_looked_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("proxy.cli.failing.CONFIG", Path("/etc/consent-proxy/proxy.toml"))
    if Path("/etc/consent-proxy/proxy.toml").exists():
        pytest.skip("this machine has a configuration")
    said = run("consent", "list").stderr
    assert said.startswith("/etc/consent-proxy/proxy.toml: file: can't be read")
    assert "--config, or in $CONSENT_PROXY_CONFIG" in said


def test_a_ledger_that_a_start_would_not_take_is_a_fault(tmp_path: Path) -> None:
    path = config(tmp_path, "127.0.0.1:9")
    assert "made at the first start" in run("check", path).stdout
    Ledger(tmp_path / "store", Clock()).close()
    assert "0 pairs, journal kept for ever" in run("check", path).stdout
    (tmp_path / "store" / "data.mdb").write_bytes(b"junk" * 4096)
    result = run("check", path)
    assert (result.exit_code, "store.path: the ledger in" in result.stderr) == (1, True)
    (tmp_path / "store" / "data.mdb").unlink()
    assert "is gone" in run("check", path).stderr


def test_names_of_carriers_and_taken_addresses_are_warnings(tmp_path: Path) -> None:
    path = config(tmp_path, "no-such-host.invalid:2775")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = "{}:{}".format(*taken.getsockname())
        path.write_text(path.read_text().replace('listen = "127.0.0.1:0"', f'listen = "{address}"'))
        result = run("check", path)
    assert result.exit_code == 0
    assert "warning: route test: carrier no-such-host.invalid:2775 can't be looked up" in result.stderr
    assert f"warning: route test: can't listen on {address} now: Address already in use" in result.stderr


def test_routes_of_mm7_say_which_way_they_go(tmp_path: Path) -> None:
    path = mms_config(tmp_path, ("127.0.0.1", 19080), ("127.0.0.1", 19081), keys='services = { svc1 = "15551230001" }')
    done = run("check", "--config", str(path))
    assert "route mms-out: MM7, platform to MMSC, 127.0.0.1:0 -> 127.0.0.1:19080" in done.stdout
    assert "service svc1 = +15551230001" in done.stdout
    assert "route mms-in: MM7, MMSC to platform, 127.0.0.1:0 -> 127.0.0.1:19081" in done.stdout
    assert "not heard" not in done.stderr
    path.write_text(path.read_text().replace('direction = "outbind"\n', ""))
    assert 'no route of MM7 has direction = "outbind"' in run("check", "--config", str(path)).stderr
