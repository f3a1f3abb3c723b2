"""A client that knows what it asks, for tests of the simulated SMSC."""

from __future__ import annotations

import socket
from typing import Any

from proxy.simulator.running import Running
from proxy.smpp import fields as pdus
from proxy.smpp.fields import Parsed
from proxy.smpp.message import Tlv
from tests.e2e.peers import Esme, Peer


class Client(Esme):
    """A plain client that sends PDUs by their names and reads whole answers."""

    def __init__(self, smsc: Running) -> None:
        super().__init__((smsc.host, smsc.port), bind=False)
        self.sequence = 0

    @classmethod
    def on(cls, sock: socket.socket) -> Client:
        """A client on a connection that the SMSC made."""
        client = cls.__new__(cls)
        Peer.__init__(client, sock)
        client.sequence = 0
        return client

    def put(self, command: str, fields: dict[str, Any] | None = None, tlvs: tuple[Tlv, ...] = ()) -> int:
        self.sequence += 1
        self.send(pdus.write(command, fields, tlvs, sequence=self.sequence))
        return self.sequence

    def get(self) -> Parsed:
        return pdus.read(self.read())

    def call(self, command: str, fields: dict[str, Any] | None = None, tlvs: tuple[Tlv, ...] = ()) -> Parsed:
        """A request and its answer."""
        sequence = self.put(command, fields, tlvs)
        answer = self.get()
        assert (answer.name, answer.sequence) == (f"{command}_resp", sequence)
        return answer

    def bound(self, command: str = "bind_transceiver", version: int = 0x34, **more: Any) -> Client:
        """This client, bound."""
        given = {"system_id": "esme", "password": "secret", "interface_version": version, **more}
        assert self.call(command, given).status == 0
        return self

    def submit_with(self, **more: Any) -> Parsed:
        """submit_sm from A to B."""
        given = {"source_addr": "15551230001", "destination_addr": "15559870001", "short_message": b"hello", **more}
        return self.call("submit_sm", given)

    def take_delivery(self) -> Parsed:
        """The next deliver_sm, acknowledged."""
        delivery = self.get()
        assert delivery.name == "deliver_sm"
        self.send(pdus.write("deliver_sm_resp", sequence=delivery.sequence))
        return delivery
