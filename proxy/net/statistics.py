"""What a conversation has come to so far, whatever protocol it speaks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Statistics:
    """A snapshot of a conversation between a platform and a carrier."""

    system_id: str
    """Who speaks on the platform's side, as its bind, its credentials or its envelopes say."""
    bind: str
    """What was bound as (SMPP): transmitter, receiver, transceiver; empty if nothing is."""
    is_bound: bool
    """Whether the carrier has taken a bind, or the other side of MM7 a request."""
    is_draining: bool
    in_flight: tuple[int, int]
    """Requests without an answer, by the side that asked."""
    refused: int
    """Requests that we answered ourselves."""
    changes: int
    """Changes of consent made."""
    pdus: tuple[int, int]
    """PDUs, or messages of MM7, by the side that they came from."""

    def in_the_end(self) -> dict[str, Any]:
        """What the log tells of it when it is over."""
        return {
            "system_id": self.system_id,
            "from_esme": self.pdus[0],
            "from_smsc": self.pdus[1],
            "refused": self.refused,
            "changes": self.changes,
        }
