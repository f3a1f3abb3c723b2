"""``scripts/bench``: measure, print tables, and write the figures as JSON and as a chart where they are wanted."""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from tests.bench import cluster, footprint, imports, ledger, mm7, rates, relay, replies, replies_path
from tests.bench.options import Options, Row

BENCHES: dict[str, Callable[[Options], Iterator[Row]]] = {
    "relay": relay.measure,
    "workers": relay.measure_workers,
    "rates": rates.measure,
    "overload": rates.measure_overload,
    "mo": replies_path.measure,
    "idle": footprint.measure_idle,
    "start": footprint.measure_start,
    "mm7": mm7.measure,
    "replies": replies.measure,
    "import": imports.measure,
    "ledger": ledger.measure,
    "cluster": cluster.measure,
    "soak": footprint.measure_soak,
}


def main(
    what: Annotated[list[str] | None, typer.Argument(help=f"Any of {', '.join(BENCHES)}; else all.")] = None,
    quick: Annotated[bool, typer.Option(help="Smaller sizes, for a look: some two minutes in all.")] = False,
    pairs: Annotated[list[int] | None, typer.Option(help="Millions of pairs in the ledger; may be repeated.")] = None,
    minutes: Annotated[float, typer.Option(help="How long the soak takes.")] = 30.0,
    opted_out: Annotated[float, typer.Option(help="relay: the share of messages to consumers who opted out.")] = 0.0,
    mo: Annotated[float, typer.Option(help="relay: consumers' messages for each message sent.")] = 0.0,
    stop_share: Annotated[float, typer.Option(help="The share of STOPs among consumers' messages.")] = 0.01,
    out: Annotated[Path | None, typer.Option(help="A folder for bench.json and relay.svg.")] = None,
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
    options = Options(quick, pairs or ([1] if quick else [1, 10]), minutes, opted_out, mo, stop_share)
    print("  ".join(f"{name}: {value}" for name, value in machine.items()))
    figures: dict[str, list[Row]] = {}
    for name in what or BENCHES:
        figures[name] = list(BENCHES[name](options))
        _print(name, figures[name])
        if out is not None:
            out.mkdir(parents=True, exist_ok=True)
            (out / "bench.json").write_text(json.dumps({"machine": machine, **figures}, indent=1) + "\n")
            if name == "relay":
                from tests.bench import chart  # matplotlib, which only a chart takes

                chart.draw(figures[name], f"{machine['date']}, {machine['cpus']} cores", out / "relay.svg")


def _print(title: str, rows: list[Row]) -> None:
    table = Table(*rows[0], title=title)
    for row in rows:
        table.add_row(*map(str, row.values()))
    Console(width=180 if not sys.stdout.isatty() else None).print(table)


typer.run(main)
