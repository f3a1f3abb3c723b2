"""Sessions of the real program: without a carrier, without a bind, with garbage, to their end."""

from __future__ import annotations

import contextlib
import json
import random
import select
import signal
import socket
import subprocess
import sys
from pathlib import Path

from proxy.simulator.process import ProxyProcess
from proxy.simulator.running import running
from proxy.smpp import pdu, write
from proxy.smpp.pdu import RESPONSE
from tests.corpus import recorded_pdus
from tests.e2e.asking import get, metric
from tests.e2e.peers import A, B, C, Esme, config, link
from tests.e2e.reloading import reload, rewrite
from tests.net.ports import closed_port


def test_without_a_carrier_the_bind_fails_and_the_connection_closes(tmp_path: Path) -> None:
    with ProxyProcess(config(tmp_path, str(closed_port()), admin=True)) as proxy:
        for command in sorted(pdu.BINDS):
            with Esme(proxy.address(), bind=False) as esme:
                esme.send(write.bind("platform", "hunter2", command_id=command, sequence=77))
                assert esme.read_all() == pdu.refusal(command, pdu.RBINDFAIL, 77)
        assert "refused" in proxy.wait_for("no_carrier")["reason"]
        assert metric(proxy, "carrier_up") == 0
        assert proxy.stop() == 0


def test_a_second_carrier_is_used_when_the_first_is_down(tmp_path: Path) -> None:
    with running() as smsc:
        path = config(tmp_path, f'{closed_port()}", "{smsc.host}:{smsc.port}')
        with ProxyProcess(path) as proxy, Esme(proxy.address()) as esme:
            assert esme.submit() == 0
            assert proxy.wait_for("session_start")["carrier"] == f"{smsc.host}:{smsc.port}"


def test_a_connection_that_never_binds_is_closed(tmp_path: Path) -> None:
    with running() as smsc:
        path = config(tmp_path, f"{smsc.host}:{smsc.port}", more="[limits]\nbind_timeout = 60.0\nclose_timeout = 0.1\n")
        with ProxyProcess(path) as proxy, Esme(proxy.address()) as bound:
            rewrite(path, "bind_timeout = 60.0", "bind_timeout = 0.5")
            reload(proxy)
            with Esme(proxy.address(), bind=False) as silent:
                assert silent.read_all() == b""
            assert proxy.wait_for("session_end")["ended_by"] == "bind_timeout"
            assert bound.submit() == 0


def test_an_idle_session_is_closed_where_that_is_configured(tmp_path: Path) -> None:
    with link(tmp_path, more="[limits]\nidle_timeout = 0.0\nclose_timeout = 0.1\n") as talk:
        rewrite(next(tmp_path.glob("*.toml")), "idle_timeout = 0.0", "idle_timeout = 0.5")
        reload(talk.proxy)
        assert talk.esme.read_all() == b""
        assert talk.smsc.read_all() == b""
        assert talk.proxy.wait_for("session_end")["ended_by"] == "idle"


def test_unbind_and_fin_at_once_still_get_their_answer(tmp_path: Path) -> None:
    with link(tmp_path) as talk:
        talk.esme.send(write.pdu(pdu.UNBIND, sequence=9))
        talk.esme.sock.shutdown(socket.SHUT_WR)
        assert talk.smsc.read() == write.pdu(pdu.UNBIND, sequence=9)
        talk.smsc.send(write.pdu(pdu.UNBIND | RESPONSE, sequence=9))
        assert talk.esme.read_all() == write.pdu(pdu.UNBIND | RESPONSE, sequence=9)
        assert talk.smsc.read_all() == b""
        talk.smsc.sock.close()
        assert talk.proxy.wait_for("session_end")["ended_by"] == "unbind"


