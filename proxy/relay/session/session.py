"""One conversation between an ESME and an SMSC, without I/O: bytes in, actions out.

The conversation feeds ``receive`` with what it reads and carries out the actions it returns, in order.
The octets in a ``Send`` are the ones that came; the only ones written here are refusals, the shortened request
and the completed response of a partly refused submit_multi, generic_nack for lost framing, and the unbinds of a drain.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from proxy.consent.lookups import Consent
from proxy.consent.wishes import Made, Origin, Wish
from proxy.net.sides import Side
from proxy.net.statistics import Statistics
from proxy.relay.session.actions import Action, End, EndedBy, HalfClose, Note, Record, Send, remember
from proxy.relay.session.deliveries import Delivered, Deliveries
from proxy.relay.session.dialect import Dialect
from proxy.relay.session.from_esme import FromEsme
from proxy.relay.session.from_smsc import FromSmsc
from proxy.relay.session.lifecycle import CLOSED, Event
from proxy.relay.session.standing import OUR_SEQUENCE, Standing
from proxy.relay.session.submits import Submits, Submitted
from proxy.relay.session.tally import Tally
from proxy.smpp import pdu
from proxy.smpp.frames import Frames

ESME, SMSC = Side.ESME, Side.SMSC


class Session:
    """One ESME connection and the SMSC connection made for it.

    ``receive``, ``recorded``, ``eof`` and ``drain`` return actions to carry out in order; none of
    them raises, whatever the peers send.
    """

    def __init__(
        self, dialect: Dialect, tally: Tally, origin: Origin, may_bind: Callable[[], bool] = lambda: True
    ) -> None:
        """``may_bind`` is asked before a bind is passed on: whether its sender is within the limit of binds."""
        self._at = Standing(dialect, tally, origin)
        submits = Submits(self._at)
        self._deliveries = Deliveries(self._at, submits.count)
        self._submits = submits
        self._from_esme = FromEsme(self._at, submits, self._deliveries, may_bind)
        self._from_smsc = FromSmsc(self._at, submits, self._deliveries)
        self._frames = (Frames(dialect.max_pdu), Frames(dialect.max_pdu))
        self._pdus = [0, 0]
        self._changes = 0
        self.tap: Callable[[Side, bytes, Sequence[int]], None] | None = None
        """Shown the whole frames that come, if somebody captures them: a buffer, and where each ends in it."""

    @property
    def origin(self) -> Origin:
        """Where its changes come from."""
        return self._at.origin

    def statistics(self) -> Statistics:
        """The session as it stands now."""
        return Statistics(
            self._at.origin.system_id,
            pdu.command_name(self._at.bound_as).removeprefix("bind_") if self.is_bound else "",
            self.is_bound,
            self._at.life.is_draining,
            (self._at.in_flight[0], self._at.in_flight[1]),
            self._submits.refused,
            self._changes,
            (self._pdus[0], self._pdus[1]),
        )

    @property
    def dialect(self) -> Dialect:
        """What it decides by."""
        return self._at.dialect

    @property
    def in_flight(self) -> Sequence[int]:
        """Requests without an answer, by who asked."""
        return self._at.in_flight

    def is_answered(self, side: Side) -> bool:
        """Whether, by their number, all requests of a side have their answers."""
        return not self._at.in_flight[side]

    def answers_due(self) -> tuple[int, int]:
        """How many requests of the ESME have no answer, and how many PDUs the SMSC has sent so far."""
        return self._at.in_flight[ESME], self._pdus[SMSC]

    @property
    def is_bound(self) -> bool:
        """Whether the SMSC has accepted a bind (and no unbind since)."""
        return self._at.life.is_bound

    @property
    def is_leaving(self) -> bool:
        """Whether a drain has come to its unbinds; what is left is for both sides to answer them."""
        return self._at.life.is_leaving

    def apply(self, dialect: Dialect) -> None:
        """Decide by other settings from now on."""
        self._at.dialect = dialect
        self._from_esme.apply()
        for frames in self._frames:
            frames.max_pdu = dialect.max_pdu

    def receive(self, side: Side, data: bytes, consent: Consent) -> list[Action]:
        """What to do with the next octets from a side. ``consent`` is looked at during the call only."""
        if self._at.life.is_ended:
            return []
        self._at.tally.bytes[side] += len(data)
        buffer, ends, commands = self._frames[side].feed(data)
        self._pdus[side] += len(ends)
        if side is ESME:
            actions = self._from_esme.receive(buffer, ends, consent)
        else:
            actions = self._from_smsc.receive(buffer, ends, commands, consent)
        if self.tap is not None:
            self.tap(side, buffer, ends)
        if actions and type(actions[-1]) is Record:
            return actions
        return self._finish(side, actions)

    def recorded(self, record: Record, made: Made | None) -> list[Action]:
        """What to do now with the read of which something was recorded: the entries that each wish made, or None if
        they could not be.
        """
        if made is not None:
            self._changes += sum(map(len, made))
        if isinstance(record.batch, Submitted):
            actions = self._from_esme.recorded(record.batch, made)
        else:
            assert isinstance(record.batch, Delivered)
            actions = self._from_smsc.recorded(record.batch, made)
        return self._finish(record.side, actions)

    def let_answers_pass(self) -> list[Action]:
        """What to do when recording takes long: the SMSC's answers that came with what is recorded go before it."""
        return [] if self._at.life.is_ended else self._from_smsc.let_answers_pass()

    @property
    def may_read_on(self) -> bool:
        """Whether more of the SMSC may be read while something of it is being recorded: its answers pass at once."""
        return self._from_smsc.may_read_on

    def resume(self, consent: Consent) -> list[Action]:
        """What to do, behind what ``recorded`` said, with the SMSC's requests that came meanwhile."""
        if self._at.life.is_ended:
            return []
        actions = self._from_smsc.resume(consent)
        return actions if actions and type(actions[-1]) is Record else self._finish(SMSC, actions)

    def look_at_answers(self) -> tuple[Wish, ...]:
        """What has to be remembered, or can be forgotten, of messages by now; to be asked every half second or so."""
        return self._deliveries.unanswered.look()

    def unanswered(self) -> tuple[Wish, ...]:
        """What has to be remembered of a session that is over: messages that the SMSC may offer again."""
        return self._deliveries.unanswered.left_over(is_unbound=self._at.life.is_unbound)

    def eof(self, side: Side, *, is_broken: bool = False) -> list[Action]:
        """A side has closed its direction: let it have the answers still due to it, then end.

        When the last one was given can't be told by counting, since peers answer twice: the other side is told that
        nothing more comes, and its end, or its answer to an unbind, is the end. ``is_broken``: the connection is gone,
        or the answers took too long; end now.
        """
        if self._at.life.is_ended:
            return []
        self._at.life.happened(CLOSED[side])
        pending = self._frames[side].pending
        notes: list[Action] = []
        if side is SMSC or is_broken:
            notes += remember(self._deliveries.unanswered.cut_off(is_unbound=self._at.life.is_unbound))
        if pending:
            notes.append(Note("partial_pdu_dropped", {"side": side.name.lower(), "octets": pending}))
        if self._at.in_flight[side] > 0 and not self._at.life.has_closed(side.other) and not is_broken:
            return [*notes, HalfClose(side.other)]
        return [*notes, self._end_of_eof(side)]

    def drain(self, *, at_once: bool = False) -> list[Action]:
        """Take no new requests, and unbind both sides when nothing is in flight (or ``at_once``)."""
        if self._at.life.is_ended:
            return []
        self._at.life.happened(Event.DRAIN)
        if at_once:
            self._at.in_flight = [0, 0]
        return self._finish(ESME, [])

    # Ends.

    def _finish(self, side: Side, actions: list[Action]) -> list[Action]:
        """Add what follows from the state after a batch: lost framing, a farewell, the end."""
        life = self._at.life
        if fault := self._frames[side].fault:
            nack = pdu.header_only(pdu.GENERIC_NACK, pdu.RINVCMDLEN, 0)
            actions += [Send(side, nack), self._end("frame_error", f"from the {side.name}: {fault}")]
        elif self._at.is_over_limit:
            actions.append(self._end("limit", "limits.binds_per_minute"))
        elif life.is_draining:
            actions += self._farewell()
        elif life.first_closed is not None and life.is_unbound and not self._at.in_flight[life.first_closed]:
            actions.append(self._end_of_eof(life.first_closed))
        return actions

    def _farewell(self) -> list[Action]:
        if self._at.life.is_leaving:
            is_awaited = self._at.life.awaits(ESME) or self._at.life.awaits(SMSC)
            return [] if is_awaited else [self._end("drain", "both sides have unbound")]
        if any(self._at.in_flight):
            return []
        if not self.is_bound:
            return [self._end("drain", "nothing was bound")]
        self._at.life.happened(Event.UNBINDS_SENT)
        unbind = pdu.header_only(pdu.UNBIND, pdu.ROK, OUR_SEQUENCE)
        return [Send(SMSC, unbind), Send(ESME, unbind)]

    def _end_of_eof(self, side: Side) -> End:
        first = side if self._at.life.first_closed is None else self._at.life.first_closed
        ended_by: EndedBy = "esme" if first is ESME else "smsc"
        if self._at.life.is_unbound:
            ended_by = "unbind"
        if self._at.life.is_draining:
            ended_by = "drain"
        return self._end(ended_by, f"the {first.name} closed the connection")

    def _end(self, ended_by: EndedBy, reason: str) -> End:
        self._at.life.happened(Event.END)
        return End(ended_by, reason)
