"""What the SMSC sends: consumers are heard, the rest passes.

While something that a consumer changed is being recorded, the SMSC's answers pass before it, so that the ESME's submits
don't wait for a disk or for other machines; its requests stay behind, in their order.
"""

from __future__ import annotations

from struct import Struct

from proxy.consent.lookups import Consent
from proxy.consent.wishes import Made
from proxy.net.sides import Side
from proxy.relay.session.actions import Action, Edit, Note, Record, Send, assemble, remember
from proxy.relay.session.deliveries import Delivered, Deliveries
from proxy.relay.session.lifecycle import Event
from proxy.relay.session.standing import Standing
from proxy.relay.session.submits import Submits
from proxy.relay.session.tally import UNKNOWN_COMMAND, named_status
from proxy.smpp import pdu
from proxy.smpp.pdu import RESPONSE

ESME, SMSC = Side.ESME, Side.SMSC
SUBMIT_SM_RESP = pdu.SUBMIT_SM | RESPONSE

TAKEN = SUBMIT_SM_RESP.to_bytes(4, "big") + b"\0\0\0\0"
"""Of a submit_sm_resp that says ESME_ROK: counting it in a read tells at once whether all of them say so. No message_id
can hold it; a vendor's TLV could, and then one answer is counted as ESME_ROK that wasn't."""

STATUS = Struct(">L")

MOST_HELD = 256 * 1024
"""Octets of requests that stay behind one that is being recorded, before nothing more is read: a large window."""


