"""Opt-out lists in and out: CSV or JSON lines, streamed, with every fault named by its line."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Literal, NamedTuple, TextIO

from proxy.consent.ledger import Record
from proxy.consent.numbers import Numbering, Pair

Format = Literal["csv", "jsonl"]

FIELDS = ("business", "consumer", "opted_out_at")
"""The columns that are written, and read; the last may be missing or empty."""

_NAMES: dict[str, str] = {
    "business": "business", "a": "business", "sender": "business", "from": "business", "source": "business",
    "short_code": "business", "shortcode": "business", "business_number": "business",
    "consumer": "consumer", "b": "consumer", "recipient": "consumer", "to": "consumer", "destination": "consumer",
    "phone": "consumer", "phone_number": "consumer", "number": "consumer", "msisdn": "consumer", "mobile": "consumer",
    "opted_out_at": "opted_out_at", "time": "opted_out_at", "date": "opted_out_at", "since": "opted_out_at",
    "timestamp": "opted_out_at", "created_at": "opted_out_at",
}  # fmt: skip
"""Headers that lists in use have, and the columns that they are."""

LONGEST_NUMBER = 64
"""Characters; nothing longer is a number or a sender's name."""


class Fault(NamedTuple):
    """A line that could not be taken, and why."""

    line: int
    problem: str


class Row(NamedTuple):
    """A line that could: its pair, and since when it is opted out (UTC microseconds, 0 if it doesn't say)."""

    line: int
    pair: Pair
    since: int


class HeaderError(ValueError):
    """The list's first line doesn't say which columns are business and consumer."""


def read(source: TextIO, format: Format, numbering: Numbering) -> Iterator[Row | Fault]:
    """Every line of a list as a row or a fault; blank lines and those that begin with ``#`` are passed over.

    Raises ``HeaderError`` if the columns of a CSV can't be told.
    """
    if format == "jsonl":
        return _read_json_lines(source, numbering)
    return _read_csv(source, numbering)


def write(records: Iterable[Record], target: TextIO, format: Format) -> int:
    """Write these records, one a line, in the order they come; returns how many."""
    count = 0
    table = csv.writer(target, lineterminator="\n")
    if format == "csv":
        table.writerow(FIELDS)
    for record in records:
        count += 1
        values = (*record.pair, record.since.isoformat(timespec="microseconds"))
        if format == "csv":
            table.writerow(values)
        else:
            target.write(json.dumps(dict(zip(FIELDS, values, strict=True)), ensure_ascii=False) + "\n")
    return count


def _read_csv(source: TextIO, numbering: Numbering) -> Iterator[Row | Fault]:
    lines = _NumberedLines(source)
    table = csv.reader(lines)
    header = next(table, None)
    if header is None:
        return
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
                    yield Fault(lines.number, f"has {len(cells)} columns, the header has {len(header)}")
                else:
                    when = cells[since] if since is not None and since < len(cells) else ""
                    yield _row(lines.number, cells[business], cells[consumer], when, numbering)
            return
        except csv.Error as error:
            yield Fault(lines.number, f"is no CSV: {error}")


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


def _read_json_lines(source: TextIO, numbering: Numbering) -> Iterator[Row | Fault]:
    lines = _NumberedLines(source)
    for line in lines:
        try:
            fields = json.loads(line)
        except ValueError as error:
            yield Fault(lines.number, f"is no JSON: {error}")
            continue
        named: dict[str, Any] = {}
        if isinstance(fields, dict):
            named = {_NAMES.get(str(name).strip().lower(), ""): value for name, value in fields.items()}
        if "business" not in named or "consumer" not in named:
            yield Fault(lines.number, "must be an object with a business and a consumer")
            continue
        yield _row(lines.number, named["business"], named["consumer"], named.get("opted_out_at") or "", numbering)


def _row(line: int, business: Any, consumer: Any, when: Any, numbering: Numbering) -> Row | Fault:
    sender, recipient = _canonical(business, numbering), _canonical(consumer, numbering)
    if not sender:
        return Fault(line, "business is no number")
    if not is_number(recipient):
        return Fault(line, "consumer is no telephone number")
    since = 0
    if when:
        try:
            since = microseconds(str(when))
        except ValueError:
            return Fault(line, "opted_out_at is no ISO 8601 date or time")
    return Row(line, Pair(sender, recipient), since)


def _canonical(value: Any, numbering: Numbering) -> str:
    """The canonical spelling of what a list gives, empty if that is no number."""
    text = value.strip() if isinstance(value, str) else str(value) if isinstance(value, int) else ""
    if not text or len(text) > LONGEST_NUMBER or not text.isprintable():
        return ""
    return numbering.parse(text)


def is_number(canonical: str) -> bool:
    """Whether this can be a person's number: 3 to 15 digits (E.164), with or without a ``+``, and nothing else."""
    digits = canonical.removeprefix("+")
    return 3 <= len(digits) <= 15 and digits.isascii() and digits.isdigit()


def microseconds(text: str) -> int:
    """An ISO 8601 date or time as UTC microseconds; without a zone it is UTC. Raises ``ValueError``."""
    time = datetime.fromisoformat(text.strip())
    aware = time if time.tzinfo else time.replace(tzinfo=UTC)
    since = round(aware.timestamp() * 1_000_000)
    if since <= 0:
        raise ValueError("before 1970")
    return since


def batches(rows: Iterable[Row | Fault], size: int) -> Iterator[tuple[list[Row], list[Fault]]]:
    """Rows and faults in groups of ``size`` lines; the rows of a group are in the order of the ledger's pairs.

    So neighbours in the ledger are written together, which is several times faster; lines about the same pair stay
    in their order.
    """
    rows = iter(rows)
    while group := list(islice(rows, size)):
        good = [row for row in group if isinstance(row, Row)]
        good.sort(key=_in_the_ledger)
        yield good, [fault for fault in group if isinstance(fault, Fault)]


def _in_the_ledger(row: Row) -> str:
    """By this the ledger keeps pairs in order."""
    business, consumer = row[1]
    return consumer + "\0" + business
