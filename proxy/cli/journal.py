"""``consent-proxy journal``: checking, exporting and pruning the journal of changes."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable
from typing import Annotated

import typer

from proxy.cli.failing import conclude, fail, settings
from proxy.cli.ledger import opened, operator
from proxy.cli.lines import json_line
from proxy.cli.options import CONFIG, ConfigOption, JsonOption, examples
from proxy.cli.tables import show
from proxy.consent.entries import Entry, faults_of_chain
from proxy.ledger.disk.environment import Access
from proxy.ledger.upkeep import lists, retention
from proxy.ledger.upkeep.lists import Format

journal = typer.Typer(help="Anchor, check, export and prune the journal of changes.", no_args_is_help=True)


@journal.command("head", epilog=examples("journal head", "journal head --json >> /mnt/elsewhere/anchors.jsonl"))
def head(config: ConfigOption = CONFIG, as_json: JsonOption = False) -> None:
    """Show the journal's last entry: its revision and hash.

    Kept somewhere else (a notary, a mail to yourself), this anchors the whole journal up to it: whoever alters an entry
    later can't end up with the same hash. Check it with: journal verify --anchor REVISION:HASH.
    """
    with opened(config) as (ledger, _):
        last = ledger.journal.last()
    if last is None:
        fail("the journal is empty: there is nothing to anchor")
    show([{"revision": last.sequence, "sha256": last.hash, "time": last.time.isoformat()}], as_json)


@journal.command("verify", epilog=examples("journal verify", "journal verify --anchor 4711:9f86d081884c7d65..."))
def verify_journal(
    config: ConfigOption = CONFIG,
    anchor: Annotated[
        str, typer.Option(metavar="REVISION:HASH", help="Also that this entry, of head, is as it was.")
    ] = "",
) -> None:
    """Check the journal's chain, and say where it breaks."""
    revision, colon, wanted = anchor.partition(":")
    if anchor and not (colon and revision.isdecimal() and revision.isascii()):
        fail(f"--anchor {anchor}: must be the revision, a colon and the hash that journal head showed")
    with opened(config) as (ledger, _):
        found = list(faults_of_chain(ledger.journal.entries(), ledger.journal.checkpoint()))
        count = ledger.statistics().entries
        if anchor:
            entry = next(iter(ledger.journal.entries(int(revision) - 1)), None)
            if entry is None or entry.sequence != int(revision):
                found.append(f"revision {revision}: isn't there any more, or not yet, so the anchor proves nothing")
            elif entry.hash != wanted.strip().lower():
                found.append(f"revision {revision}: its hash is {entry.hash}, not that of the anchor")
    conclude(found, f"{count} entries; {'the chain holds' if not found else f'{len(found)} faults'}")


@journal.command("prune")
def prune(config: ConfigOption = CONFIG) -> None:
    """Remove the entries that are older than the setting journal_days, behind a checkpoint.

    The proxy does this by itself once a day.
    """
    days = settings(config).store.journal_days
    if not days:
        fail("[store] journal_days is 0: all entries are kept")
    with opened(config, Access.WRITE) as (ledger, _):
        removed = retention.apply(ledger, days, operator())
    typer.echo(f"{removed} entries older than {days:g} days removed")


@journal.command(
    "export", epilog=examples("journal export --from 2026-11-01 --to 2026-12-01 --format csv > november.csv")
)
def export_journal(
    config: ConfigOption = CONFIG,
    begin: Annotated[
        str, typer.Option("--from", metavar="TIME", help="First time, ISO 8601, UTC without a zone.")
    ] = "",
    end: Annotated[str, typer.Option("--to", metavar="TIME", help="The time before which to end.")] = "",
    format: Annotated[Format, typer.Option(metavar="jsonl|csv", help="JSON lines or CSV.")] = "jsonl",
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
    names = (
        "revision", "time", "business", "consumer", "change", "before", "meaning", "matched", "rules", "route",
        "session", "system_id", "carrier", "operator", "note", "number", "since", "clock", "through", "through_hash",
        "at", "pairs", "states", "node", "number_hash", "entries", "forgotten_by", "hash",
    )  # fmt: skip
    if format == "csv":
        table = csv.DictWriter(sys.stdout, names, restval="", lineterminator="\n")
        table.writeheader()
        table.writerows({n: lists.as_cell(v) for n, v in entry.fields().items()} for entry in entries)
    else:
        for entry in entries:
            print(json_line(entry.fields()))
