"""submit_multi: who it is for, the request without some of them, the response with them.

The one request that may be refused in part, and so the only PDU that is altered and passed on
(SMPP 3.4, section 4.5).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from struct import Struct

from proxy.smpp.frames import HEADER_SIZE
from proxy.smpp.pdu import Address, PduError, c_string_end, read_address

SME_ADDRESS = 1
DISTRIBUTION_LIST = 2
"""dest_flag (section 5.2.25)."""

MOST_DESTINATIONS = 255
"""number_of_dests and no_unsuccess are one octet each (sections 5.2.24 and 5.2.26)."""

_LENGTH = Struct(">L")


@dataclass(frozen=True, slots=True)
class Destination:
    """One dest_address: an SME address, or (``address`` None) a distribution list.

    ``begin`` and ``end`` are offsets in the buffer it was read from, dest_flag included.
    """

    begin: int
    end: int
    address: Address | None


@dataclass(frozen=True, slots=True)
class Multi:
    """The addresses of a submit_multi; ``count_at`` is the offset of number_of_dests."""

    source: Address
    destinations: tuple[Destination, ...]
    count_at: int


def read_multi(buffer: bytes, start: int, end: int) -> Multi:
    """The addresses of the submit_multi at ``buffer[start:end]``; raises ``PduError``."""
    service_end = c_string_end(buffer, start + HEADER_SIZE, end, "service_type")
    source, count_at = read_address(buffer, service_end + 1, end, "source_addr")
    if count_at >= end:
        raise PduError("number_of_dests", "the PDU ends before it")
    position = count_at + 1
    destinations: list[Destination] = []
    for _ in range(buffer[count_at]):
        destination = _read_destination(buffer, position, end)
        destinations.append(destination)
        position = destination.end
    return Multi(source, tuple(destinations), count_at)


def _read_destination(buffer: bytes, begin: int, end: int) -> Destination:
    if begin >= end:
        raise PduError("dest_flag", "the PDU ends before it")
    match buffer[begin]:
        case 1:
            address, after = read_address(buffer, begin + 1, end, "destination_addr")
            return Destination(begin, after, address)
        case 2:
            return Destination(begin, c_string_end(buffer, begin + 1, end, "dl_name") + 1, None)
        case flag:
            raise PduError("dest_flag", f"{flag} is neither {SME_ADDRESS} nor {DISTRIBUTION_LIST}")


def without(buffer: bytes, start: int, end: int, multi: Multi, refused: Sequence[Destination]) -> bytes:
    """The submit_multi without the ``refused`` destinations; every other octet as it was."""
    gone = {destination.begin for destination in refused}
    kept = [d for d in multi.destinations if d.begin not in gone]
    parts = [buffer[start + 4 : multi.count_at], bytes((len(kept),))]
    parts += (buffer[d.begin : d.end] for d in kept)
    parts.append(buffer[multi.destinations[-1].end : end])
    body = b"".join(parts)
    return _LENGTH.pack(len(body) + 4) + body


def completed(frame: bytes, refused: Sequence[Address], status: int) -> bytes:
    """The submit_multi_resp with an unsuccess_sme for every refused destination added.

    A response without a body (some SMSCs send only the header) gets an empty message_id.
    ``frame`` is returned as it is when its body can't be read or has no room for more.
    """
    try:
        count_at = c_string_end(frame, HEADER_SIZE, len(frame), "message_id") + 1
    except PduError:
        if len(frame) > HEADER_SIZE:
            return frame
        frame, count_at = frame + b"\0", HEADER_SIZE + 1
    count = frame[count_at] if count_at < len(frame) else 0
    try:
        position = count_at + 1
        for _ in range(count):
            _, position = read_address(frame, position, len(frame), "unsuccess_sme")
            position += 4
    except PduError:
        return frame
    if position > len(frame) and count:
        return frame
    if count + len(refused) > MOST_DESTINATIONS:
        return frame
    entries = [bytes((a.ton, a.npi)) + a.digits + b"\0" + _LENGTH.pack(status) for a in refused]
    body = b"".join(
        (frame[4:count_at], bytes((count + len(refused),)), frame[count_at + 1 : position], *entries, frame[position:])
    )
    return _LENGTH.pack(len(body) + 4) + body
