"""The page with the handsets: its files, and the story played on it in a browser."""

from __future__ import annotations

import http.client
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from proxy.simulator.running import Running
from tests.browser import browser
from tests.e2e.peers import PATIENCE
from tests.simulator.esme import Client
from tests.simulator.handsets.api import Api


@pytest.mark.parametrize(
    ("path", "status", "kind"),
    [
        ("/", 200, "text/html; charset=utf-8"),
        ("/page.js", 200, "text/javascript; charset=utf-8"),
        ("/page.css", 200, "text/css; charset=utf-8"),
        ("/icon.svg", 200, "image/svg+xml"),
        ("/control.py", 404, "application/json"),
        ("/..%2fcontrol.py", 404, "application/json"),
        ("/v1/outbind", 405, "application/json"),
        ("/v1/mo/", 307, None),
    ],
)
def test_its_files_and_nothing_else(api: Api, path: str, status: int, kind: str | None) -> None:
    connection = http.client.HTTPConnection(api.address[0], api.address[1], timeout=PATIENCE)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        assert (answer.status, answer.headers["Content-Type"]) == (status, kind)
        assert answer.headers["Cache-Control"] == ("no-store" if status == 200 else None)
        answer.read()
    finally:
        connection.close()


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
        page.wait_for("#said", "delivered to esme in 2 parts")
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
        page.click("#pdus li:first-child button")
        page.wait_for("#detail", "command")
        for name, dark, width in (("light", False, 1280), ("dark", True, 1280), ("phone", False, 390)):
            page.look(dark=dark, width=width)
            page.screenshot(f"handsets-{name}")
            assert page.driver.execute_script("return document.documentElement.scrollWidth <= window.innerWidth"), name
        assert page.complaints() == []


def test_a_thread_is_in_the_order_of_time_after_a_reload_too(
    tmp_path: Path, api: Api, smsc: Running, client: Client
) -> None:
    talk = [b"first", "second", b"third", "fourth"]
    for said in talk:
        if isinstance(said, bytes):
            client.submit_with(short_message=said)
        else:
            thread = Thread(target=smsc.say, args=(said,))
            thread.start()
            client.take_delivery()
            thread.join()
    with browser(tmp_path / "profile") as page:
        page.open("http://{}:{}/".format(*api.address))
        for _ in range(2):
            page.wait_for("#thread li:last-child", "fourth")
            shown = [page.text(f"#thread li:nth-child({n})").split()[0] for n in range(1, 5)]
            assert shown == ["first", "second", "third", "fourth"]
            page.driver.refresh()


def test_with_two_clients_one_is_picked_and_phones_are_found(tmp_path: Path, api: Api, smsc: Running) -> None:
    with browser(tmp_path / "profile") as page:
        page.open("http://{}:{}/".format(*api.address))
        page.wait_for("#thread", f"Have a client bind to {smsc.host}:{smsc.port} with any system_id")
        page.screenshot("handsets-empty")
        with Client(smsc) as alice, Client(smsc) as bob:
            alice.bound(system_id="alice")
            bob.bound(system_id="bob")
            alice.submit_with(short_message=b"from alice", destination_addr="15559870001")
            bob.submit_with(short_message=b"from bob", destination_addr="15559870002")
            page.wait_for("#phones li:first-child", "from bob")
            page.fill("#search", "alice")
            page.wait_for("#phones li:first-child", "+15559870001")
            assert len(page.driver.find_elements("css selector", "#phones li")) == 1
            page.wait_for("#client", "bob")
            page.click("#client option[value=bob]")
            page.click("#phones button")
            page.click("[data-say=HELP]")
            assert bob.take_delivery().fields["short_message"] == b"HELP"
            page.wait_for("#said", "delivered to bob")
            page.fill("#filter", "alice")
            page.wait_for("#pdus li:first-child", "alice")
            assert "bob" not in page.text("#pdus")
            page.screenshot("handsets-two")
