"""Commands that can't do what they were asked: what they say, and their status."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import typer

from proxy.cli.options import CONFIG, VARIABLE
from proxy.config.faults import ConfigError
from proxy.config.load import load
from proxy.config.schema import Config
from proxy.smpp.pdu import visible

FAULTS_SHOWN = 1000
"""Faults that are listed one by one; all are counted."""


def fail(message: str) -> NoReturn:
    """Say this on standard error, and end with status 1."""
    typer.echo(message, err=True)
    raise typer.Exit(1)


def settings(path: Path, *, is_in_use: bool = True) -> Config:
    """The configuration in this file; one that can't be used ends the command.

    ``is_in_use``: a proxy that runs may go by it, or by what it was before.
    """
    try:
        return load(path)
    except ConfigError as error:
        advice = f"; name the file with --config, or in ${VARIABLE}" if path == CONFIG and not path.exists() else ""
        if is_in_use and path.exists():
            advice = "\n(A proxy that runs goes on with the configuration that it has.)"
        fail(f"{error}{advice}")


def conclude(found: list[str], summary: str) -> None:
    """Name what was found, sum it up, and end with status 1 if it was anything."""
    for fault in found[:FAULTS_SHOWN]:
        typer.echo(visible(fault), err=True)
    typer.echo(summary)
    if found:
        raise typer.Exit(1)


def leaves(group: BaseExceptionGroup[Exception]) -> Iterator[Exception]:
    """The exceptions in a group and in the groups in it."""
    for error in group.exceptions:
        if isinstance(error, BaseExceptionGroup):
            yield from leaves(error)
        else:
            yield error
