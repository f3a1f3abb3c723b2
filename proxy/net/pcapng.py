"""Captures as Wireshark reads them: pcapng (draft-ietf-opsawg-pcapng), with PDUs that are whole and in the clear.

Each record is an "exported PDU" (LINKTYPE_WIRESHARK_UPPER_PDU): it names its dissector and the addresses, so nothing
of TCP or TLS has to be made up around it.
"""

from __future__ import annotations

import ipaddress
from enum import IntEnum
from struct import Struct

from proxy.net.endpoints import Endpoint

UPPER_PDU = 252
"""LINKTYPE_WIRESHARK_UPPER_PDU of the registry of link types."""

_SECTION, _INTERFACE, _PACKET = 0x0A0D0D0A, 1, 6
_COMMENT, _INTERFACE_NAME, _USER_APPLICATION = 1, 2, 4

_BLOCK = Struct("<LL")
_OPTION = Struct("<HH")
_TAG = Struct(">HH")


class Interface(IntEnum):
    """Which of our two sides a PDU went over."""

    PLATFORM = 0
    CARRIER = 1


class _Tag(IntEnum):
    """Of an exported PDU (Wireshark, epan/exported_pdu.h)."""

    END = 0
    DISSECTOR = 12
    IPV4_SOURCE, IPV4_DESTINATION, IPV6_SOURCE, IPV6_DESTINATION = 20, 21, 22, 23
    PORT_TYPE, SOURCE_PORT, DESTINATION_PORT = 24, 25, 26


_TCP = 2


def beginning(program: str) -> bytes:
    """What a file begins with: who wrote it, and the two interfaces."""
    section = Struct("<LHHq").pack(0x1A2B3C4D, 1, 0, -1)
    blocks = [_block(_SECTION, section + _options([(_USER_APPLICATION, program.encode())]))]
    for interface in Interface:
        name = f"{interface.name.lower()} side".encode()
        blocks.append(_block(_INTERFACE, Struct("<HHL").pack(UPPER_PDU, 0, 0) + _options([(_INTERFACE_NAME, name)])))
    return b"".join(blocks)


def record(
    interface: Interface,
    microseconds: int,
    source: Endpoint,
    destination: Endpoint,
    frame: bytes,
    comment: str = "",
    dissector: bytes = b"smpp",
) -> bytes:
    """One PDU, or one HTTP message, that went from a source to a destination at a time (UTC).

    ``dissector`` is Wireshark's name of what reads it.
    """
    data = _tags(source, destination, dissector) + frame
    head = Struct("<LLLLL").pack(interface, microseconds >> 32, microseconds & 0xFFFFFFFF, len(data), len(data))
    options = _options([(_COMMENT, comment.encode())]) if comment else b""
    return _block(_PACKET, head + _padded(data) + options)


def _tags(source: Endpoint, destination: Endpoint, dissector: bytes) -> bytes:
    one, other = (ipaddress.ip_address(each.host.partition("%")[0]) for each in (source, destination))
    first = _Tag.IPV4_SOURCE if one.version == 4 else _Tag.IPV6_SOURCE
    second = _Tag.IPV4_DESTINATION if other.version == 4 else _Tag.IPV6_DESTINATION
    tags = [
        (_Tag.DISSECTOR, dissector),
        (first, one.packed),
        (second, other.packed),
        (_Tag.PORT_TYPE, _TCP.to_bytes(4, "big")),
        (_Tag.SOURCE_PORT, source.port.to_bytes(4, "big")),
        (_Tag.DESTINATION_PORT, destination.port.to_bytes(4, "big")),
        (_Tag.END, b""),
    ]
    return b"".join(_TAG.pack(tag, len(_padded(value))) + _padded(value) for tag, value in tags)


def _block(kind: int, body: bytes) -> bytes:
    length = len(body) + 12
    return _BLOCK.pack(kind, length) + body + length.to_bytes(4, "little")


def _options(options: list[tuple[int, bytes]]) -> bytes:
    written = b"".join(_OPTION.pack(code, len(value)) + _padded(value) for code, value in options)
    return written + _OPTION.pack(0, 0)


def _padded(octets: bytes) -> bytes:
    return octets + bytes(-len(octets) % 4)
