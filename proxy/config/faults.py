"""What is wrong with a configuration: which keys, and what to write instead.

Values are not repeated, so no secret can be.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple


class Fault(NamedTuple):
    """What is wrong with one key."""

    key: str
    problem: str


class ConfigError(Exception):
    """A configuration that can't be used; ``faults`` has all there is to mend."""

    def __init__(self, path: Path, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(f"{path}: {fault.key}: {fault.problem}" for fault in faults))
