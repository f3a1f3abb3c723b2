"""The one message that may confirm a STOP, where the settings allow one."""

from __future__ import annotations

import pytest

from proxy.consent.numbers import Numbering
from proxy.consent.policy import Policy
from proxy.consent.rules import Rule
from proxy.consent.scope import Groups, NumberSet
from proxy.consent.wishes import Claim
from proxy.relay.session.actions import Record, Send
from proxy.relay.session.dialect import Dialect
from proxy.smpp import pdu, write
from tests.relay.session.consents import Consents, Conversation
from tests.relay.session.transcript import (
    AB,
    BIND,
    ESME,
    HI,
    RINVDSTADR,
    RMSGQFUL,
    SMSC,
    STOP,
    SUBMIT,
    A,
    B,
    C,
    conversation,
)

PLATFORM = Dialect(Policy(confirmation="platform"))
REFUSED = pdu.refusal(pdu.SUBMIT_SM, RINVDSTADR, 7)


@pytest.fixture
def talk() -> Conversation:
    """A session right after a STOP."""
    talk = conversation(dialect=PLATFORM)
    talk.smsc(STOP)
    talk.sent[ESME] = b""
    return talk


def test_without_the_setting_nothing_follows_a_stop() -> None:
    talk = conversation()
    talk.smsc(STOP)
    talk.esme(SUBMIT)
    assert talk.sent[SMSC] == b""


def test_exactly_one_passes_as_it_came_and_only_when_that_is_recorded(talk: Conversation) -> None:
    record, send = talk.esme(SUBMIT)
    assert isinstance(record, Record)
    assert record[:2] == (ESME, (Claim(AB, AB.business, talk.session.origin),))
    assert send == Send(SMSC, SUBMIT)
    talk.esme(SUBMIT)
    assert talk.sent[SMSC] == SUBMIT
    assert talk.sent[ESME] == REFUSED


def test_of_two_in_one_read_the_first_passes_and_everything_else_keeps_its_place(talk: Conversation) -> None:
    before, after = (write.submit_sm(A, C, text, sequence=9) for text in (b"before", b"after"))
    talk.esme(before + SUBMIT + after + SUBMIT + before)
    assert talk.sent[SMSC] == before + SUBMIT + after + before
    assert talk.sent[ESME] == REFUSED
    assert talk.session.statistics().in_flight == (4, 1)


def test_each_stop_has_its_own() -> None:
    talk = conversation(dialect=Dialect(Policy(confirmation="platform", rule=Rule.ANY_REPLY)))
    for _ in range(2):
        talk.smsc(STOP)
        talk.sent[SMSC] = b""
        talk.esme(SUBMIT + SUBMIT)
        assert talk.sent[SMSC] == SUBMIT
        talk.smsc(HI)


def test_a_stop_that_changed_nothing_has_none(talk: Conversation) -> None:
    talk.esme(SUBMIT)
    talk.smsc(STOP)
    talk.sent[SMSC] = b""
    talk.esme(SUBMIT)
    assert talk.sent[SMSC] == b""


def test_a_claim_that_can_not_be_recorded_is_refused_for_a_while(talk: Conversation) -> None:
    talk.can_record = False
    talk.esme(SUBMIT)
    assert talk.sent == {ESME: pdu.refusal(pdu.SUBMIT_SM, RMSGQFUL, 7), SMSC: b""}
    assert talk.session.statistics().in_flight == (0, 1)
    assert talk.tally.refused["submit_sm", "not_recorded"] == 1


def test_only_a_submit_sm_confirms(talk: Conversation) -> None:
    data_sm = write.pdu(pdu.DATA_SM, b"\0" + b"".join(b"\1\1" + a.digits + b"\0" for a in (A, B)) + bytes(3))
    for frame in (data_sm, write.submit_multi(A, [B], b"bye", sequence=7)):
        talk.esme(frame)
    assert talk.sent[SMSC] == b""
    assert talk.tally.unreadable.total() == 0


def test_nothing_is_claimed_before_the_bind() -> None:
    consents = Consents([AB])
    consents.unconfirmed.add(AB)
    talk = conversation(consents, PLATFORM, bound=False)
    talk.esme(BIND + SUBMIT)
    assert consents.unconfirmed == {AB}
    assert talk.sent[SMSC] == BIND


def test_in_a_group_the_number_that_was_answered_confirms() -> None:
    numbering = Numbering()
    groups = Groups({"sale": NumberSet(["+1555123*"], numbering)})
    talk = conversation(dialect=Dialect(Policy(confirmation="platform", groups=groups)))
    talk.smsc(STOP)
    record = talk.esme(SUBMIT)[0]
    assert isinstance(record, Record)
    (claim,) = record.wishes
    assert claim == Claim(AB, AB.business, talk.session.origin)
    talk.esme(write.submit_sm(write.address("15551230002"), B, b"hello"))
    assert len([action for action in talk.actions if isinstance(action, Record)]) == 2, "the STOP, and one claim"


def test_a_drain_waits_for_a_claim_and_turns_back_later_ones(talk: Conversation) -> None:
    answer = write.pdu(pdu.DELIVER_SM | pdu.RESPONSE, b"\0", sequence=3)
    actions = talk.session.receive(ESME, answer + SUBMIT, talk.consents)
    talk.carry_out(talk.session.drain())
    assert talk.sent[SMSC] == b""
    talk.carry_out(actions)
    assert talk.sent[SMSC] == answer + SUBMIT
    talk.esme(SUBMIT)
    assert talk.sent[SMSC] == answer + SUBMIT
