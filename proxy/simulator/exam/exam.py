"""An exam for SMPP clients: whatever binds is put through what real SMSCs do, and watched.

The client is expected to keep sending (a message or more a second) and to come back when its connection ends. What it
gave no chance to see is ``not seen``, not failed.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple

import trio

from proxy.simulator.exam.client import BUSINESS, CONSUMER, Client, Finding, NotSeen, Verdict
from proxy.simulator.smsc.connection import Lost, Seen
from proxy.simulator.smsc.faults import FaultRule
from proxy.simulator.smsc.printing import brief
from proxy.simulator.smsc.smsc import SUBMITS, Smsc
from proxy.smpp import pdu
from proxy.smpp.message import TAG_MESSAGE_PAYLOAD, Tlv


class Result(NamedTuple):
    """One behaviour: how it went, what was seen, and the PDUs that show it."""

    name: str
    verdict: Verdict
    detail: str
    evidence: tuple[str, ...] = ()


Check = Callable[[], Awaitable[Finding]]


def name_of(check: Check) -> str:
    """What a behaviour is called in the report: the first line of its docstring."""
    return (check.__doc__ or "").rstrip(".")


class Exam:
    """Examines the clients of one simulator. ``patience`` is how long a reaction is waited for, in seconds."""

    def __init__(self, smsc: Smsc, patience: float = 15.0, only: Sequence[str] = ()) -> None:
        """``only``: of the behaviours those that have one of these words in their name; the first is always seen."""
        self._smsc = smsc
        self._client = Client(smsc, patience)
        self._patience = patience
        self._only = only
        self.results: list[Result] = []

    async def run(self, tell: Callable[[str], None] = lambda _: None, first: float = math.inf) -> list[Result]:
        """Wait for a client to bind, examine it, and return the results; ``tell`` is called with a line for each.

        ``trio.TooSlowError`` if none has bound after ``first`` seconds. The attribute ``results`` has those that are
        known so far, also when this is cancelled.
        """
        with trio.fail_after(first):
            await self._smsc.wait_for(lambda smsc: any(c.bind and not c.is_over for c in smsc.connections))
        results = self.results
        for check in self.checks():
            self._client.evidence = []
            name = name_of(check)
            try:
                verdict, detail = await check()
            except NotSeen as reason:
                verdict, detail = "not seen", str(reason)
            self._smsc.faults.clear()
            evidence = tuple(map(brief, self._client.evidence))
            results.append(Result(name, verdict, detail, evidence))
            tell(f"{verdict:>8}  {name}: {detail}")
        return results

    def checks(self) -> Sequence[Check]:
        """What is examined, in order; raises ``LookupError`` if nothing has the words that were asked for."""
        every = self._all()
        wanted = [
            check for check in every if any(words.casefold() in name_of(check).casefold() for words in self._only)
        ]
        if self._only and not wanted:
            names = "\n".join(f"  {name_of(check)}" for check in every)
            raise LookupError(f"the exam has nothing with {' or '.join(self._only)} in its name; it has:\n{names}")
        return list(dict.fromkeys((every[0], *wanted))) if self._only else every

    def _all(self) -> Sequence[Check]:
        return (
            self._sends, self._answers_enquire_link, self._answers_deliver_sm, self._answers_payload,
            self._answers_strange_deliver, self._survives_alert, self._survives_tlvs, self._survives_commands,
            self._survives_duplicates, self._survives_wrong_sequence, self._survives_pieces, self._survives_order,
            self._keeps_its_window, self._survives_lost_answers, self._backs_off, self._retries_throttled,
            self._answers_unbind, self._reconnects, self._spaces_its_binds, self._notices_silence,
        )  # fmt: skip

    # Behaviours; the first line of each docstring is its name in the report.

    async def _sends(self) -> Finding:
        """Binds and sends messages."""
        connection = await self._client.bound()
        mark = self._client.mark()
        if await self._client.until(lambda: self._client.submits(mark, connection) > 0, self._patience):
            return "pass", f"bound as {connection.bind}, interface_version 0x{connection.version:02X}"
        raise NotSeen("it is bound and sends nothing; what needs traffic can't be seen")

    async def _answers_enquire_link(self) -> Finding:
        """Answers enquire_link."""
        return await self._client.answers("enquire_link", {})

    async def _answers_deliver_sm(self) -> Finding:
        """Answers deliver_sm."""
        return await self._client.answers_delivery(b"hello")

    async def _answers_payload(self) -> Finding:
        """Answers a deliver_sm with its text in message_payload."""
        return await self._client.answers_delivery(b"", tlvs=(Tlv(TAG_MESSAGE_PAYLOAD, b"x" * 300),))

    async def _answers_strange_deliver(self) -> Finding:
        """Answers a deliver_sm with TLVs and a data_coding that nobody knows."""
        verdict, detail = await self._client.answers_delivery(
            b"\xff\xfe", data_coding=0xBF, tlvs=(Tlv(0x3FFE, b"vendor"), Tlv(0x0FFF, b""))
        )
        return verdict, f"{detail}; its data_coding was 0xBF, its TLVs 0x3FFE and 0x0FFF, which are to be passed over"

    async def _survives_alert(self) -> Finding:
        """Goes on after an alert_notification."""
        connection = await self._client.bound()
        begun = self._client.mark()
        await connection.notify("alert_notification", {"source_addr": CONSUMER.digits, "esme_addr": BUSINESS.digits})
        found = await self._client.goes_on(connection, self._client.mark())
        self._client.shows(begun, lambda seen: seen.command == "alert_notification")
        return found

    async def _survives_tlvs(self) -> Finding:
        """Goes on after an answer with a TLV that nobody knows."""
        return await self._client.survives(FaultRule(action="add_tlv", count=1))

    async def _survives_commands(self) -> Finding:
        """Goes on after a request with a command_id that nobody knows."""
        mark = self._client.mark()
        verdict, detail = await self._client.survives(FaultRule(action="unknown_command", count=1))
        nacked = any(seen.command == "generic_nack" for seen in self._client.sent(mark))
        return verdict, detail + (", and answered it with generic_nack" if nacked else ", and did not answer it")

    async def _survives_duplicates(self) -> Finding:
        """Goes on after an answer that comes twice."""
        return await self._client.survives(FaultRule(action="duplicate", count=1))

    async def _survives_wrong_sequence(self) -> Finding:
        """Goes on after an answer to a sequence_number that it never used."""
        return await self._client.survives(FaultRule(action="wrong_sequence", count=1))

    async def _survives_pieces(self) -> Finding:
        """Goes on after an answer that comes an octet at a time."""
        return await self._client.survives(FaultRule(action="split", count=1))

    async def _survives_order(self) -> Finding:
        """Goes on after answers in the reverse order."""
        connection = await self._client.bound()
        mark = self._client.mark()
        self._client.meets(FaultRule(action="shuffle", hold=2, count=2))
        await self._client.until(lambda: self._client.met() >= 2, self._patience)
        if self._client.met() < 2:
            await connection.flush()
            raise NotSeen("it waits for each answer before it sends on, so none can overtake another")
        found = await self._client.goes_on(connection, mark)
        self._client.shows(mark, _is_submit)
        return found

    async def _keeps_its_window(self) -> Finding:
        """Stops sending when nothing is answered."""
        connection = await self._client.bound()
        mark = self._client.mark()
        self._client.meets(FaultRule(action="silence", command="submit_*"))
        await trio.sleep(self._patience / 3)
        before = self._client.submits(mark, connection)
        await trio.sleep(self._patience / 3)
        after = self._client.submits(mark, connection)
        if not before:
            raise NotSeen("it sent nothing meanwhile")
        self._client.shows(mark, _is_submit, last=_is_submit)
        if after > before and not connection.is_over:
            return "fail", f"{after} requests without an answer, and it goes on; a good client stops at some number"
        return "pass", f"at most {after} requests without an answer"

    async def _survives_lost_answers(self) -> Finding:
        """Goes on after answers that never came."""
        mark = self._client.mark()
        is_well = await self._client.until(lambda: self._client.submits(mark) > 0, 2 * self._patience)
        self._client.shows(mark, lambda seen: seen.direction == "in")
        if is_well:
            return "pass", "it sends again"
        return "fail", f"nothing in {2 * self._patience:g} s: its window is used up by answers that never came"

    async def _backs_off(self) -> Finding:
        """Slows down when it is throttled."""
        connection = await self._client.bound()
        span = self._patience / 3
        mark = self._client.mark()
        await trio.sleep(span)
        before = self._client.submits(mark)
        if not before:
            raise NotSeen("it sent nothing to be throttled")
        self._client.meets(FaultRule(action="status", status="ESME_RTHROTTLED", command="submit_*"))
        await trio.sleep(span)
        mark = self._client.mark()
        await trio.sleep(span)
        during = self._client.submits(mark)
        self._client.shows(mark, _is_submit)
        if connection.is_over:
            return "fail", "it ended the connection at ESME_RTHROTTLED, which asks for patience and nothing else"
        detail = f"{before / span:.1f} messages a second before, {during / span:.1f} while all were throttled"
        return ("pass" if during <= max(before / 2, 1) else "fail"), detail

    async def _retries_throttled(self) -> Finding:
        """Sends throttled messages again."""
        await self._client.bound()
        mark = self._client.mark()
        self._client.meets(FaultRule(action="status", status="ESME_RTHROTTLED", count=1))
        if not await self._client.until(lambda: self._client.met() == 1, self._patience):
            raise NotSeen("it sent nothing to be throttled")
        first = next(seen for seen in self._client.sent(mark) if seen.command == "submit_sm")
        bodies = [seen.frame[16:] for seen in self._smsc.pdus if seen.command == "submit_sm"]
        if len(set(bodies)) < len(bodies) / 3:
            raise NotSeen("its messages are all alike; have each say something else")

        def again() -> bool:
            return any(seen.frame[16:] == first.frame[16:] for seen in self._client.since(first.number))

        is_well = await self._client.until(again, self._patience)
        self._client.shows(mark, lambda seen: seen.number == first.number)
        if is_well:
            return "pass", "the same message came again"
        return "fail", "the message never came again"

    async def _answers_unbind(self) -> Finding:
        """Answers unbind."""
        connection = await self._client.bound()
        begun = self._client.mark()
        try:
            with trio.move_on_after(self._patience):
                try:
                    answer = await connection.request("unbind")
                except Lost:
                    return "fail", "it closed the connection without an answer"
                return "pass", pdu.status_name(answer.status)
            return "fail", f"no answer in {self._patience:g} s"
        finally:
            self._client.shows(begun, lambda seen: seen.command == "unbind")
            if not connection.is_over:
                await connection.close()

    async def _reconnects(self) -> Finding:
        """Comes back after its connection was reset."""
        connection = await self._client.bound()
        connections = len(self._smsc.connections)
        begun = trio.current_time()
        connection.reset()
        if not await self._client.until(lambda: len(self._smsc.connections) > connections, 2 * self._patience):
            return "fail", f"no connection in {2 * self._patience:g} s"
        return "pass", f"after {trio.current_time() - begun:.1f} s"

    async def _spaces_its_binds(self) -> Finding:
        """Waits between binds that are refused."""
        connection = await self._client.bound()
        self._client.meets(FaultRule(action="status", status="ESME_RBINDFAIL", command="bind_*"))
        mark = self._client.mark()
        connection.reset()
        await self._client.until(lambda: len(self._client.binds(mark)) >= 4, 2 * self._patience)
        self._client.evidence = self._client.binds(mark)[:6]
        times = [seen.time for seen in self._client.binds(mark)]
        if len(times) < 2:
            raise NotSeen("it did not try again")
        gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
        shown = ", ".join(f"{gap:.1f}" for gap in gaps)
        return ("pass" if min(gaps) >= 0.3 else "fail"), f"{shown} s between them"

    async def _notices_silence(self) -> Finding:
        """Notices a connection on which nothing is answered any more."""
        connection = await self._client.bound()
        mark, connections = self._client.mark(), len(self._smsc.connections)
        connection.mute()

        def noticed() -> bool:
            asked = any(seen.command == "enquire_link" for seen in self._client.sent(mark))
            return asked or connection.is_over or len(self._smsc.connections) > connections

        is_well = await self._client.until(noticed, 4 * self._patience)
        self._client.shows(mark, lambda seen: seen.direction == "in")
        if is_well:
            return "pass", "it asked with enquire_link, or connected anew"
        return "fail", f"neither an enquire_link nor a new connection in {4 * self._patience:g} s"


def _is_submit(seen: Seen) -> bool:
    return seen.direction == "in" and seen.command in SUBMITS
