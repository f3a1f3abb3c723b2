"""What all commands have in common: their help, in whole words and with examples."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator

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
