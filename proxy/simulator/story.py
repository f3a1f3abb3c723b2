"""The STOP story of the demo: its steps, and how they are played and checked."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Thread
from typing import NamedTuple

from rich.console import Console
from rich.markup import escape
from smpplib.client import Client

from proxy.simulator.process import ProxyProcess
from proxy.simulator.running import Running
from proxy.simulator.smsc.printing import addressed
from proxy.smpp import pdu, write

A = "15551230001"
A2 = "15551230002"
B = "15559870001"
C = "15559870002"
NAMES = {A: "A", A2: "A2", B: "B", C: "C"}
RECEIPT = "id:00000001 sub:001 dlvrd:001 submit date:2611221200 done date:2611221200 stat:DELIVRD err:000 text:STOP"


class StoryError(Exception):
    """A step went otherwise than the story tells."""


class Step(NamedTuple):
    """One step of the story: a submit (``answer`` expected) or a message from a handset."""

    source: str
    destination: str
    text: str
    answer: str = ""
    change: str = ""
    is_receipt: bool = False


STORY: Sequence[Step] = (
    Step(A, B, "Your table is ready! Reply STOP to opt out.", answer="ESME_ROK"),
    Step(B, A, "STOP", change="opted_out"),
    Step(A, B, "Come back, 20% off!", answer="ESME_RINVDSTADR"),
    Step(A2, B, "Your parcel is here.", answer="ESME_ROK"),
    Step(A, C, "Your table is ready!", answer="ESME_ROK"),
    Step(B, A, RECEIPT, is_receipt=True),
    Step(A, B, "Still there?", answer="ESME_RINVDSTADR"),
    Step(B, A, "hi", change="opted_in"),
    Step(A, B, "Welcome back!", answer="ESME_ROK"),
)


class Stage:
    """Everything that plays: the SMSC, the proxy and a bound client."""

    def __init__(self, smsc: Running, proxy: ProxyProcess, client: Client, console: Console) -> None:
        self.smsc = smsc
        self.proxy = proxy
        self.client = client
        self.console = console

    def play(self) -> None:
        """Play the whole story; raises ``StoryError`` at the first step that goes otherwise."""
        for number, step in enumerate(STORY, 1):
            kind = "delivery receipt" if step.is_receipt else "deliver_sm" if not step.answer else "submit_sm"
            route = f"{NAMES[step.source]} +{step.source} → {NAMES[step.destination]} +{step.destination}"
            self.console.print(f"[bold]{number}. {route}[/]  [dim]{kind}[/]\n   “{escape(step.text)}”")
            if step.answer:
                self._submit(step)
            else:
                self._deliver(step)
            self.console.print()

    def _submit(self, step: Step) -> None:
        before = len(self.smsc.smsc.messages())
        self.send(step.source, step.destination, step.text)
        answer = self.client.read_pdu()
        status = pdu.status_name(int(answer.status))
        seen = self.smsc.smsc.messages()[before:]
        is_refused = status != "ESME_ROK"
        self._say("proxy", "[red]refused it[/]" if is_refused else "[green]passed it on[/]")
        self._say("SMSC ", f"saw {addressed(seen[0])}" if seen else "[red]saw nothing[/]")
        self._say("A got", f"{answer.command}, {status} (0x{int(answer.status):02X})")
        if status != step.answer or is_refused is bool(seen):
            raise StoryError(f"expected {step.answer}, got {status}; the SMSC saw {len(seen)} PDUs")

    def send(self, source: str, destination: str, text: str) -> None:
        """Have the client submit a message."""
        submit(self.client, source, destination, text)

    def _deliver(self, step: Step) -> None:
        heard: list[bytes] = []
        self.client.set_message_received_handler(lambda pdu: heard.append(pdu.short_message))
        statuses: list[int] = []
        revision = len(self._changes())
        source, destination = write.address(step.source), write.address(step.destination)
        esm_class = 0x04 if step.is_receipt else 0

        def deliver() -> None:
            text = step.text.encode("ascii")
            statuses.append(self.smsc.deliver(source, destination, text, esm_class=esm_class))

        handset = Thread(target=deliver)
        handset.start()
        self.client.read_once(auto_send_enquire_link=False)
        handset.join()
        if step.change:
            self.proxy.wait_for("consent_changed", lambda event: event["revision"] == revision + 1)
        changes = self._changes()[revision:]
        for change in changes:
            evidence = f"meaning {change['meaning']}, revision {change['revision']}, on disk before it was passed on"
            self._say("proxy", f"[yellow]{change['change']}[/] ({evidence})")
        if not changes:
            self._say("proxy", "changed nothing, [green]passed it on[/]")
        self._say("A got", f"“{escape(heard[0].decode('ascii'))}”")
        self._say("SMSC ", f"was answered {pdu.status_name(statuses[0])}")
        if heard != [step.text.encode("ascii")] or statuses != [pdu.ROK]:
            raise StoryError("the message did not arrive as it was sent")
        if [change["change"] for change in changes] != ([step.change] if step.change else []):
            raise StoryError(f"expected the change {step.change or 'none'}, the proxy made {changes}")

    def _changes(self) -> list[dict[str, object]]:
        return [event for event in self.proxy.events if event["event"] == "consent_changed"]

    def _say(self, who: str, what: str) -> None:
        self.console.print(f"   [dim]{who}[/]  {what}")


def submit(client: Client, source: str, destination: str, text: str) -> None:
    """Have a client submit a message between two international numbers; its answer is not read."""
    client.send_message(
        source_addr_ton=1,
        source_addr_npi=1,
        source_addr=source,
        dest_addr_ton=1,
        dest_addr_npi=1,
        destination_addr=destination,
        short_message=text.encode("ascii"),
    )
