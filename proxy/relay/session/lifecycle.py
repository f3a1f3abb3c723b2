"""The life of a session as a table: how it is bound, how it ends, which sides have closed.

Three small machines go side by side. Each has its own events; an event that a state has no row for changes nothing,
since peers send what they like, as often as they like.
"""

from __future__ import annotations

from enum import Enum

from proxy.net.sides import Side


class Event(Enum):
    """What may happen to a session."""

    BIND_ACCEPTED = "the SMSC accepted a bind that the ESME had asked for"
    UNBIND_AGREED = "a side agreed to an unbind that the other had asked for"
    DRAIN = "we were told to end the session when its requests are answered"
    UNBINDS_SENT = "nothing is in flight, and we have sent an unbind to both sides"
    ESME_ANSWERED = "the ESME answered our unbind"
    SMSC_ANSWERED = "the SMSC answered our unbind"
    ESME_CLOSED = "the ESME sends nothing more"
    SMSC_CLOSED = "the SMSC sends nothing more"
    END = "both connections are to be closed"


class Bind(Enum):
    """Who is there."""

    STRANGER = "no bind was ever accepted: what is sent changes no consent, and answers tell nothing about it"
    BOUND = "the SMSC has accepted a bind"
    UNBOUND = "it was bound, and has unbound"
    LEFT = "it has unbound, and was never bound"


class Stage(Enum):
    """How far it is on its way to the end."""

    OPEN = "requests pass both ways"
    DRAINING = "no new requests are taken; those in flight are waited for"
    AWAITS_BOTH = "our unbinds are out"
    AWAITS_ESME = "the SMSC has answered our unbind"
    AWAITS_SMSC = "the ESME has answered our unbind"
    UNBOUND_BY_US = "both sides have answered our unbinds"
    ENDED = "nothing more is done"


class Closed(Enum):
    """Which sides have closed their direction, in their order."""

    NEITHER = ()
    ESME = (Side.ESME,)
    SMSC = (Side.SMSC,)
    ESME_THEN_SMSC = (Side.ESME, Side.SMSC)
    SMSC_THEN_ESME = (Side.SMSC, Side.ESME)


BINDS: dict[Bind, dict[Event, Bind]] = {
    Bind.STRANGER: {Event.BIND_ACCEPTED: Bind.BOUND, Event.UNBIND_AGREED: Bind.LEFT},
    Bind.BOUND: {Event.UNBIND_AGREED: Bind.UNBOUND},
    Bind.UNBOUND: {Event.BIND_ACCEPTED: Bind.BOUND},
    Bind.LEFT: {Event.BIND_ACCEPTED: Bind.BOUND},
}

STAGES: dict[Stage, dict[Event, Stage]] = {
    Stage.OPEN: {Event.DRAIN: Stage.DRAINING, Event.END: Stage.ENDED},
    Stage.DRAINING: {Event.UNBINDS_SENT: Stage.AWAITS_BOTH, Event.END: Stage.ENDED},
    Stage.AWAITS_BOTH: {
        Event.ESME_ANSWERED: Stage.AWAITS_SMSC,
        Event.SMSC_ANSWERED: Stage.AWAITS_ESME,
        Event.END: Stage.ENDED,
    },
    Stage.AWAITS_ESME: {Event.ESME_ANSWERED: Stage.UNBOUND_BY_US, Event.END: Stage.ENDED},
    Stage.AWAITS_SMSC: {Event.SMSC_ANSWERED: Stage.UNBOUND_BY_US, Event.END: Stage.ENDED},
    Stage.UNBOUND_BY_US: {Event.END: Stage.ENDED},
    Stage.ENDED: {},
}

CLOSES: dict[Closed, dict[Event, Closed]] = {
    Closed.NEITHER: {Event.ESME_CLOSED: Closed.ESME, Event.SMSC_CLOSED: Closed.SMSC},
    Closed.ESME: {Event.SMSC_CLOSED: Closed.ESME_THEN_SMSC},
    Closed.SMSC: {Event.ESME_CLOSED: Closed.SMSC_THEN_ESME},
    Closed.ESME_THEN_SMSC: {},
    Closed.SMSC_THEN_ESME: {},
}

_LEAVING = frozenset((Stage.AWAITS_BOTH, Stage.AWAITS_ESME, Stage.AWAITS_SMSC, Stage.UNBOUND_BY_US))

CLOSED = {Side.ESME: Event.ESME_CLOSED, Side.SMSC: Event.SMSC_CLOSED}
ANSWERED = {Side.ESME: Event.ESME_ANSWERED, Side.SMSC: Event.SMSC_ANSWERED}


class Lifecycle:
    """Where one session is in the tables. The attributes say what follows for those who decide."""

    __slots__ = ("bind", "closed", "is_bound", "is_draining", "is_ended", "is_leaving", "stage")

    def __init__(self) -> None:
        self.bind = Bind.STRANGER
        self.stage = Stage.OPEN
        self.closed = Closed.NEITHER
        self._follow()

    def happened(self, event: Event) -> None:
        """Go where the tables say."""
        self.bind = BINDS[self.bind].get(event, self.bind)
        self.stage = STAGES[self.stage].get(event, self.stage)
        self.closed = CLOSES[self.closed].get(event, self.closed)
        self._follow()

    def _follow(self) -> None:
        self.is_bound = self.bind is Bind.BOUND
        """Whether the SMSC has accepted a bind; otherwise an answer tells nothing about consent."""
        self.is_draining = self.stage not in (Stage.OPEN, Stage.ENDED)
        """Whether new requests are turned away, for the session to end."""
        self.is_leaving = self.stage in _LEAVING
        """Whether a drain has come to its unbinds; what is left is for both sides to answer them."""
        self.is_ended = self.stage is Stage.ENDED

    @property
    def is_known(self) -> bool:
        """Whether the SMSC has ever accepted a bind: from then on it is no stranger, unbound or not."""
        return self.bind in (Bind.BOUND, Bind.UNBOUND)

    @property
    def is_unbound(self) -> bool:
        """Whether an unbind was agreed to, and no bind was accepted since."""
        return self.bind in (Bind.UNBOUND, Bind.LEFT)

    @property
    def first_closed(self) -> Side | None:
        """Who closed first, if anybody did."""
        return self.closed.value[0] if self.closed.value else None

    def has_closed(self, side: Side) -> bool:
        """Whether this side sends nothing more."""
        return side in self.closed.value

    def awaits(self, side: Side) -> bool:
        """Whether this side has still to answer our unbind."""
        return ANSWERED[side] in STAGES[self.stage]
