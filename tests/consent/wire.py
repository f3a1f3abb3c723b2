"""Addresses as they stand on the wire of SMPP: type of number and octets."""

from __future__ import annotations

from proxy.consent.numbers import Numbering, Spelling
from proxy.consent.policy import Policy
from proxy.relay.session.dialect import Dialect
from proxy.smpp.pdu import Address


def read(numbering: Numbering, ton: int, digits: bytes) -> Spelling:
    return Dialect(Policy(numbering=numbering)).spelling(Address(ton, 1, digits))


def canonical(numbering: Numbering, ton: int, digits: bytes) -> str:
    return read(numbering, ton, digits).canonical
