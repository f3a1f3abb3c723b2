"""What a bench is asked for."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Row = dict[str, Any]
"""One line of a table: figures by the names of their columns."""


@dataclass(frozen=True)
class Options:
    """``quick``: small sizes, for a look."""

    quick: bool = False
    millions: list[int] = field(default_factory=lambda: [1])
    minutes: float = 30.0
    opted_out: float = 0.0
    mo: float = 0.0
    stop_share: float = 0.01


@contextmanager
def a_folder() -> Iterator[Path]:
    """A folder on a disk that has fsync, gone afterwards."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as name:
        yield Path(name)
