"""The simulated SMSC in a thread."""

from __future__ import annotations

import http.client
import socket

import pytest
import trio

from proxy.simulator import running as module
from proxy.simulator.running import Running, running
from proxy.simulator.smsc.scenario import Scenario
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
    with pytest.raises(trio.TooSlowError):
        smsc.deliver(write.address("15559870001"), write.address("15551230001"), b"is anybody there?")
