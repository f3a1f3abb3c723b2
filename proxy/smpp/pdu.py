"""Read-only views on one SMPP frame, and the 16-octet answers that we write ourselves.

A frame is given as ``(buffer, start, end)`` so that looking at it costs no copy. Reading is
lenient on purpose: what decides over consent (the mandatory fields) is read first, and nothing
that comes after it can hide it. Layouts are those of SMPP 3.4 chapter 4; they hold for 3.3
(which has no TLVs) and for 5.0 (whose additions are TLVs and commands of their own).
"""

from __future__ import annotations

from dataclasses import dataclass
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

TAG_RECEIPTED_MESSAGE_ID = 0x001E
TAG_SAR_MSG_REF_NUM = 0x020C
TAG_SAR_TOTAL_SEGMENTS = 0x020E
TAG_SAR_SEGMENT_SEQNUM = 0x020F
TAG_MESSAGE_PAYLOAD = 0x0424
TAG_MESSAGE_STATE = 0x0427

MESSAGE_TYPE = 0x3C
"""The message type bits of esm_class, 5 to 2: zero for an ordinary message (section 5.2.12)."""
UDHI = 0x40
"""The bit of esm_class that says the text begins with a user data header (section 5.2.12)."""

ADDRESS_LIMIT = 64
"""Longest address read, in octets without its NUL: data_sm's source_addr (section 4.7.1)."""

ORDINARY_SUBMIT = rb".{4}\x00\x00\x00\x04.{8}[^\x00]*\x00(..[^\x00]{0,64})\x00%b\x00"
"""A regular expression (DOTALL) for a submit_sm from its first octet to the NUL behind its destination_addr.

Its first group is the source's ton, npi and address. What is put in for ``%b`` matches the destination's, and must
match no NUL in the address.
"""

MOST_TLVS = 256
"""Optional parameters of one PDU that are looked at; no specification has a third as many."""

MOST_PAYLOADS = 3
"""message_payloads that are read, though a message may have one (section 4.6.1): the first ones and the last."""

MOST_GUESSES = 1_000
"""TLVs that are looked at in search of where a text of unknown length ends."""

_TLV_HEADER = Struct(">HH")
_PAYLOAD_TAG = TAG_MESSAGE_PAYLOAD.to_bytes(2, "big")


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


class Tlv(NamedTuple):
    """One optional parameter (section 3.2.4)."""

    tag: int
    value: bytes


@dataclass(frozen=True, slots=True)
class Message:
    """What a deliver_sm, submit_sm or data_sm says, read leniently.

    ``octets`` holds every reading of the text, most trusted first: short_message, then
    message_payload, then, where sm_length can't be right (``doubtful``), all that follows it.
    """

    source: Address
    destination: Address
    esm_class: int
    data_coding: int
    octets: tuple[bytes, ...]
    tlvs: tuple[Tlv, ...]
    doubtful: bool

    def tlv(self, tag: int) -> bytes | None:
        """The value of the first TLV with this tag."""
        for found, value in self.tlvs:
            if found == tag:
                return value
        return None

    @property
    def is_notice(self) -> bool:
        """A receipt or another message about a message, by type bits or by its TLVs."""
        return bool(
            self.esm_class & MESSAGE_TYPE
            or self.tlv(TAG_RECEIPTED_MESSAGE_ID) is not None
            or self.tlv(TAG_MESSAGE_STATE) is not None
        )


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


def read_message(buffer: bytes, start: int, end: int) -> Message:
    """The message in a deliver_sm, submit_sm or data_sm; raises ``PduError``.

    Only fields up to data_coding (and sm_length, where the command has one) must be there.
    """
    (command_id,) = Struct(">L").unpack_from(buffer, start + 4)
    source, destination, position = read_addresses(buffer, start, end)
    if command_id == DATA_SM:
        return _read_data_sm(buffer, position, end, source, destination)
    if position + 3 > end:
        raise PduError("esm_class", "the PDU ends before it")
    esm_class = buffer[position]
    position = c_string_end(buffer, position + 3, end, "schedule_delivery_time") + 1
    position = c_string_end(buffer, position, end, "validity_period") + 1
    if position + 5 > end:
        raise PduError("sm_length", "the PDU ends before it")
    data_coding, sm_length = buffer[position + 2], buffer[position + 4]
    position += 5
    text_end = position + sm_length
    tlvs, clean = _read_tlvs(buffer, min(text_end, end), end)
    octets = [buffer[position : min(text_end, end)]] if sm_length else []
    octets += _payloads(tlvs)
    doubtful = not clean or text_end > end
    if doubtful:
        octets += _guesses(buffer, position, end)
    return Message(source, destination, esm_class, data_coding, tuple(octets), tlvs, doubtful)


