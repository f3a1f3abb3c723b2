"""Every envelope of a message is found, wherever somebody might hide it, and nothing is read in two ways."""

from __future__ import annotations

import base64
import gzip
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.mm7.message import Mm7Error, read_mm7
from proxy.mm7.multipart import Part
from proxy.mm7.text import texts_of
from tests.mm7.wire import PICTURE, B, C, number, post, read, related, submit_req, text

TO_B, TO_C = submit_req(number(B)), submit_req(number(C))


def hidden(headers: str, octets: bytes) -> bytes:
    return headers.encode() + b"\r\n\r\n" + octets


def whom(content: tuple[str, bytes] | bytes) -> list[str]:
    message = read_mm7(read(post(content)), strictly=True)
    assert message is not None
    return [address.text for envelope in message.envelopes for address in envelope.recipients]


@pytest.mark.parametrize(
    "part",
    [
        hidden("Content-Type: text/xml", TO_C),
        hidden("Content-Type: text/plain", TO_C),
        hidden("Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: binary", b"\r\n\t" + TO_C),
        hidden("Content-Type: image/jpeg\r\nContent-Transfer-Encoding: base64", base64.encodebytes(TO_C)),
        hidden("Content-Type: text/xml\r\nContent-Transfer-Encoding: quoted-printable", TO_C.replace(b"=", b"=3D")),
        hidden("X: y", TO_C),
        hidden("Content-Type: multipart/mixed; boundary=i", b"--i\r\nA: text/xml\r\n\r\n" + TO_C + b"\r\n--i--"),
        hidden(
            "Content-Type: text/xml; charset=utf-16",
            TO_C.replace(b"UTF-8", b"UTF-16").decode().encode("utf-16"),
        ),
    ],
)  # fmt: skip
def test_a_second_envelope_is_read_whatever_it_is_called(part: bytes) -> None:
    assert whom(related(TO_B, part)) == [B, C]


def test_the_envelope_that_start_names_is_the_root_and_the_first_one_without() -> None:
    kind, body = related(TO_B, hidden("Content-Type: text/xml\r\nContent-ID: <other>", TO_C))
    assert whom((kind.replace("<root>", "other"), body)) == [C, B]
    assert whom((kind.replace('; start="<root>"', ""), body)) == [B, C]
    assert whom((kind.replace("<root>", "nobody"), body)) == [B, C]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (related(b"no envelope", hidden("Content-Type: text/xml", TO_C)), "root part is no envelope"),
        (related(TO_B, hidden("Content-Type: text/xml", TO_C[:-9])), "well-formed"),
        (related(TO_B, hidden("Content-Type: text/xml\r\nContent-Type: image/gif", TO_C)), "two of content-type"),
        (related(TO_B, hidden("Content-Transfer-Encoding: base64\r\nContent-Transfer-Encoding: 8bit", TO_C)), "two of"),
        (related(TO_B, hidden("Content-Type: text/xml\r\nContent-ID: <root>", TO_C)), "Content-ID that is named"),
        (("multipart/related; boundary=x; boundary=b-1", related(TO_B)[1]), "two of one parameter"),
        (("multipart/related; boundary*0=b-; boundary=b-1", related(TO_B)[1]), "two of one parameter"),
        (("multipart/related", related(TO_B)[1]), "no boundary|none of its parts"),
        (("text/xml", TO_B.replace(b"?>", b"?><!DOCTYPE e>", 1)), "DOCTYPE"),
        (("text/xml; charset=utf-32", TO_B.decode().encode("utf-32")), "well-formed"),
        (related(TO_B, hidden("Content-Type: text/xml\r\nContent-Transfer-Encoding: x-uuencode", TO_C)), "not known"),
    ],
)
def test_what_can_be_read_in_two_ways_is_read_in_none(content: tuple[str, bytes], why: str) -> None:
    with pytest.raises(Mm7Error, match=why):
        read_mm7(read(post(content)), strictly=True)


@pytest.mark.parametrize(
    "where",
    [
        lambda kind, body: (kind, TO_C + b"\r\n" + body),
        lambda kind, body: (kind, body + TO_C),
        lambda kind, body: (kind, body.replace(b"\r\n--b-1--", b"\r\n--other\r\n\r\n" + TO_C + b"\r\n--b-1--")),
    ],
)
def test_an_envelope_beside_the_parts_is_an_error(where) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(Mm7Error):
        read_mm7(read(post(where(*related(TO_B, PICTURE)))), strictly=True)


def test_the_transaction_of_what_can_not_be_read_is_known_as_far_as_one_is_seen() -> None:
    with pytest.raises(Mm7Error) as error:
        read_mm7(read(post(("text/xml", TO_B.replace(b"t-1", b" \n t-9 \n ")[:-20]))), strictly=True)
    assert error.value.transaction == "t-9"


def test_a_body_that_was_packed_is_read() -> None:
    packed = read(post(("text/xml", gzip.compress(TO_B)), headers="Content-Encoding: gzip\r\n"))
    message = read_mm7(packed)
    assert message is not None
    assert message.root.recipients[0].text == B
    for octets, coding in ((gzip.compress(TO_B) + b"more", "gzip"), (TO_B, "gzip"), (TO_B, "br")):
        with pytest.raises(Mm7Error):
            read_mm7(read(post(("text/xml", octets), headers=f"Content-Encoding: {coding}\r\n")), strictly=True)
    bomb = gzip.compress(bytes(50 << 20))
    assert len(bomb) < 100_000
    with pytest.raises(Mm7Error, match="more or less"):
        read_mm7(read(post(("text/xml", bomb), headers="Content-Encoding: gzip\r\n")), strictly=True)


