"""One HTTP message is one frame: any cut of a stream gives the same messages, and nothing is cut in two ways."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.mm7.http import MOST_HEAD, HttpError, HttpMessage, HttpReader

POST = b"POST /mm7?a=1 HTTP/1.1\r\nHost: mmsc\r\nContent-Type: text/xml;\r\n\tcharset=utf-8\r\n"
TOKEN = st.binary(max_size=300)


def with_length(body: bytes) -> bytes:
    return POST + b"Content-Length: %d\r\n\r\n" % len(body) + body


def chunked(pieces: list[bytes]) -> bytes:
    chunks = b"".join(b"%x;ext=1\r\n%b\r\n" % (len(piece), piece) for piece in pieces if piece)
    return POST + b"Transfer-Encoding: Chunked\r\n\r\n" + chunks + b"0\r\nX-Sum: 1\r\n\r\n"


def blank_before(request: bytes) -> bytes:
    return b"\r\n\r\n" + request


REQUESTS = st.one_of(
    TOKEN.map(with_length),
    TOKEN.map(with_length).map(blank_before),
    st.lists(TOKEN, max_size=4).map(chunked),
    st.just(b"HEAD / HTTP/1.0\r\n\r\n"),
    st.just(b"GET /heartbeat HTTP/1.1\r\nHost: x\r\n\r\n"),
)


def read_all(stream: bytes, cuts: list[int]) -> list[HttpMessage]:
    """The requests of a stream that arrives in these pieces."""
    edges = sorted({0, len(stream), *(cut % (len(stream) + 1) for cut in cuts)})
    messages: list[HttpMessage] = []
    reader = HttpReader()
    for start, end in pairwise(edges):
        piece = stream[start:end]
        while (message := reader.feed(piece)) is not None:
            messages.append(message)
            piece, reader = reader.rest, HttpReader()
    assert reader.end() is None
    return messages


@given(st.lists(REQUESTS, min_size=1, max_size=4), st.lists(st.integers(min_value=0), max_size=30))
def test_any_cut_of_the_stream_gives_the_same_messages_in_the_octets_that_came(
    requests: list[bytes], cuts: list[int]
) -> None:
    stream = b"".join(requests)
    messages = read_all(stream, cuts)
    assert [message.octets for message in messages] == requests
    assert messages == read_all(stream, list(range(len(stream))))


@given(st.lists(TOKEN, max_size=4))
def test_the_body_of_chunks_is_what_they_hold(pieces: list[bytes]) -> None:
    (message,) = read_all(chunked(pieces), [])
    assert message.body == b"".join(pieces)
    assert message.header("content-type") == "text/xml; charset=utf-8"
    assert (message.method, message.target) == ("POST", "/mm7?a=1")


TWO_WAYS = {
    "both lengths": POST + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "two lengths": POST + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
    "one length twice": POST + b"Content-Length: 3\r\ncontent-length: 3\r\n\r\nabc",
    "lengths in a list": POST + b"Content-Length: 3, 3\r\n\r\nabc",
    "a signed length": POST + b"Content-Length: +3\r\n\r\nabc",
    "a folded length": POST + b"Content-Length:\r\n 3\r\n\r\nabc",
    "a folded encoding": POST + b"Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n",
    "two encodings": POST + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
    "an encoding of two": POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    "an encoding that looks like it": POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "an encoding behind a control": POST + b"Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n",
    "chunks in HTTP/1.0": b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a blank before the colon": POST + b"Content-Length : 3\r\n\r\nabc",
    "bare LF": POST.replace(b"\r\n", b"\n") + b"Content-Length: 3\n\nabc",
    "bare LF in one line": POST + b"X: a\nContent-Length: 3\r\n\r\nabc",
    "bare CR in a line": POST + b"X: a\rContent-Length: 3\r\n\r\nabc",
    "an end of head without CR": POST + b"Content-Length: 3\r\n\nabc",
    "NUL": POST + b"X: \0\r\nContent-Length: 3\r\n\r\nabc",
    "two types": POST + b"Content-Type: text/plain\r\nContent-Length: 3\r\n\r\nabc",
    "two hosts": POST + b"Host: other\r\nContent-Length: 3\r\n\r\nabc",
    "no host": b"POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc",
    "a name that is no token": POST + "Größe: 3\r\n\r\n".encode(),
    "a chunk of no length": POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
    "a chunk that goes on": POST + b"Transfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n0\r\n\r\n",
    "a chunk with LF": POST + b"Transfer-Encoding: chunked\r\n\r\n1\na\r\n0\r\n\r\n",
    "a chunk of a negative length": POST + b"Transfer-Encoding: chunked\r\n\r\n-1\r\na\r\n0\r\n\r\n",
    "credentials with CR LF": POST + b"Authorization: Basic YTpi\r\n\r\nContent-Length: 3\r\n\r\nabc",
    "a tunnel": b"CONNECT mmsc:80 HTTP/1.1\r\nHost: mmsc\r\n\r\n",
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
}


@pytest.mark.parametrize("stream", TWO_WAYS.values(), ids=TWO_WAYS)
@pytest.mark.parametrize("at_once", [True, False])
def test_what_can_be_read_in_two_ways_is_refused(stream: bytes, at_once: bool) -> None:
    with pytest.raises(HttpError) as caught:
        read_all(stream, [] if at_once else list(range(len(stream))))
    assert 400 <= caught.value.status < 600


def test_limits_of_head_and_message() -> None:
    with pytest.raises(HttpError) as caught:
        HttpReader().feed(b"POST / HTTP/1.1\r\nX: " + b"a" * MOST_HEAD)
    assert caught.value.status == 431
    with pytest.raises(HttpError) as caught:
        HttpReader().feed(b"POST / HTTP/1.1\r\nHost: a\r\nX: " + b"a" * MOST_HEAD + b"\r\n\r\n")
    assert caught.value.status == 431
    for stream in (with_length(b"a" * 2000), chunked([b"a" * 2000]), with_length(b"a" * 2000)[:-2000]):
        with pytest.raises(HttpError) as caught:
            HttpReader(most=1000).feed(stream)
        assert caught.value.status == 413
    reader = HttpReader(most=1000)
    assert reader.feed(chunked([b"a" * 5000])[:600]) is None
    assert reader.held == 600
    with pytest.raises(HttpError):
        reader.feed(b"a" * 500)


def test_a_client_that_waits_for_100_continue_is_seen() -> None:
    reader = HttpReader()
    head = POST + b"Expect: 100-continue\r\nContent-Length: 3\r\n"
    seen = [(reader.feed(piece), reader.wants_continue) for piece in (head, b"\r\n")]
    assert seen == [(None, False), (None, True)]
    message = reader.feed(b"abc")
    assert message is not None
    assert message.body == b"abc"


@pytest.mark.parametrize(
    ("request_", "is_last"),
    [
        (b"GET / HTTP/1.0\r\n\r\n", True),
        (b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", False),
        (b"GET / HTTP/1.1\r\nHost: a\r\nConnection: TE, close\r\n\r\n", True),
    ],
)
def test_who_wants_the_connection_closed(request_: bytes, is_last: bool) -> None:
    (message,) = read_all(request_, [])
    assert message.is_last is is_last


RESPONSES = [
    ("POST", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", b"ok"),
    ("POST", b"HTTP/1.1 200 \r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", b"ok"),
    ("HEAD", b"HTTP/1.1 200 OK\r\nContent-Length: 200\r\n\r\n", b""),
    ("POST", b"HTTP/1.1 204 No Content\r\n\r\n", b""),
    ("POST", b"HTTP/1.1 401 No\r\nWWW-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n", b""),
]


@pytest.mark.parametrize(("method", "octets", "body"), RESPONSES)
@pytest.mark.parametrize(
    "interim",
    [
        b"",
        b"\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\n",
        b"HTTP/1.1 103 Hints\r\nLink: a\r\n\r\n",
    ],
)
def test_responses_are_read_without_the_interim_ones(method: str, octets: bytes, body: bytes, interim: bytes) -> None:
    for step in (1, 7, 1000):
        reader = HttpReader(method)
        stream = interim * 2 + octets
        read = [reader.feed(stream[n : n + step]) for n in range(0, len(stream), step)]
        (message,) = filter(None, read)
        assert (message.octets, message.body) == (octets, body)
        assert message.status == int(re.split(rb"[ \r]", octets)[1])
        assert reader.rest == b""


def test_a_response_without_a_length_ends_with_the_connection() -> None:
    octets = b"HTTP/1.0 200 OK\r\nContent-Type: text/xml\r\n\r\n<a/>"
    reader = HttpReader("POST")
    assert reader.feed(octets) is None
    message = reader.end()
    assert message is not None
    assert (message.octets, message.body, message.is_last) == (octets, b"<a/>", True)


@pytest.mark.parametrize("octets", [b"POST / HT", POST + b"Content-Length: 9\r\n\r\nabc"])
def test_a_message_that_is_cut_off_is_no_message(octets: bytes) -> None:
    reader = HttpReader()
    assert reader.feed(octets) is None
    with pytest.raises(HttpError, match="the connection ended within"):
        reader.end()


def test_a_change_of_protocol_is_not_passed() -> None:
    with pytest.raises(HttpError, match="UPGRADE"):
        HttpReader("POST").feed(b"HTTP/1.1 101 Switching\r\nUpgrade: h2c\r\nConnection: upgrade\r\n\r\n")


@pytest.mark.parametrize(
    "octets",
    [
        b"POST / HTTP/1.1\r\nHost: x\r\nAuthorization : Basic c2VjcmV0\r\n\r\n",
        b"POST /?password=c2VjcmV0 HTTP/1.1 x\r\nHost: x\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nAuth\xe4: c2VjcmV0\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: c2VjcmV0\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: c2VjcmV0\r\n\r\n",
    ],
)
def test_no_error_tells_what_stood_there(octets: bytes) -> None:
    """It goes to the log and to the client, and may be a password."""
    with pytest.raises(HttpError) as error:
        HttpReader().feed(octets)
    assert "c2VjcmV0" not in str(error.value)
    assert "bytearray" not in str(error.value)


@pytest.mark.parametrize(("octets", "said"), [(b"\x16\x03\x01", "TLS"), (b"\0\0\0\x2f", "SMPP")])
def test_another_protocol_is_told_by_its_first_octet(octets: bytes, said: str) -> None:
    with pytest.raises(HttpError, match=said):
        HttpReader().feed(octets)


def test_many_chunks_of_a_few_octets_are_refused() -> None:
    """Each costs as much as a big one: ten megabytes of them would hold up everybody for seconds."""
    assert read_all(chunked([b"x"] * 900), [])[0].body == b"x" * 900
    assert read_all(chunked([b"x" * 100] * 5000), [])[0].body == b"x" * 500_000
    with pytest.raises(HttpError, match="few octets"):
        HttpReader().feed(chunked([b"x"] * 5000))


def test_interim_responses_are_left_out_as_long_as_they_are_few() -> None:
    interim, final = b"HTTP/1.1 102 Processing\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
    message = HttpReader("POST").feed(interim * 20 + final)
    assert message is not None
    assert message.octets == final
    with pytest.raises(HttpError, match="too many"):
        HttpReader("POST").feed(interim * 3000 + final)
