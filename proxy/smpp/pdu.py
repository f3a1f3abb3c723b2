"""One SMPP frame: its header and names, whom it is from and to, and the 16-octet answers that we write ourselves.

A frame is given as ``(buffer, start, end)`` so that looking at it costs no copy. Layouts are those of SMPP 3.4
chapter 4; they hold for 3.3 (which has no TLVs) and for 5.0 (whose additions are TLVs and commands of their own).
"""

from __future__ import annotations

from struct import Struct
from typing import NamedTuple

from smpplib import consts
from smpplib.command_codes import commands

from proxy.smpp.frames import HEADER_SIZE

HEADER = Struct(">LLLL")
"""command_length, command_id, command_status, sequence_number (section 3.2)."""

RESPONSE = 0x80000000
"""The bit that makes a request's command_id its response's (section 5.1.2.1)."""

COMMANDS: dict[str, int] = {
    **commands,
    "broadcast_sm": 0x00000111,
    "broadcast_sm_resp": 0x80000111,
    "query_broadcast_sm": 0x00000112,
    "query_broadcast_sm_resp": 0x80000112,
    "cancel_broadcast_sm": 0x00000113,
    "cancel_broadcast_sm_resp": 0x80000113,
}
"""command_id by name: SMPP 3.4 table 5-1, and the broadcast family of 5.0."""

COMMAND_NAMES: dict[int, str] = {number: name for name, number in COMMANDS.items()}

GENERIC_NACK = COMMANDS["generic_nack"]
BIND_RECEIVER = COMMANDS["bind_receiver"]
BIND_TRANSMITTER = COMMANDS["bind_transmitter"]
BIND_TRANSCEIVER = COMMANDS["bind_transceiver"]
SUBMIT_SM = COMMANDS["submit_sm"]
DELIVER_SM = COMMANDS["deliver_sm"]
UNBIND = COMMANDS["unbind"]
OUTBIND = COMMANDS["outbind"]
ENQUIRE_LINK = COMMANDS["enquire_link"]
SUBMIT_MULTI = COMMANDS["submit_multi"]
ALERT_NOTIFICATION = COMMANDS["alert_notification"]
DATA_SM = COMMANDS["data_sm"]

BINDS = frozenset((BIND_RECEIVER, BIND_TRANSMITTER, BIND_TRANSCEIVER))
UNANSWERED = frozenset((OUTBIND, ALERT_NOTIFICATION))
"""Requests that have no response (sections 4.1.7 and 4.12)."""

ANSWERED = frozenset(command for command in COMMAND_NAMES if command < RESPONSE and command | RESPONSE in COMMAND_NAMES)
"""Requests that have a response. Whether a vendor's own has one nobody knows, so none is waited for."""

STATUSES: dict[str, int] = {
    **{name[5:]: value for name, value in vars(consts).items() if name.startswith("SMPP_ESME_")},
    "ESME_RPROHIBITED": 0x101,
    "ESME_RUNAUTHORIZED": 0x102,
    "ESME_RINVSRCADDRSUBUNIT": 0x10A,
    "ESME_RINVDSTADDRSUBUNIT": 0x10B,
}
"""command_status by name: SMPP 3.4 table 5-2, and those of 5.0 that may answer a submit."""

STATUS_NAMES: dict[int, str] = {value: name for name, value in STATUSES.items()}

ROK = STATUSES["ESME_ROK"]
RINVCMDLEN = STATUSES["ESME_RINVCMDLEN"]
RINVBNDSTS = STATUSES["ESME_RINVBNDSTS"]
RBINDFAIL = STATUSES["ESME_RBINDFAIL"]
RX_T_APPN = STATUSES["ESME_RX_T_APPN"]
RCNTSUBDL = STATUSES["ESME_RCNTSUBDL"]

ADDRESS_LIMIT = 64
"""Longest address read, in octets without its NUL: data_sm's source_addr (section 4.7.1)."""

ORDINARY_SUBMIT = rb".{4}\x00\x00\x00\x04.{8}[^\x00]*\x00(..[^\x00]{0,64})\x00%b\x00"
"""A regular expression (DOTALL) for a submit_sm from its first octet to the NUL behind its destination_addr.

Its first group is the source's ton, npi and address. What is put in for ``%b`` matches the destination's, and must
match no NUL in the address.
"""


