"""Who gets a handset's message when several clients are bound: whoever uses that number, and not whoever came first."""

from __future__ import annotations

from contextlib import ExitStack
from threading import Thread
from typing import Any

import pytest
import trio

from proxy.simulator.running import Running
from proxy.simulator.smsc.smsc import NobodyBound
from proxy.smpp import write
from tests.simulator.esme import Client

A, OTHER, B = "15551230001", "15551230002", "15559870001"


def bound(smsc: Running, stack: ExitStack, system_id: str, command: str = "bind_transceiver", **more: Any) -> Client:
    return stack.enter_context(Client(smsc)).bound(command, system_id=system_id, **more)


def chosen(smsc: Running, destination: str, system_id: str = "") -> tuple[str, int]:
    async def choose() -> tuple[str, int]:
        found = smsc.smsc.receiver_for(write.address(destination), system_id)
        return found.system_id, found.number

    found: tuple[str, int] = trio.from_thread.run(choose, trio_token=smsc.token)
    return found


def test_it_goes_to_the_session_that_sent_from_that_number_last(smsc: Running, stack: ExitStack) -> None:
    alice, bob = bound(smsc, stack, "alice"), bound(smsc, stack, "bob")
    assert chosen(smsc, A) == ("alice", 0), "nobody has used it: the first"
    bob.submit_with(source_addr=A)
    assert chosen(smsc, A) == ("bob", 1)
    alice.submit_with(source_addr=A)
    assert chosen(smsc, A) == ("alice", 0)
    bob.submit_with(source_addr=OTHER)
    assert (chosen(smsc, A)[0], chosen(smsc, OTHER)[0]) == ("alice", "bob")


def test_a_transmitters_replies_go_to_the_receiver_of_its_account(smsc: Running, stack: ExitStack) -> None:
    bound(smsc, stack, "alice")
    bound(smsc, stack, "bob", "bind_receiver")
    bound(smsc, stack, "bob", "bind_transmitter").submit_with(source_addr=A)
    assert chosen(smsc, A) == ("bob", 1)


def test_without_a_use_the_address_range_of_the_bind_counts(smsc: Running, stack: ExitStack) -> None:
    bound(smsc, stack, "alice", address_range="^1999")
    bound(smsc, stack, "bob", address_range="^155512300[0-9]{2}$")
    bound(smsc, stack, "carol", address_range="(not a regular expression")
    assert chosen(smsc, A)[0] == "bob"
    assert chosen(smsc, "40404")[0] == "alice", "the first"


def test_an_account_can_be_named_and_must_be_bound(smsc: Running, stack: ExitStack) -> None:
    alice = bound(smsc, stack, "alice")
    bound(smsc, stack, "bob")
    alice.submit_with(source_addr=A)
    assert chosen(smsc, A, "bob")[0] == "bob"
    with pytest.raises(NobodyBound, match="carol is not bound"):
        chosen(smsc, A, "carol")


def test_one_that_left_gets_nothing_more(smsc: Running, stack: ExitStack) -> None:
    bound(smsc, stack, "alice")
    bob = bound(smsc, stack, "bob")
    bob.submit_with(source_addr=A)
    bob.sock.close()
    smsc.wait_for(lambda smsc: smsc.connections[1].is_over)
    assert chosen(smsc, A)[0] == "alice"


def test_a_message_that_nobody_answered_is_remembered(smsc: Running, client: Client) -> None:
    failures: list[BaseException] = []

    def say() -> None:
        try:
            smsc.say("STOP", B, A)
        except BaseException as error:  # noqa: BLE001 - whatever it is, it is looked at below
            failures.append(error)

    thread = Thread(target=say)
    thread.start()
    client.get()
    client.sock.close()
    thread.join()
    assert [(m.text, m.status, m.system_id) for m in smsc.smsc.from_handsets] == [("STOP", "no answer", "esme")]
    assert len(failures) == 1
