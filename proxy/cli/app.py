"""The commands of ``consent-proxy``."""

from __future__ import annotations

import json
import sys
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from proxy.cli import examples
from proxy.cli import explain as explanations
from proxy.cli import simulator as simulator_commands
from proxy.cli import status as asked
from proxy.cli.cluster import cluster
from proxy.cli.consent import consent
from proxy.cli.failing import fail, leaves, settings
from proxy.cli.journal import journal
from proxy.cli.scoring import LabelError, show_score
from proxy.cli.tables import show
from proxy.config.schema import carrier_names
from proxy.ledger.disk.files import LedgerError
from proxy.service.assembly import SettingsError, path_of, tokens_of

app = typer.Typer(
    name="consent-proxy",
    help="A transparent SMPP proxy that hears STOP and from then on refuses what may no longer be sent.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

app.command()(examples.config)
app.command()(simulator_commands.simulate)
app.command()(simulator_commands.load)
app.add_typer(consent, name="consent")
app.add_typer(journal, name="journal")
app.add_typer(cluster, name="cluster")

ConfigPath = Annotated[Path, typer.Argument(metavar="CONFIG", help="The TOML configuration file.")]


@app.callback(invoke_without_command=True)
def _common(
    version: Annotated[bool, typer.Option("--version", help="Print the version and end.", is_eager=True)] = False,
) -> None:
    if version:
        typer.echo(installed_version("smpp-consent-proxy"))
        raise typer.Exit


@app.command()
def run(config: ConfigPath) -> None:
    """Relay until SIGTERM; SIGHUP reads the configuration again."""
    from proxy.cluster.joining import CannotJoin
    from proxy.service import running
    from proxy.service.processes.ear import StartError

    loaded = settings(config)
    faults: list[str] = []
    try:
        running.run(loaded, config)
    except* (LedgerError, StartError, CannotJoin, SettingsError, OSError) as errors:
        faults += map(str, leaves(errors))
    if faults:
        fail("\n".join(faults))


@app.command()
def check(config: ConfigPath) -> None:
    """Say what a configuration sets up, or everything that is wrong with it."""
    loaded = settings(config)
    try:
        if loaded.admin is not None:
            tokens_of(loaded.admin)
        if loaded.cluster is not None:
            from proxy.service.clustering import files_of

            files_of(loaded.cluster)
        paths = {route.name: path_of(route) for route in loaded.route}
    except SettingsError as error:
        fail(f"{config}: {error}")
    for route in loaded.route:
        typer.echo(f"route {route.name}: {route.listen} -> {', '.join(carrier_names(route))}")
        if paths[route.name].needs_capability:
            typer.echo("  uses addresses that are not its own, which takes CAP_NET_ADMIN or CAP_NET_RAW")
        if route.observe:
            typer.echo("  observes only: what would be refused is counted and passed on")
    for group in loaded.group:
        typer.echo(f"group {group.name}: {', '.join(group.numbers)}")
    kept = f"{loaded.store.journal_days} days" if loaded.store.journal_days else "for ever"
    typer.echo(f"store: {loaded.store.path}, journal kept {kept}")
    typer.echo(f"admin: {loaded.admin.listen if loaded.admin else 'off'}")
    consent = loaded.consent
    confirmed = "one message may confirm a STOP" if consent.confirmation == "platform" else "nothing follows a STOP"
    typer.echo(f"consent: resume by {consent.resume}, refuse with {consent.refuse_with}, {confirmed}")
    typer.echo(f"workers: {loaded.workers.count}")
    if (cluster := loaded.cluster) is not None:
        cut_off = "refuses when cut off" if cluster.when_cut_off == "refuse" else "goes on when cut off"
        where = ", ".join(cluster.endpoints)
        typer.echo(f"cluster: node {cluster.name}, {cluster.engine} at {where}, lease {cluster.lease:g} s, {cut_off}")


@app.command()
def status(
    config: Annotated[Path, typer.Option("--config", metavar="CONFIG", help="The TOML configuration file.")],
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of tables.")] = False,
) -> None:
    """Show what a running proxy does: health, routes, carriers, sessions, latest changes."""
    loaded = settings(config)
    if loaded.admin is None:
        fail(f"{config}: admin: is missing; without it a running proxy can't be asked")
    try:
        found = asked.ask(loaded.admin)
    except asked.NoAnswer as error:
        fail(str(error))
    if as_json or not sys.stdout.isatty():
        print(json.dumps(found, ensure_ascii=False))
    else:
        asked.show(found, Console())


@app.command()
def explain(
    text: Annotated[
        list[str] | None,
        typer.Argument(metavar="[TEXT ...]", help="Replies; without any, a line each from standard input."),
    ] = None,
    config: Annotated[Path | None, typer.Option(metavar="CONFIG", help="Use this configuration's words.")] = None,
    file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Score a file of lines: a meaning, a tab, a reply.")
    ] = None,
    settings_: Annotated[
        bool, typer.Option("--settings", help="Also what each text would be under other settings, and on which routes.")
    ] = False,
) -> None:
    """Say what replies mean and why: a JSON object a line, or a table on a terminal."""
    loaded = settings(config) if config else None
    if file:
        try:
            show_score(file, explanations.replies_under(loaded))
        except LabelError as error:
            fail(str(error))
        except OSError as error:
            fail(f"{file}: {error.strerror}")
        return
    texts = text or (line.rstrip("\r\n") for line in sys.stdin)
    if settings_:
        show(explanations.under_other_settings(texts, loaded), as_json=False)
    else:
        explanations.show(texts, loaded)


def main() -> None:
    """The entry point of the installed command."""
    app()
