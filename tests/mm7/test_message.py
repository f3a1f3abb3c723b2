"""Every envelope of a message is found, wherever somebody might hide it, and nothing is read in two ways."""

from __future__ import annotations

import base64
import gzip
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.mm7.message import Mm7Error, read_mm7
from tests.mm7.wire import PICTURE, B, C, number, post, read, related, submit_req, text

TO_B, TO_C = submit_req(number(B)), submit_req(number(C))


def hidden(headers: str, octets: bytes) -> bytes:
    return headers.encode() + b"\r\n\r\n" + octets


def whom(content: tuple[str, bytes] | bytes) -> list[str]:
    message = read_mm7(read(post(content)))
    assert message is not None
    assert message.is_all_read
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
        (("multipart/related; boundary=x; boundary=b-1", related(TO_B)[1]), "two boundaries"),
        (("multipart/related; boundary*0=b-; boundary=b-1", related(TO_B)[1]), "two boundaries"),
        (("multipart/related", related(TO_B)[1]), "no boundary"),
        (("text/xml", TO_B.replace(b"?>", b"?><!DOCTYPE e>", 1)), "DOCTYPE"),
        (("text/xml; charset=utf-32", TO_B.decode().encode("utf-32")), "well-formed"),
        (related(TO_B, hidden("Content-Type: text/xml\r\nContent-Transfer-Encoding: x-uuencode", TO_C)), "not known"),
    ],
)
def test_what_can_be_read_in_two_ways_is_read_in_none(content: tuple[str, bytes], why: str) -> None:
    with pytest.raises(Mm7Error, match=why):
        read_mm7(read(post(content)))


@pytest.mark.parametrize(
    "where",
    [
        lambda kind, body: (kind, TO_C + b"\r\n" + body),
        lambda kind, body: (kind, body + TO_C),
        lambda kind, body: (kind, body.replace(b"\r\n--b-1--", b"\r\n--other\r\n\r\n" + TO_C + b"\r\n--b-1--")),
    ],
)
def test_an_envelope_beside_the_parts_is_noticed(where) -> None:  # type: ignore[no-untyped-def]
    message = read_mm7(read(post(where(*related(TO_B, PICTURE)))))
    assert message is not None
    assert not message.is_all_read


def test_the_transaction_of_what_can_not_be_read_is_known_as_far_as_one_is_seen() -> None:
    with pytest.raises(Mm7Error) as error:
        read_mm7(read(post(("text/xml", TO_B.replace(b"t-1", b" \n t-9 \n ")[:-20]))))
    assert error.value.transaction == "t-9"


def test_a_body_that_was_packed_is_read() -> None:
    packed = read(post(("text/xml", gzip.compress(TO_B)), headers="Content-Encoding: gzip\r\n"))
    message = read_mm7(packed)
    assert message is not None
    assert message.root.recipients[0].text == B
    for octets, coding in ((gzip.compress(TO_B) + b"more", "gzip"), (TO_B, "gzip"), (TO_B, "br")):
        with pytest.raises(Mm7Error):
            read_mm7(read(post(("text/xml", octets), headers=f"Content-Encoding: {coding}\r\n")))
    bomb = gzip.compress(bytes(50 << 20))
    assert len(bomb) < 100_000
    with pytest.raises(Mm7Error, match="more or less"):
        read_mm7(read(post(("text/xml", bomb), headers="Content-Encoding: gzip\r\n")))


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


@given(st.binary(max_size=400), st.sampled_from(["text/xml", "multipart/related; boundary=b", "image/png", ""]))
def test_any_body_is_read_or_an_error_that_says_so(body: bytes, kind: str) -> None:
    with suppress(Mm7Error):
        read_mm7(read(post((kind, body))))
