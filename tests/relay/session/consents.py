"""Consent for tests of decisions: a dictionary, that can be made unreadable."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import ClassVar

from proxy.consent.entries import Entry, Event
from proxy.consent.lookups import ConsentUnreadable
from proxy.consent.numbers import Pair
from proxy.consent.rules import State
from proxy.consent.wishes import Change, Claim, Offer, Wish
from proxy.ledger.ledger import Ledger
from proxy.net.sides import Side
from proxy.relay.session.actions import Action, Record, Remember, Send
from proxy.relay.session.session import Session
from proxy.relay.session.tally import Tally
from proxy.service.assembly import utc_microseconds


class Consents:
    """States by pair; lookups raise while ``is_readable`` is false."""

    def __init__(self, opted_out: Iterable[Pair] = ()) -> None:
        self.states: dict[Pair, State] = dict.fromkeys(opted_out, State.OPTED_OUT)
        self.is_readable = True
        self.unconfirmed: set[Pair] = set()
        self.remembered: list[Wish] = []

    def state(self, pair: Pair) -> State | None:
        if not self.is_readable:
            raise ConsentUnreadable("the disk is gone")
        return self.states.get(pair)

    def recorded(self, keys: Sequence[bytes]) -> Collection[bytes]:
        if not self.is_readable:
            raise ConsentUnreadable("the disk is gone")
        return {pair.key for pair in self.states}.intersection(keys)

    def awaits_confirmation(self, pair: Pair) -> bool:
        return pair in self.unconfirmed

    def stops(self) -> int:
        if not self.is_readable:
            raise ConsentUnreadable("the disk is gone")
        return 0

    def was_turned_back(self, offer: Offer) -> bool:
        return False

    def decide_by(self, session: Session) -> None:
        """Have replies in parts decided by the settings of this session."""

    def apply(self, wishes: Iterable[Wish]) -> list[list[Entry]]:
        """Do as the ledger would; returns the entries that each wish made."""
        return [[*self._entries(wish)] for wish in wishes]

    def _entries(self, wish: Wish) -> Iterable[Entry]:
        time = datetime(2026, 1, 1, tzinfo=UTC)
        if isinstance(wish, Change):
            if wish.allows_confirmation and self.states.get(wish.pair) is not State.OPTED_OUT:
                self.unconfirmed.add(wish.pair)
            self.states[wish.pair] = wish.state
            yield Entry(1, time, wish.pair, Event(wish.state), 0, {})
        elif isinstance(wish, Claim) and wish.pair in self.unconfirmed:
            self.unconfirmed.discard(wish.pair)
            yield Entry(1, time, wish.pair, Event.CONFIRMED, 0, {})


class OnDisk(Consents):
    """The same over a real ledger in a temporary folder, by the writer's order: what is remembered comes first."""

    opened: ClassVar[list[OnDisk]] = []

    def __init__(self) -> None:
        super().__init__()
        self._folder = TemporaryDirectory()
        self._ledger = Ledger(Path(self._folder.name), utc_microseconds, map_size=1 << 24)
        OnDisk.opened.append(self)

    def decide_by(self, session: Session) -> None:
        self._ledger.decide = lambda *whole: session._at.dialect.policy.changes_of_whole(*whole)

    def close(self) -> None:
        """Let go of the ledger; whoever doesn't has it done when the test ends."""
        if self in OnDisk.opened:
            OnDisk.opened.remove(self)
            self._ledger.close()
            self._folder.cleanup()

    def state(self, pair: Pair) -> State | None:
        with self._ledger.reader() as consent:
            return consent.state(pair)

    def recorded(self, keys: Sequence[bytes]) -> Collection[bytes]:
        with self._ledger.reader() as consent:
            return consent.recorded(keys)

    def awaits_confirmation(self, pair: Pair) -> bool:
        with self._ledger.reader() as consent:
            return consent.awaits_confirmation(pair)

    def stops(self) -> int:
        if not self.is_readable:
            raise ConsentUnreadable("the disk is gone")
        with self._ledger.reader() as consent:
            return consent.stops()

    def was_turned_back(self, offer: Offer) -> bool:
        with self._ledger.reader() as consent:
            return consent.was_turned_back(offer)

    def apply(self, wishes: Iterable[Wish]) -> list[list[Entry]]:
        remembered, self.remembered = self.remembered, []
        made = self._ledger.commit([*remembered, *wishes])
        return [list(entries) for entries in made[len(remembered) :]]


class Conversation:
    """A session with its consent and what each side was sent, as a conversation over sockets would have done it."""

    def __init__(self, session: Session, consents: Consents, tally: Tally) -> None:
        self.session = session
        self.tally = tally
        self.consents = consents
        self.sent: dict[Side, bytes] = {Side.ESME: b"", Side.SMSC: b""}
        self.actions: list[Action] = []
        self.can_record = True
        consents.decide_by(session)

    def receive(self, side: Side, data: bytes) -> list[Action]:
        return self.carry_out(self.session.receive(side, data, self.consents))

    def esme(self, data: bytes) -> list[Action]:
        """The ESME sends."""
        return self.receive(Side.ESME, data)

    def smsc(self, data: bytes) -> list[Action]:
        """The SMSC sends."""
        return self.receive(Side.SMSC, data)

    def carry_out(self, actions: list[Action]) -> list[Action]:
        done: list[Action] = []
        for action in actions:
            done.append(action)
            self.actions.append(action)
            if isinstance(action, Send):
                self.sent[action.to] += action.data
            elif isinstance(action, Remember):
                self.consents.remembered += action.wishes
                if self.can_record:
                    self.consents.apply(())
            elif isinstance(action, Record):
                made = self.consents.apply(action.wishes) if self.can_record else None
                done += self.carry_out(self.session.recorded(action, made))
        return done
