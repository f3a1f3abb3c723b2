"""The simulated MMSC and platform, by their control API and on the wire."""

from __future__ import annotations

import base64
import http.client
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from proxy.mm7.message import read_mm7
from proxy.simulator.mms.both import Mms
from proxy.simulator.mms.picture import picture
from proxy.simulator.mms.writing import Media
from proxy.simulator.running import Running, running
from tests.browser import browser
from tests.e2e.mms import ask
from tests.e2e.peers import PATIENCE
from tests.e2e.running import until
from tests.mm7.wire import basic, deliver_req, post, read, related, submit_req, text
from tests.simulator.handsets.api import Api

A, B = "15551230001", "15559870001"
PNG = base64.b64encode(picture().octets).decode()


@pytest.fixture
def simulator() -> Iterator[Running]:
    with running(mms=Mms()) as made:
        yield made


@pytest.fixture
def api(simulator: Running) -> Iterator[Api]:
    api = Api(simulator)
    try:
        yield api
    finally:
        api.close()


def party(simulator: Running, name: str) -> tuple[str, int]:
    assert simulator.mms is not None
    address: tuple[str, int] = getattr(simulator.mms, name).address
    return address


def submit(api: Api, **more: Any) -> tuple[int, Any]:
    body = {"source": f"+{A}", "destinations": [f"+{B}"], "text": "Our menu", "pictures": [{"base64": PNG}]}
    return api("POST", "/v1/vasp/submit", body | more)


def test_a_message_goes_to_the_handset_and_its_report_comes_back(api: Api) -> None:
    status, sent = submit(api, subject="Menu")
    assert (status, sent["state"], sent["media"]) == (200, "1000", ["image/png"])
    (came,) = api("GET", "/v1/mms/messages?wait=30")[1]["messages"]
    assert (came["source"], came["destinations"], came["subject"], came["texts"]) == (A, [B], "Menu", ["Our menu"])
    assert came["id"] == sent["id"] != ""
    until(lambda: api("GET", "/v1/mms/messages")[1]["messages"][0]["report"] == "Retrieved")
    assert api("GET", "/v1/vasp/sent")[1]["messages"][0]["report"] == "Retrieved"
    assert api("GET", f"/v1/mms/messages?after={came['number']}&wait=0.1")[1]["messages"] == []


def test_a_handset_s_picture_reaches_the_platform(api: Api, simulator: Running) -> None:
    body = {"source": f"+{B}", "destination": f"+{A}", "text": "STOP", "pictures": [{"base64": PNG}]}
    status, sent = api("POST", "/v1/mms/mo", body)
    assert (status, sent["state"]) == (200, "1000")
    (heard,) = api("GET", "/v1/vasp/heard")[1]["messages"]
    assert (heard["source"], heard["destinations"], heard["texts"]) == (B, [A], ["STOP"])
    connection = http.client.HTTPConnection(api.address[0], api.address[1], timeout=PATIENCE)
    connection.request("GET", "/v1/mms/media/sent/1/0")
    answer = connection.getresponse()
    assert (answer.status, answer.headers["Content-Type"], answer.read()) == (200, "image/png", picture().octets)
    connection.close()
    assert api("GET", "/v1/mms/media/came/1/0")[0] == 404
    assert simulator.mms is not None
    message = read_mm7(read(simulator.mms.vasp.posts[0]))
    assert message is not None
    assert [part.content_type for part in message.content] == ["text/plain", "image/png"]


FAULTS = [
    ({"action": "status", "code": 2002}, "2002"),
    ({"action": "fault", "code": 4006}, "4006"),
    ({"action": "http", "code": 503}, "HTTP 503"),
    ({"action": "delay", "delay": 0.01}, "1000"),
]


@pytest.mark.parametrize(("fault", "state"), FAULTS)
def test_faults_happen_as_often_as_the_rule_says(api: Api, fault: dict[str, Any], state: str) -> None:
    assert api("POST", "/v1/mms/faults", {**fault, "count": 1, "destination": B})[0] == 201
    assert submit(api, destinations=["+15559870002"])[1]["state"] == "1000"
    assert submit(api)[1]["state"] == state
    assert submit(api)[1]["state"] == "1000"
    assert [armed["met"] for armed in api("GET", "/v1/mms/faults")[1]["faults"]] == [1]
    assert api("DELETE", "/v1/mms/faults")[1] == {"faults": []}


