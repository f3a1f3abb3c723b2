"""The glance never decides otherwise than judging each PDU by itself does."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proxy.consent.numbers import Numbering, Pair
from proxy.consent.policy import Policy
from proxy.consent.scope import Groups, NumberSet, scope_name
from proxy.net.sides import Side
from proxy.relay.session import glance
from proxy.relay.session.dialect import Dialect
from proxy.relay.session.glance import Glance, ordinary_addresses
from proxy.relay.session.lifecycle import Event
from proxy.relay.session.session import Session
from proxy.smpp import pdu, write
from tests.consent.wire import read
from tests.corpus import whole_pdus
from tests.relay.session.consents import Consents, Conversation
from tests.relay.session.transcript import AB, A, B, C, a_pdu, conversation

ESME = Side.ESME
US, GB = Numbering("US"), Numbering("GB")
DIALECTS = [
    Dialect(),
    Dialect(Policy(numbering=GB)),
    Dialect(default_source="40404"),
    Dialect(Policy(groups=Groups({"all": NumberSet(["+1555*"], US), "other": NumberSet(["40404"], US)}))),
    Dialect(Policy(observed=NumberSet(["+15551230001"], US))),
]
OPTED_OUT = [AB, Pair("40404", "+15559870002"), Pair(scope_name("all"), "+15559870002"), Pair("+15559870001", "")]


class Unsure(Glance):
    """A glance that is sure of nothing, so that everything is judged."""

    def unsure(self, buffer: bytes, ends: Sequence[int], consent: object) -> Sequence[int]:
        return range(len(ends))


def written(ton: int, digits: bytes) -> bytes:
    return bytes([ton, 1]) + digits.replace(b"\0", b"") + b"\0"


def a_submit() -> st.SearchStrategy[bytes]:
    """submit_sms with addresses that are nearly ordinary."""
    digits = st.one_of(
        st.sampled_from(
            [b"", b"15551230001", b"5559870001", b"+15559870001", b"015559870001", b"40404", b"0015559870002"]
        ),
        st.from_regex(rb"\+?[0-9]{0,18}", fullmatch=True),
        st.binary(max_size=70),
    )
    address = st.builds(written, st.integers(0, 6), digits)
    service = st.binary(max_size=8).map(lambda b: b.replace(b"\0", b"") + b"\0")
    return st.builds(
        lambda v, s, d, rest, status: write.pdu(pdu.SUBMIT_SM, v + s + d + rest, status=status),
        service,
        address,
        address,
        st.binary(max_size=20),
        st.sampled_from([0, 1, 0xFFFFFFFF]),
    )


def judged(dialect: Dialect, frames: bytes, *, with_glance: bool, draining: bool, readable: bool) -> tuple[object, ...]:
    consents = Consents(OPTED_OUT)
    talk = conversation(consents, dialect)
    if not with_glance:
        talk.session._from_esme._glance = Unsure(dialect)
    if draining:
        talk.session._at.life.happened(Event.DRAIN)
    talk.session._at.in_flight[Side.SMSC] = 1  # so that a drain goes on
    consents.is_readable = readable
    talk.esme(frames)
    tally = talk.tally
    counts = (tally.pdus, tally.refused, tally.unreadable, tally.refusals.take())
    return talk.actions, counts, talk.session.statistics()


@settings(max_examples=500, deadline=None)
@given(
    frames=st.lists(st.one_of(a_submit(), a_pdu()), max_size=8),
    dialect=st.sampled_from(DIALECTS),
    draining=st.booleans(),
    readable=st.sampled_from([True, True, True, False]),
)
def test_with_the_glance_everything_is_as_without_it(
    frames: list[bytes], dialect: Dialect, draining: bool, readable: bool
) -> None:
    stream = b"".join(frames)
    quick, slow = (judged(dialect, stream, with_glance=g, draining=draining, readable=readable) for g in (True, False))
    assert quick == slow


@pytest.mark.parametrize("dialect", DIALECTS)
def test_recorded_pdus_are_decided_as_without_the_glance(dialect: Dialect) -> None:
    for recorded in whole_pdus():
        quick, slow = (
            judged(dialect, recorded.octets, with_glance=g, draining=False, readable=True) for g in (True, False)
        )
        assert quick == slow, recorded.id


def test_ordinary_submits_are_not_judged_one_by_one() -> None:
    talk = conversation(Consents([AB]))
    judged: list[int] = []
    judge = talk.session._submits.judge

    def watched(buffer: bytes, start: int, *rest: object) -> object:
        judged.append(start)
        return judge(buffer, start, *rest)  # type: ignore[arg-type]

    talk.session._submits.judge = watched  # type: ignore[method-assign, assignment]
    first, second = write.submit_sm(A, C, b"hello"), write.submit_sm(A, B, b"hello")
    talk.esme(first + second + first)
    assert judged == [len(first)]


def test_an_opt_out_between_two_reads_is_seen_by_the_second() -> None:
    talk = conversation()
    submit = write.submit_sm(A, B, b"hello")
    talk.esme(submit)
    talk.smsc(write.deliver_sm(B, A, b"STOP"))
    talk.esme(submit)
    assert talk.sent[Side.SMSC].count(submit) == 1


def test_two_keys_of_one_pdu_do_not_stand_for_two_pdus() -> None:
    """In a group a submit has the key of its number and that of the group: the PDU behind it is judged all the same."""
    talk = conversation(Consents([AB]), DIALECTS[3])
    talk.esme(write.submit_sm(A, C, b"hello") + write.message(pdu.DATA_SM, A, B, b""))
    assert talk.session.statistics().refused == 1


def test_more_sources_than_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(glance, "MOST_SOURCES", 2)
    talk = conversation(Consents([AB]))
    for number in range(9):
        talk.esme(write.submit_sm(write.address(f"1555123000{number}"), B, b"hello"))
    assert len(talk.session._from_esme._glance._sources) <= 2
    assert talk.session.statistics().refused == 1


def test_other_settings_hold_from_the_next_read_on() -> None:
    talk: Conversation = conversation(Consents([Pair("40404", "+15559870001")]))
    session: Session = talk.session
    submit = write.submit_sm(write.address(""), B, b"hello")
    talk.esme(submit)
    session.apply(Dialect(default_source="40404"))
    talk.esme(submit)
    assert session.statistics().refused == 1


NUMBERINGS = [
    Numbering(country) for country in ("US", "GB", "FR", "DE", "DK", "IT", "RU", "SG", "BR", "MX", "CN", "IN")
]


@pytest.mark.parametrize("numbering", NUMBERINGS, ids=lambda n: n.country)
@given(data=st.data())
def test_an_ordinary_address_has_the_spelling_that_the_pattern_says(data: st.DataObject, numbering: Numbering) -> None:
    prefix, ordinary = ordinary_addresses(numbering)
    pattern = re.compile(ordinary, re.DOTALL)
    address = data.draw(st.from_regex(pattern, fullmatch=True))
    found = pattern.fullmatch(address)
    assert found is not None
    international, national, doubtful = found.groups()
    canonical = (b"+" + international if international else prefix + (national or doubtful)).decode()
    others = numbering.elsewhere(doubtful.decode()) if doubtful else ""
    assert read(numbering, address[0], address[2:]).all == ((canonical, others) if others else (canonical,))


def test_addresses_as_platforms_write_them_are_ordinary() -> None:
    us, gb = (re.compile(ordinary_addresses(n)[1], re.DOTALL) for n in (US, GB))
    for address in (b"\1\x0115551230001", b"\0\x0115551230001", b"\0\x01+15551230001", b"\2\x015551230001"):
        assert us.fullmatch(address)
    assert gb.fullmatch(b"\1\x01447400123456")
    assert gb.fullmatch(b"\0\0+447400123456")