class PduError(Exception):
    """This PDU can't be read at ``field``; the frame itself is whole and may still be passed on."""

    def __init__(self, field: str, why: str) -> None:
        self.field = field
        super().__init__(f"{field}: {why}")


class Address(NamedTuple):
    """An SMPP address as it stands on the wire (sections 5.2.5 to 5.2.9)."""

    ton: int
    npi: int
    digits: bytes


class Addresses(NamedTuple):
    """Who a message is from and to; ``after`` is the offset behind destination_addr."""

    source: Address
    destination: Address
    after: int


def command_name(command_id: int) -> str:
    """The specification's name, or ``unknown`` (one word, so that it may label a metric)."""
    return COMMAND_NAMES.get(command_id, "unknown")


def status_name(status: int) -> str:
    """The specification's name of a command_status, or its number in hexadecimal."""
    return STATUS_NAMES.get(status) or f"0x{status:08X}"


def status_code(text: str | int) -> int:
    """A command_status from its name or number; raises ``ValueError`` for anything else."""
    if isinstance(text, int):
        status = text
    elif text.upper() in STATUSES:
        status = STATUSES[text.upper()]
    else:
        status = int(text, 0)
    if not 0 < status <= 0xFFFFFFFF:
        raise ValueError(f"{status} is outside 1..0xFFFFFFFF")
    return status


def header_only(command_id: int, status: int, sequence_number: int) -> bytes:
    """A PDU that is only its header: refusals, generic_nack, unbind."""
    return HEADER.pack(HEADER_SIZE, command_id, status, sequence_number)


def refusal(command_id: int, status: int, sequence_number: int) -> bytes:
    """The bare 16-octet response that refuses the request ``command_id``."""
    return HEADER.pack(HEADER_SIZE, command_id | RESPONSE, status, sequence_number)


def system_id(buffer: bytes, start: int, end: int) -> str:
    """The system_id of a bind or of a bind's response, empty if it can't be read; what can't be seen is escaped."""
    begin = start + HEADER_SIZE
    stop = buffer.find(0, begin, end)
    return visible(buffer[begin : stop if stop >= 0 else end][:ADDRESS_LIMIT].decode("latin-1"))


def visible(text: str) -> str:
    r"""A peer's text as logs and terminals may show it: what can't be seen, or steers a terminal, is as ``\x1b``."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" if ord(c) < 256 else f"\\u{ord(c):04x}" for c in text)


def c_string_end(buffer: bytes, begin: int, end: int, field: str) -> int:
    """The offset of the NUL that ends the C-octet string at ``begin``."""
    stop = buffer.find(0, begin, end)
    if stop < 0:
        raise PduError(field, "no NUL before the end of the PDU")
    return stop


def read_address(buffer: bytes, begin: int, end: int, field: str) -> tuple[Address, int]:
    """The ton, npi and address at ``begin``, and the offset behind them."""
    if begin + 2 > end:
        raise PduError(field, "the PDU ends before it")
    stop = c_string_end(buffer, begin + 2, end, field)
    if stop - begin - 2 > ADDRESS_LIMIT:
        raise PduError(field, f"longer than {ADDRESS_LIMIT} octets")
    return Address(buffer[begin], buffer[begin + 1], buffer[begin + 2 : stop]), stop + 1


def read_addresses(buffer: bytes, start: int, end: int) -> Addresses:
    """Source and destination of a submit_sm, deliver_sm or data_sm; raises ``PduError``."""
    find = buffer.find
    service = find(0, start + HEADER_SIZE, end)
    source = find(0, service + 3, end) if service >= 0 else -1
    destination = find(0, source + 3, end) if source >= 0 else -1
    if destination < 0 or source - service > ADDRESS_LIMIT + 3 or destination - source > ADDRESS_LIMIT + 3:
        return _read_addresses_slowly(buffer, start, end)
    return Addresses(
        Address(buffer[service + 1], buffer[service + 2], buffer[service + 3 : source]),
        Address(buffer[source + 1], buffer[source + 2], buffer[source + 3 : destination]),
        destination + 1,
    )


def _read_addresses_slowly(buffer: bytes, start: int, end: int) -> Addresses:
    """The same, field by field, to name the one that is at fault."""
    service_end = c_string_end(buffer, start + HEADER_SIZE, end, "service_type")
    source, position = read_address(buffer, service_end + 1, end, "source_addr")
    destination, position = read_address(buffer, position, end, "destination_addr")
    return Addresses(source, destination, position)