class FromSmsc:
    """Decides over the reads of one session's SMSC."""

    def __init__(self, at: Standing, submits: Submits, deliveries: Deliveries) -> None:
        self._at = at
        self._submits = submits
        self._deliveries = deliveries
        self._recording: tuple[Delivered, list[int], list[int]] | None = None
        """The read that waits for something of it to be recorded, where its frames end, and what they are."""
        self._held = bytearray()
        self._held_ends: list[int] = []
        self._held_commands: list[int] = []

    @property
    def may_read_on(self) -> bool:
        """Whether there is room for more that stays behind what is being recorded."""
        return len(self._held) < MOST_HELD

    def let_answers_pass(self) -> list[Action]:
        """Have the answers of the read that is being recorded leave before it: recording takes long."""
        if self._recording is None:
            return []
        batch, ends, commands = self._recording
        self._recording = batch, [], []
        edited = {edit.start: edit for edit in batch.edits}
        answers: list[bytes] = []
        start = 0
        for end, command in zip(ends, commands, strict=True):
            if command & RESPONSE:
                edit = edited.get(start)
                answers.append(edit.replacement if edit else batch.buffer[start:end])
                edited[start] = Edit(start, end)
            start = end
        batch.edits = [edited[at] for at in sorted(edited)]
        passed = b"".join(answers)
        return [Send(ESME, passed)] if passed else []

    def resume(self, consent: Consent) -> list[Action]:
        """What to do with the requests that stayed behind something that is recorded by now."""
        buffer, ends, commands = bytes(self._held), self._held_ends, self._held_commands
        self._held, self._held_ends, self._held_commands = bytearray(), [], []
        return self.receive(buffer, ends, commands, consent) if ends else []

    def _hold(self, batch: Delivered, start: int, end: int, command: int) -> None:
        """Have a request stay behind."""
        self._held += memoryview(batch.buffer)[start:end]
        self._held_ends.append(len(self._held))
        self._held_commands.append(command)
        batch.edits.append(Edit(start, end))

    def receive(self, buffer: bytes, ends: list[int], commands: list[int], consent: Consent) -> list[Action]:
        """What to do with whole frames; ``ends`` says where each ends in the buffer, ``commands`` what it is."""
        if self._recording is not None and (passed := self.let_answers_pass()):
            return [*passed, *self.receive(buffer, ends, commands, consent)]
        counts = self._at.tally.pdus[SMSC]
        answered = commands.count(SUBMIT_SM_RESP)
        counts[SUBMIT_SM_RESP] += answered
        in_flight = self._at.in_flight[ESME]
        self._at.in_flight[ESME] = in_flight - answered if answered < in_flight else 0
        self._at.watch.stop(buffer, ends)
        taken = answered and buffer.count(TAKEN, 0, ends[-1])
        if answered == len(ends) > 0 and taken == answered:
            self._at.tally.answers[SUBMIT_SM_RESP, pdu.ROK] += answered
            return [Send(ESME, assemble(buffer, ends[-1]))]
        batch = Delivered(buffer, ends[-1] if ends else 0)
        start = 0
        for end, command in zip(ends, commands, strict=True):
            if command == SUBMIT_SM_RESP:
                self._at.tally.answers[command, named_status(STATUS.unpack_from(buffer, start + 8)[0])] += 1
                start = end
                continue
            if self._recording is not None and not command & RESPONSE:
                self._hold(batch, start, end, command)
                start = end
                continue
            _, _, status, sequence = pdu.HEADER.unpack_from(buffer, start)
            counts[command if command in counts else UNKNOWN_COMMAND] += 1
            if command & RESPONSE:
                if command in counts:
                    self._at.tally.answers[command, named_status(status)] += 1
                self._answer(batch, start, end, command, status, sequence)
            elif command in (pdu.DELIVER_SM, pdu.DATA_SM):
                self._hear(batch, start, end, command, sequence, consent)
            else:
                self._at.asked(SMSC, command)
            start = end
        if not batch.wishes:
            return [*batch.notes, *batch.sends(SMSC)]
        self._recording = batch, ends, commands
        return [*batch.notes, Record(SMSC, tuple(batch.wishes), batch)]

    def _hear(self, batch: Delivered, start: int, end: int, command: int, sequence: int, consent: Consent) -> None:
        """A message from the SMSC's side. From whoever has never accepted a bind it changes nothing."""
        is_heard = self._at.life.is_known
        if self._at.life.is_draining:
            self._deliveries.turn_back(batch, start, end, command, sequence, consent, is_heard=is_heard)
            return
        self._at.in_flight[SMSC] += 1
        if is_heard:
            self._deliveries.hear(batch, start, end, command, sequence, consent, self._at.origin)

    def recorded(self, batch: Delivered, made: Made | None) -> list[Action]:
        """What to do now with a read of which something was recorded; ``made`` is None if it could not be."""
        self._recording = None
        if made is not None:
            return batch.sends(SMSC)
        returned, remembered = self._deliveries.turn_back_causes(batch)
        self._at.answered_by_us(SMSC, returned)
        return [*remember(remembered), *batch.sends(SMSC)]

    def _answer(self, batch: Delivered, start: int, end: int, command: int, status: int, sequence: int) -> None:
        if self._at.is_answer_to_ours(SMSC, command, sequence):
            batch.edits.append(Edit(start, end))
            return
        self._at.answered(ESME, command)
        request = command ^ RESPONSE
        if request in pdu.BINDS:
            batch.notes.append(self._bind_answered(request, status, sequence))
        elif request == pdu.UNBIND:
            self._at.unbind_answered(ESME, status)
        elif command == pdu.GENERIC_NACK and not self._at.life.is_bound:
            asked = self._at.binds.answered(command, sequence)
            fields = {"command": "generic_nack", "status": pdu.status_name(status)}
            batch.notes.append(Note("bind_refused", fields | ({"system_id": asked.system_id} if asked else {})))
        elif self._submits.awaits_answers:
            completed = self._submits.answered(batch.buffer[start:end], command, status, sequence)
            if completed is not None:
                batch.edits.append(Edit(start, end, completed))

    def _bind_answered(self, command: int, status: int, sequence: int) -> Note:
        """A bind's response: it binds only if somebody asked for it."""
        asked = self._at.binds.answered(command, sequence)
        self._at.tally.binds["carrier", named_status(status)] += 1
        fields = {"command": pdu.command_name(command)}
        if asked is None:
            return Note("bind_answer_unasked", fields | {"status": pdu.status_name(status)})
        fields["system_id"] = asked.system_id
        if status != pdu.ROK:
            return Note("bind_refused", fields | {"status": pdu.status_name(status)})
        self._at.life.happened(Event.BIND_ACCEPTED)
        self._at.bound_as = command
        self._at.origin = self._at.origin._replace(system_id=asked.system_id)
        return Note("bound", fields)
