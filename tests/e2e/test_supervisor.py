"""The supervisor and its workers as real processes: replaced, reloaded, drained, limited, restarted under load."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

import pytest

from proxy.ledger.ledger import Ledger
from proxy.simulator.process import ProxyProcess
from proxy.simulator.running import Running
from proxy.smpp import pdu, write
from proxy.smpp.pdu import RESPONSE
from tests.e2e.asking import get, metric
from tests.e2e.peers import PATIENCE, A, B, BareSmsc, Esme, config, link
from tests.e2e.reloading import reload, rewrite
from tests.e2e.running import SHORT, activated, settings, status, until
from tests.ledger.samples import Clock, numbered, wish

RINVDSTADR, RMSGQFUL = 0x0B, 0x14
TWO = "[workers]\ncount = 2\n"


def let_it_hear(proxy: ProxyProcess) -> None:
    """Until the supervisor knows of all that its workers' connections did so far: their answers come behind it."""
    assert all("sessions" in worker for worker in status(proxy)["workers"])


# Workers.


def test_sessions_are_shared_out_and_a_stop_on_one_worker_holds_on_the_other(tmp_path: Path, smsc: Running) -> None:
    with ProxyProcess(settings(tmp_path, smsc, TWO)) as proxy, contextlib.ExitStack() as stack:
        clients = [stack.enter_context(Esme(proxy.address())) for _ in range(8)]
        assert sorted(worker["sessions"] for worker in status(proxy)["workers"]) == [4, 4]
        assert {client.submit() for client in clients} == {0}
        delivery = threading.Thread(target=smsc.deliver, args=(B, A, b"STOP"))
        delivery.start()
        clients[-1].take()  # who sent from that number last
        delivery.join()
        assert {client.submit() for client in clients} == {RINVDSTADR}
        assert metric(proxy, "refused_total", command="submit_sm", reason="opted_out") == 8
        assert metric(proxy, "pdus_total", side="esme", command="submit_sm") == 16


def test_a_stop_holds_on_all_workers_while_they_are_busy(tmp_path: Path, smsc: Running) -> None:
    """Each of many STOPs, delivered over one session while others submit: no submit after it was passed on gets by."""
    with ProxyProcess(settings(tmp_path, smsc, TWO)) as proxy, contextlib.ExitStack() as stack:
        receiver = stack.enter_context(Esme(proxy.address(), bind=False))
        assert receiver.ask(write.bind("receiver", "x"))[1] == 0
        senders = [stack.enter_context(Esme(proxy.address())) for _ in range(4)]
        stop = threading.Event()

        def load(client: Esme) -> None:
            while not stop.is_set():
                assert client.submit(destination=write.address("15559990000")) == 0

        threads = [threading.Thread(target=load, args=(client,)) for client in senders[1:]]
        for thread in threads:
            thread.start()
        try:
            for n in range(100):
                consumer = write.address(f"1555987{n:04}")
                to = {"system_id": "receiver"}
                delivery = threading.Thread(target=smsc.deliver, args=(consumer, A, b"STOP"), kwargs=to)
                delivery.start()
                receiver.take()
                assert senders[0].submit(destination=consumer) == RINVDSTADR
                delivery.join()
        finally:
            stop.set()
            for thread in threads:
                thread.join()


