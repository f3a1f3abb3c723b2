"""The control API over HTTP, as a test of somebody's client would use it, and the handsets in a browser."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import Any

import pytest
import trio

from proxy.simulator.handsets import control
from proxy.simulator.running import Running
from proxy.smpp.text import Part
from tests.browser import browser
from tests.e2e.peers import PATIENCE
from tests.simulator.conftest import Client

A, B = "15551230001", "15559870001"


class Api:
    """A client of the control API."""

    def __init__(self, smsc: Running) -> None:
        self.smsc = smsc
        started: Queue[Any] = Queue()

        async def serve() -> None:
            with trio.CancelScope() as self.scope:
                async with trio.open_nursery() as nursery:
                    started.put(await nursery.start(control.serve, smsc.smsc, "127.0.0.1", 0))

        self._thread = Thread(target=lambda: trio.from_thread.run(serve, trio_token=smsc.token))
        self._thread.start()
        self.address = started.get(timeout=PATIENCE)

    def close(self) -> None:
        self.smsc.token.run_sync_soon(self.scope.cancel)
        self._thread.join()

    def __call__(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        connection = http.client.HTTPConnection(self.address[0], self.address[1], timeout=PATIENCE)
        try:
            headers = {"Content-Type": "application/json"}
            connection.request(method, path, None if body is None else json.dumps(body), headers)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()


@pytest.fixture
def api(smsc: Running) -> Iterator[Api]:
    api = Api(smsc)
    try:
        yield api
    finally:
        api.close()


def mo(api: Api, client: Client, parts: int = 1, **more: Any) -> tuple[list[Any], Any]:
    """Send a message from B's handset; what the client got, and what the API said."""
    said: list[Any] = []
    thread = Thread(target=lambda: said.append(api("POST", "/v1/mo", {"source": B, "destination": A, **more})))
    thread.start()
    taken = [client.take_delivery() for _ in range(parts)]
    thread.join()
    return taken, said[0]


def test_a_handset_says_something(api: Api, client: Client) -> None:
    (taken,), said = mo(api, client, text="STOP")
    assert said == (200, {"statuses": ["ESME_ROK"]})
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


def test_the_story_is_played_on_the_handsets(tmp_path: Path, api: Api, client: Client) -> None:
    with browser(tmp_path / "profile") as page:
        client.submit_with(short_message=b"Your table is ready! Reply STOP to opt out.")
        page.open("http://{}:{}/".format(*api.address))
        page.wait_for("#bound", "esme (transceiver)")
        page.wait_for("#thread", "Your table is ready!")
        page.wait_for("#thread", "DELIVERED")
        taken: list[Any] = []
        platform = Thread(target=lambda: taken.extend(client.take_delivery() for _ in range(3)))
        platform.start()
        page.click("[data-say=STOP]")
        page.wait_for("#said", "delivered")
        page.wait_for("#thread .mine", "STOP")
        page.fill("#text", "wait, what? " * 15)
        page.click("#reply .row button:not([type])")
        page.wait_for("#said", "delivered in 2 parts")
        page.wait_for("#thread li:last-child", "wait, what? wait, what? wait, what?")
        page.wait_for("#thread li:last-child", "2 parts")
        assert len(page.driver.find_elements("css selector", "#thread li")) == 3
        platform.join()
        assert [t.fields["short_message"][:4] for t in taken[:1]] == [b"STOP"]
        page.wait_for("#pdus", "deliver_sm")
        page.click("#faults [data-action=queue_full]")
        page.wait_for("#set", "queue_full on submit_sm: met 0 of 1")
        assert client.submit_with().status == 0x14
        page.wait_for("#set", "met 1 of 1")
        page.wait_for("#pdus", "ESME_RMSGQFUL")
        page.click("#pdus li:last-child button")
        page.wait_for("#detail", "command")
        for name, dark, width in (("light", False, 1280), ("dark", True, 1280), ("phone", False, 390)):
            page.look(dark=dark, width=width)
            page.screenshot(f"handsets-{name}")
            assert page.driver.execute_script("return document.documentElement.scrollWidth <= window.innerWidth"), name
        assert page.complaints() == []
