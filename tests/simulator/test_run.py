"""``consent-proxy simulate``: what it is told, and what it prints."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

import trio
from trio.testing import MockClock
from typer.testing import CliRunner

from proxy.cli.app import app
from proxy.ledger.ledger import Ledger
from proxy.simulator.process import ProxyProcess
from proxy.simulator.run import talk as handsets_talk
from proxy.simulator.smsc.smsc import Smsc
from proxy.smpp.pdu import STATUSES
from tests.e2e.peers import Esme, config


@contextmanager
def simulator(*options: str) -> Iterator[tuple[str, IO[str]]]:
    """``consent-proxy simulate`` as a process: its address, and the lines that it prints from then on."""
    command = [sys.executable, "-m", "proxy", "simulate", "--listen", "127.0.0.1:0", "--control", "", *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        (address,) = re.findall(r"on (\S+)", process.stdout.readline())
        yield address, process.stdout
    finally:
        process.kill()
        process.communicate()


def test_handsets_write_at_a_rate_and_some_say_stop(tmp_path: Path) -> None:
    with (
        simulator("--mo-rate", "300", "--stop-share", "0.2", "--quiet") as (address, _),
        ProxyProcess(config(tmp_path, address)) as proxy,
    ):
        host, port = proxy.address()
        result = CliRunner().invoke(app, ["load", f"{host}:{port}", "--duration", "1", "--rate", "50", "--json"])
        found = json.loads(result.stdout)
        assert found["delivered"] > 100
        assert found["sent"] == found["answered"]
    with Ledger(tmp_path / "store", lambda: 0) as ledger:
        assert 0.05 < ledger.statistics().opted_out_pairs / found["delivered"] < 0.5


def test_a_scenario_is_played_by_its_name_and_every_pdu_printed() -> None:
    with simulator("--scenario", "busy") as (address, lines):
        host, port = address.split(":")
        with Esme((host, int(port))) as client:
            assert [client.submit() for _ in range(5)] == [0, 0, 0, 0, STATUSES["ESME_RMSGQFUL"]]
        printed = [lines.readline() for _ in range(12)]
    assert [line.split()[2:4] for line in printed] == [
        ["->", "bind_transceiver"],
        ["<-", "bind_transceiver_resp"],
        *[["->", "submit_sm"], ["<-", "submit_sm_resp"]] * 5,
    ]
    assert "15551230001 to 15559870001: " in printed[2]
    assert "ESME_RMSGQFUL" in printed[-1]


def test_a_port_that_is_taken_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        taken = f"127.0.0.1:{server.getsockname()[1]}"
        for words in (["--listen", taken, "--control", ""], ["--listen", "127.0.0.1:0", "--control", taken]):
            result = CliRunner().invoke(app, ["simulate", *words])
            assert result.exit_code == 1
            assert f"can't listen on {taken}" in result.stderr
            assert "in use" in result.stderr


def test_an_address_or_scenario_that_is_none(tmp_path: Path) -> None:
    for words in (["--listen", "nowhere"], ["--scenario", str(tmp_path / "none.toml")]):
        result = CliRunner().invoke(app, ["simulate", *words])
        assert (result.exit_code, bool(result.stderr)) == (1, True)


async def test_what_was_due_before_somebody_was_bound_is_not_made_up_for(autojump_clock: MockClock) -> None:
    """A receiver that binds after a minute gets ten messages a second, and not six hundred at once."""
    smsc = LateReceiver()
    with trio.move_on_after(61.05):
        await handsets_talk(cast(Smsc, smsc), 10, 0.0)
    assert 8 <= smsc.delivered <= 11


class LateReceiver:
    """What handsets see of an SMSC whose only receiver is bound after a minute."""

    def __init__(self) -> None:
        self.bound: list[str] = []
        self.delivered = 0

    def receivers(self) -> list[str]:
        return self.bound

    async def wait_for(self, condition: object) -> None:
        await trio.sleep(60)
        self.bound.append("one")

    async def deliver(self, *args: object, **fields: object) -> None:
        self.delivered += 1
