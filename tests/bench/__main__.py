"""``scripts/bench``: measure, print a table, and write the figures as JSON where they are wanted."""

from __future__ import annotations

import json
import os
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from tests.bench import imports, ledger, relay, replies

BENCHES = {"relay": relay.measure, "replies": replies.measure, "import": imports.measure, "ledger": ledger.measure}


def main(
    what: Annotated[list[str] | None, typer.Argument(help=f"Any of {', '.join(BENCHES)}; else all.")] = None,
    quick: Annotated[bool, typer.Option(help="Smaller sizes, for a look: two minutes in all.")] = False,
    pairs: Annotated[list[int] | None, typer.Option(help="Millions of pairs in the ledger; may be repeated.")] = None,
    out: Annotated[Path | None, typer.Option(help="A folder for bench.json.")] = None,
) -> None:
    """Measure on this machine."""
    unknown = set(what or ()) - set(BENCHES)
    if unknown:
        print(f"no such bench: {', '.join(sorted(unknown))}", file=sys.stderr)
        raise typer.Exit(2)
    machine = {
        "date": datetime.now(UTC).date().isoformat(),
        "cpus": os.cpu_count(),
        "python": platform.python_version(),
        "load": round(os.getloadavg()[0], 2),
    }
    print("  ".join(f"{name}: {value}" for name, value in machine.items()))
    figures: dict[str, list[dict[str, Any]]] = {}
    for name in what or BENCHES:
        figures[name] = list(BENCHES[name](quick=quick, millions=pairs or ([1] if quick else [1, 10])))
        _print(name, figures[name])
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        (out / "bench.json").write_text(json.dumps({"machine": machine, **figures}, indent=1) + "\n")


def _print(title: str, rows: list[dict[str, Any]]) -> None:
    table = Table(*rows[0], title=title)
    for row in rows:
        table.add_row(*map(str, row.values()))
    Console(width=160 if not sys.stdout.isatty() else None).print(table)


typer.run(main)
