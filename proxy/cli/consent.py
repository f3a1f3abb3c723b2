"""``consent-proxy consent`` and ``consent-proxy journal``: what operators and compliance do with the ledger."""

from __future__ import annotations

import csv
import fcntl
import gc
import getpass
import io
import os
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Literal, NoReturn

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn
from rich.table import Column, Table

from proxy.cli.lines import json_line
from proxy.config.faults import ConfigError
from proxy.config.load import load
from proxy.config.schema import Config
from proxy.consent.by_hand import changes_by_hand
from proxy.consent.entries import Entry, faults_of_chain
from proxy.consent.numbers import Numbering, Pair
from proxy.consent.rules import State
from proxy.consent.written import NumberError, written_pairs
from proxy.ledger import lists as transfer
from proxy.ledger import retention
from proxy.ledger.bulk import Listed
from proxy.ledger.environment import Access
from proxy.ledger.files import DATA, LedgerError
from proxy.ledger.ledger import Ledger
from proxy.ledger.verify import faults
from proxy.service.admin.lookup import pair_fields, record_fields
from proxy.service.assembly import groups_of, open_ledger
from proxy.smpp.pdu import visible

consent = typer.Typer(help="Look at and change consent; works while the proxy runs.", no_args_is_help=True)
journal = typer.Typer(help="Check, export and prune the journal of changes.", no_args_is_help=True)

ConfigOption = Annotated[Path, typer.Option("--config", metavar="CONFIG", help="The TOML configuration file.")]
JsonOption = Annotated[bool, typer.Option("--json", help="JSON lines instead of a table.")]
FormatOption = Annotated[Literal["csv", "jsonl"] | None, typer.Option(help="What it is; told by the name if left out.")]

_TIME = re.compile(r"\d{4}-\d\d-\d\dT")

_NOT_IN_TABLES = ("hash", "before", "rules", "session", "carrier")
"""Evidence that is too wide for a terminal; ``--json`` shows all of it."""

IMPORT_GROUP = 500_000
"""Lines that are put in order together before they are written: some 200 megabytes."""

IMPORT_BATCH = 10_000
"""Lines that share a commit: a few tens of milliseconds in which replies wait for the writer's turn."""

FAULTS_SHOWN = 1000
"""Faulty lines that are listed one by one; all are counted."""


@consent.command("get")
def get(business: str, consumer: str, config: ConfigOption, as_json: JsonOption = False) -> None:
    """Say whether a business number may text a consumer."""
    with _ledger(config) as (ledger, numbering):
        pair = _pair(numbering, business, consumer)
        fields = pair_fields(ledger, groups_of(_settings(config), numbering), pair)
        _show([fields], as_json)


@consent.command("set")
def set_(
    business: str,
    consumer: str,
    state: State,
    config: ConfigOption,
    note: Annotated[str, typer.Option(help="Why; it goes into the journal.")],
) -> None:
    """Opt a pair out or in. It is journalled with your name and the note."""
    if not note.strip():
        _fail("--note must say why")
    with _ledger(config, Access.CREATE) as (ledger, numbering):
        pairs = _pairs(numbering, business, consumer)
        found = ledger.commit(changes_by_hand(pairs, state, _operator(), note))
        for pair, made in zip(pairs, found, strict=True):
            what = f"revision {made[0].revision}" if made else "it was so already, so nothing was journalled"
            if made or pair == pairs[0]:
                typer.echo(f"{pair.business} to {pair.consumer}: {state} ({what})")


@consent.command("list")
def list_(
    config: ConfigOption,
    business: Annotated[str, typer.Option(help="Only the pairs of this business number.")] = "",
    consumer: Annotated[str, typer.Option(help="Only the pairs of this consumer.")] = "",
    as_json: JsonOption = False,
) -> None:
    """List the pairs that somebody spoke of, in order."""
    with _ledger(config) as (ledger, numbering):
        records = ledger.pairs.records(
            business=numbering.parse(business) if business else "",
            consumer=numbering.parse(consumer) if consumer else "",
        )
        wanted = (r for r in records if not consumer or r.pair.consumer == numbering.parse(consumer))
        _show(map(record_fields, wanted), as_json)


@consent.command("history")
def history(business: str, consumer: str, config: ConfigOption, as_json: JsonOption = False) -> None:
    """Show every change of a pair, and of its number's group, the newest first, with its evidence."""
    with _ledger(config) as (ledger, numbering):
        pair = _pair(numbering, business, consumer)
        entries = ledger.history(pair)
        groups = groups_of(_settings(config), numbering)
        if groups and (scope := groups.scope_of(pair.business)):
            entries += ledger.history(Pair(scope, pair.consumer))
        _show((entry.fields() for entry in sorted(entries, key=lambda entry: -entry.revision)), as_json)


