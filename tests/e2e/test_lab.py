"""The proxy on a gateway between a platform and a carrier that takes connections from the platform's addresses only."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from proxy.consent.rules import State
from proxy.ledger.ledger import Ledger
from proxy.simulator.process import ProxyProcess
from proxy.smpp import pdu, write
from proxy.smpp.message import TAG_MESSAGE_PAYLOAD, Tlv
from proxy.smpp.pdu import RESPONSE
from tests.e2e.peers import PATIENCE, A, C, Esme, Peer
from tests.e2e.running import activated
from tests.lab.link import Badness
from tests.lab.network import (
    CARRIER,
    CARRIER6,
    GATEWAY,
    GATEWAY_TO_CARRIER,
    PLATFORM,
    PLATFORM6,
    PORT,
    Network,
    network,
    why_not,
)
from tests.lab.session import bound, carrier, dial, proxy, settings, tell_the_story
from tests.ledger.samples import Clock, state
from tests.mm7.wire import answer, deliver_req, post, related, reply, text

pytestmark = [pytest.mark.skipif(why_not() != "", reason=why_not()), pytest.mark.timeout(300)]

SHORT = "[limits]\nkeepalive = 1.0\nuser_timeout = 2.0\nclose_timeout = 0.5\n"


@pytest.fixture
def net() -> Iterator[Network]:
    with network() as made:
        yield made


@pytest.mark.parametrize(("mode", "source"), [("tproxy-closed", "client-ip"), ("redirect-closed", "client-ip")])
def test_neither_side_of_mms_notices(net: Network, tmp_path: Path, mode: str, source: str) -> None:
    keys = 'protocol = "mm7"\ndirection = "outbind"\n'
    with carrier(net) as server, proxy(net, tmp_path, mode, source, keys=keys):
        with net.platform:
            client = socket.create_connection((CARRIER, PORT), timeout=PATIENCE)
        with client:
            accepted, seen_as = server.accept()
            with accepted:
                assert seen_as[0] == PLATFORM
                stop = post(related(deliver_req(), text("STOP")))
                client.sendall(stop)
                assert accepted.recv(65536) == stop
                accepted.sendall(reply(answer("DeliverRsp")))
                assert client.recv(65536) == reply(answer("DeliverRsp"))
    with Ledger(tmp_path / "store", Clock()) as ledger:
        assert state(ledger) is State.OPTED_OUT


@pytest.mark.parametrize("six", [False, True], ids=["IPv4", "IPv6"])
@pytest.mark.parametrize(
    ("mode", "source"),
    [
        ("tproxy-closed", "client-ip"),
        ("tproxy-bypass", "client-ip-port"),
        ("redirect-closed", "client-ip"),
        ("redirect-bypass", "client-ip"),
    ],
)
def test_neither_side_notices(net: Network, tmp_path: Path, mode: str, source: str, six: bool) -> None:
    """The carrier sees the platform's address, the platform the carrier's, and STOP holds."""
    with carrier(net, six=six) as server, proxy(net, tmp_path, mode, source, six=six) as process:
        with bound(net, server, six=six) as (esme, smsc):
            ours, theirs = esme.sock.getsockname(), smsc.sock.getpeername()
            assert theirs[0] == (PLATFORM6 if six else PLATFORM)
            assert (theirs[1] == ours[1]) is (source == "client-ip-port")
            assert esme.sock.getpeername()[:2] == (CARRIER6 if six else CARRIER, PORT)
            tell_the_story(esme, smsc)
        line = process.wait_for("session_start")
        assert line["carrier"] == "original"
        assert line["address"] == (f"[{CARRIER6}]:{PORT}" if six else f"{CARRIER}:{PORT}")


def test_such_a_carrier_refuses_the_gateway_s_own_address(net: Network, tmp_path: Path) -> None:
    """What these modes are for; and the refusal reaches the platform as it should."""
    with carrier(net), proxy(net, tmp_path, "tproxy-closed", "proxy") as process:
        with dial(net) as esme:
            esme.send(write.bind("platform", "hunter2"))
            assert esme.read_all() == pdu.refusal(pdu.BIND_TRANSCEIVER, pdu.RBINDFAIL, 1)
        assert "refused" in process.wait_for("no_carrier")["reason"]


@pytest.mark.parametrize("mode", ["tproxy-closed", "tproxy-bypass", "redirect-closed", "redirect-bypass"])
def test_what_becomes_of_connections_while_the_proxy_is_down(net: Network, tmp_path: Path, mode: str) -> None:
    """Closed: refused. Bypass: they pass uninspected. When it is back, it has the new ones."""
    with carrier(net) as server:
        with proxy(net, tmp_path, mode, "client-ip") as process, bound(net, server) as (esme, smsc):
            process.kill()
            assert esme.read_all() == b""
            assert smsc.read_all() == b""
        if mode.endswith("closed"):
            with pytest.raises(ConnectionRefusedError):
                dial(net)
        else:
            with dial(net) as direct, Peer(server.accept()[0]) as smsc:
                assert smsc.sock.getpeername() == direct.sock.getsockname()
        with net.gateway:
            again = ProxyProcess(tmp_path / "proxy.toml")
            again.__enter__()
        with again, bound(net, server) as (esme, smsc):
            tell_the_story(esme, smsc)


def test_the_rules_come_and_go_and_may_come_twice(net: Network) -> None:
    before = net.gateway.run("nft list ruleset"), net.gateway.run("ip rule"), net.gateway.run("ip -6 rule")
    for mode in ("tproxy-closed", "tproxy-closed", "redirect-bypass", "tproxy-bypass", "redirect-closed"):
        net.insert(mode)
        assert net.gateway.run("ip rule").count("0x2775") == 1
    shown = net.insert("redirect-closed", verb="show")
    assert "redirect to :2775" in shown
    assert "lookup 2775" in shown
    net.insert("redirect-closed", verb="down")
    net.insert("redirect-closed", verb="down")
    assert before == (net.gateway.run("nft list ruleset"), net.gateway.run("ip rule"), net.gateway.run("ip -6 rule"))
    assert "no rules are in place" in net.insert("redirect-closed", verb="show")


def test_a_connection_to_the_gateway_itself_is_not_relayed_in_a_circle(net: Network, tmp_path: Path) -> None:
    with carrier(net), proxy(net, tmp_path, "tproxy-closed", "client-ip") as process:
        with net.platform, Esme((GATEWAY, PORT), bind=False) as esme:
            assert esme.read_all() == b""
        assert "our own address" in process.wait_for("connection_refused")["reason"]


def test_a_restart_by_socket_activation_refuses_nobody(net: Network, tmp_path: Path) -> None:
    """The service manager's socket stays; who connects meanwhile waits in its queue."""
    path = settings(tmp_path, "tproxy-closed", "client-ip")
    net.insert("tproxy-closed")
    with net.gateway:
        listener = socket.create_server(("0.0.0.0", PORT), backlog=64)
    listener.setsockopt(socket.SOL_IP, socket.IP_TRANSPARENT, 1)
    with listener, carrier(net) as server, contextlib.ExitStack() as stack:
        with net.gateway:
            process = stack.enter_context(activated(path, listener))
        with bound(net, server):
            pass
        assert process.stop() == 0
        waiting = [stack.enter_context(dial(net)) for _ in range(20)]
        with net.gateway:
            stack.enter_context(activated(path, listener))
        for esme in waiting:
            esme.send(write.bind("platform", "hunter2"))
            with Peer(server.accept()[0]) as smsc:
                assert smsc.read()[4:8] == pdu.BIND_TRANSCEIVER.to_bytes(4, "big")


