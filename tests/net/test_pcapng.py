"""Captures as tshark reads them."""

from __future__ import annotations

from pathlib import Path

from proxy.net.endpoints import Endpoint
from proxy.net.pcapng import Interface, beginning, record
from proxy.smpp import pdu, write
from proxy.smpp.pdu import RESPONSE
from tests.wireshark import tshark

PLATFORM, OURS = Endpoint("192.0.2.1", 40001), Endpoint("192.0.2.9", 2775)
OUTWARD, CARRIER = Endpoint("2001:db8::9", 50001), Endpoint("2001:db8::1", 3550)


def test_tshark_reads_the_pdus_their_addresses_and_whose_session_it_was(tmp_path: Path) -> None:
    path = tmp_path / "a.pcapng"
    submit = write.submit_sm(write.address("15551230001"), write.address("15559870001"), b"hello", sequence=7)
    answer = write.pdu(pdu.SUBMIT_SM | RESPONSE, b"id\0", sequence=7)
    path.write_bytes(
        beginning("test")
        + record(Interface.PLATFORM, 1_790_000_000_123_456, PLATFORM, OURS, submit, "session abc")
        + record(Interface.CARRIER, 1_790_000_000_200_000, CARRIER, OUTWARD, answer)
    )
    fields = (
        "_ws.col.Protocol", "frame.interface_name", "frame.time_epoch", "smpp.command_id", "smpp.sequence_number",
        "smpp.source_addr", "smpp.destination_addr", "smpp.message_id",
    )  # fmt: skip
    assert tshark(path, *fields) == [
        ["SMPP", "platform side", "1790000000.123456000", "0x00000004", "7", "15551230001", "15559870001", ""],
        ["SMPP", "carrier side", "1790000000.200000000", "0x80000004", "7", "", "", "id"],
    ]
    assert tshark(path, "frame.comment")[0] == ["session abc"]
    shown = tshark(path, "_ws.col.Source", "_ws.col.Destination")
    assert shown == [["192.0.2.1", "192.0.2.9"], ["2001:db8::1", "2001:db8::9"]]
