"""Messages of consumers that the ESME has not answered: the SMSC will offer them again if it doesn't take them.

What a message asks counts from when it was first offered, so one from before a STOP, offered again after it, changes
nothing. Only messages that may ask to be let back in are kept in mind.
"""

from __future__ import annotations

from collections import deque
from contextlib import suppress
from dataclasses import dataclass

from proxy.consent.lookups import Consent, ConsentUnreadable
from proxy.consent.numbers import Pair
from proxy.consent.wishes import Offer, Taken, TurnedBack

SURE = 2
"""Looks, half a second apart, after which a message without an answer is written down, and an answered one is done."""

LATE = 6
"""Looks after which an answer is late: the SMSC may have given the message up by then, and offers it again soon."""

GIVEN_UP = 120
"""Looks after which no answer is waited for any more: what is written down has to do from then on."""

MOST_UNANSWERED = 2_000
"""Messages of one session whose answer is waited for; more than any window in use."""


@dataclass(slots=True, eq=False)
class Waiting:
    """A message that may ask to be let back in, until the ESME has answered it, and a little longer.

    ``of_this_read`` of the STOPs before it came in the same read. ``looks``: for how many looks it has waited.
    """

    offer: Offer
    of_this_read: int
    looks: int = 0
    was_turned_back: bool = False


class Unanswered:
    """Those of one session."""

    def __init__(self) -> None:
        self._waiting: dict[int, deque[Waiting]] = {}
        """By sequence_number, in the order they came."""
        self._offered: dict[tuple[Pair, bytes], deque[Waiting]] = {}
        """The same, by what tells messages apart."""
        self._lately: deque[Waiting] = deque(maxlen=MOST_UNANSWERED)
        """Those that were taken a moment ago: whether the SMSC has the answer isn't sure yet."""
        self._is_cut_off = False
        self._written: set[tuple[Pair, bytes]] = set()
        self._count = 0

    def earlier(self, offer: Offer) -> Offer | None:
        """This message as it came before, if it did and has no answer yet."""
        found = self._offered.get(offer[:2])
        return found[0].offer if found else None

    def wait(self, sequence: int, offer: Offer, of_this_read: int) -> Waiting | TurnedBack | None:
        """Keep a message in mind until it is answered.

        If there is no room, the wish to remember it at once; None if it was remembered so already.
        """
        if self._count >= MOST_UNANSWERED:
            return self._write_down(offer)
        waiting = Waiting(offer, of_this_read)
        self._waiting.setdefault(sequence, deque()).append(waiting)
        self._offered.setdefault(offer[:2], deque()).append(waiting)
        self._count += 1
        return waiting

    def answered(
        self, sequence: int, consent: Consent, *, is_taken: bool, may_come_again: bool = False
    ) -> TurnedBack | None:
        """What has to be remembered now that the ESME has answered one of the SMSC's requests.

        An answer that comes late, or that the SMSC can't get any more, keeps nobody from offering the message again.
        ``may_come_again``: nor does this answer, though some take it for the last.
        """
        found = self._waiting.get(sequence)
        if not found:
            return None
        waiting = self._pop(sequence, found)
        if not is_taken or self._is_cut_off:
            return TurnedBack(waiting.offer)
        if may_come_again or waiting.looks >= LATE:
            return TurnedBack(waiting.offer, is_answered=True)
        waiting.was_turned_back = waiting.looks >= SURE
        if not waiting.was_turned_back:
            with suppress(ConsentUnreadable):
                waiting.was_turned_back = consent.was_turned_back(waiting.offer)
        waiting.looks = 0
        self._lately.append(waiting)
        return None

    def look(self) -> tuple[TurnedBack | Taken, ...]:
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
        self._count = 0
        return found

    def turn_back(self, sequence: int) -> TurnedBack | None:
        """What has to be remembered of the newest message of this number, which we answer ourselves."""
        waiting = self._waiting.get(sequence)
        return TurnedBack(self._pop(sequence, waiting, is_newest=True).offer) if waiting else None

    def _write_down(self, offer: Offer) -> TurnedBack | None:
        """The wish to remember a message; the same one again only when many others came between."""
        if offer[:2] in self._written:
            return None
        if len(self._written) >= MOST_UNANSWERED:
            self._written.clear()
        self._written.add(offer[:2])
        return TurnedBack(offer)

    def _pop(self, sequence: int, waiting: deque[Waiting], *, is_newest: bool = False) -> Waiting:
        found = waiting.pop() if is_newest else waiting.popleft()
        self._count -= 1
        if not waiting:
            del self._waiting[sequence]
        known = self._offered[found.offer[:2]]
        known.remove(found)
        if not known:
            del self._offered[found.offer[:2]]
        return found
