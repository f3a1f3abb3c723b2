"""Every fault as a client meets it."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from contextlib import ExitStack

import pytest

from proxy.simulator.running import Running
from proxy.simulator.smsc.faults import Armed, FaultRule
from proxy.smpp import fields as pdus
from proxy.smpp import pdu
from proxy.smpp.fields import Parsed
from tests.e2e.peers import PATIENCE
from tests.simulator.esme import Client

Bound = Callable[..., Client]


@pytest.fixture
def bound(play: Callable[..., Running], stack: ExitStack) -> Bound:
    """A client bound to an SMSC with this fault."""

    def bind(action: str, **more: object) -> Client:
        smsc = play(fault=[{"action": action, **more}])
        return stack.enter_context(Client(smsc)).bound()

    return bind


def put_submit(client: Client, destination: str = "15559870001") -> int:
    return client.put("submit_sm", {"source_addr": "1555", "destination_addr": destination, "short_message": b"x"})


def sequences(client: Client, count: int) -> list[int]:
    return [client.get().sequence for _ in range(count)]


def has_silence(client: Client) -> bool:
    """Whether what was asked before is not answered, but what is asked now is."""
    sequence = client.put("enquire_link")
    return client.get().sequence == sequence


@pytest.mark.parametrize(
    ("action", "more", "status"),
    [
        ("status", {"status": "ESME_RSYSERR"}, "ESME_RSYSERR"),
        ("status", {"status": 0x411}, "0x00000411"),
        ("queue_full", {}, "ESME_RMSGQFUL"),
    ],
)
def test_a_status(bound: Bound, action: str, more: dict[str, object], status: str) -> None:
    client = bound(action, **more, count=1)
    assert pdu.status_name(client.submit_with().status) == status
    assert client.submit_with().status == 0


def test_throttled_above_a_rate(bound: Bound) -> None:
    client = bound("throttle", rate=0.001)
    statuses = [pdu.status_name(client.submit_with().status) for _ in range(3)]
    assert statuses == ["ESME_ROK", "ESME_RTHROTTLED", "ESME_RTHROTTLED"]


def test_no_answer(bound: Bound) -> None:
    client = bound("silence", count=1)
    put_submit(client)
    assert has_silence(client)


def test_late_answers_overtaken_by_others(bound: Bound) -> None:
    client = bound("delay", delay=0.2, count=1)
    first, second = put_submit(client), put_submit(client)
    assert sequences(client, 2) == [second, first]


def test_answers_twice(bound: Bound) -> None:
    client = bound("duplicate", count=1)
    sequence = put_submit(client)
    assert sequences(client, 2) == [sequence, sequence]
    assert has_silence(client)


def test_a_wrong_sequence_number(bound: Bound) -> None:
    client = bound("wrong_sequence")
    sequence = put_submit(client)
    assert sequences(client, 1) == [sequence + 1000]


def test_answers_out_of_order(bound: Bound) -> None:
    client = bound("shuffle", hold=3)
    asked = [put_submit(client) for _ in range(3)]
    assert sequences(client, 3) == asked[::-1]


def test_answers_in_pieces_of_an_octet(bound: Bound) -> None:
    client = bound("split", size=1, pause=0.001)
    client.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    put_submit(client)
    first = client.sock.recv(4096)
    assert len(first) < 16
    rest = client.read_exactly(16 - len(first))
    size = int.from_bytes((first + rest)[:4], "big")
    assert pdus.read(first + rest + client.read_exactly(size - 16)).status == 0


def test_answers_in_one_piece(bound: Bound) -> None:
    client = bound("coalesce", hold=3)
    asked = [put_submit(client) for _ in range(2)]
    assert has_silence(client)
    asked.append(put_submit(client))
    assert sequences(client, 3) == asked


def test_slow_reading(bound: Bound) -> None:
    client = bound("slow_read", command="enquire_link", rate=100)
    assert client.call("enquire_link").status == 0
    begun = time.monotonic()
    assert client.call("enquire_link").status == 0
    assert time.monotonic() - begun > 0.1, "sixteen octets at a hundred a second"


def test_half_a_pdu_and_the_end(bound: Bound) -> None:
    client = bound("truncate")
    put_submit(client)
    octets = client.read_all()
    assert int.from_bytes(octets[:4], "big") == len(octets) + 1


def test_a_length_that_can_not_be(bound: Bound) -> None:
    client = bound("malformed")
    put_submit(client)
    assert client.read_exactly(8)[:4] == b"\0\0\0\x08"


def test_closed_and_reset(bound: Bound) -> None:
    closed = bound("close")
    put_submit(closed)
    assert closed.read_all() == b""
    reset = bound("reset")
    put_submit(reset)
    with pytest.raises(ConnectionResetError):
        reset.sock.recv(1)


def test_asked_to_leave(bound: Bound) -> None:
    client = bound("unbind")
    sequence = put_submit(client)
    assert client.get().sequence == sequence
    request = client.get()
    assert request.name == "unbind"
    client.send(pdus.write("unbind_resp", sequence=request.sequence))
    assert client.read_all() == b""


def test_half_open(bound: Bound) -> None:
    client = bound("half_open")
    put_submit(client)
    client.put("enquire_link")
    client.sock.settimeout(0.3)
    with pytest.raises(TimeoutError):
        client.sock.recv(1)
    client.sock.settimeout(PATIENCE)


def test_tlvs_and_commands_that_nobody_knows(bound: Bound) -> None:
    client = bound("add_tlv")
    put_submit(client)
    assert client.get().tlv(0x1401) == b"vendor"
    client = bound("unknown_command")
    put_submit(client)
    first, second = client.get(), client.get()
    assert (first.command_id, second.name) == (0xFF, "submit_sm_resp")


# Rules.


def request(**fields: bytes) -> Parsed:
    return pdus.read(pdus.write("submit_sm", fields))


def met(fault: FaultRule, count: int, **fields: bytes) -> list[bool]:
    armed = Armed(1, fault, 0.0)
    return [armed.meets(request(**fields), "esme", float(second)) for second in range(count)]


def test_patterns() -> None:
    assert met(FaultRule(action="close", destination="1555*"), 1, destination_addr=b"1555987") == [True]
    assert met(FaultRule(action="close", destination="1555*"), 1, destination_addr=b"1666987") == [False]
    assert met(FaultRule(action="close", source="40404", system_id="es*"), 1, source_addr=b"40404") == [True]
    assert met(FaultRule(action="close", system_id="other"), 1) == [False]
    assert met(FaultRule(action="close", command="query_*"), 1) == [False]
    assert met(FaultRule(action="close", command="*"), 1) == [True]


def test_every_count_and_seconds() -> None:
    assert met(FaultRule(action="close", every=3), 6) == [False, False, True] * 2
    assert met(FaultRule(action="close", count=2), 4) == [True, True, False, False]
    assert met(FaultRule(action="close", seconds=1), 4) == [True, True, False, False]


def test_probability_is_the_same_for_a_seed() -> None:
    first, again, other = (met(FaultRule(action="close", probability=0.5, seed=seed), 100) for seed in (1, 1, 2))
    assert first == again != other
    assert 30 < sum(first) < 70
