"""PDUs with something behind their mandatory parameters."""

from __future__ import annotations

from proxy.smpp import pdu, write

A, B = write.address("15551230001"), write.address("15559870001")


def with_tail(text: bytes, sm_length: int, tail: bytes) -> bytes:
    """A deliver_sm whose sm_length and octets after it are chosen freely."""
    whole = write.deliver_sm(A, B, text)
    body = whole[16 : -len(text) - 1] + bytes((sm_length,)) + text + tail
    return write.pdu(pdu.DELIVER_SM, body)
