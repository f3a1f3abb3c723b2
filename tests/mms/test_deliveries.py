"""What consumers send: what it changes, that it is on disk before it goes on, and what is remembered of it."""

from __future__ import annotations

import pytest

from proxy.consent.numbers import Pair
from proxy.consent.policy import Policy
from proxy.consent.rules import Rule, State
from proxy.consent.wishes import Change, TurnedBack
from proxy.mms.actions import Answer, Fail, Pass, Record
from proxy.mms.dialect import MmsDialect
from proxy.net.sides import Side
from tests.mm7.wire import (
    PICTURE,
    REL_6,
    A,
    B,
    C,
    answer,
    deliver_req,
    envelope,
    number,
    post,
    related,
    reply,
    submit_req,
    text,
)
from tests.mms.transcript import PAIR, Talk, said
from tests.relay.session.consents import OnDisk

OUT, IN = State.OPTED_OUT, State.OPTED_IN
TAKEN = reply(answer("DeliverRsp"))


def mmsc(**more: object) -> Talk:
    return Talk(Side.SMSC, **more)  # type: ignore[arg-type]


def delivery(*parts: bytes, subject: str = "", sender: str = number(B), recipients: str = number(A)) -> bytes:
    return post(related(deliver_req(sender, recipients, subject), *parts))


