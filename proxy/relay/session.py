"""One conversation between an ESME and an SMSC, without I/O: bytes in, actions out.

The pump feeds ``receive`` with what it reads and carries out the actions it returns, in order.
The octets in a ``Send`` are the ones that came; the only ones written here are refusals, the two
halves of a partly refused submit_multi, generic_nack for lost framing, and the unbinds of a drain.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from proxy.consent.numbers import Pair
from proxy.consent.rules import Change, Consent, ConsentUnreadable, Origin, State
from proxy.relay.policy import Policy
from proxy.relay.tally import Side, Tally
from proxy.smpp import multi, pdu
from proxy.smpp.frames import Frames
from proxy.smpp.pdu import RESPONSE, Address, PduError

EndedBy = Literal["esme", "smsc", "unbind", "drain", "idle", "bind_timeout", "frame_error", "limit", "internal"]

OUR_SEQUENCE = 0x7FFFFFFF
"""The sequence_number of the unbinds we write when draining: the last one the specification allows."""

MOST_PARTIAL_MULTIS = 1000
"""Partly refused submit_multis that may wait for their answer; more than any window in use."""


class Send(NamedTuple):
    """Send these octets to a side: whole PDUs."""

    to: Side
    data: bytes


class Record(NamedTuple):
    """Make these changes durable, then call ``Session.recorded``. Always the last of its list."""

    changes: tuple[Change, ...]


class HalfClose(NamedTuple):
    """Tell a side that nothing more will be sent to it; it may still send."""

    to: Side


class Note(NamedTuple):
    """Something to log."""

    event: str
    fields: dict[str, Any]


class End(NamedTuple):
    """Close both connections."""

    ended_by: EndedBy
    reason: str


Action = Send | Record | HalfClose | Note | End


class _Edit(NamedTuple):
    """Frames ``start`` to ``end`` of a batch leave as ``replacement``."""

    start: int
    end: int
    replacement: bytes


class _Carrier(NamedTuple):
    """A frame that carried a change: cut out, and answered, if the change can't be recorded."""

    start: int
    end: int
    command: int
    sequence: int


@dataclass(slots=True)
class _Batch:
    """What became of the frames of one read from the SMSC, while its changes are being recorded."""

    buffer: bytes
    end: int = 0
    edits: list[_Edit] = field(default_factory=list)
    carriers: list[_Carrier] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    states: dict[Pair, State] = field(default_factory=dict)
    notes: list[Action] = field(default_factory=list)
    answers: list[bytes] = field(default_factory=list)
    """What we answer the SMSC for frames that were not passed on."""


