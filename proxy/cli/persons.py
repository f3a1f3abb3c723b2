"""``consent-proxy consent dossier`` and ``forget``: all that is known of one person, and having it forgotten."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from proxy.cli import dossier_pages
from proxy.cli.age import note_age
from proxy.cli.consent import consent
from proxy.cli.failing import fail, settings
from proxy.cli.ledger import for_its_owner, opened, operator
from proxy.cli.options import CONFIG, STANDARD_INPUT, ConfigOption, Consumer, examples
from proxy.consent.numbers import Numbering
from proxy.consent.written import NumberError, written_consumer
from proxy.ledger.disk.environment import Access
from proxy.ledger.upkeep import dossiers, forgetting
from proxy.service.assembly import groups_of, utc_microseconds

Kind = Literal["text", "csv", "html"]

_DOSSIERS = examples(
    "consent dossier +15559870001",
    "consent dossier +15559870001 person.html      # to print",
    "consent dossier +15559870001 --format csv > person.csv",
)
_FORGETS = examples("consent forget +15559870001 --note 'the number has a new owner' --yes")


@consent.command("dossier", epilog=_DOSSIERS)
def dossier(
    consumer: Consumer,
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="Where to; else, or with -, standard output.")
    ] = None,
    config: ConfigOption = CONFIG,
    format: Annotated[
        Kind | None, typer.Option(metavar="text|csv|html", help="What it is; told by the file's name if left out.")
    ] = None,
) -> None:
    """Write all that is known of one person over all business numbers, with proof that nobody altered it since.

    The proof is the journal's chain of hashes; the dossier says how to check it without this program.
    """
    kind: Kind = format or _kind_of(file)
    with opened(config) as (ledger, numbering):
        note_age(config, ledger)
        number = _number(consumer, numbering)
        groups = groups_of(settings(config), numbering)
        found = dossiers.gather(ledger, groups, number, utc_microseconds())
    text = dossier_pages.WRITERS[kind](found)
    if file is None or file == STANDARD_INPUT:
        sys.stdout.write(text)
        return
    try:
        with open(file, "w", encoding="utf-8", newline="", opener=for_its_owner) as target:
            target.write(text)
    except OSError as error:
        fail(f"{file}: {error.strerror}")
    typer.echo(f"{len(found.pairs)} pairs, {len(found.links)} journal entries written to {file}")


@consent.command("forget", epilog=_FORGETS)
def forget(
    consumer: Consumer,
    note: Annotated[str, typer.Option(metavar="TEXT", help="Why; it goes into the journal.")],
    config: ConfigOption = CONFIG,
    is_sure: Annotated[bool, typer.Option("--yes", help="Don't ask.")] = False,
) -> None:
    """Erase a number: it has a new owner, who has said nothing yet. A STOP of the old owner is erased with it.

    Its pairs are gone, and its journal entries are blanked but for time and hash, so the chain still holds. A tombstone
    with a hash of the number stays in the journal: consent dossier of the number shows it. Backups and exports that
    were made before still have the number.
    """
    if not note.strip():
        fail("--note must say why")
    loaded = settings(config)
    if loaded.cluster is not None:
        fail("a number can't be forgotten on a machine of a cluster yet: every node, and etcd's history, has it")
    number = _number(consumer, Numbering(loaded.consent.country))
    if not is_sure:
        question = f"Erase all that is known of {number}? Whoever said STOP from it may be texted again."
        if not sys.stdin.isatty():
            fail(f"{question} Say --yes")
        typer.confirm(question, abort=True)
    with opened(config, Access.WRITE) as (ledger, _):
        done = forgetting.forget(ledger, number, {"operator": operator(), "note": note.strip()})
    if done is None:
        fail(f"nothing is known of {number}")
    typer.echo(
        f"{done.pairs} pairs erased, {done.entries} entries blanked; tombstone in revision {done.tombstone.sequence}"
    )


def _kind_of(file: Path | None) -> Kind:
    suffix = os.path.splitext(file or "")[1].lower()
    return "html" if suffix in (".html", ".htm") else "csv" if suffix == ".csv" else "text"


def _number(consumer: str, numbering: Numbering) -> str:
    try:
        return written_consumer(consumer, numbering)
    except NumberError as error:
        fail(str(error))
