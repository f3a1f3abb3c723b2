"""The status page in a real browser: sessions, refusals and changes as they happen, and consent with a token."""

from __future__ import annotations

import urllib.request
from contextlib import ExitStack
from pathlib import Path

from proxy.service.admin.server import PAGE_PATHS
from proxy.smpp import write
from tests.browser import Browser, browser
from tests.e2e.asking import get
from tests.e2e.peers import A, B, Esme, link
from tests.e2e.tokens import READ, WRITE, admin

RINVDSTADR = 0x0B


def sign_in(page: Browser, token: str) -> None:
    page.fill("#token", token)
    page.click("#token-form button")


def test_the_page_shows_what_happens(tmp_path: Path) -> None:
    with browser(tmp_path / "profile") as page, link(tmp_path, more=admin(tmp_path)) as talk:
        host, port = talk.proxy.admin_address()
        page.open(f"http://{host}:{port}/")
        page.wait_for("#health", "All is well: 1 session.")
        page.wait_for("#sessions", "platform")
        page.wait_for("#sessions", "transceiver")
        page.wait_for("#routes", "up")
        page.wait_for("#changes", "none so far")
        talk.stop()
        assert talk.esme.submit() == RINVDSTADR
        page.wait_for("#sessions td:last-child", "1")
        page.wait_for("#changes", "opted out")
        page.wait_for("#changes", "+15551****01")
        assert "5551230001" not in page.driver.page_source
        for name, dark, width in (("light", False, 1280), ("dark", True, 1280), ("phone", False, 390)):
            page.look(dark=dark, width=width)
            page.screenshot(f"status-{name}")
            assert page.driver.execute_script("return document.documentElement.scrollWidth <= window.innerWidth"), name
        assert page.complaints() == []


def test_a_pair_is_looked_up_opted_out_and_back(tmp_path: Path) -> None:
    with browser(tmp_path / "profile") as page, link(tmp_path, more=admin(tmp_path)) as talk:
        host, port = talk.proxy.admin_address()
        page.open(f"http://{host}:{port}/")
        page.fill("#business", "555 123 0001")
        page.fill("#consumer", "15559870001")
        page.click("#pair-form button")
        page.wait_for("#pair-said", "Sign in with a token")
        sign_in(page, "wrong" * 8)
        page.wait_for("#token-said", "That token is not known")
        sign_in(page, READ)
        page.wait_for("#token-said", "who may only read")
        page.click("#pair-form button")
        page.wait_for("#pair-said", "+15551230001 to +15559870001: no record; may be texted")
        assert not page.driver.find_element("css selector", "#change-form").is_displayed()
        page.click("#sign-out")
        page.wait_for("#token-said", "Not signed in")
        sign_in(page, WRITE)
        page.wait_for("#token-said", "who may read and change")
        page.click("#pair-form button")
        page.wait_for("#pair-said", "no record")
        page.fill("#note", "a letter")
        page.click("#change-form button.stop")
        page.wait_for("#pair-said", "opted out since")
        page.wait_for("#history", "alice")
        page.wait_for("#history", "a letter")
        page.wait_for("#changes", "+15559870001")
        assert talk.esme.submit() == RINVDSTADR
        page.fill("#note", "it was an error")
        page.screenshot("status-pair")
        page.click("#change-form button:not(.stop)")
        page.wait_for("#pair-said", "opted in since")
        page.wait_for("#history", "it was an error")
        page.fill("#business", "")
        page.click("#pair-form button")
        page.wait_for("#pair-said", "has spoken to 1 business numbers or groups, and is opted out of 0")
        page.click("#pairs button")
        page.wait_for("#history", "a letter")
        submit = write.submit_sm(A, B, b"hello", sequence=8)
        talk.esme.send(submit)
        assert talk.smsc.read() == submit
        assert [line for line in page.complaints() if "401" not in line and "403" not in line] == []


def test_what_is_wrong_is_said_on_top_in_the_title_and_in_the_icon(tmp_path: Path) -> None:
    with browser(tmp_path / "profile") as page, link(tmp_path, more=admin(tmp_path)) as talk:
        host, port = talk.proxy.admin_address()
        page.open(f"http://{host}:{port}/")
        page.wait_for("#health", "All is well")
        icon = page.driver.find_element("id", "icon").get_attribute("href")
        talk.smsc.sock.close()
        page.wait_for("#health", "closed its last session, and nobody has connected to it since")
        page.wait_for("#routes", "hung up")
        talk.bare.close()
        with Esme(talk.proxy.address(), bind=False) as other:
            other.send(write.bind("late", "x"))
            other.read_all()
        page.wait_for("#health", "doesn't serve.")
        page.wait_for("#health-since", "UTC, for ")
        assert "doesn't serve" in page.driver.title
        assert page.driver.find_element("id", "icon").get_attribute("href") != icon
        page.screenshot("status-outage")
        talk.proxy.kill()
        page.wait_for("#health", "can't be reached")


def test_many_sessions_are_sorted_and_filtered(tmp_path: Path) -> None:
    with browser(tmp_path / "profile") as page, link(tmp_path, more=admin(tmp_path)) as talk, ExitStack() as others:
        for n in range(12):
            esme = others.enter_context(Esme(talk.proxy.address(), bind=False))
            others.enter_context(talk.bare.accept_bind(esme, f"platform{n:02}"))
        host, port = talk.proxy.admin_address()
        page.open(f"http://{host}:{port}/")
        page.wait_for("#sessions-text", "13")
        page.click("#sessions-table th:nth-child(2) button")
        page.wait_for("#sessions tr:first-child td:nth-child(2)", "platform")
        assert page.text("#sessions tr:nth-child(3) td:nth-child(2)") == "platform01"
        page.click("#sessions-table th:nth-child(2) button")
        page.wait_for("#sessions tr:first-child td:nth-child(2)", "platform11")
        page.fill("#filter", "platform07")
        page.wait_for("#sessions-text", "1 of 13")
        assert len(page.driver.find_elements("css selector", "#sessions tr")) == 1


def test_the_page_needs_nothing_from_elsewhere(tmp_path: Path) -> None:
    with link(tmp_path, admin=True) as talk:
        for path in PAGE_PATHS:
            text = get(talk.proxy, path).decode()
            assert "https://" not in text
            assert text.count("http://") == text.count("http://www.w3.org/2000/svg")
        host, port = talk.proxy.admin_address()
        with urllib.request.urlopen(f"http://{host}:{port}/") as answer:
            policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