def test_sigterm_lets_answers_through_unbinds_and_exits_zero(tmp_path: Path) -> None:
    with link(tmp_path) as talk:
        submit = write.submit_sm(A, B, b"hello", sequence=7)
        talk.esme.send(submit)
        assert talk.smsc.read() == submit
        talk.proxy.send_signal(signal.SIGTERM)
        talk.proxy.wait_for("draining")
        answer = write.pdu(pdu.SUBMIT_SM | RESPONSE, b"id\0", sequence=7)
        talk.smsc.send(answer)
        assert talk.esme.read() == answer
        for end in (talk.esme, talk.smsc):
            _, command, _, sequence = pdu.HEADER.unpack(end.read())
            assert command == pdu.UNBIND
            end.send(write.pdu(pdu.UNBIND | RESPONSE, sequence=sequence))
        assert (talk.esme.read_all(), talk.smsc.read_all()) == (b"", b"")
        talk.esme.sock.close()
        talk.smsc.sock.close()
        assert talk.proxy.wait() == 0
        assert talk.proxy.wait_for("session_end")["ended_by"] == "drain"


def test_after_sigterm_no_new_connection_is_taken(tmp_path: Path) -> None:
    with link(tmp_path) as talk:
        talk.esme.send(write.submit_sm(A, B, b"hello"))
        talk.smsc.read()
        address = talk.proxy.address()
        talk.proxy.send_signal(signal.SIGTERM)
        talk.proxy.wait_for("draining")
        # The listener closes in the same turn of the loop; until then a connection is taken and closed.
        try:
            with Esme(address, bind=False) as late:
                late.send(write.bind("late", "secret"))
                assert late.read_all() == b""
        except ConnectionError:
            pass


def test_a_second_sigterm_ends_at_once(tmp_path: Path) -> None:
    with link(tmp_path) as talk:
        talk.esme.send(write.submit_sm(A, B, b"hello"))
        talk.smsc.read()
        talk.proxy.send_signal(signal.SIGTERM)
        talk.proxy.wait_for("draining")
        talk.proxy.send_signal(signal.SIGTERM)
        assert talk.proxy.wait() == 0
        talk.proxy.wait_for("stopping_at_once")


def test_a_log_that_can_not_be_written_harms_nobody(tmp_path: Path) -> None:
    """Standard error is a full device: nothing of it may reach the relay."""
    port = closed_port().port
    with running() as smsc, open("/dev/full", "w") as full:
        path = config(tmp_path, f"{smsc.host}:{smsc.port}")
        path.write_text(path.read_text().replace('listen = "127.0.0.1:0"', f'listen = "127.0.0.1:{port}"'))
        process = subprocess.Popen([sys.executable, "-m", "proxy", "run", str(path)], stderr=full)
        try:
            with connected(("127.0.0.1", port)) as esme:
                assert esme.ask(write.bind("platform", "hunter2"))[1] == 0
                assert [esme.submit() for _ in range(50)] == [0] * 50
            process.terminate()
            assert process.wait(60) == 0
        finally:
            process.kill()
            process.wait()


def connected(address: tuple[str, int]) -> Esme:
    """A client of a proxy that may still be starting."""
    for _ in range(6000):
        try:
            return Esme(address, bind=False)
        except ConnectionRefusedError:
            select.select([], [], [], 0.01)
    raise AssertionError(f"nobody listens on {address}")


