"""What went wrong once between supervisor, workers and admin HTTP, and may not again."""

from __future__ import annotations

import json
import os
import resource
import select
import shutil
import signal
import socket
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest
import trustme

from proxy.simulator.process import ProxyProcess
from proxy.simulator.running import Running
from tests.e2e.asking import get, metric
from tests.e2e.peers import PATIENCE, A, B, Esme, config, link
from tests.e2e.permission import may_read
from tests.e2e.reloading import reload, rewrite
from tests.e2e.running import SHORT, activated, settings, status, until
from tests.e2e.tokens import READ, WRITE, admin, token_file

OTHER = "o" * 32


def test_a_worker_without_file_descriptors_drops_connections_and_lives(tmp_path: Path, smsc: Running) -> None:
    if not shutil.which("prlimit"):
        pytest.skip("needs prlimit, of util-linux")
    prefix = ("prlimit", "--nofile=64:64")
    with ProxyProcess(settings(tmp_path, smsc, SHORT), prefix=prefix) as proxy, Esme(proxy.address()) as good:
        pid = proxy.worker_pid()
        with ExitStack() as stack:
            for _ in range(60):
                stack.enter_context(Esme(proxy.address(), bind=False))
            proxy.wait_for("connection_dropped")
            assert good.submit() == 0
        until(lambda: status(proxy)["workers"][0]["sessions"] == 1)
        with Esme(proxy.address()) as another:
            assert (good.submit(), another.submit()) == (0, 0)
        assert proxy.worker_pid() == pid
        assert not [event for event in proxy.events if event["event"] == "worker_ended"]


def test_tokens_are_read_again_and_a_bad_file_changes_nothing(tmp_path: Path) -> None:
    path = config(tmp_path, "127.0.0.1:9", more=admin(tmp_path) + "[limits]\nsessions = 5\n")
    with ProxyProcess(path) as proxy:
        tokens = token_file(tmp_path)
        tokens.write_text(f"read grafana {OTHER}\n")
        reload(proxy)
        assert (may_read(proxy, READ), may_read(proxy, OTHER)) == (False, True)
        tokens.write_text("nonsense\n")
        rewrite(path, "sessions = 5", "sessions = 1")
        assert "admin.token_file" in reload(proxy, "reload_refused")["reason"]
        assert may_read(proxy, OTHER)
        with Esme(proxy.address(), bind=False), Esme(proxy.address(), bind=False):
            until(lambda: status(proxy)["workers"][0]["sessions"] == 2)
        tokens.write_text(f"write alice {WRITE}\n")
        reload(proxy)
        assert may_read(proxy, WRITE)


def test_the_admin_address_changes_or_stays_as_it_was(tmp_path: Path) -> None:
    path = config(tmp_path, "127.0.0.1:9", admin=True)
    with ProxyProcess(path) as proxy, socket.create_server(("127.0.0.1", 0)) as taken:
        old = f"127.0.0.1:{taken.getsockname()[1]}"
        text = path.read_text()
        path.write_text(text.replace('[admin]\nlisten = "127.0.0.1:0"', f'[admin]\nlisten = "{old}"'))
        assert f"can't listen on {old}" in reload(proxy, "reload_refused")["reason"]
        assert json.loads(get(proxy, "/readyz"))["status"] == "ok"
        taken.close()
        reload(proxy)
        with urllib.request.urlopen(f"http://{old}/livez", timeout=PATIENCE) as answer:
            assert answer.status == 200
        path.write_text(text.partition("[admin]")[0])
        reload(proxy)
        with pytest.raises(OSError, match=r"refused|reset"):
            urllib.request.urlopen(f"http://{old}/livez", timeout=PATIENCE)


def test_a_connection_that_waits_for_a_worker_gets_one_of_the_next_generation(tmp_path: Path, smsc: Running) -> None:
    path = settings(tmp_path, smsc, SHORT + "sessions = 1\n[workers]\ncount = 1\n")
    with ProxyProcess(path) as proxy:
        for killed in range(3):
            os.kill(proxy.wait_for_another("worker_ready", killed)["pid"], signal.SIGKILL)
            proxy.wait_for_another("worker_ended", killed)
        with Esme(proxy.address(), bind=False) as waiting:
            rewrite(path, "count = 1", "count = 2")
            reload(proxy)
            waiting.sock.sendall(b"\0\0\0\x10\0\0\0\x15\0\0\0\0\0\0\0\1")
            assert waiting.read()[4:8] == b"\x80\0\0\x15"
        until(lambda: metric(proxy, "sessions", route="test") == 0)
        with Esme(proxy.address()) as next_:
            assert next_.submit() == 0


def test_a_second_signal_ends_a_reload_that_hangs(tmp_path: Path, smsc: Running) -> None:
    path = settings(tmp_path, smsc, "[workers]\ncount = 1\n")
    with ProxyProcess(path) as proxy:
        first = proxy.worker_pid()
        rewrite(path, "count = 1", "count = 2")
        proxy.send_signal(signal.SIGHUP)
        until(lambda: len(status(proxy)["workers"]) > 1)
        for worker in status(proxy)["workers"]:
            if worker["pid"] != first:
                os.kill(worker["pid"], signal.SIGSTOP)
        assert proxy.stop() == 0


def test_a_worker_that_is_asked_to_end_gets_no_more_connections(tmp_path: Path) -> None:
    with link(tmp_path, more="[workers]\ncount = 2\n", admin=True) as talk:
        talk.smsc.send(b"\0\0\0\x10\0\0\0\x15\0\0\0\0\0\0\0\1")
        talk.esme.read()
        busy = next(worker for worker in status(talk.proxy)["workers"] if worker["sessions"])
        os.kill(busy["pid"], signal.SIGTERM)
        until(lambda: any(w["state"] != "ready" for w in status(talk.proxy)["workers"]))
        for _ in range(4):
            with Esme(talk.proxy.address(), bind=False) as esme, talk.bare.accept_bind(esme):
                pass