def test_a_worker_that_dies_is_replaced_and_the_others_go_on(tmp_path: Path, smsc: Running) -> None:
    with (
        ProxyProcess(settings(tmp_path, smsc, TWO)) as proxy,
        Esme(proxy.address()) as one,
        Esme(proxy.address()) as two,
    ):
        assert (one.submit(), two.submit()) == (0, 0)
        until(lambda: metric(proxy, "pdus_total", side="esme", command="submit_sm") == 2)
        first, second = (worker["pid"] for worker in status(proxy)["workers"])
        os.kill(first, signal.SIGKILL)
        proxy.wait_for("worker_ended")
        ended = [client for client in (one, two) if client.sock in _readable(one, two)]
        assert [client.read_all() for client in ended] == [b""]
        (left,) = {one, two} - set(ended)
        assert left.submit() == 0
        proxy.wait_for("worker_ready", lambda event: event["pid"] not in (first, second))
        with Esme(proxy.address()) as three:
            assert three.submit() == 0
            assert sorted(worker["sessions"] for worker in status(proxy)["workers"]) == [1, 1]
        assert metric(proxy, "worker_restarts_total") == 1
        assert metric(proxy, "pdus_total", side="esme", command="submit_sm") == 4, "counts of the dead worker stay"
        assert metric(proxy, "sessions", route="test") >= 1


def _readable(*clients: Esme) -> list[socket.socket]:
    import select

    return select.select([client.sock for client in clients], [], [], PATIENCE)[0]


def test_a_worker_that_hangs_is_killed_and_replaced(tmp_path: Path, smsc: Running) -> None:
    with ProxyProcess(settings(tmp_path, smsc, "[workers]\nhang_timeout = 2.0\n")) as proxy:
        hanging = proxy.worker_pid()
        os.kill(hanging, signal.SIGSTOP)
        assert proxy.wait_for("worker_hangs")["silent"] >= 2.0
        proxy.wait_for("worker_ready", lambda event: event["pid"] != hanging)
        with Esme(proxy.address()) as client:
            assert client.submit() == 0


def test_without_its_supervisor_a_worker_ends(tmp_path: Path, smsc: Running) -> None:
    with ProxyProcess(settings(tmp_path, smsc, SHORT)) as proxy, Esme(proxy.address()) as client:
        assert client.submit() == 0
        worker = proxy.worker_pid()
        os.kill(proxy.pid, signal.SIGKILL)
        assert pdu.HEADER.unpack_from(client.read())[1] == pdu.UNBIND
        client.send(write.pdu(pdu.UNBIND | RESPONSE, sequence=0x7FFFFFFF))
        assert client.read_all() == b""
        until(lambda: not Path(f"/proc/{worker}/fd/0").exists())


# Reload.


def test_consent_settings_apply_to_sessions_that_are_open(tmp_path: Path) -> None:
    with link(tmp_path, more='[consent]\nresume = "any-reply"\n', admin=True) as talk:
        talk.stop()
        assert talk.esme.submit() == RINVDSTADR
        path = next(tmp_path.glob("*.toml"))
        words = ["STOP", "QUIT", "END", "REVOKE", "OPT OUT", "CANCEL", "UNSUBSCRIBE", "BASTAYA"]
        new = f'resume = "keyword"\nrefuse_with = "ESME_RINVSRCADR"\nstop_words = {json.dumps(words)}\n'
        rewrite(path, 'resume = "any-reply"\n', new + '[log]\nnumbers = "full"\n')
        reload(talk.proxy)
        until(lambda: talk.esme.submit() == 0x0A)
        talk.deliver_and_take(write.deliver_sm(B, A, b"hi", sequence=9))
        assert talk.esme.submit() == 0x0A, "an ordinary reply opens nothing under the new rule"
        talk.deliver_and_take(write.deliver_sm(write.address("15559870002"), A, b"BASTAYA", sequence=10))
        assert talk.esme.submit(destination=write.address("15559870002")) == 0x0A
        line = talk.proxy.wait_for("consent_changed", lambda event: event["revision"] == 2)
        assert line["consumer"] == "+15559870002"


