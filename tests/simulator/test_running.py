"""The simulated SMSC in a thread."""

from __future__ import annotations

import http.client
import socket
from threading import Thread

import pytest
import trio

from proxy.simulator import running as module
from proxy.simulator.running import Running, running
from proxy.simulator.smsc.scenario import Scenario, ScenarioError
from proxy.smpp import write
from proxy.smpp.pdu import status_name
from tests.e2e.peers import PATIENCE
from tests.simulator.esme import Client


def test_it_listens_while_the_context_lasts() -> None:
    with running() as smsc, Client(smsc) as client:
        assert client.bound().submit_with().status == 0
        smsc.wait_for(lambda smsc: len(smsc.stored) == 1)
        assert smsc.control is None
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((smsc.host, smsc.port), timeout=PATIENCE)


def test_the_control_api_is_served_if_it_is_asked_for() -> None:
    with running(control_port=0) as smsc:
        assert smsc.control is not None
        connection = http.client.HTTPConnection(*smsc.control, timeout=PATIENCE)
        connection.request("GET", "/v1/connections")
        assert connection.getresponse().read() == b'{"connections":[]}'
        connection.close()


def test_a_port_that_is_taken_is_an_oserror() -> None:
    with running() as smsc, pytest.raises(OSError, match="in use"), running(port=smsc.port):
        pass


def test_another_scenario_is_played(smsc: Running, client: Client) -> None:
    smsc.play(Scenario.model_validate({"fault": [{"action": "queue_full"}]}))
    assert status_name(client.submit_with().status) == "ESME_RMSGQFUL"


def test_nobody_waits_for_ever(smsc: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.05)
    with pytest.raises(trio.TooSlowError, match=r"nobody who can receive .* 0.05 s; it is <SMSC on .* bound: nobody>"):
        smsc.deliver(write.address("15559870001"), write.address("15551230001"), b"is anybody there?")


def test_a_test_sees_what_came_and_answers_it(smsc: Running, client: Client) -> None:
    client.submit_with(source_addr="40404", short_message=b"hello")
    (message,) = smsc.messages
    assert (message.source, message.destination, message.text, message.state, message.system_id) == (
        "40404", "15559870001", "hello", "DELIVERED", "esme",
    )  # fmt: skip
    assert repr(smsc) == f"<SMSC on 127.0.0.1:{smsc.port}: 1 messages, bound: esme (transceiver)>"
    said: list[list[str]] = []
    thread = Thread(target=lambda: said.append(smsc.say("long " * 60)))
    thread.start()
    taken = [client.take_delivery() for _ in range(2)]
    thread.join()
    assert said == [["ESME_ROK", "ESME_ROK"]]
    assert {t.fields["destination_addr"] for t in taken} == {b"40404"}, "the number that wrote to it"


def test_a_test_sets_faults_and_plays_scenarios(smsc: Running, client: Client) -> None:
    smsc.faults("queue_full", count=1)
    assert client.submit_with().status == 0x14
    smsc.faults("status", status="ESME_RTHROTTLED")
    smsc.clear_faults()
    assert client.submit_with().status == 0
    smsc.play({"fault": [{"action": "status", "status": "ESME_RSYSERR"}]})
    assert client.submit_with().status == 0x08
    smsc.play("busy")
    with pytest.raises(ScenarioError, match="fauld"):
        smsc.play({"fauld": []})
    with pytest.raises(trio.TooSlowError, match=r"the condition is not true after 0.01 s"):
        smsc.wait_for(lambda _: False, 0.01)
    smsc.wait_for(lambda same: same is smsc and len(same.messages) == 1)
