"""PDUs written from values, for the simulator and for tests; the relay never calls this."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from struct import Struct

from proxy.smpp.frames import HEADER_SIZE
from proxy.smpp.message import Tlv
from proxy.smpp.pdu import BIND_TRANSCEIVER, DATA_SM, DELIVER_SM, HEADER, SUBMIT_MULTI, SUBMIT_SM, Address

_TLV_HEADER = Struct(">HH")


def pdu(command_id: int, body: bytes = b"", *, status: int = 0, sequence: int = 1) -> bytes:
    """A PDU with this body."""
    return HEADER.pack(HEADER_SIZE + len(body), command_id, status, sequence) + body


def c_string(text: str | bytes) -> bytes:
    """A C-octet string: the octets and a NUL."""
    return (text.encode("latin-1") if isinstance(text, str) else text) + b"\0"


def address(digits: str, *, ton: int = 1, npi: int = 1) -> Address:
    """An address; international and ISDN unless said otherwise."""
    return Address(ton, npi, digits.encode("latin-1"))


def tlvs(parameters: Iterable[Tlv]) -> bytes:
    """Optional parameters in the order given."""
    return b"".join(_TLV_HEADER.pack(tag, len(value)) + value for tag, value in parameters)


def bind(system_id: str, password: str, *, command_id: int = BIND_TRANSCEIVER, sequence: int = 1) -> bytes:
    """A bind of interface_version 3.4 (SMPP 3.4, section 4.1)."""
    body = c_string(system_id) + c_string(password) + c_string("") + b"\x34\0\0" + c_string("")
    return pdu(command_id, body, sequence=sequence)


def message(
    command_id: int,
    source: Address,
    destination: Address,
    text: bytes,
    *,
    esm_class: int = 0,
    data_coding: int = 0,
    registered_delivery: int = 0,
    parameters: Sequence[Tlv] = (),
    sequence: int = 1,
) -> bytes:
    """A submit_sm, deliver_sm or data_sm; data_sm has its text in ``parameters``."""
    head = c_string("") + _address(source) + _address(destination)
    if command_id == DATA_SM:
        body = head + bytes((esm_class, registered_delivery, data_coding))
    else:
        body = head + _tail(text, esm_class, data_coding, registered_delivery)
    return pdu(command_id, body + tlvs(parameters), sequence=sequence)


def submit_sm(source: Address, destination: Address, text: bytes, *, sequence: int = 1, data_coding: int = 0) -> bytes:
    """A submit_sm (section 4.4.1)."""
    return message(SUBMIT_SM, source, destination, text, sequence=sequence, data_coding=data_coding)


def deliver_sm(
    source: Address,
    destination: Address,
    text: bytes,
    *,
    sequence: int = 1,
    esm_class: int = 0,
    data_coding: int = 0,
    parameters: Sequence[Tlv] = (),
) -> bytes:
    """A deliver_sm (section 4.6.1)."""
    return message(
        DELIVER_SM,
        source,
        destination,
        text,
        esm_class=esm_class,
        data_coding=data_coding,
        parameters=parameters,
        sequence=sequence,
    )


def submit_multi(source: Address, destinations: Sequence[Address | str], text: bytes, *, sequence: int = 1) -> bytes:
    """A submit_multi (section 4.5.1); a ``str`` among the destinations names a distribution list."""
    entries = b"".join(b"\2" + c_string(d) if isinstance(d, str) else b"\1" + _address(d) for d in destinations)
    body = c_string("") + _address(source) + bytes((len(destinations),)) + entries + _tail(text, 0, 0, 0)
    return pdu(SUBMIT_MULTI, body, sequence=sequence)


def _address(value: Address) -> bytes:
    return bytes((value.ton, value.npi)) + c_string(value.digits)


def _tail(text: bytes, esm_class: int, data_coding: int, registered_delivery: int) -> bytes:
    """The fields from esm_class to short_message."""
    times = c_string("") + c_string("")
    flags = bytes((registered_delivery, 0, data_coding, 0, len(text)))
    return bytes((esm_class, 0, 0)) + times + flags + text
