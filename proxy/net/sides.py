"""The two ends of a session."""

from __future__ import annotations

from enum import IntEnum


class Side(IntEnum):
    """The platform, or the carrier."""

    ESME = 0
    SMSC = 1

    @property
    def other(self) -> Side:
        """The opposite end."""
        return Side.SMSC if self is Side.ESME else Side.ESME