@consent.command("import")
def import_(
    file: Path,
    config: ConfigOption,
    format: FormatOption = None,
    dry_run: Annotated[bool, typer.Option(help="Read and check everything, change nothing.")] = False,
) -> None:
    """Opt out the pairs of a list. Bad lines are named and don't stop the good ones; the status is then 1."""
    bad = changed = lines = 0
    access = Access.READ if dry_run else Access.CREATE
    with _ledger(config, access) as (ledger, numbering), file.open("rb") as octets, _without_gc():
        source = io.TextIOWrapper(octets, encoding="utf-8", errors="replace", newline="")
        evidence = {"operator": _operator(), "note": f"import {file.name}"}
        with _progress(file) as advance:
            try:
                rows = transfer.read(source, _format(file, format), numbering)
                begun = 0
                for good, faulty in transfer.batches(rows, IMPORT_GROUP):
                    read = octets.tell() - begun
                    for fault in faulty[: max(0, FAULTS_SHOWN - bad)]:
                        typer.echo(f"{file}: line {fault.line}: {fault.problem}", err=True)
                    bad += len(faulty)
                    lines += len({row.line for row in good})
                    for start in range(0, 0 if dry_run else len(good), IMPORT_BATCH):
                        some = good[start : start + IMPORT_BATCH]
                        changed += ledger.absorb(
                            [Listed(row.pair, row.since, row.is_doubtful) for row in some], evidence
                        )
                        advance(begun + read * (start + len(some)) / len(good))
                    begun += read
                    advance(begun)
            except transfer.HeaderError as error:
                _fail(f"{file}: {error}")
    done = "would be read" if dry_run else f"taken, {changed} changed something"
    typer.echo(f"{lines} lines {done}; {bad} lines are faulty")
    if bad:
        raise typer.Exit(1)


@consent.command("export")
def export(
    config: ConfigOption,
    file: Annotated[Path | None, typer.Argument(help="Where to; else standard output.")] = None,
    format: FormatOption = None,
) -> None:
    """Write the opted-out pairs, in order, in the form that import reads."""
    with _ledger(config) as (ledger, _):
        opted_out = (record for record in ledger.pairs.records() if record.state is State.OPTED_OUT)
        if file is None:
            transfer.write(opted_out, sys.stdout, format or "csv")
            return
        with open(file, "w", encoding="utf-8", newline="", opener=_for_its_owner) as target:
            count = transfer.write(opted_out, target, _format(file, format))
        typer.echo(f"{count} pairs written to {file}")


def _for_its_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


@consent.command("backup")
def backup(folder: Path, config: ConfigOption) -> None:
    """Copy the ledger, as it stands now, into a new folder."""
    with _ledger(config, Access.WRITE) as (ledger, _):
        ledger.store.backup(folder)
    typer.echo(f"copied to {folder}")


@consent.command("verify")
def verify(
    config: ConfigOption,
    folder: Annotated[Path | None, typer.Argument(help="A backup; else the ledger of the configuration.")] = None,
) -> None:
    """Check that states, indexes and journal agree, and that the journal's chain holds."""
    with _ledger(config, folder=folder) as (ledger, _):
        found = list(faults(ledger))
        statistics = ledger.statistics()
    _conclude(found, f"{statistics.pairs} pairs, {statistics.entries} journal entries; {len(found)} faults")


@consent.command("compact")
def compact(config: ConfigOption) -> None:
    """Shrink the ledger's file. The proxy must not be running."""
    if _is_in_use(_settings(config).store.path):
        _fail("another process has the ledger open: stop the proxy first")
    with _ledger(config, Access.WRITE) as (ledger, _):
        before, after = ledger.store.compact()
    typer.echo(f"{before} octets before, {after} after")


@journal.command("verify")
def verify_journal(config: ConfigOption) -> None:
    """Check the journal's chain, and say where it breaks."""
    with _ledger(config) as (ledger, _):
        found = list(faults_of_chain(ledger.journal.entries(), ledger.journal.checkpoint()))
        count = ledger.statistics().entries
    _conclude(found, f"{count} entries; {'the chain holds' if not found else f'{len(found)} faults'}")


@journal.command("prune")
def prune(config: ConfigOption) -> None:
    """Remove the entries that are older than the setting journal_days, behind a checkpoint.

    The proxy does this by itself once a day.
    """
    days = _settings(config).store.journal_days
    if not days:
        _fail("[store] journal_days is 0: all entries are kept")
    with _ledger(config, Access.WRITE) as (ledger, _):
        removed = retention.apply(ledger, days, _operator())
    typer.echo(f"{removed} entries older than {days:g} days removed")


@journal.command("export")
def export_journal(
    config: ConfigOption,
    begin: Annotated[str, typer.Option("--from", help="First time, ISO 8601, UTC without a zone.")] = "",
    end: Annotated[str, typer.Option("--to", help="The time before which to end.")] = "",
    format: Annotated[Literal["csv", "jsonl"], typer.Option(help="JSON lines or CSV.")] = "jsonl",
) -> None:
    """Write the journal to standard output, oldest first."""
    try:
        first = transfer.microseconds(begin) if begin else 0
        last = transfer.microseconds(end) if end else sys.maxsize
    except ValueError:
        _fail("--from and --to must be ISO 8601 dates or times")
    with _ledger(config) as (ledger, _):
        wanted = (e for e in ledger.journal.entries() if first <= round(e.time.timestamp() * 1_000_000) < last)
        _write_journal(wanted, format)


