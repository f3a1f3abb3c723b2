"""Judging what the platform wants to send: it passes, or it is answered here."""

from __future__ import annotations

import re
from collections.abc import Sequence
from email.utils import formatdate

from proxy.consent.lookups import Consent, ConsentUnreadable
from proxy.consent.numbers import Ends, Pair, Spelling
from proxy.mm7.addresses import Address
from proxy.mm7.answers import CORRUPT, DEFAULT_NAMESPACE, UNAVAILABLE, answer, over_http
from proxy.mm7.envelope import Envelope
from proxy.mm7.http import HttpMessage
from proxy.mm7.message import Mm7Message
from proxy.mms.actions import Answer, Pass, Verdict
from proxy.mms.dialect import delivered_to
from proxy.mms.standing import Standing
from proxy.mms.tally import HTTP, OTHER, named

SUBMIT = "SubmitReq"

_DATE = re.compile(rb"^(date:[ \t]*)[^\r\n]*", re.IGNORECASE | re.MULTILINE)

RETRY_AFTER = 10
"""Seconds after which a client may try again what could not be decided."""


class Submits:
    """Judges the requests of one platform's connection."""

    def __init__(self, at: Standing) -> None:
        self._at = at

    def judge(self, request: HttpMessage, message: Mm7Message, consent: Consent, now: float) -> Verdict:
        """What becomes of a request of the platform; ``now`` in seconds of a clock that only goes forward.

        All its envelopes count: the MMSC may read another one than we would.
        """
        submits = [envelope for envelope in message.envelopes if _reaches_consumers(envelope)]
        if not submits:
            return self.unavailable(request, message.root, "draining") if self._at.is_draining else Pass()
        closed: list[Pair] = []
        count = 0
        for envelope in submits:
            senders = self._at.dialect.business(envelope, (*envelope.senders, *envelope.other_senders))
            # those that are only shown, if there are no others: who knows what is done with them
            recipients = (*(delivered_to(envelope.recipients) or envelope.recipients), *envelope.strays)
            if why := _why_unreadable(recipients, has_sender=bool(senders)):
                return self.unreadable(request, why, envelope)
            count += len(recipients)
            try:
                closed += self._closed(senders, [self._at.dialect.spelling(each) for each in recipients], consent)
            except ConsentUnreadable as error:
                self._at.note("consent_unreadable", reason=str(error))
                return self.unavailable(request, envelope, "consent_unreadable")
        if closed and not self._only_observes(submits[0], closed):
            return self._refuse(request, submits[0], closed, count, now)
        return self.unavailable(request, message.root, "draining") if self._at.is_draining else Pass()

    def _closed(self, senders: Sequence[Spelling], recipients: Sequence[Spelling], consent: Consent) -> list[Pair]:
        """Of each recipient who may not be sent this the pair that forbids it, the enforced one first."""
        policy = self._at.dialect.policy
        closed: list[Pair] = []
        for recipient in recipients:
            pairs = [pair for sender in senders for pair in Ends(sender, recipient).pairs]
            if found := policy.forbidding(pairs, consent):
                closed.append(found[0])
        return closed

    def _only_observes(self, envelope: Envelope, closed: Sequence[Pair]) -> bool:
        policy = self._at.dialect.policy
        if not all(policy.is_observed(pair.business) for pair in closed):
            return False
        if not self._at.is_draining:
            for pair in closed:
                self._at.tally.refused[SUBMIT, "observed"] += 1
                self._at.tally.refusals.add(pair, is_observed=True)
                said = {"transaction": envelope.transaction, "business": pair.business, "consumer": pair.consumer}
                self._at.note("would_refuse", command=SUBMIT, **said)
        return True

    def _refuse(
        self, request: HttpMessage, envelope: Envelope, closed: Sequence[Pair], count: int, now: float
    ) -> Verdict:
        at = self._at
        key = at.credentials.key(request, at.client)
        if at.dialect.unproven == "hold" and not at.credentials.are_taken(key, now):
            return self._hold(request, envelope, key)
        enforced = [pair for pair in closed if not at.dialect.policy.is_observed(pair.business)]
        code = at.dialect.refuse_with
        for pair in enforced:
            at.tally.refusals.add(pair, is_observed=False)
        at.count(SUBMIT, "opted_out")
        at.note(
            "refused",
            command=SUBMIT,
            transaction=envelope.transaction,
            reason="opted_out",
            status=code,
            recipients=f"{len(closed)} of {count}",
            business=enforced[0].business,
            consumer=enforced[0].consumer,
        )
        details = "the recipient has opted out" if count == 1 else f"{len(closed)} of {count} recipients have opted out"
        body = self._envelope(envelope, code, details)
        return Answer(over_http(200, body, request), request.is_last)

    def _hold(self, request: HttpMessage, envelope: Envelope, key: bytes) -> Verdict:
        """No refusal, which would tell a stranger who opted out: 503, or what the MMSC says to those it doesn't take.

        A client that shows its credentials only when it is asked for them has to be asked.
        """
        challenge = self._at.credentials.challenge
        is_unwelcome = not request.header("authorization") or self._at.credentials.were_refused(key)
        if challenge is None or not is_unwelcome:
            return self.unavailable(request, envelope, "unproven")
        self._at.count(SUBMIT, "unproven")
        today = formatdate(self._at.tally.clock() / 1e6, usegmt=True).encode()
        octets = _DATE.sub(rb"\g<1>" + today, challenge.octets, count=1)
        return Answer(octets, challenge.is_last or request.is_last)

    def unreadable(self, request: HttpMessage, why: str, envelope: Envelope | None, transaction: str = "") -> Answer:
        """A request that can't be read is refused, so that it can't pass unchecked."""
        at = self._at
        transaction = envelope.transaction if envelope else transaction
        at.tally.unreadable[SUBMIT] += 1
        at.count(SUBMIT, "unreadable")
        at.note("unreadable_message", side="esme", command=SUBMIT, transaction=transaction, reason=why)
        body = self._envelope(envelope, CORRUPT, why, transaction=transaction)
        return Answer(over_http(200, body, request), request.is_last)

    def unavailable(self, request: HttpMessage, envelope: Envelope | None, reason: str) -> Answer:
        """A request that can't be decided, or passed on, now: HTTP 503, which all clients take for temporary."""
        kind, transaction = (named(envelope.kind), envelope.transaction) if envelope else (HTTP, "")
        self._at.count(kind, reason)
        self._at.note("refused", command=kind, transaction=transaction, reason=reason, status=503)
        body = self._envelope(envelope, UNAVAILABLE, "try again later", is_fault=True)
        return Answer(over_http(503, body, request, retry_after=RETRY_AFTER), request.is_last)

    def _envelope(
        self, envelope: Envelope | None, code: int, details: str, *, transaction: str = "", is_fault: bool = False
    ) -> bytes:
        """The envelope of an answer, in the request's own namespace and with its TransactionID."""
        return answer(
            "fault" if is_fault else self._at.dialect.refuse_as,
            code,
            details,
            namespace=envelope.namespace if envelope else DEFAULT_NAMESPACE,
            transaction=envelope.transaction if envelope else transaction,
            version=envelope.version if envelope else "",
        )


def _why_unreadable(recipients: Sequence[Address], *, has_sender: bool) -> str:
    """Why nobody can say for sure whom it goes to; empty if that can be said."""
    if not recipients:
        return "it names no recipient"
    if not has_sender:
        return "it names no sender, and no service of the settings stands for one"
    doubtful = [each for each in recipients if each.is_doubtful]
    return "a recipient is neither a number nor a mail address that all read alike" if doubtful else ""


def _reaches_consumers(envelope: Envelope) -> bool:
    """Whether it asks for something to be sent: a SubmitReq, and whatever else that nobody knows and has recipients."""
    kind = named(envelope.kind)
    return kind == SUBMIT or (kind == OTHER and bool(envelope.recipients or envelope.strays))