@pytest.mark.parametrize(
    ("request_", "state"),
    [
        (delivery(text("STOP")), OUT),
        (delivery(text("ST=4FP=", "Content-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable")), OUT),
        (delivery(PICTURE, text("STOP")), OUT),
        (delivery(PICTURE, subject="STOP"), OUT),
        (delivery(text("thank you"), subject="STOP"), OUT),
        (delivery(text("STOP"), subject="Re: Menu"), OUT),
        (delivery(text("hi"), text("STOP")), OUT),
        (delivery(text("<p>STOP</p>", "Content-Type: text/html")), OUT),
        (delivery(text("Please take me off this list"), PICTURE), OUT),
        (delivery(text("수신거부", "Content-Type: text/plain; charset=utf-8")), OUT),
        (delivery(text("hello there")), None),
        (delivery(PICTURE), None),
        (post(deliver_req(subject="STOP")), OUT),
        (post(deliver_req(subject="<![CDATA[STOP]]>")), OUT),
        (delivery(PICTURE, subject="=?utf-8?B?U1RPUA==?="), OUT),
        (delivery(text("STOP"), PICTURE.replace(b"binary", b"8-bit")), OUT),
        (delivery(text("STOP"), b"Content-Type: a/b\r\nContent-Type: c/d\r\n\r\nx"), OUT),
        (delivery(text("STOP"), b"Content-Type: multipart/mixed\r\n\r\nx"), OUT),
        (delivery(text("STOP", "Content-Type: text/plain\r\nContent-Transfer-Encoding: 7bit;")), OUT),
        (delivery(text("STOP"), subject="R&B"), OUT),
        (delivery(text("<p>STOP</p><![a]>", "Content-Type: text/html")), OUT),
        (delivery(b"Content-Type: text/plain; charset=utf-16\r\n\r\n\0S\0T\0O\0P"), OUT),
        (delivery(text("STOP", "Content-Type: application/octet-stream; name=text.txt")), OUT),
        (delivery(PICTURE, subject="MMS"), None),
        (delivery(text("QUIT", "Content-Type: text/plain\r\nContent-Transfer-Encoding: base64")), OUT),
        (delivery(text("STOP", "Content-Type: text/plain\r\nContent-Transfer-Encoding: base64")), OUT),
        (delivery(text("STOP\0")), OUT),
        (delivery(text("STOP", "Content-Type: text/plain; charset=iso-10646-ucs-2")), OUT),
        (delivery(text("STOP", "Content-Type: text")), OUT),
        (delivery(text("STOP"), sender=number("&lt;+15559870001@mms.example&gt;")), OUT),
        (delivery(text("STOP"), sender=number("tel:+15559870001;phone-context=+1")), OUT),
        (delivery(text("STOP"), sender=number(B) + "<Extension><a>x</a></Extension>"), OUT),
        (post(related(deliver_req().replace(b"<VASID>", b"<VASID>x</VASID><VASID>"), text("STOP"))), OUT),
        (delivery(text("STOP"), sender="+15559870001/TYPE=PLMN"), OUT),
        (delivery(text("STOP"), sender="<RFC2822Address>15559870001@x</RFC2822Address>"), OUT),
        (delivery(text("STOP"), recipients=number(A) + number(C, ' displayOnly="true"')), OUT),
        (delivery(b"\r\nSTOP"), OUT),
        (delivery(b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x \nA: b\n\nSTOP\n--x--"), OUT),
    ],
)  # fmt: skip
def test_a_stop_anywhere_in_it_closes_the_pair_before_it_goes_on(request_: bytes, state: State | None) -> None:
    talk = mmsc()
    verdict = talk.judge(request_)
    assert isinstance(verdict, Record) is (state is OUT)
    assert talk.ask(request_) == Pass()
    assert talk.state() is state


def test_those_who_are_only_shown_are_not_opted_out() -> None:
    talk = mmsc()
    verdict = talk.judge(delivery(text("STOP"), recipients=number(C, ' displayOnly="true"') + number(A)))
    assert isinstance(verdict, Record)
    assert [wish.pair for wish in verdict.wishes if isinstance(wish, Change)] == [PAIR]
    shown = mmsc(dialect=MmsDialect(services={"svc1": A}))
    verdict = shown.judge(delivery(text("STOP"), recipients=number(C, ' displayOnly="true"')))
    assert isinstance(verdict, Record)
    assert [wish.pair for wish in verdict.wishes if isinstance(wish, Change)] == [PAIR]


@pytest.mark.parametrize(
    ("parts", "opens"),
    [
        ((text("thanks, see you"),), True),
        ((text("thanks"), PICTURE), True),
        ((PICTURE,), False),
        ((text("thanks \xff"), text("b\xe4d").replace("ä".encode(), b"\xe4")), False),
        ((text("thanks", "Content-Type: text/plain\r\nContent-Transfer-Encoding: x-unknown"),), False),
        ((text("I already asked you to stop messaging me last week"),), False),
        ((text("QUIT later", "Content-Type: text/plain\r\nContent-Transfer-Encoding: base64"),), False),
        ((text("hi"), b"Content-Type: application/vnd.wap.multipart.mixed\r\n\r\n\x01"), False),
        ((text("aGk", "Content-Type: text/plain\r\nContent-Transfer-Encoding: base64"),), False),
        ((b"Content-Type: text/plain; charset=utf-16\r\n\r\n\0h\0i",), False),
    ],
)
def test_what_opens_a_pair_again(parts: tuple[bytes, ...], opens: bool) -> None:
    talk = mmsc(opted_out=(PAIR,))
    assert talk.ask(delivery(*parts)) == Pass()
    assert (talk.state() is IN) is opens


def test_a_picture_without_words_is_a_reply_where_the_route_says_so() -> None:
    talk = mmsc(opted_out=(PAIR,), dialect=MmsDialect(media_only="reply"))
    assert talk.ask(delivery(PICTURE)) == Pass()
    assert talk.state() is IN
    keyword = MmsDialect(policy=Policy(rule=Rule.KEYWORD), media_only="reply")
    talk = mmsc(opted_out=(PAIR,), dialect=keyword)
    talk.ask(delivery(PICTURE))
    assert talk.state() is OUT
    talk.ask(delivery(text("START"), PICTURE))
    assert talk.state() is IN


@pytest.mark.parametrize("kind", ["DeliveryReportReq", "ReadReplyReq", "VASPErrorRsp"])
def test_reports_pass_and_are_never_a_reply(kind: str) -> None:
    body = (
        f'<{kind} xmlns="{REL_6}"><Recipient>{number(B)}</Recipient><Sender>{number(A)}</Sender>'
        f"<MessageID>m</MessageID><Subject>STOP</Subject></{kind}>"
    )
    talk = mmsc(opted_out=(PAIR,))
    assert talk.ask(post(related(envelope(body), text("hi")))) == Pass()
    assert talk.state() is OUT
    assert not talk.tally.replies


@pytest.mark.parametrize(
    "request_",
    [
        post(deliver_req()[:-9]),
        delivery(text("STOP"), recipients=""),
        delivery(text("STOP"), sender=""),
        delivery(text("STOP"), recipients=number(C, ' displayOnly="true"')),
    ],
)
def test_what_can_t_be_read_passes_and_is_counted(request_: bytes) -> None:
    talk = mmsc()
    assert talk.ask(request_) == Pass()
    assert talk.tally.unreadable == {"DeliverReq": 1}
    assert talk.notes[0][0] == "unreadable_message"


def test_the_business_number_follows_from_the_service_where_the_message_names_none() -> None:
    talk = mmsc(dialect=MmsDialect(services={"svc1": A}))
    talk.ask(delivery(text("STOP"), recipients=""))
    assert talk.state() is OUT


def test_what_the_platform_posts_changes_nothing() -> None:
    talk = Talk(Side.ESME, opted_out=(PAIR,))
    for request in (delivery(text("START")), delivery(text("STOP"), sender=number(C))):
        assert said(talk.ask(request))[0] == 503
    assert talk.consents.states == {PAIR: OUT}


def test_what_comes_from_the_wrong_side_is_held_back_and_said_until_the_direction_is_right() -> None:
    """Else a STOP would be lost, or a message pass unchecked, and nobody would know."""
    for talk, request, wanted in (
        (Talk(Side.ESME), delivery(text("STOP")), "outbind"),
        (mmsc(), post(submit_req()), "bind"),
    ):
        assert said(talk.ask(request))[0] == 503
        ((event, fields), _) = talk.notes
        assert event == "wrong_direction"
        assert f'direction = "{wanted}"' in str(fields["reason"])


def test_what_can_t_be_written_is_503_and_has_not_gone_on() -> None:
    talk = mmsc()
    talk.can_record = False
    status, found = said(talk.ask(delivery(text("STOP"))))
    assert found is not None
    assert (status, found.kind, found.transaction) == (503, "Fault", "d-1")
    assert talk.tally.refused == {("DeliverReq", "not_recorded"): 1}
    assert talk.state() is None


# Messages that come again.


@pytest.mark.parametrize(
    ("response", "may_open"),
    [
        (None, False),
        (reply(b"", "503 Service Unavailable"), False),
        (reply(b"", "401 Unauthorized"), False),
        (reply(answer("DeliverRsp", 3001)), False),
        (TAKEN, True),
    ],
)
def test_a_message_from_before_a_stop_that_comes_again_behind_it_opens_nothing(
    response: bytes | None, may_open: bool
) -> None:
    """It does if the platform had taken it: then it is another one with the same words."""
    consents = OnDisk()
    talk = mmsc(consents=consents)
    assert talk.ask(delivery(text("hi"))) == Pass()
    if response is None:
        _, wishes = talk.exchange.unanswered(consents, "no_answer")
        talk.remember(wishes)
    else:
        talk.answered(response)
    assert [type(wish) for wish in talk.remembered] == ([] if may_open else [TurnedBack])
    assert talk.ask(delivery(text("STOP"))) == Pass()
    talk.answered(TAKEN)
    assert talk.state() is OUT
    again = mmsc(consents=consents)
    assert again.ask(delivery(text("hi")).replace(b"d-1", b"d-9")) == Pass()
    assert (again.state() is IN) is may_open
    consents.close()


def test_a_message_that_waits_for_its_answer_is_remembered_so_that_it_opens_nothing_elsewhere() -> None:
    consents = OnDisk()
    talk = mmsc(consents=consents)
    talk.ask(delivery(text("hi")))
    for _ in range(2):
        talk.remember(list(talk.exchange.look_at_answers()))
    assert [type(wish) for wish in talk.remembered] == [TurnedBack]
    other = mmsc(consents=consents)
    other.ask(delivery(text("STOP")))
    other.answered(TAKEN)
    other.ask(delivery(text("hi")))
    assert other.state() is OUT
    consents.close()


def test_an_answer_that_its_sender_could_not_be_given_keeps_the_message_in_mind() -> None:
    talk = mmsc()
    talk.ask(delivery(text("hi")))
    talk.answered(TAKEN)
    assert [type(wish) for wish in talk.exchange.left_over(is_orderly=False)] == [TurnedBack]
    talk.ask(delivery(text("hi there")))
    talk.answered(TAKEN)
    assert talk.exchange.left_over(is_orderly=True) == ()


def test_while_it_drains_a_message_goes_back_and_is_remembered_but_a_stop_holds() -> None:
    talk = mmsc()
    talk.exchange.drain()
    verdict = talk.judge(delivery(text("STOP")))
    assert isinstance(verdict, Fail)
    assert [wish.pair for wish in verdict.stops if isinstance(wish, Change)] == [PAIR]
    assert isinstance(talk.ask(delivery(text("hi"))), Answer)
    assert [type(wish) for wish in talk.remembered] == [TurnedBack]
    assert Pair(A, B) not in talk.consents.states
