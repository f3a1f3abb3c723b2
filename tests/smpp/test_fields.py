"""PDUs by their tables: written and read back, and judged as an independent reader and the recorded ones judge them."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from smpplib import smpp
from smpplib.client import Client

from proxy.smpp import fields
from proxy.smpp.fields import LAYOUTS, Field, Parsed
from proxy.smpp.message import Tlv
from proxy.smpp.pdu import COMMANDS, Address, PduError
from tests.corpus import RecordedPdu, whole_pdus

ADDRESSES = st.builds(
    Address, st.integers(0, 6), st.integers(0, 18), st.binary(max_size=20).map(lambda b: b.replace(b"\0", b"1"))
)


def values(field: Field) -> st.SearchStrategy[Any]:
    match field.kind:
        case "octet":
            return st.integers(0, 255)
        case "long":
            return st.integers(0, 2**32 - 1)
        case "string":
            return st.binary(max_size=field.size - 1).map(lambda b: b.replace(b"\0", b"0"))
        case "text":
            return st.binary(max_size=field.size)
        case "destinations":
            return st.lists(st.one_of(ADDRESSES, st.just(b"friends")), max_size=5)
        case "unsuccessful":
            return st.lists(st.tuples(ADDRESSES, st.integers(0, 2**32 - 1)), max_size=5)


@given(st.data())
def test_what_is_written_is_read_again(data: st.DataObject) -> None:
    command = data.draw(st.sampled_from(sorted(LAYOUTS)))
    given_ = {field.name: data.draw(values(field), label=field.name) for field in LAYOUTS[command]}
    tlvs = tuple(data.draw(st.lists(st.builds(Tlv, st.integers(0, 65535), st.binary(max_size=20)), max_size=3)))
    frame = fields.write(command, given_, tlvs, status=5, sequence=7)
    has_body = len(frame) > 16
    expected = Parsed(COMMANDS[command], 5, 7, given_ if has_body else {}, tlvs)
    assert fields.read(frame) == expected
    for cut in range(17, len(frame)):
        with contextlib.suppress(PduError):
            assert fields.read(frame[:cut]) != expected


@pytest.mark.parametrize("recorded", whole_pdus(), ids=lambda p: p.id)
def test_recorded_pdus_are_read_whole_or_their_fault_is_named(recorded: RecordedPdu) -> None:
    try:
        parsed = fields.read(recorded.octets)
    except PduError:
        return
    if parsed.fields and parsed.name in LAYOUTS:
        again = fields.write(parsed.name, parsed.fields, parsed.tlvs, status=parsed.status, sequence=parsed.sequence)
        assert again == recorded.octets


def test_smpplib_reads_what_is_written() -> None:
    client = Client("127.0.0.1", 1, allow_unknown_opt_params=True)
    frame = fields.write(
        "deliver_sm",
        {"source_addr": b"155", "destination_addr": b"156", "esm_class": 4, "data_coding": 8, "short_message": b"\0h"},
        [Tlv(0x001E, b"id\0")],
        sequence=9,
    )
    read = smpp.parse_pdu(frame, client=client, allow_unknown_opt_params=True)
    assert (read.command, read.sequence, read.esm_class, read.short_message) == ("deliver_sm", 9, 4, b"\0h")
    assert (read.source_addr, read.destination_addr, read.receipted_message_id) == (b"155", b"156", b"id")


def test_a_command_or_parameter_that_there_is_not() -> None:
    with pytest.raises(KeyError):
        fields.write("submit_sms")
    with pytest.raises(KeyError, match="txet"):
        fields.write("submit_sm", {"txet": b""})


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"TOOLONG\0", "service_type"),
        (b"\0\1\1" + b"1" * 21 + b"\0", "source_addr"),
        (b"\0\1\1a\0\1\1b\0\0\0\0\0\0\0\0\0\0\xff" + bytes(255), "sm_length"),
        (b"\0\1\1a\0\1\1b\0\0\0\0\0\0\0\0\0\0\5abc", "short_message"),
        (b"\0\1\1a\0\1\1b\0\0\0\0\0\0\0\0\0\0\0\4\x24", "TLV"),
        (b"\0\1\1a\0\1\1b\0\0\0\0\0\0\0\0\0\0\0\4\x24\0\5ab", "TLV 0x0424"),
    ],
)
def test_what_the_specification_forbids_is_named(body: bytes, field: str) -> None:
    with pytest.raises(PduError) as error:
        fields.read((16 + len(body)).to_bytes(4, "big") + b"\0\0\0\4\0\0\0\0\0\0\0\1" + body)
    assert error.value.field == field
