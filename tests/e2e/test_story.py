"""The main job, by the real program between a real client and the simulated SMSC."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import sys
import tomllib
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace

import pytest
from rich.console import Console

from proxy.consent.entries import Event
from proxy.consent.numbers import Pair
from proxy.ledger.ledger import Ledger
from proxy.simulator import demo, process, story
from proxy.simulator.process import ProxyProcess
from proxy.simulator.running import running
from proxy.smpp import pdu, write
from tests.corpus import whole_pdus
from tests.e2e.peers import A, B, C, Esme, config, link
from tests.e2e.reloading import reload

RINVDSTADR = 0x0B


def test_the_demo_goes_as_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert demo.main(["--once"]) == 0
    told = capsys.readouterr().out
    assert "The story went as it should." in told
    assert told.count("refused it") == 2


def test_the_demo_fails_at_the_first_step_that_goes_otherwise(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    other = tmp_path / "demo.toml"
    other.write_text(demo.CONFIG.read_text() + '[consent]\nrefuse_with = "ESME_RINVSRCADR"\n')
    monkeypatch.setattr(demo, "CONFIG", other)
    assert demo.main(["--once"]) == 1
    told = capsys.readouterr().out
    assert "This step went otherwise: expected ESME_RINVDSTADR, got ESME_RINVSRCADR" in told
    assert "4. " not in told


def test_the_demo_stays_up_until_its_proxy_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It waits longer than for anything that must come: here that patience is next to nothing."""
    with demo.temporary_config(fixed_ports=False) as path, demo.stage(path, 0, Console()) as stage:
        stage.play()
        with ThreadPoolExecutor() as pool:
            monkeypatch.setattr(process, "PATIENCE", 0.001)
            staying = pool.submit(demo._stay, stage)
            with Esme(stage.proxy.address()) as own:
                assert own.submit() == 0
            assert not staying.done()
            stage.proxy.send_signal(signal.SIGTERM)
            with pytest.raises(story.StoryError, match="nobody told it to"):
                staying.result()


