"""How a route speaks SMPP: which addresses mean whom, what its alphabet is, by which status it refuses."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from proxy.consent.numbers import INTERNATIONAL, NATIONAL, UNKNOWN, Ends, NumberType, Pair, Spelling
from proxy.consent.policy import LONGEST_TEXT, Policy
from proxy.consent.wishes import Offer, fingerprint
from proxy.meaning.meanings import Meaning, Reading
from proxy.smpp import pdu
from proxy.smpp.frames import MAX_PDU
from proxy.smpp.message import read_message
from proxy.smpp.pdu import Address
from proxy.smpp.text import DefaultAlphabet, Part, is_receipt_text, read_text

DistributionLists = Literal["refuse", "pass"]

TYPES: dict[int, NumberType] = {1: INTERNATIONAL, 2: NATIONAL}
"""Types of number by their TON (SMPP 3.4, section 5.2.5; GSM 03.40, section 9.1.2.5); the others say nothing to us."""


class Heard(NamedTuple):
    """A consumer's message: whose it is, what it means by itself, and which part of a longer one it is, if any.

    ``texts`` are its readings by name, the most trusted first; ``fingerprint`` is a hash of them.
    """

    ends: Ends
    reading: Reading
    texts: dict[str, str]
    part: Part | None
    fingerprint: bytes

    @property
    def may_open(self) -> bool:
        """Whether it, or the message that it is a part of, may ask to be let back in, under some settings."""
        return self.part is not None or self.reading.meaning is not Meaning.STOP

    @property
    def offer(self) -> Offer:
        """What tells it from other messages; how many STOPs had been heard when it came isn't known here."""
        return Offer(self.ends.likeliest, self.fingerprint, None)


@dataclass(frozen=True, slots=True)
class Dialect:
    """What one route decides by: who may be texted (``policy``), and how that is read and said on its wire.

    ``refuse_with`` answers a submit to an opted-out pair, ``unavailable`` one that can't be decided now; both are
    command_status values. ``default_source`` is the number that the SMSC puts in for an empty source_addr.
    """

    policy: Policy = field(default_factory=Policy)
    refuse_with: int = pdu.STATUSES["ESME_RINVDSTADR"]
    unavailable: int = pdu.STATUSES["ESME_RMSGQFUL"]
    distribution_lists: DistributionLists = "refuse"
    default_alphabet: DefaultAlphabet = "gsm"
    packed_gsm: bool = False
    default_source: str = ""
    max_pdu: int = MAX_PDU

    def spelling(self, address: Address) -> Spelling:
        """Whom an address means."""
        return self.policy.numbering.read(address.digits.decode("latin-1"), TYPES.get(address.ton, UNKNOWN))

    def sender(self, source: Address) -> Spelling:
        """Whose message has this source_addr, on its way to a consumer."""
        spelling = self.spelling(source)
        if not spelling.canonical and self.default_source:
            return self.policy.numbering.read(self.default_source)
        return spelling

    def pairs_of_mt(self, source: Address, destination: Address) -> tuple[Pair, ...]:
        """The pairs that a message to a consumer is checked under, the likeliest first; nearly always one."""
        return Ends(self.sender(source), self.spelling(destination)).pairs

    def hear(self, buffer: bytes, start: int, end: int) -> Heard | None:
        """What the deliver_sm or data_sm at ``buffer[start:end]`` says about consent.

        None for what no consumer wrote: receipts and other notices, binary content. Raises
        ``PduError`` if its mandatory fields can't be read.
        """
        message = read_message(buffer, start, end)
        if message.is_notice:
            return None
        text = read_text(message, self.default_alphabet, packed=self.packed_gsm)
        if not text.readings or any(map(is_receipt_text, text.readings)):
            return None
        part = None if message.doubtful else text.part
        return Heard(
            Ends(self.spelling(message.destination), self.spelling(message.source)),
            self.policy.read(text.readings, is_whole=not (message.doubtful or text.part or text.is_cut)),
            {name: each[:LONGEST_TEXT] for name, each in text.named.items()},
            part,
            fingerprint((*text.readings, repr(part))),
        )
