"""No PDU may hold up others: how much is looked at of the worst ones that a search found. Work is counted, not time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proxy.consent.policy import LONGEST_TEXT
from proxy.meaning import plain
from proxy.meaning.meanings import Meaning, Reading
from proxy.meaning.replies import Replies
from proxy.relay.session.dialect import Dialect
from proxy.smpp import message, pdu, text, write
from proxy.smpp.message import MOST_GUESSES, MOST_PAYLOADS, MOST_TLVS, Tlv
from tests.relay.session.transcript import A, B

SIZE = 128 * 1024 - 64
"""Octets of a text, with which a PDU is about as large as it may be."""


def padded(octets: bytes) -> bytes:
    return (octets * (SIZE // len(octets) + 1))[:SIZE]


def payload(octets: bytes, data_coding: int = 0) -> bytes:
    """A data_sm whose message_payload is as long as a TLV may be."""
    return write.message(pdu.DATA_SM, B, A, b"", data_coding=data_coding, parameters=[Tlv(0x424, octets[:0xFFFF])])


def wrong_length(rest: bytes, sm_length: int = 255) -> bytes:
    """A deliver_sm whose sm_length can't be right."""
    frame = bytearray(write.deliver_sm(B, A, b""))
    frame[-1] = sm_length
    frame += rest
    frame[:4] = len(frame).to_bytes(4, "big")
    return bytes(frame)


WORST = {
    "wrong length before empty TLVs": wrong_length(padded(b"\x14\x00\x00\x00")),
    "wrong length before odd TLVs": wrong_length(padded(b"\x14\x00\x00\x01x")),
    "wrong length before TLVs that nearly end": wrong_length(padded(b"\x14\x00\x00\x00") + b"\x01"),
    "wrong length of zeros": wrong_length(bytes(SIZE), sm_length=1),
    "thousands of message_payloads": wrong_length(padded(b"\x04\x24\x00\x06no way"), sm_length=0),
    "thousands of empty TLVs": wrong_length(padded(b"\x14\x00\x00\x00"), sm_length=0),
    "signs that have eighteen letters": payload(padded("\ufdfa".encode("utf-16-be")), 8),
    "signs in brackets": payload(padded("\u321e ".encode("utf-16-be")), 8),
    "Hangul": payload(padded("각 ".encode("utf-16-be")), 8),
    "marks": payload(padded("\u0301\u0323".encode("utf-16-be")), 8),
    "escapes": payload(padded(b"\x1b\x65"), 0),
    "ASCII as UCS-2": payload(padded(b"please do not stop the "), 8),
    "Latin as GSM": payload(padded(b"st\xf6p ni\xe7ht "), 0),
    "one word": payload(padded(b"stop "), 0),
    "lines that quote": payload(padded(b"a\n> b\n"), 0),
}


class Work:
    def __init__(self) -> None:
        self.tlvs = 0
        self.octets = 0
        self.characters = 0
        self.folded = 0


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[Work]:
    """Count what the ways to the costly parts are given: TLV headers, octets to decode, characters to read."""
    work = Work()

    class Header:
        size = message._TLV_HEADER.size

        def unpack_from(self, buffer: bytes, position: int) -> tuple[int, int]:
            work.tlvs += 1
            tag, length = _unpack(buffer, position)
            return tag, length

    _unpack = message._TLV_HEADER.unpack_from
    read, decode, fold = Replies.read, text._decode, plain._fold

    def counting_read(self: Replies, given: str) -> Reading:
        work.characters += len(given)
        return read(self, given)

    def counting_decode(octets: bytes, *rest: object) -> dict[str, str]:
        named = decode(octets, *rest)  # type: ignore[arg-type]
        work.octets += sum(map(len, named.values()))
        return named

    def counting_fold(given: str) -> str:
        folded = fold(given)
        work.folded += len(folded)
        return folded

    with monkeypatch.context() as patch:
        patch.setattr(message, "_TLV_HEADER", Header())
        patch.setattr(Replies, "read", counting_read)
        patch.setattr(text, "_decode", counting_decode)
        patch.setattr(plain, "_fold", counting_fold)
        yield work


def work_of(frame: bytes, monkeypatch: pytest.MonkeyPatch) -> Work:
    dialect = Dialect()
    with counted(monkeypatch) as work:
        dialect.hear(frame, 0, len(frame))
    return work


@pytest.mark.parametrize("frame", WORST.values(), ids=WORST.keys())
def test_what_is_looked_at_of_the_worst_pdus_is_bounded(frame: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    assert_bounded(work_of(frame, monkeypatch))


def assert_bounded(work: Work) -> None:
    assert work.tlvs <= 2 * MOST_TLVS + MOST_GUESSES + 255
    assert work.octets <= 3 * text.MOST_OCTETS * (MOST_PAYLOADS + 4)
    assert work.characters <= LONGEST_TEXT + 20
    assert work.folded <= 3 * 3 * work.characters + 1000


@settings(max_examples=80, deadline=None)
@given(
    start=st.integers(0, 255),
    data_coding=st.sampled_from([0, 1, 3, 5, 8, 14, 0xF0]),
    piece=st.one_of(
        st.binary(min_size=1, max_size=12),
        st.sampled_from([b"\x04\x24\x00\x04STOP", b"\x04\x24\xff\xff", b"\x02\x0c\x00\x02\x00\x01", b"\x1b", b"stop "]),
    ),
)
def test_so_it_is_of_any_repeated_piece(start: int, data_coding: int, piece: bytes) -> None:
    head = bytearray(write.deliver_sm(B, A, b"", data_coding=data_coding))
    head[-1] = start
    frame = head + padded(piece)[: SIZE // 4]
    frame[:4] = len(frame).to_bytes(4, "big")
    with pytest.MonkeyPatch.context() as monkeypatch:
        assert_bounded(work_of(bytes(frame), monkeypatch))


@pytest.mark.parametrize("frame", [WORST["thousands of message_payloads"], WORST["wrong length of zeros"]])
def test_what_was_not_looked_at_is_not_taken_for_an_ordinary_reply(frame: bytes) -> None:
    heard = Dialect().hear(frame, 0, len(frame))
    assert heard is not None
    assert heard.reading.meaning is Meaning.UNCLEAR


def test_a_stop_at_the_end_of_a_long_text_is_heard() -> None:
    frame = payload(b"blah " * 5000 + b". STOP", 0)
    heard = Dialect().hear(frame, 0, len(frame))
    assert heard is not None
    assert heard.reading.meaning is Meaning.STOP


def test_a_stop_before_a_tlv_that_lies_is_heard() -> None:
    frame = wrong_length(b"STOP" + b"\x14\x00\x00\x03abc" * 20, sm_length=255)
    heard = Dialect().hear(frame, 0, len(frame))
    assert heard is not None
    assert heard.reading.meaning is Meaning.STOP
