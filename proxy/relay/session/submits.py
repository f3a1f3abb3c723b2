"""Judging what the platform wants to send: pass, refuse, or (submit_multi) pass in part."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from proxy.consent.lookups import Consent, ConsentUnreadable
from proxy.consent.numbers import Pair
from proxy.consent.wishes import TurnedBack
from proxy.net.sides import Side
from proxy.relay.session.actions import Batch, Note, unreadable
from proxy.relay.session.standing import Standing
from proxy.smpp import multi, pdu
from proxy.smpp.pdu import Address, PduError

CHECKED = frozenset((pdu.SUBMIT_SM, pdu.DATA_SM, pdu.SUBMIT_MULTI))
"""The requests of an ESME that reach a consumer and so need consent.

All but submit_multi have their addresses where submit_sm has them; one that hasn't needs a reader of its own in
``Submits.judge``."""

MOST_MULTIS = 1000
"""submit_multis that may wait for their answer before one is refused in part; more than any window in use."""


class Refuse(NamedTuple):
    """It is answered by us with this command_status."""

    status: int


class Replace(NamedTuple):
    """These octets pass in its place."""

    frame: bytes


class Confirm(NamedTuple):
    """It passes as it came if it is the one that may confirm the STOP of this pair; see ``Submits.unconfirmed``."""

    pair: Pair


Verdict = Refuse | Replace | Confirm
"""What becomes of a request that doesn't simply pass as it came."""


class Hopeful(NamedTuple):
    """A submit_sm that passes only if it is the one that may confirm a STOP."""

    start: int
    end: int
    sequence: int
    pair: Pair


@dataclass(slots=True)
class Submitted(Batch):
    """What becomes of the frames of one read from the ESME."""

    hopeful: list[Hopeful] = field(default_factory=list)
    turned_back: list[TurnedBack] = field(default_factory=list)
    """Messages of consumers that the ESME did not take."""


