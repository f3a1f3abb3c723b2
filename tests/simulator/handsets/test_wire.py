"""PDUs over the control API: paged forward, and filtered."""

from __future__ import annotations

from tests.simulator.esme import Client
from tests.simulator.handsets.api import A, Api


def test_pdus_are_paged_forward_and_filtered(api: Api, client: Client) -> None:
    for n in range(5):
        client.submit_with(short_message=b"number %d" % n, destination_addr=f"1555987000{n}")
    seen: list[int] = []
    after = 0
    while page := api("GET", f"/v1/pdus?after={after}&limit=3")[1]["pdus"]:
        seen += [pdu["number"] for pdu in page]
        after = page[-1]["number"]
    assert seen == list(range(1, 13)), "each once, in order"
    newest = api("GET", "/v1/pdus?newest=true&limit=2")[1]["pdus"]
    assert [pdu["number"] for pdu in newest] == [11, 12]

    def texts(query: str) -> list[str]:
        return [pdu["text"] for pdu in api("GET", f"/v1/pdus?{query}")[1]["pdus"]]

    assert texts("command=submit_sm&number=15559870003") == ["number 3"]
    assert texts("command=submit_*&text=NUMBER+4&direction=in") == ["number 4"]
    assert len(texts("system_id=esme")) == 12
    assert texts("system_id=nobody") == []
    assert texts("status=ESME_RTHROTTLED") == []
    (first,) = api("GET", "/v1/pdus?command=submit_sm&limit=1")[1]["pdus"]
    assert (first["source"], first["destination"], first["system_id"]) == (A, "15559870000", "esme")