def test_a_configuration_with_faults_changes_nothing(tmp_path: Path, smsc: Running) -> None:
    path = settings(tmp_path, smsc, '[consent]\nresume = "keyword"\n')
    with ProxyProcess(path) as proxy, Esme(proxy.address()) as client:
        rewrite(path, '"keyword"', '"sometimes"')
        assert "consent.resume" in reload(proxy, "reload_refused")["reason"]
        rewrite(path, '"sometimes"', '"any-reply"')
        rewrite(path, f'"{tmp_path / "store"}"', f'"{tmp_path / "other"}"')
        assert "only with a restart" in reload(proxy, "reload_refused")["reason"]
        assert client.submit() == 0
        assert metric(proxy, "reloads_total", outcome="refused") == 2
        assert not (tmp_path / "other").exists()
        verdict = json.loads(get(proxy, "/status"))["verdict"]
        assert "only with a restart" in verdict["text"]
        rewrite(path, f'"{tmp_path / "other"}"', f'"{tmp_path / "store"}"')
        reload(proxy)
        assert json.loads(get(proxy, "/status"))["verdict"]["grade"] == "good"


def test_an_address_that_is_taken_leaves_the_old_ones(tmp_path: Path, smsc: Running) -> None:
    path = settings(tmp_path, smsc)
    with ProxyProcess(path) as proxy, socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        path.write_text(
            path.read_text() + f'[[route]]\nname = "b"\nlisten = "127.0.0.1:{port}"\ncarrier = ["127.0.0.1:9"]\n'
        )
        assert f"can't listen on 127.0.0.1:{port}" in reload(proxy, "reload_refused")["reason"]
        with Esme(proxy.address()) as client:
            assert client.submit() == 0


def test_new_routes_and_workers_are_a_new_generation_and_the_old_one_drains(tmp_path: Path, smsc: Running) -> None:
    path = settings(tmp_path, smsc, SHORT)
    with ProxyProcess(path) as proxy, Esme(proxy.address()) as old:
        address = proxy.address()
        route = f'[[route]]\nname = "b"\nlisten = "127.0.0.1:0"\ncarrier = ["{smsc.host}:{smsc.port}"]\n'
        path.write_text(path.read_text() + route + TWO)
        reload(proxy)
        assert pdu.HEADER.unpack_from(old.read())[1] == pdu.UNBIND
        old.send(write.pdu(pdu.UNBIND | RESPONSE, sequence=0x7FFFFFFF))
        assert old.read_all() == b""
        with Esme(address) as same, Esme(proxy.address("b")) as new:
            assert (same.submit(), new.submit()) == (0, 0)
        until(lambda: [worker["state"] for worker in status(proxy)["workers"]] == ["ready", "ready"])
        rewrite(path, route, "")
        reload(proxy)
        with pytest.raises(ConnectionRefusedError):
            Esme(proxy.address("b"))
        with Esme(address) as same:
            assert same.submit() == 0


# Restarts under load.


class Client:
    """A platform that sends and sends, and tries again what it was told to, on a new connection if need be."""

    def __init__(self, address: tuple[str, int], number: int) -> None:
        self.address = address
        self.answered: list[str] = []
        self.connections = 0
        self._stop = threading.Event()
        self._consumers = (f"1555{number}{n:06}" for n in range(1_000_000))
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def finish(self) -> None:
        self._stop.set()
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()

    def _run(self) -> None:
        waiting: list[str] = []
        while not self._stop.is_set():
            try:
                with Esme(self.address) as esme:
                    self.connections += 1
                    self._converse(esme, waiting)
            except (EOFError, ConnectionError):
                continue

    def _converse(self, esme: Esme, waiting: list[str]) -> None:
        """Windows of ten; every request is answered, also behind our unbind_resp."""
        is_leaving = False
        while not self._stop.is_set() and not is_leaving:
            while len(waiting) < 10:
                waiting.append(next(self._consumers))
            esme.send(
                b"".join(write.submit_sm(A, write.address(c), b"x", sequence=n) for n, c in enumerate(waiting, 1))
            )
            open_ = dict(enumerate(waiting, 1))
            while open_:
                _, command, answer, sequence = pdu.HEADER.unpack_from(esme.read())
                if command == pdu.UNBIND:
                    is_leaving = True
                    esme.send(write.pdu(pdu.UNBIND | RESPONSE, sequence=sequence))
                elif (consumer := open_.pop(sequence)) and answer == 0:
                    self.answered.append(consumer)
                    waiting.remove(consumer)
                else:
                    assert answer == RMSGQFUL


