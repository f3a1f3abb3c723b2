"""MMS by the real program: one consent with SMS, crashes, full disks, TLS, reloads, captures, several workers."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import trustme

from proxy.consent.numbers import Pair
from proxy.consent.rules import State
from proxy.ledger.ledger import Ledger
from proxy.mm7.http import HttpReader
from proxy.simulator import demo
from proxy.simulator.mms.both import Mms
from proxy.simulator.mms.writing import Media
from proxy.simulator.process import ProxyProcess
from proxy.simulator.running import Running, running
from proxy.smpp import write
from tests.disks import disk
from tests.e2e.asking import get
from tests.e2e.forked import Forked, preloaded
from tests.e2e.mms import Address, ask, config_of, mms_config
from tests.e2e.peers import PATIENCE, Esme
from tests.e2e.reloading import reload, rewrite
from tests.e2e.running import status, until
from tests.e2e.tokens import WRITE, token_file
from tests.ledger.samples import Clock
from tests.mm7.wire import A, B, C, answer, basic, deliver_req, number, post, read, related, reply, submit_req, text
from tests.wireshark import tshark

KILLS = 60


@contextmanager
def at_work(folder: Path, keys: str = "", more: str = "") -> Iterator[tuple[Running, ProxyProcess]]:
    with running(mms=Mms()) as simulator, ProxyProcess(config_of(folder, simulator, keys=keys, more=more)) as proxy:
        simulator.post_mms_to(proxy.address("mms-out"), proxy.address("mms-in"))
        yield simulator, proxy


def submit(simulator: Running, to: str = B) -> str:
    return simulator.submit_mms(A, [to], [Media.text("Our menu")]).state


def say(simulator: Running, words: str, source: str = B) -> str:
    return simulator.deliver_mms(source, A, [Media.text(words)]).state


def test_the_demo_of_mms_goes_as_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert demo.main(["--mms", "--once"]) == 0
    told = capsys.readouterr().out
    assert "The story went as it should." in told
    assert told.count("refused it") == 2


def test_a_stop_by_sms_closes_mms_and_the_reverse(tmp_path: Path) -> None:
    business, consumer = write.address(A[1:]), write.address(B[1:])
    with at_work(tmp_path) as (simulator, proxy), Esme(proxy.address("sms")) as esme:
        assert submit(simulator) == "1000"

        def sms(words: bytes) -> None:
            handset = threading.Thread(target=simulator.deliver, args=(consumer, business, words))
            handset.start()
            esme.take()
            handset.join()

        sms(b"STOP")
        assert submit(simulator) == "2001"
        assert submit(simulator, C) == "1000"
        assert say(simulator, "hello again") == "1000"
        assert esme.submit(destination=consumer) == 0
        assert say(simulator, "please stop texting me") == "1000"
        assert esme.submit(destination=consumer) == 0x0B
        sms(b"hi")
        assert submit(simulator) == "1000"
        seen = {
            (change["change"], change["protocol"]) for change in proxy.events if change["event"] == "consent_changed"
        }
        assert seen == {("opted_out", "smpp"), ("opted_in", "mm7"), ("opted_out", "mm7"), ("opted_in", "smpp")}


def test_several_workers_refuse_at_once_what_one_of_them_heard(tmp_path: Path) -> None:
    with at_work(tmp_path, keys='unproven = "refuse"', more="[workers]\ncount = 3\n") as (simulator, _):
        assert submit(simulator, C) == "1000"
        for _ in range(4):
            assert say(simulator, "STOP") == "1000"
            assert {submit(simulator) for _ in range(6)} == {"2001"}
            assert say(simulator, "hi") == "1000"
            assert {submit(simulator) for _ in range(6)} == {"1000"}


def test_the_protocol_is_named_by_metrics_status_and_journal(tmp_path: Path) -> None:
    with at_work(tmp_path) as (simulator, proxy):
        assert submit(simulator) == "1000"
        say(simulator, "STOP")
        assert submit(simulator) == "2001"
        with socket.create_connection(proxy.address("mms-out")) as client:
            client.sendall(post(submit_req(number(C))))
            assert client.recv(100)
            peer = "{}:{}".format(*client.getsockname())
            (session,) = (each for each in status(proxy)["sessions"] if each["peer"] == peer)
        assert (session["route"], session["protocol"], session["is_bound"]) == ("mms-out", "mm7", True)
        assert session["system_id"] == "v"
        assert session["pdus"] == [1, 1]
        assert {route["name"]: route["protocol"] for route in status(proxy)["routes"]} == {
            "sms": "smpp",
            "mms-out": "mm7",
            "mms-in": "mm7",
        }
        metrics = get(proxy, "/metrics").decode()
        for line in (
            'smpp_proxy_route_info{direction="outbind",protocol="mm7",route="mms-in"} 1.0',
            'smpp_proxy_pdus_total{command="SubmitReq",route="mms-out",side="esme"} 3.0',
            'smpp_proxy_pdus_total{command="DeliverReq",route="mms-in",side="smsc"} 1.0',
            'smpp_proxy_refused_total{command="SubmitReq",reason="opted_out",route="mms-out"} 1.0',
            'smpp_proxy_carrier_answers_total{command="SubmitRsp",route="mms-out",status="1000"} 2.0',
            'smpp_proxy_consent_changes_total{change="opted_out",route="mms-in"} 1.0',
            'smpp_proxy_refused_total{command="DeliverReq",reason="not_recorded",route="mms-in"} 0.0',
        ):
            assert line in metrics
    with Ledger(tmp_path / "store", Clock()) as ledger:
        (entry,) = ledger.journal.entries()
        assert (entry.evidence["protocol"], entry.evidence["route"]) == ("mm7", "mms-in")


# Crashes and disks.


class Platform:
    """A platform in a thread: it remembers what reached it, even in part, and answers."""

    def __init__(self) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self.address: Address = self._server.getsockname()
        self.reached: list[str] = []
        self.arrived = threading.Semaphore(0)
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        with suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._server.accept()
                threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        """The consumer stands in the request line, so that its first octets tell whose it is."""
        with connection, suppress(OSError):
            reader, is_new, head = HttpReader(), True, b""
            while data := connection.recv(65536):
                head += data
                if is_new and b" HTTP" in head:
                    self.reached.append(head.split(b" HTTP")[0].rpartition(b"/")[2].decode())
                    is_new = False
                    self.arrived.release()
                if reader.feed(data) is not None:
                    connection.sendall(reply(answer("DeliverRsp")))
                    reader, is_new, head = HttpReader(), True, b""


def consumer(count: int) -> str:
    return f"+1555{count:07}"


def stop_of(count: int) -> bytes:
    octets = post(related(deliver_req(number(consumer(count))), text("STOP")))
    return octets.replace(b"POST /mm7", f"POST /{consumer(count)}".encode(), 1)


def send_stops(address: Address, first: int) -> None:
    """An MMSC that delivers one after another over one connection, until that breaks."""
    with suppress(OSError), socket.create_connection(address, timeout=PATIENCE) as mmsc:
        for count in range(first, first + 100):
            mmsc.sendall(stop_of(count))
            reader = HttpReader("POST")
            while (data := mmsc.recv(65536)) and reader.feed(data) is None:
                pass
            if not data:
                return


@pytest.mark.timeout(600)
def test_kill_9_at_any_step_if_the_platform_got_the_stop_the_pair_is_closed(tmp_path: Path) -> None:
    random_, context, platform = random.Random(17), preloaded(), Platform()
    path = mms_config(tmp_path, ("127.0.0.1", 1), platform.address)
    for kill in range(KILLS):
        worker = Forked(context, path, "mms-in")
        before = len(platform.reached)
        senders = [threading.Thread(target=send_stops, args=(worker.address, (kill * 10 + i) * 100)) for i in range(4)]
        for sender in senders:
            sender.start()
        for _ in range(random_.randrange(1, 12)):
            assert platform.arrived.acquire(timeout=PATIENCE)
        for _ in range(random_.randrange(60_000)):
            pass
        worker.kill()
        for sender in senders:
            sender.join()
        while platform.arrived.acquire(blocking=False):
            pass
        with Ledger(tmp_path / "store", Clock()) as ledger, ledger.reader() as consent:
            for each in platform.reached[before:]:
                assert consent.state(Pair(A, each)) is State.OPTED_OUT, each
    platform.close()
    assert len(platform.reached) >= KILLS
    print(f"{KILLS} kills, {len(platform.reached)} STOPs had reached the platform, none lost")


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 400 KiB."""
    with disk(tmp_path / "tiny", "400k") as path:
        yield path


