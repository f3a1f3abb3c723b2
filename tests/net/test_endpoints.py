"""``host:port``, as people write it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.net.endpoints import MOST, Endpoint

NAMES = st.from_regex(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,20})", fullmatch=True)


@given(NAMES | st.ip_addresses().map(str), st.integers(0, MOST))
def test_what_is_written_is_read_again(host: str, port: int) -> None:
    assert Endpoint.parse(str(Endpoint(host, port))) == Endpoint(host, port)


@pytest.mark.parametrize(
    "text",
    ["", "2775", ":2775", "host", "host:", "host:x", "host:-1", "host:65536", "::1:2775", "[]:1", "a b:1", "h:²"],
)
def test_anything_else_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match=r"must be .*127\.0\.0\.1:2775"):
        Endpoint.parse(text)
