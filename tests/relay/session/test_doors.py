"""Other doors to a change of consent: strangers, refused binds, other spellings, edits out of order, vendors' PDUs."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.consent.numbers import Numbering, Pair
from proxy.consent.policy import Policy
from proxy.consent.rules import State
from proxy.consent.scope import NumberSet
from proxy.consent.wishes import Change, Origin
from proxy.ledger.upkeep.bulk import Listed
from proxy.meaning.meanings import Meaning
from proxy.relay.session.actions import Edit, HalfClose, Note, Record, Send, assemble
from proxy.relay.session.binds import MOST_BINDS
from proxy.relay.session.dialect import Dialect
from proxy.smpp import pdu, write
from proxy.smpp.message import Tlv
from proxy.smpp.pdu import RESPONSE
from tests.relay.session.consents import Consents, Conversation, OnDisk
from tests.relay.session.transcript import (
    AB,
    BIND,
    BIND_RESP,
    ESME,
    HI,
    RX_T_APPN,
    SMSC,
    STOP,
    SUBMIT,
    A,
    B,
    C,
    changes,
    conversation,
    end,
)

# Who has not been accepted changes nothing.

NOT_BOUND: dict[str, list[tuple[str, bytes]]] = {
    "nothing": [],
    "outbind": [("smsc", write.pdu(pdu.OUTBIND, b"smsc\0secret\0"))],
    "asked": [("esme", BIND)],
    "refused": [("esme", BIND), ("smsc", write.pdu(pdu.BIND_TRANSCEIVER | RESPONSE, status=0x0E))],
    "unasked": [("smsc", BIND_RESP)],
    "nack": [("esme", BIND), ("smsc", pdu.header_only(pdu.GENERIC_NACK, 3, 1)), ("smsc", BIND_RESP)],
}


@pytest.mark.parametrize(
    "messages", [STOP, HI, write.message(pdu.DATA_SM, B, A, b"", parameters=[Tlv(0x424, b"STOP")])]
)
@pytest.mark.parametrize("before", NOT_BOUND.values(), ids=NOT_BOUND.keys())
def test_without_an_accepted_bind_a_message_passes_and_changes_nothing(
    before: list[tuple[str, bytes]], messages: bytes
) -> None:
    talk = conversation(Consents([AB]), bound=False)
    for who, data in before:
        (talk.esme if who == "esme" else talk.smsc)(data)
    talk.sent = {ESME: b"", SMSC: b""}
    talk.smsc(messages)
    assert changes(talk) == []
    assert talk.consents.states == {AB: State.OPTED_OUT}
    assert talk.sent[ESME] == messages


def test_a_bind_is_accepted_though_its_answer_has_another_number() -> None:
    talk = conversation(bound=False)
    talk.esme(BIND)
    talk.smsc(write.pdu(pdu.BIND_TRANSCEIVER | RESPONSE, b"smsc\0", sequence=77))
    assert talk.session.is_bound


UNBIND, UNBIND_RESP = pdu.header_only(pdu.UNBIND, 0, 5), pdu.header_only(pdu.UNBIND | RESPONSE, 0, 5)
REFUSED_UNBIND = pdu.header_only(pdu.UNBIND | RESPONSE, 8, 5)


@pytest.mark.parametrize(
    "steps",
    [
        [("smsc", UNBIND_RESP)],
        [("esme", UNBIND), ("smsc", REFUSED_UNBIND)],
        [("smsc", UNBIND), ("esme", REFUSED_UNBIND)],
        [("esme", UNBIND_RESP)],
        [("esme", UNBIND), ("smsc", UNBIND_RESP)],
        [("smsc", UNBIND), ("esme", UNBIND_RESP)],
        [("esme", UNBIND), ("smsc", REFUSED_UNBIND), ("smsc", UNBIND_RESP)],
    ],
)
def test_no_unbind_makes_us_deaf_to_an_smsc_that_was_accepted(steps: list[tuple[str, bytes]]) -> None:
    talk = conversation()
    for who, data in steps:
        (talk.esme if who == "esme" else talk.smsc)(data)
    talk.smsc(STOP)
    assert talk.consents.states == {AB: State.OPTED_OUT}


def test_a_bind_that_is_answered_as_another_kind_is_one() -> None:
    talk = conversation(bound=False)
    talk.esme(BIND)
    talk.smsc(write.pdu(pdu.BIND_RECEIVER | RESPONSE, b"smsc\0"))
    talk.smsc(STOP)
    assert talk.consents.states == {AB: State.OPTED_OUT}


def test_the_binds_that_wait_are_bounded() -> None:
    talk = conversation(bound=False)
    talk.esme(b"".join(write.bind("x", "y", sequence=n) for n in range(10 * MOST_BINDS)))
    assert len(talk.session._at.binds._asked) == MOST_BINDS


def by_whom(talk: Conversation) -> list[str]:
    records = [action for action in talk.actions if isinstance(action, Record)]
    return [c.origin.system_id for record in records for c in record.wishes if isinstance(c, Change)]


def test_a_second_bind_that_is_refused_changes_nothing_of_whom_later_stops_are_journalled_under() -> None:
    talk = conversation(bound=False)
    talk.esme(BIND)
    talk.smsc(BIND_RESP)
    talk.esme(write.bind("intruder", "guess", sequence=2))
    talk.smsc(STOP)
    talk.smsc(write.pdu(pdu.BIND_TRANSCEIVER | RESPONSE, status=0x05, sequence=2))
    talk.smsc(write.deliver_sm(C, A, b"STOP"))
    assert by_whom(talk) == ["platform", "platform"]
    (refused,) = (a for a in talk.actions if isinstance(a, Note) and a.event == "bind_refused")
    assert refused.fields["system_id"] == "intruder"
    talk.esme(write.bind("other", "known", sequence=3))
    talk.smsc(write.pdu(pdu.BIND_TRANSCEIVER | RESPONSE, b"smsc\0", sequence=3))
    talk.smsc(write.deliver_sm(A, C, b"STOP"))
    assert by_whom(talk)[2:] == ["other"]


def test_what_steers_a_terminal_in_a_system_id_is_escaped() -> None:
    talk = conversation(bound=False)
    talk.esme(write.bind("\x1b]0;x\x07\x9b\xad", "secret"))
    assert talk.session.origin.system_id == r"\x1b]0;x\x07\x9b\xad"


# Other spellings.

JAMAICA, SINGAPORE = "16582345678", "6582345678"


def stop_from(digits: str, ton: int) -> bytes:
    return write.deliver_sm(write.address(digits, ton=ton), A, b"STOP")


def passes(talk: Conversation, digits: str, ton: int) -> bool:
    talk.sent = {ESME: b"", SMSC: b""}
    talk.esme(write.submit_sm(A, write.address(digits, ton=ton), b"hello"))
    return bool(talk.sent[SMSC])


def test_a_spelling_that_can_mean_two_people_is_refused_if_either_said_stop_and_its_reply_opens_neither() -> None:
    talk = conversation(OnDisk())
    talk.smsc(stop_from(JAMAICA, 1))
    assert [passes(talk, *to) for to in ((JAMAICA, 1), (SINGAPORE, 0), (SINGAPORE, 2))] == [False, False, False]
    assert passes(talk, "+" + SINGAPORE, 0)
    talk.smsc(write.deliver_sm(write.address(SINGAPORE, ton=0), A, b"hi"))
    assert not passes(talk, JAMAICA, 1)
    talk.smsc(write.deliver_sm(write.address(SINGAPORE, ton=1), A, b"hi"))
    assert not passes(talk, JAMAICA, 1)
    talk.smsc(write.deliver_sm(write.address("+" + JAMAICA, ton=0), A, b"hi"))
    assert passes(talk, JAMAICA, 1)


# The order of edits.


def test_a_stop_that_can_not_be_recorded_and_an_answer_to_complete_in_one_read() -> None:
    """The STOP is cut out when the completed answer behind it is in place already."""
    for first in (True, False):
        talk = conversation(Consents([AB]))
        talk.esme(write.submit_multi(A, [B, C], b"x", sequence=11))
        talk.sent = {ESME: b"", SMSC: b""}
        talk.can_record = False
        answer = write.pdu(pdu.SUBMIT_MULTI | RESPONSE, b"id\0\0", sequence=11)
        stop = write.deliver_sm(C, A, b"STOP", sequence=3)
        talk.smsc(stop + answer + stop if first else answer + stop + answer)
        assert b"STOP" not in talk.sent[ESME]
        count = 2 if first else 1
        assert talk.sent[SMSC] == pdu.refusal(pdu.DELIVER_SM, RX_T_APPN, 3) * count
        lengths, rest = [], talk.sent[ESME]
        while rest:
            lengths.append(int.from_bytes(rest[:4], "big"))
            rest = rest[lengths[-1] :]
        assert lengths[0] > len(answer), "the first answer is completed"
        assert lengths[1:] == ([] if first else [len(answer)])


def test_a_claim_that_fails_and_refusals_around_it_in_one_read() -> None:
    other = Pair(AB.business, "+15559870002")
    talk = conversation(Consents([AB, other]), Dialect(Policy(confirmation="platform")))
    talk.consents.unconfirmed = {AB}
    talk.can_record = False
    to_other, third = write.submit_sm(A, C, b"no", sequence=8), write.submit_sm(A, write.address("15550000000"), b"ok")
    talk.esme(SUBMIT + third + to_other + third + SUBMIT)
    assert talk.sent[SMSC] == third + third
    assert sorted(talk.sent[ESME][n + 15] for n in range(0, len(talk.sent[ESME]), 16)) == [7, 7, 8]


@given(st.binary(min_size=8, max_size=40), st.data())
def test_edits_are_made_in_order_or_not_at_all(buffer: bytes, data: st.DataObject) -> None:
    ends = st.integers(0, len(buffer))
    edits = data.draw(st.lists(st.tuples(ends, ends).map(lambda p: Edit(min(p), max(p), b"-")), max_size=4))
    in_order = all(one.end <= two.start for one, two in pairwise(edits))
    if not in_order:
        with pytest.raises(ValueError, match="behind"):
            assemble(buffer, len(buffer), edits)
        return
    made = assemble(buffer, len(buffer), edits)
    assert len(made) == len(buffer) - sum(e.end - e.start - 1 for e in edits)


# What is waited for.


def test_a_vendors_request_is_not_waited_for() -> None:
    talk = conversation()
    vendor = write.pdu(0x00010203, b"x", sequence=5)
    talk.esme(vendor)
    assert talk.sent[SMSC] == vendor
    assert talk.session.answers_due()[0] == 0
    talk.esme(SUBMIT)
    talk.smsc(write.pdu(0x80010203, b"x", sequence=5))
    assert talk.session.answers_due()[0] == 1


def test_an_answer_given_twice_does_not_end_a_half_closed_session_before_the_last_one() -> None:
    talk = conversation()
    talk.esme(SUBMIT + write.submit_sm(A, C, b"x", sequence=8))
    assert talk.carry_out(talk.session.eof(ESME)) == [HalfClose(SMSC)]
    answer = write.pdu(pdu.SUBMIT_SM | RESPONSE, b"id\0", sequence=7)
    talk.smsc(answer + answer)
    assert end(talk) is None
    last = write.pdu(pdu.SUBMIT_SM | RESPONSE, b"id\0", sequence=8)
    assert talk.smsc(last) == [Send(ESME, last)]
    talk.carry_out(talk.session.eof(SMSC))
    assert end(talk) is not None


def test_what_was_closed_from_a_doubtful_address_is_opened_from_it() -> None:
    talk = conversation(OnDisk())
    talk.smsc(stop_from(SINGAPORE, 0))
    assert [passes(talk, *to) for to in ((JAMAICA, 1), (SINGAPORE, 1), (SINGAPORE, 0))] == [False] * 3
    talk.smsc(write.deliver_sm(write.address(SINGAPORE, ton=0), A, b"START", sequence=9))
    talk.esme(write.pdu(pdu.DELIVER_SM | RESPONSE, b"\0", sequence=9))
    assert [passes(talk, *to) for to in ((JAMAICA, 1), (SINGAPORE, 1), (SINGAPORE, 0))] == [True] * 3
    talk.smsc(stop_from(SINGAPORE, 0))
    talk.smsc(stop_from(JAMAICA, 1))  # now somebody certainly said so
    talk.smsc(write.deliver_sm(write.address(SINGAPORE, ton=0), A, b"START"))
    assert [passes(talk, *to) for to in ((JAMAICA, 1), ("+" + SINGAPORE, 0))] == [False, True]


def test_of_two_businesses_that_an_address_may_mean_both_are_closed() -> None:
    business = write.address(SINGAPORE, ton=0)
    talk = conversation(OnDisk())
    talk.smsc(write.deliver_sm(B, business, b"STOP"))
    for source in (business, write.address(JAMAICA), write.address("+" + SINGAPORE)):
        talk.sent = {ESME: b"", SMSC: b""}
        talk.esme(write.submit_sm(source, B, b"hello"))
        assert talk.sent[SMSC] == b""


def test_of_a_stop_that_may_be_two_people_s_at_most_one_is_confirmed() -> None:
    talk = conversation(OnDisk(), Dialect(Policy(confirmation="platform")))
    talk.smsc(stop_from(SINGAPORE, 0))
    assert not passes(talk, SINGAPORE, 0)
    assert not passes(talk, "+" + SINGAPORE, 0)
    assert passes(talk, JAMAICA, 1)
    assert not passes(talk, JAMAICA, 1)


@pytest.mark.parametrize("by_list", [True, False])
def test_an_operator_s_word_is_certain(by_list: bool) -> None:
    consents = OnDisk()
    talk = conversation(consents)
    talk.smsc(stop_from(SINGAPORE, 0))
    pair = Pair(AB.business, "+" + JAMAICA)
    if by_list:
        consents._ledger.absorb([Listed(pair)], {"operator": "me"})
    else:
        consents.apply([Change(pair, State.OPTED_OUT, Meaning.STOP, "", Origin("", "", ""), operator="me")])
    talk.smsc(write.deliver_sm(write.address(SINGAPORE, ton=0), A, b"START"))
    assert not passes(talk, JAMAICA, 1)
    assert passes(talk, "+" + SINGAPORE, 0)


def test_a_confirmation_of_one_is_no_message_to_another_who_said_stop() -> None:
    talk = conversation(OnDisk(), Dialect(Policy(confirmation="platform")))
    talk.smsc(stop_from("+" + SINGAPORE, 0))
    assert passes(talk, "+" + SINGAPORE, 0)
    talk.smsc(stop_from(JAMAICA, 1))
    assert not passes(talk, SINGAPORE, 0)
    assert passes(talk, JAMAICA, 1)


def test_what_is_observed_lets_nothing_pass_that_is_enforced_for_another() -> None:
    observed = NumberSet(["+" + JAMAICA], Numbering())
    talk = conversation(OnDisk(), Dialect(Policy(observed=observed)))
    for business in (JAMAICA, "+" + SINGAPORE):
        talk.smsc(write.deliver_sm(B, write.address(business), b"STOP"))
    talk.sent = {ESME: b"", SMSC: b""}
    talk.esme(write.submit_sm(write.address(SINGAPORE, ton=0), B, b"hello"))
    assert talk.sent[SMSC] == b""


def test_the_source_that_the_smsc_puts_in_is_whoever_it_may_mean() -> None:
    talk = conversation(OnDisk(), Dialect(default_source=SINGAPORE))
    talk.smsc(write.deliver_sm(B, write.address("+" + SINGAPORE), b"STOP"))
    talk.esme(write.submit_sm(write.address("", ton=0), B, b"hello"))
    assert talk.sent[SMSC] == b""
