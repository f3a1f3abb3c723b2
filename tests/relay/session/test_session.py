"""The session as a transcript: who sends what, and what the other side (or the same) then gets."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proxy.consent.numbers import Numbering, Pair
from proxy.consent.policy import Policy
from proxy.consent.rules import Rule, State
from proxy.consent.scope import Groups, NumberSet, scope_name
from proxy.consent.wishes import Change, Origin, PartOfText
from proxy.meaning.meanings import Meaning
from proxy.net.sides import Side
from proxy.relay.session.actions import End, HalfClose, Note, Record, Send
from proxy.relay.session.dialect import Dialect
from proxy.relay.session.session import Session
from proxy.relay.session.standing import OUR_SEQUENCE
from proxy.relay.session.submits import MOST_MULTIS
from proxy.relay.session.tally import UNKNOWN_COMMAND, Tally
from proxy.smpp import pdu, write
from proxy.smpp.message import TAG_MESSAGE_PAYLOAD, TAG_MESSAGE_STATE, TAG_RECEIPTED_MESSAGE_ID, Tlv
from proxy.smpp.pdu import RESPONSE, Address
from tests.corpus import RecordedPdu, whole_pdus
from tests.relay.session.consents import Consents, Conversation
from tests.relay.session.transcript import (
    AB,
    BIND,
    ESME,
    HI,
    RINVBNDSTS,
    RINVCMDLEN,
    RINVDSTADR,
    RMSGQFUL,
    RX_T_APPN,
    SMSC,
    STOP,
    SUBMIT,
    A,
    B,
    C,
    a_pdu,
    changes,
    conversation,
    end,
    notes,
)
from tests.smpp.cutting import chunks

# The story.


def test_a_submit_to_a_pair_that_nobody_spoke_of_passes() -> None:
    talk = conversation()
    assert talk.esme(SUBMIT) == [Send(SMSC, SUBMIT)]


def test_a_stop_is_recorded_before_it_is_passed_on() -> None:
    talk = conversation()
    record, send = talk.smsc(STOP)
    assert isinstance(record, Record)
    assert changes(talk) == [(AB, State.OPTED_OUT, Meaning.STOP)]
    (wish,) = record.wishes
    assert isinstance(wish, Change)
    assert wish.origin == Origin("route", "session", "platform", "carrier")
    assert send == Send(ESME, STOP)


def test_a_submit_to_an_opted_out_pair_is_refused_and_does_not_pass() -> None:
    talk = conversation(Consents([AB]))
    note, send = talk.esme(SUBMIT)
    assert send == Send(ESME, pdu.refusal(pdu.SUBMIT_SM, RINVDSTADR, 7))
    assert note == Note(
        "refused",
        {
            "command": "submit_sm",
            "sequence_number": 7,
            "reason": "opted_out",
            "status": "ESME_RINVDSTADR",
            "business": AB.business,
            "consumer": AB.consumer,
        },
    )
    assert talk.sent[SMSC] == b""


def test_only_the_pair_is_closed() -> None:
    talk = conversation(Consents([AB]))
    others = write.submit_sm(A, C, b"hello") + write.submit_sm(write.address("15551230002"), B, b"hello")
    assert talk.esme(others) == [Send(SMSC, others)]


def test_any_reply_opens_the_pair_again() -> None:
    talk = conversation(Consents([AB]))
    talk.smsc(HI)
    assert changes(talk) == [(AB, State.OPTED_IN, Meaning.OTHER)]
    assert talk.sent[ESME] == HI
    assert talk.esme(SUBMIT) == [Send(SMSC, SUBMIT)]


def test_under_the_keyword_rule_only_a_resume_word_does() -> None:
    talk = conversation(Consents([AB]), Dialect(Policy(rule=Rule.KEYWORD)))
    assert talk.smsc(HI) == [Send(ESME, HI)]
    talk.smsc(write.deliver_sm(B, A, b"START"))
    assert changes(talk) == [(AB, State.OPTED_IN, Meaning.RESUME)]


def test_an_ordinary_reply_of_an_open_pair_records_nothing() -> None:
    assert conversation().smsc(HI) == [Send(ESME, HI)]


def test_stop_and_hi_in_one_read_count_in_their_order() -> None:
    talk = conversation()
    talk.smsc(STOP + HI)
    assert [state for _, state, _ in changes(talk)] == [State.OPTED_OUT, State.OPTED_IN]
    assert talk.sent[ESME] == STOP + HI
    talk.smsc(HI + STOP)
    assert talk.consents.states[AB] is State.OPTED_OUT


# What says nothing about consent.

RECEIPT = b"id:1 sub:001 dlvrd:001 submit date:2611221200 done date:2611221200 stat:DELIVRD err:000 text:STOP"


@pytest.mark.parametrize(
    "frame",
    [
        write.deliver_sm(B, A, RECEIPT, esm_class=0x04),
        write.deliver_sm(B, A, RECEIPT),
        write.deliver_sm(B, A, b"STOP", esm_class=0x08),
        write.deliver_sm(B, A, b"STOP", esm_class=0x20),
        write.deliver_sm(B, A, b"STOP", parameters=[Tlv(TAG_MESSAGE_STATE, b"\2")]),
        write.deliver_sm(B, A, b"STOP", parameters=[Tlv(TAG_RECEIPTED_MESSAGE_ID, b"1\0")]),
        write.deliver_sm(B, A, b"STOP", data_coding=4),
        write.deliver_sm(B, A, b"\x06\x05\x04\x15\x81\x00\x00STOP", esm_class=0x40),
    ],
    ids=["receipt", "receipt by text", "SME ack", "intermediate", "message_state", "receipted", "binary", "port"],
)
@pytest.mark.parametrize("opted_out", [[], [AB]])
def test_notices_and_binary_content_change_nothing(frame: bytes, opted_out: list[Pair]) -> None:
    talk = conversation(Consents(opted_out))
    assert talk.smsc(frame) == [Send(ESME, frame)]


@pytest.mark.parametrize(
    "frame",
    [
        write.deliver_sm(B, A, b"", parameters=[Tlv(TAG_MESSAGE_PAYLOAD, b"STOP")]),
        write.deliver_sm(B, A, b"STOP", parameters=[Tlv(0x0210, b"\x34")]),
        write.deliver_sm(B, A, b"STOP", parameters=[Tlv(0x0381, b"\xff" * 30)]),
        write.deliver_sm(B, A, "STOP".encode("utf-16-be"), data_coding=8),
        write.deliver_sm(B, A, b"STOP", esm_class=0x80),
        write.deliver_sm(B, A, b"\x05\x00\x03\x01\x02\x01STOP", esm_class=0x40),
        write.message(pdu.DATA_SM, B, A, b"", parameters=[Tlv(TAG_MESSAGE_PAYLOAD, b"STOP")]),
        write.deliver_sm(write.address("5559870001", ton=2), write.address("5551230001", ton=0), b"STOP"),
    ],
    ids=["payload", "stray TLV", "odd TLV", "UCS2", "reply path", "part", "data_sm", "national numbers"],
)
def test_a_stop_is_heard_wherever_it_stands(frame: bytes) -> None:
    talk = conversation()
    talk.smsc(frame)
    assert changes(talk) == [(AB, State.OPTED_OUT, Meaning.STOP)]
    assert talk.sent[ESME] == frame


def test_a_part_of_a_longer_message_resumes_nothing() -> None:
    talk = conversation(Consents([AB]))
    frame = write.deliver_sm(B, A, b"\x05\x00\x03\x01\x02\x01hello there", esm_class=0x40)
    record, send = talk.smsc(frame)
    assert send == Send(ESME, frame)
    assert isinstance(record, Record)
    (part,) = record.wishes
    assert isinstance(part, PartOfText)
    assert (part.offer.pair, *part[3:7]) == (AB, 1, 2, 1, {"gsm": "hello there"})
    assert talk.consents.states[AB] is State.OPTED_OUT


@pytest.mark.parametrize(
    ("whole", "state"),
    [
        ("please stop texting me", State.OPTED_OUT),
        ("hello there", State.OPTED_IN),
        ("not interested", None),
        ("help", None),
    ],
)
def test_what_a_whole_text_asks_for_is_decided_when_its_parts_are_there(whole: str, state: State | None) -> None:
    talk = conversation()
    record, _ = talk.smsc(write.deliver_sm(B, A, b"\x05\x00\x03\x01\x02\x01hello", esm_class=0x40))
    assert isinstance(record, Record)
    (part,) = record.wishes
    assert isinstance(part, PartOfText)
    assert [change.state for change in Policy().changes_of_whole(part, [whole], True)] == ([state] if state else [])
    doubtful = [change.state for change in Policy().changes_of_whole(part, [whole], False)]
    assert doubtful == ([state] if state is State.OPTED_OUT else []), "parts of two messages may only stop"


def test_a_message_that_can_not_be_read_passes_and_is_counted() -> None:
    talk = conversation()
    frame = write.pdu(pdu.DELIVER_SM, b"no NUL in here")
    note, send = talk.smsc(frame)
    assert send == Send(ESME, frame)
    assert isinstance(note, Note)
    assert note.event == "unreadable_pdu"


# Failing safe.


def test_submits_are_refused_for_a_while_when_consent_can_not_be_read() -> None:
    talk = conversation()
    talk.consents.is_readable = False
    talk.esme(SUBMIT)
    assert talk.sent == {ESME: pdu.refusal(pdu.SUBMIT_SM, RMSGQFUL, 7), SMSC: b""}


def test_a_stop_that_can_not_be_recorded_is_not_passed_on_and_is_to_be_retried() -> None:
    talk = conversation()
    talk.can_record = False
    other = write.deliver_sm(C, A, b"see you", sequence=5)
    talk.smsc(other + STOP + other)
    assert talk.sent == {ESME: other + other, SMSC: pdu.refusal(pdu.DELIVER_SM, RX_T_APPN, 3)}
    assert talk.session.statistics().in_flight == (0, 2)


def test_a_reply_that_may_change_something_waits_until_consent_can_be_read() -> None:
    talk = conversation()
    talk.consents.is_readable = talk.can_record = False
    talk.smsc(HI)
    assert talk.sent == {ESME: b"", SMSC: pdu.refusal(pdu.DELIVER_SM, RX_T_APPN, 4)}


@pytest.mark.parametrize("command", [pdu.SUBMIT_SM, pdu.DATA_SM, pdu.SUBMIT_MULTI])
def test_a_submit_whose_addresses_can_not_be_read_is_refused(command: int) -> None:
    talk = conversation()
    talk.esme(write.pdu(command, b"no NUL in here", sequence=9))
    assert talk.sent == {ESME: pdu.refusal(command, RINVCMDLEN, 9), SMSC: b""}


# Before the bind.


def test_before_the_bind_a_refusal_tells_nothing() -> None:
    talk = conversation(Consents([AB]), bound=False)
    talk.esme(BIND + SUBMIT + write.submit_sm(A, C, b"hello"))
    assert talk.sent[ESME] == pdu.refusal(pdu.SUBMIT_SM, RINVBNDSTS, 7)
    assert talk.sent[SMSC] == BIND + write.submit_sm(A, C, b"hello")


def test_a_rejected_bind_is_no_bind() -> None:
    talk = conversation(Consents([AB]), bound=False)
    talk.esme(BIND)
    talk.smsc(write.pdu(pdu.BIND_TRANSCEIVER | RESPONSE, status=0x0E))
    talk.esme(SUBMIT)
    assert talk.sent[ESME].endswith(pdu.refusal(pdu.SUBMIT_SM, RINVBNDSTS, 7))


@pytest.mark.parametrize("is_readable", [True, False])
def test_nothing_distinguishes_refusals_before_the_bind(is_readable: bool) -> None:
    multi = write.submit_multi(A, [B], b"hello", sequence=8)
    broken = write.pdu(pdu.SUBMIT_SM, b"no NUL", sequence=9)
    talk = conversation(Consents([AB]), bound=False)
    talk.consents.is_readable = is_readable
    talk.esme(SUBMIT + multi + broken)
    answers = [
        pdu.refusal(command, RINVBNDSTS, sequence)
        for command, sequence in ((pdu.SUBMIT_SM, 7), (pdu.SUBMIT_MULTI, 8), (pdu.SUBMIT_SM, 9))
    ]
    assert talk.sent == {ESME: b"".join(answers), SMSC: b""}


def test_an_unbind_by_the_smsc_ends_the_bind_too() -> None:
    talk = conversation(Consents([AB]))
    talk.smsc(write.pdu(pdu.UNBIND))
    talk.esme(write.pdu(pdu.UNBIND | RESPONSE) + SUBMIT)
    assert talk.sent[ESME].endswith(pdu.refusal(pdu.SUBMIT_SM, RINVBNDSTS, 7))
    assert talk.carry_out(talk.session.eof(SMSC)) == [End("unbind", "the SMSC closed the connection")]


def test_after_an_unbind_the_session_is_not_bound() -> None:
    talk = conversation(Consents([AB]))
    talk.esme(write.pdu(pdu.UNBIND))
    talk.smsc(write.pdu(pdu.UNBIND | RESPONSE))
    talk.esme(SUBMIT)
    assert talk.sent[ESME].endswith(pdu.refusal(pdu.SUBMIT_SM, RINVBNDSTS, 7))


# submit_multi.


def test_opted_out_destinations_are_taken_out_and_answered_in_the_response() -> None:
    talk = conversation(Consents([AB]))
    talk.esme(write.submit_multi(A, [C, B], b"hello", sequence=11))
    assert talk.sent == {ESME: b"", SMSC: write.submit_multi(A, [C], b"hello", sequence=11)}
    talk.smsc(write.pdu(pdu.SUBMIT_MULTI | RESPONSE, b"id\0\0", sequence=11))
    entry = bytes((1, 1)) + b"15559870001\0" + RINVDSTADR.to_bytes(4, "big")
    assert talk.sent[ESME] == write.pdu(pdu.SUBMIT_MULTI | RESPONSE, b"id\0\1" + entry, sequence=11)


def test_a_multi_whose_destinations_are_all_opted_out_is_refused() -> None:
    talk = conversation(Consents([AB]))
    talk.esme(write.submit_multi(A, [B, B], b"hello", sequence=11))
    assert talk.sent == {ESME: pdu.refusal(pdu.SUBMIT_MULTI, RINVDSTADR, 11), SMSC: b""}


@pytest.mark.parametrize("answer", [write.pdu(pdu.GENERIC_NACK, status=3, sequence=11),
                                    write.pdu(pdu.SUBMIT_MULTI | RESPONSE, status=0x45, sequence=11)])  # fmt: skip
def test_an_error_for_a_shortened_multi_passes_as_it_is(answer: bytes) -> None:
    talk = conversation(Consents([AB]))
    talk.esme(write.submit_multi(A, [C, B], b"hello", sequence=11))
    talk.smsc(answer)
    assert talk.sent[ESME] == answer
    later = write.pdu(pdu.SUBMIT_MULTI | RESPONSE, b"id\0\0", sequence=11)
    talk.smsc(later)
    assert talk.sent[ESME] == answer + later


def test_lists_are_refused_or_passed_as_configured() -> None:
    frame = write.submit_multi(A, ["friends", C], b"hello", sequence=11)
    talk = conversation()
    talk.esme(frame)
    assert talk.sent == {ESME: pdu.refusal(pdu.SUBMIT_MULTI, 0x44, 11), SMSC: b""}
    talk = conversation(dialect=Dialect(distribution_lists="pass"))
    assert talk.esme(frame) == [Send(SMSC, frame)]


def test_duplicate_sequence_numbers_of_multis_are_answered_in_order() -> None:
    talk = conversation(Consents([AB]))
    talk.esme(write.submit_multi(A, [C, B], b"one", sequence=11))
    talk.esme(write.submit_multi(A, [C], b"two", sequence=11))
    answer = write.pdu(pdu.SUBMIT_MULTI | RESPONSE, b"id\0\0", sequence=11)
    talk.smsc(answer + answer)
    assert len(talk.sent[ESME]) > 2 * len(answer)
    assert talk.sent[ESME].endswith(answer)


def test_a_multi_that_passed_whole_is_not_completed_for_another_of_its_number() -> None:
    talk = conversation(Consents([AB]))
    talk.esme(write.submit_multi(A, [C], b"one", sequence=11))
    talk.esme(write.submit_multi(A, [C, B], b"two", sequence=11))
    answer = write.pdu(pdu.SUBMIT_MULTI | RESPONSE, b"id\0\0", sequence=11)
    talk.smsc(answer)
    assert talk.sent[ESME] == answer
    talk.smsc(answer)
    assert len(talk.sent[ESME]) > 2 * len(answer)


def test_multis_that_wait_are_bounded() -> None:
    talk = conversation(Consents([AB]))
    talk.esme(write.submit_multi(A, [C, B], b"x", sequence=11) * (MOST_MULTIS + 1))
    assert talk.sent[ESME] == pdu.refusal(pdu.SUBMIT_MULTI, RMSGQFUL, 11)


# Groups.

SALE, NEWS = Pair(scope_name("sale"), AB.consumer), Pair(scope_name("news"), AB.consumer)
GROUPS = Groups({"sale": NumberSet(["+1555123*"], Numbering()), "news": NumberSet(["40404"], Numbering())})
A2, ALONE, NEWS_CODE = write.address("15551230002"), write.address("15550000009"), write.address("40404", ton=3)


def refused(talk: Conversation, source: Address) -> bool:
    talk.sent = {ESME: b"", SMSC: b""}
    frame = write.submit_sm(source, B, b"hello", sequence=7)
    talk.esme(frame)
    assert talk.sent in ({ESME: pdu.refusal(pdu.SUBMIT_SM, RINVDSTADR, 7), SMSC: b""}, {ESME: b"", SMSC: frame})
    return not talk.sent[SMSC]


def test_a_stop_to_one_number_of_a_group_holds_for_all_of_it() -> None:
    talk = conversation(dialect=Dialect(Policy(groups=GROUPS)))
    talk.smsc(STOP)
    assert changes(talk) == [(AB, State.OPTED_OUT, Meaning.STOP), (SALE, State.OPTED_OUT, Meaning.STOP)]
    assert [refused(talk, source) for source in (A, A2, NEWS_CODE, ALONE)] == [True, True, False, False]


def test_a_reply_opens_its_number_and_its_group_and_no_number_that_was_told_stop_itself() -> None:
    talk = conversation(dialect=Dialect(Policy(groups=GROUPS)))
    talk.smsc(STOP)
    talk.smsc(write.deliver_sm(B, A2, b"hi"))
    assert talk.consents.states[SALE] is State.OPTED_IN
    assert [refused(talk, source) for source in (A, A2)] == [True, False]
    talk.smsc(HI)
    assert [refused(talk, source) for source in (A, A2)] == [False, False]


GROUPINGS = [
    None,
    GROUPS,
    Groups({"other": NumberSet(["+15551230001"], Numbering())}),
    Groups({"first": NumberSet(["+1555*"], Numbering()), "sale": NumberSet(["+1555123*"], Numbering())}),
    Groups({"SALE": NumberSet(["+1555123*"], Numbering())}),
]


@settings(max_examples=200, deadline=None)
@given(
    steps=st.lists(
        st.one_of(
            st.sampled_from(GROUPINGS).map(lambda groups: ("groups", groups)),
            st.tuples(st.sampled_from([b"STOP", b"STOPALL", b"hi"]), st.sampled_from([A, A2, ALONE])),
        ),
        max_size=8,
    )
)
def test_a_stop_to_a_number_holds_for_it_whatever_the_groups_become(steps: list[tuple[object, object]]) -> None:
    talk = conversation()
    told_stop: set[Address] = set()
    for what, more in steps:
        if what == "groups":
            talk.session.apply(Dialect(Policy(groups=more if isinstance(more, Groups) else None)))
            continue
        assert isinstance(what, bytes)
        assert isinstance(more, Address)
        talk.smsc(write.deliver_sm(B, more, what))
        told_stop = told_stop - {more} if what == b"hi" else told_stop | {more}
        assert all(refused(talk, source) for source in told_stop)


def test_stopall_holds_for_the_number_and_all_groups() -> None:
    talk = conversation(dialect=Dialect(Policy(groups=GROUPS)))
    talk.smsc(write.deliver_sm(B, A, b"STOPALL"))
    assert [pair for pair, _, _ in changes(talk)] == [AB, SALE, NEWS]
    talk = conversation(dialect=Dialect(Policy(groups=GROUPS)))
    talk.smsc(write.deliver_sm(B, ALONE, b"Stop all!"))
    assert [pair for pair, _, _ in changes(talk)] == [Pair("+15550000009", AB.consumer), SALE, NEWS]


def test_a_pair_that_was_closed_before_there_were_groups_stays_closed_until_it_is_opened() -> None:
    talk = conversation(Consents([AB]), Dialect(Policy(groups=GROUPS)))
    talk.esme(SUBMIT)
    assert talk.sent[SMSC] == b""
    talk.smsc(HI)
    assert changes(talk) == [(AB, State.OPTED_IN, Meaning.OTHER)]
    assert talk.esme(SUBMIT) == [Send(SMSC, SUBMIT)]


# Settings.


@pytest.mark.parametrize("frame", [SUBMIT, write.submit_multi(A, [B, C], b"hello", sequence=7)], ids=["sm", "multi"])
def test_an_observed_number_is_counted_and_passes(frame: bytes) -> None:
    policy = Dialect(Policy(observed=NumberSet(["+1555123*"], Numbering())))
    talk = conversation(Consents([AB]), policy)
    note, send = talk.esme(frame)
    assert send == Send(SMSC, frame)
    assert isinstance(note, Note)
    assert note.event == "would_refuse"
    (counted,) = talk.tally.refusals.take()
    assert counted[:3] == (AB, 0, 1)
    assert sum(talk.tally.refused.values()) == 1


def test_the_refusal_status_is_a_setting() -> None:
    talk = conversation(Consents([AB]), Dialect(refuse_with=0x4FF, unavailable=0x08))
    talk.esme(SUBMIT)
    talk.consents.is_readable = False
    talk.esme(SUBMIT)
    assert talk.sent[ESME] == pdu.refusal(pdu.SUBMIT_SM, 0x4FF, 7) + pdu.refusal(pdu.SUBMIT_SM, 0x08, 7)


def test_an_empty_source_is_the_smsc_s_default_number() -> None:
    talk = conversation(Consents([AB]), Dialect(default_source="555-123-0001"))
    talk.esme(write.submit_sm(write.address("", ton=0), B, b"hello", sequence=7))
    assert talk.sent == {ESME: pdu.refusal(pdu.SUBMIT_SM, RINVDSTADR, 7), SMSC: b""}


# Framing and ends.


@pytest.mark.parametrize("side", [ESME, SMSC])
def test_lost_framing_is_told_to_the_offender_and_ends_the_session(side: Side) -> None:
    talk = conversation()
    good = write.pdu(pdu.ENQUIRE_LINK)
    talk.receive(side, good + b"GET / HTTP/1.1\r\n\r\n")
    assert talk.sent == {side.other: good, side: pdu.header_only(pdu.GENERIC_NACK, RINVCMDLEN, 0)}
    ended = end(talk)
    assert ended is not None
    assert ended.ended_by == "frame_error"
    assert talk.esme(SUBMIT) == []


def test_lost_framing_behind_a_stop_ends_only_when_the_stop_is_recorded() -> None:
    talk = conversation()
    talk.smsc(STOP + bytes(16))
    assert [type(action) for action in talk.actions] == [Record, Send, Send, End]
    assert talk.consents.states[AB] is State.OPTED_OUT
    assert talk.sent[ESME] == STOP


def test_a_client_that_unbinds_and_closes_at_once_still_gets_its_answer() -> None:
    talk = conversation()
    talk.esme(write.pdu(pdu.UNBIND, sequence=5))
    assert talk.carry_out(talk.session.eof(ESME)) == [HalfClose(SMSC)]
    answer = write.pdu(pdu.UNBIND | RESPONSE, sequence=5)
    assert talk.smsc(answer) == [Send(ESME, answer), End("unbind", "the ESME closed the connection")]


@pytest.mark.parametrize(("side", "ended_by"), [(ESME, "esme"), (SMSC, "smsc")])
def test_when_nothing_is_owed_a_close_ends_both(side: Side, ended_by: str) -> None:
    talk = conversation()
    talk.carry_out(talk.session.eof(side))
    ended = end(talk)
    assert ended is not None
    assert ended.ended_by == ended_by


def test_a_half_pdu_at_the_end_is_dropped_and_noted() -> None:
    talk = conversation()
    talk.esme(SUBMIT[:20])
    talk.carry_out(talk.session.eof(ESME))
    assert notes(talk) == [Note("partial_pdu_dropped", {"side": "esme", "octets": 20})]
    assert talk.sent[SMSC] == b""


# Draining.


def test_a_drain_waits_for_answers_then_unbinds_both() -> None:
    talk = conversation()
    talk.esme(SUBMIT)
    assert talk.carry_out(talk.session.drain()) == []
    answer = write.pdu(pdu.SUBMIT_SM | RESPONSE, b"id\0", sequence=7)
    unbind = pdu.header_only(pdu.UNBIND, 0, OUR_SEQUENCE)
    assert talk.smsc(answer) == [Send(ESME, answer), Send(SMSC, unbind), Send(ESME, unbind)]
    unbind_resp = pdu.header_only(pdu.UNBIND | RESPONSE, 0, OUR_SEQUENCE)
    assert talk.smsc(unbind_resp) == []
    assert talk.esme(unbind_resp) == [End("drain", "both sides have unbound")]


def test_while_draining_new_requests_are_turned_back_both_ways() -> None:
    talk = conversation()
    talk.esme(SUBMIT)
    talk.carry_out(talk.session.drain())
    talk.sent = {ESME: b"", SMSC: b""}
    talk.esme(write.submit_sm(A, C, b"more", sequence=8) + write.pdu(pdu.ENQUIRE_LINK, sequence=9))
    talk.smsc(STOP)
    assert talk.sent == {
        ESME: pdu.refusal(pdu.SUBMIT_SM, RMSGQFUL, 8),
        SMSC: write.pdu(pdu.ENQUIRE_LINK, sequence=9) + pdu.refusal(pdu.DELIVER_SM, RX_T_APPN, 3),
    }
    assert AB not in talk.consents.states


def test_a_drain_that_takes_too_long_unbinds_anyway() -> None:
    talk = conversation()
    talk.esme(SUBMIT)
    talk.carry_out(talk.session.drain())
    unbind = pdu.header_only(pdu.UNBIND, 0, OUR_SEQUENCE)
    assert talk.carry_out(talk.session.drain(at_once=True)) == [Send(SMSC, unbind), Send(ESME, unbind)]


def test_an_idle_session_drains_at_once() -> None:
    talk = conversation(bound=False)
    assert talk.carry_out(talk.session.drain()) == [End("drain", "nothing was bound")]


# Properties.


@pytest.mark.parametrize("recorded", whole_pdus(), ids=lambda p: p.id)
def test_recorded_pdus_pass_unchanged_both_ways(recorded: RecordedPdu) -> None:
    """All but a submit_multi to a distribution list, which is refused unless it is set to pass."""
    dialect = Dialect(distribution_lists="pass")
    for side in Side:
        talk = conversation(dialect=dialect)
        talk.receive(side, recorded.octets)
        assert talk.sent == {side.other: recorded.octets, side: b""}


@settings(max_examples=300, deadline=None)
@given(pdus=st.lists(a_pdu(), max_size=25), cuts=st.lists(st.integers(min_value=0), max_size=30))
def test_what_the_smsc_gets_is_what_was_sent_minus_what_was_refused(pdus: list[bytes], cuts: list[int]) -> None:
    """The oracle decides each PDU alone, by smpplib's layout of the addresses written out here."""
    consents = Consents([AB, Pair("40404", "+15559870002")])
    talk = conversation(consents)
    for chunk in chunks(b"".join(pdus), cuts):
        talk.esme(chunk)
    passed, answered = [], []
    for frame in pdus:
        _, command, _, sequence = pdu.HEADER.unpack_from(frame)
        status = None
        if command in (pdu.SUBMIT_SM, pdu.DATA_SM):
            fields = frame[16:].split(b"\0", 1)[1:]
            rest = fields[0] if fields else b""
            source, _, rest = rest[2:].partition(b"\0") if len(rest) > 2 else (None, b"", b"")
            destination = rest[2:].partition(b"\0") if len(rest) > 2 else (b"", b"", b"")
            if source is None or not destination[1]:
                status = RINVCMDLEN
            else:
                key = tuple(d.decode("latin-1")[-10:] for d in (source, destination[0]))
                if key in (("5551230001", "5559870001"), ("40404", "5559870002")):
                    status = RINVDSTADR
        if status is None:
            passed.append(frame)
        else:
            answered.append(pdu.refusal(command, status, sequence))
    assert talk.sent[SMSC] == b"".join(passed)
    assert talk.sent[ESME] == b"".join(answered)


