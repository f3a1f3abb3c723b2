"""A list of opt-outs read for ``consent import``: rows that are written together, and faults as they come."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path

import typer

from proxy.cli.failing import FAULTS_SHOWN
from proxy.cli.options import STANDARD_INPUT
from proxy.consent.numbers import Numbering
from proxy.ledger.upkeep import lists
from proxy.ledger.upkeep.lists import Format, Row

IMPORT_GROUP = 500_000
"""Lines that are put in order together before they are written: some 200 megabytes."""

IMPORT_BATCH = 10_000
"""Lines that share a commit: a few tens of milliseconds in which replies wait for the writer's turn."""


class Importing:
    """One list. ``advance`` is told up to which octet of the file it has come."""

    def __init__(self, file: Path, format: Format, advance: Callable[[float], None]) -> None:
        self.lines = 0
        """Lines that could be read."""
        self.bad = 0
        """Lines that could not."""
        self._file = file
        self._format = format
        self._advance = advance

    def groups(self, numbering: Numbering) -> Iterator[list[Row]]:
        """The rows that share a commit, in the order of the ledger's pairs; faults go to standard error.

        Raises ``HeaderError``, and ``OSError`` for a file that can't be read.
        """
        is_piped = self._file == STANDARD_INPUT
        with nullcontext(sys.stdin.buffer) if is_piped else self._file.open("rb") as octets:
            source = io.TextIOWrapper(octets, encoding="utf-8", errors="replace", newline="")
            begun = 0
            for good, faulty in lists.batches(lists.read(source, self._format, numbering), IMPORT_GROUP):
                read = 0 if is_piped else octets.tell() - begun
                for fault in faulty[: max(0, FAULTS_SHOWN - self.bad)]:
                    typer.echo(f"{self._file}: line {fault.line}: {fault.problem}", err=True)
                self.bad += len(faulty)
                self.lines += len({row.line for row in good})
                for start in range(0, len(good), IMPORT_BATCH):
                    yield good[start : start + IMPORT_BATCH]
                    self._advance(begun + read * (start + IMPORT_BATCH) / len(good))
                begun += read
                self._advance(begun)
