"""What the platform may send: every form of an address, every recipient, and no word to strangers."""

from __future__ import annotations

import pytest

from proxy.consent.numbers import Pair
from proxy.consent.policy import Policy
from proxy.consent.scope import NumberSet
from proxy.mms.actions import Answer, Pass
from proxy.mms.credentials import KEPT_FOR, Credentials
from proxy.mms.dialect import MmsDialect
from proxy.net.sides import Side
from tests.mm7.wire import PICTURE, REL_6, A, B, C, answer, basic, envelope, number, post, related, reply, submit_req
from tests.mms.transcript import PAIR, Talk, said

SHORT, TOKEN = Pair("12345", B), Pair(A, "xyZ+/=")


@pytest.mark.parametrize(
    ("pair", "recipients", "sender"),
    [
        (PAIR, number(B), number(A)),
        (PAIR, number("15559870001"), number("15551230001")),
        (PAIR, number("+15559870001/TYPE=PLMN"), number("15551230001/TYPE=PLMN")),
        (PAIR, number(" +1 (555) 987-0001 \n"), number("5551230001")),
        (PAIR, "<RFC2822Address>15559870001@mms.example</RFC2822Address>", number(A)),
        (PAIR, "<RFC2822Address>+15559870001/TYPE=PLMN@mmsc.example</RFC2822Address>", number(A)),
        (PAIR, number(B), "+15551230001"),
        (PAIR, number(B), f'<x:SenderAddress xmlns:x="urn:x">{number(A)}</x:SenderAddress>'),
        (PAIR, f'<q:Number xmlns:q="urn:q">{B}</q:Number>', number(A)),
        (PAIR, number("<![CDATA[+155598]]>70001"), number(A)),
        (PAIR, number("+1555987<!-- 1 -->0001"), number(A)),
        (PAIR, number("+1555987&#48;&#x30;01"), number(A)),
        (PAIR, number("+15559870001<!-- -->9"), number(A)),
        (PAIR, number("9<?x y?>15559870001"), number(A)),
        (PAIR, number("<![CDATA[+15559870001]]>9"), number(A)),
        (PAIR, number(B), number("+15551230001<!-- -->9")),
        (PAIR, number("+1\u200b555\u20119870001"), number(A)),
        (PAIR, number("\uff0b\uff11555987000\uff11"), number(A)),
        (PAIR, number("\u0661\u0665559870001"), number(A)),
        (PAIR, number("Bob &lt;+15559870001@mms.example&gt;"), number(A)),
        (PAIR, '<RFC2822Address>"+15559870001"@mms.example</RFC2822Address>', number(A)),
        (PAIR, "<RFC2822Address>mailto:+15559870001@mms.example</RFC2822Address>", number(A)),
        (PAIR, number("sip:+15559870001@x"), number(A)),
        (PAIR, number("TEL:+15559870001;phone-context=+1"), number(A)),
        (PAIR, number("+15559870001/TYPE=MSISDN"), number(A)),
        (PAIR, number("+15559870001/TYPE=PLMN/TYPE=PLMN"), number(A)),
        (PAIR, number("+15559870001,"), number(A)),
        (PAIR, number(C) + f"<Extra><To>{number(B)}</To></Extra>", number(A)),
        (PAIR, number(C) + f"</To></Recipients><Bcc>{number(B)}</Bcc><Recipients><To>", number(A)),
        (
            PAIR,
            number(C) + f"</To></Recipients><recipients><to>{number(B)}</to></recipients><Recipients><To>",
            number(A),
        ),
        (PAIR, number(C) + f"</To></Recipients><Content>{number(B)}</Content><Recipients><To>", number(A)),
        (PAIR, number(C) + number(B, ' displayOnly=" true "'), number(A)),
        (PAIR, number(C) + number(B, ' xmlns:x="x" x:displayOnly="false" displayOnly="true"'), number(A)),
        (PAIR, number("15559870001", ' addressCoding="encrypted"'), number(A)),
        (PAIR, number(C) + number(B), number(A)),
        (PAIR, number(C) + "</To><Cc>" + number(B) + "</Cc><Bcc>" + number(C) + "</Bcc><To>", number(A)),
        (PAIR, number(C) + "</To></Recipients><Recipients><To>" + number(B), number(A)),
        (PAIR, number(B, ' displayOnly="false"') + number(C, ' displayOnly="true"'), number(A)),
        (PAIR, number(B, ' displayOnly="true"'), number(A)),
        (SHORT, number(B), "<ShortCode>12345#</ShortCode>"),
        (SHORT, number(B), "<ShortCode>12345</ShortCode>"),
        (Pair("pizza place", B), number(B), "<Extension>Pizza Place</Extension>"),
        (Pair(A, "ann@example.org"), "<RFC2822Address>Ann@Example.org</RFC2822Address>", number(A)),
        (TOKEN, number("xyZ+/=", ' addressCoding="obfuscated"'), number(A)),
        (TOKEN, "<RFC2822Address addressCoding='encrypted'>xyZ+/=</RFC2822Address>", number(A)),
    ],
)
@pytest.mark.parametrize("wrap", [lambda sender: f"<SenderAddress>{sender}</SenderAddress>", str])
def test_every_form_of_an_address_means_the_same_person(pair: Pair, recipients: str, sender: str, wrap) -> None:  # type: ignore[no-untyped-def]
    request = post(submit_req(recipients, wrap(sender)))
    assert isinstance(Talk(opted_out=(pair,)).ask(request), Answer)
    assert Talk(opted_out=(Pair(pair.business, "+15550000009"),)).ask(request) == Pass()