def test_a_full_disk_is_503_and_then_it_is_delivered_once(tiny_disk: Path) -> None:
    ballast = tiny_disk / "ballast"
    ballast.write_bytes(bytes(100 * 1024))
    platform = Platform()
    path = mms_config(tiny_disk, ("127.0.0.1", 1), platform.address)
    with ProxyProcess(path) as proxy:
        where = proxy.address("mms-in")
        for count in range(5000):
            answered = ask(where, stop_of(count))
            assert answered is not None
            if answered.status == 503:
                break
        assert answered is not None
        assert answered.status == 503
        assert answered.header("retry-after")
        assert consumer(count) not in platform.reached
        ballast.unlink()
        answered = ask(where, stop_of(count))
        assert answered is not None
        assert answered.status == 200
        assert platform.reached.count(consumer(count)) == 1
        assert proxy.stop() == 0
    platform.close()
    with Ledger(tiny_disk / "store", Clock()) as ledger, ledger.reader() as consent:
        for each in platform.reached:
            assert consent.state(Pair(A, each)) is State.OPTED_OUT


# Settings.


def test_settings_are_read_again_while_connections_are_open(tmp_path: Path) -> None:
    with running(mms=Mms()) as simulator:
        path = config_of(tmp_path, simulator, keys='unproven = "refuse"')
        with ProxyProcess(path) as proxy:
            simulator.post_mms_to(proxy.address("mms-out"), proxy.address("mms-in"))
            say(simulator, "STOP")
            with socket.create_connection(proxy.address("mms-out")) as client:

                def code() -> str:
                    client.sendall(post(submit_req()))
                    return read(client.recv(65536), "POST").body.split(b"StatusCode>")[1][:4].decode()

                assert code() == "2001"
                rewrite(path, 'unproven = "refuse"', 'unproven = "refuse"\nrefuse_with = 2003')
                reload(proxy)
                assert code() == "2003"


