"""What a route tells of the connections that it was given, by their numbers."""

from __future__ import annotations

from dataclasses import dataclass

from proxy.net.endpoints import Endpoint


@dataclass(frozen=True, slots=True)
class Connected:
    """A carrier took it, on this address."""

    connection: int
    carrier: str
    address: Endpoint


@dataclass(frozen=True, slots=True)
class BindAsked:
    """Its client asked for a bind."""

    connection: int


@dataclass(frozen=True, slots=True)
class Bound:
    """A bind was accepted on it."""

    connection: int


@dataclass(frozen=True, slots=True)
class Ended:
    """It is over."""

    connection: int


Happening = Connected | BindAsked | Bound | Ended
