"""``consent-proxy load``: what it prints."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from typer.testing import CliRunner

from proxy.cli.app import app
from proxy.simulator.running import Running
from tests.e2e.peers import BareSmsc


def test_the_command_prints_a_table_or_json(play: Callable[..., Running]) -> None:
    smsc = play(fault=[{"action": "queue_full", "every": 2}])
    words = ["load", f"{smsc.host}:{smsc.port}", "--duration", "0.3"]
    found = json.loads(CliRunner().invoke(app, [*words, "--json"]).stdout)
    assert found["answered"] == found["sent"] == sum(found["statuses"].values())
    assert abs(found["statuses"]["ESME_RMSGQFUL"] - found["statuses"]["ESME_ROK"]) <= 1
    shown = CliRunner().invoke(app, words).stdout
    for part in ("a second", "ESME_RMSGQFUL", "50 %", "█"):
        assert part in shown
    with BareSmsc() as bare:
        address = bare.address
    result = CliRunner().invoke(app, ["load", address])
    assert (result.exit_code, "attempts to connect" in result.stderr) == (1, True)


def test_a_list_of_opted_out_pairs_is_read_as_import_reads_it(play: Callable[..., Running], tmp_path: Path) -> None:
    path, smsc = tmp_path / "list.csv", play()
    words = ["load", f"{smsc.host}:{smsc.port}", "--duration", "0.3", "--share", "1", "--opted-out", str(path)]
    path.write_text("short_code,phone\n+1 555 123 9999,+1 (555) 000-0001\n")
    assert CliRunner().invoke(app, words).exit_code == 0
    sent = {(each.source.digits, each.destination.digits) for each in smsc.smsc.stored.values()}
    assert sent == {(b"15551239999", b"15550000001")}
    for text, problem in (("a,b\n1,2,3\n", "list.csv"), ("business,consumer\n1,no\n", "line 2"), ("", "list.csv")):
        path.write_text(text)
        result = CliRunner().invoke(app, words)
        assert (result.exit_code, problem in result.stderr) == (1, True), result.stderr