@pytest.mark.parametrize(
    "recipients",
    [
        number(C) + number(B, ' displayOnly="true"'),
        number(C) + number(B, ' displayOnly="True"'),
        number(C) + number(B, ' displayOnly="1"'),
    ],
)
def test_a_recipient_that_is_only_shown_is_not_refused(recipients: str) -> None:
    assert Talk(opted_out=(PAIR,)).ask(post(submit_req(recipients))) == Pass()


@pytest.mark.parametrize(
    ("schema", "kind", "code"), [(REL_6, "response", 2001), ("urn:mm7", "response", 2999), (REL_6, "fault", 2003)]
)
def test_a_refusal_is_in_the_request_s_namespace_with_its_transaction(schema: str, kind: str, code: int) -> None:
    dialect = MmsDialect(refuse_with=code, refuse_as="response" if kind == "response" else "fault")
    talk = Talk(opted_out=(PAIR,), dialect=dialect)
    status, found = said(talk.ask(post(submit_req(schema=schema).replace(b"t-1", b"\n t-7 \r\n"))))
    assert found is not None
    assert (status, found.transaction, found.status_code) == (200, "t-7", str(code))
    if kind == "response":
        assert (found.kind, found.namespace, found.version) == ("SubmitRsp", schema, "6.8.0")
    else:
        assert found.kind == "Fault"
    assert talk.tally.refused == {("SubmitReq", "opted_out"): 1}
    ((event, fields),) = talk.notes
    assert (event, fields["business"], fields["consumer"]) == ("refused", A, B)


def test_some_of_several_refuse_all_and_the_details_say_how_many() -> None:
    talk = Talk(opted_out=(PAIR, Pair(A, "+15559870003")))
    verdict = talk.ask(post(submit_req(number(B) + number(C) + number("+15559870003"))))
    assert isinstance(verdict, Answer)
    assert b"2 of 3 recipients have opted out" in verdict.octets
    assert talk.tally.refused == {("SubmitReq", "opted_out"): 1}
    assert {count.pair: count.refused for count in talk.tally.refusals.take()} == {
        PAIR: 1,
        Pair(A, "+15559870003"): 1,
    }


