"""What is known of one conversation, by all who decide about it."""

from __future__ import annotations

from dataclasses import dataclass, field

from proxy.consent.wishes import Origin
from proxy.mms.actions import Note
from proxy.mms.credentials import Client, Credentials
from proxy.mms.dialect import MmsDialect
from proxy.mms.tally import MmsTally


@dataclass(slots=True)
class Standing:
    """What a conversation decides by, and what it has to tell."""

    dialect: MmsDialect
    tally: MmsTally
    origin: Origin
    client: Client
    credentials: Credentials
    is_draining: bool = False
    refused: int = 0
    notes: list[Note] = field(default_factory=list)

    def note(self, event: str, **fields: object) -> None:
        """Have this logged."""
        self.notes.append(Note(event, fields))

    def count(self, kind: str, reason: str) -> None:
        """One more request is answered by us."""
        self.refused += 1
        self.tally.refused[kind, reason] += 1
