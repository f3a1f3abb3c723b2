"""``consent-proxy journal``: checking, exporting and pruning the journal of changes."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable
from typing import Annotated

import typer

from proxy.cli.failing import conclude, fail, settings
from proxy.cli.ledger import ConfigOption, opened, operator
from proxy.cli.lines import json_line
from proxy.consent.entries import Entry, faults_of_chain
from proxy.ledger.disk.environment import Access
from proxy.ledger.upkeep import lists, retention
from proxy.ledger.upkeep.lists import Format

journal = typer.Typer(help="Check, export and prune the journal of changes.", no_args_is_help=True)


@journal.command("verify")
def verify_journal(config: ConfigOption) -> None:
    """Check the journal's chain, and say where it breaks."""
    with opened(config) as (ledger, _):
        found = list(faults_of_chain(ledger.journal.entries(), ledger.journal.checkpoint()))
        count = ledger.statistics().entries
    conclude(found, f"{count} entries; {'the chain holds' if not found else f'{len(found)} faults'}")


@journal.command("prune")
def prune(config: ConfigOption) -> None:
    """Remove the entries that are older than the setting journal_days, behind a checkpoint.

    The proxy does this by itself once a day.
    """
    days = settings(config).store.journal_days
    if not days:
        fail("[store] journal_days is 0: all entries are kept")
    with opened(config, Access.WRITE) as (ledger, _):
        removed = retention.apply(ledger, days, operator())
    typer.echo(f"{removed} entries older than {days:g} days removed")


@journal.command("export")
def export_journal(
    config: ConfigOption,
    begin: Annotated[str, typer.Option("--from", help="First time, ISO 8601, UTC without a zone.")] = "",
    end: Annotated[str, typer.Option("--to", help="The time before which to end.")] = "",
    format: Annotated[Format, typer.Option(help="JSON lines or CSV.")] = "jsonl",
) -> None:
    """Write the journal to standard output, oldest first."""
    try:
        first = lists.microseconds(begin) if begin else 0
        last = lists.microseconds(end) if end else sys.maxsize
    except ValueError:
        fail("--from and --to must be ISO 8601 dates or times")
    with opened(config) as (ledger, _):
        wanted = (e for e in ledger.journal.entries() if first <= round(e.time.timestamp() * 1_000_000) < last)
        _write_journal(wanted, format)


def _write_journal(entries: Iterable[Entry], format: Format) -> None:
    names = ("revision", "time", "business", "consumer", "change", "before", "meaning", "matched", "rules", "route",
             "session", "system_id", "carrier", "operator", "note", "number", "since", "clock", "through",
             "through_hash", "at", "pairs", "states", "hash")  # fmt: skip
    if format == "csv":
        table = csv.DictWriter(sys.stdout, names, restval="", lineterminator="\n")
        table.writeheader()
        table.writerows({n: lists.as_cell(v) for n, v in entry.fields().items()} for entry in entries)
    else:
        for entry in entries:
            print(json_line(entry.fields()))
