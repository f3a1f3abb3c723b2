"""What peers write reaches no terminal as it is: not in tables, JSON lines, logs or exports."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import structlog
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from proxy.cli.lines import json_line
from proxy.cli.status import show
from proxy.consent.numbers import Pair
from proxy.ledger.ledger import Ledger
from proxy.service.telemetry.log import Log, LogSettings
from tests.cli.running import run
from tests.e2e.peers import config
from tests.ledger.samples import Clock, wish

EVIL = "\x1b]0;owned\x07\x9b31m=cmd"


@given(st.dictionaries(st.text(), st.text()))
def test_a_json_line_says_the_same_and_steers_nothing(fields: dict[str, str]) -> None:
    line = json_line(fields)
    assert json.loads(line) == fields
    assert line.isprintable()


def test_no_command_shows_what_steers_a_terminal(tmp_path: Path) -> None:
    path = config(tmp_path, "127.0.0.1:9")
    pair = Pair(EVIL, "+15559870001")
    with Ledger(tmp_path / "store", Clock()) as ledger:
        ledger.commit([wish(pair)])
    for command in (
        ["consent", "list", "--config", str(path)],
        ["journal", "export", "--config", str(path)],
        ["journal", "export", "--format", "csv", "--config", str(path)],
        ["consent", "export", "--config", str(path)],
        ["explain", EVIL],
    ):
        done = run(*command)
        assert "owned" in done.stdout, command
        assert not [c for c in done.stdout if c in "\x1b\x07\x9b"], command


def test_status_on_a_terminal_escapes_names() -> None:
    session = {
        "session": "abc", "system_id": EVIL, "peer": "192.0.2.1:1", "route": "a", "protocol": "smpp", "bind": "",
        "age": 1, "pdus": (0, 0), "in_flight": (0, 0), "refused": 0,
    }  # fmt: skip
    target = io.StringIO()
    status = {
        "verdict": {"grade": "bad", "text": EVIL, "since": 1, "troubles": []},
        "version": "1", "now": 1, "started": 0, "routes": [], "sessions": [session],
        "changes": [], "workers": [], "history": [{"refused": 0, "changes": 0}],
        "ledger": {"pairs": 0, "opted_out_pairs": 0, "entries": 0, "used": 0},
    }  # fmt: skip
    show(status, Console(file=target, width=200))
    assert "owned" in target.getvalue()
    assert not [c for c in target.getvalue() if c in "\x1b\x07\x9b"]


def test_the_log_escapes_what_it_is_told() -> None:
    for form in ("json", "console"):
        target = io.StringIO()
        log = Log(LogSettings(format="json" if form == "json" else "console"), target)
        structlog.get_logger().warning("x", system_id=EVIL)
        log.close()
        assert "owned" in target.getvalue()
        assert not [c for c in target.getvalue() if c in "\x07\x9b"]


def test_no_cell_of_an_export_is_a_formula(tmp_path: Path) -> None:
    path = config(tmp_path, "127.0.0.1:9")
    senders = ["=1+1", "@sum", "+x", "-2", "\t=1", "'='"]
    with Ledger(tmp_path / "store", Clock()) as ledger:
        ledger.commit([wish(Pair(sender, "+15559870001")) for sender in senders])
    for command in (["journal", "export", "--format", "csv"], ["consent", "export"]):
        rows = list(csv.reader(io.StringIO(run(*command, "--config", str(path)).stdout)))
        cells = [cell for row in rows for cell in row if cell]
        assert not [cell for cell in cells if cell[0] in "=@\t" or (cell[0] in "+-" and not cell[1:].isdecimal())]
