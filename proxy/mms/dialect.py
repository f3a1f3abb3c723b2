"""How a route speaks MM7: whose number stands for whom, and how it refuses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from proxy.consent.numbers import Spelling
from proxy.consent.policy import Policy
from proxy.mm7.addresses import Address
from proxy.mm7.answers import RESTRICTED, Kind
from proxy.mm7.envelope import Envelope
from proxy.mm7.http import MOST_MESSAGE

MediaOnly = Literal["nothing", "reply"]
OtherRequests = Literal["refuse", "pass"]
Unproven = Literal["hold", "refuse"]


@dataclass(frozen=True, slots=True)
class MmsDialect:
    """What one route decides by.

    ``refuse_with`` is the StatusCode of a refusal, ``refuse_as`` its form. ``services`` are business numbers by VASID
    or VASPID, for messages that name none, and ``default_source`` is that of all others. ``media_only`` is what a
    consumer's picture without text changes. ``other_requests`` is what becomes of what is no MM7. ``unproven``: whether
    a refusal waits until the MMSC has taken its credentials.
    """

    policy: Policy = field(default_factory=Policy)
    refuse_with: int = RESTRICTED
    refuse_as: Kind = "response"
    services: Mapping[str, str] = field(default_factory=dict)
    default_source: str = ""
    media_only: MediaOnly = "nothing"
    other_requests: OtherRequests = "refuse"
    unproven: Unproven = "hold"
    max_message: int = MOST_MESSAGE

    def spelling(self, address: Address) -> Spelling:
        """Whom an address means: the same as its number on SMPP."""
        if digits := address.digits:
            return self.policy.numbering.read(digits)
        if not address.is_coded:
            return self.policy.numbering.read(address.literal)
        numbers = self.policy.numbering.read(address.number).all if address.number else ()
        return Spelling(address.literal, numbers)  # whoever decodes no tokens sends it to the number

    def business(self, envelope: Envelope, addresses: tuple[Address, ...]) -> tuple[Spelling, ...]:
        """The business numbers that a message names, or that stand for it where it names none; empty if none does."""
        if named := tuple(map(self.spelling, addresses)):
            return named
        for name in (envelope.vasid, envelope.vaspid):
            if name and (number := self.services.get(name)):
                return (self.policy.numbering.read(number),)
        return (self.policy.numbering.read(self.default_source),) if self.default_source else ()


def delivered_to(addresses: tuple[Address, ...]) -> tuple[Address, ...]:
    """Those of these recipients that a message is delivered to, and does not only show."""
    return tuple(address for address in addresses if not address.is_shown)