class Submits:
    """Judges the submits of one session, and completes the answers to those it let pass in part."""

    def __init__(self, at: Standing) -> None:
        self._at = at
        self.refused = 0
        self.notes: list[Note] = []
        self._waiting: dict[int, deque[list[Address]]] = {}
        """By sequence_number, the refused destinations of every submit_multi that passed; none for most."""
        self._multis = 0
        self._sequence = 0
        """The sequence_number of the request that is judged now."""

    def judge(
        self, buffer: bytes, start: int, end: int, command: int, sequence: int, consent: Consent
    ) -> Verdict | None:
        """The verdict on one of the ``CHECKED`` requests; None if it passes as it came."""
        self._sequence = sequence
        verdict: Verdict | None = None
        try:
            if command == pdu.SUBMIT_MULTI:
                verdict = self._judge_multi(buffer, start, end, sequence, consent)
            else:
                source, destination, _ = pdu.read_addresses(buffer, start, end)
                closed = self._opted_out(source, destination, consent)
                if closed and not self._only_observes(command, closed[0]):
                    if len(closed) == 1 and self._may_confirm(command, closed[0], consent):
                        return Confirm(closed[0])
                    return self._refuse(command, "opted_out", self._at.dialect.refuse_with, closed[0])
        except PduError as error:
            self._at.tally.unreadable[pdu.command_name(command)] += 1
            self.notes.append(unreadable(Side.ESME, command, sequence, error))
            return self._refuse(command, "unreadable", pdu.RINVCMDLEN)
        except ConsentUnreadable as error:
            self.notes.append(Note("consent_unreadable", {"reason": str(error)}))
            return self._refuse(command, "consent_unreadable", self._at.dialect.unavailable)
        if self._at.life.is_draining and not isinstance(verdict, Refuse):
            return self._refuse(command, "draining", self._at.dialect.unavailable)
        return verdict

    def _opted_out(self, source: Address, destination: Address, consent: Consent) -> Sequence[Pair]:
        """The pairs that forbid a message between these addresses, the enforced ones first; none if it may pass."""
        return self._at.dialect.policy.forbidding(self._at.dialect.pairs_of_mt(source, destination), consent)

    def _may_confirm(self, command: int, pair: Pair, consent: Consent) -> bool:
        if command != pdu.SUBMIT_SM or self._at.life.is_draining or not self._at.life.is_bound:
            return False
        return self._at.dialect.policy.may_confirm(pair, consent)

    def unconfirmed(self, pair: Pair, sequence: int, *, is_durable: bool) -> int:
        """The status of a submit_sm that hoped to confirm a STOP: it was not the first, or that can't be known now."""
        self._sequence = sequence
        if is_durable:
            return self._refuse(pdu.SUBMIT_SM, "opted_out", self._at.dialect.refuse_with, pair).status
        return self._refuse(pdu.SUBMIT_SM, "not_recorded", self._at.dialect.unavailable).status

    def _judge_multi(self, buffer: bytes, start: int, end: int, sequence: int, consent: Consent) -> Verdict | None:
        request = multi.read_multi(buffer, start, end)
        refused: list[multi.Destination] = []
        addresses: list[Address] = []
        for destination in request.destinations:
            if destination.address is None:
                if self._at.dialect.distribution_lists == "refuse":
                    return self._refuse(pdu.SUBMIT_MULTI, "distribution_list", pdu.RCNTSUBDL)
                continue
            closed = self._opted_out(request.source, destination.address, consent)
            if closed and not self._only_observes(pdu.SUBMIT_MULTI, closed[0]):
                refused.append(destination)
                addresses.append(destination.address)
                self._refuse(pdu.SUBMIT_MULTI, "opted_out", self._at.dialect.refuse_with, closed[0])
        if not refused:
            if not self._at.life.is_draining:
                self._await_answer(sequence, [])
            return None
        if not self._at.life.is_bound:
            return Refuse(pdu.RINVBNDSTS)
        if len(refused) == len(request.destinations):
            return Refuse(self._at.dialect.refuse_with)
        if self._at.life.is_draining:
            return None
        if not self._await_answer(sequence, addresses):
            return self._refuse(pdu.SUBMIT_MULTI, "limit", self._at.dialect.unavailable)
        return Replace(multi.without(buffer, start, end, request, refused))

    def _await_answer(self, sequence: int, refused: list[Address]) -> bool:
        """Remember what to add to this request's answer, in the order of requests; False if there is no room."""
        if self._multis >= MOST_MULTIS:
            return False
        self._multis += 1
        self._waiting.setdefault(sequence, deque()).append(refused)
        return True

    def answered(self, frame: bytes, command: int, status: int, sequence: int) -> bytes | None:
        """The response to a submit_multi that passed in part, completed; None if it passes as it came.

        An error, or a generic_nack, answers for every destination and needs no completion.
        """
        waiting = self._waiting.get(sequence)
        if waiting is None or command not in (pdu.SUBMIT_MULTI | pdu.RESPONSE, pdu.GENERIC_NACK):
            return None
        addresses = waiting.popleft()
        self._multis -= 1
        if not waiting:
            del self._waiting[sequence]
        if not addresses or command == pdu.GENERIC_NACK or status != pdu.ROK:
            return None
        return multi.completed(frame, addresses, self._at.dialect.refuse_with)

    @property
    def awaits_answers(self) -> bool:
        """Whether any submit_multi that passed has no answer yet."""
        return bool(self._waiting)

    def take_notes(self) -> list[Note]:
        """What is to be logged since the last call."""
        notes, self.notes = self.notes, []
        return notes

    def count(self, command: int, reason: str) -> None:
        """One more request, or destination of a submit_multi, was refused by us."""
        self.refused += 1
        self._at.tally.refused[pdu.command_name(command), reason] += 1

    def _only_observes(self, command: int, pair: Pair) -> bool:
        """Whether a submit to this opted-out pair is to be counted and passed on."""
        if not self._at.dialect.policy.is_observed(pair.business):
            return False
        if not self._at.life.is_draining:
            self._at.tally.refused[pdu.command_name(command), "observed"] += 1
            self._at.tally.refusals.add(pair, is_observed=True)
            said = {"command": pdu.command_name(command), "sequence_number": self._sequence}
            self.notes.append(Note("would_refuse", {**said, "business": pair.business, "consumer": pair.consumer}))
        return True

    def _refuse(self, command: int, reason: str, status: int, pair: Pair | None = None) -> Refuse:
        if not self._at.life.is_bound:
            status = pdu.RINVBNDSTS
        self.count(command, reason)
        fields: dict[str, Any] = {
            "command": pdu.command_name(command),
            "sequence_number": self._sequence,
            "reason": reason,
            "status": pdu.status_name(status),
        }
        if pair is not None:
            fields |= {"business": pair.business, "consumer": pair.consumer}
            self._at.tally.refusals.add(pair, is_observed=False)
        self.notes.append(Note("refused", fields))
        return Refuse(status)
