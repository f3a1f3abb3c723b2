"""What parts say: in the charsets and transfer encodings in which consumers' phones and MMSCs write them."""

from __future__ import annotations

import base64

import pytest

from proxy.mm7.multipart import Part
from proxy.mm7.text import Text, texts_of, words_of


def part(octets: bytes, kind: str | None = "text/plain", encoding: str = "") -> Part:
    headers = {} if kind is None else {"content-type": kind}
    return Part(headers | ({"content-transfer-encoding": encoding} if encoding else {}), octets)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (part(b"STOP"), Text("STOP")),
        (part(b"STOP", None), Text("STOP")),
        (part("arrêt".encode()), Text("arrêt")),
        (part("arrêt".encode(), "text/plain; charset=us-ascii"), Text("arrêt")),
        (part("arrêt".encode("latin-1"), 'Text/Plain; Charset="ISO-8859-1"'), Text("arrêt")),
        (part("수신거부".encode("euc-kr"), "text/plain; charset=euc-kr"), Text("수신거부")),
        (part("退订".encode("gb2312"), "text/plain; charset=gb2312"), Text("退订")),
        (part("STOP".encode("utf-16"), "text/plain; charset=utf-16"), Text("STOP")),
        (part(b"ST=4FP=\r\n", encoding="quoted-printable"), Text("STOP")),
        (part(base64.b64encode(b"STOP"), encoding="base64"), Text("STOP")),
        (part(base64.b64encode(b"STOP").rstrip(b"="), encoding="base64"), Text("STOP", is_certain=False)),
        (part(b"STOP", "text/enriched"), Text("STOP")),
        (part(b"STOP", "text/plain, text/html"), Text("STOP")),
        (part(b"STOP", 'application/octet-stream; name="a.TXT"'), Text("STOP")),
        (
            part(b"<html><head><title>MMS</title></head><p>S<b>TO</b>P</p><p>now</p></html>", "text/html"),
            Text("STOP\nnow"),
        ),
        (part(b"<p>STOP</p><![a]>", "text/html"), Text("STOP", is_certain=False)),
        (part("STOP".encode("utf-16"), "text/plain; charset=utf-8"), Text("STOP")),
        (part("STOP".encode("utf-16"), None), Text("STOP")),
        (part(b"STOP", encoding="8bit"), Text("STOP")),
        (part("arrêt".encode("latin-1")), Text("arrêt", is_certain=False)),
        (part("arrêt".encode("latin-1"), "text/plain; charset=utf-8"), Text("arrêt", is_certain=False)),
        (part(b"STOP", "text/plain; charset=x-unknown"), Text("STOP", is_certain=False)),
        (part(b"STOP", encoding="x-uuencode"), Text("STOP", is_certain=False)),
        (part(b"<html><style>x</style><p>ST&#79;P</p></html>", "text/html"), Text("STOP")),
    ],
)
def test_a_text_is_read_in_its_own_characters_and_says_whether_it_surely_was(given: Part, said: Text) -> None:
    (found,), has_media, is_all = texts_of([given])
    assert (found.text.strip(), found.is_certain) == said
    assert not has_media
    assert is_all


def test_pictures_are_no_text_and_the_layout_is_neither() -> None:
    picture, vcard = part(b"\xff\xd8\0", "image/jpeg"), part(b"BEGIN:VCARD", "text/x-vcard")
    untyped = part(b"\xff\xd8\0\0", None)
    smil = part(b'<smil><text src="STOP"/></smil>', "application/smil+xml")
    assert texts_of([smil]) == ((), False, True)
    for each in (picture, vcard):
        assert texts_of([smil, each]) == ((), True, True)
    for each in (
        untyped,
        part(b"\xffx", "application/octet-stream"),
        part(b"x", "application/vnd.wap.multipart.mixed"),
    ):
        assert texts_of([smil, each]) == ((), True, False)


def test_wide_characters_without_a_mark_are_read_in_both_orders() -> None:
    for codec in ("utf-16-be", "utf-16-le"):
        for kind in ("text/plain; charset=ucs-2", "text/plain; charset=utf-16", "text/plain"):
            texts, _, _ = texts_of([part("STOP".encode(codec), kind)])
            assert Text("STOP", is_certain=False) in texts
            assert not any(text.is_certain for text in texts)


def test_a_subject_in_the_encoding_of_mail_is_read() -> None:
    assert words_of("=?utf-8?B?U1RPUA==?=") == "STOP"
    assert words_of("=?x-unknown?Q?ST=4FP?= now") == "STOP now"
    assert words_of("=?utf-8?B?U1RP") == "=?utf-8?B?U1RP"
    assert words_of("1 =? 2") == "1 =? 2"


def test_a_text_of_blanks_says_nothing() -> None:
    assert texts_of([part(b" \r\n "), part(b"")]) == ((), False, True)
