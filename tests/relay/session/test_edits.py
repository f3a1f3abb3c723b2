"""Frames of one read that are treated differently: each keeps its place, whatever is decided first."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.consent.numbers import Pair
from proxy.consent.policy import Policy
from proxy.net.sides import Side
from proxy.relay.session.dialect import Dialect
from proxy.smpp import pdu, write
from proxy.smpp.frames import Frames
from proxy.smpp.pdu import RESPONSE
from tests.relay.session.consents import Consents, Conversation
from tests.relay.session.transcript import AB, ESME, HI, RINVDSTADR, RX_T_APPN, SMSC, STOP, SUBMIT, A, C, conversation

AC = Pair(AB.business, "+15559870002")
D = write.address("15559870003")
PLATFORM = Dialect(Policy(confirmation="platform"))

MULTI = write.submit_multi(A, [D, C], b"hello", sequence=11)
MULTI_RESP = write.pdu(pdu.SUBMIT_MULTI | RESPONSE, b"id\0\0", sequence=11)
COMPLETED = write.pdu(
    pdu.SUBMIT_MULTI | RESPONSE, b"id\0\1" + b"\1\1" + C.digits + b"\0" + RINVDSTADR.to_bytes(4, "big"), sequence=11
)
TO_C = write.submit_sm(A, C, b"hello", sequence=12)
SUBMIT_RESP = write.pdu(pdu.SUBMIT_SM | RESPONSE, b"id\0", sequence=7)


def mixed() -> Conversation:
    """B said STOP a moment ago, and that may be confirmed; C said it long ago."""
    consents = Consents([AB, AC])
    consents.unconfirmed.add(AB)
    return conversation(consents, PLATFORM)


def test_a_stop_that_can_not_be_recorded_stays_behind_when_a_response_after_it_is_completed() -> None:
    talk = mixed()
    talk.esme(MULTI)
    talk.sent[SMSC] = b""
    talk.can_record = False
    talk.smsc(STOP + MULTI_RESP + HI)
    assert talk.sent == {
        ESME: COMPLETED,
        SMSC: pdu.refusal(pdu.DELIVER_SM, RX_T_APPN, 3) + pdu.refusal(pdu.DELIVER_SM, RX_T_APPN, 4),
    }


def test_a_submit_that_may_not_confirm_stays_behind_when_one_after_it_is_refused() -> None:
    talk = mixed()
    talk.can_record = False
    talk.esme(SUBMIT + TO_C + MULTI)
    assert talk.sent[SMSC] == write.submit_multi(A, [D], b"hello", sequence=11)


SMSC_FRAMES = [STOP, write.deliver_sm(D, A, b"hi", sequence=5), MULTI_RESP, SUBMIT_RESP, write.pdu(0x0000BEEF)]


@given(
    st.one_of(
        st.tuples(st.just(True), st.lists(st.sampled_from([*SMSC_FRAMES, HI]), max_size=8)),
        st.tuples(st.just(False), st.lists(st.sampled_from(SMSC_FRAMES), max_size=8)),
    )
)
def test_of_the_smsc_one_read_gives_what_many_give(case: tuple[bool, list[bytes]]) -> None:
    """All but a second reply that would open what the first one could not: it passes and opens nothing."""
    can_record, frames = case

    def begun() -> Conversation:
        talk = mixed()
        talk.esme(MULTI * 4 + write.submit_sm(A, D, b"x", sequence=7) * 8)
        talk.can_record = can_record
        return talk

    assert_one_read_gives_what_many_give(begun(), begun(), SMSC, frames)


@given(
    st.lists(st.sampled_from([SUBMIT, TO_C, MULTI, write.submit_sm(A, D, b"x"), write.pdu(0x0000BEEF)]), max_size=8),
    st.booleans(),
)
def test_of_the_esme_one_read_gives_what_many_give(frames: list[bytes], can_record: bool) -> None:
    one, many = mixed(), mixed()
    one.can_record = many.can_record = can_record
    assert_one_read_gives_what_many_give(one, many, ESME, frames)


def assert_one_read_gives_what_many_give(
    one: Conversation, many: Conversation, side: Side, frames: list[bytes]
) -> None:
    """What passes, to the octet, and what we answer, in any order."""
    one.receive(side, b"".join(frames))
    for frame in frames:
        many.receive(side, frame)
    assert one.sent[side.other] == many.sent[side.other]
    assert sorted(split(one.sent[side])) == sorted(split(many.sent[side]))
    assert one.session.statistics() == many.session.statistics()


def split(stream: bytes) -> list[bytes]:
    buffer, ends, _ = Frames().feed(stream)
    return [bytes(buffer[start:end]) for start, end in zip([0, *ends], ends, strict=False)]


@pytest.mark.parametrize("sequence", [11, 12])
@pytest.mark.parametrize("command", [pdu.DATA_SM, pdu.ENQUIRE_LINK, pdu.COMMANDS["query_sm"]])
def test_only_its_own_answer_completes_a_shortened_multi(command: int, sequence: int) -> None:
    talk = mixed()
    talk.esme(MULTI)
    other = write.pdu(command | RESPONSE, b"id\0", sequence=sequence)
    talk.smsc(other + write.pdu(pdu.SUBMIT_MULTI | RESPONSE, b"id\0\0", sequence=99) + MULTI_RESP)
    assert talk.sent[ESME] == other + write.pdu(pdu.SUBMIT_MULTI | RESPONSE, b"id\0\0", sequence=99) + COMPLETED
