"""submit_multi: read, shortened, and its response completed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.smpp import multi, pdu, write
from proxy.smpp.message import Tlv
from proxy.smpp.pdu import Address, PduError
from tests.corpus import RecordedPdu, whole_pdus

A = write.address("15551230001")
NUMBERS = [write.address(f"1555987000{n}") for n in range(6)]
REFUSED = 0x0B


def read(frame: bytes) -> multi.Multi:
    return multi.read_multi(frame, 0, len(frame))


def unsuccess(frame: bytes) -> list[tuple[bytes, int]]:
    """The unsuccess_sme entries of a submit_multi_resp."""
    position = frame.index(0, 16) + 1
    count, position = frame[position], position + 1
    found = []
    for _ in range(count):
        address, position = pdu.read_address(frame, position, len(frame), "unsuccess_sme")
        found.append((address.digits, int.from_bytes(frame[position : position + 4], "big")))
        position += 4
    return found


@pytest.mark.parametrize(
    "recorded", [p for p in whole_pdus() if p.decoded["command"] == "submit_multi"], ids=lambda p: p.id
)
def test_recorded_multis_are_read(recorded: RecordedPdu) -> None:
    request = read(recorded.octets)
    assert request.source.digits.decode() == recorded.decoded["source_addr"]
    assert len(request.destinations) == recorded.octets[request.count_at]


def test_destinations_and_lists_are_told_apart() -> None:
    request = read(write.submit_multi(A, [NUMBERS[0], "friends", NUMBERS[1]], b"hi"))
    assert [d.address for d in request.destinations] == [NUMBERS[0], None, NUMBERS[1]]


@given(st.lists(st.booleans(), min_size=1, max_size=6))
def test_what_is_left_is_what_would_have_been_written_without_them(refuse: list[bool]) -> None:
    addresses: list[Address | str] = list(NUMBERS[: len(refuse)])
    frame = write.submit_multi(A, addresses, b"hello", sequence=9)
    request = read(frame)
    refused = [d for d, is_refused in zip(request.destinations, refuse, strict=True) if is_refused]
    kept = [a for a, is_refused in zip(addresses, refuse, strict=True) if not is_refused]
    assert multi.without(frame, 0, len(frame), request, refused) == write.submit_multi(A, kept, b"hello", sequence=9)


def test_a_multi_inside_a_larger_buffer_is_cut_right() -> None:
    first, frame = write.pdu(pdu.ENQUIRE_LINK), write.submit_multi(A, NUMBERS[:3], b"hi")
    buffer = first + frame + first
    start, end = len(first), len(first) + len(frame)
    request = multi.read_multi(buffer, start, end)
    shortened = multi.without(buffer, start, end, request, [request.destinations[1]])
    assert shortened == write.submit_multi(A, [NUMBERS[0], NUMBERS[2]], b"hi")


RESPONSE = pdu.SUBMIT_MULTI | pdu.RESPONSE


@pytest.mark.parametrize(
    "body",
    [b"", b"id\0", b"id\0\0", b"\0\0"],
    ids=["header only", "message_id only", "no entries", "empty message_id"],
)
def test_refused_destinations_are_added_to_the_response(body: bytes) -> None:
    frame = multi.completed(write.pdu(RESPONSE, body, sequence=5), NUMBERS[:2], REFUSED)
    assert pdu.HEADER.unpack_from(frame) == (len(frame), RESPONSE, 0, 5)
    assert unsuccess(frame) == [(NUMBERS[0].digits, REFUSED), (NUMBERS[1].digits, REFUSED)]


def test_entries_of_the_smsc_and_its_tlvs_are_kept() -> None:
    entry = bytes((1, 1)) + b"15550000000\0" + (0x45).to_bytes(4, "big")
    tlv = write.tlvs([Tlv(0x001D, b"why\0")])
    frame = multi.completed(write.pdu(RESPONSE, b"id\0\1" + entry + tlv), NUMBERS[:1], REFUSED)
    assert unsuccess(frame) == [(b"15550000000", 0x45), (NUMBERS[0].digits, REFUSED)]
    assert frame.endswith(tlv)
    assert int.from_bytes(frame[:4], "big") == len(frame)


@pytest.mark.parametrize("body", [b"no NUL", b"id\0\5\1\1short", b"id\0\1\1\1123\0\0"])
def test_a_response_that_can_not_be_read_is_left_alone(body: bytes) -> None:
    frame = write.pdu(RESPONSE, body)
    assert multi.completed(frame, NUMBERS[:1], REFUSED) == frame


@pytest.mark.parametrize("flag", [0, 3, 255])
def test_an_unknown_dest_flag_can_not_be_read(flag: int) -> None:
    frame = bytearray(write.submit_multi(A, NUMBERS[:1], b"hi"))
    frame[read(bytes(frame)).destinations[0].begin] = flag
    with pytest.raises(PduError, match="dest_flag"):
        read(bytes(frame))


def test_more_destinations_than_there_are_can_not_be_read() -> None:
    frame = bytearray(write.submit_multi(A, NUMBERS[:1], b""))
    frame[read(bytes(frame)).count_at] = 9
    with pytest.raises(PduError):
        read(bytes(frame))


@given(st.binary(max_size=80))
def test_nothing_but_pdu_error_comes_out(body: bytes) -> None:
    frame = write.pdu(pdu.SUBMIT_MULTI, body)
    try:
        read(frame)
    except PduError:
        return
