"""How a load is shown: a progress bar while it runs, then a table and a histogram, or JSON."""

from __future__ import annotations

import json

import trio
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from proxy.simulator.load.load import Measured, Plan, run

SHARES = (0.5, 0.9, 0.99, 0.999)
WIDTH = 50
"""Characters of the longest bar."""


def run_load(plan: Plan, *, as_json: bool) -> None:
    """Run it and print what came of it; raises ``LoadError``, or a group of them."""
    console = Console(stderr=True)
    columns = (TextColumn("sending"), BarColumn(), TextColumn("{task.fields[rate]} a second"), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task("load", total=plan.seconds, rate="0")

        def show(measured: Measured) -> None:
            progress.update(task, completed=measured.seconds, rate=f"{measured.rate:,.0f}")

        measured = trio.run(run, plan, show)
    if as_json:
        print(json.dumps(_figures(measured)))
    else:
        _print(measured, Console())


def _figures(measured: Measured) -> dict[str, object]:
    return {
        "seconds": round(measured.seconds, 3),
        "sent": measured.sent,
        "answered": measured.answered,
        "unanswered": measured.sent - measured.answered,
        "delivered": measured.delivered,
        "closed": measured.closed,
        "rate": round(measured.rate, 1),
        "statuses": dict(measured.statuses.most_common()),
        "latency_ms": {f"p{100 * share:g}": round(1000 * measured.percentile(share), 3) for share in SHARES}
        | {"max": round(1000 * max(measured.latencies, default=0.0), 3)},
    }


def _print(measured: Measured, console: Console) -> None:
    console.print(
        f"{measured.answered:,} answers in {measured.seconds:.1f} s: [bold]{measured.rate:,.0f} a second[/];"
        f" {measured.sent - measured.answered:,} unanswered, {measured.delivered:,} messages delivered to us"
    )
    if measured.closed:
        console.print(f"[red]{measured.closed} connections were closed by the other side[/]")
    statuses = Table("status", "answers", "share")
    for status, count in measured.statuses.most_common():
        statuses.add_row(status, f"{count:,}", f"{count / measured.answered:.1%}")
    if measured.answered:
        console.print(statuses)
    names = [*(f"{100 * share:g} %" for share in SHARES), "most"]
    values = [*(measured.percentile(share) for share in SHARES), max(measured.latencies, default=0.0)]
    console.print("latency  " + "   ".join(f"{n}: {_time(v)}" for n, v in zip(names, values, strict=True)))
    rows = measured.histogram()
    most = max((count for _, count in rows), default=1)
    for bound, count in rows:
        bar = "█" * round(WIDTH * count / most)
        console.print(f"  up to {_time(bound):>8}  {bar:<{WIDTH}} {count:,}", highlight=False)


def _time(seconds: float) -> str:
    if seconds < 1e-3:
        return f"{seconds * 1e6:.0f} µs"
    return f"{seconds * 1e3:.1f} ms" if seconds < 1 else f"{seconds:.1f} s"
