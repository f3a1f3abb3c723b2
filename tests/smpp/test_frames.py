"""Bytes in any chunking become the same frames; what can't be framed loses that stream only."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.smpp import write
from proxy.smpp.frames import Frames
from tests.smpp.cutting import chunks

BODIES = st.lists(st.binary(max_size=300), max_size=20)


def cut(frames: Frames, data: bytes) -> list[bytes]:
    buffer, ends, _ = frames.feed(data)
    return [buffer[start:end] for start, end in zip([0, *ends], ends, strict=False)]


@given(bodies=BODIES, cuts=st.lists(st.integers(min_value=0), max_size=40))
def test_any_chunking_gives_the_same_frames(bodies: list[bytes], cuts: list[int]) -> None:
    pdus = [write.pdu(4, body, sequence=n) for n, body in enumerate(bodies)]
    frames = Frames()
    found = [frame for chunk in chunks(b"".join(pdus), cuts) for frame in cut(frames, chunk)]
    assert found == pdus
    assert frames.pending == 0


def test_one_byte_at_a_time() -> None:
    pdus = [write.pdu(4, b"x" * n) for n in range(5)]
    frames = Frames()
    found = [frame for octet in b"".join(pdus) for frame in cut(frames, bytes((octet,)))]
    assert found == pdus


def test_a_read_of_whole_frames_is_not_copied() -> None:
    data = write.pdu(4, b"one") + write.pdu(4, b"two")
    buffer, ends, _ = Frames().feed(data)
    assert buffer is data
    assert ends == [19, 38]


def test_an_unfinished_frame_is_held_until_it_is_whole() -> None:
    pdu = write.pdu(4, b"text")
    frames = Frames()
    assert cut(frames, pdu[:7]) == []
    assert frames.pending == 7
    assert cut(frames, pdu[7:] + pdu[:3]) == [pdu]
    assert frames.pending == 3


def test_the_largest_pdu_passes_and_one_octet_more_does_not() -> None:
    frames = Frames(max_pdu=1000)
    largest = write.pdu(4, bytes(984))
    assert cut(frames, largest) == [largest]
    assert frames.fault is None
    assert cut(frames, write.pdu(4, bytes(985))) == []
    assert frames.fault is not None


@pytest.mark.parametrize("length", [0, 4, 15, 131073, 0xF0000011, 0xFFFFFFFF])
def test_a_length_that_cannot_be_right_loses_framing(length: int) -> None:
    good = write.pdu(4, b"before")
    frames = Frames()
    assert cut(frames, good + length.to_bytes(4, "big") + bytes(12)) == [good]
    assert frames.fault is not None
    assert frames.fault.command_length == length
    assert str(length) in str(frames.fault)
    assert cut(frames, good) == []


def test_a_bad_length_is_noticed_before_the_rest_of_the_header_comes() -> None:
    frames = Frames()
    frames.feed(b"\0\0\0")
    assert frames.fault is None
    frames.feed(b"\x0f")
    assert frames.fault is not None


@pytest.mark.parametrize(
    ("probe", "named"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", "HTTP"),
        (b"POST / HTTP/1.1\r\n\r\n", "HTTP"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", "TLS"),
        (b"\x03\x00\x00\x13\x0e\xe0\x00\x00\x00\x00\x00\x01\x00\x08\x00\x03\x00\x00\x00", "RDP"),
        (b"AMQP\x00\x00\x09\x01", "AMQP"),
    ],
)
def test_probes_are_named(probe: bytes, named: str) -> None:
    frames = Frames()
    frames.feed(probe)
    assert frames.fault is not None
    assert named in str(frames.fault)


def test_a_slow_large_pdu_costs_linear_work() -> None:
    """Octets are appended to what is held, not joined anew at each read: a lone octet copies nothing."""
    pdu = write.pdu(4, bytes(100_000))
    frames = Frames()
    for octet in pdu[:-1]:
        assert frames.feed(bytes((octet,)))[1] == []
    assert cut(frames, pdu[-1:]) == [pdu]
