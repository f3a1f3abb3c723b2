"""The commands of ``consent-proxy``."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from proxy.cli import capture as capturing
from proxy.cli import checking, files
from proxy.cli import explain as explanations
from proxy.cli import persons as persons  # its commands are added to ``consent`` where it is imported
from proxy.cli import simulator as simulator_commands
from proxy.cli import status as asked
from proxy.cli.cluster import cluster
from proxy.cli.consent import consent
from proxy.cli.failing import fail, leaves, settings
from proxy.cli.journal import journal
from proxy.cli.options import CONFIG, STANDARD_INPUT, VARIABLE, ConfigOption, examples
from proxy.cli.scoring import LabelError, show_score
from proxy.cli.tables import console, show
from proxy.config.schema import Config
from proxy.ledger.disk.files import LedgerError
from proxy.service.assembly import SettingsError

_BY_USE = (
    "run",
    "check",
    "status",
    "consent",
    "journal",
    "explain",
    "capture",
    "cluster",
    "config",
    "simulate",
    "load",
)


class _ByUse(TyperGroup):
    """The commands in the order in which somebody comes to need them."""

    def list_commands(self, ctx: Any) -> list[str]:
        names = super().list_commands(ctx)
        return sorted(names, key=lambda name: _BY_USE.index(name) if name in _BY_USE else len(_BY_USE))


app = typer.Typer(
    name="consent-proxy",
    cls=_ByUse,
    help="A transparent SMPP proxy that hears STOP and from then on refuses what may no longer be sent.",
    epilog="Every command has a help of its own: consent-proxy COMMAND --help. The configuration is the file that"
    f" --config names, or ${VARIABLE}, or {CONFIG}.",
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    pretty_exceptions_enable=False,
)

app.command(epilog=checking.EXAMPLES)(checking.check)
app.command(epilog=examples("config > proxy.toml", "config --list", "config prometheus/alerts.yml"))(files.config)
app.command(epilog=capturing.EXAMPLES)(capturing.capture)
app.command(epilog=simulator_commands.SIMULATE_EXAMPLES)(simulator_commands.simulate)
app.command(epilog=examples("load 127.0.0.1:2775 --binds 10 --rate 1000 --duration 30"))(simulator_commands.load)
app.add_typer(consent, name="consent")
app.add_typer(journal, name="journal")
app.add_typer(cluster, name="cluster")


@app.callback(invoke_without_command=True)
def _common(
    version: Annotated[bool, typer.Option("--version", help="Print the version and end.", is_eager=True)] = False,
) -> None:
    if version:
        typer.echo(installed_version("smpp-consent-proxy"))
        raise typer.Exit


@app.command(epilog=examples("run", "run --config ./proxy.toml"))
def run(config: ConfigOption = CONFIG, file: checking.Positional = None) -> None:
    """Relay until SIGTERM; SIGHUP reads the configuration again."""
    from proxy.cluster.joining import CannotJoin
    from proxy.service import running
    from proxy.service.processes.ear import StartError

    config = file or config
    loaded = settings(config, is_in_use=False)
    faults: list[str] = []
    try:
        running.run(loaded, config)
    except* (LedgerError, StartError, CannotJoin, SettingsError, OSError) as errors:
        faults += map(str, leaves(errors))
    if faults:
        fail("\n".join(faults))


@app.command(epilog=examples("status", "status --json | jq .sessions"))
def status(
    config: ConfigOption = CONFIG,
    as_json: Annotated[bool, typer.Option("--json", help="All of it, as JSON.")] = False,
) -> None:
    """Show what a running proxy does: its health, routes, sessions, latest changes."""
    loaded = settings(config)
    if loaded.admin is None:
        fail(f"{config}: admin: is missing; without it a running proxy can't be asked")
    try:
        found = asked.ask(loaded.admin)
    except asked.NoAnswer as error:
        fail(str(error))
    if as_json:
        print(json.dumps(found, ensure_ascii=False))
    else:
        asked.show(found, console())


@app.command(epilog=examples("explain 'pls take me off'", "explain - < replies.txt", "explain --file labelled.tsv"))
def explain(
    text: Annotated[
        list[str] | None,
        typer.Argument(metavar="[TEXT ...]", help="Replies; with - or without any, a line each of standard input."),
    ] = None,
    config: Annotated[
        Path | None,
        typer.Option(
            "--config", "-c", metavar="FILE", envvar=VARIABLE,
            help=f"Use this configuration's words; else those of {CONFIG}, or the defaults.",
        ),
    ] = None,
    file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Score a file (or -) of lines: a meaning, a tab, a reply.")
    ] = None,
    settings_: Annotated[
        bool, typer.Option("--settings", help="Also what each text would be under other settings, and on which routes.")
    ] = False,
) -> None:  # fmt: skip
    """Say what replies mean and why: a JSON object a line, or a table on a terminal."""
    loaded = _words_of(config)
    if file:
        try:
            show_score(file, explanations.replies_under(loaded))
        except LabelError as error:
            fail(str(error))
        except OSError as error:
            fail(f"{file}: {error.strerror}")
        return
    is_typed = text is not None and text != [str(STANDARD_INPUT)]
    texts: Iterable[str] = text or () if is_typed else (line.rstrip("\r\n") for line in sys.stdin)
    if settings_:
        show(explanations.under_other_settings(texts, loaded), as_json=False)
    else:
        explanations.show(texts, loaded)


def _words_of(config: Path | None) -> Config | None:
    """The configuration that is named, or the one at the usual place if it can be read; None for the defaults."""
    if config is not None:
        return settings(config)
    try:
        CONFIG.open("rb").close()
    except OSError:
        return None
    return settings(CONFIG)


def main() -> None:
    """The entry point of the installed command."""
    app()
