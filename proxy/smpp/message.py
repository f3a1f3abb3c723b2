"""The message in a deliver_sm, submit_sm or data_sm, with every reading of its text.

Reading is lenient on purpose: what decides over consent (the mandatory fields) is read first, and nothing
that comes after it can hide it.
"""

from __future__ import annotations

from dataclasses import dataclass
from struct import Struct
from typing import NamedTuple

from proxy.smpp.pdu import DATA_SM, Address, PduError, c_string_end, read_addresses

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

MOST_TLVS = 256
"""Optional parameters of one PDU that are looked at; no specification has a third as many."""

MOST_PAYLOADS = 3
"""message_payloads that are read, though a message may have one (section 4.6.1): the first ones and the last."""

MOST_GUESSES = 1_000
"""TLVs that are looked at in search of where a text of unknown length ends."""

_TLV_HEADER = Struct(">HH")
_PAYLOAD_TAG = TAG_MESSAGE_PAYLOAD.to_bytes(2, "big")


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
