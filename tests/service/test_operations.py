"""What operations are given: units, alert rules and a dashboard, each checked by the tool that it is for."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from proxy.cli.app import app
from proxy.cli.status import show
from proxy.service.telemetry.metrics import METRICS, PREFIX
from tests.e2e.asking import get
from tests.e2e.peers import config, link
from tests.net.ports import closed_port

CONFIG = Path("config")


def tool(name: str, package: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"needs {name}, of Debian's {package}")
    return found


def run(*command: str | Path, feed: bytes = b"") -> str:
    done = subprocess.run([*map(str, command)], input=feed, capture_output=True)
    said = (done.stdout + done.stderr).decode()
    assert done.returncode == 0, said
    return said


def test_prometheus_finds_nothing_to_complain_of_in_the_metrics(tmp_path: Path) -> None:
    promtool = tool("promtool", "prometheus")
    with link(tmp_path, admin=True) as talk:
        talk.stop()
        talk.esme.submit()
        metrics = get(talk.proxy, "/metrics")
    assert run(promtool, "check", "metrics", feed=metrics) == ""


def test_the_alert_rules_are_right_and_their_tests_pass() -> None:
    promtool = tool("promtool", "prometheus")
    assert "SUCCESS" in run(promtool, "check", "rules", CONFIG / "prometheus/alerts.yml")
    assert "SUCCESS" in run(promtool, "test", "rules", CONFIG / "prometheus/alerts_test.yml")


def named(text: str) -> set[str]:
    """The metrics that a text names, as the table has them."""
    return {re.sub("_(bucket|sum|count)$", "", name) for name in re.findall(rf"\b{PREFIX}(\w+)", text)}


def test_dashboard_and_rules_name_only_metrics_that_there_are() -> None:
    dashboard = json.loads((CONFIG / "grafana/consent-proxy.json").read_text())
    queries = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    assert len(queries) > 15
    assert all(named(query) for query in queries)
    rules = (CONFIG / "prometheus/alerts.yml").read_text()
    assert named(" ".join(queries) + rules) <= set(METRICS)


def test_the_units_are_right_and_the_service_is_confined(tmp_path: Path) -> None:
    analyze = tool("systemd-analyze", "systemd")
    units = []
    for name in ("consent-proxy.service", "consent-proxy.socket"):
        text = (CONFIG / "systemd" / name).read_text()
        installed = text.replace("/opt/consent-proxy/bin/consent-proxy", shutil.which("true") or "/bin/true")
        (tmp_path / name).write_text(installed)
        units.append(tmp_path / name)
    assert run(analyze, "verify", *units) == ""
    drop_in = tmp_path / "consent-proxy.service.d"
    drop_in.mkdir()
    for name in ("transparent.conf", "credentials.conf"):
        shutil.copy(CONFIG / "systemd" / name, drop_in)
        assert run(analyze, "verify", *units) == ""
    run(analyze, "security", "--offline=yes", "--threshold=20", units[0])


def test_the_drop_in_grants_the_one_capability_and_nothing_else() -> None:
    lines = (CONFIG / "systemd" / "transparent.conf").read_text().splitlines()
    assert [line for line in lines if line and line[0] not in "#["] == [
        "AmbientCapabilities=CAP_NET_ADMIN",
        "CapabilityBoundingSet=CAP_NET_ADMIN",
        "PrivateUsers=no",
    ]


def test_all_that_is_said_about_the_service_names_the_same_paths() -> None:
    """README, units, drop-ins, scripts and the configuration's example; the unit decides."""
    unit = (CONFIG / "systemd/consent-proxy.service").read_text()
    ((program, configuration),) = re.findall(r"(?m)^ExecStart=(\S+) run (\S+)$", unit)
    loaded = dict(re.findall(r"(?m)^LoadCredential=(\S+):(\S+)$", (CONFIG / "systemd/credentials.conf").read_text()))
    (state,) = re.findall(r"(?m)^StateDirectory=(\S+)$", unit)
    (runtime,) = re.findall(r"(?m)^RuntimeDirectory=(\S+)$", unit)
    (etc,) = re.findall(r"(?m)^ConfigurationDirectory=(\S+)$", unit)
    venv = program.removesuffix("/bin/consent-proxy")
    right = {
        *(program, configuration, *loaded.values(), venv, f"{venv}/bin/pip", f"/etc/{etc}"),
        *(f"/var/lib/{state}", f"/var/lib/{state}/ledger", f"/run/{runtime}/admin.sock"),
    }
    texts = [Path("README.md"), *CONFIG.rglob("*.*"), *Path("scripts").iterdir()]
    named = {
        (str(text), path.rstrip(".,;:/"))
        for text in texts
        for path in re.findall(r"/(?:etc|opt|run|var/lib)/consent-proxy[\w./-]*", text.read_text())
    }
    assert {path for _, path in named} <= right, sorted(each for each in named if each[1] not in right)
    for text in ("README.md", "config/systemd/consent-proxy.service", "config/proxy.toml"):
        assert (text, f"/var/lib/{state}/ledger") in named
    credentials = {name for text in texts for name in re.findall(r"credential:([\w.]+)", text.read_text())}
    assert credentials == loaded.keys()
    assert ("config/README.md", loaded["tokens"]) in named


def test_the_service_waits_longer_than_a_drain_takes() -> None:
    unit = (CONFIG / "systemd/consent-proxy.service").read_text()
    (seconds,) = re.findall(r"(?m)^TimeoutStopSec=(\d+)$", unit)
    assert int(seconds) > 30 + 3 * 5 + 10


def test_the_status_command_prints_what_the_page_shows(tmp_path: Path) -> None:
    port = closed_port().port
    more = f'[admin]\nlisten = "127.0.0.1:{port}"\n'
    path = config(tmp_path, "127.0.0.1:9", more=more)
    result = CliRunner().invoke(app, ["status", "--config", str(path)])
    assert result.exit_code == 1
    assert result.stderr.startswith(f"no proxy answers on 127.0.0.1:{port}: ")
    with link(tmp_path, more=more) as talk:
        talk.stop()
        assert talk.esme.submit() == 0x0B
        console = Console(width=120, file=io.StringIO())
        show(json.loads(get(talk.proxy, "/status")), console)
        shown = console.file.getvalue()  # type: ignore[attr-defined]
        for part in (
            "ready",
            "up",
            "platform",
            "transceiver",
            "opted_out",
            "refused since the start: 1",
            "1 opted out",
        ):
            assert part in shown
        found = json.loads(CliRunner().invoke(app, ["status", "--json", "--config", str(path)]).stdout)
        assert found["sessions"][0]["refused"] == 1


def test_every_alert_is_seen_to_fire_and_to_be_silent_where_nothing_is_known() -> None:
    names = re.findall(r"- alert: (\w+)", (CONFIG / "prometheus/alerts.yml").read_text())
    tests = (CONFIG / "prometheus/alerts_test.yml").read_text()
    seen = re.findall(r'alertname: (\w+),?\s+exp_alerts:|alertname="(\w+)"', tests)
    assert {name for each in seen for name in each if name} == set(names)
    from_nothing = tests.partition("- name: it is gone")[2].partition("- name: the first event")[0]
    assert set(re.findall(r"alertname: (\w+)", from_nothing)) == set(names)