def until_further(clients: list[Client], reached: list[int]) -> None:
    """Wait for every client to have fifty more answers than it had."""
    until(lambda: all(len(client.answered) > n + 50 for client, n in zip(clients, reached, strict=True)))


def lost_and_doubled(clients: list[Client], smsc: Running) -> tuple[set[str], set[str]]:
    """Messages that were answered and never arrived, and that arrived twice."""
    seen = Counter(message.addresses()[1].digits.decode() for message in smsc.smsc.messages())
    answered = Counter(consumer for client in clients for consumer in client.answered)
    assert set(answered.values()) == {1}
    return answered.keys() - seen.keys(), {consumer for consumer, count in seen.items() if count > 1}


@pytest.mark.timeout(300)
def test_a_rolling_restart_under_load_loses_no_message_and_no_answer(tmp_path: Path, smsc: Running) -> None:
    path = settings(tmp_path, smsc, TWO)
    with ProxyProcess(path) as proxy:
        clients = [Client(proxy.address(), n) for n in range(4)]
        try:
            for count in ("3", "1", "2"):
                until(lambda: all(client.answered for client in clients))
                reached = [len(client.answered) for client in clients]
                path.write_text(path.read_text().rpartition("count = ")[0] + f"count = {count}\n")
                reload(proxy)
                until_further(clients, reached)
        finally:
            for client in clients:
                client.finish()
        assert lost_and_doubled(clients, smsc) == (set(), set())
        assert all(client.connections >= 3 for client in clients)