def _read_data_sm(buffer: bytes, position: int, end: int, source: Address, destination: Address) -> Message:
    if position + 3 > end:
        raise PduError("data_coding", "the PDU ends before it")
    esm_class, data_coding = buffer[position], buffer[position + 2]
    tlvs, clean = _read_tlvs(buffer, position + 3, end)
    octets = _payloads(tlvs)
    if not clean:
        octets += _guesses(buffer, position + 3, end)
    return Message(source, destination, esm_class, data_coding, tuple(octets), tlvs, not clean)


def _payloads(tlvs: tuple[Tlv, ...]) -> list[bytes]:
    found = [value for tag, value in tlvs if tag == TAG_MESSAGE_PAYLOAD]
    return found if len(found) <= MOST_PAYLOADS else [*found[: MOST_PAYLOADS - 1], found[-1]]


def _guesses(buffer: bytes, position: int, end: int) -> list[bytes]:
    """Texts that may begin at ``position`` where a length can't be right, the likeliest first.

    Up to where the rest is a clean run of TLVs, up to the end, and from behind the head of a
    message_payload whose own length is the one that lies.
    """
    guesses = []
    if (after := _beginning_of_tlvs(buffer, position + 1, end)) is not None:
        guesses.append(buffer[position:after])
    if end > position:
        guesses.append(buffer[position:end])
    payload = buffer.find(_PAYLOAD_TAG, position, end)
    if 0 <= payload < end - _TLV_HEADER.size:
        guesses.append(buffer[payload + _TLV_HEADER.size : end])
    return guesses


def _beginning_of_tlvs(buffer: bytes, first: int, end: int) -> int | None:
    """Where a clean run of TLVs begins that ends with the PDU, among the 255 octets from ``first`` on; None if nowhere.

    Runs that came to the same octet go on alike, so none is followed twice; ``MOST_GUESSES`` steps in all.
    """
    known: set[int] = set()
    for after in range(first, min(first + 255, end - _TLV_HEADER.size)):
        position = after
        while position not in known and end - position >= _TLV_HEADER.size:
            if len(known) >= MOST_GUESSES:
                return None
            known.add(position)
            tag, length = _TLV_HEADER.unpack_from(buffer, position)
            position += _TLV_HEADER.size + length if tag or position != after else end
        if end - _TLV_HEADER.size < position <= end and not any(buffer[position:end]):
            return after
    return None


def _read_tlvs(buffer: bytes, position: int, end: int) -> tuple[tuple[Tlv, ...], bool]:
    """The TLVs from ``position`` on, and whether they filled the rest of the PDU exactly.

    A NUL counted neither by sm_length nor by any TLV is a known habit of some peers: it is
    skipped in front of the TLVs and behind them.
    """
    found, clean = _walk_tlvs(buffer, position, end)
    if not clean and buffer[position] == 0:
        after_nul, clean_after_nul = _walk_tlvs(buffer, position + 1, end)
        if clean_after_nul:
            return after_nul, True
    return found, clean


def _walk_tlvs(buffer: bytes, position: int, end: int) -> tuple[tuple[Tlv, ...], bool]:
    found: list[Tlv] = []
    while end - position >= _TLV_HEADER.size:
        tag, length = _TLV_HEADER.unpack_from(buffer, position)
        position += _TLV_HEADER.size
        if position + length > end:
            found.append(Tlv(tag, buffer[position:end]))
            return tuple(found), False
        found.append(Tlv(tag, buffer[position : position + length]))
        position += length
        if len(found) >= MOST_TLVS:
            return tuple(found), False
    return tuple(found), not any(buffer[position:end])
