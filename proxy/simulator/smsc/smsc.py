"""The simulated SMSC: it serves ESMEs as the specification says, remembers everything, and does what it is told to.

It runs under trio; ``proxy.simulator.running`` runs it in a thread for callers without an event loop.
"""

from __future__ import annotations

import ssl
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Any

import trio

from proxy.net.tls import Stream
from proxy.simulator.smsc.accounts import Accounts
from proxy.simulator.smsc.connection import Connection, Seen
from proxy.simulator.smsc.faults import Faults
from proxy.simulator.smsc.lives import Lives, addresses
from proxy.simulator.smsc.messages import FromHandset, Message, State, outcome_for, text_of
from proxy.simulator.smsc.operations import Operations
from proxy.simulator.smsc.scenario import Scenario
from proxy.smpp import fields as pdus
from proxy.smpp import pdu
from proxy.smpp.fields import Parsed
from proxy.smpp.message import Tlv
from proxy.smpp.pdu import Address

MOST_PDUS = 200_000
"""PDUs and messages that are remembered; the oldest go first."""

SUBMITS = ("submit_sm", "submit_multi", "data_sm")


class NobodyBound(LookupError):
    """Nobody who could be delivered to is bound; the message says who was looked for."""


class Smsc:
    """One SMSC with all its connections and messages. ``on_seen`` is called with each PDU, both ways."""

    def __init__(
        self,
        on_seen: Callable[[Seen], None] = lambda _: None,
        scenario: Scenario | None = None,
        tell_of: Callable[[str], None] = lambda _: None,
    ) -> None:
        """``tell_of`` is called with a line for each connection that begins or ends."""
        self.pdus: deque[Seen] = deque(maxlen=MOST_PDUS)
        """Every PDU of every connection, both ways, in order."""
        self.stored: dict[str, Message] = {}
        """Messages by their message_id."""
        self.from_handsets: deque[FromHandset] = deque(maxlen=MOST_PDUS)
        """Messages from handsets that were delivered."""
        self.connections: list[Connection] = []
        self.faults = Faults()
        self.address = ("", 0)
        """Where it listens."""
        self.is_tls = False
        self._on_seen = on_seen
        self._tell_of = tell_of
        self._pdus = 0
        self._messages = 0
        self._texts = 0
        self._changed = trio.Condition()
        self._nursery: trio.Nursery | None = None
        self._lives = Lives(self.receivers, self.tell, MOST_PDUS)
        self._used: dict[bytes, tuple[int, str]] = {}
        """Who sent last from each business number: the connection and the system_id."""
        self.play(scenario or Scenario())

    def play(self, scenario: Scenario) -> None:
        """Use the accounts, outcomes and faults of this scenario, instead of those before."""
        self.scenario = scenario
        self._draw = Random(scenario.seed)
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
        self._lives.forget()
        self._used.clear()
        self.play(self.scenario)
        await self.tell()

    async def serve(
        self,
        host: str,
        port: int,
        tls: ssl.SSLContext | None = None,
        task_status: trio.TaskStatus[tuple[str, int]] = trio.TASK_STATUS_IGNORED,
    ) -> None:
        """Listen until cancelled, with ``tls`` for TLS only; the address that it really listens on is the task's value.

        Raises ``OSError``.
        """
        listeners = await trio.open_tcp_listeners(port, host=host)
        async with trio.open_nursery() as nursery:
            self._nursery = nursery
            self.address, self.is_tls = listeners[0].socket.getsockname()[:2], tls is not None
            task_status.started(self.address)
            if tls is None:
                await trio.serve_listeners(self._talk, listeners, handler_nursery=nursery)
            else:
                secure = [trio.SSLListener(each, tls, https_compatible=True) for each in listeners]
                await trio.serve_listeners(self._talk, secure, handler_nursery=nursery)

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
        system_id: str = "",
    ) -> int:
        """Deliver a message from a handset; returns the answer's status.

        ``fields`` are further parameters of the deliver_sm. It goes to whom ``receiver_for`` names, or to this
        ``system_id``. Raises ``NobodyBound``, or ``Lost`` when the connection ends first.
        """
        connection = self.receiver_for(destination, system_id)
        said = {
            **addresses(source, destination),
            "esm_class": esm_class,
            "data_coding": data_coding,
            "short_message": text,
            **(fields or {}),
        }
        words, part = text_of(pdus.write("deliver_sm", said, parameters))
        sender, recipient = source.digits.decode("latin-1"), destination.digits.decode("latin-1")
        status = "no answer"
        begun = time.time()
        try:
            answer = await connection.request("deliver_sm", said, parameters)
            status = pdu.status_name(answer.status)
        finally:
            self._texts += 1
            to = connection.system_id
            self.from_handsets.append(FromHandset(self._texts, begun, sender, recipient, words, part, status, to))
            with trio.CancelScope(shield=True):
                await self.tell()
        return answer.status

    def receiver_for(self, destination: Address, system_id: str = "") -> Connection:
        """Who gets a message to this business number; raises ``NobodyBound``.

        The session that sent from that number last, or another of its account; else one whose bind has an
        address_range that matches; else the first that can receive. With a ``system_id``, one of that account.
        """
        receivers = self.receivers(system_id or None)
        if not receivers:
            raise NobodyBound(f"{system_id or 'no ESME'} is{' not' * bool(system_id)} bound as receiver or transceiver")
        number, account = self._used.get(destination.digits, (-1, ""))

        def rank(connection: Connection) -> int:
            if connection.number == number:
                return 0
            if account and connection.system_id == account:
                return 1
            return 2 if connection.serves(destination) else 3

        return min(receivers, key=rank)

    async def request(self, command: str, fields: Mapping[str, Any], tlvs: Sequence[Tlv] = ()) -> Parsed:
        """Send a request over any receiving connection, and its answer; raises like ``deliver``."""
        connection = next(iter(self.receivers()), None)
        if connection is None:
            raise NobodyBound("no ESME is bound as receiver or transceiver")
        return await connection.request(command, fields, tlvs)

    def accept(self, message: Message, connection: int) -> None:
        """Store a new message that came over this connection, and start to do with it what the scenario says."""
        self._used[message.source.digits] = connection, message.system_id
        self._messages += 1
        message.number = self._messages
        self.stored[message.id] = message
        if len(self.stored) > MOST_PDUS:
            del self.stored[next(iter(self.stored))]
        outcome = outcome_for(message.destination.digits.decode("latin-1"), self.scenario.outcome, self._draw.random())
        is_plain = message.deliver_at <= message.submitted_at and not outcome.delay and not message.registered_delivery
        if is_plain and outcome.final is State.DELIVERED:
            message.state, message.done_at = State.DELIVERED, message.submitted_at
        elif self._nursery is not None:
            self._nursery.start_soon(self._lives.live, message, outcome)

    async def deliver_waiting(self, connection: Connection) -> None:
        """Start to deliver the reports that waited for a receiver of this connection's account."""
        if self._nursery is not None:
            self._lives.deliver_waiting(connection, self._nursery)

    async def tell(self) -> None:
        """Make everybody in ``wait_for`` look at their condition again."""
        async with self._changed:
            self._changed.notify_all()

    # Connections.

    def _connection(self, stream: Stream) -> Connection:
        connection = Connection(len(self.connections), stream, self._note)
        self.connections.append(connection)
        return connection

    async def _talk(self, stream: Stream) -> None:
        await self._run(self._connection(stream))

    async def _run(self, connection: Connection) -> None:
        self._tell_of(f"#{connection.number} connected from {connection.peer}")
        try:
            await connection.run(self._serve)
        finally:
            who = f" {connection.system_id}" if connection.system_id else ""
            self._tell_of(f"#{connection.number}{who} is over: {connection.ended_by}")
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
