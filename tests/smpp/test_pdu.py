"""Views on recorded and broken PDUs: what decides over consent is read, whatever follows it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.smpp import pdu, write
from proxy.smpp.message import (
    TAG_MESSAGE_PAYLOAD,
    TAG_MESSAGE_STATE,
    TAG_RECEIPTED_MESSAGE_ID,
    Message,
    Tlv,
    read_message,
)
from proxy.smpp.pdu import PduError
from tests.corpus import RecordedPdu, whole_pdus
from tests.smpp.tails import A, B, with_tail

MESSAGES = ("submit_sm", "deliver_sm", "data_sm")
RECORDED = [p for p in whole_pdus() if p.decoded.get("command") in MESSAGES]


def read(frame: bytes) -> Message:
    return read_message(frame, 0, len(frame))


@pytest.mark.parametrize("recorded", RECORDED, ids=lambda p: p.id)
def test_recorded_messages_are_read_as_an_independent_reader_reads_them(recorded: RecordedPdu) -> None:
    message, expected = read(recorded.octets), recorded.decoded
    assert message.source.ton == expected["source_addr_ton"]
    assert message.source.digits.decode("latin-1") == expected["source_addr"]
    assert message.destination.ton == expected["dest_addr_ton"]
    assert message.destination.digits.decode("latin-1") == expected["destination_addr"]
    assert message.esm_class == expected["esm_class"]
    assert message.data_coding == expected["data_coding"]
    if expected.get("sm_length") and "anomaly" not in expected:
        assert message.octets[0].hex() == expected["short_message_hex"]


def test_a_view_may_lie_inside_a_larger_buffer() -> None:
    first, second = write.deliver_sm(A, B, b"one"), write.deliver_sm(B, A, b"two")
    buffer = first + second
    message = read_message(buffer, len(first), len(buffer))
    assert (message.source, message.octets) == (B, (b"two",))


def test_text_is_taken_from_message_payload_when_short_message_is_empty() -> None:
    frame = write.deliver_sm(A, B, b"", parameters=[Tlv(TAG_MESSAGE_PAYLOAD, b"STOP")])
    assert read(frame).octets == (b"STOP",)


def test_both_texts_are_read_when_both_are_there() -> None:
    frame = write.deliver_sm(A, B, b"hello", parameters=[Tlv(TAG_MESSAGE_PAYLOAD, b"STOP")])
    assert read(frame).octets == (b"hello", b"STOP")


def test_data_sm_has_its_text_in_message_payload() -> None:
    frame = write.message(pdu.DATA_SM, A, B, b"", parameters=[Tlv(TAG_MESSAGE_PAYLOAD, b"STOP")], data_coding=3)
    message = read(frame)
    assert (message.octets, message.data_coding, message.doubtful) == ((b"STOP",), 3, False)


def test_a_nul_behind_short_message_is_no_fault() -> None:
    message = read(with_tail(b"STOP", 4, b"\0"))
    assert (message.octets, message.doubtful) == ((b"STOP",), False)


def test_a_nul_between_short_message_and_tlvs_is_skipped() -> None:
    message = read(with_tail(b"STOP", 4, b"\0" + write.tlvs([Tlv(0x0204, b"\0\1")])))
    assert (message.tlvs, message.doubtful) == ((Tlv(0x0204, b"\0\1"),), False)


@pytest.mark.parametrize("sm_length", [3, 0, 1])
def test_an_sm_length_that_is_too_short_still_shows_the_whole_text(sm_length: int) -> None:
    message = read(with_tail(b"STOP", sm_length, b""))
    assert message.doubtful
    assert message.octets[-1] == b"STOP"


@pytest.mark.parametrize("sm_length", [0, 1, 2, 3, 5, 6, 8])
def test_a_wrong_sm_length_before_tlvs_still_shows_the_whole_text(sm_length: int) -> None:
    """Gotcha 4 as it is met: the length lies, and TLVs follow the text."""
    tail = write.tlvs([Tlv(0x0204, b"\0\1"), Tlv(0x1403, b"vendor")])
    message = read(with_tail(b"STOP", sm_length, tail))
    assert message.doubtful
    assert b"STOP" in message.octets


@pytest.mark.parametrize("length", [0, 1, 3])
@pytest.mark.parametrize("command", [pdu.DELIVER_SM, pdu.DATA_SM])
def test_a_message_payload_whose_length_lies_still_shows_the_whole_text(length: int, command: int) -> None:
    frame = bytearray(write.message(command, A, B, b"", parameters=[Tlv(TAG_MESSAGE_PAYLOAD, b"STOP")]))
    frame[-5] = length
    message = read(bytes(frame))
    assert message.doubtful
    assert b"STOP" in message.octets


def test_every_message_payload_is_read() -> None:
    parameters = [Tlv(TAG_MESSAGE_PAYLOAD, b"hello"), Tlv(TAG_MESSAGE_PAYLOAD, b"STOP")]
    assert read(write.deliver_sm(A, B, b"", parameters=parameters)).octets == (b"hello", b"STOP")


def test_an_sm_length_past_the_end_reads_what_is_there() -> None:
    message = read(with_tail(b"STOP", 200, b""))
    assert message.doubtful
    assert message.octets[0] == b"STOP"


def test_a_broken_tlv_hides_nothing_before_it() -> None:
    broken = write.tlvs([Tlv(0x0204, b"\0\1")]) + b"\x14\x01\x00\x50short"
    message = read(with_tail(b"STOP", 4, broken))
    assert message.octets[0] == b"STOP"
    assert message.tlvs[0] == Tlv(0x0204, b"\0\1")


def test_vendor_tlvs_are_kept_in_order() -> None:
    parameters = [Tlv(0x1454, b"a"), Tlv(0x0210, b"\x34"), Tlv(0x1403, b""), Tlv(0x0210, b"\x50")]
    assert read(write.deliver_sm(A, B, b"hi", parameters=parameters)).tlvs == tuple(parameters)


@pytest.mark.parametrize("esm_class", [0x04, 0x08, 0x10, 0x18, 0x20, 0x44, 0x84, 0x07])
def test_message_type_bits_make_a_notice(esm_class: int) -> None:
    assert read(write.deliver_sm(A, B, b"STOP", esm_class=esm_class)).is_notice


@pytest.mark.parametrize("esm_class", [0x00, 0x01, 0x02, 0x03, 0x40, 0x80, 0xC0])
def test_other_bits_do_not(esm_class: int) -> None:
    assert not read(write.deliver_sm(A, B, b"STOP", esm_class=esm_class)).is_notice


@pytest.mark.parametrize("tag", [TAG_RECEIPTED_MESSAGE_ID, TAG_MESSAGE_STATE])
def test_a_receipt_by_its_tlvs_is_a_notice(tag: int) -> None:
    assert read(write.deliver_sm(A, B, b"STOP", parameters=[Tlv(tag, b"\2")])).is_notice


def test_a_truncated_pdu_names_the_field() -> None:
    frame = write.deliver_sm(A, B, b"STOP")
    with pytest.raises(PduError, match="destination_addr"):
        pdu.read_addresses(frame, 0, 16 + 1 + 14 + 5)
    with pytest.raises(PduError, match="source_addr"):
        pdu.read_addresses(frame, 0, 20)
    with pytest.raises(PduError, match="service_type"):
        pdu.read_addresses(frame, 0, 16)


def test_an_address_that_is_too_long_can_not_be_read() -> None:
    frame = write.deliver_sm(write.address("1" * 65), B, b"")
    with pytest.raises(PduError, match="longer than 64"):
        read(frame)


@given(st.sampled_from([write.deliver_sm(A, B, b"STOP"), *(p.octets for p in RECORDED)]), st.data())
def test_nothing_but_pdu_error_comes_out_of_mutated_messages(frame: bytes, data: st.DataObject) -> None:
    mutated = bytearray(frame)
    for _ in range(data.draw(st.integers(1, 8))):
        mutated[data.draw(st.integers(16, len(mutated) - 1))] = data.draw(st.integers(0, 255))
    end = data.draw(st.integers(16, len(mutated)))
    try:
        message = read_message(bytes(mutated), 0, end)
    except PduError:
        return
    assert isinstance(message.octets, tuple)


def test_a_refusal_is_sixteen_octets_with_the_requests_number() -> None:
    answer = pdu.refusal(pdu.SUBMIT_SM, 0x0B, 0x80000001)
    assert answer == bytes.fromhex("00000010 80000004 0000000b 80000001")


@pytest.mark.parametrize(("text", "status"), [("ESME_RINVDSTADR", 0x0B), ("0x400", 0x400), (11, 11), ("1279", 0x4FF)])
def test_statuses_by_name_or_number(text: str | int, status: int) -> None:
    assert pdu.status_code(text) == status


@pytest.mark.parametrize("text", ["ESME_NONSENSE", "", 0, -1, 1 << 32])
def test_what_is_no_status(text: str | int) -> None:
    with pytest.raises(ValueError, match=r".*"):
        pdu.status_code(text)


def test_system_id_is_read_and_nothing_behind_it() -> None:
    frame = write.bind("platform", "hunter2")
    assert pdu.system_id(frame, 0, len(frame)) == "platform"
    assert pdu.system_id(frame[:20], 0, 20) == "plat"


@given(st.binary(max_size=40) | st.lists(st.sampled_from([b"\0", b"1", b"\5x", b"1555"]), max_size=12).map(b"".join))
def test_addresses_are_read_fast_as_they_are_read_field_by_field(body: bytes) -> None:
    frame = bytes(16) + body
    try:
        expected: object = pdu._read_addresses_slowly(frame, 0, len(frame))
    except PduError as error:
        expected = str(error)
    try:
        found: object = pdu.read_addresses(frame, 0, len(frame))
    except PduError as error:
        found = str(error)
    assert found == expected
    long = b"\0\1\1" + b"1" * (pdu.ADDRESS_LIMIT + 1) + b"\0\1\1" + b"2" * 5 + b"\0" + body
    with pytest.raises(PduError, match="source_addr"):
        pdu.read_addresses(bytes(16) + long, 0, 16 + len(long))
