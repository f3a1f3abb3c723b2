"""The commands of ``consent-proxy``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from proxy.config import Config, ConfigError, load
from proxy.consent.files import LedgerError
from proxy.service import consent_commands, explanations, supervisor
from proxy.service.fleet import StartError

app = typer.Typer(
    name="consent-proxy",
    help="A transparent SMPP proxy that hears STOP and from then on refuses what may no longer be sent.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

app.add_typer(consent_commands.consent, name="consent")
app.add_typer(consent_commands.journal, name="journal")

ConfigPath = Annotated[Path, typer.Argument(metavar="CONFIG", help="The TOML configuration file.")]


@app.command()
def run(config: ConfigPath) -> None:
    """Relay until SIGTERM; SIGHUP reads the configuration again."""
    loaded = _load(config)
    faults: list[str] = []
    try:
        supervisor.run(loaded, config)
    except* (LedgerError, StartError, OSError) as errors:
        faults += map(str, _leaves(errors))
    if faults:
        _fail("\n".join(faults))


@app.command()
def check(config: ConfigPath) -> None:
    """Say what a configuration sets up, or everything that is wrong with it."""
    loaded = _load(config)
    for route in loaded.route:
        typer.echo(f"route {route.name}: {route.listen} -> {', '.join(route.carrier)}")
    typer.echo(f"store: {loaded.store.path}")
    typer.echo(f"admin: {loaded.admin.listen if loaded.admin else 'off'}")
    typer.echo(f"consent: resume by {loaded.consent.resume}, refuse with {loaded.consent.refuse_with}")


@app.command()
def explain(
    text: Annotated[
        list[str] | None,
        typer.Argument(metavar="[TEXT ...]", help="Replies; without any, a line each from standard input."),
    ] = None,
    config: Annotated[Path | None, typer.Option(metavar="CONFIG", help="Use this configuration's words.")] = None,
) -> None:
    """Say what replies mean and why: a JSON object a line, or a table on a terminal."""
    loaded = _load(config) if config else None
    if text:
        explanations.show(text, loaded)
    else:
        explanations.show((line.rstrip("\r\n") for line in sys.stdin), loaded)


@app.command()
def simulate(
    listen: Annotated[str, typer.Option(metavar="HOST:PORT", help="Where ESMEs (or the proxy) connect.")] = (
        "127.0.0.1:2776"
    ),
) -> None:
    """Run an SMSC to test against; it takes every bind and message and prints what it sees."""
    from proxy.simulator.smsc import run_until_interrupted

    try:
        run_until_interrupted(listen)
    except (ValueError, OSError) as error:
        _fail(f"can't listen on {listen}: {error}")
    except ExceptionGroup as group:
        _fail("; ".join(f"can't listen on {listen}: {error}" for error in _leaves(group)))


def _load(path: Path) -> Config:
    try:
        return load(path)
    except ConfigError as error:
        _fail(str(error))


def _leaves(group: BaseExceptionGroup[Exception]) -> Iterator[Exception]:
    for error in group.exceptions:
        if isinstance(error, BaseExceptionGroup):
            yield from _leaves(error)
        else:
            yield error


def _fail(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(1)


def main() -> None:
    """The entry point of the installed command."""
    app()