@pytest.mark.parametrize(
    "netem",
    ["loss 5%", "delay 20ms 15ms distribution normal", "delay 10ms reorder 30% 50%", "duplicate 10% corrupt 1%"],
)
def test_a_bad_network_changes_no_octet(net: Network, tmp_path: Path, netem: str) -> None:
    with (
        carrier(net) as server,
        proxy(net, tmp_path, "tproxy-closed", "client-ip-port"),
        bound(net, server) as (esme, smsc),
    ):
        if not net.has_netem:
            pytest.skip("this kernel is built without netem (CONFIG_NET_SCH_NETEM)")
        net.spoil(netem)
        exchange_much(esme, smsc)
        tell_the_story(esme, smsc)


@pytest.mark.parametrize(
    "badness",
    [Badness(loss=0.05), Badness(delay=0.02, jitter=0.02), Badness(delay=0.005, jitter=0.005, loss=0.02, doubled=0.1)],
    ids=["loss", "delay and reordering", "everything"],
)
def test_a_link_that_loses_delays_and_reorders_changes_no_octet(net: Network, tmp_path: Path, badness: Badness) -> None:
    """Also where the kernel has no netem: packets between gateway and carrier go through this process."""
    with (
        net.bad_link() as link,
        carrier(net) as server,
        proxy(net, tmp_path, "tproxy-closed", "client-ip-port"),
        bound(net, server) as (esme, smsc),
    ):
        link.badness = badness
        exchange_much(esme, smsc)
        tell_the_story(esme, smsc)
        assert link.carried > 80
        assert bool(link.lost) is bool(badness.loss)
        assert bool(link.overtaken) is bool(badness.jitter) or not badness.loss


def exchange_much(esme: Esme, smsc: Peer) -> None:
    """Three hundred messages and their answers, that must come as they were sent."""
    for _ in range(40):
        there = [write.submit_sm(A, C, b"x" * (n % 140), sequence=n) for n in range(1, 8)]
        esme.send(b"".join(there))
        assert [smsc.read() for _ in there] == there
        back = [write.pdu(pdu.SUBMIT_SM | RESPONSE, b"id\0", sequence=n) for n in range(1, 8)]
        smsc.send(b"".join(back))
        assert [esme.read() for _ in back] == back


