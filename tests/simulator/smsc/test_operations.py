"""The simulated SMSC by the specification: binds, messages and their states, receipts, and what it refuses."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import pytest

from proxy.simulator.running import Running
from proxy.smpp import pdu
from proxy.smpp.message import Tlv
from proxy.smpp.pdu import Address
from tests.simulator.esme import Client

HOUR = b"000000010000000R"


def name(status: int) -> str:
    return pdu.status_name(status)


# Binds.


@pytest.mark.parametrize("kind", ["transmitter", "receiver", "transceiver"])
@pytest.mark.parametrize(("version", "answered"), [(0x33, None), (0x34, b"\x34"), (0x50, b"\x50")])
def test_binds_of_every_kind_and_version(
    smsc: Running, stack: ExitStack, kind: str, version: int, answered: bytes | None
) -> None:
    client = stack.enter_context(Client(smsc))
    answer = client.call(f"bind_{kind}", {"system_id": "me", "interface_version": version})
    assert (answer.status, answer.fields) == (0, {"system_id": b"simulator"})
    assert answer.tlv(0x0210) == answered
    assert smsc.smsc.connections[0].bind == kind


def test_accounts_are_checked(play: Callable[..., Running], stack: ExitStack) -> None:
    smsc = play(account=[{"system_id": "one", "password": "secret", "binds": 1}])
    first, second = (stack.enter_context(Client(smsc)) for _ in range(2))
    for given, status in (
        ({"system_id": "other"}, "ESME_RINVSYSID"),
        ({"system_id": "one", "password": "wrong"}, "ESME_RINVPASWD"),
        ({"system_id": "one", "password": "secret"}, "ESME_ROK"),
        ({"system_id": "one", "password": "secret"}, "ESME_RALYBND"),
    ):
        assert name(first.call("bind_transceiver", given).status) == status
    right = {"system_id": "one", "password": "secret"}
    assert name(second.call("bind_receiver", right).status) == "ESME_RALYBND"
    assert first.call("unbind").status == 0
    assert first.read_all() == b""
    assert second.call("bind_receiver", right).status == 0


def test_nothing_but_binds_before_the_bind(smsc: Running, stack: ExitStack) -> None:
    client = stack.enter_context(Client(smsc))
    assert name(client.submit_with().status) == "ESME_RINVBNDSTS"
    assert name(client.call("query_sm").status) == "ESME_RINVBNDSTS"
    assert client.call("enquire_link").status == 0


def test_a_receiver_may_not_submit(smsc: Running, stack: ExitStack) -> None:
    client = stack.enter_context(Client(smsc)).bound("bind_receiver")
    assert name(client.submit_with().status) == "ESME_RINVBNDSTS"


def test_what_no_specification_has_gets_a_generic_nack(client: Client) -> None:
    client.send(pdu.header_only(0x00000ABC, 0, 77))
    answer = client.get()
    assert (answer.name, name(answer.status), answer.sequence) == ("generic_nack", "ESME_RINVCMDID", 77)
    client.send(b"\0\0\0\x04\0\0\0\x04")
    assert (client.get().name, client.read_all()) == ("generic_nack", b"")


# Messages.


def test_a_message_is_taken_and_kept(smsc: Running, client: Client) -> None:
    answer = client.submit_with(short_message="Grüße".encode("latin-1"), data_coding=3)
    (message,) = smsc.smsc.stored.values()
    assert answer.fields["message_id"].decode() == message.id
    assert (message.text, message.state.name, message.system_id) == ("Grüße", "DELIVERED", "esme")


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"destination_addr": b""}, "ESME_RINVDSTADR"),
        ({"destination_addr": b"1" * 30}, "ESME_RINVDSTADR"),
        ({"source_addr": b"1" * 30}, "ESME_RINVSRCADR"),
        ({"short_message": bytes(255)}, "ESME_RINVMSGLEN"),
        ({"schedule_delivery_time": b"tomorrow"}, "ESME_RINVSCHED"),
        ({"validity_period": b"261399000000000+"}, "ESME_RINVEXPIRY"),
        ({"service_type": b"LONGER"}, "ESME_RINVSERTYP"),
    ],
)
def test_what_is_wrong_with_a_message_is_said(client: Client, more: dict[str, Any], status: str) -> None:
    assert name(client.submit_with(**more).status) == status
    assert client.submit_with().status == 0, "the session goes on"


def test_payload_and_text_at_once_is_wrong(client: Client) -> None:
    given = {"source_addr": "1555", "destination_addr": "1556", "short_message": b"x"}
    assert name(client.call("submit_sm", given, (Tlv(0x0424, b"y"),)).status) == "ESME_RINVMSGLEN"


def test_vendors_tlvs_come_back(client: Client) -> None:
    given = {"source_addr": "1555", "destination_addr": "1556", "short_message": b"x"}
    answer = client.call("submit_sm", given, (Tlv(0x1405, b"abc"), Tlv(0x0204, b"\0\1")))
    assert answer.tlvs == (Tlv(0x1405, b"abc"),)


def test_data_sm_and_submit_multi(smsc: Running, client: Client) -> None:
    addresses = {"source_addr": "15551230001", "destination_addr": "15559870001"}
    assert client.call("data_sm", addresses, (Tlv(0x0424, b"data"),)).status == 0
    destinations = [Address(1, 1, b"15559870001"), Address(1, 1, b""), b"friends", Address(1, 1, b"15559870002")]
    answer = client.call("submit_multi", {"source_addr": "1555", "dest_address": destinations, "short_message": b"all"})
    assert [(address.digits, name(status)) for address, status in answer.fields["unsuccess_sme"]] == [
        (b"", "ESME_RINVDSTADR"),
        (b"friends", "ESME_RINVDLNAME"),
    ]
    assert [message.text for message in smsc.smsc.stored.values()] == ["data", "all", "all"]
    empty = client.call("submit_multi", {"source_addr": "1555", "short_message": b"all"})
    assert name(empty.status) == "ESME_RINVNUMDESTS"


def test_query_cancel_and_replace(client: Client) -> None:
    waiting = client.submit_with(schedule_delivery_time=HOUR, registered_delivery=1).fields["message_id"]
    done = client.submit_with().fields["message_id"]
    mine = {"source_addr": "15551230001"}
    answer = client.call("query_sm", {"message_id": waiting, **mine}).fields
    assert (answer["message_id"], answer["message_state"], answer["final_date"]) == (waiting, 1, b"")
    answer = client.call("query_sm", {"message_id": done, **mine}).fields
    assert (answer["message_state"], len(answer["final_date"])) == (2, 16)
    assert name(client.call("query_sm", {"message_id": b"none", **mine}).status) == "ESME_RINVMSGID"
    assert name(client.call("query_sm", {"message_id": done, "source_addr": "1"}).status) == "ESME_RQUERYFAIL"
    assert client.call("replace_sm", {"message_id": waiting, "short_message": b"other", **mine}).status == 0
    assert name(client.call("replace_sm", {"message_id": done, **mine}).status) == "ESME_RREPLACEFAIL"
    assert client.call("cancel_sm", {"message_id": waiting, **mine}).status == 0
    assert name(client.call("cancel_sm", {"message_id": waiting, **mine}).status) == "ESME_RCANCELFAIL"
    assert client.call("query_sm", {"message_id": waiting, **mine}).fields["message_state"] == 4


def test_all_pending_messages_to_a_destination_are_cancelled(smsc: Running, client: Client) -> None:
    for _ in range(3):
        client.submit_with(schedule_delivery_time=HOUR)
    both = {"source_addr": "15551230001", "destination_addr": "15559870001"}
    assert client.call("cancel_sm", both).status == 0
    assert {message.state.name for message in smsc.smsc.stored.values()} == {"DELETED"}


def test_a_message_may_replace_the_one_before(smsc: Running, client: Client) -> None:
    first = client.submit_with(schedule_delivery_time=HOUR).fields["message_id"]
    second = client.submit_with(short_message=b"newer", replace_if_present_flag=1).fields["message_id"]
    assert first == second
    (message,) = smsc.smsc.stored.values()
    assert message.text == "newer"