def test_every_envelope_is_checked() -> None:
    for first, second in ((submit_req(), submit_req(number(C))), (submit_req(number(C)), submit_req())):
        content = related(first, b"Content-Type: text/plain\r\n\r\n" + second)
        assert isinstance(Talk(opted_out=(PAIR,)).ask(post(content)), Answer)
    kind, body = related(submit_req(number(C)), PICTURE)
    talk = Talk(opted_out=(PAIR,))
    status, found = said(talk.ask(post((kind, submit_req() + body))))
    assert found is not None
    assert (status, found.status_code) == (200, "2007")


def test_a_number_that_is_not_given_follows_from_the_service() -> None:
    request = post(submit_req(sender=""))
    for dialect in (
        MmsDialect(services={"svc1": A}),
        MmsDialect(services={"v": A}),
        MmsDialect(services={"svc1": A, "v": C}, default_source=C),
        MmsDialect(default_source=A),
    ):
        assert isinstance(Talk(opted_out=(PAIR,), dialect=dialect).ask(request), Answer)
        assert Talk(opted_out=(Pair(C, B),), dialect=dialect).ask(request) == Pass()
    talk = Talk()
    _, found = said(talk.ask(request))
    assert found is not None
    assert found.status_code == "2007"
    assert talk.tally.unreadable == {"SubmitReq": 1}


@pytest.mark.parametrize(
    "content",
    [
        submit_req(recipients=""),
        submit_req(recipients="<Number/>"),
        submit_req()[:-5],
        submit_req().replace(b"?>", b'?><!DOCTYPE x [<!ENTITY a "b">]>'),
        ("text/xml; charset=x-unknown", submit_req()),
        ("multipart/related", submit_req()),
        envelope("<a>" * 40 + "</a>" * 40),
        envelope("<SubmitReq>" + "<Recipients>" * 10_000),
    ],
)
def test_what_can_t_be_read_is_refused_and_never_passed(content: tuple[str, bytes] | bytes) -> None:
    talk = Talk()
    status, found = said(talk.ask(post(content)))
    assert found is not None
    assert (status, found.kind, found.status_code, found.transaction) == (200, "SubmitRsp", "2007", "t-1")
    assert talk.notes[0][0] == "unreadable_message"


@pytest.mark.parametrize(
    "kind",
    ["CancelReq", "ReplaceReq", "QueryStatusReq", "extendedCancelReq", "extendedReplaceReq", "DeliverRsp", "Unheard"],
)
def test_what_sends_nothing_to_anybody_passes(kind: str) -> None:
    body = f'<{kind} xmlns="{REL_6}"><MessageID>m</MessageID></{kind}>'
    assert Talk(opted_out=(PAIR,)).ask(post(envelope(body))) == Pass()


def test_what_nobody_knows_and_has_recipients_is_checked_as_a_submit() -> None:
    body = submit_req().replace(b"SubmitReq", b"submitRequestEx")
    assert isinstance(Talk(opted_out=(PAIR,)).ask(post(body)), Answer)
    assert isinstance(Talk(opted_out=(PAIR,)).ask(post(submit_req().replace(b"SubmitReq", b"SUBMITREQ"))), Answer)


def test_consent_that_can_t_be_read_is_503_with_a_time_to_try_again() -> None:
    talk = Talk()
    talk.consents.is_readable = False
    verdict = talk.ask(post(submit_req()))
    status, found = said(verdict)
    assert found is not None
    assert (status, found.kind, found.status_code) == (503, "Fault", "4006")
    assert isinstance(verdict, Answer)
    assert b"Retry-After: 10\r\n" in verdict.octets
    assert b"RSErrorRsp" in verdict.octets


