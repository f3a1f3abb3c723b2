"""``consent-proxy load``: what it prints."""

from __future__ import annotations

import json
from collections.abc import Callable

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
