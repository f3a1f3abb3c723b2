"""``consent-proxy consent``: what operators and compliance do with consent and its ledger."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

from proxy.cli.age import note_age
from proxy.cli.failing import conclude, fail, settings
from proxy.cli.importing import Importing
from proxy.cli.ledger import (
    for_its_owner,
    is_in_use,
    opened,
    operator,
    pair_of,
    pairs_of,
)
from proxy.cli.options import (
    CONFIG,
    STANDARD_INPUT,
    Business,
    ConfigOption,
    Consumer,
    FormatOption,
    JsonOption,
    examples,
)
from proxy.cli.tables import show
from proxy.config.schema import ClusterTable
from proxy.consent.by_hand import changes_by_hand
from proxy.consent.numbers import Numbering, Pair
from proxy.consent.rules import State
from proxy.consent.written import NumberError, written_business, written_consumer
from proxy.ledger.disk.environment import Access
from proxy.ledger.upkeep import lists
from proxy.ledger.upkeep.bulk import Listed
from proxy.ledger.upkeep.verify import faults
from proxy.service.admin.lookup import pair_fields, record_fields
from proxy.service.assembly import groups_of, utc_microseconds

consent = typer.Typer(
    help="Look at and change consent. All but compact work while the proxy runs.", no_args_is_help=True
)


@consent.command("get", epilog=examples("consent get 15551230001 +15559870001"))
def get(business: Business, consumer: Consumer, config: ConfigOption = CONFIG, as_json: JsonOption = False) -> None:
    """Say whether a business number may text a consumer."""
    with opened(config) as (ledger, numbering):
        note_age(config, ledger)
        pair = pair_of(numbering, business, consumer)
        fields = pair_fields(ledger, groups_of(settings(config), numbering), pair)
        show([fields], as_json)


@consent.command("set", epilog=examples("consent set 15551230001 15559870001 opted_out --note 'wrote a letter'"))
def set_(
    business: Business,
    consumer: Consumer,
    state: Annotated[State, typer.Argument(metavar="opted_out|opted_in")],
    note: Annotated[str, typer.Option(metavar="TEXT", help="Why; it goes into the journal.")],
    config: ConfigOption = CONFIG,
) -> None:
    """Opt a pair out or in. It is journalled with your name and the note."""
    if not note.strip():
        fail("--note must say why")
    loaded = settings(config)
    if loaded.cluster is not None:
        from proxy.cli.in_cluster import change_everywhere, told

        pairs = pairs_of(Numbering(loaded.consent.country), business, consumer)
        passed = change_everywhere(loaded.cluster, changes_by_hand(pairs, state, operator(), note))
        what = f"{state}, {told(passed)}" if passed.changed else f"{state} (it was so already)"
        typer.echo(f"{pairs[0].business} to {pairs[0].consumer}: {what}")
        return
    with opened(config, Access.CREATE) as (ledger, numbering):
        pairs = pairs_of(numbering, business, consumer)
        found = ledger.commit(changes_by_hand(pairs, state, operator(), note))
        for pair, made in zip(pairs, found, strict=True):
            what = f"revision {made[0].sequence}" if made else "it was so already, so nothing was journalled"
            if made or pair == pairs[0]:
                typer.echo(f"{pair.business} to {pair.consumer}: {state} ({what})")


@consent.command("list", epilog=examples("consent list --business 15551230001", "consent list --json | jq .consumer"))
def list_(
    config: ConfigOption = CONFIG,
    business: Annotated[str, typer.Option(metavar="NUMBER", help="Only the pairs of this business number.")] = "",
    consumer: Annotated[str, typer.Option(metavar="NUMBER", help="Only the pairs of this consumer.")] = "",
    as_json: JsonOption = False,
) -> None:
    """List the pairs that somebody spoke of, in order."""
    with opened(config) as (ledger, numbering):
        note_age(config, ledger)
        try:
            sought = Pair(
                written_business(business, numbering) if business else "",
                written_consumer(consumer, numbering) if consumer else "",
            )
        except NumberError as error:
            fail(str(error))
        records = ledger.pairs.records(business=sought.business, consumer=sought.consumer)
        show((record_fields(each) for each in records if sought.consumer in ("", each.pair.consumer)), as_json)


@consent.command("history", epilog=examples("consent history 15551230001 15559870001"))
def history(business: Business, consumer: Consumer, config: ConfigOption = CONFIG, as_json: JsonOption = False) -> None:
    """Show every change of a pair, and of its number's group, the newest first, with its evidence."""
    with opened(config) as (ledger, numbering):
        note_age(config, ledger)
        pair = pair_of(numbering, business, consumer)
        entries = ledger.history(pair)
        groups = groups_of(settings(config), numbering)
        if groups and (scope := groups.scope_of(pair.business)):
            entries += ledger.history(Pair(scope, pair.consumer))
        if not entries:
            typer.echo(f"no_record: nobody has spoken of {pair.business} and {pair.consumer}", err=True)
        show((entry.fields() for entry in sorted(entries, key=lambda entry: -entry.sequence)), as_json)


