"""Questions with parameters that nobody looks at."""

from __future__ import annotations

from tests.simulator.esme import Client
from tests.simulator.handsets.api import Api


def test_a_question_that_nobody_looks_at_is_refused(api: Api, client: Client) -> None:
    for path in (
        "/v1/pdus?stat=x", "/v1/messages?stat=x", "/v1/pdus?command=submit", "/v1/pdus?status=RTHROTTLED",
        "/v1/messages?state=DELIVRD", "/v1/connections?bound=1",
    ):  # fmt: skip
        status, said = api("GET", path)
        assert (status, isinstance(said["detail"], str)) == (422, True), path
    client.submit_with()
    assert len(api("GET", "/v1/messages?state=delivered")[1]["messages"]) == 1
