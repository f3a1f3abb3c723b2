"""Hearing what consumers write: which of the SMSC's messages change consent, and what becomes of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from proxy.consent.numbers import Pair
from proxy.consent.rules import Change, Consent, ConsentUnreadable, Origin, PartOfText, State, Wish
from proxy.relay.actions import Batch, Edit, Note, unreadable
from proxy.relay.policy import Heard, Policy
from proxy.relay.tally import Side, Tally
from proxy.smpp import pdu
from proxy.smpp.pdu import PduError
from proxy.smpp.text import Part


class _Carrier(NamedTuple):
    """A frame that carried a change: cut out, and answered, if the change can't be recorded."""

    start: int
    end: int
    command: int
    sequence: int


@dataclass(slots=True)
class Delivered(Batch):
    """What becomes of the frames of one read from the SMSC."""

    carriers: list[_Carrier] = field(default_factory=list)
    wishes: list[Wish] = field(default_factory=list)
    states: dict[Pair, State] = field(default_factory=dict)
    """What the changes make of pairs that come again in the same batch."""
    notes: list[Note] = field(default_factory=list)


class Deliveries:
    """Hears the messages of one session."""

    def __init__(self, policy: Policy, tally: Tally, count: Callable[[int, str], None]) -> None:
        """``count`` is told command and reason of each message that we answer ourselves."""
        self.policy = policy
        self._tally = tally
        self._count = count

    def hear(
        self, batch: Delivered, start: int, end: int, command: int, sequence: int, consent: Consent, origin: Origin
    ) -> None:
        """Note in the batch what the message in ``batch.buffer[start:end]`` asks to change."""
        try:
            heard = self.policy.hear(batch.buffer, start, end)
        except PduError as error:
            self._tally.unreadable[pdu.command_name(command)] += 1
            batch.notes.append(unreadable(Side.SMSC, command, error))
            return
        if heard is None:
            return
        self._tally.replies[heard.reading.meaning] += 1
        wishes: list[Wish] = []
        changes = self.policy.changes(heard, heard.reading, origin)
        if heard.part is not None and not changes:
            wishes.append(self._part(heard, heard.part, origin))
        for change in changes:
            if _may_change(batch, change, consent):
                batch.states[change.pair] = change.state
                wishes.append(change)
        if wishes:
            batch.wishes += wishes
            batch.carriers.append(_Carrier(start, end, command, sequence))

    def turn_back(
        self, batch: Delivered, start: int, end: int, command: int, sequence: int, reason: str = "draining"
    ) -> None:
        """Have the SMSC try this message again later."""
        self._count(command, reason)
        batch.edits.append(Edit(start, end))
        batch.answers.append(pdu.refusal(command, pdu.RX_T_APPN, sequence))

    def turn_back_carriers(self, batch: Delivered) -> int:
        """Turn back every message whose changes could not be recorded; returns how many."""
        for start, end, command, sequence in batch.carriers:
            self.turn_back(batch, start, end, command, sequence, "not_recorded")
        batch.edits.sort()
        return len(batch.carriers)

    def _part(self, heard: Heard, part: Part, origin: Origin) -> PartOfText:
        """The wish to keep a part that says nothing by itself, and to decide when all parts are there."""
        policy = self.policy

        def decide(whole: str) -> list[Change]:
            return policy.changes(heard, policy.read_whole(whole), origin)

        return PartOfText(heard.pair, part.reference, part.total, part.number, heard.text, decide)


def _may_change(batch: Delivered, change: Change, consent: Consent) -> bool:
    """Whether the ledger must be asked: always for an opt-out, else if the pair isn't open as seen here.

    What can't be read may be a change; the ledger decides when it writes.
    """
    if change.state is State.OPTED_OUT:
        return True
    try:
        return (batch.states.get(change.pair) or consent.state(change.pair)) is State.OPTED_OUT
    except ConsentUnreadable:
        return True
