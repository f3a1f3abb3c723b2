"""What the writers write, an independent decoder (smpplib) reads."""

from __future__ import annotations

from typing import Any

import pytest
from smpplib import smpp
from smpplib.client import Client

from proxy.smpp import pdu, write
from proxy.smpp.message import TAG_MESSAGE_PAYLOAD, Tlv

A, B = write.address("15551230001"), write.address("12345", ton=3, npi=0)


def decoded(frame: bytes) -> Any:
    return smpp.parse_pdu(frame, client=Client("localhost", 0, allow_unknown_opt_params=True))


@pytest.mark.parametrize("command", ["submit_sm", "deliver_sm"])
def test_messages(command: str) -> None:
    frame = write.message(
        pdu.COMMANDS[command], A, B, b"hello", esm_class=0x40, data_coding=8, sequence=77, registered_delivery=1
    )
    seen = decoded(frame)
    assert (seen.command, seen.sequence, seen.short_message) == (command, 77, b"hello")
    assert (seen.source_addr, seen.source_addr_ton, seen.destination_addr, seen.dest_addr_ton) == (
        b"15551230001",
        1,
        b"12345",
        3,
    )
    assert (seen.esm_class, seen.data_coding, seen.registered_delivery) == (0x40, 8, 1)


def test_tlvs() -> None:
    seen = decoded(write.deliver_sm(A, B, b"", parameters=[Tlv(TAG_MESSAGE_PAYLOAD, b"long text")]))
    assert seen.message_payload == b"long text"


@pytest.mark.parametrize("command", ["bind_transmitter", "bind_receiver", "bind_transceiver"])
def test_binds(command: str) -> None:
    seen = decoded(write.bind("me", "pw", command_id=pdu.COMMANDS[command], sequence=3))
    assert (seen.command, seen.system_id, seen.password, seen.sequence) == (command, b"me", b"pw", 3)
    assert seen.interface_version == 0x34
