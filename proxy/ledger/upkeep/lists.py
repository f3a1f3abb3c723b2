"""Opt-out lists in and out: CSV or JSON lines, streamed, with every fault named by its line."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import chain, islice
from typing import Any, Literal, NamedTuple, TextIO

from proxy.consent.numbers import Numbering, Pair
from proxy.consent.written import NumberError, printable, shown, written_pairs
from proxy.ledger.tables.pairs import PairRecord

Format = Literal["csv", "jsonl"]

FIELDS = ("business", "consumer", "opted_out_at")
"""The columns that are written, and read; the last may be missing or empty."""

_NAMES: dict[str, str] = {
    "business": "business", "a": "business", "sender": "business", "from": "business", "source": "business",
    "short_code": "business", "shortcode": "business", "business_number": "business",
    "consumer": "consumer", "b": "consumer", "recipient": "consumer", "to": "consumer", "destination": "consumer",
    "phone": "consumer", "phone_number": "consumer", "number": "consumer", "msisdn": "consumer", "mobile": "consumer",
    "opted_out_at": "opted_out_at", "time": "opted_out_at", "date": "opted_out_at", "since": "opted_out_at",
    "timestamp": "opted_out_at", "created_at": "opted_out_at", "state": "state",
}  # fmt: skip
"""Headers that lists in use have, and the columns that they are."""


class BadLine(NamedTuple):
    """A line that could not be taken, and why."""

    line: int
    problem: str


class Row(NamedTuple):
    """A pair of a line that could, and since when it is opted out (UTC microseconds, 0 if the line doesn't say)."""

    line: int
    pair: Pair
    since: int
    is_doubtful: bool = False
    """Whether the line may mean another pair too."""


class HeaderError(ValueError):
    """The list's first line doesn't say which columns are business and consumer."""


def format_of(name: str) -> Format:
    """What a file of this name holds, most likely."""
    return "jsonl" if name.lower().endswith((".jsonl", ".ndjson", ".json")) else "csv"


def read(source: TextIO, format: Format, numbering: Numbering) -> Iterator[Row | BadLine]:
    """Every line of a list as a row or a fault; blank lines and those that begin with ``#`` are passed over.

    Raises ``HeaderError`` if the columns of a CSV can't be told.
    """
    if format == "jsonl":
        return _read_json_lines(source, numbering)
    return _read_csv(source, numbering)


def write(records: Iterable[PairRecord], target: TextIO, format: Format) -> int:
    """Write these records, one a line, in the order they come; returns how many."""
    count = 0
    table = csv.writer(target, lineterminator="\n")
    if format == "csv":
        table.writerow(FIELDS)
    for record in records:
        count += 1
        values = (*record.pair, record.since.isoformat(timespec="microseconds"))
        if format == "csv":
            table.writerow(map(as_cell, values))
        else:
            target.write(json.dumps(dict(zip(FIELDS, values, strict=True)), ensure_ascii=False) + "\n")
    return count


_FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")
"""What a cell begins with that spreadsheets take for a formula, or for the sign that it is none."""


def as_cell(value: object) -> str:
    """A value as a cell that no spreadsheet takes for a formula; telephone numbers stay as they are.

    An apostrophe in front says that what follows is text; ``from_cell`` takes it away again. What steers a terminal is
    escaped; a sender that has such characters can't be imported.
    """
    text = printable(str(value))
    return f"'{text}" if text.startswith(_FORMULA) and not text[1:].isdecimal() else text


def from_cell(cell: str) -> str:
    """What ``as_cell`` was given."""
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(_FORMULA) else cell


def _read_csv(source: TextIO, numbering: Numbering) -> Iterator[Row | BadLine]:
    lines = _NumberedLines(source)
    first = next(iter(lines), None)
    if first is None:
        return
    table = csv.reader(chain([first], lines), delimiter=_delimiter_of(first))
    header = next(table)
    columns = [_NAMES.get(name.strip().lower().replace(" ", "_").replace("-", "_"), "") for name in header]
    missing = [name for name in ("business", "consumer") if columns.count(name) != 1]
    if missing:
        raise HeaderError(
            f"line {lines.number}: the header must name one column for {' and one for '.join(missing)};"
            f" it names {', '.join(header)}. Known names: {', '.join(_NAMES)}"
        )
    business, consumer = columns.index("business"), columns.index("consumer")
    since = columns.index("opted_out_at") if "opted_out_at" in columns else None
    while True:
        try:
            for cells in table:
                if len(cells) <= max(business, consumer):
                    yield BadLine(lines.number, f"has {len(cells)} columns, the header has {len(header)}")
                else:
                    when = cells[since] if since is not None and since < len(cells) else ""
                    yield from _rows(
                        lines.number, from_cell(cells[business]), from_cell(cells[consumer]), when, numbering
                    )
            return
        except csv.Error as error:
            yield BadLine(lines.number, f"is not CSV: {error}")


def _delimiter_of(header: str) -> str:
    """What stands between the columns: spreadsheets of half the world write ``;``, since theirs is a decimal comma."""
    return max(",;\t", key=header.count)


class _NumberedLines:
    """The lines that count, and the number of the last one handed out."""

    def __init__(self, source: Iterable[str]) -> None:
        self.number = 0
        self._source = source

    def __iter__(self) -> Iterator[str]:
        for line in self._source:
            self.number += 1
            if line.strip() and not line.lstrip().startswith("#"):
                yield line.lstrip("\ufeff") if self.number == 1 else line


def _read_json_lines(source: TextIO, numbering: Numbering) -> Iterator[Row | BadLine]:
    lines = _NumberedLines(source)
    for line in lines:
        try:
            fields = json.loads(line)
        except ValueError as error:
            yield BadLine(lines.number, f"is not JSON: {error}")
            continue
        except RecursionError:
            yield BadLine(lines.number, "is not JSON of a pair: it is nested too deeply")
            continue
        named: dict[str, Any] = {}
        if isinstance(fields, dict):
            named = {_NAMES.get(str(name).strip().lower(), ""): value for name, value in fields.items()}
        if "business" not in named or "consumer" not in named:
            yield BadLine(lines.number, "must be an object with a business and a consumer")
            continue
        if str(named.get("state", "")).casefold() == "opted_in":
            yield BadLine(lines.number, "state is opted_in, and this is a list of those who are opted out")
            continue
        when = named.get("opted_out_at") or ""
        yield from _rows(lines.number, named["business"], named["consumer"], when, numbering)


def _rows(line: int, business: Any, consumer: Any, when: Any, numbering: Numbering) -> Iterator[Row | BadLine]:
    """The pairs of a line: one, or all that numbers without a ``+`` may mean."""
    try:
        pairs = written_pairs(business, consumer, numbering)
        since = microseconds(str(when)) if when else 0
    except NumberError as error:
        yield BadLine(line, str(error))
    except ValueError:
        yield BadLine(line, f"opted_out_at: {shown(when)} is not an ISO 8601 date or time since 1970")
    else:
        yield from (Row(line, pair, since, len(pairs) > 1) for pair in pairs)


def microseconds(text: str) -> int:
    """An ISO 8601 date or time as UTC microseconds; without a zone it is UTC. Raises ``ValueError``."""
    time = datetime.fromisoformat(text.strip())
    aware = time if time.tzinfo else time.replace(tzinfo=UTC)
    try:
        since = round(aware.timestamp() * 1_000_000)
    except OverflowError:
        raise ValueError("at the edge of the calendar") from None
    if not 0 < since < _END_OF_TIME:
        raise ValueError("before 1970, or at the edge of the calendar")
    return since


_END_OF_TIME = 253_370_764_800_000_000
"""The year 9999, in UTC microseconds: a time behind it can't be shown in every zone."""


def batches(rows: Iterable[Row | BadLine], size: int) -> Iterator[tuple[list[Row], list[BadLine]]]:
    """Rows and faults in groups of ``size`` lines; the rows of a group are in the order of the ledger's pairs.

    So neighbours in the ledger are written together, which is several times faster; lines about the same pair stay
    in their order.
    """
    rows = iter(rows)
    while group := list(islice(rows, size)):
        good = [row for row in group if isinstance(row, Row)]
        good.sort(key=lambda row: row.pair.key)
        yield good, [fault for fault in group if isinstance(fault, BadLine)]
