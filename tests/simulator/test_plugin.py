"""The pytest plugin as a project of an SMPP client would use it: the example of its page, run by its own pytest."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

README = Path("proxy/simulator/README.md")


def run_pytest(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(folder)]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True)


def test_the_pages_example_passes(tmp_path: Path) -> None:
    text = README.read_text()
    (example,) = re.findall(r"(?s)```python\n(# test_my_client\.py.*?)```", text)
    (wanted,) = set(re.findall(r"`(pytest_plugins = [^`]+)`", text))
    (tmp_path / "conftest.py").write_text(wanted)
    (tmp_path / "test_my_client.py").write_text(example)
    assert len(example.strip().splitlines()) <= 25
    done = run_pytest(tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 passed" in done.stdout


def test_a_project_with_a_folder_of_the_same_name_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "proxy").mkdir()
    (tmp_path / "proxy/__init__.py").write_text("mine = True\n")
    (tmp_path / "test_mine.py").write_text("from proxy import mine\n\n\ndef test_it():\n    assert mine\n")
    done = run_pytest(tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


OVERRIDES = """
import pytest
from smpplib.client import Client

pytest_plugins = ["proxy.simulator.plugin"]
"""

TESTS = """
from concurrent.futures import ThreadPoolExecutor

import pytest
from smpplib.client import Client


@pytest.fixture
def smsc_scenario():
    return {"account": [{"system_id": "me", "password": "secret"}]}


@pytest.fixture
def proxy_settings():
    return '[consent]\\nrefuse_with = "ESME_RSUBMITFAIL"\\n'


def bound(smsc):
    client = Client(smsc.host, smsc.port)
    client.connect()
    client.bind_transceiver(system_id="me", password="secret")
    return client


def test_the_overrides_count(proxied_smsc):
    client = bound(proxied_smsc)
    source, destination = "15551230001", "15559870001"
    with ThreadPoolExecutor() as pool:
        said = pool.submit(proxied_smsc.smsc.say, "STOP", destination, source)
        client.read_once()
        assert said.result() == ["ESME_ROK"]
    statuses = []
    client.set_message_sent_handler(lambda pdu: statuses.append(pdu.status))
    client.set_error_pdu_handler(lambda pdu: statuses.append(pdu.status))
    client.send_message(source_addr=source, destination_addr=destination, short_message=b"x")
    client.read_once()
    assert set(statuses) == {0x45}
    client.disconnect()


def test_that_fails(smsc):
    client = bound(smsc)
    client.send_message(source_addr="15551230001", destination_addr="15559870001", short_message=b"the culprit")
    client.read_once()
    client.disconnect()
    assert repr(smsc).startswith("<SMSC on 127.0.0.1:")
    assert smsc.messages[0].text == "something else"
"""


def test_fixtures_are_overridden_and_a_failing_test_shows_its_pdus(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(OVERRIDES)
    (tmp_path / "test_mine.py").write_text(TESTS)
    done = run_pytest(tmp_path)
    assert "1 failed, 1 passed" in done.stdout, done.stdout
    attached = done.stdout.partition("PDUs of the SMSC on 127.0.0.1:")[2]
    assert "bind_transceiver" in attached
    assert "15551230001 to 15559870001: 'the culprit'" in attached
