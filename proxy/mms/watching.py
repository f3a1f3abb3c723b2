"""Whose conversation it is, and who is told what it comes to."""

from __future__ import annotations

from typing import NamedTuple, Protocol


class About(NamedTuple):
    """Whose conversation it is: the client's address, and the number of its connection."""

    peer: str
    number: int


class Watcher(Protocol):
    """Who is told what a conversation comes to."""

    def attempted(self) -> bool:
        """A request with credentials that nobody has taken yet; whether it may go on."""

    def taken(self) -> None:
        """The other side has taken a request of this client."""

    def answered(self, carrier: str, kind: str, seconds: float) -> None:
        """A carrier has answered a request of this kind after so long."""
