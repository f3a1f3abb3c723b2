"""What all commands have in common: their help, in whole words and with examples."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from proxy.cli.app import app
from tests.cli.running import run


def commands(group: object, words: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield words
    for name, each in getattr(group, "commands", {}).items():
        yield from commands(each, (*words, name))


ALL = sorted(commands(typer.main.get_command(app)))


@pytest.mark.parametrize("words", ALL, ids=" ".join)
def test_help_says_it_in_words(words: tuple[str, ...]) -> None:
    for option in ("-h", "--help"):
        shown = run(*words, option).stdout
        assert shown.startswith("Usage: ")
        assert not re.search(r"<bool>|--no-|<int range>|<float range>", shown)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("--exam", "--control", "127.0.0.1:0"), "--control is of no use with --exam"),
        (("--exam", "--scenario", "busy"), "--scenario is of no use with --exam"),
        (("--junit", "report.xml"), "--junit is of no use without --exam"),
        (("--key", "key.pem"), "--key is of no use without --certificate"),
    ],
)
def test_an_option_that_would_do_nothing_is_refused(given: tuple[str, ...], said: str) -> None:
    done = run("simulate", *given)
    assert (done.exit_code, done.stderr.strip()) == (1, said)


def test_an_exam_that_nobody_comes_to_ends(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    done = run("simulate", "--exam", "--wait", "1", "--listen", "127.0.0.1:0", "--junit", str(report))
    assert done.exit_code == 1
    assert "no client has bound in 1 s" in done.stdout
    assert report.exists()


def test_the_commands_stand_in_the_order_in_which_they_are_needed() -> None:
    listed = re.findall(r"^  ([a-z]+)  ", run("--help").stdout, re.MULTILINE)
    assert listed[:4] == ["run", "check", "status", "consent"]


def test_examples_name_options_that_there_are() -> None:
    for words in ALL:
        shown = run(*words, "--help").stdout
        for example in re.findall(r"^    consent-proxy (.*)$", shown, re.MULTILINE):
            for option in re.findall(r"(?<=\s)--[a-z-]+", example):
                assert option in shown.partition("Examples:")[0], example


def test_the_shell_completes_commands() -> None:
    """As bash asks: for what may stand where the second word is being typed."""
    asked = {"_CONSENT_PROXY_COMPLETE": "complete_bash", "COMP_WORDS": "consent-proxy con", "COMP_CWORD": "1"}
    script = "import sys; sys.argv = ['consent-proxy']; from proxy.cli.app import main; main()"
    done = subprocess.run([sys.executable, "-c", script], env={**os.environ, **asked}, capture_output=True, text=True)
    assert done.stdout.split() == ["consent", "config"]
