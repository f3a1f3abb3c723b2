"""The simulated SMSC as a whole: receipts, whoever they go to, and connections that it makes itself."""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import ExitStack

import pytest
import trio

from proxy.simulator.running import Running
from tests.simulator.esme import Client


@pytest.mark.parametrize(
    ("state", "registered", "reported"),
    [
        ("DELIVERED", 1, True),
        ("DELIVERED", 2, False),
        ("DELIVERED", 0, False),
        ("UNDELIVERABLE", 2, True),
        ("REJECTED", 1, True),
        ("UNKNOWN", 1, True),
        ("EXPIRED", 1, True),
    ],
)
def test_receipts_as_they_are_wished_for(
    play: Callable[..., Running], stack: ExitStack, state: str, registered: int, reported: bool
) -> None:
    smsc = play(outcome=[{"destination": "1555*", "state": state, "error": 42}])
    client = stack.enter_context(Client(smsc)).bound()
    message_id = client.submit_with(registered_delivery=registered).fields["message_id"].decode()
    smsc.wait_for(lambda smsc: smsc.stored[message_id].is_final)
    message = smsc.smsc.stored[message_id]
    assert (message.state.name, message.receipts) == (state, [state] if reported else [])
    if reported:
        receipt = client.take_delivery()
        text = receipt.fields["short_message"].decode()
        assert text.startswith(f"id:{message_id} sub:001 dlvrd:{'001' if state == 'DELIVERED' else '000'} submit date:")
        assert f"err:{42:03} text:hello" in text
        assert (receipt.fields["esm_class"], receipt.fields["source_addr"]) == (4, b"15559870001")
        assert receipt.tlv(0x001E) == message_id.encode() + b"\0"
        assert receipt.tlv(0x0427) == bytes((message.state,))


def test_intermediate_reports_and_expiry(play: Callable[..., Running], stack: ExitStack) -> None:
    smsc = play(outcome=[{"delay": 3600}])
    client = stack.enter_context(Client(smsc)).bound()
    client.submit_with(registered_delivery=0x11, validity_period=b"000000000000000R")
    first, second = client.take_delivery(), client.take_delivery()
    assert (first.fields["esm_class"], first.tlv(0x0427)) == (0x20, b"\1")
    assert (second.fields["esm_class"], second.tlv(0x0427)) == (4, b"\3")
    assert b"stat:EXPIRED" in second.fields["short_message"]


def test_receipts_wait_for_a_receiver_of_the_same_account(smsc: Running, stack: ExitStack) -> None:
    sender = stack.enter_context(Client(smsc)).bound("bind_transmitter")
    other = stack.enter_context(Client(smsc)).bound("bind_receiver", system_id="other")
    message_id = sender.submit_with(registered_delivery=1).fields["message_id"].decode()
    smsc.wait_for(lambda smsc: smsc.stored[message_id].receipts == ["DELIVERED"])
    receiver = stack.enter_context(Client(smsc)).bound("bind_receiver")
    assert message_id.encode() in receiver.take_delivery().fields["short_message"]
    assert other.call("enquire_link").status == 0


def test_outbind_and_the_bind_that_follows(smsc: Running) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        trio.from_thread.run(smsc.smsc.outbind, "127.0.0.1", port, trio_token=smsc.token)
        with server.accept()[0] as sock:
            esme = Client.on(sock)
            assert esme.get().fields["system_id"] == b"smsc"
            esme.bound("bind_receiver")
            assert smsc.smsc.connections[0].can_receive


def test_messages_are_numbered_on_when_the_first_ones_are_forgotten(
    play: Callable[..., Running], stack: ExitStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever asks for what came after number N would else wait for ever."""
    monkeypatch.setattr("proxy.simulator.smsc.smsc.MOST_PDUS", 2)
    smsc = play()
    client = stack.enter_context(Client(smsc)).bound()
    for _ in range(4):
        client.submit_with()
    assert [each.number for each in smsc.smsc.stored.values()] == [3, 4]
