"""The commands, as they are typed."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from pathlib import Path

from typer.testing import CliRunner

from proxy.cli.app import app
from tests.config.smallest import SMALLEST

RUNNER = CliRunner()


def test_check_says_what_a_configuration_sets_up(tmp_path: Path) -> None:
    path = tmp_path / "proxy.toml"
    path.write_text(SMALLEST)
    result = RUNNER.invoke(app, ["check", str(path)])
    assert result.exit_code == 0
    assert "carrier-a: 127.0.0.1:2775 -> 127.0.0.1:2776" in result.output


def test_check_lists_every_fault(tmp_path: Path) -> None:
    path = tmp_path / "proxy.toml"
    path.write_text('[store]\npath = "x"\nsize = 1\n[[route]]\nname = "a"\n')
    result = RUNNER.invoke(app, ["check", str(path)])
    assert result.exit_code == 1
    lines = result.stderr.splitlines()
    assert [line.split(": ")[1] for line in lines] == ["route[0].listen", "route[0].carrier", "store.size"]


def test_explain_says_what_replies_mean(tmp_path: Path) -> None:
    result = RUNNER.invoke(app, ["explain", "Stop!!", "see you at the bus stop"])
    assert [json.loads(line) for line in result.stdout.splitlines()] == [
        {"text": "Stop!!", "meaning": "stop", "matched": "stop", "effect": "opt_out"},
        {"text": "see you at the bus stop", "meaning": "other", "matched": "", "effect": "opt_in"},
    ]


def test_explain_reads_lines_and_follows_the_configuration(tmp_path: Path) -> None:
    path = tmp_path / "proxy.toml"
    path.write_text(SMALLEST + '[consent]\nresume = "keyword"\nstop_phrases = ["ditch my digits"]\n')
    result = RUNNER.invoke(app, ["explain", "--config", str(path)], input="hi\nplease ditch my digits\n")
    effects = [json.loads(line)["effect"] for line in result.stdout.splitlines()]
    assert effects == ["no_change", "opt_out"]


def test_explain_follows_the_languages_that_a_configuration_expects(tmp_path: Path) -> None:
    path = tmp_path / "proxy.toml"
    path.write_text(SMALLEST + '[consent]\nlanguages = ["es"]\n')
    result = RUNNER.invoke(app, ["explain", "--config", str(path), "aufhören", "no me manden mas mensajes"])
    assert [json.loads(line)["meaning"] for line in result.stdout.splitlines()] == ["unclear", "stop"]


def test_explain_shows_what_a_reply_is_under_other_settings(tmp_path: Path) -> None:
    path = tmp_path / "proxy.toml"
    path.write_text(SMALLEST.replace("[store]", 'more_stop_words = ["ciao"]\n\n[store]'))
    result = RUNNER.invoke(app, ["explain", "--settings", "--config", str(path), "ciao", "aufhören"])
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert [(row["text"], row["settings"], row["meaning"], row["effect"]) for row in rows] == [
        ("ciao", 'all routes, resume = "any-reply"', "other", "opt_in"),
        ("ciao", 'all routes, resume = "keyword"', "other", "no_change"),
        ("ciao", 'route carrier-a, resume = "any-reply"', "stop", "opt_out"),
        ("aufhören", 'all routes, resume = "any-reply"', "stop", "opt_out"),
        ("aufhören", "languages = ['en', 'es'], resume = \"any-reply\"", "unclear", "no_change"),
    ]


def test_simulate_says_what_is_wrong_in_a_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = "{}:{}".format(*taken.getsockname())
        for listen, said in ((address, f"can't listen on {address}: "), ("foo", 'foo: must be "host:port"')):
            result = RUNNER.invoke(app, ["simulate", "--listen", listen])
            assert result.exit_code == 1
            assert result.stderr.startswith(said)


def test_run_with_a_faulty_configuration_does_not_start(tmp_path: Path) -> None:
    result = RUNNER.invoke(app, ["run", str(tmp_path / "missing.toml")])
    assert result.exit_code == 1
    assert "can't be read" in result.stderr


def test_what_says_the_version_loads_no_supervisor() -> None:
    """Every command pays for what the commands' file imports."""
    script = "import sys, proxy.cli.app; print('prometheus_client' in sys.modules, 'hypercorn' in sys.modules)"
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert result.stdout.split() == ["False", "False"]
