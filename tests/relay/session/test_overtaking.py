"""While something is recorded, the SMSC's answers pass it, and its requests stay behind in their order."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from proxy.consent.wishes import Origin
from proxy.net.sides import Side
from proxy.relay.session.actions import Action, Record, Send
from proxy.relay.session.dialect import Dialect
from proxy.relay.session.from_smsc import MOST_HELD
from proxy.relay.session.session import Session
from proxy.relay.session.tally import Tally
from proxy.smpp import pdu, write
from proxy.smpp.pdu import RESPONSE
from tests.relay.session.consents import Consents
from tests.relay.session.transcript import BIND, BIND_RESP, HI, STOP, SUBMIT, A, B

ESME, SMSC = Side.ESME, Side.SMSC
RESP = write.pdu(pdu.SUBMIT_SM | RESPONSE, b"id\0", sequence=7)
NACK = write.pdu(pdu.GENERIC_NACK, sequence=9)
LINK = write.pdu(pdu.ENQUIRE_LINK, sequence=5)
RECEIPT = write.deliver_sm(B, A, b"id:1 stat:DELIVRD", esm_class=4, sequence=6)


def bound() -> Session:
    session = Session(Dialect(), Tally(), Origin("route", "session", "", "carrier"))
    session.receive(ESME, BIND, Consents())
    session.receive(SMSC, BIND_RESP, Consents())
    return session


def recording(session: Session) -> Record:
    record = session.receive(SMSC, STOP, Consents())[-1]
    assert isinstance(record, Record)
    return record


def sent(actions: list[Action], to: Side) -> bytes:
    return b"".join(action.data for action in actions if isinstance(action, Send) and action.to is to)


def test_an_answer_passes_a_stop_that_is_recorded_and_a_request_does_not() -> None:
    session = bound()
    session.receive(ESME, SUBMIT, Consents())
    record = recording(session)
    assert session.receive(SMSC, LINK + RESP + RECEIPT + NACK, Consents()) == [Send(ESME, RESP + NACK)]
    assert session.recorded(record, [()]) == [Send(ESME, STOP)]
    assert session.resume(Consents()) == [Send(ESME, LINK + RECEIPT)]
    assert session.resume(Consents()) == []


def test_the_esme_s_submits_pass_meanwhile() -> None:
    session = bound()
    recording(session)
    assert session.receive(ESME, SUBMIT, Consents()) == [Send(SMSC, SUBMIT)]


def test_a_change_that_stayed_behind_is_recorded_in_its_turn() -> None:
    session = bound()
    record = recording(session)
    later = write.deliver_sm(B, A, b"STOP again", sequence=8)
    assert session.receive(SMSC, later + HI, Consents()) == []
    session.recorded(record, [()])
    again = session.resume(Consents())[-1]
    assert isinstance(again, Record)
    assert session.receive(SMSC, LINK, Consents()) == []
    assert session.recorded(again, [()] * len(again.wishes)) == [Send(ESME, later + HI)]
    assert session.resume(Consents()) == [Send(ESME, LINK)]


def test_what_is_turned_back_does_not_take_what_stayed_behind_with_it() -> None:
    session = bound()
    record = recording(session)
    session.receive(SMSC, RECEIPT, Consents())
    turned_back = session.recorded(record, None)
    assert sent(turned_back, SMSC) == pdu.refusal(pdu.DELIVER_SM, 0x64, 3)
    assert session.resume(Consents()) == [Send(ESME, RECEIPT)]


def test_no_more_is_read_when_much_stays_behind() -> None:
    session = bound()
    recording(session)
    assert session.may_read_on
    session.receive(SMSC, LINK * (MOST_HELD // len(LINK)), Consents())
    assert not session.may_read_on


@settings(max_examples=60)
@given(st.lists(st.sampled_from([RESP, LINK, RECEIPT, NACK, HI, STOP]), max_size=20), st.data())
def test_every_octet_passes_once_and_each_kind_in_its_order(frames: list[bytes], data: st.DataObject) -> None:
    """However the reads are cut, and whenever the commit ends."""
    session = bound()
    stream, got = b"".join(frames), b""
    pending: Record | None = None
    position = 0

    def take(actions: list[Action]) -> None:
        nonlocal got, pending
        got += sent(actions, ESME)
        if actions and isinstance(actions[-1], Record):
            pending = actions[-1]

    def finish() -> None:
        nonlocal pending
        assert pending is not None
        record, pending = pending, None
        take(session.recorded(record, [()] * len(record.wishes)))
        take(session.resume(Consents()))

    while position < len(stream):
        end = data.draw(st.integers(position + 1, len(stream)))
        take(session.receive(SMSC, stream[position:end], Consents()))
        position = end
        if pending is not None and data.draw(st.booleans()):
            finish()
    while pending is not None:
        finish()
    answers = {RESP, NACK}
    cut: list[bytes] = []
    while got:
        length = int.from_bytes(got[:4], "big")
        cut.append(got[:length])
        got = got[length:]
    assert [each for each in cut if each in answers] == [each for each in frames if each in answers]
    assert [each for each in cut if each not in answers] == [each for each in frames if each not in answers]
