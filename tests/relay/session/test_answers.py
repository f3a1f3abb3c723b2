"""What the carrier answers is counted by its status, and timed, whatever else comes in the same read."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from proxy.consent.wishes import Origin
from proxy.net.sides import Side
from proxy.relay.session.dialect import Dialect
from proxy.relay.session.session import Session
from proxy.relay.session.stopwatch import GIVEN_UP
from proxy.relay.session.tally import UNKNOWN_STATUS, Tally
from proxy.smpp import pdu, write
from proxy.smpp.pdu import RESPONSE
from tests.relay.session.consents import Consents, Conversation
from tests.relay.session.transcript import BIND, BIND_RESP, A, B, conversation

SUBMIT_SM_RESP = pdu.SUBMIT_SM | RESPONSE


def answer(sequence: int, status: int = 0, command: int = SUBMIT_SM_RESP, body: bytes = b"id\0") -> bytes:
    return write.pdu(command, body, sequence=sequence, status=status)


def submit(sequence: int) -> bytes:
    return write.submit_sm(A, B, b"hi", sequence=sequence)


class Hands:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def timed() -> tuple[Conversation, Hands]:
    hands = Hands()
    tally = Tally(seconds=hands)
    talk = Conversation(Session(Dialect(), tally, Origin("route", "session", "", "carrier")), Consents(), tally)
    talk.esme(BIND)
    talk.smsc(BIND_RESP)
    return talk, hands


STATUSES = st.sampled_from((0, 0, 0, 0x0B, 0x58, 0x14, 0xDEAD, 0x400))
FRAMES = st.lists(st.tuples(st.sampled_from((SUBMIT_SM_RESP, pdu.ENQUIRE_LINK | RESPONSE)), STATUSES), min_size=1)


@given(FRAMES, st.integers(1, 400))
def test_every_answer_is_counted_once_by_its_status(frames: list[tuple[int, int]], cut: int) -> None:
    talk = conversation()
    octets = b"".join(answer(n, status, command, b"") for n, (command, status) in enumerate(frames, 1))
    for start in range(0, len(octets), cut):
        talk.smsc(octets[start : start + cut])
    counted = {key: n for key, n in talk.tally.answers.items() if key[0] != pdu.BIND_TRANSCEIVER | RESPONSE}
    wanted: dict[tuple[int, int], int] = {}
    for command, status in frames:
        key = command, status if status in pdu.STATUS_NAMES else UNKNOWN_STATUS
        wanted[key] = wanted.get(key, 0) + 1
    assert counted == wanted


def test_the_answer_to_the_first_of_several_is_timed() -> None:
    talk, hands = timed()
    talk.esme(submit(1) + submit(2))
    hands.now += 1
    talk.esme(submit(3))
    hands.now += 1
    talk.smsc(answer(1) + answer(3))
    seconds = talk.tally.answer_seconds["carrier"]
    assert sum(seconds.counts) == 0, "2 is waited for"
    hands.now += 1
    talk.smsc(answer(2))
    assert (sum(seconds.counts), seconds.sum) == (1, 3.0)
    talk.smsc(answer(2))
    assert sum(seconds.counts) == 1


def test_an_answer_that_never_comes_does_not_end_the_timing() -> None:
    talk, hands = timed()
    talk.esme(submit(1))
    hands.now += GIVEN_UP
    talk.esme(submit(2))
    hands.now += 0.5
    talk.smsc(answer(2))
    assert talk.tally.answer_seconds["carrier"].sum == 0.5


def test_a_number_that_another_request_has_is_not_its_answer() -> None:
    talk, hands = timed()
    talk.esme(submit(5))
    hands.now += 1
    talk.smsc(answer(5, command=pdu.ENQUIRE_LINK | RESPONSE, body=b""))
    talk.smsc(write.deliver_sm(B, A, (5).to_bytes(4, "big") * 3, sequence=5))
    assert sum(talk.tally.answer_seconds["carrier"].counts) == 0


def test_binds_are_counted_by_what_they_are_answered_with() -> None:
    talk = conversation(bound=False)
    talk.esme(BIND)
    talk.smsc(write.pdu(pdu.BIND_TRANSCEIVER | RESPONSE, b"", status=0x0E))
    talk.esme(BIND)
    talk.smsc(BIND_RESP)
    assert talk.tally.binds == {("carrier", 0x0E): 1, ("carrier", 0): 1}


def test_requests_in_flight_are_told_by_side() -> None:
    talk = conversation()
    talk.esme(submit(1) + submit(2))
    assert talk.session.in_flight[Side.ESME] == 2
    talk.smsc(answer(1))
    assert talk.session.in_flight[Side.ESME] == 1