@pytest.mark.parametrize("action", ["close", "garbage"])
def test_an_answer_that_does_not_come_is_said(api: Api, action: str) -> None:
    api("POST", "/v1/mms/faults", {"action": action, "at": "vasp"})
    status, said = api("POST", "/v1/mms/mo", {"source": B, "destination": A, "text": "hi"})
    assert status == 502
    assert said["detail"]
    assert api("GET", "/v1/mms/mo")[1]["messages"][0]["state"] == "no answer"


def test_what_can_not_be_sent_is_said(api: Api) -> None:
    assert submit(api, pictures=[{"base64": "%%"}])[0] == 422
    assert submit(api, destinations=[])[0] == 422
    assert submit(api, unknown=1)[0] == 422
    assert api("POST", "/v1/mms/faults", {"action": "explode"})[0] == 422
    assert api("GET", "/v1/mms/messages?colour=red")[0] == 422


def test_only_an_mmsc_that_is_asked_for_has_an_api(smsc: Running) -> None:
    api = Api(smsc)
    try:
        assert api("GET", "/v1/mms/messages")[0] == 404
    finally:
        api.close()


def test_it_wants_a_password_if_it_has_an_account() -> None:
    with running(mms=Mms(("vasp", "secret"))) as simulator:
        where = party(simulator, "mmsc")
        refused = ask(where, post(submit_req()))
        assert refused is not None
        assert (refused.status, refused.header("www-authenticate")) == (401, 'Basic realm="mm7"')
        taken = ask(where, post(submit_req(), basic()))
        assert taken is not None
        assert b"<StatusCode>1000</StatusCode>" in taken.body
        assert simulator.submit_mms(A, [B], [Media.text("x")]).state == "1000"


def test_what_it_can_t_read_is_answered(simulator: Running) -> None:
    where = party(simulator, "mmsc")
    broken = ask(where, post(submit_req()[:-9]))
    other = ask(where, b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}")
    garbage = ask(where, b"nonsense\r\n\r\n")
    assert broken is not None
    assert other is not None
    assert garbage is not None
    assert b"<StatusCode>4004</StatusCode>" in broken.body
    assert (other.status, garbage.status) == (415, 400)


def test_it_keeps_a_connection_and_lets_a_client_go_on(simulator: Running) -> None:
    request = post(related(deliver_req(), text("hi")), "Expect: 100-continue\r\n")
    head, _, body = request.partition(b"\r\n\r\n")
    with socket.create_connection(party(simulator, "vasp"), timeout=PATIENCE) as sock:
        for _ in range(2):
            sock.sendall(head + b"\r\n\r\n")
            assert sock.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
            sock.sendall(body)
            assert b"DeliverRsp" in sock.recv(65536)


def test_pictures_are_shown_and_sent_on_the_handsets(tmp_path: Path, api: Api) -> None:
    chosen = tmp_path / "plate.png"
    chosen.write_bytes(picture(60, 90, 200).octets)
    with browser(tmp_path / "profile") as page:
        submit(api)
        page.open("http://{}:{}/".format(*api.address))
        page.wait_for("#thread", "Our menu")
        width = "return document.querySelector('#thread img').naturalWidth"
        until(lambda: page.driver.execute_script(width) == 96)
        page.wait_for("#thread", "Retrieved")
        page.driver.find_element("css selector", "#picture").send_keys(str(chosen))
        page.wait_for("#chosen", "plate.png")
        page.fill("#text", "look")
        page.click("#reply .row button:not([type])")
        page.wait_for("#said", "delivered to the platform")
        page.wait_for("#thread .mine", "look")
        page.click("#as-mms")
        page.click("[data-say=STOP]")
        page.wait_for("#thread li:last-child", "STOP")
        assert page.complaints() == []
    heard = api("GET", "/v1/vasp/heard")[1]["messages"]
    assert [(each["texts"], each["media"]) for each in heard] == [(["look"], ["image/png"]), (["STOP"], [])]
