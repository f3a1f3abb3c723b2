"""Commands run in this process."""

from __future__ import annotations

from typing import Any

from typer.testing import CliRunner

from proxy.cli.app import app

RUNNER = CliRunner()


def run(*words: object, feed: str | None = None) -> Any:
    return RUNNER.invoke(app, list(map(str, words)), input=feed)
