"""How often something may be told of."""

from __future__ import annotations

from typing import Protocol


class Rates(Protocol):
    """How many lines of each event may be written."""

    def left_out(self, event: str) -> int | None:
        """How many lines of this event were left out since the last one; None if this one has to be left out too."""
        ...
