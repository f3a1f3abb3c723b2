"""Parts, as real clients and MMSCs write them."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.mm7.multipart import MOST_PARTS, Part, PartsError, parameter, parts

RELATED = 'multipart/related; boundary="b"; type="text/xml"; start="<env>"'

EOL = st.sampled_from([b"\r\n", b"\n"])
CONTENT = st.binary(max_size=80).filter(lambda octets: b"--b" not in octets)
PREAMBLE = st.sampled_from([b"", b"\r\n", b"This is a MIME message.\r\n", b"\n\n"])
BLANK = st.sampled_from([b"", b" ", b" \t"])


@given(st.lists(CONTENT, min_size=1, max_size=5), EOL, PREAMBLE, BLANK, st.sampled_from([b"--b--\r\n", b"--b--", b""]))
def test_parts_are_cut_where_they_were_joined(
    contents: list[bytes], eol: bytes, preamble: bytes, blank: bytes, end: bytes
) -> None:
    body = preamble
    for number, content in enumerate(contents):
        body += b"--b" + blank + eol + b"Content-ID: <%d>" % number + eol + eol + content + eol
    found = parts(RELATED, body + end)
    assert [part.content_id for part in found] == [str(n) for n in range(len(contents))]
    # A line end that belongs to a delimiter may be read with a CR that a content ended with.
    assert [part.octets.removesuffix(b"\r\n").rstrip(b"\r\n") for part in found] == [
        c.rstrip(b"\r\n") for c in contents
    ]


def test_parts_within_parts_stand_in_their_place() -> None:
    inner = b"--i\r\nContent-Type: text/plain\r\n\r\nSTOP\r\n--i\r\nContent-Type: image/png\r\n\r\n\x89PNG\r\n--i--\r\n"
    body = b"--b\r\n\r\n<Envelope/>\r\n--b\r\nContent-Type: multipart/mixed;\r\n boundary=i\r\n\r\n" + inner + b"--b--"
    found = parts(RELATED, body)
    assert [(part.content_type, part.octets) for part in found] == [
        ("text/plain", b"<Envelope/>"),
        ("text/plain", b"STOP"),
        ("image/png", b"\x89PNG"),
    ]


def test_a_longer_boundary_is_another_one() -> None:
    body = b"--b\r\n\r\n--bc\r\nnot a part\r\n--b\r\n\r\ntwo\r\n--b--"
    assert [part.octets for part in parts(RELATED, body)] == [b"--bc\r\nnot a part", b"two"]


def test_a_part_without_octets() -> None:
    assert [part.octets for part in parts(RELATED, b"--b\r\n\r\n--b\r\nX: 1\r\n--b\r\nX: 1\r\n\r\na\r\n--b--")] == [
        b"",
        b"",
        b"a",
    ]


def test_a_body_that_is_no_multipart_is_one_part() -> None:
    assert parts("Text/XML; charset=utf-8", b"<a/>") == [Part({"content-type": "Text/XML; charset=utf-8"}, b"<a/>")]


@pytest.mark.parametrize(
    ("content_type", "body", "said"),
    [
        ("multipart/related", b"--b\r\n\r\na", "no boundary"),
        (RELATED, b"nothing", "does not hold its boundary"),
        (RELATED, b"--b\r\n" + b"X: 1\r\n" * 20_000 + b"\r\na", "headers without an end"),
        (RELATED, b"--b\r\n\r\na\r\n--b\r\n\r\nb", "has no end"),
        (RELATED, b"x--b\r\n\r\n--b\r\n\r\na\r\n--b--", "within a line"),
        (RELATED, b"--b\r\n\r\na\r\n--b--\r\n\r\n--b\r\n\r\nb\r\n--b--", "behind the last one"),
        (RELATED, b"--b\r\nX: y\rContent-Type: text/xml\r\n\r\na\r\n--b--", "CR alone"),
        (RELATED, b"--b\r\nContent-Type: a/b\r\nContent-Type: c/d\r\n\r\na\r\n--b--", "two of content-type"),
        (RELATED + "; START=b", b"--b\r\n\r\na\r\n--b--", "two of one parameter"),
        (RELATED + "; boundary*=c", b"--b\r\n\r\na\r\n--b--", "two of one parameter"),
        ('multipart/related; boundary=(x)"b"', b'--(x)"b"\r\n\r\na\r\n--(x)"b"--', "read alike"),
    ],
)
def test_doubts_are_told(content_type: str, body: bytes, said: str) -> None:
    assert [doubt for part in parts(content_type, body) for doubt in part.doubts if said in doubt]


def test_there_may_not_be_more_parts_than_anybody_needs() -> None:
    with pytest.raises(PartsError, match="more than 1000"):
        parts(RELATED, b"--b\r\n\r\n" * (MOST_PARTS + 1))


def test_a_message_within_a_message_is_its_parts() -> None:
    body = b"--b\r\nContent-Type: message/rfc822\r\n\r\nContent-Type: text/plain\r\n\r\nSTOP\r\n--b--"
    assert [(part.content_type, part.octets) for part in parts(RELATED, body)] == [("text/plain", b"STOP")]


def test_multiparts_end_at_a_depth() -> None:
    body, content_type = b"deep", "text/plain"
    for n in range(20):
        body = b"--%d\r\nContent-Type: %b\r\n\r\n%b\r\n--%d--" % (n, content_type.encode(), body, n)
        content_type = f"multipart/mixed; boundary={n}"
    (part,) = parts(content_type, body)
    assert part.content_type == "multipart/mixed"


@pytest.mark.parametrize(
    ("encoding", "octets", "decoded"),
    [
        ("base64 (as always)", b"U1RPUA==", b"STOP"),
        ('"base64";', b"U1RPUA==", b"STOP"),
        ("", b"a=20", b"a=20"),
        ("8bit", b"\xe9", b"\xe9"),
        ("Quoted-Printable", b"ST=4FP=\r\n", b"STOP"),
        ("base64", base64.b64encode(b"STOP" * 100), b"STOP" * 100),
        ("base64", base64.encodebytes(b"STOP" * 100), b"STOP" * 100),
        ("base64", b"U1RPUA", b"STOP"),
        ("base64", b"U1RPU", b"STO"),
        ("BASE64 ", b" U1RP\r\n UA==\r\n", b"STOP"),
    ],
)
def test_transfer_encodings(encoding: str, octets: bytes, decoded: bytes) -> None:
    assert Part({"content-transfer-encoding": encoding}, octets).decoded().octets == decoded


@pytest.mark.parametrize(
    ("encoding", "octets", "decoded", "said"),
    [
        ("base64", b"U1RPUA", b"STOP", "not whole"),
        ("base64", b"U1Q=T1A=", b"STOP", "end in its midst"),
        ("base64", b"UA==" * 2000, b"", "too many ends"),
        ("x-zip", b"PK", b"PK", "x-zip"),
    ],
)
def test_what_can_not_be_undone_for_sure_says_so(encoding: str, octets: bytes, decoded: bytes, said: str) -> None:
    found = Part({"content-transfer-encoding": encoding}, octets).decoded()
    assert found.octets == decoded
    assert said in found.doubts[0]


@pytest.mark.parametrize(
    ("value", "name", "found"),
    [
        ('multipart/related; boundary="a b"; type="text/xml"', "boundary", "a b"),
        ("multipart/related;BOUNDARY=ab;Start=<x>", "start", "<x>"),
        ("multipart/related;\r\n\tboundary=ab", "boundary", "ab"),
        ("multipart/related", "boundary", ""),
        ("text/plain; charset=", "charset", ""),
        (r'text/plain; name="a \"b\""', "name", 'a "b"'),
    ],
)
def test_parameters(value: str, name: str, found: str) -> None:
    assert parameter(value, name) == found
