"""What a session tells: its notes, its counts, its statistics, and by whom it ended."""

from __future__ import annotations

import pytest

from proxy.consent.policy import Policy
from proxy.consent.rules import Rule
from proxy.meaning.meanings import Meaning
from proxy.net.sides import Side
from proxy.relay.session.actions import End, Note
from proxy.relay.session.dialect import Dialect
from proxy.relay.session.tally import UNKNOWN_COMMAND
from proxy.smpp import pdu, write
from proxy.smpp.pdu import RESPONSE
from tests.relay.session.consents import Consents, Conversation
from tests.relay.session.transcript import (
    AB,
    BIND,
    BIND_RESP,
    ESME,
    HI,
    RINVCMDLEN,
    SMSC,
    STOP,
    SUBMIT,
    A,
    B,
    C,
    conversation,
    end,
    notes,
)

SUBMIT_RESP = write.pdu(pdu.SUBMIT_SM | RESPONSE, b"id\0", sequence=7)
STOP_RESP = write.pdu(pdu.DELIVER_SM | RESPONSE, b"\0", sequence=3)


def events(talk: Conversation) -> list[str]:
    return [note.event for note in notes(talk)]


# Notes.


def test_a_bind_and_its_outcome_are_noted() -> None:
    talk = conversation(bound=False)
    talk.esme(BIND)
    talk.smsc(write.pdu(pdu.BIND_TRANSCEIVER | RESPONSE, status=0x0E))
    talk.esme(BIND)
    talk.smsc(BIND_RESP)
    assert notes(talk) == [
        Note("bind", {"command": "bind_transceiver", "system_id": "platform"}),
        Note("bind_refused", {"command": "bind_transceiver", "system_id": "platform", "status": "ESME_RINVPASWD"}),
        Note("bind", {"command": "bind_transceiver", "system_id": "platform"}),
        Note("bound", {"command": "bind_transceiver", "system_id": "platform"}),
    ]


def test_a_generic_nack_to_a_bind_is_a_refused_bind() -> None:
    talk = conversation(bound=False)
    talk.esme(BIND)
    talk.smsc(write.pdu(pdu.GENERIC_NACK, status=3))
    assert events(talk) == ["bind", "bind_refused"]
    talk = conversation()
    talk.smsc(write.pdu(pdu.GENERIC_NACK, status=3))
    assert events(talk) == [], "bound, it answers something else"


def test_consent_that_can_not_be_read_is_said_with_its_reason() -> None:
    talk = conversation()
    talk.consents.is_readable = False
    talk.esme(SUBMIT)
    said, refused = notes(talk)
    assert said == Note("consent_unreadable", {"reason": "the disk is gone"})
    assert refused.event == "refused"
    assert (refused.fields["reason"], refused.fields["status"]) == ("consent_unreadable", "ESME_RMSGQFUL")


@pytest.mark.parametrize("command", [pdu.SUBMIT_SM, pdu.DATA_SM, pdu.SUBMIT_MULTI])
def test_a_request_that_can_not_be_read_is_said_with_its_side(command: int) -> None:
    talk = conversation()
    talk.esme(write.pdu(command, b"no NUL in here"))
    unreadable, refused = notes(talk)
    name = pdu.command_name(command)
    assert unreadable.event == "unreadable_pdu"
    assert (unreadable.fields["side"], unreadable.fields["command"]) == ("esme", name)
    assert (refused.fields["reason"], refused.fields["status"]) == ("unreadable", pdu.status_name(RINVCMDLEN))
    assert talk.tally.unreadable == {name: 1}
    assert talk.tally.refused == {(name, "unreadable"): 1}


# Counts.


def test_all_that_comes_in_is_counted_by_side_and_command() -> None:
    talk = conversation()
    before = [dict(counts) for counts in talk.tally.pdus]
    octets = list(talk.tally.bytes)
    from_esme = SUBMIT * 3 + write.pdu(pdu.ENQUIRE_LINK) + write.pdu(0x0000BEEF) + STOP_RESP
    from_smsc = SUBMIT_RESP * 2 + STOP + write.pdu(pdu.ENQUIRE_LINK | RESPONSE)
    talk.esme(from_esme)
    talk.smsc(from_smsc)
    counted = [
        {command: count - then[command] for command, count in now.items() if count != then[command]}
        for now, then in zip(talk.tally.pdus, before, strict=True)
    ]
    assert counted == [
        {pdu.SUBMIT_SM: 3, pdu.ENQUIRE_LINK: 1, UNKNOWN_COMMAND: 1, pdu.DELIVER_SM | RESPONSE: 1},
        {pdu.SUBMIT_SM | RESPONSE: 2, pdu.DELIVER_SM: 1, pdu.ENQUIRE_LINK | RESPONSE: 1},
    ]
    assert [now - then for now, then in zip(talk.tally.bytes, octets, strict=True)] == [len(from_esme), len(from_smsc)]


def test_replies_are_counted_by_meaning_and_refusals_by_command_reason_and_pair() -> None:
    talk = conversation()
    talk.smsc(STOP + HI + STOP + write.deliver_sm(B, A, b"HELP"))
    assert talk.tally.replies == {Meaning.STOP: 2, Meaning.OTHER: 1, Meaning.HELP: 1}
    talk.esme(SUBMIT * 2 + write.submit_multi(A, [B, C, B], b"hello"))
    assert talk.tally.refused == {("submit_sm", "opted_out"): 2, ("submit_multi", "opted_out"): 2}
    (counted,) = talk.tally.refusals.take()
    assert counted[:3] == (AB, 4, 0)


