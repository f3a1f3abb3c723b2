"""Faults of real programs, row by row of what is known of them: what each sends, and what becomes of it.

The messages in ``peers/wire`` were recorded of SAAJ and SOAP::Lite.
"""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from proxy.consent.numbers import Pair
from proxy.consent.rules import State
from proxy.mm7.http import HttpError, HttpReader
from proxy.mms.actions import Answer, Pass
from proxy.mms.dialect import MmsDialect
from proxy.net.sides import Side
from tests.mm7.wire import PICTURE, A, B, C, deliver_req, number, post, related, submit_req, text
from tests.mms.transcript import PAIR, Talk

WIRE = Path(__file__).parent / "peers" / "wire"
RECORDED = sorted(WIRE.glob("*.http"))

KIND, BODY = related(submit_req(), PICTURE)
TEXT_KIND, TEXT_BODY = related(deliver_req(), text("STOP"))

KOREAN = submit_req().replace(b"UTF-8", b"EUC-KR").replace(b"Menu", "메뉴".encode("euc-kr"))

SUBMITS: dict[str, tuple[str, bytes] | bytes] = {
    "1 boundary unquoted": (KIND.replace('"b-1"', "b-1"), BODY),
    "1 parameters capitalised": (KIND.replace("boundary", "Boundary").replace("start", "START"), BODY),
    "1 charset on a multipart": (KIND + "; charset=utf-8", BODY),
    "1 Content-Type folded over two lines": (KIND.replace("; type", ";\r\n type"), BODY),
    "2 blank after the delimiter": (KIND, BODY.replace(b"--b-1\r\n", b"--b-1 \r\n")),
    "2 LF only": (KIND, BODY.replace(b"\r\n", b"\n")),
    "2 CRLF before the first delimiter": (KIND, b"\r\n" + BODY),
    "2 preamble text": (KIND, b"This is a multi-part message in MIME format...\r\n\r\n" + BODY),
    "2 no CRLF at the end": (KIND, BODY.removesuffix(b"\r\n")),
    "2 no end at all": (KIND, BODY.removesuffix(b"--b-1--\r\n")),
    "3 start missing": (KIND.replace('; start="<root>"', ""), BODY),
    "3 start without angle brackets": (KIND.replace('"<root>"', "root"), BODY),
    "3 start naming no part": (KIND.replace("<root>", "<nobody>"), BODY),
    "3 root without Content-ID": (KIND, BODY.replace(b"Content-ID: <root>\r\n", b"")),
    "5 another SOAP namespace": submit_req().replace(b"http://schemas.xmlsoap", b"https://schemas.xmlsoap"),
    "5 no namespace below a prefixed parent": submit_req()
    .replace(b"<SubmitReq xmlns", b"<x:SubmitReq xmlns:x")
    .replace(b"</SubmitReq", b"</x:SubmitReq"),
    "6 TransactionID with line breaks": submit_req().replace(b"t-1", b"\r\n   t-1\r\n"),
    "11 EUC-KR": ("text/xml; charset=euc-kr", KOREAN),
    "12 blank line before the declaration": b"\r\n" + submit_req(),
    "12 byte order mark": b"\xef\xbb\xbf" + submit_req(),
    "14 binary part with octets lost": related(submit_req(), PICTURE.replace(b"binary", b"8bit") + b"\xef\xbf\xbd" * 9),
    "15 SMIL as base64": related(
        submit_req(),
        b"Content-Type: application/smil\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.b64encode(b"<smil/>"),
    ),
    "16 Recipients before the sender": submit_req().replace(
        b"<SenderIdentification>", f"<Recipients><To>{number(B)}</To></Recipients><SenderIdentification>".encode(), 1
    ),
}  # fmt: skip


@pytest.mark.parametrize("row", SUBMITS)
def test_a_submit_of_a_real_program_is_refused_or_passes_as_any_other(row: str) -> None:
    request = post(SUBMITS[row])
    assert isinstance(Talk(opted_out=(PAIR,)).ask(request), Answer)
    assert Talk(opted_out=(Pair(A, C),)).ask(request) == Pass()