def a_delivery() -> st.SearchStrategy[bytes]:
    """Any PDU an SMSC might send."""
    text = st.sampled_from([b"STOP", b"hi", b"START", b"please stop texting", b"\xff\xfe\0", b""])
    coding = st.sampled_from([0, 3, 4, 8, 0xF0])
    deliver = st.builds(
        lambda t, c, n: write.deliver_sm(B, A, t, data_coding=c, sequence=n), text, coding, st.integers(0, 9)
    )
    other = st.builds(
        lambda c, b: write.pdu(c, b), st.sampled_from(list(pdu.COMMANDS.values())), st.binary(max_size=60)
    )
    return st.one_of(deliver, other)


@settings(max_examples=300, deadline=None)
@given(pdus=st.lists(a_delivery(), max_size=25), cuts=st.lists(st.integers(min_value=0), max_size=30))
def test_what_the_esme_gets_is_what_the_smsc_sent(pdus: list[bytes], cuts: list[int]) -> None:
    talk = conversation(Consents([AB]))
    for chunk in chunks(b"".join(pdus), cuts):
        talk.smsc(chunk)
    assert talk.sent == {ESME: b"".join(pdus), SMSC: b""}


@settings(max_examples=200, deadline=None)
@given(streams=st.lists(st.tuples(st.sampled_from(list(Side)), st.binary(max_size=200)), max_size=10))
def test_garbage_never_raises(streams: list[tuple[Side, bytes]]) -> None:
    talk = conversation(Consents([AB]))
    for side, data in streams:
        talk.receive(side, data)
    talk.carry_out(talk.session.eof(ESME))
    talk.carry_out(talk.session.drain())


def test_counters_have_a_fixed_set_of_keys() -> None:
    """Peers choose command ids; unknown ones share a key, so they can't fill the memory."""
    tally = Tally()
    session = Session(Dialect(), tally, Origin("route", "session", ""))
    keys = len(tally.pdus[ESME])
    for command in range(0x10000, 0x10100):
        session.receive(ESME, write.pdu(command), Consents())
    assert len(tally.pdus[ESME]) == keys
    assert tally.pdus[ESME][UNKNOWN_COMMAND] == 256
