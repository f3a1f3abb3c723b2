"""Hearing what consumers send: what a DeliverReq changes, and what is remembered of it until it is taken."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from proxy.consent.lookups import Consent, ConsentUnreadable
from proxy.consent.numbers import Ends
from proxy.consent.rules import State
from proxy.consent.unanswered import Unanswered, Waiting
from proxy.consent.wishes import Change, Offer, Wish, fingerprint
from proxy.meaning.meanings import Meaning, Reading
from proxy.mm7.envelope import Envelope
from proxy.mm7.message import Mm7Message
from proxy.mm7.text import Text, texts_of, words_of
from proxy.mms.dialect import delivered_to
from proxy.mms.standing import Standing
from proxy.mms.tally import named

DELIVER = "DeliverReq"


class Deliveries:
    """Hears the messages of one MMSC's connection."""

    def __init__(self, at: Standing) -> None:
        self._at = at
        self.unanswered = Unanswered()
        self._number = 0
        self._waiting: list[int] = []
        """Those of the request that is being answered, by their numbers in ``unanswered``."""

    def hear(self, message: Mm7Message, consent: Consent) -> list[Wish]:
        """The wishes that a message makes; it may go on when they are durable."""
        wishes: list[Wish] = []
        for envelope in message.envelopes:
            if named(envelope.kind) == DELIVER:
                wishes += self._hear(envelope, message, consent)
        return wishes

    def _hear(self, envelope: Envelope, message: Mm7Message, consent: Consent) -> list[Wish]:
        at = self._at
        businesses = at.dialect.business(envelope, delivered_to(envelope.recipients))
        if not businesses or not envelope.senders:
            what = "sender" if businesses else "recipient, and no service of the settings stands for one"
            self.unreadable(f"it names no {what}", envelope.transaction)
            return []
        texts, has_media, is_all = texts_of(message.content)
        reading = self._read(envelope, texts, has_media=has_media, is_all=is_all and envelope.is_certain)
        if reading is None:
            return []
        at.tally.replies[reading.meaning] += 1
        wishes: list[Wish] = []
        told = _fingerprint(envelope.subject, texts, message)
        for sender in map(at.dialect.spelling, envelope.senders):
            for business in businesses:
                ends = Ends(business, sender)
                offer = self._offer(ends, told, reading, consent)
                changes = at.dialect.policy.changes(ends, reading, at.origin, offer)
                wishes += [change for change in changes if _may_change(change, consent)]
                if reading.meaning is not Meaning.STOP:
                    wishes += self._await_answer(offer)
        return wishes

    def _read(self, envelope: Envelope, texts: Sequence[Text], *, has_media: bool, is_all: bool) -> Reading | None:
        """The most cautious meaning of all that was written; None if nothing was, and that is nothing.

        A subject beside a picture alone is often the phone's: of that only words count that mean something.
        """
        subject = words_of(envelope.subject)
        said = [Text(subject), *texts] if subject.strip() else [*texts]
        is_whole = is_all and all(text.is_certain for text in said)
        reading = self._at.dialect.policy.read([text.text for text in said], is_whole=is_whole) if said else None
        if has_media and not texts and (reading is None or reading.meaning in (Meaning.OTHER, Meaning.UNCLEAR)):
            return Reading(Meaning.OTHER, "") if self._at.dialect.media_only == "reply" and is_all else None
        return reading

    def _offer(self, ends: Ends, told: bytes, reading: Reading, consent: Consent) -> Offer:
        """What tells this message from others, and how many STOPs had been heard when it was first offered here.

        What can't be read counts as before all STOPs.
        """
        offer = Offer(ends.likeliest, told, None)
        if reading.meaning is Meaning.STOP:
            return offer
        if earlier := self.unanswered.earlier(offer):
            return earlier
        try:
            return offer._replace(stops=consent.stops())
        except ConsentUnreadable:
            return offer._replace(stops=0)

    def _await_answer(self, offer: Offer) -> list[Wish]:
        self._number += 1
        wish = self.unanswered.wait(self._number, offer, 0)
        if isinstance(wish, Waiting):
            self._waiting.append(self._number)
            return []
        return [wish] if wish is not None else []

    def answered(self, consent: Consent, *, is_taken: bool, may_come_again: bool) -> list[Wish]:
        """What has to be remembered now that the platform has answered, or won't."""
        numbers, self._waiting = self._waiting, []
        found = [
            self.unanswered.answered(number, consent, is_taken=is_taken, may_come_again=may_come_again)
            for number in numbers
        ]
        return [wish for wish in found if wish is not None]

    def unreadable(self, why: str, transaction: str) -> None:
        """A message that can't be read passes, as it came, and is counted."""
        self._at.tally.unreadable[DELIVER] += 1
        self._at.note("unreadable_message", side="smsc", command=DELIVER, transaction=transaction, reason=why)


def stops_of(wishes: Sequence[Wish]) -> list[Wish]:
    """Those that hold though their message doesn't go on: a STOP is one as soon as it is heard."""
    return [wish for wish in wishes if isinstance(wish, Change) and wish.state is State.OPTED_OUT]


def _fingerprint(subject: str, texts: Sequence[Text], message: Mm7Message) -> bytes:
    """By which the same message is known again: what it says and shows. Its envelope differs each time."""
    shown = (hashlib.blake2b(part.octets, digest_size=8).hexdigest() for part in message.content)
    return fingerprint((subject, *(text.text for text in texts), *shown))


def _may_change(change: Change, consent: Consent) -> bool:
    """Whether the ledger must be asked: always for an opt-out, else if the pair isn't open as seen here."""
    if change.state is State.OPTED_OUT:
        return True
    try:
        return consent.state(change.pair) is State.OPTED_OUT
    except ConsentUnreadable:
        return True
