"""A dossier as text, as CSV, and as a page to print. Times are UTC."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Sequence
from html import escape

from rich.console import Console

from proxy.cli.tables import cell, print_rows
from proxy.consent.entries import iso
from proxy.ledger.tables.journal import utc
from proxy.ledger.upkeep.dossiers import Dossier, Link, Standing
from proxy.ledger.upkeep.lists import as_cell

_PAIRS = ("business", "state", "since", "revision", "may be texted", "submits refused", "last refused")
_CHANGES = ("revision", "time", "business", "change", "meaning", "matched", "by", "route", "system_id", "note")

_HOW = (
    "The journal is a chain: the SHA-256 of each entry covers its text and the hash of the entry before it. Of each"
    " entry about this person the text that was hashed stands below, and its hash. To check one without this program,"
    " write its text without a line break to a file, and compare: sha256sum FILE.",
    "That nobody made a new chain is shown by a hash that was kept elsewhere at the time (consent-proxy journal head):"
    " consent-proxy journal verify --anchor REVISION:HASH says whether the journal still has that entry.",
)


def as_text(dossier: Dossier) -> str:
    """For a terminal or a mail."""
    out = io.StringIO()
    where = Console(file=out, width=160, highlight=False, color_system=None)
    where.print(f"Dossier of {dossier.consumer}, {cell(iso(dossier.made))} UTC\n")
    for line in _summary(dossier):
        where.print(line)
    where.print()
    print_rows(_PAIRS, map(_pair_row, dossier.pairs), where)
    print_rows(_CHANGES, map(_change_row, dossier.links), where)
    where.print("Proof\n")
    for line in (*_proof(dossier), *_HOW):
        where.print(line)
    for link in dossier.links:
        out.write(f"\nrevision {link.entry.sequence}\n  text    {cell(link.hashed)}\n  sha256  {link.entry.hash}\n")
    return out.getvalue()


def as_csv(dossier: Dossier) -> str:
    """A line for each change, with the text that was hashed; the proof and its head are in the last columns."""
    out = io.StringIO()
    names = ("consumer", *(name.replace(" ", "_") for name in _CHANGES), "sha256", "hashed_text", "head", "head_sha256")
    table = csv.writer(out, lineterminator="\n")
    table.writerow(names)
    head = (dossier.head.sequence, dossier.head.hash) if dossier.head else ("", "")
    for link in dossier.links:
        row = map(as_cell, (dossier.consumer, *_change_row(link)))
        table.writerow((*row, link.entry.hash, link.hashed, *head))
    return out.getvalue()


def as_html(dossier: Dossier) -> str:
    """A page by itself: no script, nothing from elsewhere."""
    parts = [
        f"<h1>Consent of {escape(dossier.consumer)}</h1>",
        *(f"<p>{escape(line)}</p>" for line in (f"As of {cell(iso(dossier.made))} UTC.", *_summary(dossier))),
        "<h2>Business numbers</h2>",
        _table(_PAIRS, map(_pair_row, dossier.pairs)),
        "<h2>What happened</h2>",
        _table(_CHANGES, map(_change_row, dossier.links)),
        "<h2>Proof</h2>",
        *(f"<p>{escape(line)}</p>" for line in (*_proof(dossier), *_HOW)),
        *(
            f"<h3>Revision {link.entry.sequence}</h3><pre>{escape(link.hashed)}</pre>"
            f"<p>SHA-256 <code>{link.entry.hash}</code></p>"
            for link in dossier.links
        ),
    ]
    title = f"Consent of {escape(dossier.consumer)}"
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title>'
    page = f"<html lang=en><head>{head}<style>{_STYLE}</style></head>\n<body>{_joined(parts)}</body></html>"
    return f"<!doctype html>\n{page}\n"


_STYLE = """
body { font: 11pt/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; color: #1a1d21 }
h1 { font-size: 1.5rem; margin-bottom: .3rem } h2 { font-size: 1.1rem; margin-top: 2rem; border-bottom: 1px solid #ccd }
h3 { font-size: .9rem; margin: 1.2rem 0 .2rem } table { border-collapse: collapse; width: 100%; font-size: 9.5pt }
th, td { text-align: left; vertical-align: top; padding: .25rem .7rem .25rem 0; border-bottom: 1px solid #e4e6ea }
th { font-weight: 600; color: #555c66 } pre, code { font-size: 8.5pt; white-space: pre-wrap; overflow-wrap: anywhere }
pre { background: #f4f5f7; padding: .5rem; margin: 0 } .wide { overflow-x: auto }
@media print { body { margin: 0 } pre { background: none; border: 1px solid #ccd } h3, pre, tr { break-inside: avoid } }
"""


def _joined(parts: Sequence[str]) -> str:
    return "\n".join(parts)


def _table(names: Sequence[str], rows: Iterator[Sequence[object]]) -> str:
    body = ["<tr>" + "".join(f"<td>{escape(cell(value))}</td>" for value in row) + "</tr>" for row in rows]
    if not body:
        return "<p>none</p>"
    head = "".join(f"<th>{escape(name)}</th>" for name in names)
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{_joined(body)}</tbody></table></div>'


def _pair_row(standing: Standing) -> Sequence[object]:
    record, refusals = standing.record, standing.refusals
    may = "yes" if standing.may_be_texted else "no"
    last = iso(utc(refusals.last)) if refusals and refusals.refused else ""
    since, refused = iso(record.since), refusals.refused if refusals else 0
    return record.pair.business, record.state, since, record.sequence, may, refused, last


def _change_row(link: Link) -> Sequence[object]:
    entry, said = link.entry, link.entry.evidence.get
    by = said("operator", "") or ("the consumer's reply" if said("meaning") else "")
    what = (entry.sequence, iso(entry.time), entry.pair.business, entry.event, said("meaning", ""), said("matched", ""))
    return *what, by, said("route", ""), said("system_id", ""), said("note", "")


def _summary(dossier: Dossier) -> Iterator[str]:
    """Sentences that say how it stands."""
    out = [standing for standing in dossier.pairs if not standing.may_be_texted]
    if not dossier.pairs:
        yield "Nothing is known of this number: nobody opted it out, and it has answered no business."
    else:
        refused = sum(standing.refusals.refused for standing in dossier.pairs if standing.refusals)
        yield (
            f"Business numbers or groups that are known with this number: {len(dossier.pairs)}; {len(out)} of them may"
            f" not text it. Messages to it that were refused, up to a few seconds ago: {refused}."
        )
    for tombstone in dossier.tombstones:
        why = tombstone.evidence.get("note", "")
        yield f"On {cell(iso(tombstone.time))} this number was forgotten (revision {tombstone.sequence}): {why}"


def _proof(dossier: Dossier) -> Iterator[str]:
    if dossier.head is None:
        yield "The journal is empty."
        return
    span = f"from revision {dossier.first} to {dossier.head.sequence}"
    yield f"The journal's chain {'holds' if not dossier.faults else 'is BROKEN'} {span}."
    yield f"Its head: {json.dumps({'revision': dossier.head.sequence, 'sha256': dossier.head.hash})}"
    yield from dossier.faults


WRITERS: dict[str, Callable[[Dossier], str]] = {"text": as_text, "csv": as_csv, "html": as_html}
