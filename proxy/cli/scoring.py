"""How well a labelled file is read: so that operators can judge the rules on replies that they have had themselves."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import NamedTuple

from proxy.cli.lines import json_line
from proxy.cli.options import STANDARD_INPUT
from proxy.cli.tables import console, print_rows
from proxy.meaning.meanings import Meaning
from proxy.meaning.replies import Replies

_WORST = (
    (Meaning.STOP, Meaning.RESUME),
    (Meaning.STOP, Meaning.OTHER),
    (Meaning.UNCLEAR, Meaning.RESUME),
    (Meaning.OTHER, Meaning.STOP),
    (Meaning.RESUME, Meaning.STOP),
    (Meaning.HELP, Meaning.STOP),
    (Meaning.STOP, Meaning.UNCLEAR),
    (Meaning.UNCLEAR, Meaning.OTHER),
)
"""Errors, label and meaning, that harm most: a person who is texted again, then a customer who is lost."""


class Labelled(NamedTuple):
    """A line of the file: what somebody says that the reply means, and the reply."""

    line: int
    label: Meaning
    text: str


class Misread(NamedTuple):
    """A reply that was read otherwise than it is labelled."""

    line: int
    label: Meaning
    meaning: Meaning
    matched: str
    text: str


class LabelError(ValueError):
    """The file isn't as it must be; the message says where and what to write."""


def read_labelled(path: Path) -> Iterator[Labelled]:
    """The lines of a file, or of ``-``: label TAB text; ``\\n`` stands for a line break.

    Raises ``LabelError`` or ``OSError``.
    """
    is_piped = path == STANDARD_INPUT
    with nullcontext(sys.stdin) if is_piped else path.open(encoding="utf-8", errors="replace") as lines:
        for number, line in enumerate(lines, 1):
            label, tab, text = line.rstrip("\r\n").partition("\t")
            if not line.strip() or (number == 1 and label == "label"):
                continue
            if not tab or label not in set(Meaning):
                raise LabelError(f"{path}: line {number}: must be a meaning, a tab and a text: {', '.join(Meaning)}")
            yield Labelled(number, Meaning(label), text.replace("\\n", "\n"))


def score(labelled: Iterable[Labelled], replies: Replies) -> tuple[Counter[tuple[Meaning, Meaning]], list[Misread]]:
    """How many of each label were read as each meaning, and the errors, the worst first.

    An automatic reply that is labelled as an ordinary one is no error: nobody wrote it.
    """
    counts: Counter[tuple[Meaning, Meaning]] = Counter()
    errors: list[Misread] = []
    for line, label, text in labelled:
        meaning, matched = replies.read(text)
        counts[label, meaning] += 1
        if meaning is not label and (label, meaning) != (Meaning.OTHER, Meaning.AUTOMATIC):
            errors.append(Misread(line, label, meaning, matched, text))
    rank = {pair: position for position, pair in enumerate(_WORST)}
    errors.sort(key=lambda error: (rank.get((error.label, error.meaning), len(rank)), error.line))
    return counts, errors


def show_score(path: Path, replies: Replies) -> None:
    """Print the confusion table and the errors of a file: tables on a terminal, one JSON object a line elsewhere."""
    counts, errors = score(read_labelled(path), replies)
    labels = [label for label in Meaning if any(of is label for of, _ in counts)]
    if not sys.stdout.isatty():
        for label in labels:
            print(json_line({"label": label, **{meaning: counts[label, meaning] for meaning in Meaning}}))
        for error in errors:
            print(json_line(error._asdict()))
        return
    where = console()
    rows: list[list[object]] = []
    for label in labels:
        row = [counts[label, meaning] for meaning in Meaning]
        right = counts[label, label] + (counts[label, Meaning.AUTOMATIC] if label is Meaning.OTHER else 0)
        rows.append([label, *(count or "" for count in row), f"{right / sum(row):.1%}"])
    print_rows(("labelled", *(f"read as {meaning}" for meaning in Meaning), "right"), rows, where)
    print_rows(
        ("line", "labelled", "read as", "matched", "text"),
        ((error.line, error.label, error.meaning, error.matched, error.text) for error in errors),
        where,
    )
