"""An exam for SMPP clients: whatever binds is put through what real SMSCs do, and watched.

The client is expected to keep sending (a message or more a second) and to come back when its connection ends. What it
gave no chance to see is ``not seen``, not failed.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Literal, NamedTuple
from xml.etree import ElementTree as ET

import trio
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from proxy.simulator.smsc.connection import Connection, Lost, Seen
from proxy.simulator.smsc.faults import Action, Fault
from proxy.simulator.smsc.smsc import SUBMITS, Smsc
from proxy.smpp import pdu, write
from proxy.smpp.pdu import TAG_MESSAGE_PAYLOAD, Tlv

Verdict = Literal["pass", "fail", "not seen"]

ENOUGH = 3
"""Messages that show that a client goes on: one or two may have been under way already."""

SHOWN = 6
"""PDUs that are kept as evidence of one behaviour."""

A, B = write.address("15551230001"), write.address("15559870001")


class Result(NamedTuple):
    """One behaviour: how it went, what was seen, and the PDUs that show it."""

    name: str
    verdict: Verdict
    detail: str
    evidence: tuple[str, ...] = ()


class NotSeen(Exception):
    """The client gave no chance to see it."""


class Exam:
    """Examines the clients of one simulator. ``patience`` is how long a reaction is waited for, in seconds."""

    def __init__(self, smsc: Smsc, patience: float = 15.0) -> None:
        self._smsc = smsc
        self._patience = patience
        self.results: list[Result] = []

    async def run(self, tell: Callable[[str], None] = lambda _: None) -> list[Result]:
        """Wait for a client to bind, put it through everything, and say how it went.

        ``results`` has what is known so far, whatever ends this.
        """
        await self._smsc.wait_for(lambda smsc: any(c.bind and not c.is_over for c in smsc.connections))
        results = self.results
        for check in self._checks():
            mark = self._mark()
            name = (check.__doc__ or "").rstrip(".")
            try:
                verdict, detail = await check()
            except NotSeen as reason:
                verdict, detail = "not seen", str(reason)
            self._smsc.faults.clear()
            evidence = _evidence(self._since(mark))
            results.append(Result(name, verdict, detail, evidence))
            tell(f"{verdict:>8}  {name}: {detail}")
        return results

    def _checks(self) -> Sequence[Callable[[], Awaitable[tuple[Verdict, str]]]]:
        return (
            self._sends, self._answers_enquire_link, self._answers_deliver_sm, self._answers_payload,
            self._answers_strange_deliver, self._survives_alert, self._survives_tlvs, self._survives_commands,
            self._survives_duplicates, self._survives_wrong_sequence, self._survives_pieces, self._survives_order,
            self._keeps_its_window, self._survives_lost_answers, self._backs_off, self._retries_throttled,
            self._answers_unbind, self._reconnects, self._spaces_its_binds, self._notices_silence,
        )  # fmt: skip

    # Behaviours; the first line of each docstring is its name in the report.

    async def _sends(self) -> tuple[Verdict, str]:
        """Binds and sends messages."""
        connection = await self._bound()
        if await self._submits_on(connection, self._mark(), self._patience):
            return "pass", f"bound as {connection.bind}, interface_version 0x{connection.version:02X}"
        raise NotSeen("it is bound and sends nothing; what needs traffic can't be seen")

    async def _answers_enquire_link(self) -> tuple[Verdict, str]:
        """Answers enquire_link."""
        return await self._asked("enquire_link", {})

    async def _answers_deliver_sm(self) -> tuple[Verdict, str]:
        """Answers deliver_sm."""
        return await self._delivered(b"hello")

    async def _answers_payload(self) -> tuple[Verdict, str]:
        """Answers a deliver_sm with its text in message_payload."""
        return await self._delivered(b"", tlvs=(Tlv(TAG_MESSAGE_PAYLOAD, b"x" * 300),))

    async def _answers_strange_deliver(self) -> tuple[Verdict, str]:
        """Answers a deliver_sm with TLVs and a data_coding that nobody knows."""
        return await self._delivered(b"\xff\xfe", data_coding=0xBF, tlvs=(Tlv(0x3FFE, b"vendor"), Tlv(0x0FFF, b"")))

    async def _survives_alert(self) -> tuple[Verdict, str]:
        """Goes on after an alert_notification."""
        connection = await self._bound()
        await connection.notify("alert_notification", {"source_addr": B.digits, "esme_addr": A.digits})
        return await self._goes_on(connection, self._mark())

    async def _survives_tlvs(self) -> tuple[Verdict, str]:
        """Goes on after an answer with a TLV that nobody knows."""
        return await self._met("add_tlv")

    async def _survives_commands(self) -> tuple[Verdict, str]:
        """Goes on after a request with a command_id that nobody knows."""
        mark = self._mark()
        verdict, detail = await self._met("unknown_command")
        nacked = any(seen.command == "generic_nack" and seen.direction == "in" for seen in self._since(mark))
        return verdict, detail + (", and answered it with generic_nack" if nacked else ", and did not answer it")

    async def _survives_duplicates(self) -> tuple[Verdict, str]:
        """Goes on after an answer that comes twice."""
        return await self._met("duplicate")

    async def _survives_wrong_sequence(self) -> tuple[Verdict, str]:
        """Goes on after an answer to a sequence_number that it never used."""
        return await self._met("wrong_sequence")

    async def _survives_pieces(self) -> tuple[Verdict, str]:
        """Goes on after an answer that comes an octet at a time."""
        return await self._met("split")

    async def _survives_order(self) -> tuple[Verdict, str]:
        """Goes on after answers in the reverse order."""
        connection = await self._bound()
        mark = self._mark()
        self._smsc.faults.set(Fault(action="shuffle", hold=2, count=2), time.monotonic())
        await self._until(lambda: self._met_count() >= 2, self._patience)
        if self._met_count() < 2:
            await connection.flush()
            raise NotSeen("it waits for each answer before it sends on, so none can overtake another")
        return await self._goes_on(connection, mark)

    async def _keeps_its_window(self) -> tuple[Verdict, str]:
        """Stops sending when nothing is answered."""
        connection = await self._bound()
        mark = self._mark()
        self._smsc.faults.set(Fault(action="silence", command="submit_*"), time.monotonic())
        await trio.sleep(self._patience / 3)
        before = self._count_on(connection, mark)
        await trio.sleep(self._patience / 3)
        after = self._count_on(connection, mark)
        if not before:
            raise NotSeen("it sent nothing meanwhile")
        if after > before and not connection.is_over:
            return "fail", f"{after} requests without an answer, and it goes on"
        return "pass", f"at most {after} requests without an answer"

    async def _survives_lost_answers(self) -> tuple[Verdict, str]:
        """Goes on after answers that never came."""
        mark = self._mark()
        if await self._until(lambda: self._submits(mark) > 0, 2 * self._patience):
            return "pass", "it sends again"
        return "fail", f"nothing in {2 * self._patience:g} s: its window is used up by answers that never came"

    async def _backs_off(self) -> tuple[Verdict, str]:
        """Slows down when it is throttled."""
        await self._bound()
        span = self._patience / 3
        mark = self._mark()
        await trio.sleep(span)
        before = self._submits(mark)
        if not before:
            raise NotSeen("it sent nothing to be throttled")
        self._smsc.faults.set(Fault(action="status", status="ESME_RTHROTTLED", command="submit_*"), time.monotonic())
        await trio.sleep(span)
        mark = self._mark()
        await trio.sleep(span)
        during = self._submits(mark)
        detail = f"{before / span:.1f} messages a second before, {during / span:.1f} while all were throttled"
        return ("pass" if during <= max(before / 2, 1) else "fail"), detail

    async def _retries_throttled(self) -> tuple[Verdict, str]:
        """Sends throttled messages again."""
        await self._bound()
        mark = self._mark()
        self._smsc.faults.set(Fault(action="status", status="ESME_RTHROTTLED", count=1), time.monotonic())
        if not await self._until(lambda: self._met_count() == 1, self._patience):
            raise NotSeen("it sent nothing to be throttled")
        first = next(seen for seen in self._since(mark) if seen.command == "submit_sm" and seen.direction == "in")
        bodies = [seen.frame[16:] for seen in self._smsc.pdus if seen.command == "submit_sm"]
        if len(set(bodies)) < len(bodies) / 3:
            raise NotSeen("its messages are all alike; have each say something else")

        def again() -> bool:
            return any(seen.frame[16:] == first.frame[16:] for seen in self._since(first.number))

        if await self._until(again, self._patience):
            return "pass", "the same message came again"
        return "fail", "the message never came again"

    async def _answers_unbind(self) -> tuple[Verdict, str]:
        """Answers unbind."""
        connection = await self._bound()
        with trio.move_on_after(self._patience):
            try:
                answer = await connection.request("unbind")
            except Lost:
                return "fail", "it closed the connection without an answer"
            await connection.close()
            return "pass", pdu.status_name(answer.status)
        await connection.close()
        return "fail", f"no answer in {self._patience:g} s"

    async def _reconnects(self) -> tuple[Verdict, str]:
        """Comes back after its connection was reset."""
        connection = await self._bound()
        connections = len(self._smsc.connections)
        begun = trio.current_time()
        connection.reset()
        if not await self._until(lambda: len(self._smsc.connections) > connections, 2 * self._patience):
            return "fail", f"no connection in {2 * self._patience:g} s"
        return "pass", f"after {trio.current_time() - begun:.1f} s"

    async def _spaces_its_binds(self) -> tuple[Verdict, str]:
        """Waits between binds that are refused."""
        connection = await self._bound()
        self._smsc.faults.set(Fault(action="status", status="ESME_RBINDFAIL", command="bind_*"), time.monotonic())
        mark = self._mark()
        connection.reset()
        await self._until(lambda: len(self._binds(mark)) >= 4, 2 * self._patience)
        times = [seen.time for seen in self._binds(mark)]
        if len(times) < 2:
            raise NotSeen("it did not try again")
        gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
        shown = ", ".join(f"{gap:.1f}" for gap in gaps)
        return ("pass" if min(gaps) >= 0.3 else "fail"), f"{shown} s between them"

    async def _notices_silence(self) -> tuple[Verdict, str]:
        """Notices a connection on which nothing is answered any more."""
        connection = await self._bound()
        mark, connections = self._mark(), len(self._smsc.connections)
        self._smsc.faults.set(Fault(action="silence", command="*", system_id="*"), time.monotonic())

        def noticed() -> bool:
            asked = any(s.command == "enquire_link" and s.direction == "in" for s in self._since(mark))
            return asked or connection.is_over or len(self._smsc.connections) > connections

        if await self._until(noticed, 4 * self._patience):
            return "pass", "it asked with enquire_link, or connected anew"
        return "fail", f"neither an enquire_link nor a new connection in {4 * self._patience:g} s"

    # Means.

    async def _bound(self) -> Connection:
        """The newest bound connection, waiting for the client to come back if need be."""

        def bound() -> list[Connection]:
            return [c for c in self._smsc.connections if c.bind and not c.is_over]

        if not await self._until(lambda: bool(bound()), 4 * self._patience):
            raise NotSeen(f"no client was bound for {4 * self._patience:g} s")
        return bound()[-1]

    async def _met(self, action: Action) -> tuple[Verdict, str]:
        """Do this to one answer, and see whether the client goes on."""
        connection = await self._bound()
        self._smsc.faults.set(Fault(action=action, count=1), time.monotonic())
        if not await self._until(lambda: self._met_count() >= 1, self._patience):
            raise NotSeen("it sent nothing")
        return await self._goes_on(connection, self._mark())

    async def _goes_on(self, connection: Connection, mark: int) -> tuple[Verdict, str]:
        if await self._until(lambda: self._count_on(connection, mark) >= ENOUGH, 2 * self._patience):
            return "pass", "it goes on"
        if connection.is_over:
            return "fail", "it ended the connection"
        return "fail", f"it sends nothing more in {2 * self._patience:g} s"

    async def _asked(self, command: str, fields: dict[str, object], tlvs: Sequence[Tlv] = ()) -> tuple[Verdict, str]:
        connection = await self._bound()
        with trio.move_on_after(self._patience):
            try:
                answer = await connection.request(command, fields, tlvs)
            except Lost:
                return "fail", "it ended the connection"
            return "pass", pdu.status_name(answer.status)
        return "fail", f"no answer in {self._patience:g} s"

    async def _delivered(self, text: bytes, *, data_coding: int = 0, tlvs: Sequence[Tlv] = ()) -> tuple[Verdict, str]:
        connection = await self._bound()
        if not connection.can_receive:
            raise NotSeen(f"it is bound as {connection.bind}")
        fields = {"source_addr_ton": 1, "source_addr": B.digits, "destination_addr": A.digits, "short_message": text}
        return await self._asked("deliver_sm", {**fields, "data_coding": data_coding}, tlvs)

    async def _submits_on(self, connection: Connection, mark: int, seconds: float) -> bool:
        return await self._until(lambda: self._count_on(connection, mark) > 0, seconds)

    async def _until(self, condition: Callable[[], bool], seconds: float) -> bool:
        with trio.move_on_after(seconds):
            await self._smsc.wait_for(lambda _: condition())
            return True
        return condition()

    def _mark(self) -> int:
        return self._smsc.pdus[-1].number if self._smsc.pdus else 0

    def _since(self, mark: int) -> list[Seen]:
        newer = []
        for seen in reversed(self._smsc.pdus):
            if seen.number <= mark:
                break
            newer.append(seen)
        return newer[::-1]

    def _submits(self, mark: int) -> int:
        return sum(seen.direction == "in" and seen.command in SUBMITS for seen in self._since(mark))

    def _count_on(self, connection: Connection, mark: int) -> int:
        return sum(
            seen.direction == "in" and seen.command in SUBMITS and seen.connection == connection.number
            for seen in self._since(mark)
        )

    def _binds(self, mark: int) -> list[Seen]:
        return [s for s in self._since(mark) if s.direction == "in" and s.command in ("bind_transmitter",
                "bind_receiver", "bind_transceiver")]  # fmt: skip

    def _met_count(self) -> int:
        return sum(armed.met for armed in self._smsc.faults.armed)


def _evidence(pdus: Sequence[Seen]) -> tuple[str, ...]:
    """The first PDUs that are not ordinary traffic; where all is, the last of it."""
    notable = [seen for seen in pdus if seen.command not in ("submit_sm", "submit_sm_resp") or any(seen.frame[8:12])]
    return tuple(map(_line, notable[:SHOWN] or pdus[-SHOWN:]))


def _line(seen: Seen) -> str:
    _, _, status, sequence = pdu.HEADER.unpack_from(seen.frame)
    when = time.strftime("%H:%M:%S", time.gmtime(seen.time)) + f".{int(seen.time % 1 * 1000):03}"
    said = f" {pdu.status_name(status)}" if status else ""
    return f"{when} {'->' if seen.direction == 'in' else '<-'} {seen.command} #{sequence}{said}"


def show(results: Sequence[Result], console: Console | None = None) -> None:
    """Print the report."""
    console = console or Console()
    colours = {"pass": "green", "fail": "red", "not seen": "yellow"}
    table = Table("behaviour", "verdict", "what was seen")
    for result in results:
        colour = colours[result.verdict]
        table.add_row(result.name, f"[{colour}]{result.verdict}[/]", escape(result.detail))
    console.print(table)
    for result in results:
        if result.verdict == "fail":
            console.print(f"[bold]{result.name}[/]")
            for line in result.evidence:
                console.print(f"  {line}", highlight=False)
    counts = {verdict: sum(result.verdict == verdict for result in results) for verdict in colours}
    console.print(", ".join(f"{count} {verdict}" for verdict, count in counts.items()))


def junit_xml(results: Sequence[Result]) -> str:
    """The report as JUnit XML, for CI: not seen is skipped."""
    failures, skipped = (sum(r.verdict == verdict for r in results) for verdict in ("fail", "not seen"))
    suite = ET.Element(
        "testsuite",
        name="SMPP client",
        tests=str(len(results)),
        failures=str(failures),
        skipped=str(skipped),
        errors="0",
    )
    for result in results:
        case = ET.SubElement(suite, "testcase", classname="smpp.exam", name=result.name)
        if result.verdict == "fail":
            ET.SubElement(case, "failure", message=result.detail).text = "\n".join(result.evidence)
        elif result.verdict == "not seen":
            ET.SubElement(case, "skipped", message=result.detail)
        ET.SubElement(case, "system-out").text = "\n".join((result.detail, *result.evidence))
    ET.indent(suite)
    return ET.tostring(suite, "unicode", xml_declaration=True) + "\n"
