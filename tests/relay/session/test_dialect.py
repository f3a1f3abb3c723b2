"""What one message from a consumer says under a route's settings."""

from __future__ import annotations

import pytest

from proxy.consent.policy import Policy
from proxy.meaning.meanings import Meaning
from proxy.meaning.replies import STOP_WORDS, Replies
from proxy.relay.session.dialect import Dialect
from proxy.smpp import write
from proxy.smpp.message import TAG_MESSAGE_PAYLOAD, Tlv
from tests.smpp.septets import pack
from tests.smpp.tails import with_tail

A, B = write.address("15551230001"), write.address("15559870001")


def meaning(frame: bytes, dialect: Dialect | None = None) -> Meaning | None:
    heard = (dialect or Dialect()).hear(frame, 0, len(frame))
    return heard.reading.meaning if heard else None


@pytest.mark.parametrize("sm_length", [0, 1, 2, 3, 4, 5, 250])
def test_a_stop_is_heard_whatever_sm_length_says(sm_length: int) -> None:
    assert meaning(with_tail(b"STOP", sm_length, b"")) is Meaning.STOP


@pytest.mark.parametrize("sm_length", [1, 2, 200])
def test_a_text_that_may_be_cut_resumes_nothing(sm_length: int) -> None:
    assert meaning(with_tail(b"hello", sm_length, b"")) is Meaning.UNCLEAR


def test_a_very_long_text_is_heard_at_both_ends_and_resumes_nothing() -> None:
    def long(text: str) -> bytes:
        payload = Tlv(TAG_MESSAGE_PAYLOAD, text.encode("utf-16-be"))
        return write.deliver_sm(B, A, b"", data_coding=8, parameters=[payload])

    assert meaning(long("blah " * 3000 + ". please stop texting me")) is Meaning.STOP
    assert meaning(long("blah " * 3000)) is Meaning.UNCLEAR
    assert meaning(long("\u0301\u0316" * 16000)) is Meaning.UNCLEAR


def test_of_two_texts_the_more_cautious_counts() -> None:
    payload = Tlv(TAG_MESSAGE_PAYLOAD, b"STOP")
    assert meaning(write.deliver_sm(B, A, b"hello", parameters=[payload])) is Meaning.STOP


def test_packed_text_and_words_of_the_route() -> None:
    policy = Dialect(Policy(replies=Replies(stop=[*STOP_WORDS, "genug"])), packed_gsm=True)
    assert meaning(write.deliver_sm(B, A, pack(b"Genug!")), policy) is Meaning.STOP
