"""Hearing what consumers write: which of the SMSC's messages change consent, and what becomes of them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import NamedTuple

from proxy.consent.lookups import Consent, ConsentUnreadable
from proxy.consent.numbers import Pair
from proxy.consent.rules import State
from proxy.consent.wishes import Change, Offer, Origin, PartOfText, Taken, TurnedBack, Wish
from proxy.meaning.meanings import Meaning
from proxy.relay.session.actions import Batch, Edit, Note, unreadable
from proxy.relay.session.dialect import Heard
from proxy.relay.session.sides import Side
from proxy.relay.session.standing import Standing
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
    waiting: list[_Waiting] = field(default_factory=list)
    """Its messages that may ask to be let back in."""


SURE = 2
"""Looks, half a second apart, after which a message without an answer is written down, and an answered one is done."""

LATE = 6
"""Looks after which an answer is late: the SMSC may have given the message up by then, and offers it again soon."""

GIVEN_UP = 120
"""Looks after which no answer is waited for any more: what is written down has to do from then on."""

MOST_UNANSWERED = 2_000
"""Messages of one session whose answer is waited for; more than any window in use."""


@dataclass(slots=True, eq=False)
class _Waiting:
    """A message that may ask to be let back in, until the ESME has answered it, and a little longer.

    ``of_this_read`` of the STOPs before it came in the same read. ``looks``: for how many looks it has waited.
    """

    offer: Offer
    of_this_read: int
    looks: int = 0
    was_turned_back: bool = False


class Deliveries:
    """Hears the messages of one session, and keeps in mind those that may come again if the ESME doesn't take them."""

    def __init__(self, at: Standing, count: Callable[[int, str], None]) -> None:
        """``count`` is told command and reason of each message that we answer ourselves."""
        self._at = at
        self._count = count
        self._waiting: dict[int, deque[_Waiting]] = {}
        """By sequence_number, in the order they came."""
        self._offered: dict[tuple[Pair, bytes], deque[_Waiting]] = {}
        """The same, by what tells messages apart."""
        self._lately: deque[_Waiting] = deque(maxlen=MOST_UNANSWERED)
        """Those that were taken a moment ago: whether the SMSC has the answer isn't sure yet."""
        self._is_cut_off = False
        self._written: set[tuple[Pair, bytes]] = set()
        self._unanswered = 0

    def hear(
        self, batch: Delivered, start: int, end: int, command: int, sequence: int, consent: Consent, origin: Origin
    ) -> None:
        """Note in the batch what the message in ``batch.buffer[start:end]`` asks to change."""
        heard = self._read(batch, start, end, command)
        if heard is None:
            return
        self._at.tally.replies[heard.reading.meaning] += 1
        offer = self._offer(batch, heard, consent)
        is_behind_stop = State.OPTED_OUT in batch.states.values() and not self._is_known(offer)
        wishes: list[Wish] = []
        asked_by = heard.offer(None) if is_behind_stop else offer
        changes = self._at.dialect.policy.changes(heard.ends, heard.reading, origin, asked_by)
        if heard.part is not None:
            wishes.append(_part(heard, heard.part, offer, origin))
        for change in changes:
            if _may_change(batch, change, consent):
                batch.states[change.pair] = change.state
                wishes.append(change)
        if wishes:
            batch.wishes += wishes
            batch.carriers.append(_Carrier(start, end, command, sequence))
        if heard.may_open:
            batch.wishes += self._wait_for_answer(batch, sequence, offer)

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
        heard = self._read(batch, start, end, command) if is_heard else None
        if heard is not None and heard.may_open:
            batch.wishes.append(TurnedBack(self._offer(batch, heard, consent)))
        self._turn_back(batch, start, end, command, sequence, "draining")

    def answered(self, sequence: int, consent: Consent, *, is_taken: bool) -> TurnedBack | None:
        """What has to be remembered now that the ESME has answered one of the SMSC's requests.

        An answer that comes late, or that the SMSC can't get any more, keeps nobody from offering the message again.
        """
        found = self._waiting.get(sequence)
        if not found:
            return None
        waiting = self._pop(sequence, found)
        if not is_taken or self._is_cut_off:
            return TurnedBack(waiting.offer)
        if waiting.looks >= LATE:
            return TurnedBack(waiting.offer, is_answered=True)
        waiting.was_turned_back = waiting.looks >= SURE
        if not waiting.was_turned_back:
            with suppress(ConsentUnreadable):
                waiting.was_turned_back = consent.was_turned_back(waiting.offer)
        waiting.looks = 0
        self._lately.append(waiting)
        return None

    def look_at_answers(self) -> tuple[TurnedBack | Taken, ...]:
        """What has to be remembered of messages that have no answer at the second look, once; the SMSC may soon offer
        them again, on another session. And what can be forgotten: a message that was turned back before, and was taken
        a look ago.
        """
        found: list[TurnedBack | Taken] = []
        for sequence, waiting in list(self._waiting.items()):
            for each in waiting:
                each.looks += 1
                if each.looks == SURE:
                    found.append(TurnedBack(each.offer))
            while waiting and waiting[0].looks > GIVEN_UP:
                self._pop(sequence, waiting)
        for each in self._lately:
            each.looks += 1
        while self._lately and self._lately[0].looks >= SURE:
            taken = self._lately.popleft()
            if taken.was_turned_back:
                found.append(Taken(taken.offer))
        return tuple(found)

    def cut_off(self, *, is_unbound: bool) -> tuple[TurnedBack, ...]:
        """The SMSC gets no more answers: what has none it will offer again, and perhaps what has had one just now.

        Not the latter after an unbind, by which it has all that it was sent.
        """
        self._is_cut_off = True
        lately = [] if is_unbound else [*self._lately]
        self._lately.clear()
        waiting = [each for found in self._waiting.values() for each in found]
        return tuple(TurnedBack(each.offer) for each in (*lately, *waiting))

    def left_over(self, *, is_unbound: bool) -> tuple[TurnedBack, ...]:
        """The same when the session is over; once."""
        found = self.cut_off(is_unbound=is_unbound)
        self._waiting.clear()
        self._offered.clear()
        self._unanswered = 0
        return found

    def turn_back_carriers(self, batch: Delivered) -> tuple[int, tuple[Wish, ...]]:
        """Turn back every message whose changes could not be recorded.

        How many these are, and what is to be remembered of them as soon as something can be recorded again.
        """
        remembered: list[Wish] = [wish for wish in batch.wishes if isinstance(wish, TurnedBack)]
        for each in batch.waiting:  # the STOPs before it in this read have not been heard
            if each.of_this_read and each.offer.stops is not None:
                each.offer = each.offer._replace(stops=max(0, each.offer.stops - each.of_this_read))
        for start, end, command, sequence in batch.carriers:
            self._turn_back(batch, start, end, command, sequence, "not_recorded")
            if waiting := self._waiting.get(sequence):
                remembered.append(TurnedBack(self._pop(sequence, waiting, is_newest=True).offer))
        batch.edits.sort()
        return len(batch.carriers), tuple(remembered)

    def _read(self, batch: Delivered, start: int, end: int, command: int) -> Heard | None:
        try:
            return self._at.dialect.hear(batch.buffer, start, end)
        except PduError as error:
            self._at.tally.unreadable[pdu.command_name(command)] += 1
            batch.notes.append(unreadable(Side.SMSC, command, error))
            return None

    def _turn_back(self, batch: Delivered, start: int, end: int, command: int, sequence: int, reason: str) -> None:
        self._count(command, reason)
        batch.edits.append(Edit(start, end))
        batch.answers.append(pdu.refusal(command, pdu.RX_T_APPN, sequence))

    def _offer(self, batch: Delivered, heard: Heard, consent: Consent) -> Offer:
        """What tells this message from others, and how many STOPs had been heard before it was first offered here.

        Those of the same read count; what can't be read counts as before all STOPs.
        """
        offer = heard.offer(None)
        if not heard.may_open:
            return offer
        if earlier := self._offered.get(offer[:2]):
            return offer._replace(stops=earlier[0].offer.stops)
        try:
            stops = consent.stops()
        except ConsentUnreadable:
            return offer._replace(stops=0)
        return offer._replace(stops=stops + _stops_of(batch))

    def _is_known(self, offer: Offer) -> bool:
        """Whether this message came before, and has no answer yet."""
        return offer[:2] in self._offered

    def _wait_for_answer(self, batch: Delivered, sequence: int, offer: Offer) -> list[Wish]:
        """Keep a message in mind; what has to be written down at once if there are too many."""
        if self._unanswered >= MOST_UNANSWERED:
            return self._write_down(offer)
        waiting = _Waiting(offer, 0 if self._is_known(offer) else _stops_of(batch))
        batch.waiting.append(waiting)
        self._waiting.setdefault(sequence, deque()).append(waiting)
        self._offered.setdefault(offer[:2], deque()).append(waiting)
        self._unanswered += 1
        return []

    def _write_down(self, offer: Offer) -> list[Wish]:
        """The wish to remember a message at once for which there is no room here; again only when many others came."""
        if offer[:2] in self._written:
            return []
        if len(self._written) >= MOST_UNANSWERED:
            self._written.clear()
        self._written.add(offer[:2])
        return [TurnedBack(offer)]

    def _pop(self, sequence: int, waiting: deque[_Waiting], *, is_newest: bool = False) -> _Waiting:
        found = waiting.pop() if is_newest else waiting.popleft()
        self._unanswered -= 1
        if not waiting:
            del self._waiting[sequence]
        known = self._offered[found.offer[:2]]
        known.remove(found)
        if not known:
            del self._offered[found.offer[:2]]
        return found


def _part(heard: Heard, part: Part, offer: Offer, origin: Origin) -> PartOfText:
    """The wish to keep a part, and to have decided what the whole changes when all parts are there."""
    says_stop = heard.reading.meaning is Meaning.STOP
    return PartOfText(
        offer, heard.ends, origin, part.reference, part.total, part.number, heard.texts, part.is_short, says_stop
    )


def _stops_of(batch: Delivered) -> int:
    """How many STOPs came before in the same read."""
    return sum(isinstance(wish, Change) and wish.state is State.OPTED_OUT for wish in batch.wishes)


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
