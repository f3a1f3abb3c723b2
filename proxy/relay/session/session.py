"""One conversation between an ESME and an SMSC, without I/O: bytes in, actions out.

The pump feeds ``receive`` with what it reads and carries out the actions it returns, in order.
The octets in a ``Send`` are the ones that came; the only ones written here are refusals, the two
halves of a partly refused submit_multi, generic_nack for lost framing, and the unbinds of a drain.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from proxy.consent.entries import Entry
from proxy.consent.rules import Consent, Origin, Wish
from proxy.relay.session.actions import Action, Edit, End, EndedBy, HalfClose, Note, Record, Remember, Send, assemble
from proxy.relay.session.deliveries import Delivered, Deliveries
from proxy.relay.session.glance import Glance
from proxy.relay.session.policy import Policy
from proxy.relay.session.submits import CHECKED, Hopeful, Submits, Submitted
from proxy.relay.session.tally import UNKNOWN_COMMAND, Side, Tally
from proxy.smpp import pdu
from proxy.smpp.frames import Frames
from proxy.smpp.pdu import RESPONSE

ESME, SMSC = Side.ESME, Side.SMSC
SUBMIT_SM_RESP = pdu.SUBMIT_SM | RESPONSE

ANSWERS_TO_MESSAGES = frozenset((pdu.DELIVER_SM | RESPONSE, pdu.DATA_SM | RESPONSE, pdu.GENERIC_NACK))

OUR_SEQUENCE = 0x7FFFFFFF
"""The sequence_number of the unbinds we write when draining: the last one the specification allows."""


MOST_BINDS = 16
"""Binds of one session whose answer is waited for; those beyond pass, and bind nothing as far as we know."""


class _Bind(NamedTuple):
    """A bind that was asked for."""

    command: int
    system_id: str


@dataclass(frozen=True, slots=True)
class Statistics:
    """A snapshot of a session. ``in_flight`` counts requests without an answer, by who asked."""

    system_id: str
    bind: str
    """What was bound as: transmitter, receiver, transceiver; empty if nothing is."""
    is_bound: bool
    is_draining: bool
    in_flight: tuple[int, int]
    refused: int
    changes: int
    pdus: tuple[int, int]


class Session:
    """One ESME connection and the SMSC connection made for it.

    ``receive``, ``recorded``, ``eof`` and ``drain`` return actions to carry out in order; none of
    them raises, whatever the peers send.
    """

    def __init__(
        self, policy: Policy, tally: Tally, origin: Origin, may_bind: Callable[[], bool] = lambda: True
    ) -> None:
        """``may_bind`` is asked before a bind is passed on: whether its sender is within the limit of binds."""
        self.policy = policy
        self._may_bind = may_bind
        self.origin = origin
        self._tally = tally
        self._glance = Glance(policy)
        self._submits = Submits(policy, tally)
        self._deliveries = Deliveries(policy, tally, self._submits.count)
        self._frames = (Frames(policy.max_pdu), Frames(policy.max_pdu))
        self._in_flight = [0, 0]
        self._bind = 0
        self._binds: dict[int, _Bind] = {}
        """Those without an answer, by sequence_number."""
        self._was_accepted = False
        """Whether the SMSC has accepted a bind on this session; from then on it is no stranger, unbound or not."""
        self._is_over_limit = False
        self._pdus = [0, 0]
        self._changes = 0
        self._at_eof = [False, False]
        self._first_closed: Side | None = None
        self._unbinding = [False, False]
        """Whether a side has asked for an unbind that has no answer yet."""
        self._is_unbound = False
        self._awaiting_unbind_resp: set[Side] | None = None
        self._delivered: Delivered | None = None
        self._submitted: Submitted | None = None
        self._ended = False

    def statistics(self) -> Statistics:
        """The session as it stands now."""
        return Statistics(
            self.origin.system_id,
            pdu.command_name(self._bind).removeprefix("bind_") if self._submits.is_bound else "",
            self._submits.is_bound,
            self._submits.is_draining,
            (self._in_flight[0], self._in_flight[1]),
            self._submits.refused,
            self._changes,
            (self._pdus[0], self._pdus[1]),
        )

    def is_answered(self, side: Side) -> bool:
        """Whether, by their number, all requests of a side have their answers."""
        return not self._in_flight[side]

    def answers_due(self) -> tuple[int, int]:
        """How many requests of the ESME have no answer, and how many PDUs the SMSC has sent so far."""
        return self._in_flight[ESME], self._pdus[SMSC]

    @property
    def is_bound(self) -> bool:
        """Whether the SMSC has accepted a bind (and no unbind since)."""
        return self._submits.is_bound

    @property
    def is_leaving(self) -> bool:
        """Whether a drain has come to its unbinds; what is left is for both sides to answer them."""
        return self._awaiting_unbind_resp is not None

    def apply(self, policy: Policy) -> None:
        """Decide by other settings from now on."""
        self.policy = self._submits.policy = self._deliveries.policy = policy
        self._glance = Glance(policy)
        for frames in self._frames:
            frames.max_pdu = policy.max_pdu

    def receive(self, side: Side, data: bytes, consent: Consent) -> list[Action]:
        """What to do with the next octets from a side. ``consent`` is looked at during the call only."""
        if self._ended:
            return []
        self._tally.bytes[side] += len(data)
        buffer, ends, commands = self._frames[side].feed(data)
        self._pdus[side] += len(ends)
        if side is ESME:
            actions = self._from_esme(buffer, ends, consent)
        else:
            actions = self._from_smsc(buffer, ends, commands, consent)
        if actions and type(actions[-1]) is Record:
            return actions
        return self._finish(side, actions)

    def recorded(self, side: Side, made: Sequence[Sequence[Entry]] | None) -> list[Action]:
        """What to do with the batch from this side whose wishes were recorded: the entries each made, or None if
        they could not be.
        """
        if made is not None:
            self._changes += sum(map(len, made))
        decide = self._recorded_of_esme if side is ESME else self._recorded_of_smsc
        return self._finish(side, decide(made))

    def _recorded_of_smsc(self, made: Sequence[Sequence[Entry]] | None) -> list[Action]:
        batch, self._delivered = self._delivered, None
        assert batch is not None
        if made is not None:
            return batch.sends(SMSC)
        returned, remembered = self._deliveries.turn_back_carriers(batch)
        self._in_flight[SMSC] = max(0, self._in_flight[SMSC] - returned)
        return [*_remember(remembered), *batch.sends(SMSC)]

    def look_at_answers(self) -> tuple[Wish, ...]:
        """What has to be remembered, or can be forgotten, of messages by now; to be asked every half second or so."""
        return self._deliveries.look_at_answers()

    def unanswered(self) -> tuple[Wish, ...]:
        """What has to be remembered of a session that is over: messages that the SMSC may offer again."""
        return self._deliveries.left_over(is_unbound=self._is_unbound)

    def eof(self, side: Side, *, is_broken: bool = False) -> list[Action]:
        """A side has closed its direction: let it have the answers still due to it, then end.

        When the last one was given can't be told by counting, since peers answer twice: the other side is told that
        nothing more comes, and its end, or its answer to an unbind, is the end. ``is_broken``: the connection is gone,
        or the answers took too long; end now.
        """
        if self._ended:
            return []
        self._at_eof[side] = True
        if self._first_closed is None:
            self._first_closed = side
        pending = self._frames[side].pending
        notes: list[Action] = self._cut_off() if side is SMSC or is_broken else []
        if pending:
            notes.append(Note("partial_pdu_dropped", {"side": side.name.lower(), "octets": pending}))
        if self._in_flight[side] > 0 and not self._at_eof[side.other] and not is_broken:
            return [*notes, HalfClose(side.other)]
        return [*notes, self._end_of_eof(side)]

    def _cut_off(self) -> list[Action]:
        return _remember(self._deliveries.cut_off(is_unbound=self._is_unbound))

    def drain(self, *, at_once: bool = False) -> list[Action]:
        """Take no new requests, and unbind both sides when nothing is in flight (or ``at_once``)."""
        if self._ended:
            return []
        self._submits.is_draining = True
        if at_once:
            self._in_flight = [0, 0]
        return self._finish(ESME, [])

    # From the ESME: submits are judged, the rest passes.

    def _from_esme(self, buffer: bytes, ends: list[int], consent: Consent) -> list[Action]:
        unsure = range(len(ends)) if self._submits.is_draining else self._glance.unsure(buffer, ends, consent)
        passed = len(ends) - len(unsure)
        counts = self._tally.pdus[ESME]
        counts[pdu.SUBMIT_SM] += passed
        self._in_flight[ESME] += passed
        if passed and not unsure:
            return [Send(SMSC, assemble(buffer, ends[-1]))]
        batch = Submitted(buffer, ends[-1] if ends else 0)
        edits, answers = batch.edits, batch.answers
        for position in unsure:
            start, end = ends[position - 1] if position else 0, ends[position]
            _, command, command_status, sequence = pdu.HEADER.unpack_from(buffer, start)
            counts[command if command in counts else UNKNOWN_COMMAND] += 1
            status = None
            if command & RESPONSE:
                self._note_response_of_esme(batch, start, end, command, command_status, sequence)
                if command in ANSWERS_TO_MESSAGES:
                    is_taken = command_status == pdu.ROK and command != pdu.GENERIC_NACK
                    if wish := self._deliveries.answered(sequence, consent, is_taken=is_taken):
                        batch.turned_back.append(wish)
            elif command in CHECKED:
                verdict = self._submits.judge(buffer, start, end, command, sequence, consent)
                if verdict is not None and verdict.confirms is not None:
                    batch.hopeful.append(Hopeful(start, end, sequence, verdict.confirms))
                elif verdict is not None:
                    edits.append(Edit(start, end, verdict.replacement))
                    status = verdict.status
            elif command in pdu.BINDS:
                if not self._may_bind():
                    self._is_over_limit, batch.end = True, start
                    break
                self._ask_for_bind(command, sequence, pdu.system_id(buffer, start, end))
            if status is not None:
                answers.append(pdu.refusal(command, status, sequence))
            elif command in pdu.ANSWERED:
                self._in_flight[ESME] += 1
                if command == pdu.UNBIND:
                    self._unbinding[ESME] = True
        notes: list[Action] = [*self._submits.take_notes()]
        if not batch.hopeful and not batch.turned_back:
            return [*notes, *batch.sends(ESME)]
        self._submitted = batch
        claims = (self.policy.claim(hopeful.pair, self.origin) for hopeful in batch.hopeful)
        return [*notes, Record(ESME, (*claims, *batch.turned_back))]

    def _ask_for_bind(self, command: int, sequence: int, system_id: str) -> None:
        """Note a bind that is passed on. Only one that is accepted says who sends, and who later STOPs are sent to."""
        if len(self._binds) < MOST_BINDS:
            self._binds[sequence] = _Bind(command, system_id)
        if not self._submits.is_bound:
            self.origin = self.origin._replace(system_id=system_id)
        self._submits.notes.append(Note("bind", {"command": pdu.command_name(command), "system_id": system_id}))

    def _recorded_of_esme(self, made: Sequence[Sequence[Entry]] | None) -> list[Action]:
        batch, self._submitted = self._submitted, None
        assert batch is not None
        for position, (start, end, sequence, pair) in enumerate(batch.hopeful):
            if made is None or not made[position]:
                status = self._submits.unconfirmed(pair, is_durable=made is not None)
                batch.edits.append(Edit(start, end))
                batch.answers.append(pdu.refusal(pdu.SUBMIT_SM, status, sequence))
                self._in_flight[ESME] = max(0, self._in_flight[ESME] - 1)
        batch.edits.sort()
        remembered = batch.turned_back if made is None else ()
        return [*self._submits.take_notes(), *_remember(remembered), *batch.sends(ESME)]

    def _note_response_of_esme(
        self, batch: Submitted, start: int, end: int, command: int, status: int, sequence: int
    ) -> None:
        if self._is_answer_to_ours(ESME, command, sequence):
            batch.edits.append(Edit(start, end))
            return
        self._answered(SMSC, command)
        if command == pdu.UNBIND | RESPONSE:
            self._unbind_answered(SMSC, status)

    # From the SMSC: consumers are heard, the rest passes.

    def _from_smsc(self, buffer: bytes, ends: list[int], commands: list[int], consent: Consent) -> list[Action]:
        counts = self._tally.pdus[SMSC]
        answered = commands.count(SUBMIT_SM_RESP)
        counts[SUBMIT_SM_RESP] += answered
        in_flight = self._in_flight[ESME]
        self._in_flight[ESME] = in_flight - answered if answered < in_flight else 0
        if answered == len(ends) > 0:
            return [Send(ESME, assemble(buffer, ends[-1]))]
        batch = Delivered(buffer, ends[-1] if ends else 0)
        start = 0
        for end, command in zip(ends, commands, strict=True):
            if command == SUBMIT_SM_RESP:
                start = end
                continue
            _, _, status, sequence = pdu.HEADER.unpack_from(buffer, start)
            counts[command if command in counts else UNKNOWN_COMMAND] += 1
            if command & RESPONSE:
                self._note_response_of_smsc(batch, start, end, command, status, sequence)
            elif command in (pdu.DELIVER_SM, pdu.DATA_SM):
                self._hear(batch, start, end, command, sequence, consent)
            elif command in pdu.ANSWERED:
                self._in_flight[SMSC] += 1
                if command == pdu.UNBIND:
                    self._unbinding[SMSC] = True
            start = end
        if not batch.wishes:
            return [*batch.notes, *batch.sends(SMSC)]
        self._delivered = batch
        return [*batch.notes, Record(SMSC, tuple(batch.wishes))]

    def _hear(self, batch: Delivered, start: int, end: int, command: int, sequence: int, consent: Consent) -> None:
        """A message from the SMSC's side. From whoever has never accepted a bind it changes nothing."""
        if self._submits.is_draining:
            self._deliveries.turn_back(batch, start, end, command, sequence, consent, is_heard=self._was_accepted)
            return
        self._in_flight[SMSC] += 1
        if self._was_accepted:
            self._deliveries.hear(batch, start, end, command, sequence, consent, self.origin)

    def _answered(self, side: Side, command: int) -> None:
        """One request of this side has its answer."""
        if self._in_flight[side] and (command == pdu.GENERIC_NACK or command ^ RESPONSE in pdu.ANSWERED):
            self._in_flight[side] -= 1

    def _unbind_answered(self, side: Side, status: int) -> None:
        """An unbind_resp to a side: it ends the bind only if that side asked for it, and the other agreed."""
        is_asked, self._unbinding[side] = self._unbinding[side], False
        if is_asked and status == pdu.ROK:
            self._submits.is_bound, self._is_unbound = False, True

    def _note_response_of_smsc(
        self, batch: Delivered, start: int, end: int, command: int, status: int, sequence: int
    ) -> None:
        if self._is_answer_to_ours(SMSC, command, sequence):
            batch.edits.append(Edit(start, end))
            return
        self._answered(ESME, command)
        request = command ^ RESPONSE
        if request in pdu.BINDS:
            batch.notes.append(self._bind_answered(request, status, sequence))
        elif request == pdu.UNBIND:
            self._unbind_answered(ESME, status)
        elif command == pdu.GENERIC_NACK and not self._submits.is_bound:
            asked = self._binds.pop(sequence, None)
            fields = {"command": "generic_nack", "status": pdu.status_name(status)}
            batch.notes.append(Note("bind_refused", fields | ({"system_id": asked.system_id} if asked else {})))
        elif self._submits.awaits_answers:
            completed = self._submits.answered(batch.buffer[start:end], command, status, sequence)
            if completed is not None:
                batch.edits.append(Edit(start, end, completed))

    def _bind_answered(self, command: int, status: int, sequence: int) -> Note:
        """A bind's response: it binds only if somebody asked for it, since on some routes strangers can send one.

        SMSCs that don't give the request's sequence_number back are taken to answer the first one of its kind, or else
        the first of any.
        """
        if sequence not in self._binds:
            same = (n for n, each in self._binds.items() if each.command == command)
            sequence = next(same, next(iter(self._binds), -1))
        asked = self._binds.pop(sequence, None)
        fields = {"command": pdu.command_name(command)}
        if asked is None:
            return Note("bind_answer_unasked", fields | {"status": pdu.status_name(status)})
        fields["system_id"] = asked.system_id
        if status != pdu.ROK:
            return Note("bind_refused", fields | {"status": pdu.status_name(status)})
        self._submits.is_bound, self._bind = True, command
        self._was_accepted, self._is_unbound = True, False
        self.origin = self.origin._replace(system_id=asked.system_id)
        return Note("bound", fields)

    # Ends.

    def _finish(self, side: Side, actions: list[Action]) -> list[Action]:
        """Add what follows from the state after a batch: lost framing, a farewell, the end."""
        if fault := self._frames[side].fault:
            nack = pdu.header_only(pdu.GENERIC_NACK, pdu.RINVCMDLEN, 0)
            actions += [Send(side, nack), self._end("frame_error", f"from the {side.name}: {fault}")]
        elif self._is_over_limit:
            actions.append(self._end("limit", "limits.binds_per_minute"))
        elif self._submits.is_draining:
            actions += self._farewell()
        elif self._first_closed is not None and self._is_unbound and not self._in_flight[self._first_closed]:
            actions.append(self._end_of_eof(self._first_closed))
        return actions

    def _farewell(self) -> list[Action]:
        if self._awaiting_unbind_resp is not None:
            return [] if self._awaiting_unbind_resp else [self._end("drain", "both sides have unbound")]
        if any(self._in_flight):
            return []
        if not self._submits.is_bound:
            return [self._end("drain", "nothing was bound")]
        self._awaiting_unbind_resp = {ESME, SMSC}
        unbind = pdu.header_only(pdu.UNBIND, pdu.ROK, OUR_SEQUENCE)
        return [Send(SMSC, unbind), Send(ESME, unbind)]

    def _is_answer_to_ours(self, side: Side, command: int, sequence: int) -> bool:
        awaited = self._awaiting_unbind_resp
        if awaited is None or side not in awaited or command != pdu.UNBIND | RESPONSE or sequence != OUR_SEQUENCE:
            return False
        awaited.discard(side)
        return True

    def _end_of_eof(self, side: Side) -> End:
        first = side if self._first_closed is None else self._first_closed
        ended_by: EndedBy = "esme" if first is ESME else "smsc"
        if self._is_unbound:
            ended_by = "unbind"
        if self._submits.is_draining:
            ended_by = "drain"
        return self._end(ended_by, f"the {first.name} closed the connection")

    def _end(self, ended_by: EndedBy, reason: str) -> End:
        self._ended = True
        return End(ended_by, reason)


def _remember(wishes: Sequence[Wish]) -> list[Action]:
    return [Remember(tuple(wishes))] if wishes else []
