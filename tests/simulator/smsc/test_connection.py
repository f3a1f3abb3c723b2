"""One connection: requests of the SMSC, and the end."""

from __future__ import annotations

from threading import Thread

import pytest
import trio

from proxy.simulator.running import Running
from proxy.simulator.smsc.connection import Lost
from proxy.smpp import fields as pdus
from tests.simulator.esme import Client


def test_the_smsc_asks_and_leaves(smsc: Running, client: Client) -> None:
    connection = smsc.smsc.connections[0]
    asked = Thread(target=lambda: trio.from_thread.run(connection.request, "enquire_link", trio_token=smsc.token))
    asked.start()
    request = client.get()
    client.send(pdus.write("enquire_link_resp", sequence=request.sequence))
    asked.join()
    trio.from_thread.run(
        connection.notify, "alert_notification", {"source_addr": b"1555", "esme_addr": b"1556"}, trio_token=smsc.token
    )
    assert client.get().fields["esme_addr"] == b"1556"
    left = Thread(target=lambda: trio.from_thread.run(connection.unbind, trio_token=smsc.token))
    left.start()
    request = client.get()
    assert request.name == "unbind"
    client.send(pdus.write("unbind_resp", sequence=request.sequence))
    left.join()
    assert client.read_all() == b""


def test_a_request_ends_with_its_connection(smsc: Running, client: Client) -> None:
    lost: list[bool] = []

    def ask() -> None:
        with pytest.raises(Lost):
            trio.from_thread.run(smsc.smsc.connections[0].request, "enquire_link", trio_token=smsc.token)
        lost.append(True)

    asked = Thread(target=ask)
    asked.start()
    assert client.get().name == "enquire_link"
    client.sock.close()
    asked.join()
    assert lost == [True]
