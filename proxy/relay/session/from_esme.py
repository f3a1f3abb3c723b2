"""What the ESME sends: submits are judged, the rest passes."""

from __future__ import annotations

from collections.abc import Callable

from proxy.consent.lookups import Consent
from proxy.consent.wishes import Made
from proxy.net.sides import Side
from proxy.relay.session.actions import Action, Edit, Note, Record, Send, assemble, remember
from proxy.relay.session.deliveries import Deliveries
from proxy.relay.session.glance import Glance
from proxy.relay.session.standing import Standing
from proxy.relay.session.submits import CHECKED, Confirm, Hopeful, Refuse, Replace, Submits, Submitted
from proxy.relay.session.tally import UNKNOWN_COMMAND
from proxy.smpp import pdu
from proxy.smpp.pdu import RESPONSE

ESME, SMSC = Side.ESME, Side.SMSC

ANSWERS_TO_MESSAGES = frozenset((pdu.DELIVER_SM | RESPONSE, pdu.DATA_SM | RESPONSE, pdu.GENERIC_NACK))


class FromEsme:
    """Decides over the reads of one session's ESME."""

    def __init__(self, at: Standing, submits: Submits, deliveries: Deliveries, may_bind: Callable[[], bool]) -> None:
        """``may_bind`` is asked before a bind is passed on: whether its sender is within the limit of binds."""
        self._at = at
        self._submits = submits
        self._deliveries = deliveries
        self._may_bind = may_bind
        self._glance = Glance(at.dialect)

    def apply(self) -> None:
        """Decide by the dialect as it is now."""
        self._glance = Glance(self._at.dialect)

    def receive(self, buffer: bytes, ends: list[int], consent: Consent) -> list[Action]:
        """What to do with whole frames; ``ends`` says where each ends in the buffer."""
        unsure = range(len(ends)) if self._at.life.is_draining else self._glance.unsure(buffer, ends, consent)
        passed = len(ends) - len(unsure)
        counts = self._at.tally.pdus[ESME]
        counts[pdu.SUBMIT_SM] += passed
        self._at.in_flight[ESME] += passed
        if passed and not unsure:
            self._at.watch.start(memoryview(buffer)[ends[-2] if len(ends) > 1 else 0 :])
            return [Send(SMSC, assemble(buffer, ends[-1]))]
        batch = Submitted(buffer, ends[-1] if ends else 0)
        for position in unsure:
            start, end = ends[position - 1] if position else 0, ends[position]
            _, command, status, sequence = pdu.HEADER.unpack_from(buffer, start)
            counts[command if command in counts else UNKNOWN_COMMAND] += 1
            if command & RESPONSE:
                self._answer(batch, start, end, command, status, sequence, consent)
                continue
            if command in pdu.BINDS:
                if not self._may_bind():
                    self._at.is_over_limit, batch.end = True, start
                    break
                self._ask_for_bind(command, sequence, pdu.system_id(buffer, start, end))
            elif command in CHECKED and self._is_refused(batch, start, end, command, sequence, consent):
                continue
            self._at.asked(ESME, command)
        notes: list[Action] = [*self._submits.take_notes()]
        if not batch.hopeful and not batch.turned_back:
            return [*notes, *batch.sends(ESME)]
        claims = (self._at.dialect.policy.claim(hopeful.pair, self._at.origin) for hopeful in batch.hopeful)
        return [*notes, Record(ESME, (*claims, *batch.turned_back), batch)]

    def _is_refused(
        self, batch: Submitted, start: int, end: int, command: int, sequence: int, consent: Consent
    ) -> bool:
        """Whether a request is answered by us; the batch says so then, as it says what else doesn't pass as it came."""
        match self._submits.judge(batch.buffer, start, end, command, sequence, consent):
            case Refuse(status):
                batch.edits.append(Edit(start, end))
                batch.answers.append(pdu.refusal(command, status, sequence))
                return True
            case Replace(frame):
                batch.edits.append(Edit(start, end, frame))
            case Confirm(pair):
                batch.hopeful.append(Hopeful(start, end, sequence, pair))
        return False

    def _ask_for_bind(self, command: int, sequence: int, system_id: str) -> None:
        """Note a bind that is passed on. Only one that is accepted says who sends, and who later STOPs are sent to."""
        self._at.binds.ask(command, sequence, system_id)
        if not self._at.life.is_bound:
            self._at.origin = self._at.origin._replace(system_id=system_id)
        self._submits.notes.append(Note("bind", {"command": pdu.command_name(command), "system_id": system_id}))

    def recorded(self, batch: Submitted, made: Made | None) -> list[Action]:
        """What to do now with a read of which something was recorded; ``made`` is None if it could not be."""
        for position, (start, end, sequence, pair) in enumerate(batch.hopeful):
            if made is None or not made[position]:
                status = self._submits.unconfirmed(pair, sequence, is_durable=made is not None)
                batch.edits.append(Edit(start, end))
                batch.answers.append(pdu.refusal(pdu.SUBMIT_SM, status, sequence))
                self._at.answered_by_us(ESME, 1)
        batch.edits.sort()
        remembered = batch.turned_back if made is None else ()
        return [*self._submits.take_notes(), *remember(remembered), *batch.sends(ESME)]

    def _answer(
        self, batch: Submitted, start: int, end: int, command: int, status: int, sequence: int, consent: Consent
    ) -> None:
        if self._at.is_answer_to_ours(ESME, command, sequence):
            batch.edits.append(Edit(start, end))
            return
        self._at.answered(SMSC, command)
        if command == pdu.UNBIND | RESPONSE:
            self._at.unbind_answered(SMSC, status)
        elif command in ANSWERS_TO_MESSAGES:
            is_taken = status == pdu.ROK and command != pdu.GENERIC_NACK
            if wish := self._deliveries.unanswered.answered(sequence, consent, is_taken=is_taken):
                batch.turned_back.append(wish)
