"""PDUs as they may be shown to people: without passwords."""

from __future__ import annotations

from proxy.smpp import pdu
from proxy.smpp.frames import HEADER_SIZE

_WITH_PASSWORD = frozenset((*pdu.BINDS, pdu.OUTBIND))
BLANK = b"********"
"""Stands for a password of any length: the specification's longest (section 4.1), so that no length is told."""


def blanked(frame: bytes) -> bytes:
    """The frame, with its password blanked if it has one; command_length fits again.

    Of one whose fields can't be told apart nothing but the system_id stays.
    """
    command = pdu.HEADER.unpack_from(frame)[1]
    if command not in _WITH_PASSWORD:
        return frame
    end_of_name = frame.find(b"\0", HEADER_SIZE)
    if end_of_name < 0:
        return _sized(frame[:HEADER_SIZE])
    end = frame.find(b"\0", end_of_name + 1)
    rest = frame[end:] if end > 0 else b"\0"
    return _sized(frame[: end_of_name + 1] + BLANK + rest)


def _sized(frame: bytes) -> bytes:
    return len(frame).to_bytes(4, "big") + frame[4:]
