"""Messages that come again: one that was first offered before a STOP must not open the pair after it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proxy.consent.numbers import Numbering, Pair
from proxy.consent.policy import Policy
from proxy.consent.rules import Rule, State
from proxy.consent.scope import Groups, NumberSet
from proxy.consent.unanswered import GIVEN_UP, LATE, MOST_UNANSWERED
from proxy.consent.wishes import TurnedBack
from proxy.relay.session.actions import Record
from proxy.relay.session.dialect import Dialect
from proxy.smpp import pdu, write
from proxy.smpp.pdu import RESPONSE
from tests.relay.session.consents import Consents, Conversation, OnDisk
from tests.relay.session.transcript import AB, BIND, ESME, SMSC, A, B, C
from tests.relay.session.transcript import conversation as conversation_with


def conversation(consents: Consents | None = None) -> Conversation:
    return conversation_with(consents or OnDisk())


def ok_thanks(sequence: int) -> bytes:
    return write.deliver_sm(B, A, b"ok thanks", sequence=sequence)


def answer(sequence: int, status: int = 0, command: int = pdu.DELIVER_SM) -> bytes:
    return write.pdu(command | RESPONSE, b"\0" if not status else b"", status=status, sequence=sequence)


def take(talk: Conversation, sequence: int) -> None:
    """The platform takes a message, and the session is still there a while later."""
    talk.esme(answer(sequence))
    look(talk)


def look(talk: Conversation, times: int = 2) -> None:
    for _ in range(times):
        talk.consents.remembered += talk.session.look_at_answers()
    if talk.can_record:
        talk.consents.apply(())


def stop(talk: Conversation, sequence: int = 50) -> None:
    talk.smsc(write.deliver_sm(B, A, b"STOP", sequence=sequence))
    talk.esme(answer(sequence))


def turned_back_by_the_platform(talk: Conversation) -> Conversation:
    talk.smsc(ok_thanks(1))
    talk.esme(answer(1, 0x64))
    return talk


def turned_back_by_a_nack(talk: Conversation) -> Conversation:
    talk.smsc(ok_thanks(1))
    talk.esme(pdu.header_only(pdu.GENERIC_NACK, 3, 1))
    return talk


def turned_back_by_a_drain(talk: Conversation) -> Conversation:
    talk.esme(write.submit_sm(A, write.address("15550000000"), b"keeps it busy"))
    talk.carry_out(talk.session.drain())
    talk.smsc(ok_thanks(1))
    return conversation(talk.consents)


def turned_back_by_a_failed_write(talk: Conversation) -> Conversation:
    stop(talk, 40)
    talk.can_record = False
    talk.smsc(ok_thanks(1))
    talk.can_record = True
    talk.consents.apply(())
    return talk


def never_answered(talk: Conversation) -> Conversation:
    talk.smsc(ok_thanks(1))
    talk.consents.apply(talk.session.unanswered())
    return conversation(talk.consents)


WAYS = [
    turned_back_by_the_platform,
    turned_back_by_a_nack,
    turned_back_by_a_drain,
    turned_back_by_a_failed_write,
    never_answered,
]


@pytest.mark.parametrize("way", WAYS)
def test_a_message_from_before_a_stop_does_not_open_the_pair_when_it_comes_again(way: object) -> None:
    assert callable(way)
    talk: Conversation = way(conversation())
    stop(talk)
    talk.smsc(ok_thanks(2))
    assert talk.consents.state(AB) is State.OPTED_OUT
    assert talk.sent[ESME].endswith(ok_thanks(2)), "it passes all the same"
    take(talk, 2)
    talk.smsc(ok_thanks(3))
    assert talk.consents.state(AB) is State.OPTED_IN, "written again behind the STOP, it is a reply like any other"


@pytest.mark.parametrize("way", WAYS)
def test_what_was_turned_back_and_taken_before_the_stop_is_forgotten(way: object) -> None:
    assert callable(way)
    talk: Conversation = way(conversation())
    talk.smsc(ok_thanks(2))
    take(talk, 2)
    stop(talk)
    talk.smsc(ok_thanks(3))
    assert talk.consents.state(AB) is State.OPTED_IN


def test_the_answer_that_turns_a_message_back_waits_until_that_is_written_down() -> None:
    talk = conversation()
    talk.smsc(ok_thanks(1))
    record = talk.session.receive(ESME, answer(1, 0x64), talk.consents)
    assert [type(action) for action in record] == [Record]
    talk.carry_out(record)
    assert talk.sent[SMSC] == answer(1, 0x64)


def test_a_message_that_is_turned_back_twice_stays_as_old_as_it_is() -> None:
    talk = turned_back_by_the_platform(conversation())
    stop(talk)
    talk.smsc(ok_thanks(2))
    talk.esme(answer(2, 0x64))
    talk.smsc(ok_thanks(3))
    assert talk.consents.state(AB) is State.OPTED_OUT


def test_a_stop_to_a_pair_that_is_closed_already_counts() -> None:
    talk = conversation()
    stop(talk, 40)
    talk.smsc(ok_thanks(1))
    talk.esme(answer(1, 0x64))
    assert talk.consents.state(AB) is State.OPTED_IN
    stop(talk)
    stop(talk, 51)
    talk.smsc(ok_thanks(2))
    assert talk.consents.state(AB) is State.OPTED_OUT


def test_a_reply_that_comes_in_one_read_with_the_stop_before_it_opens_the_pair() -> None:
    talk = conversation()
    talk.smsc(write.deliver_sm(B, A, b"STOP", sequence=1) + ok_thanks(2))
    assert talk.consents.state(AB) is State.OPTED_IN


@pytest.mark.parametrize(
    "before", [b"", write.deliver_sm(C, A, b"STOP", sequence=8)], ids=["alone", "behind another's"]
)
def test_a_reply_is_no_newer_than_its_own_pair_s_stops(before: bytes) -> None:
    """Between the read and its commit another session has a STOP of the same consumer written down."""
    talk = conversation()
    stop(talk, 40)
    read = talk.session.receive(SMSC, before + ok_thanks(1), talk.consents)
    stop(conversation(talk.consents))
    talk.carry_out(read)
    assert talk.consents.state(AB) is State.OPTED_OUT


def test_a_reply_behind_a_stop_to_another_number_of_its_group_in_one_read_opens_both() -> None:
    groups = Groups({"sale": NumberSet(["+1555123*"], Numbering())})
    other = write.address("15551230002")
    talk = conversation_with(OnDisk(), Dialect(Policy(groups=groups)))
    talk.smsc(write.deliver_sm(B, A, b"STOP", sequence=1) + write.deliver_sm(B, other, b"ok thanks", sequence=2))
    scope = groups.scope_of("+15551230002")
    assert scope is not None
    assert talk.consents.state(Pair(scope, AB.consumer)) is State.OPTED_IN


def test_what_waits_for_an_answer_is_bounded_and_nothing_is_forgotten() -> None:
    talk = conversation()
    talk.smsc(b"".join(ok_thanks(sequence) for sequence in range(MOST_UNANSWERED)))
    record, _ = talk.smsc(write.deliver_sm(B, A, b"see you tomorrow"))
    assert isinstance(record, Record)
    assert len(talk.session.unanswered()) == MOST_UNANSWERED


def test_a_message_that_has_had_no_answer_for_long_is_known_to_other_sessions() -> None:
    talk = conversation()
    talk.smsc(ok_thanks(1))
    assert talk.session.look_at_answers() == ()
    talk.consents.apply(talk.session.look_at_answers())
    assert talk.session.look_at_answers() == (), "it is told once"
    stop(talk)
    other = conversation(talk.consents)
    other.smsc(ok_thanks(2))
    assert talk.consents.state(AB) is State.OPTED_OUT
    take(other, 2)
    other.smsc(ok_thanks(3))
    assert talk.consents.state(AB) is State.OPTED_IN


def test_an_answer_that_comes_late_does_not_keep_the_smsc_from_offering_it_again() -> None:
    talk = conversation()
    talk.smsc(ok_thanks(1))
    look(talk, LATE)
    take(talk, 1)
    stop(talk)
    talk.smsc(ok_thanks(2))
    assert talk.consents.state(AB) is State.OPTED_OUT


def test_an_answer_after_a_second_is_an_answer() -> None:
    talk = conversation()
    talk.smsc(ok_thanks(1))
    look(talk, LATE - 1)
    take(talk, 1)
    stop(talk)
    talk.smsc(ok_thanks(2))
    assert talk.consents.state(AB) is State.OPTED_IN


@pytest.mark.parametrize("is_answered", [True, False])
def test_an_smsc_that_closes_may_not_have_had_the_last_answers(is_answered: bool) -> None:
    talk = conversation()
    talk.smsc(ok_thanks(1))
    if is_answered:
        talk.esme(answer(1))
    talk.carry_out(talk.session.eof(SMSC))
    if not is_answered:
        talk.esme(answer(1))
    other = conversation(talk.consents)
    stop(other)
    other.smsc(ok_thanks(2))
    assert other.consents.state(AB) is State.OPTED_OUT


def test_an_answer_to_a_retry_may_be_lost_with_the_connection() -> None:
    talk = turned_back_by_the_platform(conversation())
    stop(talk)
    talk.smsc(ok_thanks(2))
    talk.esme(answer(2))
    talk.carry_out(talk.session.eof(SMSC, is_broken=True))
    other = conversation(talk.consents)
    other.smsc(ok_thanks(3))
    assert other.consents.state(AB) is State.OPTED_OUT


def test_after_an_unbind_all_answers_have_arrived() -> None:
    talk = conversation()
    talk.smsc(ok_thanks(1))
    talk.esme(answer(1) + pdu.header_only(pdu.UNBIND, 0, 9))
    talk.smsc(pdu.header_only(pdu.UNBIND | RESPONSE, 0, 9))
    assert talk.session.unanswered() == ()


@pytest.mark.parametrize("is_closed", [True, False])
def test_stops_that_could_not_be_recorded_do_not_count(is_closed: bool) -> None:
    """C's STOP and B's message come in one read, and the commit fails."""
    talk = conversation()
    if is_closed:
        stop(talk, 40)
    talk.can_record = False
    talk.smsc(write.deliver_sm(C, A, b"STOP", sequence=1) + ok_thanks(2))
    talk.can_record = True
    if not is_closed:
        talk.esme(answer(2, 0x64))
    stop(talk)
    talk.smsc(ok_thanks(3))
    assert talk.consents.state(AB) is State.OPTED_OUT


def test_a_message_that_opens_nothing_under_today_s_rule_is_as_old_under_tomorrow_s() -> None:
    talk = conversation_with(OnDisk(), Dialect(Policy(rule=Rule.KEYWORD)))
    turned_back_by_the_platform(talk)
    talk.session.apply(Dialect())
    stop(talk)
    talk.smsc(ok_thanks(2))
    assert talk.consents.state(AB) is State.OPTED_OUT


def test_only_what_may_open_a_pair_is_kept_in_mind() -> None:
    talk = conversation()
    receipt = b"id:1 sub:001 dlvrd:001 submit date:2611221200 done date:2611221200 stat:DELIVRD err:000 text:hi"
    for text in (b"STOP", receipt):
        talk.smsc(write.deliver_sm(B, A, text))
    assert talk.session.unanswered() == ()


STEPS = ["ok thanks", "hi there", "STOP", "turn back", "take", "new session", "can't write", "can write"]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(STEPS), max_size=25))
def test_no_message_opens_a_pair_that_was_told_stop_after_it_was_first_offered(steps: list[str]) -> None:
    """By a model: a text is offered until it is taken; a STOP that was passed on marks all that are offered."""
    talk = conversation()
    offered: dict[str, bool] = {}
    waiting: list[tuple[int, str]] = []
    for sequence, step in enumerate(steps, 1):
        if step == "new session":
            talk.consents.remembered += talk.session.unanswered()
            can_record = talk.can_record
            talk, waiting = conversation(talk.consents), []
            talk.can_record = can_record
        elif step in ("can't write", "can write"):
            talk.can_record = step == "can write"
        elif step in ("turn back", "take"):
            if waiting:
                number, text = waiting.pop(0)
                talk.esme(answer(number, 0x64 if step == "turn back" else 0))
                if step == "take" and text not in [other for _, other in waiting]:
                    look(talk)
                    waiting_late = {other for _, other in waiting}
                    offered = {t: was for t, was in offered.items() if t != text or t in waiting_late}
        else:
            was_closed = talk.consents.state(AB) is State.OPTED_OUT
            talk.sent[ESME] = b""
            talk.smsc(write.deliver_sm(B, A, step.encode(), sequence=sequence))
            is_passed = talk.sent[ESME] != b""
            if step == "STOP":
                if is_passed:
                    offered = dict.fromkeys(offered, True)
                    talk.esme(answer(sequence))
                continue
            if is_passed:
                waiting.append((sequence, step))
            if offered.setdefault(step, False) and was_closed:
                assert talk.consents.state(AB) is State.OPTED_OUT
    assert isinstance(talk.consents, OnDisk)
    talk.consents.close()


def test_wishes_of_a_session_that_ended_are_those_of_messages_without_an_answer() -> None:
    talk = conversation()
    talk.smsc(ok_thanks(1) + write.deliver_sm(B, A, b"second", sequence=2))
    take(talk, 1)
    (left,) = talk.session.unanswered()
    assert isinstance(left, TurnedBack)
    assert talk.session.unanswered() == ()


def test_of_two_messages_with_one_sequence_number_each_has_its_own_answer() -> None:
    talk = conversation()
    talk.smsc(write.deliver_sm(B, A, b"first one", sequence=1) + ok_thanks(1))
    talk.esme(answer(1))
    look(talk)
    talk.esme(answer(1, 0x64))
    stop(talk)
    talk.smsc(ok_thanks(2))
    assert talk.consents.state(AB) is State.OPTED_OUT
    talk.smsc(write.deliver_sm(B, A, b"first one", sequence=3))
    assert talk.consents.state(AB) is State.OPTED_IN


def test_what_we_turn_back_is_the_message_that_just_came_with_that_number() -> None:
    talk = conversation()
    talk.smsc(write.deliver_sm(B, A, b"first one", sequence=1))
    stop(talk, 40)
    talk.can_record = False
    talk.smsc(ok_thanks(1))
    talk.can_record = True
    talk.esme(answer(1))  # to the first one
    look(talk)
    stop(talk)
    talk.smsc(ok_thanks(2))
    assert talk.consents.state(AB) is State.OPTED_OUT


def test_a_stop_that_is_turned_back_while_nothing_can_be_read_poisons_no_later_one() -> None:
    """C's STOP and B's message in one read; neither lookups nor commits work."""
    consents = OnDisk()
    talk = conversation(consents)
    consents.is_readable = talk.can_record = False
    talk.smsc(write.deliver_sm(C, A, b"STOP", sequence=1) + ok_thanks(2))
    consents.is_readable = talk.can_record = True
    stop(talk)
    assert talk.consents.state(AB) is State.OPTED_OUT
    assert all(wish.offer.stops >= 0 for wish in talk.session.unanswered())  # type: ignore[union-attr, operator]


def test_an_answer_that_never_comes_keeps_nobody_out_for_long() -> None:
    talk = conversation()
    talk.smsc(write.deliver_sm(B, A, b"START", sequence=1))
    stop(talk)
    look(talk, GIVEN_UP + 1)
    for sequence in (2, 3):
        talk.smsc(write.deliver_sm(B, A, b"START", sequence=sequence))
        take(talk, sequence)
    assert talk.consents.state(AB) is State.OPTED_IN


def test_after_a_new_bind_the_last_unbind_says_nothing() -> None:
    talk = conversation()
    for frame in (pdu.header_only(pdu.UNBIND, 0, 9), BIND):
        talk.esme(frame)
        _, command, _, sequence = pdu.HEADER.unpack_from(frame)
        talk.smsc(write.pdu(command | RESPONSE, b"smsc\0" if frame == BIND else b"", sequence=sequence))
    talk.smsc(ok_thanks(1))
    talk.esme(answer(1))
    assert len(talk.session.unanswered()) == 1