def test_what_a_drain_turns_back_and_what_could_not_be_recorded_is_counted() -> None:
    talk = conversation()
    talk.can_record = False
    talk.smsc(STOP)
    talk.esme(SUBMIT)
    talk.carry_out(talk.session.drain())
    talk.smsc(STOP)
    talk.esme(SUBMIT)
    assert talk.tally.refused == {
        ("deliver_sm", "not_recorded"): 1,
        ("deliver_sm", "draining"): 1,
        ("submit_sm", "draining"): 1,
    }
    assert talk.session.statistics().refused == 3


# Statistics.


@pytest.mark.parametrize("kind", ["transmitter", "receiver", "transceiver"])
def test_statistics_follow_the_session(kind: str) -> None:
    command = pdu.COMMANDS[f"bind_{kind}"]
    talk = conversation(bound=False)
    talk.esme(write.bind("platform", "secret", command_id=command))
    statistics = talk.session.statistics()
    assert (statistics.system_id, statistics.bind, statistics.is_bound) == ("platform", "", False)
    talk.smsc(write.pdu(command | RESPONSE, b"smsc\0"))
    statistics = talk.session.statistics()
    assert (statistics.bind, statistics.is_bound, statistics.pdus) == (kind, True, (1, 1))
    assert (statistics.refused, statistics.changes, statistics.in_flight) == (0, 0, (0, 0))
    assert talk.session.is_bound
    talk.smsc(STOP)
    talk.esme(SUBMIT)
    statistics = talk.session.statistics()
    assert (statistics.refused, statistics.changes, statistics.in_flight) == (1, 1, (0, 1))
    talk.esme(write.pdu(pdu.UNBIND))
    talk.smsc(write.pdu(pdu.UNBIND | RESPONSE))
    statistics = talk.session.statistics()
    assert (statistics.bind, statistics.is_bound, statistics.is_draining) == ("", False, False)


def test_requests_in_flight_are_counted_by_who_asked_and_never_below_none() -> None:
    talk = conversation()
    talk.esme(SUBMIT * 2 + write.pdu(pdu.ENQUIRE_LINK))
    assert talk.session.answers_due() == (3, 1)
    talk.smsc(SUBMIT_RESP + HI + write.pdu(pdu.ENQUIRE_LINK))
    assert talk.session.statistics().in_flight == (2, 2)
    assert talk.session.answers_due() == (2, 4)
    talk.smsc(SUBMIT_RESP * 3 + write.pdu(pdu.ENQUIRE_LINK | RESPONSE) * 3)
    talk.esme(STOP_RESP * 5)
    assert talk.session.statistics().in_flight == (0, 0)
    talk.esme(write.pdu(pdu.GENERIC_NACK) + write.pdu(pdu.OUTBIND))
    assert talk.session.statistics().in_flight == (0, 0), "nothing answers these"


# By whom it ended.


@pytest.mark.parametrize("side", [ESME, SMSC])
def test_who_closes_while_it_drains_ends_it_as_a_drain(side: Side) -> None:
    talk = conversation()
    talk.esme(SUBMIT)
    talk.smsc(HI)
    talk.carry_out(talk.session.drain())
    assert talk.session.statistics().is_draining
    assert not talk.session.is_leaving
    talk.carry_out(talk.session.eof(side, is_broken=True))
    ended = end(talk)
    assert ended == End("drain", f"the {side.name} closed the connection")


@pytest.mark.parametrize("side", [ESME, SMSC])
def test_who_closed_first_ended_it_whoever_is_noticed_last(side: Side) -> None:
    talk = conversation()
    talk.esme(SUBMIT)
    talk.smsc(HI)
    talk.carry_out(talk.session.eof(side))
    assert end(talk) is None, "it is owed an answer"
    talk.carry_out(talk.session.eof(side.other))
    assert end(talk) == End("esme" if side is ESME else "smsc", f"the {side.name} closed the connection")
    assert talk.session.eof(side) == []
    assert talk.session.drain() == []


def test_a_session_that_unbinds_by_itself_says_when_it_is_leaving() -> None:
    talk = conversation()
    talk.carry_out(talk.session.drain())
    assert talk.session.is_leaving


# Settings that change.


def test_other_settings_hold_for_both_ways_and_for_framing() -> None:
    talk = conversation(Consents([AB]))
    talk.session.apply(Dialect(Policy(rule=Rule.KEYWORD), refuse_with=0x4FF, max_pdu=200))
    talk.smsc(HI)
    talk.esme(SUBMIT)
    assert talk.sent == {ESME: HI + pdu.refusal(pdu.SUBMIT_SM, 0x4FF, 7), SMSC: b""}
    talk.esme(write.submit_sm(A, C, b"x" * 190))
    ended = end(talk)
    assert ended is not None
    assert ended.ended_by == "frame_error"


@pytest.mark.parametrize("ended_by", ["garbage", "close"])
def test_what_has_ended_takes_and_says_nothing_more(ended_by: str) -> None:
    talk = conversation()
    if ended_by == "garbage":
        talk.esme(b"GET / HTTP/1.1\r\n\r\n")
    else:
        talk.carry_out(talk.session.eof(ESME))
    assert end(talk) is not None
    talk.sent = {ESME: b"", SMSC: b""}
    for side in Side:
        assert talk.receive(side, SUBMIT) == []
        assert talk.session.eof(side) == []
    assert talk.session.drain() == []
    assert talk.session.drain(at_once=True) == []
