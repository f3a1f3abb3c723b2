"""Sessions as transcripts: what came, and what was done."""

from __future__ import annotations

from hypothesis import strategies as st

from proxy.consent.numbers import Pair
from proxy.consent.rules import State
from proxy.consent.wishes import Change, Origin
from proxy.meaning.meanings import Meaning
from proxy.net.sides import Side
from proxy.relay.session.actions import End, Note, Record
from proxy.relay.session.dialect import Dialect
from proxy.relay.session.session import Session
from proxy.relay.session.tally import Tally
from proxy.smpp import pdu, write
from proxy.smpp.pdu import RESPONSE
from tests.relay.session.consents import Consents, Conversation

ESME, SMSC = Side.ESME, Side.SMSC


A, B, C = write.address("15551230001"), write.address("15559870001"), write.address("15559870002")


AB = Pair("+15551230001", "+15559870001")


RINVDSTADR, RMSGQFUL, RINVBNDSTS, RX_T_APPN, RINVCMDLEN = 0x0B, 0x14, 0x04, 0x64, 0x02


SUBMIT = write.submit_sm(A, B, b"hello", sequence=7)


STOP = write.deliver_sm(B, A, b"STOP", sequence=3)


HI = write.deliver_sm(B, A, b"hi", sequence=4)


BIND = write.bind("platform", "secret")


BIND_RESP = write.pdu(pdu.BIND_TRANSCEIVER | RESPONSE, b"smsc\0")


def conversation(
    consents: Consents | None = None, dialect: Dialect | None = None, *, bound: bool = True
) -> Conversation:
    tally = Tally()
    session = Session(dialect or Dialect(), tally, Origin("route", "session", "", "carrier"))
    talk = Conversation(session, consents or Consents(), tally)
    if bound:
        talk.esme(BIND)
        talk.smsc(BIND_RESP)
        talk.sent = {ESME: b"", SMSC: b""}
        talk.actions.clear()
    return talk


def notes(talk: Conversation) -> list[Note]:
    return [action for action in talk.actions if isinstance(action, Note)]


def changes(talk: Conversation) -> list[tuple[Pair, State, Meaning | None]]:
    records = [action for action in talk.actions if isinstance(action, Record)]
    return [(c.pair, c.state, c.meaning) for record in records for c in record.wishes if isinstance(c, Change)]


def end(talk: Conversation) -> End | None:
    return next((action for action in talk.actions if isinstance(action, End)), None)


def a_pdu() -> st.SearchStrategy[bytes]:
    """Any PDU an ESME might send: submits to a few numbers, responses, known and unknown requests."""
    addresses = st.sampled_from([A, B, C, write.address("5559870001", ton=2), write.address("40404", ton=3)])
    sequences = st.sampled_from([0, 1, 2, 0x7FFFFFFE, 0x80000001, 0xFFFFFFFF])
    submit = st.builds(
        lambda s, d, t, n: write.submit_sm(s, d, t, sequence=n), addresses, addresses, st.binary(max_size=50), sequences
    )
    data = st.builds(lambda s, d, n: write.message(pdu.DATA_SM, s, d, b"", sequence=n), addresses, addresses, sequences)
    other = st.builds(
        lambda c, b, s, n: write.pdu(c, b, status=s, sequence=n),
        st.sampled_from(
            [c for c in pdu.COMMANDS.values() if c not in (pdu.SUBMIT_SM, pdu.DATA_SM, pdu.SUBMIT_MULTI)]
            + [0x110, 0x80000110, 0x7777, 0xFFFFFFFF]
        ),
        st.binary(max_size=80),
        st.sampled_from([0, 0x22, 0x4FF, 0xFFFFFFFF]),
        sequences,
    )
    garbled = st.builds(lambda b, n: write.pdu(pdu.SUBMIT_SM, b, sequence=n), st.binary(max_size=60), sequences)
    return st.one_of(submit, submit, data, other, garbled)
