"""Hearing what consumers write: which of the SMSC's messages change consent, and what becomes of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from proxy.consent.lookups import Consent, ConsentUnreadable
from proxy.consent.numbers import Pair
from proxy.consent.rules import State
from proxy.consent.unanswered import Unanswered, Waiting
from proxy.consent.wishes import Change, Offer, Origin, PartOfText, TurnedBack, Wish
from proxy.meaning.meanings import Meaning
from proxy.net.sides import Side
from proxy.relay.session.actions import Batch, Edit, Note, unreadable
from proxy.relay.session.dialect import Heard
from proxy.relay.session.standing import Standing
from proxy.smpp import pdu
from proxy.smpp.pdu import PduError
from proxy.smpp.text import Part


class _Cause(NamedTuple):
    """A frame that asked for a change: cut out, and answered, if the change can't be recorded."""

    start: int
    end: int
    command: int
    sequence: int


@dataclass(slots=True)
class Delivered(Batch):
    """What becomes of the frames of one read from the SMSC."""

    causes: list[_Cause] = field(default_factory=list)
    wishes: list[Wish] = field(default_factory=list)
    states: dict[Pair, State] = field(default_factory=dict)
    """What the changes make of pairs that come again in the same batch."""
    stops: dict[Pair, int] = field(default_factory=dict)
    """Which of the batch's STOPs, counted from 1, was the last one for a pair."""
    count_of_stops: int = 0
    notes: list[Note] = field(default_factory=list)
    waiting: list[Waiting] = field(default_factory=list)
    """Its messages that may ask to be let back in."""


class Deliveries:
    """Hears the messages of one session; those that may come again if the ESME doesn't take them are ``unanswered``."""

    def __init__(self, at: Standing, count: Callable[[int, str], None]) -> None:
        """``count`` is told command and reason of each message that we answer ourselves."""
        self._at = at
        self._count = count
        self.unanswered = Unanswered()

    def hear(
        self, batch: Delivered, start: int, end: int, command: int, sequence: int, consent: Consent, origin: Origin
    ) -> None:
        """Note in the batch what the message in ``batch.buffer[start:end]`` asks to change."""
        heard = self._read(batch, start, end, command, sequence)
        if heard is None:
            return
        self._at.tally.replies[heard.reading.meaning] += 1
        stops_before = self._stops_before(batch, heard)
        offer = self._offer(heard, consent, stops_before)
        wishes: list[Wish] = []
        asked_by = heard.offer if stops_before else offer
        changes = self._at.dialect.policy.changes(heard.ends, heard.reading, origin, asked_by)
        if heard.part is not None:
            wishes.append(_part(heard, heard.part, offer, origin))
        for change in changes:
            if _may_change(batch, change, consent):
                batch.states[change.pair] = change.state
                if change.state is State.OPTED_OUT:
                    batch.count_of_stops += 1
                    batch.stops[change.pair] = batch.count_of_stops
                wishes.append(change)
        if wishes:
            batch.wishes += wishes
            batch.causes.append(_Cause(start, end, command, sequence))
        if heard.may_open:
            self._wait_for_answer(batch, sequence, offer, stops_before)

    def turn_back(
        self,
        batch: Delivered,
        start: int,
        end: int,
        command: int,
        sequence: int,
        consent: Consent,
        *,
        is_heard: bool,
    ) -> None:
        """While the session drains: have the SMSC try this message again later.

        ``is_heard``: from when it is has to be remembered, since it may ask to be let back in.
        """
        heard = self._read(batch, start, end, command, sequence) if is_heard else None
        if heard is not None and heard.may_open:
            batch.wishes.append(TurnedBack(self._offer(heard, consent, self._stops_before(batch, heard))))
        self._turn_back(batch, start, end, command, sequence, "draining")

    def turn_back_causes(self, batch: Delivered) -> tuple[int, tuple[Wish, ...]]:
        """Turn back every message whose changes could not be recorded.

        How many these are, and what is to be remembered of them as soon as something can be recorded again.
        """
        remembered: list[Wish] = [wish for wish in batch.wishes if isinstance(wish, TurnedBack)]
        for each in batch.waiting:  # the STOPs before it in this read have not been heard
            if each.of_this_read and each.offer.stops is not None:
                each.offer = each.offer._replace(stops=max(0, each.offer.stops - each.of_this_read))
        for start, end, command, sequence in batch.causes:
            self._turn_back(batch, start, end, command, sequence, "not_recorded")
            if wish := self.unanswered.turn_back(sequence):
                remembered.append(wish)
        batch.edits.sort()
        return len(batch.causes), tuple(remembered)

    def _read(self, batch: Delivered, start: int, end: int, command: int, sequence: int) -> Heard | None:
        try:
            return self._at.dialect.hear(batch.buffer, start, end)
        except PduError as error:
            self._at.tally.unreadable[pdu.command_name(command)] += 1
            batch.notes.append(unreadable(Side.SMSC, command, sequence, error))
            return None

    def _turn_back(self, batch: Delivered, start: int, end: int, command: int, sequence: int, reason: str) -> None:
        self._count(command, reason)
        batch.edits.append(Edit(start, end))
        batch.answers.append(pdu.refusal(command, pdu.RX_T_APPN, sequence))

    def _stops_before(self, batch: Delivered, heard: Heard) -> int:
        """How many STOPs in this read come before the message, up to the last one that it may undo.

        Those of others don't count: another session's STOP may be written between them and this one.
        """
        if not batch.stops or self.unanswered.earlier(heard.offer):
            return 0
        spoken_of = self._at.dialect.policy.spoken_of(heard.ends, heard.reading)
        return max((batch.stops.get(pair, 0) for _, pair in spoken_of), default=0)

    def _offer(self, heard: Heard, consent: Consent, stops_before: int) -> Offer:
        """What tells this message from others, and how many STOPs had been heard before it was first offered here.

        What can't be read counts as before all STOPs.
        """
        offer = heard.offer
        if not heard.may_open:
            return offer
        if earlier := self.unanswered.earlier(offer):
            return offer._replace(stops=earlier.stops)
        try:
            stops = consent.stops()
        except ConsentUnreadable:
            return offer._replace(stops=0)
        return offer._replace(stops=stops + stops_before)

    def _wait_for_answer(self, batch: Delivered, sequence: int, offer: Offer, stops_before: int) -> None:
        """Keep a message in mind; where there are too many, it has to be written down at once."""
        match self.unanswered.wait(sequence, offer, stops_before):
            case Waiting() as waiting:
                batch.waiting.append(waiting)
            case TurnedBack() as wish:
                batch.wishes.append(wish)


def _part(heard: Heard, part: Part, offer: Offer, origin: Origin) -> PartOfText:
    """The wish to keep a part, and to have decided what the whole changes when all parts are there."""
    says_stop = heard.reading.meaning is Meaning.STOP
    return PartOfText(
        offer, heard.ends, origin, part.reference, part.total, part.number, heard.texts, part.is_short, says_stop
    )


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