@dataclass(frozen=True, slots=True)
class Statistics:
    """A snapshot of a session. ``in_flight`` counts requests without an answer, by who asked."""

    system_id: str
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

    def __init__(self, policy: Policy, tally: Tally, origin: Origin) -> None:
        self.policy = policy
        self.origin = origin
        self._tally = tally
        self._frames = (Frames(policy.max_pdu), Frames(policy.max_pdu))
        self._in_flight = [0, 0]
        self._pdus = [0, 0]
        self._at_eof = [False, False]
        self._first_closed: Side | None = None
        self._refused = 0
        self._changes = 0
        self._is_bound = False
        self._is_unbound = False
        self._is_draining = False
        self._awaiting_unbind_resp: set[Side] | None = None
        self._partial_multis: dict[int, deque[list[Address]]] = {}
        self._batch: _Batch | None = None
        self._ended = False

    def statistics(self) -> Statistics:
        """The session as it stands now."""
        esme, smsc = self._in_flight
        return Statistics(
            self.origin.system_id,
            self._is_bound,
            self._is_draining,
            (esme, smsc),
            self._refused,
            self._changes,
            (self._pdus[0], self._pdus[1]),
        )

    @property
    def is_bound(self) -> bool:
        """Whether the SMSC has accepted a bind (and no unbind since)."""
        return self._is_bound

    def receive(self, side: Side, data: bytes, consent: Consent) -> list[Action]:
        """What to do with the next octets from a side. ``consent`` is looked at during the call only."""
        if self._ended:
            return []
        self._tally.bytes[side] += len(data)
        buffer, ends = self._frames[side].feed(data)
        self._pdus[side] += len(ends)
        if side is Side.ESME:
            return self._finish(side, self._from_esme(buffer, ends, consent))
        actions = self._from_smsc(buffer, ends, consent)
        return actions if self._batch is not None else self._finish(side, actions)

    def recorded(self, is_durable: bool) -> list[Action]:
        """What to do with the batch whose changes were recorded, or could not be."""
        batch, self._batch = self._batch, None
        assert batch is not None
        if is_durable:
            self._changes += len(batch.changes)
            return self._finish(Side.SMSC, self._to_esme(batch, batch.edits))
        edits = list(batch.edits)
        for start, end, command, sequence in batch.carriers:
            edits.append(_Edit(start, end, b""))
            self._turn_back(batch, command, sequence, "not_recorded")
        self._in_flight[Side.SMSC] -= len(batch.carriers)
        return self._finish(Side.SMSC, self._to_esme(batch, sorted(edits)))

    def eof(self, side: Side, *, is_broken: bool = False) -> list[Action]:
        """A side has closed its direction: let it have the answers still due to it, then end.

        ``is_broken``: the connection is gone, or the answers took too long; end now.
        """
        if self._ended:
            return []
        self._at_eof[side] = True
        if self._first_closed is None:
            self._first_closed = side
        pending = self._frames[side].pending
        notes: list[Action] = []
        if pending:
            notes.append(Note("partial_pdu_dropped", {"side": side.name.lower(), "octets": pending}))
        if self._in_flight[side] > 0 and not self._at_eof[side.other] and not is_broken:
            return [*notes, HalfClose(side.other)]
        return [*notes, self._end_of_eof(side)]

    def drain(self, *, at_once: bool = False) -> list[Action]:
        """Take no new requests, and unbind both sides when nothing is in flight (or ``at_once``)."""
        self._is_draining = True
        if at_once:
            self._in_flight = [0, 0]
        return self._finish(Side.ESME, [])

    # From the ESME: submits are judged, the rest passes.

    def _from_esme(self, buffer: bytes, ends: list[int], consent: Consent) -> list[Action]:
        edits: list[_Edit] = []
        answers: list[bytes] = []
        notes: list[Action] = []
        count = self._tally.count_pdu
        start = 0
        for end in ends:
            _, command, _, sequence = pdu.HEADER.unpack_from(buffer, start)
            count(Side.ESME, command)
            if command & RESPONSE:
                if self._is_answer_to_ours(Side.ESME, command, sequence):
                    edits.append(_Edit(start, end, b""))
                elif self._in_flight[Side.SMSC]:
                    self._in_flight[Side.SMSC] -= 1
            else:
                refused = self._judge(buffer, start, end, command, sequence, consent, edits, notes)
                if refused is not None:
                    edits.append(_Edit(start, end, b""))
                    answers.append(pdu.refusal(command, refused, sequence))
                elif command not in pdu.UNANSWERED:
                    self._in_flight[Side.ESME] += 1
            start = end
        actions: list[Action] = notes
        if answers:
            actions.append(Send(Side.ESME, b"".join(answers)))
        if passed := _assemble(buffer, start, edits):
            actions.append(Send(Side.SMSC, passed))
        return actions

    def _judge(
        self,
        buffer: bytes,
        start: int,
        end: int,
        command: int,
        sequence: int,
        consent: Consent,
        edits: list[_Edit],
        notes: list[Action],
    ) -> int | None:
        """The status to refuse this request with, None to pass it on (edited, if in ``edits``)."""
        try:
            if command in (pdu.SUBMIT_SM, pdu.DATA_SM):
                source, destination, _ = pdu.read_addresses(buffer, start, end)
                pair = self.policy.pair_of_mt(source, destination)
                if consent.state(pair) is State.OPTED_OUT:
                    return self._refuse(command, "opted_out", self.policy.refuse_with, notes, pair)
            elif command == pdu.SUBMIT_MULTI:
                refused = self._judge_multi(buffer, start, end, sequence, consent, edits, notes)
                if refused is not None:
                    return refused
            else:
                if command in pdu.BINDS:
                    self._note_bind(buffer, start, end)
                return None
        except PduError as error:
            self._tally.unreadable[pdu.command_name(command)] += 1
            notes.append(_unreadable(Side.ESME, command, error))
            return self._refuse(command, "unreadable", pdu.RINVCMDLEN, notes)
        except ConsentUnreadable as error:
            notes.append(Note("consent_unreadable", {"reason": str(error)}))
            return self._refuse(command, "consent_unreadable", self.policy.unavailable, notes)
        if self._is_draining:
            return self._refuse(command, "draining", self.policy.unavailable, notes)
        return None

    def _judge_multi(
        self,
        buffer: bytes,
        start: int,
        end: int,
        sequence: int,
        consent: Consent,
        edits: list[_Edit],
        notes: list[Action],
    ) -> int | None:
        request = multi.read_multi(buffer, start, end)
        refused: list[multi.Destination] = []
        addresses: list[Address] = []
        for destination in request.destinations:
            if destination.address is None:
                if self.policy.distribution_lists == "refuse":
                    status = pdu.STATUSES["ESME_RCNTSUBDL"]
                    return self._refuse(pdu.SUBMIT_MULTI, "distribution_list", status, notes)
                continue
            pair = self.policy.pair_of_mt(request.source, destination.address)
            if consent.state(pair) is State.OPTED_OUT:
                refused.append(destination)
                addresses.append(destination.address)
                self._refuse(pdu.SUBMIT_MULTI, "opted_out", self.policy.refuse_with, notes, pair)
        if not refused:
            if sequence in self._partial_multis:
                self._partial_multis[sequence].append([])
            return None
        if len(refused) == len(request.destinations) or not self._is_bound:
            return self.policy.refuse_with if self._is_bound else pdu.RINVBNDSTS
        if len(self._partial_multis) >= MOST_PARTIAL_MULTIS:
            return self._refuse(pdu.SUBMIT_MULTI, "limit", self.policy.unavailable, notes)
        if self._is_draining:
            return None
        self._partial_multis.setdefault(sequence, deque()).append(addresses)
        edits.append(_Edit(start, end, multi.without(buffer, start, end, request, refused)))
        return None

    def _refuse(self, command: int, reason: str, status: int, notes: list[Action], pair: Pair | None = None) -> int:
        """Count and note a refusal; before the bind the answer tells nothing about consent."""
        if not self._is_bound:
            status = pdu.RINVBNDSTS
        name = pdu.command_name(command)
        self._count_refusal(name, reason)
        fields: dict[str, Any] = {"command": name, "reason": reason, "status": pdu.status_name(status)}
        if pair is not None:
            fields |= {"business": pair.business, "consumer": pair.consumer}
        notes.append(Note("refused", fields))
        return status

    def _count_refusal(self, command: str, reason: str) -> None:
        self._refused += 1
        self._tally.refused[command, reason] += 1

    def _note_bind(self, buffer: bytes, start: int, end: int) -> None:
        origin = self.origin
        name = pdu.system_id(buffer, start, end)
        self.origin = Origin(origin.route, origin.session, name, origin.carrier)

    # From the SMSC: consumers are heard, the rest passes.

    def _from_smsc(self, buffer: bytes, ends: list[int], consent: Consent) -> list[Action]:
        batch = _Batch(buffer)
        count = self._tally.count_pdu
        start = 0
        for end in ends:
            _, command, status, sequence = pdu.HEADER.unpack_from(buffer, start)
            count(Side.SMSC, command)
            if command & RESPONSE:
                self._note_response(batch, start, end, command, status, sequence)
            elif command in (pdu.DELIVER_SM, pdu.DATA_SM):
                self._hear(batch, start, end, command, sequence, consent)
            elif command not in pdu.UNANSWERED:
                self._in_flight[Side.SMSC] += 1
            start = end
        batch.end = start
        if not batch.changes:
            return self._to_esme(batch, batch.edits)
        self._batch = batch
        return [*batch.notes, Record(tuple(batch.changes))]

    def _note_response(self, batch: _Batch, start: int, end: int, command: int, status: int, sequence: int) -> None:
        if self._is_answer_to_ours(Side.SMSC, command, sequence):
            batch.edits.append(_Edit(start, end, b""))
            return
        if self._in_flight[Side.ESME]:
            self._in_flight[Side.ESME] -= 1
        request = command ^ RESPONSE
        if request in pdu.BINDS:
            self._is_bound = self._is_bound or status == pdu.ROK
        elif request == pdu.UNBIND:
            self._is_bound, self._is_unbound = False, True
        elif self._partial_multis and command in (pdu.SUBMIT_MULTI | RESPONSE, pdu.GENERIC_NACK):
            refused = self._pop_partial_multi(sequence)
            if refused and command != pdu.GENERIC_NACK and status == pdu.ROK:
                frame = multi.completed(batch.buffer[start:end], refused, self.policy.refuse_with)
                batch.edits.append(_Edit(start, end, frame))

    def _pop_partial_multi(self, sequence: int) -> list[Address]:
        waiting = self._partial_multis.get(sequence)
        if not waiting:
            return []
        refused = waiting.popleft()
        if not waiting:
            del self._partial_multis[sequence]
        return refused

    def _hear(self, batch: _Batch, start: int, end: int, command: int, sequence: int, consent: Consent) -> None:
        if self._is_draining:
            batch.edits.append(_Edit(start, end, b""))
            self._turn_back(batch, command, sequence, "draining")
            return
        self._in_flight[Side.SMSC] += 1
        try:
            heard = self.policy.hear(batch.buffer, start, end)
        except PduError as error:
            self._tally.unreadable[pdu.command_name(command)] += 1
            batch.notes.append(_unreadable(Side.SMSC, command, error))
            return
        if heard is None:
            return
        self._tally.replies[heard.reading.meaning] += 1
        if heard.wanted is None or not self._may_change(batch, heard.pair, heard.wanted, consent):
            return
        batch.states[heard.pair] = heard.wanted
        batch.changes.append(
            Change(heard.pair, heard.wanted, heard.reading.meaning, heard.reading.matched, self.origin)
        )
        batch.carriers.append(_Carrier(start, end, command, sequence))

    def _turn_back(self, batch: _Batch, command: int, sequence: int, reason: str) -> None:
        """Have the SMSC try this message again later."""
        self._count_refusal(pdu.command_name(command), reason)
        batch.answers.append(pdu.refusal(command, pdu.RX_T_APPN, sequence))

    def _may_change(self, batch: _Batch, pair: Pair, wanted: State, consent: Consent) -> bool:
        """Whether the ledger must be asked: always for an opt-out, else if the pair isn't open as seen here.

        What can't be read may be a change; the ledger decides when it writes.
        """
        if wanted is State.OPTED_OUT:
            return True
        try:
            return (batch.states.get(pair) or consent.state(pair)) is State.OPTED_OUT
        except ConsentUnreadable:
            return True

    def _to_esme(self, batch: _Batch, edits: Sequence[_Edit]) -> list[Action]:
        actions: list[Action] = [] if batch.changes else batch.notes
        if batch.answers:
            actions.append(Send(Side.SMSC, b"".join(batch.answers)))
        if passed := _assemble(batch.buffer, batch.end, edits):
            actions.append(Send(Side.ESME, passed))
        return actions

    # Ends.

    def _finish(self, side: Side, actions: list[Action]) -> list[Action]:
        """Add what follows from the state after a batch: lost framing, a farewell, the end."""
        if fault := self._frames[side].fault:
            nack = pdu.header_only(pdu.GENERIC_NACK, pdu.RINVCMDLEN, 0)
            actions += [Send(side, nack), self._end("frame_error", f"from the {side.name}: {fault}")]
        elif self._is_draining:
            actions += self._farewell()
        elif self._first_closed is not None and not self._in_flight[self._first_closed]:
            actions.append(self._end_of_eof(self._first_closed))
        return actions

    def _farewell(self) -> list[Action]:
        if self._awaiting_unbind_resp is not None:
            return [] if self._awaiting_unbind_resp else [self._end("drain", "both sides have unbound")]
        if any(self._in_flight):
            return []
        if not self._is_bound:
            return [self._end("drain", "nothing was bound")]
        self._awaiting_unbind_resp = {Side.ESME, Side.SMSC}
        unbind = pdu.header_only(pdu.UNBIND, pdu.ROK, OUR_SEQUENCE)
        return [Send(Side.SMSC, unbind), Send(Side.ESME, unbind)]

    def _is_answer_to_ours(self, side: Side, command: int, sequence: int) -> bool:
        awaited = self._awaiting_unbind_resp
        if awaited is None or side not in awaited or command != pdu.UNBIND | RESPONSE or sequence != OUR_SEQUENCE:
            return False
        awaited.discard(side)
        return True

    def _end_of_eof(self, side: Side) -> End:
        first = side if self._first_closed is None else self._first_closed
        ended_by: EndedBy = "esme" if first is Side.ESME else "smsc"
        if self._is_unbound:
            ended_by = "unbind"
        if self._is_draining:
            ended_by = "drain"
        return self._end(ended_by, f"the {first.name} closed the connection")

    def _end(self, ended_by: EndedBy, reason: str) -> End:
        self._ended = True
        return End(ended_by, reason)


def _assemble(buffer: bytes, end: int, edits: Sequence[_Edit]) -> bytes:
    """``buffer[:end]`` with the edits made; without any it is the buffer itself where it can be."""
    if not edits:
        return buffer if end == len(buffer) else buffer[:end]
    parts: list[bytes] = []
    position = 0
    for edit in edits:
        parts += (buffer[position : edit.start], edit.replacement)
        position = edit.end
    parts.append(buffer[position:end])
    return b"".join(parts)


def _unreadable(side: Side, command: int, error: PduError) -> Note:
    fields = {"side": side.name.lower(), "command": pdu.command_name(command), "reason": str(error)}
    return Note("unreadable_pdu", fields)
