"""A simulated SMSC: it serves ESMEs as the specification says, remembers all, and does what it is told to.

Runs under trio; ``running`` runs it in a thread of its own for callers without an event loop.
"""

from __future__ import annotations

import math
import secrets
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from queue import Queue
from threading import Thread
from typing import Any, NamedTuple

import trio

from proxy.simulator.smsc.accounts import Accounts
from proxy.simulator.smsc.connection import Connection, Lost, Seen
from proxy.simulator.smsc.faults import Faults
from proxy.simulator.smsc.messages import INTERMEDIATE, RECEIPT, Message, State, outcome_for, read_words
from proxy.simulator.smsc.operations import Operations
from proxy.simulator.smsc.scenario import Scenario
from proxy.smpp import fields as pdus
from proxy.smpp import pdu
from proxy.smpp.fields import Parsed
from proxy.smpp.pdu import Address, Tlv
from proxy.smpp.text import Part

MOST_PDUS = 200_000
"""PDUs and messages that are remembered; the oldest go first."""

SUBMITS = ("submit_sm", "submit_multi", "data_sm")


class Heard(NamedTuple):
    """A message that was delivered from a handset, and how the ESME answered."""

    number: int
    time: float
    source: str
    destination: str
    text: str
    part: Part | None
    status: str


class Smsc:
    """The SMSC. ``on_seen`` is told of each PDU, both ways."""

    def __init__(self, on_seen: Callable[[Seen], None] = lambda _: None, scenario: Scenario | None = None) -> None:
        self.pdus: deque[Seen] = deque(maxlen=MOST_PDUS)
        """Every PDU of every connection, both ways, in order."""
        self.stored: dict[str, Message] = {}
        """Messages by their message_id."""
        self.heard: deque[Heard] = deque(maxlen=MOST_PDUS)
        """Messages from handsets that were delivered."""
        self.connections: list[Connection] = []
        self.faults = Faults()
        self._on_seen = on_seen
        self._pdus = 0
        self._changed = trio.Condition()
        self._nursery: trio.Nursery | None = None
        self._undelivered: deque[tuple[str, dict[str, Any], tuple[Tlv, ...]]] = deque(maxlen=MOST_PDUS)
        self.play(scenario or Scenario())

    def play(self, scenario: Scenario) -> None:
        """Have these accounts, outcomes and faults, and no others."""
        self.scenario = scenario
        self.operations = Operations(self, Accounts(scenario.account))
        self.faults.clear()
        self.faults.set_all(scenario.fault, time.monotonic())

    async def reset(self) -> None:
        """Forget everything and close all connections; the scenario begins anew."""
        for connection in self.connections:
            if not connection.is_over:
                await connection.close()
        self.pdus.clear()
        self.stored.clear()
        self.heard.clear()
        self._undelivered.clear()
        self.play(self.scenario)
        await self.tell()

    async def serve(
        self, host: str, port: int, task_status: trio.TaskStatus[tuple[str, int]] = trio.TASK_STATUS_IGNORED
    ) -> None:
        """Listen until cancelled; the address that it really listens on is the task's value."""
        async with trio.open_nursery() as nursery:
            self._nursery = nursery
            listeners = await trio.open_tcp_listeners(port, host=host)
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

    @property
    def seen(self) -> list[Seen]:
        """Every PDU that came in, in order."""
        return [seen for seen in self.pdus if seen.direction == "in"]

    def messages(self) -> list[Seen]:
        """The submits that came in so far."""
        return [seen for seen in self.seen if seen.command in SUBMITS]

    async def wait_for(self, condition: Callable[[Smsc], bool]) -> None:
        """Return when the condition holds; it is looked at whenever something came or went."""
        async with self._changed:
            while not condition(self):
                await self._changed.wait()

    def receivers(self, system_id: str | None = None) -> list[Connection]:
        """The connections that are bound to receive messages, of one account if it is named."""
        return [c for c in self.connections if c.can_receive and system_id in (None, c.system_id)]

    def bound(self, system_id: str) -> int:
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
        words, part = read_words(pdus.write("deliver_sm", said, parameters))
        number = self.heard[-1].number + 1 if self.heard else 1
        sender, recipient = source.digits.decode("latin-1"), destination.digits.decode("latin-1")
        self.heard.append(Heard(number, time.time(), sender, recipient, words, part, pdu.status_name(answer.status)))
        await self.tell()
        return answer.status

    async def request(self, command: str, fields: Mapping[str, Any], tlvs: Sequence[Tlv] = ()) -> Parsed:
        """Send a request over any receiving connection, and its answer; raises like ``deliver``."""
        connection = next(iter(self.receivers()), None)
        if connection is None:
            raise LookupError("no ESME is bound as receiver or transceiver")
        return await connection.request(command, fields, tlvs)

    def accept(self, message: Message) -> None:
        """Take a message on: it is on its way from now."""
        message.number = len(self.stored) + 1
        self.stored[message.id] = message
        if len(self.stored) > MOST_PDUS:
            del self.stored[next(iter(self.stored))]
        outcome = outcome_for(message.destination.digits.decode("latin-1"), self.scenario.outcome)
        is_plain = message.deliver_at <= message.submitted_at and not outcome.delay and not message.registered_delivery
        if is_plain and outcome.final is State.DELIVERED:
            message.state, message.done_at = State.DELIVERED, message.submitted_at
        elif self._nursery is not None:
            self._nursery.start_soon(self._live, message, outcome.final, outcome.delay, outcome.error)

    def next_id(self) -> str:
        """A message_id that there was none of."""
        return secrets.token_hex(8)

    async def _live(self, message: Message, final: State, delay: float, error: int) -> None:
        """A message's way to its end, with the reports that its ESME wants."""
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
        """Deliver to a receiver of this account, or when there is one."""
        for connection in self.receivers(system_id):
            with suppress(Lost):
                await connection.request("deliver_sm", fields, tlvs)
                return
        self._undelivered.append((system_id, fields, tlvs))

    async def bound_now(self, connection: Connection) -> None:
        """A connection can receive: give it what waited for its account."""
        waiting, self._undelivered = self._undelivered, deque(maxlen=MOST_PDUS)
        for system_id, fields, tlvs in waiting:
            if system_id == connection.system_id and self._nursery is not None:
                self._nursery.start_soon(self._send_to, system_id, fields, tlvs)
            else:
                self._undelivered.append((system_id, fields, tlvs))

    async def tell(self) -> None:
        """Have everybody who waits look again."""
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
        await self.operations.serve(connection, frame, nursery)
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


