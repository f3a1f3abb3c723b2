"""The control API over HTTP, as a test of somebody's client would use it."""

from __future__ import annotations

import http.client
import re
from threading import Thread
from typing import Any

from proxy.simulator.running import Running
from proxy.smpp.text import Part
from tests.e2e.peers import PATIENCE
from tests.simulator.esme import Client
from tests.simulator.handsets.api import A, Api, B, mo


def test_a_handset_says_something(api: Api, client: Client) -> None:
    (taken,), said = mo(api, client, text="STOP")
    assert said == (200, {"system_id": "esme", "statuses": ["ESME_ROK"]})
    assert (taken.fields["short_message"], taken.fields["data_coding"]) == (b"STOP", 0)
    assert (taken.address("source"), taken.address("dest")) == ((1, 1, B.encode()), (1, 1, A.encode()))
    _, heard = api("GET", "/v1/mo")
    assert [(m["source"], m["text"], m["status"]) for m in heard["messages"]] == [(B, "STOP", "ESME_ROK")]


def test_long_and_strange_texts(api: Api, client: Client) -> None:
    taken, said = mo(api, client, parts=2, text="x" * 200)
    assert said[1]["statuses"] == ["ESME_ROK"] * 2
    assert [t.fields["esm_class"] for t in taken] == [0x40, 0x40]
    (taken,), _ = mo(api, client, text="Привет 👍")
    assert (taken.fields["data_coding"], taken.fields["short_message"].decode("utf-16-be")) == (8, "Привет 👍")
    (taken,), _ = mo(api, client, text="y" * 300, payload=True)
    assert (taken.fields["short_message"], taken.tlv(0x0424)) == (b"", b"y" * 300)
    (taken,), _ = mo(api, client, hex="00ff", fields={"data_coding": 4, "service_type": "WAP"}, tlvs=[[0x1403, "ab"]])
    assert (taken.fields["short_message"], taken.fields["data_coding"]) == (b"\x00\xff", 4)
    assert (taken.fields["service_type"], taken.tlv(0x1403)) == (b"WAP", b"\xab")


def test_what_can_not_be_sent_is_said(api: Api, smsc: Running) -> None:
    assert api("POST", "/v1/mo", {"source": B, "destination": A, "text": "x"})[0] == 409
    for wrong in ({"text": "ж", "coding": "gsm"}, {"hex": "zz"}, {"hex": "00" * 300}, {"text": "x", "cooding": "gsm"}):
        assert api("POST", "/v1/mo", {"source": B, "destination": A, **wrong})[0] == 422


def test_messages_are_awaited(api: Api, client: Client) -> None:
    found: list[Any] = []
    path = f"/v1/messages?destination={B}&text=hello&wait=60"
    waiting = Thread(target=lambda: found.append(api("GET", path)))
    waiting.start()
    client.submit_with(destination_addr="15550000000")
    client.submit_with()
    waiting.join()
    ((status, page),) = found
    (message,) = page["messages"]
    assert (status, message["text"], message["state"], message["number"]) == (200, "hello", "DELIVERED", 2)
    assert api("GET", f"/v1/messages?after={message['number']}&wait=0.1")[1]["messages"] == []


def test_parts_are_named(api: Api, client: Client) -> None:
    client.submit_with(esm_class=0x40, short_message=b"\x05\x00\x03\x07\x02\x01hel")
    (message,) = api("GET", "/v1/messages")[1]["messages"]
    assert (message["text"], Part(**message["part"])) == ("hel", Part(7, 2, 1))


def test_pdus_are_taken_apart(api: Api, client: Client) -> None:
    client.submit_with()
    pdus = api("GET", "/v1/pdus?command=submit_sm")[1]["pdus"]
    assert [(p["direction"], p["command"], p["status"]) for p in pdus] == [("in", "submit_sm", "ESME_ROK")]
    shown = api("GET", f"/v1/pdus/{pdus[0]['number']}")[1]
    assert (shown["fields"]["destination_addr"], shown["fields"]["short_message"]) == (B, "hello")
    assert api("GET", "/v1/pdus/99999")[0] == 404


def test_faults_are_set_counted_and_taken_away(api: Api, client: Client) -> None:
    status, fault = api("POST", "/v1/faults", {"action": "queue_full", "count": 1})
    assert status == 201
    assert client.submit_with().status == 0x14
    assert client.submit_with().status == 0
    assert [(f["action"], f["met"]) for f in api("GET", "/v1/faults")[1]["faults"]] == [("queue_full", 1)]
    assert api("DELETE", f"/v1/faults/{fault['number']}") == (200, {"faults": []})
    assert api("DELETE", f"/v1/faults/{fault['number']}")[0] == 404
    assert api("POST", "/v1/faults", {"action": "explode"})[0] == 422
    api("PUT", "/v1/scenario", {"fault": [{"action": "status", "status": "ESME_RSYSERR"}]})
    assert client.submit_with().status == 8
    assert api("DELETE", "/v1/faults")[1] == {"faults": []}


def test_connections_are_driven(api: Api, client: Client) -> None:
    (connection,) = api("GET", "/v1/connections")[1]["connections"]
    assert (connection["system_id"], connection["bind"], connection["version"]) == ("esme", "transceiver", "0x34")
    assert api("POST", "/v1/connections/0/raw", {"hex": "00000010 80000015 00000000 00000063"})[0] == 200
    assert client.get().sequence == 99
    assert api("POST", "/v1/connections/0/raw", {"hex": "no"})[0] == 422
    assert api("POST", "/v1/connections/0/alert_notification")[0] == 200
    assert client.get().name == "alert_notification"
    assert api("POST", "/v1/connections/7/close")[0] == 404
    assert api("POST", "/v1/connections/0/close")[0] == 200
    assert client.read_all() == b""
    assert api("POST", "/v1/outbind", {"host": "127.0.0.1", "port": 1})[0] == 502
    assert api("POST", "/v1/reset") == (200, {})


def test_the_account_that_gets_a_message_can_be_named(api: Api, smsc: Running, client: Client) -> None:
    with Client(smsc) as other:
        other.bound(system_id="other")
        assert mo(api, other, text="hi", system_id="other")[1] == (
            200,
            {"system_id": "other", "statuses": ["ESME_ROK"]},
        )
        other.submit_with(source_addr=A)
        assert mo(api, other, text="STOP")[1][1]["system_id"] == "other"
    status, said = api("POST", "/v1/mo", {"source": B, "destination": A, "text": "x", "system_id": "gone"})
    assert (status, said) == (409, {"detail": "gone is not bound as receiver or transceiver"})


def test_it_says_where_to_bind_and_as_whom(api: Api, smsc: Running) -> None:
    _, about = api("GET", "/v1/about")
    assert about == {"host": smsc.host, "port": smsc.port, "tls": False, "accounts": [], "mms": None}
    smsc.play({"account": [{"system_id": "me", "password": "secret"}]})
    assert api("GET", "/v1/about")[1]["accounts"] == ["me"]
    assert "secret" not in str(api("GET", "/v1/scenario")[1])


def test_its_documentation_needs_no_network(api: Api) -> None:
    connection = http.client.HTTPConnection(api.address[0], api.address[1], timeout=PATIENCE)
    try:
        connection.request("GET", "/docs")
        page = connection.getresponse().read().decode()
        files = re.findall(r'(?:src|href)="([^"]+)"', page)
        assert len(files) >= 2
        for file in files:
            assert file.startswith("/"), "from here, not from elsewhere"
            connection.request("GET", file)
            answer = connection.getresponse()
            assert (answer.status, len(answer.read()) > 100) == (200, True)
    finally:
        connection.close()