@consent.command(
    "import", epilog=examples("consent import opt-outs.csv --dry-run", "consent import - --format csv < opt-outs.csv")
)
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The list; - for standard input.")],
    config: ConfigOption = CONFIG,
    format: FormatOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read and check everything, change nothing.")] = False,
) -> None:
    """Opt out the pairs of a list. Bad lines are named and don't stop the good ones; the status is then 1."""
    loaded = settings(config)
    evidence = {
        "operator": operator(),
        "note": f"import {'of standard input' if file == STANDARD_INPUT else file.name}",
    }
    try:
        with _progress(file) as advance:
            reading = Importing(file, format or lists.format_of(file.name), advance)
            if dry_run:
                with opened(config, Access.READ) as (_, numbering), _without_gc():
                    changed = sum(0 for _ in reading.groups(numbering))
            elif loaded.cluster is not None:
                evidence["node"] = loaded.cluster.name
                changed = _import_everywhere(config, loaded.cluster, reading, evidence)
            else:
                changed = _import_here(config, reading, evidence)
    except lists.HeaderError as error:
        fail(f"{file}: {error}")
    except OSError as error:
        fail(f"{error.filename}: {error.strerror}" if error.filename else str(error))
    done = "would be read" if dry_run else f"taken, {changed} changed something"
    typer.echo(f"{reading.lines} lines {done}; {reading.bad} lines are faulty")
    if reading.bad:
        raise typer.Exit(1)


def _import_here(config: Path, reading: Importing, evidence: dict[str, str]) -> int:
    changed = 0
    with opened(config, Access.CREATE) as (ledger, numbering), _without_gc():
        for rows in reading.groups(numbering):
            changed += ledger.absorb([Listed(row.pair, row.since, row.is_doubtful) for row in rows], evidence)
    return changed


def _import_everywhere(config: Path, table: ClusterTable, reading: Importing, evidence: dict[str, str]) -> int:
    from proxy.cli.in_cluster import await_everywhere, in_cluster, known_here, told
    from proxy.cluster.seeding import opted_out_pairs, write_all

    numbering = Numbering(settings(config).consent.country)

    def listed() -> Iterator[tuple[Pair, int, bool]]:
        for rows in reading.groups(numbering):
            yield from ((row.pair, row.since, row.is_doubtful) for row in rows)

    now = utc_microseconds()
    with known_here(config) as is_absent:
        changed, revision = in_cluster(
            table, lambda engine: write_all(engine, opted_out_pairs(listed(), evidence, now), is_absent=is_absent)
        )
    typer.echo(told(await_everywhere(table, changed, revision)))
    return changed


@consent.command("export", epilog=examples("consent export opt-outs.csv"))
def export(
    config: ConfigOption = CONFIG,
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="Where to; else, or with -, standard output.")
    ] = None,
    format: FormatOption = None,
) -> None:
    """Write the opted-out pairs, in order, in the form that import reads."""
    with opened(config) as (ledger, _):
        note_age(config, ledger)
        opted_out = (record for record in ledger.pairs.records() if record.state is State.OPTED_OUT)
        if file in (None, STANDARD_INPUT):
            lists.write(opted_out, sys.stdout, format or "csv")
            return
        with open(file, "w", encoding="utf-8", newline="", opener=for_its_owner) as target:
            count = lists.write(opted_out, target, format or lists.format_of(file.name))
        typer.echo(f"{count} pairs written to {file}")


@consent.command("backup", epilog=examples("consent backup /var/backups/consent-2026-11-30"))
def backup(folder: Annotated[Path, typer.Argument(metavar="FOLDER")], config: ConfigOption = CONFIG) -> None:
    """Copy the ledger, as it stands now, into a new folder."""
    with opened(config, Access.WRITE) as (ledger, _):
        ledger.store.backup(folder)
    typer.echo(f"copied to {folder}")


@consent.command("verify", epilog=examples("consent verify", "consent verify /var/backups/consent-2026-11-30"))
def verify(
    config: ConfigOption = CONFIG,
    folder: Annotated[
        Path | None, typer.Argument(metavar="[FOLDER]", help="A backup; else the ledger of the configuration.")
    ] = None,
) -> None:
    """Check that states, indexes and journal agree, and that the journal's chain holds."""
    with opened(config, folder=folder) as (ledger, _):
        found = list(faults(ledger))
        statistics = ledger.statistics()
    conclude(found, f"{statistics.pairs} pairs, {statistics.entries} journal entries; {len(found)} faults")


@consent.command("compact")
def compact(config: ConfigOption = CONFIG) -> None:
    """Shrink the ledger's file. The only command here for which the proxy must be stopped."""
    if is_in_use(settings(config).store.path):
        fail("another process has the ledger open: stop the proxy first")
    with opened(config, Access.WRITE) as (ledger, _):
        before, after = ledger.store.compact()
    typer.echo(f"{before} octets before, {after} after")


@contextmanager
def _without_gc() -> Iterator[None]:
    """Rows form no cycles, and looking for some among half a million takes a third of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@contextmanager
def _progress(file: Path) -> Iterator[Any]:
    """A progress bar over a file's octets, on a terminal."""
    columns = (TextColumn("importing"), BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty()) as progress:
        size = None if file == STANDARD_INPUT else file.stat().st_size
        task = progress.add_task("import", total=size)
        yield lambda position: progress.update(task, completed=position)