def _write_journal(entries: Iterable[Entry], format: Literal["csv", "jsonl"]) -> None:
    names = ("revision", "time", "business", "consumer", "change", "before", "meaning", "matched", "rules", "route",
             "session", "system_id", "carrier", "operator", "note", "number", "since", "clock", "through",
             "through_hash", "at", "pairs", "states", "hash")  # fmt: skip
    if format == "csv":
        table = csv.DictWriter(sys.stdout, names, restval="", lineterminator="\n")
        table.writeheader()
        table.writerows({n: transfer.as_cell(v) for n, v in entry.fields().items()} for entry in entries)
    else:
        for entry in entries:
            print(json_line(entry.fields()))


@contextmanager
def _ledger(
    config: Path, access: Access = Access.READ, folder: Path | None = None
) -> Iterator[tuple[Ledger, Numbering]]:
    """The ledger, and how its numbers are read; whatever is wrong ends the command.

    One that doesn't exist is only made by what writes: a wrong path must not look like an empty ledger.
    """
    try:
        loaded = _settings(config)
        if folder is not None:
            loaded = loaded.model_copy(update={"store": loaded.store.model_copy(update={"path": folder})})
        may_create = loaded.store.create
        if not (may_create and access is Access.CREATE) and not (loaded.store.path / DATA).exists():
            advice = "the first run, import or set makes it" if may_create else "restore a backup, or mount its disk"
            _fail(f"there is no ledger in {loaded.store.path}; {advice}")
        with open_ledger(loaded, access) as ledger:
            if not ledger.store.is_locked:
                where = f"{loaded.store.path}: lock.mdb can't be written"
                typer.echo(f"{where}; read without a lock, which can be wrong if the proxy writes now", err=True)
            yield ledger, Numbering(loaded.consent.country)
    except BrokenPipeError:
        raise  # whoever read our output has seen enough
    except OSError as error:
        _fail(f"{error.filename}: {error.strerror}" if error.filename else str(error))
    except LedgerError as error:
        _fail(str(error))


def _conclude(found: list[str], summary: str) -> None:
    """Name what was found, sum it up, and end with status 1 if it was anything."""
    for fault in found[:FAULTS_SHOWN]:
        typer.echo(visible(fault), err=True)
    typer.echo(summary)
    if found:
        raise typer.Exit(1)


def _settings(config: Path) -> Config:
    try:
        return load(config)
    except ConfigError as error:
        _fail(str(error))


def _is_in_use(path: Path) -> bool:
    """Whether another process has the ledger open: it holds a lock on LMDB's lock file then."""
    try:
        with (path / "lock.mdb").open("r+b") as lock:
            fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return False


def _pair(numbering: Numbering, business: str, consumer: str) -> Pair:
    return _pairs(numbering, business, consumer)[0]


def _pairs(numbering: Numbering, business: str, consumer: str) -> list[Pair]:
    try:
        return written_pairs(business, consumer, numbering)
    except NumberError as error:
        _fail(str(error))


def _show(rows: Iterable[dict[str, Any]], as_json: bool) -> None:
    """A table on a terminal; JSON lines, as they come, anywhere else or if asked for."""
    if as_json or not sys.stdout.isatty():
        for row in rows:
            print(json_line(row))
        return
    shown = [{n: v for n, v in row.items() if n not in _NOT_IN_TABLES and v not in ("", None)} for row in rows]
    if len(shown) == 1:
        table = Table("", "", show_header=False)
        for name, value in shown[0].items():
            table.add_row(name, escape(visible(str(value))))
        Console().print(table)
        return
    columns = list(dict.fromkeys(name for row in shown for name in row))
    same = {name for name in columns if len(shown) > 1 and len({str(row.get(name)) for row in shown}) == 1}
    table = Table(*(Column(name, overflow="fold") for name in columns if name not in same))
    for row in shown:
        table.add_row(*(escape(_short(row.get(name, ""))) for name in columns if name not in same))
    if shown:
        console = Console()
        for name in columns:
            if name in same:
                console.print(f"{name}: {escape(_short(shown[0][name]))}")
        console.print(table)


def _short(value: Any) -> str:
    """A cell; of a time, what people read."""
    text = visible(str(value))
    return text[:19].replace("T", " ") if _TIME.match(text) else text


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
        task = progress.add_task("import", total=file.stat().st_size)
        yield lambda position: progress.update(task, completed=position)


def _format(file: Path, format: Literal["csv", "jsonl"] | None) -> Literal["csv", "jsonl"]:
    if format is not None:
        return format
    return "jsonl" if file.suffix.lower() in (".jsonl", ".ndjson", ".json") else "csv"


def _operator() -> str:
    """Who is at the keyboard, behind sudo too."""
    return os.environ.get("SUDO_USER") or getpass.getuser()


def _fail(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(1)
