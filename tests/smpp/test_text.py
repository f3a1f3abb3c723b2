"""The text of messages in every coding that carriers send."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.smpp import write
from proxy.smpp.message import TAG_SAR_MSG_REF_NUM, TAG_SAR_TOTAL_SEGMENTS, Message, Tlv, read_message
from proxy.smpp.text import DefaultAlphabet, Part, Text, coding_of, is_receipt_text, read_text
from tests.smpp.septets import pack

A, B = write.address("15551230001"), write.address("15559870001")
ALPHABETS = get_args(DefaultAlphabet)


def message(text: bytes, *, esm_class: int = 0, data_coding: int = 0, parameters: tuple[Tlv, ...] = ()) -> Message:
    frame = write.deliver_sm(A, B, text, esm_class=esm_class, data_coding=data_coding, parameters=parameters)
    return read_message(frame, 0, len(frame))


def readings(text: bytes, **fields: Any) -> tuple[str, ...]:
    return read_text(message(text, **fields)).readings


@pytest.mark.parametrize("alphabet", ALPHABETS)
@pytest.mark.parametrize("data_coding", [n for n in range(256) if coding_of(n) not in (None, "ucs2")])
def test_stop_is_stop_under_every_one_octet_coding(data_coding: int, alphabet: DefaultAlphabet) -> None:
    assert read_text(message(b"STOP", data_coding=data_coding), alphabet).readings == ("STOP",)


@pytest.mark.parametrize(
    ("data_coding", "octets", "text"),
    [
        (0, b"\x80caf\xe9"[1:], "café"),
        (0, "café".encode(), "café"),
        (0, b"\x1b\x65 100", "€ 100"),
        (1, b"stop", "stop"),
        (3, "ARRÊT".encode("latin-1"), "ARRÊT"),
        (5, "停止".encode("shift_jis"), "停止"),
        (6, "стоп".encode("iso8859_5"), "стоп"),
        (7, "עצור".encode("iso8859_8"), "עצור"),
        (8, "стоп 🛑".encode("utf-16-be"), "стоп 🛑"),
        (8, b"\xfe\xff" + "STOP".encode("utf-16-be"), "STOP"),
        (8, b"\xff\xfe" + "STOP".encode("utf-16-le"), "STOP"),
        (8, "STOP".encode("utf-16-le"), "STOP"),
        (10, "停止".encode("iso2022_jp"), "停止"),
        (13, "停止".encode("iso2022_jp_1"), "停止"),
        (14, "중지".encode("euc_kr"), "중지"),
        (0x10, b"STOP", "STOP"),
        (0x18, "стоп".encode("utf-16-be"), "стоп"),
        (0xE0, "стоп".encode("utf-16-be"), "стоп"),
        (0xF0, b"\x00 home", "@ home"),
        (0xF2, b"STOP", "STOP"),
    ],
)
def test_codings(data_coding: int, octets: bytes, text: str) -> None:
    assert readings(octets, data_coding=data_coding)[0] == text


@pytest.mark.parametrize("octets", [b"STOP", b"UNSUBSCRIBE", b"stop\0"])
def test_ascii_sent_as_ucs2_is_seen_through(octets: bytes) -> None:
    assert octets.rstrip(b"\0").decode() in readings(octets, data_coding=8)


def test_utf8_sent_as_latin1_is_read_both_ways() -> None:
    assert "ARRÊT" in readings("ARRÊT".encode(), data_coding=3)


@pytest.mark.parametrize("data_coding", [2, 4, 0x14, 0xF4, 0xF5, 0xF6, 0xF7])
def test_binary_codings_have_no_text(data_coding: int) -> None:
    assert readings(b"STOP", data_coding=data_coding) == ()


def test_trailing_nuls_are_dropped() -> None:
    assert readings(b"STOP\0\0", data_coding=3) == ("STOP",)


@pytest.mark.parametrize("esm_class", [0x40, 0xC0, 0x41, 0x43])
def test_a_user_data_header_is_stripped_by_the_bit(esm_class: int) -> None:
    text = read_text(message(b"\x05\x00\x03\x2a\x02\x01STOP", esm_class=esm_class))
    assert text == Text({"gsm": "STOP"}, Part(0x2A, 2, 1, is_short=True))


def test_a_sixteen_bit_reference() -> None:
    text = read_text(message(b"\x06\x08\x04\x12\x34\x03\x02hi", esm_class=0x40))
    assert text == Text({"gsm": "hi"}, Part(0x1234, 3, 2))


def test_a_single_part_is_no_part() -> None:
    assert read_text(message(b"\x05\x00\x03\x2a\x01\x01STOP", esm_class=0x40)) == Text({"gsm": "STOP"}, None)


def test_sar_tlvs() -> None:
    sar = (Tlv(TAG_SAR_MSG_REF_NUM, b"\0\7"), Tlv(TAG_SAR_TOTAL_SEGMENTS, b"\2"), Tlv(0x020F, b"\1"))
    assert read_text(message(b"hello", parameters=sar)) == Text({"gsm": "hello"}, Part(7, 2, 1))


@pytest.mark.parametrize("header", [b"\x06\x05\x04\x15\x81\x00\x00", b"\x04\x04\x02\xf0\xf1", b"\x03\x70\x01\x00"])
def test_text_for_a_port_is_not_for_people(header: bytes) -> None:
    assert readings(header + b"STOP", esm_class=0x40) == ()


@pytest.mark.parametrize("octets", [b"", b"\x05", b"\xffSTOP", b"STOP"])
def test_a_header_that_runs_past_the_text_leaves_none(octets: bytes) -> None:
    assert readings(octets, esm_class=0x40) == ()


def test_national_shift_tables_are_named_by_the_header() -> None:
    assert readings(b"\x03\x24\x01\x01\x1bstop", esm_class=0x40) == ("ştop",)
    assert readings(b"\x03\x25\x01\x03\x7b", esm_class=0x40) == ("ã",)


@given(st.sampled_from(["STOP", "stop please", "hello you", "unsubscribe me now"]), st.integers(0, 6))
def test_packed_text(text: str, padding_octets: int) -> None:
    septets = text.encode("ascii")
    assert read_text(message(pack(septets)), packed=True).readings == (text,)
    header = bytes((2 + padding_octets, 0x7F - 0x40, padding_octets)) + bytes(padding_octets)
    octets = header + pack(septets, -len(header) * 8 % 7)
    assert read_text(message(octets, esm_class=0x40), packed=True).readings == (text,)


@given(
    st.binary(max_size=120),
    st.integers(0, 255),
    st.integers(0, 255),
    st.sampled_from(ALPHABETS),
    st.booleans(),
)
def test_nothing_raises(
    octets: bytes, esm_class: int, data_coding: int, alphabet: DefaultAlphabet, packed: bool
) -> None:
    text = read_text(message(octets, esm_class=esm_class, data_coding=data_coding), alphabet, packed=packed)
    assert all(isinstance(reading, str) for reading in text.readings)


@pytest.mark.parametrize(
    "text",
    [
        "id:1 sub:001 dlvrd:001 submit date:1010101010 done date:1010101010 stat:DELIVRD err:000 text:STOP",
        "id:a-b-c submit date:2611221200 done date:2611221200 stat:UNDELIV err:001 Text:stop",
        "ID:7 SUB:001 DLVRD:000 SUBMIT DATE:1 DONE DATE:2 STAT:EXPIRED ERR:1 TEXT:",
    ],
)
def test_a_receipt_is_known_by_its_text(text: str) -> None:
    assert is_receipt_text(text)


@pytest.mark.parametrize("text", ["STOP", "id: 5 please", "my id:33 stat: DELIVRD?", "", "stat:DELIVRD"])
def test_ordinary_texts_are_no_receipts(text: str) -> None:
    assert not is_receipt_text(text)


def test_a_hostile_text_is_no_receipt_quickly() -> None:
    assert not is_receipt_text("id:" + "a stat:" * 9000)