class Running(NamedTuple):
    """A simulator in a thread: its address, and its methods for callers without an event loop."""

    smsc: Smsc
    host: str
    port: int
    token: trio.lowlevel.TrioToken
    control: tuple[str, int] | None = None
    """Where the control API and the handsets are, if they were asked for."""

    def deliver(self, source: Address, destination: Address, text: bytes, **more: Any) -> int:
        """``Smsc.deliver``, when somebody is bound to receive; ``trio.TooSlowError`` after ten seconds."""

        async def deliver() -> int:
            await self.smsc.wait_for(lambda smsc: bool(smsc.receivers()))
            return await self.smsc.deliver(source, destination, text, **more)

        status: int = self._call(deliver)
        return status

    def wait_for(self, condition: Callable[[Smsc], bool]) -> None:
        """``Smsc.wait_for``; ``trio.TooSlowError`` after ten seconds."""
        self._call(lambda: self.smsc.wait_for(condition))

    def reset(self) -> None:
        """``Smsc.reset``."""
        self._call(self.smsc.reset)

    def play(self, scenario: Scenario) -> None:
        """``Smsc.play``."""
        trio.from_thread.run_sync(self.smsc.play, scenario, trio_token=self.token)

    def _call(self, function: Callable[[], Any]) -> Any:
        async def call() -> Any:
            with trio.fail_after(10):
                return await function()

        return trio.from_thread.run(call, trio_token=self.token)


@contextmanager
def running(
    host: str = "127.0.0.1", port: int = 0, scenario: Scenario | None = None, *, control_port: int | None = None
) -> Iterator[Running]:
    """Run a simulator in a thread while the context lasts; raises ``OSError`` if a port is taken.

    With a ``control_port`` (0 is any) the control API and the handsets are served there.
    """
    started: Queue[Running | Exception] = Queue()
    scope = trio.CancelScope()

    async def main() -> None:
        smsc = Smsc(scenario=scenario)
        with scope:
            async with trio.open_nursery() as nursery:
                bound_host, bound_port = await nursery.start(smsc.serve, host, port)
                control = None
                if control_port is not None:
                    from proxy.simulator.handsets.control import serve

                    control = await nursery.start(serve, smsc, host, control_port)
                started.put(Running(smsc, bound_host, bound_port, trio.lowlevel.current_trio_token(), control))

    def run() -> None:
        try:
            trio.run(main)
        except* OSError as errors:
            started.put(errors.exceptions[0])

    thread = Thread(target=run, name="simulator", daemon=True)
    thread.start()
    outcome = started.get()
    if isinstance(outcome, Exception):
        raise outcome
    try:
        yield outcome
    finally:
        outcome.token.run_sync_soon(scope.cancel)
        thread.join()


def print_seen(seen: Seen) -> None:
    """A line for a PDU: when, over which connection, which way, and what it says."""
    _, _, status, sequence = pdu.HEADER.unpack_from(seen.frame)
    when = time.strftime("%H:%M:%S", time.gmtime(seen.time)) + f".{int(seen.time % 1 * 1000):03}"
    said = [when, f"#{seen.connection}", "->" if seen.direction == "in" else "<-", seen.command, f"seq {sequence}"]
    if status:
        said.append(pdu.status_name(status))
    with suppress(pdu.PduError):
        if seen.command in ("submit_sm", "deliver_sm", "data_sm"):
            source, destination = (address.digits.decode("latin-1") for address in seen.addresses())
            said.append(f"{source} to {destination}: {read_words(seen.frame)[0]!r}")
        elif seen.command.startswith("bind_") and not seen.command.endswith("_resp"):
            said.append(pdu.system_id(seen.frame, 0, len(seen.frame)))
    print(" ".join(said), flush=True)
