"""The client under examination, as the SMSC sees it: it is waited for, asked, treated badly, and watched."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

import trio

from proxy.simulator.smsc.connection import Connection, Lost, Seen
from proxy.simulator.smsc.faults import FaultRule
from proxy.simulator.smsc.smsc import SUBMITS, Smsc
from proxy.smpp import pdu, write
from proxy.smpp.message import Tlv

Verdict = Literal["pass", "fail", "not seen"]

Finding = tuple[Verdict, str]
"""A verdict, and what was seen."""

SHOWN = 6
"""PDUs that are kept as evidence of one behaviour."""

ENOUGH = 3
"""Messages that show that a client goes on: one or two may have been under way already."""

BUSINESS, CONSUMER = write.address("15551230001"), write.address("15559870001")


class NotSeen(Exception):
    """The client gave no chance to see it."""


class Client:
    """The client that is bound to this SMSC. ``patience`` is how long a reaction is waited for, in seconds.

    A mark is a moment in the traffic: the number of the newest PDU then.
    """

    def __init__(self, smsc: Smsc, patience: float) -> None:
        self.smsc = smsc
        self.patience = patience
        self.evidence: list[Seen] = []
        """The PDUs that show how the last behaviour went."""
        self._answers_links = False
        """Whether it has ever answered an enquire_link, so that one without an answer says something."""

    # What is done to it.

    async def bound(self) -> Connection:
        """The newest bound connection; raises ``NotSeen`` if the client doesn't come back in time."""

        def found() -> list[Connection]:
            return [c for c in self.smsc.connections if c.bind and not c.is_over]

        if not await self.until(lambda: bool(found()), 4 * self.patience):
            raise NotSeen(f"no client was bound for {4 * self.patience:g} s")
        return found()[-1]

    def meets(self, fault: FaultRule) -> None:
        """Do this to its requests from now."""
        self.smsc.faults.set(fault, time.monotonic())

    async def survives(self, fault: FaultRule) -> Finding:
        """Do this to one answer, and see whether the client goes on; raises ``NotSeen``."""
        connection = await self.bound()
        begun = self.mark()
        self.meets(fault)
        if not await self.until(lambda: self.met() >= 1, self.patience):
            raise NotSeen("it sent nothing")
        found = await self.goes_on(connection, self.mark())
        met = self.smsc.faults.armed[-1].last_met
        self.shows(begun, lambda seen: seen.direction == "in" and seen.sequence == met and seen.command in SUBMITS)
        return found

    async def goes_on(self, connection: Connection, mark: int) -> Finding:
        """Whether it sends more messages over this connection."""
        if await self.until(lambda: self.submits(mark, connection) >= ENOUGH, 2 * self.patience):
            if self._answers_links and not await self._still_reads(connection):
                return (
                    "fail",
                    f"it sends on, and reads nothing more: no answer to an enquire_link in {self.patience:g} s",
                )
            return "pass", "it goes on"
        if connection.is_over:
            return "fail", "it ended the connection"
        return "fail", f"it sends nothing more in {2 * self.patience:g} s"

    async def answers(self, command: str, fields: Mapping[str, Any], tlvs: Sequence[Tlv] = ()) -> Finding:
        """Send it a request, and see whether it answers."""
        connection = await self.bound()
        begun = self.mark()
        try:
            with trio.move_on_after(self.patience):
                try:
                    answer = await connection.request(command, fields, tlvs)
                except Lost:
                    return "fail", "it ended the connection"
                self._answers_links = self._answers_links or command == "enquire_link"
                return "pass", pdu.status_name(answer.status)
            return "fail", f"no answer in {self.patience:g} s"
        finally:
            self.shows(begun, lambda seen: seen.direction == "out" and seen.command == command)

    async def _still_reads(self, connection: Connection) -> bool:
        with trio.move_on_after(self.patience):
            try:
                await connection.request("enquire_link")
            except Lost:
                return False
            return True
        return False

    def shows(self, mark: int, is_it: Callable[[Seen], bool], last: Callable[[Seen], bool] | None = None) -> None:
        """Keep as evidence the first PDU since the mark that ``is_it``, and those behind it, its answer among them.

        With ``last``: the last ones of that kind instead.
        """
        since = self.since(mark)
        if last is not None:
            self.evidence = [seen for seen in since if last(seen)][-SHOWN:]
            return
        at = next((position for position, seen in enumerate(since) if is_it(seen)), None)
        self.evidence = [] if at is None else since[at : at + SHOWN]

    async def answers_delivery(self, text: bytes, *, data_coding: int = 0, tlvs: Sequence[Tlv] = ()) -> Finding:
        """Deliver a message to it, and see whether it answers; raises ``NotSeen`` if it is bound to send only."""
        connection = await self.bound()
        if not connection.can_receive:
            raise NotSeen(f"it is bound as {connection.bind}")
        addresses = {"source_addr_ton": 1, "source_addr": CONSUMER.digits, "destination_addr": BUSINESS.digits}
        return await self.answers("deliver_sm", {**addresses, "short_message": text, "data_coding": data_coding}, tlvs)

    async def until(self, condition: Callable[[], bool], seconds: float) -> bool:
        """Wait for the condition, no longer than this; says whether it holds."""
        with trio.move_on_after(seconds):
            await self.smsc.wait_for(lambda _: condition())
            return True
        return condition()

    # What it did.

    def mark(self) -> int:
        """This moment."""
        return self.smsc.pdus[-1].number if self.smsc.pdus else 0

    def since(self, mark: int) -> list[Seen]:
        """All PDUs since then, both ways, in order."""
        newer = []
        for seen in reversed(self.smsc.pdus):
            if seen.number <= mark:
                break
            newer.append(seen)
        return newer[::-1]

    def sent(self, mark: int) -> list[Seen]:
        """The PDUs that it has sent since then."""
        return [seen for seen in self.since(mark) if seen.direction == "in"]

    def submits(self, mark: int, connection: Connection | None = None) -> int:
        """How many messages it has sent since then, over one connection or over all."""
        return sum(
            seen.command in SUBMITS and (connection is None or seen.connection == connection.number)
            for seen in self.sent(mark)
        )

    def binds(self, mark: int) -> list[Seen]:
        """The binds that it has asked for since then."""
        commands = ("bind_transmitter", "bind_receiver", "bind_transceiver")
        return [seen for seen in self.sent(mark) if seen.command in commands]

    def met(self) -> int:
        """How many of its requests met a fault."""
        return sum(armed.met for armed in self.smsc.faults.armed)
