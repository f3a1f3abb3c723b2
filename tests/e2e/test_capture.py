"""Captures of a running proxy, by command and by API, as tshark reads them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from proxy.ledger.disk.environment import Access
from proxy.ledger.ledger import Ledger
from proxy.smpp import write
from proxy.smpp.message import Tlv
from tests.e2e.asking import get
from tests.e2e.peers import PATIENCE, A, B, C, Esme, Link, link
from tests.e2e.running import until
from tests.e2e.tokens import READ, WRITE, admin
from tests.ledger.samples import Clock
from tests.wireshark import tshark


class Capturing:
    """``consent-proxy capture`` beside a proxy; inside the context it captures."""

    def __init__(self, talk: Link, folder: Path, *words: str, token: str = WRITE) -> None:
        host, port = talk.proxy.admin_address()
        config = folder / "asking.toml"
        text = next(path for path in folder.glob("*.toml") if path != config).read_text()
        config.write_text(text.replace('[admin]\nlisten = "127.0.0.1:0"', f'[admin]\nlisten = "{host}:{port}"'))
        self.path = folder / "captured.pcapng"
        command = [sys.executable, "-m", "proxy", "capture", *words, str(self.path), "--config", str(config)]
        env = {**os.environ, "CONSENT_PROXY_TOKEN": token}
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=env)

    def begun(self) -> None:
        until(lambda: self.path.exists() and self.path.stat().st_size > 0)

    def end(self) -> str:
        self.process.send_signal(signal.SIGINT)
        _, said = self.process.communicate(timeout=PATIENCE)
        return said


FIELDS = ("frame.interface_name", "smpp.command_id", "smpp.source_addr", "smpp.destination_addr")
SUBMIT, SUBMIT_RESP, DELIVER, DELIVER_RESP = "0x00000004", "0x80000004", "0x00000005", "0x80000005"
OURS, CARRIERS = "platform side", "carrier side"


def commands(path: Path) -> list[tuple[str, str]]:
    return [(side, command) for side, command, *_ in tshark(path, *FIELDS)]


def session_of(talk: Link) -> str:
    session: str = json.loads(get(talk.proxy, "/status"))["sessions"][0]["session"]
    return session


def test_a_session_is_captured_on_both_sides_with_what_the_proxy_answers(tmp_path: Path) -> None:
    with link(tmp_path, more=admin(tmp_path)) as talk:
        capture = Capturing(talk, tmp_path, "--session", session_of(talk))
        capture.begun()
        talk.esme.send(write.submit_sm(A, C, b"passes", sequence=5))
        talk.smsc.read()
        talk.stop()
        assert talk.esme.submit() == 0x0B
        until(lambda: len(commands(capture.path)) == 8)
        assert "octets written to" in capture.end()
        assert commands(capture.path) == [
            (OURS, SUBMIT), (CARRIERS, SUBMIT),
            (CARRIERS, DELIVER), (OURS, DELIVER), (OURS, DELIVER_RESP), (CARRIERS, DELIVER_RESP),
            (OURS, SUBMIT), (OURS, SUBMIT_RESP),
        ]  # fmt: skip
    with Ledger(tmp_path / "store", Clock(), access=Access.READ) as ledger:
        (entry,) = [entry for entry in ledger.journal.entries() if entry.event == "captured"]
    assert (entry.evidence["operator"], "session" in entry.evidence) == ("alice", True)


def test_an_account_is_captured_from_its_bind_on_without_its_password(tmp_path: Path) -> None:
    with link(tmp_path, more=admin(tmp_path)) as talk:
        capture = Capturing(talk, tmp_path, "--system-id", "other")
        capture.begun()
        with Esme(talk.proxy.address(), bind=False) as other, talk.bare.accept_bind(other, "other"):
            assert talk.esme is not other
            until(lambda: len(commands(capture.path)) == 4)
        capture.end()
        shown = {tuple(row) for row in tshark(capture.path, "smpp.system_id", "smpp.password")}
        assert ("other", "********") in shown
        assert b"hunter2" not in capture.path.read_bytes()


def test_a_pair_is_captured_over_all_sessions_and_nobody_else(tmp_path: Path) -> None:
    with link(tmp_path, more=admin(tmp_path)) as talk:
        capture = Capturing(talk, tmp_path, "--pair", "15551230001", "15559870001")
        capture.begun()
        talk.esme.send(write.submit_sm(A, C, b"another", sequence=5) + write.submit_sm(A, B, b"mine", sequence=6))
        for _ in range(2):
            talk.smsc.read()
        talk.smsc.send(write.pdu(0x80000004, b"a\0", sequence=5) + write.pdu(0x80000004, b"b\0", sequence=6))
        for _ in range(2):
            talk.esme.read()
        talk.stop()
        until(lambda: len(commands(capture.path)) == 8)
        capture.end()
        addresses = {tuple(row[2:]) for row in tshark(capture.path, *FIELDS)}
        assert addresses == {("15551230001", "15559870001"), ("15559870001", "15551230001"), ("", "")}
        assert [side for side, command in commands(capture.path) if command == SUBMIT_RESP] == [CARRIERS, OURS]


def post(talk: Link, body: dict[str, Any], token: str) -> tuple[int, bytes]:
    host, port = talk.proxy.admin_address()
    request = urllib.request.Request(
        f"http://{host}:{port}/v1/capture", json.dumps(body).encode(),
        {"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
    )  # fmt: skip
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


@pytest.mark.parametrize(
    ("body", "token", "status"),
    [
        ({"session": "x"}, READ, 403),
        ({}, WRITE, 400),
        ({"session": "x", "system_id": "y"}, WRITE, 400),
        ({"business": "15551230001"}, WRITE, 400),
        ({"business": "15551230001", "consumer": "nobody"}, WRITE, 400),
        ({"session": "x", "seconds": 0}, WRITE, 422),
        ({"session": "x", "seconds": 999_999}, WRITE, 422),
    ],
)
def test_what_can_not_be_captured_is_refused(tmp_path: Path, body: dict[str, Any], token: str, status: int) -> None:
    with link(tmp_path, more=admin(tmp_path)) as talk:
        assert post(talk, body, token)[0] == status


def test_it_ends_by_itself_in_time_and_in_size(tmp_path: Path) -> None:
    with link(tmp_path, more=admin(tmp_path)) as talk:
        status, data = post(talk, {"session": "nobody", "seconds": 0.2}, WRITE)
        assert (status, data[:4]) == (200, b"\x0a\x0d\x0d\x0a")
        capture = Capturing(talk, tmp_path, "--system-id", "platform", "--size", "1")
        capture.begun()
        tlv = write.tlvs([Tlv(0x0424, b"y" * 60_000)])
        for sequence in range(10, 40):
            submit = write.submit_sm(A, C, b"", sequence=sequence) + tlv
            talk.esme.send(len(submit).to_bytes(4, "big") + submit[4:])
            assert talk.smsc.read()[16:] == submit[16:], "the messages themselves go on"
        assert "octets written to" in capture.process.communicate(timeout=PATIENCE)[1]
        assert 900_000 < capture.path.stat().st_size <= 1_100_000


def test_the_command_says_what_is_missing(tmp_path: Path) -> None:
    with link(tmp_path, more=admin(tmp_path)) as talk:
        for words, token, said in (
            ((), WRITE, "say what to capture"),
            (("--session", "x"), READ, "the proxy refuses: this token may only read"),
        ):
            capture = Capturing(talk, tmp_path, *words, token=token)
            assert said in capture.process.communicate(timeout=PATIENCE)[1]
            assert capture.process.returncode == 1


def test_the_simulator_writes_the_same(tmp_path: Path) -> None:
    path = tmp_path / "sim.pcapng"
    words = ["simulate", "--listen", "127.0.0.1:0", "--control", "", "--quiet", "--capture", str(path)]
    command = [sys.executable, "-m", "proxy", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        host, _, port = process.stdout.readline().split()[3].rpartition(":")
        with Esme((host, int(port))) as esme:
            assert esme.submit() == 0
        process.terminate()
    rows = tshark(path, "smpp.command_id", "smpp.password")
    assert [row[0] for row in rows][:4] == ["0x00000009", "0x80000009", SUBMIT, SUBMIT_RESP]
    assert rows[0][1] == "********"
