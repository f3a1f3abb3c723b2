"""Rows as people read them on a terminal, and as programs read them anywhere else. All tables look like these."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from proxy.cli.lines import json_line
from proxy.smpp.pdu import visible

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.\d]*(?:\+00:00|Z)?$")

_NOT_IN_TABLES = ("hash", "before", "rules", "session", "carrier")
"""Evidence that is too wide for a terminal; ``--json`` shows all of it."""

_WIDTH = 160
"""Columns where the output is no terminal, and nobody says how many there are."""


def console() -> Console:
    """Where tables are printed: without colours of its own in numbers, and never folded at 80 columns in a file."""
    width = None if sys.stdout.isatty() or "COLUMNS" in os.environ else _WIDTH
    return Console(highlight=False, width=width)


def table(*names: str) -> Table:
    """An empty table with these columns; without names, one of pairs of name and value."""
    columns = [Column(name, overflow="fold") for name in names or ("", "")]
    return Table(*columns, box=box.SIMPLE_HEAD, pad_edge=False, show_header=bool(names))


def print_rows(names: Sequence[str], rows: Iterable[Sequence[object]], where: Console | None = None) -> None:
    """Print these rows under these names; nothing if there is none."""
    printed = table(*names)
    for row in rows:
        printed.add_row(*(escape(cell(each)) for each in row))
    if printed.row_count:
        (where or console()).print(printed)


def show(rows: Iterable[dict[str, Any]], as_json: bool) -> None:
    """A table on a terminal; JSON lines, as they come, anywhere else or if asked for."""
    if as_json or not sys.stdout.isatty():
        for row in rows:
            print(json_line(row))
        return
    shown = [{n: v for n, v in row.items() if n not in _NOT_IN_TABLES and v not in ("", None)} for row in rows]
    if len(shown) == 1:
        print_rows((), shown[0].items())
        return
    columns = list(dict.fromkeys(name for row in shown for name in row))
    same = [name for name in columns if len(shown) > 1 and len({str(row.get(name)) for row in shown}) == 1]
    where = console()
    for name in same:
        where.print(f"{name}: {escape(cell(shown[0][name]))}")
    different = [name for name in columns if name not in same]
    print_rows(different, ([row.get(name, "") for name in different] for row in shown), where)


def cell(value: object) -> str:
    """A value as a cell shows it: a time as people read it, nothing that steers the terminal."""
    text = visible(str(value))
    return text[:19].replace("T", " ") if _TIME.match(text) else text


def clock(seconds: float) -> str:
    """A Unix time as tables show it, in UTC; nothing for 0."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S") if seconds else ""


def span(seconds: float) -> str:
    """A duration as tables show it."""
    whole = int(seconds)
    days, hours, minutes = whole // 86400, whole // 3600 % 24, whole // 60 % 60
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes} min" if hours else f"{minutes} min" if minutes else f"{whole} s"
