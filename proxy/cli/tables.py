"""Rows as people read them on a terminal, and as programs read them anywhere else."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from proxy.cli.lines import json_line
from proxy.smpp.pdu import visible

_TIME = re.compile(r"\d{4}-\d\d-\d\dT")

_NOT_IN_TABLES = ("hash", "before", "rules", "session", "carrier")
"""Evidence that is too wide for a terminal; ``--json`` shows all of it."""


def show(rows: Iterable[dict[str, Any]], as_json: bool) -> None:
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