def test_what_is_observed_is_counted_and_passes_but_not_beside_what_is_enforced() -> None:
    policy = Policy(observed=NumberSet([A], Policy().numbering))
    talk = Talk(opted_out=(PAIR, Pair(C, B)), dialect=MmsDialect(policy=policy))
    assert talk.ask(post(submit_req())) == Pass()
    assert talk.tally.refused == {("SubmitReq", "observed"): 1}
    assert [event for event, _ in talk.notes] == ["would_refuse"]
    content = related(submit_req(), b"\r\n" + submit_req(sender=f"<SenderAddress>{number(C)}</SenderAddress>"))
    assert isinstance(talk.ask(post(content)), Answer)


@pytest.mark.parametrize(
    "address",
    [
        "<Number>++15559870001</Number>",
        "<Number>+15559870002,+15559870001</Number>",
        "<Number>+15559870002;+15559870001</Number>",
        "<Number>+15559870002 &lt;+15559870001&gt;</Number>",
    ],
)
def test_a_recipient_that_may_be_a_number_in_disguise_is_refused_as_unreadable(address: str) -> None:
    _, found = said(Talk().ask(post(submit_req(address))))
    assert found is not None
    assert found.status_code == "2007"
    mail = "<RFC2822Address>ann.1234567@example.org</RFC2822Address>"
    assert Talk().ask(post(submit_req(mail))) == Pass()


def test_recipients_in_the_header_are_checked_and_those_who_pay_are_none() -> None:
    octets = submit_req(number(C)).replace(b"</s:Header>", f"<To>{number(B)}</To></s:Header>".encode())
    assert isinstance(Talk(opted_out=(PAIR,)).ask(post(octets)), Answer)
    payer = submit_req(number(C)).replace(
        b"<Subject>", f"<ThirdPartyPayer>{number(B)}</ThirdPartyPayer><Subject>".encode()
    )
    assert Talk(opted_out=(PAIR,)).ask(post(payer)) == Pass()


# No oracle.


def test_before_the_mmsc_has_taken_the_credentials_a_refusal_is_503() -> None:
    talk = Talk(opted_out=(PAIR,), is_taken=False)
    mine, others = post(submit_req(), basic()), post(submit_req(), basic("vasp", "guessed"))
    to_c = post(submit_req(number(C)), basic())
    assert said(talk.ask(mine))[0] == 503
    assert talk.ask(to_c) == Pass()
    talk.answered()
    assert said(talk.ask(mine))[0] == 200
    assert said(talk.ask(others))[0] == 503
    talk.now += KEPT_FOR + 1
    assert said(talk.ask(mine))[0] == 503
    assert talk.tally.refused == {("SubmitReq", "unproven"): 3, ("SubmitReq", "opted_out"): 1}
    assert [count.refused for count in talk.tally.refusals.take()] == [1]


@pytest.mark.parametrize(
    "response",
    [
        reply(answer("SubmitRsp", 2001)),
        reply(answer("SubmitRsp", 4001)),
        reply(b"", "403 Forbidden"),
        reply(b"", "500 Internal Server Error"),
        reply(b"ok"),
    ],
)
def test_only_an_answer_that_it_is_done_proves_credentials(response: bytes) -> None:
    talk = Talk(opted_out=(PAIR,), is_taken=False)
    assert talk.ask(post(submit_req(number(C)), basic())) == Pass()
    talk.answered(response)
    assert said(talk.ask(post(submit_req(), basic())))[0] == 503


def test_credentials_that_the_mmsc_turns_away_get_what_it_says_to_them() -> None:
    talk = Talk(opted_out=(PAIR,), is_taken=False)
    to_c, to_b = post(submit_req(number(C)), basic()), post(submit_req(), basic())
    talk.ask(to_c)
    talk.answered()
    assert said(talk.ask(to_b))[0] == 200
    talk.ask(to_c)
    challenge = reply(b"", "401 Unauthorized", "Date: Tue, 01 Dec 2026 00:00:00 GMT\r\n")
    talk.answered(challenge)
    verdict = talk.ask(to_b)
    assert said(verdict)[0] == 401
    assert isinstance(verdict, Answer)
    assert b"Date: Thu, 01 Jan 1970 00:00:00 GMT" in verdict.octets  # today, by this clock
    assert said(talk.ask(post(submit_req(), basic("other"))))[0] == 503


