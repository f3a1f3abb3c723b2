"""What people are shown has no credentials in it."""

from __future__ import annotations

import pytest

from proxy.mm7.blank import BLANK, blanked
from tests.mm7.wire import post, submit_req


@pytest.mark.parametrize(
    "header",
    [
        "Authorization: Basic c2VjcmV0\r\n",
        "authorization:Basic c2VjcmV0\r\n",
        'AUTHORIZATION : Digest username="u",\r\n\tresponse="c2VjcmV0"\r\n',
        "Proxy-Authorization: Bearer c2VjcmV0\r\n",
        "Cookie: s=c2VjcmV0\r\n",
        "Set-Cookie: s=c2VjcmV0\r\n",
    ],
)
def test_credentials_are_blanked_and_nothing_else(header: str) -> None:
    shown = blanked(post(submit_req(), header))
    assert b"c2VjcmV0" not in shown
    assert BLANK in shown
    name = header.partition(":")[0].strip().encode()
    assert shown.replace(name, b"").partition(BLANK)[0].rstrip(b": ") == post(submit_req(), header).partition(name)[0]
    assert shown.partition(b"\r\n\r\n")[2] == submit_req()