DELIVERIES = {
    "4 href and Content-ID differ": (TEXT_KIND, TEXT_BODY.replace(b"cid:c", b"cid:other")),
    "4 cid: missing": (TEXT_KIND, TEXT_BODY.replace(b"cid:c", b"c")),
    "4 Content missing": (TEXT_KIND, TEXT_BODY.replace(b'<Content href="cid:c" allowAdaptations="true"/>', b"")),
    "15 base64 without its end": related(
        deliver_req(), b"Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\nU1RPUA"
    ),
    "soft break at the end, LF": related(
        deliver_req(), b"Content-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nSTOP=\n"
    ),
    "nested twice": related(
        deliver_req(),
        b"Content-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\nContent-Type: multipart/related; boundary=i\r\n\r\n"
        b"--i\r\nContent-Type: application/smil\r\n\r\n<smil/>\r\n--i\r\nContent-Type: text/plain\r\n\r\nSTOP"
        b"\r\n--i--\r\n--o--",
    ),
}  # fmt: skip


@pytest.mark.parametrize("row", DELIVERIES)
def test_a_delivery_of_a_real_program_is_heard(row: str) -> None:
    talk = Talk(Side.SMSC)
    assert talk.ask(post(DELIVERIES[row])) == Pass()
    assert talk.state() is State.OPTED_OUT


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
def test_what_saaj_and_soap_lite_sent_is_judged_or_heard(path: Path) -> None:
    request = path.read_bytes()
    reader = HttpReader()
    assert reader.feed(request) is not None
    request = request.removesuffix(reader.rest)
    if "deliver" in path.stem:
        talk = Talk(Side.SMSC)
        assert talk.ask(request) == Pass()
        assert talk.tally.replies.total() == 1
        assert not talk.tally.unreadable
    else:
        assert isinstance(Talk(opted_out=(PAIR,)).ask(request), Answer)
        assert Talk().ask(request) == Pass()


HEADS = {
    "7 credentials followed by CRLF": (b"SOAPAction", b"Authorization: Basic eDp5\r\n\r\nSOAPAction"),
    "9 blank before the colon": (b"SOAPAction:", b"SOAPAction :"),
    "9 a name that is not ASCII": (b"SOAPAction", b"SOAP\xe4ction"),
    "9 no Host": (b"Host: mmsc\r\n", b""),
    "10 both lengths": (b"SOAPAction", b"Transfer-Encoding: chunked\r\nSOAPAction"),
    "10 two lengths": (b"SOAPAction", b"Content-Length: 1\r\nSOAPAction"),
    "10 a folded length": (b"Content-Length:", b"Content-Length:\r\n\t"),
    "10 bare LF in the head": (b"mmsc\r\n", b"mmsc\n"),
}


def _read_all(stream: bytes) -> None:
    """Read request after request; an early end of a head leaves what is none."""
    while stream:
        reader = HttpReader()
        if reader.feed(stream) is None:
            return
        stream = reader.rest


@pytest.mark.parametrize("row", HEADS)
def test_http_that_may_be_read_otherwise_is_refused(row: str) -> None:
    with pytest.raises(HttpError):
        _read_all(post(submit_req()).replace(*HEADS[row]))


def test_an_empty_line_before_the_request_counts_for_nothing() -> None:
    """Row 8."""
    assert isinstance(Talk(opted_out=(PAIR,)).ask(b"\r\n" + post(submit_req())), Answer)


def test_a_number_that_no_message_names_follows_from_the_service() -> None:
    """Address form 8."""
    talk = Talk(Side.SMSC, dialect=MmsDialect(services={"svc1": A}))
    assert talk.ask(post(related(deliver_req(recipients=""), text("STOP")))) == Pass()
    assert talk.state() is State.OPTED_OUT