def test_who_shows_nothing_is_asked_as_the_mmsc_asks_so_that_a_client_that_waits_for_it_shows_them() -> None:
    """And a stranger sees the same, whoever has opted out."""
    talk = Talk(opted_out=(PAIR,), is_taken=False)
    challenge = reply(b"who are you?", "401 Unauthorized", 'WWW-Authenticate: Basic realm="mmsc"\r\n')
    assert talk.ask(post(submit_req(number(C)))) == Pass()
    talk.answered(challenge)
    assert talk.ask(post(submit_req())) == Answer(challenge, is_last=False)
    assert said(talk.ask(post(submit_req(), basic())))[0] == 503
    talk.ask(post(submit_req(number(C)), basic()))
    talk.answered()
    assert said(talk.ask(post(submit_req(), basic())))[0] == 200


def test_credentials_that_differ_each_time_count_by_user_and_address() -> None:
    def digest(nonce: str, user: str = "vasp") -> str:
        return f'Authorization: Digest username="{user}", realm="m", nonce="{nonce}", response="{nonce}"\r\n'

    credentials = Credentials(b"salt")
    talk = Talk(opted_out=(PAIR,), is_taken=False, credentials=credentials)
    talk.ask(post(submit_req(number(C)), digest("1")))
    talk.answered()
    assert said(talk.ask(post(submit_req(), digest("2"))))[0] == 200
    assert said(talk.ask(post(submit_req(), digest("3", "other"))))[0] == 503
    elsewhere = Talk(opted_out=(PAIR,), is_taken=False, credentials=credentials, host="192.0.2.66")
    assert said(elsewhere.ask(post(submit_req(), digest("4"))))[0] == 503


def test_with_unproven_refuse_it_is_refused_at_once() -> None:
    talk = Talk(opted_out=(PAIR,), is_taken=False, dialect=MmsDialect(unproven="refuse"))
    assert said(talk.ask(post(submit_req())))[0] == 200


# Other requests.


@pytest.mark.parametrize("request_", [b"GET /heartbeat HTTP/1.1\r\nHost: x\r\n\r\n", b"HEAD / HTTP/1.0\r\n\r\n"])
def test_questions_pass(request_: bytes) -> None:
    assert Talk().ask(request_) == Pass()


def test_what_is_no_mm7_is_refused_or_passes() -> None:
    eaif = post(("application/vnd.wap.mms-message", b"\x8c\x80"), "X-NOKIA-MMSC-To: +15559870001\r\n")
    eaif = eaif.replace(b'SOAPAction: ""\r\n', b"")
    talk = Talk()
    assert said(talk.ask(eaif))[0] == 403
    assert talk.tally.refused == {("HTTP", "other_request"): 1}
    assert Talk(dialect=MmsDialect(other_requests="pass")).ask(eaif) == Pass()


def test_the_session_is_named_by_the_user_of_its_credentials_or_by_the_vasp() -> None:
    talk = Talk()
    talk.ask(post(submit_req()))
    assert talk.exchange.origin.system_id == "v"
    talk.ask(post(submit_req(), basic("pizza")))
    assert talk.exchange.statistics().system_id == "pizza"


def test_while_it_drains_nothing_passes() -> None:
    talk = Talk(opted_out=(PAIR,))
    talk.exchange.drain()
    assert said(talk.ask(post(submit_req(number(C)))))[0] == 503
    assert said(talk.ask(post(submit_req())))[0] == 200
    outbind = Talk(Side.SMSC)
    outbind.exchange.drain()
    assert said(outbind.ask(post(submit_req(number(C)))))[0] == 503