def test_a_stop_of_the_proxy_answers_what_is_owed(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mmsc:
        path = mms_config(tmp_path, mmsc.getsockname(), ("127.0.0.1", 1))
        with ProxyProcess(path) as proxy, socket.create_connection(proxy.address("mms-out")) as client:
            client.sendall(post(submit_req()))
            carrier, _ = mmsc.accept()
            with carrier:
                assert carrier.recv(65536) == post(submit_req())
                ending = threading.Thread(target=proxy.stop)
                ending.start()
                proxy.wait_for("draining")
                carrier.sendall(reply(answer("SubmitRsp")))
                assert client.recv(65536) == reply(answer("SubmitRsp"))
                assert client.recv(100) == b""
                ending.join()


def test_tls_on_both_sides_speaks_http_1_only_and_a_certificate_is_a_credential(tmp_path: Path) -> None:
    authority = trustme.CA()
    server, client = authority.issue_cert("localhost"), authority.issue_cert("platform.example")
    ca, chain, key = (str(tmp_path / name) for name in ("ca.pem", "chain.pem", "key.pem"))
    authority.cert_pem.write_to_path(ca)
    server.private_key_pem.write_to_path(key)
    for position, blob in enumerate(server.cert_chain_pems):
        blob.write_to_path(chain, append=position > 0)
    theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    theirs.set_alpn_protocols(["h2", "http/1.1"])
    server.configure_cert(theirs)
    ours = ssl.create_default_context(cafile=ca)
    ours.set_alpn_protocols(["h2", "http/1.1"])
    client.configure_cert(ours)
    with socket.create_server(("127.0.0.1", 0)) as mmsc:
        port = mmsc.getsockname()[1]
        path = mms_config(tmp_path, ("127.0.0.1", 1), ("127.0.0.1", 1))
        rewrite(
            path,
            'carrier = ["127.0.0.1:1"]\n\n[[route]]',
            f'[[route.carrier]]\naddress = "localhost:{port}"\n[route.carrier.tls]\nca = "{ca}"\n'
            f'[route.tls]\ncertificate = "{chain}"\nkey = "{key}"\nclient_ca = "{ca}"\n[[route]]',
        )
        with ProxyProcess(path) as proxy:
            plain = socket.create_connection(proxy.address("mms-out"))
            with ours.wrap_socket(plain, server_hostname="localhost") as platform:
                assert platform.selected_alpn_protocol() == "http/1.1"
                accepted, _ = mmsc.accept()
                with theirs.wrap_socket(accepted, server_side=True) as carrier:
                    assert carrier.selected_alpn_protocol() == "http/1.1"
                    platform.sendall(post(submit_req()))
                    assert carrier.recv(65536) == post(submit_req())
                    carrier.sendall(reply(answer("SubmitRsp")))
                    assert platform.recv(65536) == reply(answer("SubmitRsp"))


def test_what_is_no_mm7_is_told_so(tmp_path: Path) -> None:
    with at_work(tmp_path) as (_, proxy):
        answered = ask(proxy.address("mms-out"), b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}")
        assert answered is not None
        assert answered.status == 403
        assert b"other_requests" in answered.body


def test_the_status_command_names_it(tmp_path: Path) -> None:
    with at_work(tmp_path) as (_, proxy):
        told = json.dumps(status(proxy)["routes"])
        assert told.count('"mm7"') == 2


def test_a_capture_of_a_pair_shows_http_on_both_sides_without_passwords(tmp_path: Path) -> None:
    with at_work(tmp_path, keys='unproven = "refuse"', more=f'token_file = "{token_file(tmp_path)}"\n') as (
        simulator,
        proxy,
    ):
        host, port = proxy.admin_address()
        asking = tmp_path / "asking.toml"
        told = (tmp_path / "mms.toml").read_text()
        asking.write_text(told.replace('[admin]\nlisten = "127.0.0.1:0"', f'[admin]\nlisten = "{host}:{port}"'))
        path = tmp_path / "captured.pcapng"
        command = [sys.executable, "-m", "proxy", "capture", "--pair", A, B, str(path)]
        env = {**os.environ, "CONSENT_PROXY_TOKEN": WRITE}
        capture = subprocess.Popen([*command, "--config", str(asking)], stderr=subprocess.PIPE, text=True, env=env)
        until(lambda: path.exists() and path.stat().st_size > 0)
        assert ask(proxy.address("mms-out"), post(submit_req(), basic())) is not None
        assert submit(simulator, C) == "1000"
        say(simulator, "STOP")
        assert submit(simulator) == "2001"
        until(lambda: b"<StatusCode>2001" in path.read_bytes())
        capture.send_signal(signal.SIGINT)
        capture.communicate(timeout=PATIENCE)
    octets = path.read_bytes()
    assert b"SubmitReq" in octets
    assert b"STOP" in octets
    assert C.encode() not in octets
    assert basic().split()[2].encode() not in octets
    platform, carrier = "platform side", "carrier side"
    rows = tshark(path, "frame.interface_name", "http.request.method", "http.response.code")
    ways = [tuple(row) for row in rows]  # with reports of the MMSC somewhere between
    assert ways[:4] == [(platform, "POST", ""), (carrier, "POST", ""), (carrier, "", "200"), (platform, "", "200")]
    assert [way for way in ways[4:] if way[1:] == ("POST", "")][:2] == [(carrier, "POST", ""), (platform, "POST", "")]
    assert (platform, "", "200") in ways[4:]