@pytest.mark.parametrize(
    "content",
    [
        ("application/vnd.wap.mms-message", b"\x8c\x80\x98"),
        ("application/json", b'{"a": "<Envelop"}'),
        ("text/html", b"<html><body>Envelope</body></html>"),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--x--\r\n'),
    ],
)
def test_what_is_no_mm7_is_none(content: tuple[str, bytes]) -> None:
    octets = post(content).replace(b'SOAPAction: ""\r\n', b"")
    assert read_mm7(read(octets)) is None


def test_content_is_all_that_is_no_envelope() -> None:
    message = read_mm7(read(post(related(TO_B, text("STOP"), PICTURE))))
    assert message is not None
    assert [part.content_type for part in message.content] == ["text/plain", "image/jpeg"]


@given(
    st.binary(max_size=400),
    st.sampled_from(["text/xml", "multipart/related; boundary=b", "image/png", "", "text/html"]),
    st.booleans(),
)
def test_any_body_is_read_or_an_error_that_says_so(body: bytes, kind: str, strictly: bool) -> None:
    with suppress(Mm7Error):
        message = read_mm7(read(post((kind, body))), strictly=strictly)
        texts_of(message.content if message else [Part({"content-type": kind}, body)])


DECOY = related(TO_B)[1]
ODD = TO_C.replace(b"s:Envelope", "ñ:Envelope".encode()).replace(b"xmlns:s", "xmlns:ñ".encode())


@pytest.mark.parametrize(
    "part",
    [
        hidden("Content-Type: text/xml", ODD),
        hidden("Content-Type: application/octet-stream", TO_C.replace(b"s:Envelope", b"s:Enclosure")),
        hidden("Content-Type: text/plain", TO_C.replace(b"s:Envelope", b"s:Enclosure")),
        hidden("Content-Type: text/xml", TO_C.decode().encode("cp037")),
        hidden("Content-Transfer-Encoding: base64", b"\r\n" * 600 + base64.b64encode(ODD)),
        hidden("Content-Transfer-Encoding: base64", b"\r\n" * 6000 + base64.b64encode(ODD)),
        hidden("Content-Transfer-Encoding: base64", b"PA==" + base64.b64encode(ODD[1:])),
        hidden("X: y\rContent-Transfer-Encoding: base64", base64.b64encode(TO_C)),
        hidden("Content-Transfer-Encoding: x-uuencode", b"begin 644 x"),
    ],
)
def test_what_somebody_else_may_take_for_an_envelope_is_checked_or_an_error(part: bytes) -> None:
    """With whatever name, charset or encoding, and whichever part another reader takes for the root."""
    try:
        found = whom(related(TO_B, part))
    except Mm7Error:
        return
    assert C in found


@pytest.mark.parametrize(
    "part",
    [
        hidden("Content-Type: text/plain", b"<3 from all of us: 20% off"),
        hidden("Content-Type: text/plain", b"<b>Sale</b> today"),
        hidden("Content-Type: application/smil", b'<!DOCTYPE smil PUBLIC "-//W3C" "x"><smil><body/></smil>'),
        hidden("Content-Type: text/html", b"<html><body>Our number</body></html>"),
        hidden("Content-Type: image/svg+xml", b'<?xml version="1.0"?><!-- x --><svg:svg xmlns:svg="x"/>'),
        hidden("Content-Type: image/bmp", b"BM<" + bytes(3000)),
    ],
)  # fmt: skip
def test_what_nobody_takes_for_an_envelope_is_content(part: bytes) -> None:
    assert whom(related(TO_B, part)) == [B]


@pytest.mark.parametrize(
    "body",
    [
        related(TO_B, hidden("Content-Type: image/bmp", b"<" + bytes(2_000_000)))[1],
        related(TO_B, hidden("Content-Type: image/bmp", b"<" * 2_000_000))[1],
        related(TO_B, hidden("Content-Type: image/bmp", b"<" + b"a" * 2_000_000))[1],
        related(TO_B, hidden("Content-Type: image/bmp", b"Envelope" * 250_000))[1],
        related(TO_B, hidden("Content-Type: text/plain", b"--b-1" * 300_000))[1],
        related(b"<s:Envelope><TransactionID>" + b" " * 500_000 + b"\x01")[1],
        related(TO_B, hidden("Content-Type: text/html", b"<!--" * 300_000))[1],
        related(TO_B, hidden("Content-Type: text/html", b"<p>" * 300_000))[1],
        related(TO_B.replace(b"<Subject>", b"<a/>" * 100_000 + b"<Subject>"))[1],
        related(TO_B.replace(b"</To>", number(C).encode() * 20_000 + b"</To>"))[1],
        related(*[hidden("Content-Type: text/xml", TO_B)] * 900)[1],
        related(TO_B, hidden("Content-Type: " + ";a=b" * 10_000, b"x"))[1],
        related(TO_B, hidden('Content-Type: text/plain; name="' + "\\" * 30_000, b"x"))[1],
    ],
    ids=range(13),
)
@pytest.mark.timeout(20)
def test_no_body_takes_long(body: bytes) -> None:
    """What once took seconds, or would; here it would be cut off by the limit of a test."""
    request = read(post((related(TO_B)[0], body)))
    for strictly in (True, False):
        with suppress(Mm7Error):
            message = read_mm7(request, strictly=strictly)
            texts_of(message.content if message else [])