@pytest.mark.parametrize(
    ("response", "counted"),
    [
        (reply(answer("SubmitRsp", 1100)), ("SubmitRsp", "1100")),
        (reply(answer("SubmitRsp", 2560)), ("SubmitRsp", "2xxx")),
        (reply(answer("SubmitRsp", 99)), ("SubmitRsp", "other")),
        (reply(answer("RSErrorRsp", 4006), "500 Internal Server Error"), ("SubmitRsp", "4006")),
        (reply(b"later", "503 Service Unavailable"), ("SubmitRsp", "HTTP 503")),
    ],
)
def test_the_mmsc_s_answers_are_counted_by_what_was_asked(response: bytes, counted: tuple[str, str]) -> None:
    talk = Talk()
    assert talk.ask(post(submit_req())) == Pass()
    talk.answered(response)
    assert talk.tally.answers == {counted: 1}


def test_only_an_answer_to_a_post_is_repeated_as_a_challenge() -> None:
    """That to a HEAD has the length of a body, and no body."""
    talk = Talk(opted_out=(PAIR,), is_taken=False)
    assert talk.ask(b"HEAD / HTTP/1.1\r\nHost: x\r\n\r\n") == Pass()
    talk.answered(b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 20\r\n\r\n", method="HEAD")
    assert said(talk.ask(post(submit_req())))[0] == 503


@pytest.mark.parametrize(
    "part",
    [
        b"Content-Type: image/jpeg; name=my photo.jpg\r\n\r\n\xff\xd8",
        b"Content-Type: image/jpeg; name=IMG(1).jpg\r\n\r\n\xff\xd8",
        b"Content-Type: image/jpeg; name=\"a.jpg\"; name*=utf-8''a.jpg\r\n\r\n\xff\xd8",
        b"Content-Type: text/plain; charset=us-ascii (Plain text)\r\n\r\nhello",
        b"Content-Type: text/plain; charset=utf-8; charset=utf-8\r\n\r\nhello",
        b"Content-Type: text/plain\r\n\r\n<3 Happy Valentine's Day everybody",
        b"Content-Type: text/plain\r\n\r\n<Sale> The Body Shop: 20% off",
        b"Content-Type: text/plain\r\n\r\n<https://x.example/body>",
        b"Content-Type: text/html\r\n\r\n<center>Dear recipients</center>",
        b'Content-Type: application/vnd.oma.drm.rights+xml\r\n\r\n<o-ex:rights xmlns:o-ex="x"/>',
        b'Content-Type: application/vnd.google-earth.kml+xml\r\n\r\n<?xml version="1.0"?><kml/>',
        b"Content-Type: image/jpeg\r\nContent-Transfer-Encoding: identity\r\n\r\n\xff\xd8",
    ],
)
def test_what_real_software_writes_is_not_refused(part: bytes) -> None:
    request = post(related(submit_req(), part))
    assert Talk().ask(request) == Pass()
    assert isinstance(Talk(opted_out=(PAIR,)).ask(request), Answer)


@pytest.mark.parametrize(
    "octets",
    [
        submit_req().replace(b"Menu", "朱镕基".encode("gbk")).replace(b"UTF-8", b"GB2312"),
        submit_req().replace(b"Menu", "햏".encode("cp949")).replace(b"UTF-8", b"EUC-KR"),
        submit_req().replace(b"</s:Header>", b"<To>http://10.20.30.40:8080/mm7</To></s:Header>"),
        submit_req().replace(b"<Subject>", b"<DeliveryWindow><To>2026-12-01T20:00:00</To></DeliveryWindow><Subject>"),
        submit_req().replace(b"<Subject>", b"<Extension><identifier>x</identifier></Extension><Subject>"),
        submit_req("".join(f"<Number><![CDATA[+1212555{n:04}]]></Number>" for n in range(300)) + number(B)),
    ],
)
def test_envelopes_of_real_software_are_not_refused(octets: bytes) -> None:
    assert Talk().ask(post(("text/xml", octets))) == Pass()
    assert isinstance(Talk(opted_out=(PAIR,)).ask(post(("text/xml", octets))), Answer)