def test_a_unix_socket_takes_nothing_elses_place_and_leaves_nothing(tmp_path: Path, smsc: Running) -> None:
    valuable = tmp_path / "valuable.txt"
    valuable.write_text("letters")
    more = f'[admin]\nlisten = "unix:{valuable}"\n'
    with pytest.raises(RuntimeError, match="not a socket"), ProxyProcess(config(tmp_path, "127.0.0.1:9", more=more)):
        pass
    assert valuable.read_text() == "letters"
    place = tmp_path / "admin.sock"
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(place))
    more = f'[admin]\nlisten = "unix:{place}"\n'
    with ProxyProcess(config(tmp_path, "127.0.0.1:9", more=more)) as proxy:
        other = config(tmp_path, "127.0.0.1:8", more=more)
        with pytest.raises(RuntimeError, match="another process"), ProxyProcess(other):
            pass
        assert proxy.stop() == 0
    assert not place.exists()


def test_sockets_of_the_service_manager_that_are_none(tmp_path: Path, smsc: Running) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.bind(("127.0.0.1", 0))
        with activated(settings(tmp_path, smsc), udp) as proxy:
            assert "test" in proxy.wait_for("socket_not_used")["socket"]
            with Esme(proxy.address()) as client:
                assert client.submit() == 0


def test_a_body_that_never_comes_holds_nobody_up(tmp_path: Path, smsc: Running) -> None:
    with ProxyProcess(settings(tmp_path, smsc)) as proxy, ExitStack() as stack:
        for _ in range(50):
            slow = stack.enter_context(socket.create_connection(proxy.admin_address(), PATIENCE))
            slow.sendall(b"POST /v1/check HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
        assert json.loads(get(proxy, "/livez"))["status"] == "ok"
        assert slow.recv(65536)


def test_a_client_that_leaves_the_journal_is_forgotten(tmp_path: Path) -> None:
    with ProxyProcess(config(tmp_path, "127.0.0.1:9", more=admin(tmp_path))) as proxy:
        head = f"GET /v1/journal?wait=60 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {READ}\r\n\r\n".encode()
        with socket.create_connection(proxy.admin_address(), PATIENCE) as witness:
            witness.sendall(head)
            get(proxy, "/livez")  # which is answered when the witness is served; its own connection may be open still
            before = len(os.listdir(f"/proc/{proxy.pid}/fd"))
            with ExitStack() as stack:
                for _ in range(20):
                    stack.enter_context(socket.create_connection(proxy.admin_address(), PATIENCE)).sendall(head)
                until(lambda: len(os.listdir(f"/proc/{proxy.pid}/fd")) >= before + 19)
            until(lambda: len(os.listdir(f"/proc/{proxy.pid}/fd")) <= before)
            assert not select.select([witness], [], [], 0)[0], "the first who asked still waits"


def test_many_reloads_at_once_are_one_or_two(tmp_path: Path, smsc: Running) -> None:
    with ProxyProcess(settings(tmp_path, smsc)) as proxy:
        for _ in range(10):
            proxy.send_signal(signal.SIGHUP)
        proxy.wait_for("reloaded")
        with Esme(proxy.address()) as client:
            assert client.submit() == 0
        assert proxy.stop() == 0
        assert 1 <= sum(event["event"] == "reloaded" for event in proxy.events) <= 10


def stopped_by(smsc: Running, clients: list[Esme]) -> None:
    """The consumer says STOP, on whichever client's connection the SMSC chooses."""
    with ThreadPoolExecutor() as pool:
        delivery = pool.submit(smsc.deliver, B, A, b"STOP")
        ready, _, _ = select.select([client.sock for client in clients], [], [], PATIENCE)
        for client in clients:
            if client.sock in ready:
                client.take()
        assert delivery.result() == 0


def test_settings_that_one_worker_can_not_use_are_refused_for_all(tmp_path: Path, smsc: Running) -> None:
    """The supervisor and one worker can read the new certificate; the other has no file descriptor left for it."""
    ca = trustme.CA()
    ca.issue_cert("localhost").private_key_and_cert_chain_pem.write_to_path(tmp_path / "both.pem")
    path = settings(tmp_path, smsc, '[consent]\nresume = "any-reply"\n[workers]\ncount = 2\n')
    with ProxyProcess(path) as proxy, ExitStack() as stack:
        clients = [stack.enter_context(Esme(proxy.address())) for _ in range(2)]
        first = status(proxy)["workers"][0]["pid"]
        before = resource.prlimit(first, resource.RLIMIT_NOFILE, (0, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
        rewrite(path, 'resume = "any-reply"', 'resume = "any-reply"\nrefuse_with = "ESME_RINVSRCADR"')
        rewrite(path, "[store]", f'[route.tls]\ncertificate = "{tmp_path / "both.pem"}"\n[store]')
        assert "Too many open files" in reload(proxy, "reload_refused")["reason"]
        assert metric(proxy, "reloads_total", outcome="refused") == 1
        stopped_by(smsc, clients)
        assert [client.submit() for client in clients] == [0x0B, 0x0B], "both go by the settings that they had"
        resource.prlimit(first, resource.RLIMIT_NOFILE, before)
        reload(proxy)
        assert [client.submit() for client in clients] == [0x0A, 0x0A], "and both by the new ones when that is said"
        assert metric(proxy, "reloads_total", outcome="applied") == 1