@pytest.mark.parametrize("who", ["carrier", "platform"])
@pytest.mark.parametrize("busy", [True, False], ids=["in flight", "idle"])
def test_both_ends_learn_of_a_link_that_is_cut(net: Network, tmp_path: Path, who: str, busy: bool) -> None:
    """A peer that is gone without a word: by unacknowledged data, or by keep-alive if nothing was in flight."""
    with (
        carrier(net) as server,
        proxy(net, tmp_path, "tproxy-closed", "client-ip", more=SHORT) as process,
        bound(net, server) as (esme, smsc),
    ):
        net.cut(net.carrier if who == "carrier" else net.platform)
        if busy:
            near = esme if who == "carrier" else smsc
            near.send(write.pdu(pdu.ENQUIRE_LINK, sequence=9))
        assert (esme if who == "carrier" else smsc).read_all() == b""
        assert process.wait_for("session_end")["ended_by"] == ("smsc" if who == "carrier" else "esme")


def test_a_small_mtu(net: Network, tmp_path: Path) -> None:
    net.set_mtu(1280)  # the least of IPv6, so that its addresses stay; then less for IPv4
    for host, link in net._links():
        host.run(f"sysctl -qw net.ipv6.conf.{link}.disable_ipv6=1")
    net.set_mtu(576)
    with (
        carrier(net) as server,
        proxy(net, tmp_path, "tproxy-closed", "client-ip"),
        bound(net, server) as (esme, smsc),
    ):
        payload = Tlv(TAG_MESSAGE_PAYLOAD, b"x" * 60_000)
        long = write.message(pdu.SUBMIT_SM, A, C, b"", parameters=[payload])
        esme.send(long)
        assert smsc.read() == long
        tell_the_story(esme, smsc)


def captured(path: Path) -> dict[tuple[str, str], tuple[bytes, set[str]]]:
    """The octets of each direction of a capture in their order, and the ports that sent them."""
    fields = ["ip.src", "ip.dst", "tcp.srcport", "tcp.seq", "tcp.payload"]
    command = ["tshark", "-r", str(path), "-Y", "tcp.len > 0", "-T", "fields", *(w for f in fields for w in ("-e", f))]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    found: dict[tuple[str, str], dict[int, bytes]] = {}
    ports: dict[tuple[str, str], set[str]] = {}
    for line in lines:
        source, to, port, sequence, payload = line.split("\t")
        found.setdefault((source, to), {})[int(sequence)] = bytes.fromhex(payload)
        ports.setdefault((source, to), set()).add(port)
    return {way: (b"".join(pieces[at] for at in sorted(pieces)), ports[way]) for way, pieces in found.items()}


@contextmanager
def capture(net: Network, link: str, path: Path) -> Iterator[None]:
    command = [
        "ip",
        "netns",
        "exec",
        net.gateway.name,
        "tcpdump",
        "--immediate-mode",
        "-B",
        "16384",  # KiB: nothing may be lost while the machine is busy
        "-U",
        "-i",
        link,
        "-w",
        str(path),
        "tcp",
    ]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        while "listening on" not in process.stderr.readline():
            assert process.poll() is None, "tcpdump ended"
        try:
            yield
        finally:
            deadline = time.monotonic() + PATIENCE
            size = -1
            while path.stat().st_size != size and time.monotonic() < deadline:
                size = path.stat().st_size
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(0.3)  # for what it has not written yet
            process.terminate()


@pytest.mark.skipif(
    not all(os.access(f"/usr/bin/{tool}", os.X_OK) for tool in ("tcpdump", "tshark")), reason="needs tcpdump and tshark"
)
def test_a_capture_on_both_sides_shows_the_same_addresses_and_octets(net: Network, tmp_path: Path) -> None:
    with (
        carrier(net) as server,
        proxy(net, tmp_path, "tproxy-closed", "client-ip-port"),
        capture(net, "to-plat", tmp_path / "plat.pcap"),
        capture(net, "to-carr", tmp_path / "carr.pcap"),
        bound(net, server) as (esme, smsc),
    ):
        for n in range(1, 200):
            frame = write.submit_sm(A, C, b"hello" * (n % 20), sequence=n)
            esme.send(frame)
            assert smsc.read() == frame
            smsc.send(write.pdu(pdu.SUBMIT_SM | RESPONSE, b"%d\0" % n, sequence=n))
            esme.read()
    near, far = captured(tmp_path / "plat.pcap"), captured(tmp_path / "carr.pcap")
    assert set(near) == {(PLATFORM, CARRIER), (CARRIER, PLATFORM)}
    assert near == far
    assert GATEWAY not in str(near)
    assert GATEWAY_TO_CARRIER not in str(far)


def test_the_one_capability_is_enough(net: Network, tmp_path: Path) -> None:
    """With CAP_NET_ADMIN and no other right it intercepts, and uses the platform's address."""
    prefix = ("setpriv", "--inh-caps", "-all,+net_admin", "--bounding-set", "-all,+net_admin")
    with (
        carrier(net) as server,
        proxy(net, tmp_path, "tproxy-closed", "client-ip-port", prefix=prefix) as process,
        bound(net, server) as (esme, smsc),
    ):
        status = Path(f"/proc/{process.worker_pid()}/status").read_text()
        assert "CapEff:\t0000000000001000" in status
        tell_the_story(esme, smsc)