def test_the_demo_names_the_port_that_is_taken(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = f"127.0.0.1:{other.getsockname()[1]}"
        monkeypatch.setattr(demo, "CONFIG", _demo_with(tmp_path, carrier=taken))
        assert demo.main([]) == 1
    assert f"{taken} is used by another program" in capsys.readouterr().out


@pytest.mark.skipif(shutil.which("setpriv") is None, reason="setpriv (util-linux) is not installed")
def test_the_proxy_ends_with_a_demo_that_is_killed(tmp_path: Path) -> None:
    """The proxy holds the demo's standard output too, so that its end comes when both have ended."""
    path = _demo_with(tmp_path, carrier="localhost:0")
    play = f"from pathlib import Path; from proxy.simulator import demo; demo.CONFIG = Path({str(path)!r})"
    play += "; demo.CONTROL_PORT = 0; demo.main([])"
    with subprocess.Popen([sys.executable, "-c", play], stdout=subprocess.PIPE, stdin=subprocess.DEVNULL) as playing:
        assert playing.stdout is not None
        assert any(b"Play it yourself" in line for line in playing.stdout)
        playing.kill()
        playing.communicate(timeout=process.PATIENCE)


def _demo_with(folder: Path, carrier: str) -> Path:
    """The demo's configuration with this carrier, and any free ports otherwise."""
    text = demo.CONFIG.read_text("utf-8")
    settings = tomllib.loads(text)
    for each in (settings["route"][0]["listen"], settings["admin"]["listen"]):
        text = text.replace(each, "127.0.0.1:0")
    path = folder / "demo.toml"
    path.write_text(text.replace(settings["route"][0]["carrier"][0], carrier), "utf-8")
    return path


@pytest.mark.parametrize(
    ("octets", "data_coding", "esm_class", "words"),
    [
        ("héllo 🛑".encode("utf-16-be"), 8, 0, "héllo 🛑"),
        (b"plain", 0, 0, "plain"),
        (b"\x05\x00\x03\x01\x02\x01" + "ñ".encode("utf-16-be"), 8, 0x40, "ñ"),
    ],
)
def test_the_demo_shows_texts_as_text(octets: bytes, data_coding: int, esm_class: int, words: str) -> None:
    deliver = SimpleNamespace(short_message=octets, message_payload=None, data_coding=data_coding, esm_class=esm_class)
    assert demo._words(deliver) == words


def test_consent_holds_over_sessions_and_restarts(tmp_path: Path) -> None:
    with running() as smsc:
        path = config(tmp_path, f"{smsc.host}:{smsc.port}")
        with ProxyProcess(path) as proxy:
            with Esme(proxy.address()) as one, Esme(proxy.address()) as two:
                assert (one.submit(), two.submit()) == (0, 0)
            with link(tmp_path, more="") as talk:
                talk.stop()
            with Esme(proxy.address()) as three:
                assert three.submit() == RINVDSTADR
                assert three.submit(destination=C) == 0
            assert proxy.kill() != 0
        with ProxyProcess(path) as proxy, Esme(proxy.address()) as four:
            assert four.submit() == RINVDSTADR
        seen = [message.addresses() for message in smsc.smsc.messages()]
        assert seen == [(A, B), (A, B), (A, C)]


def test_a_stop_in_two_parts_over_two_sessions_holds_when_both_are_there(tmp_path: Path) -> None:
    with (
        link(tmp_path) as talk,
        Esme(talk.proxy.address(), bind=False) as other,
        talk.bare.accept_bind(other) as second,
    ):
        head = b"\x05\x00\x03\x2a\x02"
        end = write.deliver_sm(B, A, head + b"\x02texting me", esm_class=0x40, sequence=3)
        begin = write.deliver_sm(B, A, head + b"\x01would you please stop ", esm_class=0x40, sequence=4)
        second.send(end)
        assert other.take() == end
        talk.smsc.send(begin)
        assert talk.esme.take() == begin
        assert other.submit() == RINVDSTADR


def test_a_group_of_numbers_shares_a_stop(tmp_path: Path) -> None:
    with link(tmp_path, more='[[group]]\nname = "sale"\nnumbers = ["+1555123*"]\n') as talk:
        talk.stop()
        assert talk.esme.submit(source=write.address("15551239999")) == RINVDSTADR
        with Ledger(tmp_path / "store", lambda: 0) as ledger:
            number, group = ledger.journal.entries()
        assert number.pair.business == "+15551230001"
        assert (group.pair.business, group.evidence["number"]) == ("⟨sale⟩", "+15551230001")


def test_a_stop_to_a_number_outlives_its_group(tmp_path: Path) -> None:
    groups = '[[group]]\nname = "Sale"\nnumbers = ["+1555123*"]\n'
    with running() as smsc:
        path = config(tmp_path, f"{smsc.host}:{smsc.port}", more=groups)
        with ProxyProcess(path) as proxy, Esme(proxy.address()) as client:
            with ThreadPoolExecutor() as pool:
                delivery = pool.submit(smsc.deliver, B, A, b"STOP")
                client.take()
                assert delivery.result() == 0
            for more in (groups.replace("Sale", "SALE"), groups.replace("Sale", "News"), ""):
                config(tmp_path, f"{smsc.host}:{smsc.port}", more=more)
                reload(proxy)
                assert client.submit() == RINVDSTADR


def test_one_message_confirms_a_stop_whoever_of_many_sends_it(tmp_path: Path) -> None:
    confirming = '[consent]\nconfirmation = "platform"\n'
    with running() as smsc:
        path = config(tmp_path, f"{smsc.host}:{smsc.port}", more=confirming)
        with ProxyProcess(path) as first, ProxyProcess(path) as second, ExitStack() as stack:
            clients = [stack.enter_context(Esme(proxy.address())) for proxy in (first, second) * 8]
            delivery = stack.enter_context(ThreadPoolExecutor()).submit(smsc.deliver, B, A, b"STOP")
            clients[0].take()
            assert delivery.result() == 0
            for client in clients:
                client.send(write.submit_sm(A, B, b"You are unsubscribed.", sequence=7) * 2)
            statuses = [pdu.HEADER.unpack_from(client.read())[2] for client in clients for _ in range(2)]
            assert sorted(statuses) == [0, *[RINVDSTADR] * 31]
            assert 0 not in (first.kill(), second.kill())
        with ProxyProcess(path) as third, Esme(third.address()) as client:
            assert client.submit() == RINVDSTADR
        assert len(smsc.smsc.messages()) == 1
    with Ledger(tmp_path / "store", lambda: 0) as ledger:
        assert [entry.event for entry in ledger.journal.entries()] == [Event.OPTED_OUT, Event.CONFIRMED]


def test_an_observed_route_passes_everything_and_counts(tmp_path: Path) -> None:
    with link(tmp_path) as talk:
        talk.stop()
        assert talk.esme.submit() == RINVDSTADR
        assert talk.proxy.kill() != 0
    with link(tmp_path, more='[consent]\nobserve = ["+1555123*"]\n[limits]\nclose_timeout = 0.1\n') as talk:
        submit = write.submit_sm(A, B, b"hello", sequence=7)
        talk.esme.send(submit)
        assert talk.smsc.read() == submit
        talk.smsc.send(write.pdu(pdu.SUBMIT_SM | pdu.RESPONSE, b"id\0", sequence=7))
        talk.esme.read()
        talk.proxy.wait_for("would_refuse")
        assert talk.proxy.stop() == 0
    with Ledger(tmp_path / "store", lambda: 0) as ledger:
        counted = ledger.refusals(Pair("+15551230001", "+15559870001"))
    assert counted is not None
    assert counted.observed == 1


def test_every_recorded_pdu_passes_unchanged_both_ways(tmp_path: Path) -> None:
    frames = [p.octets for p in whole_pdus() if p.decoded["command"] not in ("unbind", "unbind_resp")]
    with link(tmp_path, more="") as talk:
        for frame in frames:
            talk.smsc.send(frame)
            assert talk.esme.read_exactly(len(frame)) == frame
    (tmp_path / "2").mkdir()
    lists = [p.octets for p in whole_pdus() if p.decoded["command"] == "submit_multi"]
    with link(tmp_path / "2") as talk:
        for frame in frames:
            if frame in lists:
                continue
            talk.esme.send(frame)
            assert talk.smsc.read_exactly(len(frame)) == frame


def test_a_large_pdu_passes_up_to_the_limit(tmp_path: Path) -> None:
    with link(tmp_path) as talk:
        largest = write.pdu(pdu.DELIVER_SM, bytes(128 * 1024 - 16))
        talk.smsc.send(largest)
        assert talk.esme.read_exactly(len(largest)) == largest
        talk.smsc.send(write.pdu(pdu.DELIVER_SM, bytes(128 * 1024 - 15))[:4])
        assert talk.smsc.read_all() == pdu.header_only(pdu.GENERIC_NACK, pdu.RINVCMDLEN, 0)
        assert talk.esme.read_all() == b""


def test_masked_numbers_and_no_password_in_the_log(tmp_path: Path) -> None:
    with link(tmp_path, more='[log]\nlevel = "debug"\n[limits]\nclose_timeout = 0.1\n') as talk:
        talk.stop()
        assert talk.esme.submit() == RINVDSTADR
        talk.proxy.wait_for("refused")
        assert talk.proxy.stop() == 0
        log = repr(talk.proxy.events)
    assert "platform" in log
    assert "hunter2" not in log
    for number in ("5551230001", "5559870001"):
        assert number not in log
    changed = talk.proxy.wait_for("consent_changed")
    assert changed["business"].endswith("01")
    assert "*" in changed["business"]


def test_numbers_in_full_where_that_is_configured(tmp_path: Path) -> None:
    with link(tmp_path, more='[log]\nnumbers = "full"\n') as talk:
        talk.stop()
        assert talk.proxy.wait_for("consent_changed")["consumer"] == "+15559870001"
