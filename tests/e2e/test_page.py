"""The status page in a real browser: sessions, refusals and changes as they happen, and consent with a token."""

from __future__ import annotations

import urllib.request
from pathlib import Path

from proxy.smpp import write
from tests.browser import Browser, browser
from tests.e2e.asking import get
from tests.e2e.peers import A, B, link
from tests.e2e.tokens import READ, WRITE, admin

RINVDSTADR = 0x0B


def sign_in(page: Browser, token: str) -> None:
    page.fill("#token", token)
    page.click("#token-form button")


def test_the_page_shows_what_happens(tmp_path: Path) -> None:
    with browser(tmp_path / "profile") as page, link(tmp_path, more=admin(tmp_path)) as talk:
        host, port = talk.proxy.admin_address()
        page.open(f"http://{host}:{port}/")
        page.wait_for("#health", "ready")
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
        page.wait_for("#pair-said", "a bearer token is needed")
        sign_in(page, "wrong" * 8)
        page.wait_for("#token-said", "a bearer token is needed")
        sign_in(page, READ)
        page.wait_for("#token-said", "The token is taken")
        page.click("#pair-form button")
        page.wait_for("#pair-said", "+15551230001 to +15559870001: opted in")
        page.fill("#note", "a letter")
        page.click("#change-form button.stop")
        page.wait_for("#pair-said", "this token may only read")
        sign_in(page, WRITE)
        page.wait_for("#token-said", "The token is taken")
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
        submit = write.submit_sm(A, B, b"hello", sequence=8)
        talk.esme.send(submit)
        assert talk.smsc.read() == submit
        assert [line for line in page.complaints() if "401" not in line and "403" not in line] == []


def test_the_page_needs_nothing_from_elsewhere(tmp_path: Path) -> None:
    with link(tmp_path, admin=True) as talk:
        for path in ("/", "/page.js", "/page.css", "/icon.svg"):
            text = get(talk.proxy, path).decode()
            assert "https://" not in text
            assert text.count("http://") == text.count("http://www.w3.org/2000/svg")
        host, port = talk.proxy.admin_address()
        with urllib.request.urlopen(f"http://{host}:{port}/") as answer:
            policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