def test_nothing_that_is_sent_to_the_admin_port_harms_the_relay(tmp_path: Path) -> None:
    upgrade = (
        b"GET /metrics HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
    with link(tmp_path, admin=True) as talk:
        for junk in (b"\0" * 50, b"\xff" * 50, b"GET / HTTP/1.1\r\n\r\n"):
            with socket.create_connection(talk.proxy.admin_address(), 60) as hostile:
                hostile.sendall(upgrade + junk)
                hostile.shutdown(socket.SHUT_WR)
                with contextlib.suppress(OSError):
                    while hostile.recv(65536):
                        pass
            talk.stop()
        for _ in range(100):
            with contextlib.suppress(OSError):
                assert get(talk.proxy, "/livez") == b'{"status":"ok","reasons":[]}'
                break
            select.select([], [], [], 0.05)
        else:
            raise AssertionError("the admin HTTP did not come back")


def test_five_hundred_streams_of_garbage_leave_it_serving(tmp_path: Path) -> None:
    random_ = random.Random(20261122)
    recorded = [p.octets for p in recorded_pdus()]
    with running() as smsc, ProxyProcess(config(tmp_path, f"{smsc.host}:{smsc.port}", admin=True)) as proxy:
        with Esme(proxy.address()) as witness:
            for number in range(500):
                with Esme(proxy.address(), bind=False) as hostile:
                    try:
                        hostile.send(garbage(random_, recorded, number))
                        hostile.sock.shutdown(socket.SHUT_WR)
                        hostile.read_all()
                    except OSError:
                        pass
                if number % 50 == 0:
                    assert witness.submit() == 0
            assert witness.submit() == 0
        proxy.wait_for("session_end", lambda event: event["ended_by"] == "frame_error")
        assert metric(proxy, "sessions_ended_total", ended_by="frame_error") > 50
        assert metric(proxy, "sessions_ended_total", ended_by="internal") == 0
        assert not [event for event in proxy.events if event["event"] == "session_failed"]


def garbage(random_: random.Random, recorded: list[bytes], number: int) -> bytes:
    """Noise, probes, and recorded PDUs with octets changed, cut and joined."""
    match number % 4:
        case 0:
            return random_.randbytes(random_.randrange(1, 2000))
        case 1:
            return random_.choice([b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01\x02\0", b"\x03\0\0\x13\x0e\xe0\0\0"])
        case 2:
            changed = bytearray(b"".join(random_.choices(recorded, k=5)))
            for _ in range(random_.randrange(1, 10)):
                changed[random_.randrange(len(changed))] = random_.randrange(256)
            return bytes(changed)
        case _:
            stream = write.bind("x", "y") + b"".join(random_.choices(recorded, k=5))
            return stream[: random_.randrange(len(stream))]


def test_metrics_health_and_status(tmp_path: Path) -> None:
    with link(tmp_path, admin=True) as talk:
        talk.stop()
        assert talk.esme.submit() == 0x0B
        assert get(talk.proxy, "/livez") == b'{"status":"ok","reasons":[]}'
        assert json.loads(get(talk.proxy, "/readyz")) == {"status": "ok", "reasons": []}
        (session,) = json.loads(get(talk.proxy, "/status"))["sessions"]
        assert (session["system_id"], session["refused"], session["changes"]) == ("platform", 1, 1)
        assert metric(talk.proxy, "refused_total", command="submit_sm", reason="opted_out") == 1
        assert metric(talk.proxy, "consent_changes_total", change="opted_out") == 1
        assert metric(talk.proxy, "replies_total", meaning="stop") == 1
        assert metric(talk.proxy, "opted_out_pairs") == 1
        assert metric(talk.proxy, "sessions", route="test") == 1
        assert metric(talk.proxy, "pdus_total", side="esme", command="submit_sm") == 1
        assert metric(talk.proxy, "commit_seconds_count") == 1
        shown = get(talk.proxy, "/metrics") + get(talk.proxy, "/status")
        assert not any(number in shown for number in (b"5551230001", b"5559870001"))
        assert b"1555" not in get(talk.proxy, "/metrics")


def resident(pid: int) -> int:
    """Resident memory of a process, in octets."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    raise AssertionError("no VmRSS")


def test_memory_stays_bounded_when_the_platform_does_not_read(tmp_path: Path) -> None:
    """50,000 messages of 200 octets are 10 MB, which neither the sockets nor the proxy may take."""
    message = write.deliver_sm(B, A, b"x" * 140)
    with link(tmp_path) as talk:
        talk.deliver_and_take(write.deliver_sm(C, A, b"STOP"))  # the first commit takes memory of its own, once
        before = resident(talk.proxy.worker_pid())
        talk.smsc.sock.settimeout(2)  # how long "takes no more" has to last
        sent = 0
        try:
            for _ in range(5):
                block = memoryview(message * 10_000)
                while block:
                    size = talk.smsc.sock.send(block)
                    sent += size
                    block = block[size:]
            stopped = False
        except TimeoutError:
            stopped = True
        grown = resident(talk.proxy.worker_pid()) - before
        assert stopped
        assert sent < 50_000 * len(message)
        assert grown < 4_000_000
        received = talk.esme.read_exactly(sent // len(message) * len(message))
        assert received == message * (sent // len(message))
