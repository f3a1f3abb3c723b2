"""The answers that we write, as strict readers of other programs take them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.mm7.answers import Kind, answer, over_http
from proxy.mm7.envelope import read_envelope
from tests.mm7.wire import post, read, submit_req

TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=30)
URI = st.text("ab:/.-&\"<'>", max_size=30)


@given(URI, TEXT, TEXT, st.sampled_from(["response", "fault"]))
def test_an_answer_is_in_the_namespace_and_with_the_transaction_that_it_was_given(
    namespace: str, transaction: str, details: str, kind: Kind
) -> None:
    body = answer(kind, 2001, details, namespace=namespace, transaction=transaction, version="")
    read_back = read_envelope(body)
    assert read_back.transaction == transaction.strip()
    assert read_back.status_code == "2001"
    if kind == "response":
        assert (read_back.kind, read_back.namespace, read_back.version) == ("SubmitRsp", namespace, "6.8.0")


@pytest.mark.parametrize(
    ("version", "headers", "said"),
    [
        ("1.1", "", b""),
        ("1.1", "Connection: close\r\n", b"Connection: close\r\n"),
        ("1.1", "Connection: TE, close\r\n", b"Connection: close\r\n"),
        ("1.0", "", b"Connection: close\r\n"),
        ("1.0", "Connection: Keep-Alive\r\n", b"Connection: keep-alive\r\n"),
    ],
)
def test_an_answer_says_whether_the_connection_goes_on(version: str, headers: str, said: bytes) -> None:
    request = read(post(submit_req(), headers, version))
    octets = over_http(200, b"x", request)
    assert said in octets
    assert (b"Connection" in octets) is bool(said)
    response = read(octets, "POST")
    assert (response.status, response.body, response.is_last) == (200, b"x", request.is_last)


def test_an_answer_to_head_has_no_body_and_one_to_garbage_ends_the_connection() -> None:
    head = read(b"HEAD / HTTP/1.1\r\nHost: x\r\n\r\n")
    assert over_http(503, b"later", head, retry_after=10).endswith(b"Retry-After: 10\r\n\r\n")
    assert b"Connection: close" in over_http(400, b"", None)