@pytest.mark.timeout(300)
def test_a_restart_by_socket_activation_refuses_no_connection(tmp_path: Path, smsc: Running) -> None:
    """The test is systemd: it keeps the listening socket, and starts the next proxy when one has stopped."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = server.getsockname()
        path = settings(tmp_path, smsc, SHORT)
        rewrite(path, 'listen = "127.0.0.1:0"\ncarrier', f'listen = "127.0.0.1:{address[1]}"\ncarrier')
        clients: list[Client] = []
        try:
            for _ in range(3):
                with activated(path, server) as proxy:
                    clients = clients or [Client(address, n) for n in range(2)]
                    reached = [len(client.answered) for client in clients]
                    until_further(clients, reached)
                    assert proxy.stop() == 0
            with activated(path, server):
                for client in clients:
                    client.finish()
        finally:
            for client in clients:
                client._stop.set()
        assert lost_and_doubled(clients, smsc) == (set(), set())


# Limits and health.


@pytest.mark.parametrize(
    ("limit", "sources"),
    [
        ("sessions", (1, 1, 1)),
        ("sessions_per_source", (1, 1, 1)),
        ("unbound", (1, 2, 3)),
        ("unbound_per_source", (1, 1, 1)),
        ("binds_per_minute", (1, 1, 1)),
    ],
)
def test_beyond_a_limit_a_connection_is_closed_and_others_are_not(
    tmp_path: Path, smsc: Running, limit: str, sources: tuple[int, int, int]
) -> None:
    """The limit is two; what is counted is known for certain when the proxy has answered for its state."""
    first, second, third = (f"127.0.0.{n}" for n in sources)
    with ProxyProcess(settings(tmp_path, smsc, f"[limits]\n{limit} = 2\n")) as proxy:
        binds = not limit.startswith("unbound")
        with (
            Esme(proxy.address(), bind=binds, source=first) as one,
            Esme(proxy.address(), bind=binds, source=second) as two,
        ):
            let_it_hear(proxy)
            with Esme(proxy.address(), bind=False, source=third) as three:
                assert three.read_all() == b""
            line = proxy.wait_for("connection_rejected")
            assert (line["limit"], line["source"]) == (f"limits.{limit}", third)
            assert metric(proxy, "rejected_connections_total", reason=limit) == 1
            for client in (one, two):
                if not binds:
                    assert client.ask(write.bind("platform", "x"))[1] == 0
                assert client.submit() == 0
            if not binds:
                let_it_hear(proxy)
                with Esme(proxy.address(), source=third) as four:
                    assert four.submit() == 0


def test_one_source_can_not_hold_all_places_of_those_who_have_not_bound(tmp_path: Path, smsc: Running) -> None:
    with ProxyProcess(settings(tmp_path, smsc, "[limits]\nunbound = 5\n")) as proxy, contextlib.ExitStack() as stack:
        flood = [stack.enter_context(Esme(proxy.address(), bind=False)) for _ in range(8)]
        until(lambda: metric(proxy, "rejected_connections_total", reason="unbound_per_source") == 5)
        assert [client.read_all() for client in flood[3:]] == [b""] * 5
        with Esme(proxy.address(), source="127.0.0.2") as other:
            assert other.submit() == 0


def test_a_session_that_binds_too_often_is_ended(tmp_path: Path) -> None:
    with (
        BareSmsc() as bare,
        ProxyProcess(config(tmp_path, bare.address, more=f"{SHORT}binds_per_minute = 3\n")) as proxy,
        Esme(proxy.address(), bind=False) as esme,
    ):
        esme.send(b"".join(write.bind("platform", f"guess{n}") for n in range(4)))
        with bare.accept():
            assert proxy.wait_for("session_end")["ended_by"] == "limit"
            assert esme.read_all() == b""


def test_readyz_gives_its_reasons_while_draining(tmp_path: Path) -> None:
    with link(tmp_path, admin=True) as talk:
        talk.smsc.send(write.deliver_sm(B, A, b"hi", sequence=5))
        talk.esme.read()
        talk.proxy.send_signal(signal.SIGTERM)
        talk.proxy.wait_for("draining")
        reasons = json.loads(get(talk.proxy, "/readyz", expect=503))["reasons"]
        assert "draining" in reasons
        assert "route test: not listening" in reasons


def test_the_service_manager_is_told(tmp_path: Path, smsc: Running) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(PATIENCE)
        env = {**os.environ, "NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "200000"}
        with ProxyProcess(settings(tmp_path, smsc), env=env) as proxy:
            said = _hear(manager, "READY=1")
            _hear(manager, "WATCHDOG=1")
            proxy.send_signal(signal.SIGHUP)
            assert "MONOTONIC_USEC=" in _hear(manager, "RELOADING=1")
            _hear(manager, "READY=1")
            proxy.send_signal(signal.SIGTERM)
            _hear(manager, "STOPPING=1")
            assert proxy.wait() == 0
        assert "STATUS=relaying" in said


def _hear(manager: socket.socket, line: str) -> str:
    while line not in (said := manager.recv(4096).decode()).splitlines():
        pass
    return said


def test_the_journal_is_kept_as_long_as_the_settings_say(tmp_path: Path, smsc: Running) -> None:
    path = settings(tmp_path, smsc)
    with Ledger(tmp_path / "store", Clock(1)) as ledger:
        ledger.commit([wish(numbered(n)) for n in range(3)])
    rewrite(path, "[admin]\n", "journal_days = 30\n[admin]\n")
    with ProxyProcess(path) as proxy:
        pruned = proxy.wait_for("journal_pruned")
        assert (pruned["status"], pruned["said"]) == (0, "3 entries older than 30 days removed")
        assert status(proxy)["ledger"]["entries"] == 1


def test_a_ledger_that_can_not_be_opened_is_said_once_and_clearly(tmp_path: Path, smsc: Running) -> None:
    path = settings(tmp_path, smsc)
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "data.mdb").touch()
    done = subprocess.run([sys.executable, "-m", "proxy", "run", str(path)], capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.startswith(f"the ledger in {tmp_path / 'store'} is damaged: data.mdb is empty")
    assert "Traceback" not in done.stderr
