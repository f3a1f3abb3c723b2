"""The simulated SMSC: it serves ESMEs as the specification says, remembers everything, and does what it is told to.

It runs under trio; ``proxy.simulator.running`` runs it in a thread for callers without an event loop.
"""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

import trio

from proxy.simulator.smsc.accounts import Accounts
from proxy.simulator.smsc.connection import Connection, Lost, Seen
from proxy.simulator.smsc.faults import Faults
from proxy.simulator.smsc.messages import INTERMEDIATE, RECEIPT, Message, State, outcome_for, text_of
from proxy.simulator.smsc.operations import Operations
from proxy.simulator.smsc.scenario import Scenario
from proxy.smpp import fields as pdus
from proxy.smpp import pdu
from proxy.smpp.fields import Parsed
from proxy.smpp.message import Tlv
from proxy.smpp.pdu import Address
from proxy.smpp.text import Part

MOST_PDUS = 200_000
"""PDUs and messages that are remembered; the oldest go first."""

SUBMITS = ("submit_sm", "submit_multi", "data_sm")


class FromHandset(NamedTuple):
    """A message that was delivered from a handset, and how the ESME answered."""

    number: int
    time: float
    source: str
    destination: str
    text: str
    part: Part | None
    status: str


class Smsc:
    """One SMSC with all its connections and messages. ``on_seen`` is called with each PDU, both ways."""

    def __init__(self, on_seen: Callable[[Seen], None] = lambda _: None, scenario: Scenario | None = None) -> None:
        self.pdus: deque[Seen] = deque(maxlen=MOST_PDUS)
        """Every PDU of every connection, both ways, in order."""
        self.stored: dict[str, Message] = {}
        """Messages by their message_id."""
        self.from_handsets: deque[FromHandset] = deque(maxlen=MOST_PDUS)
        """Messages from handsets that were delivered."""
        self.connections: list[Connection] = []
        self.faults = Faults()
        self._on_seen = on_seen
        self._pdus = 0
        self._messages = 0
        self._texts = 0
        self._changed = trio.Condition()
        self._nursery: trio.Nursery | None = None
        self._undelivered: deque[tuple[str, dict[str, Any], tuple[Tlv, ...]]] = deque(maxlen=MOST_PDUS)
        self.play(scenario or Scenario())

    def play(self, scenario: Scenario) -> None:
        """Use the accounts, outcomes and faults of this scenario, instead of those before."""
        self.scenario = scenario
        self._operations = Operations(Accounts(scenario.account), self.faults, self)
        self.faults.clear()
        self.faults.set_all(scenario.fault, time.monotonic())

    async def reset(self) -> None:
        """Forget everything and close all connections; the scenario begins anew."""
        for connection in self.connections:
            if not connection.is_over:
                await connection.close()
        self.pdus.clear()
        self.stored.clear()
        self.from_handsets.clear()
        self._undelivered.clear()
        self.play(self.scenario)
        await self.tell()

    async def serve(
        self, host: str, port: int, task_status: trio.TaskStatus[tuple[str, int]] = trio.TASK_STATUS_IGNORED
    ) -> None:
        """Listen until cancelled; the address that it really listens on is the task's value. Raises ``OSError``."""
        listeners = await trio.open_tcp_listeners(port, host=host)
        async with trio.open_nursery() as nursery:
            self._nursery = nursery
            host, port = listeners[0].socket.getsockname()[:2]
            task_status.started((host, port))
            await trio.serve_listeners(self._talk, listeners, handler_nursery=nursery)

    async def outbind(self, host: str, port: int, system_id: str = "smsc", password: str = "") -> Connection:
        """Connect to an ESME and ask it to bind as receiver (section 4.1.7); raises ``OSError``."""
        assert self._nursery is not None
        stream = await trio.open_tcp_stream(host, port)
        connection = self._connection(stream)
        self._nursery.start_soon(self._run, connection)
        await connection.notify("outbind", {"system_id": system_id, "password": password})
        return connection

    # What came in.

    def messages(self) -> list[Seen]:
        """The submits that came in so far, in order."""
        return [seen for seen in tuple(self.pdus) if seen.direction == "in" and seen.command in SUBMITS]

    async def wait_for(self, condition: Callable[[Smsc], bool]) -> None:
        """Return when the condition holds; it is looked at whenever something came or went."""
        async with self._changed:
            while not condition(self):
                await self._changed.wait()

    def receivers(self, system_id: str | None = None) -> list[Connection]:
        """The connections that are bound to receive messages, of one account if it is named."""
        return [c for c in self.connections if c.can_receive and system_id in (None, c.system_id)]

    def binds(self, system_id: str) -> int:
        """How many binds an account has now."""
        return sum(c.system_id == system_id and c.bind != "" and not c.is_over for c in self.connections)

    # What goes out.

    async def deliver(
        self,
        source: Address,
        destination: Address,
        text: bytes,
        *,
        esm_class: int = 0,
        data_coding: int = 0,
        parameters: Sequence[Tlv] = (),
        fields: Mapping[str, Any] | None = None,
    ) -> int:
        """Deliver a message from a handset over any receiving connection; returns the answer's status.

        ``fields`` are further parameters of the deliver_sm. Raises ``LookupError`` when nobody is bound to
        receive, ``Lost`` when the connection ends first.
        """
        said = {
            **_addresses(source, destination),
            "esm_class": esm_class,
            "data_coding": data_coding,
            "short_message": text,
            **(fields or {}),
        }
        answer = await self.request("deliver_sm", said, parameters)
        words, part = text_of(pdus.write("deliver_sm", said, parameters))
        self._texts += 1
        sender, recipient = source.digits.decode("latin-1"), destination.digits.decode("latin-1")
        status = pdu.status_name(answer.status)
        self.from_handsets.append(FromHandset(self._texts, time.time(), sender, recipient, words, part, status))
        await self.tell()
        return answer.status

    async def request(self, command: str, fields: Mapping[str, Any], tlvs: Sequence[Tlv] = ()) -> Parsed:
        """Send a request over any receiving connection, and its answer; raises like ``deliver``."""
        connection = next(iter(self.receivers()), None)
        if connection is None:
            raise LookupError("no ESME is bound as receiver or transceiver")
        return await connection.request(command, fields, tlvs)

    def accept(self, message: Message) -> None:
        """Store a new message, and start to do with it what the scenario says."""
        self._messages += 1
        message.number = self._messages
        self.stored[message.id] = message
        if len(self.stored) > MOST_PDUS:
            del self.stored[next(iter(self.stored))]
        outcome = outcome_for(message.destination.digits.decode("latin-1"), self.scenario.outcome)
        is_plain = message.deliver_at <= message.submitted_at and not outcome.delay and not message.registered_delivery
        if is_plain and outcome.final is State.DELIVERED:
            message.state, message.done_at = State.DELIVERED, message.submitted_at
        elif self._nursery is not None:
            self._nursery.start_soon(self._live, message, outcome.final, outcome.delay, outcome.error)

    async def _live(self, message: Message, final: State, delay: float, error: int) -> None:
        """Bring a message to its final state, and send the reports that its ESME has asked for."""
        await trio.sleep(max(0.0, message.deliver_at - time.time()))
        if delay:
            if message.wants_receipt() and not message.is_final:
                message.done_at = time.time()
                await self._report(message, INTERMEDIATE)
            expires_in = math.inf if message.expires_at is None else message.expires_at - time.time()
            await trio.sleep(max(0.0, min(delay, expires_in)))
            if expires_in < delay:
                final, error = State.EXPIRED, 0
        if not message.is_final:
            message.state, message.error = final, error
        message.done_at = message.done_at if message.state is State.DELETED else time.time()
        if message.wants_receipt():
            await self._report(message, RECEIPT)
        await self.tell()

    async def _report(self, message: Message, kind: int) -> None:
        message.receipts.append(message.state.name)
        fields = {
            **_addresses(message.destination, message.source),
            "esm_class": kind,
            "short_message": message.receipt_text().encode("latin-1", "replace")[:254],
        }
        await self._send_to(message.system_id, fields, message.receipt_tlvs())

    async def _send_to(self, system_id: str, fields: dict[str, Any], tlvs: tuple[Tlv, ...]) -> None:
        """Deliver to a receiver of this account, at once or as soon as there is one."""
        for connection in self.receivers(system_id):
            with suppress(Lost):
                await connection.request("deliver_sm", fields, tlvs)
                return
        self._undelivered.append((system_id, fields, tlvs))

    async def deliver_waiting(self, connection: Connection) -> None:
        """Start to deliver the reports that waited for a receiver of this connection's account."""
        waiting, self._undelivered = self._undelivered, deque(maxlen=MOST_PDUS)
        for system_id, fields, tlvs in waiting:
            if system_id == connection.system_id and self._nursery is not None:
                self._nursery.start_soon(self._send_to, system_id, fields, tlvs)
            else:
                self._undelivered.append((system_id, fields, tlvs))

    async def tell(self) -> None:
        """Make everybody in ``wait_for`` look at their condition again."""
        async with self._changed:
            self._changed.notify_all()

    # Connections.

    def _connection(self, stream: trio.SocketStream) -> Connection:
        connection = Connection(len(self.connections), stream, self._note)
        self.connections.append(connection)
        return connection

    async def _talk(self, stream: trio.SocketStream) -> None:
        await self._run(self._connection(stream))

    async def _run(self, connection: Connection) -> None:
        try:
            await connection.run(self._serve)
        finally:
            with trio.CancelScope(shield=True):
                await self.tell()

    async def _serve(self, connection: Connection, frame: bytes, nursery: trio.Nursery) -> None:
        await self._operations.serve(connection, frame, nursery)
        await self.tell()

    def _note(self, connection: int, direction: Any, frame: bytes) -> None:
        self._pdus += 1
        seen = Seen(self._pdus, time.time(), connection, direction, frame)
        self.pdus.append(seen)
        self._on_seen(seen)


def _addresses(source: Address, destination: Address) -> dict[str, Any]:
    return {
        "source_addr_ton": source.ton,
        "source_addr_npi": source.npi,
        "source_addr": source.digits,
        "dest_addr_ton": destination.ton,
        "dest_addr_npi": destination.npi,
        "destination_addr": destination.digits,
    }
