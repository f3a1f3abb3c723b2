"""Where a session stands: what both of its directions know of it, and change."""

from __future__ import annotations

from dataclasses import dataclass, field

from proxy.consent.wishes import Origin
from proxy.net.sides import Side
from proxy.relay.session.binds import Binds
from proxy.relay.session.dialect import Dialect
from proxy.relay.session.lifecycle import ANSWERED, Event, Lifecycle
from proxy.relay.session.stopwatch import Stopwatch
from proxy.relay.session.tally import Tally
from proxy.smpp import pdu
from proxy.smpp.pdu import RESPONSE

OUR_SEQUENCE = 0x7FFFFFFF
"""The sequence_number of the unbinds we write when draining: the last one the specification allows."""


@dataclass(slots=True)
class Standing:
    """What is known of one session."""

    dialect: Dialect
    tally: Tally
    origin: Origin
    life: Lifecycle = field(default_factory=Lifecycle)
    binds: Binds = field(default_factory=Binds)
    bound_as: int = 0
    """The command of the bind that was accepted last."""
    in_flight: list[int] = field(default_factory=lambda: [0, 0])
    """Requests without an answer, by who asked."""
    watch: Stopwatch = field(init=False)
    """Times the SMSC's answers."""
    is_over_limit: bool = False
    """Whether a bind was asked for that the limits don't allow."""
    _unbinding: list[bool] = field(default_factory=lambda: [False, False])
    """Whether a side has asked for an unbind that has no answer yet."""

    def __post_init__(self) -> None:
        """Time answers for the carrier that the session goes to."""
        self.watch = Stopwatch(self.tally.answer_seconds_of(self.origin.carrier).observe, self.tally.seconds)

    def asked(self, side: Side, command: int) -> None:
        """A request of this side passes."""
        if command in pdu.ANSWERED:
            self.in_flight[side] += 1
            if command == pdu.UNBIND:
                self._unbinding[side] = True

    def answered(self, side: Side, command: int) -> None:
        """One request of this side has its answer, of which this is the command."""
        if self.in_flight[side] and (command == pdu.GENERIC_NACK or command ^ RESPONSE in pdu.ANSWERED):
            self.in_flight[side] -= 1

    def answered_by_us(self, side: Side, count: int) -> None:
        """So many requests of this side did not pass, though they were counted."""
        self.in_flight[side] = max(0, self.in_flight[side] - count)

    def unbind_answered(self, side: Side, status: int) -> None:
        """An unbind_resp to a side: it ends the bind only if that side asked for it, and the other agreed."""
        is_asked, self._unbinding[side] = self._unbinding[side], False
        if is_asked and status == pdu.ROK:
            self.life.happened(Event.UNBIND_AGREED)

    def is_answer_to_ours(self, side: Side, command: int, sequence: int) -> bool:
        """Whether this side answers the unbind that we wrote; so it is for us alone."""
        if command != pdu.UNBIND | RESPONSE or sequence != OUR_SEQUENCE or not self.life.awaits(side):
            return False
        self.life.happened(ANSWERED[side])
        return True
