"""Several gateways, one consent: real etcd members, real processes, and what becomes of them."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from proxy.consent.numbers import Pair
from proxy.consent.rules import State
from proxy.ledger.disk.environment import Access
from proxy.ledger.ledger import Ledger
from proxy.simulator.cluster.forwarder import Forwarder, Mode
from proxy.simulator.cluster.members import Members
from proxy.simulator.process import ProxyProcess
from proxy.smpp import pdu, write
from tests.cli.running import run
from tests.cluster.needing import need_etcd
from tests.e2e.asking import get, metric
from tests.e2e.cluster import (
    PASSED,
    REFUSED,
    TURNED_BACK,
    UNAVAILABLE,
    Gateways,
    cluster_status,
    freeze,
    reasons,
    say,
    submit,
    thaw,
    until_refusing,
    until_serving,
)
from tests.e2e.peers import A, BareSmsc, C, config, link
from tests.e2e.running import until

AB = Pair("+15551230001", "+15559870001")


@pytest.fixture(scope="module")
def members(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Members]:
    need_etcd()
    with Members(tmp_path_factory.mktemp("etcd"), 3) as found:
        yield found


@pytest.fixture
def gateways(tmp_path: Path, members: Members) -> Gateways:
    members.restore()
    return Gateways(tmp_path, members.urls)


def state_at(gateways: Gateways, name: str, pair: Pair = AB) -> State | None:
    with Ledger(gateways.store(name), lambda: 0, access=Access.READ) as ledger:
        record = ledger.pairs.record(pair)
        return record.state if record else None


@pytest.mark.timeout(180)
def test_the_story_of_two_gateways(gateways: Gateways, members: Members) -> None:
    with gateways.start("one") as one, gateways.start("two") as two:
        assert submit(two) == PASSED
        assert say(one, b"STOP") == 0
        assert [submit(two), submit(one)] == [REFUSED, REFUSED]
        assert say(two, b"START") == 0
        assert [submit(one), submit(two)] == [PASSED, PASSED]
        # The leader dies.
        leader = members.leader()
        members.kill(leader)
        assert say(one, b"STOP") == 0
        until_serving(one, two)
        assert [submit(two), submit(one)] == [REFUSED, REFUSED]
        # The majority is lost: nothing that may change consent is taken, and nothing is sent.
        other = (leader + 1) % 3
        members.kill(other)
        until_refusing(one)
        until_refusing(two)
        assert [submit(one, C), submit(two, C)] == [UNAVAILABLE, UNAVAILABLE]
        assert say(two, b"START") == TURNED_BACK
        assert say(one, b"hi there", C) == TURNED_BACK
        assert any("out of touch" in reason for reason in reasons(one.proxy))
        assert metric(two.proxy, "cluster_turned_back_total") >= 1
        # It returns.
        members.start(other)
        members.start(leader)
        members.wait()
        until_serving(one, two)
        assert [submit(one, C), submit(two)] == [PASSED, REFUSED]
        assert say(two, b"START") == 0
        assert submit(one) == PASSED
        seen = cluster_status(one.proxy)
        assert [(node["name"], node["state"]) for node in seen["nodes"]] == [("one", "serving"), ("two", "serving")]
        assert two.proxy.stop() == 0
        assert say(one, b"STOP") == 0  # nobody waits for one that has left
        assert one.proxy.stop() == 0
    assert state_at(gateways, "one") is State.OPTED_OUT


@pytest.mark.timeout(180)
def test_processes_that_stand_still_for_longer_than_the_lease_leak_nothing(gateways: Gateways) -> None:
    """Everything of a node, its worker, its supervisor: when it goes on, nothing from before is let pass."""
    with gateways.start("one") as one, gateways.start("two") as two:
        supervisor, worker = two.proxy.pid, two.proxy.worker_pid()
        for number, frozen in enumerate(((supervisor, worker), (worker,), (supervisor,))):
            consumer = write.address(f"1555987100{number}")
            assert submit(two, consumer) == PASSED
            freeze(*frozen)
            assert say(one, b"STOP", consumer) == 0  # passed to a platform, a lease later at the most
            two.esme.send(write.submit_sm(A, consumer, b"hello", sequence=70))
            thaw(*frozen)
            status = pdu.HEADER.unpack_from(two.esme.read())[2]  # nobody reads at the carrier: it was not passed on
            assert status in (REFUSED, UNAVAILABLE)
            until_serving(two)
            assert [submit(one, consumer), submit(two, consumer)] == [REFUSED, REFUSED]
        # Its supervisor is killed: the worker goes by the same clock until it has ended its sessions.
        os.kill(supervisor, signal.SIGKILL)
        assert say(one, b"STOP", C) == 0
        passed: list[bytes] = []
        with suppress(OSError, EOFError):
            two.esme.send(write.submit_sm(A, C, b"hello", sequence=80))
        with suppress(OSError, EOFError):
            while True:
                passed.append(two.smsc.read())
        assert pdu.SUBMIT_SM not in [pdu.HEADER.unpack_from(frame)[1] for frame in passed]


@pytest.mark.timeout(180)
@pytest.mark.parametrize("mode", ["refused", "silent", "deaf"])
def test_a_gateway_that_is_cut_off(gateways: Gateways, members: Members, mode: Mode) -> None:
    ways = [Forwarder(url) for url in members.urls]
    try:
        with gateways.start("one") as one, gateways.start("two", endpoints=[way.url for way in ways]) as two:
            assert say(one, b"STOP") == 0
            assert submit(two) == REFUSED
            for way in ways:
                way.set(mode)
            late: list[int] = []
            thread = threading.Thread(target=lambda: late.append(say(two, b"START")))
            thread.start()  # heard while it is cut off, before it knows
            assert say(one, b"STOP", C) == 0
            thread.join()
            assert late == [TURNED_BACK]
            until_refusing(two)
            assert [submit(two), submit(two, C)] == [UNAVAILABLE, UNAVAILABLE]
            assert say(two, b"hi", C) == TURNED_BACK
            submit(one)  # where the START arrived it is done at the store, and nobody here can know
            for way in ways:
                way.set("open")
            until_serving(two)
            until(lambda: [submit(one), submit(two)] == [REFUSED, REFUSED])  # it was turned back: it changes nothing
            assert submit(two, C) == REFUSED
            assert say(two, b"START") == 0  # offered again
            assert [submit(one), submit(two)] == [PASSED, PASSED]
    finally:
        for way in ways:
            way.close()


@pytest.mark.timeout(180)
def test_a_gateway_that_is_killed_and_one_that_is_wiped(gateways: Gateways) -> None:
    with gateways.start("one") as one:
        with gateways.start("two") as two:
            assert say(two, b"STOP") == 0
            two.proxy.kill()
            assert say(one, b"STOP", C) == 0  # waits for a lease at the most
            assert submit(one) == REFUSED
        with gateways.start("two") as two:
            assert [submit(two), submit(two, C)] == [REFUSED, REFUSED]
            assert two.proxy.stop() == 0
        shutil.rmtree(gateways.store("two"))
        with gateways.start("two") as two:
            assert [submit(two), submit(two, C)] == [REFUSED, REFUSED]
            one.proxy.kill()
            two.proxy.kill()
    with gateways.start("one") as one, gateways.start("two") as two:
        assert [submit(one), submit(two, C)] == [REFUSED, REFUSED]
        verified = run("cluster", "verify", "--config", gateways.config("one"))
        assert (verified.exit_code, verified.stdout) == (0, "2 pairs here; 0 differences\n")


@pytest.mark.timeout(180)
def test_commands_hold_at_all_nodes(gateways: Gateways, tmp_path: Path) -> None:
    with gateways.start("one") as one, gateways.start("two") as two:
        config = gateways.config("one")
        done = run("consent", "set", *AB, "opted_out", "--note", "by letter", "--config", config)
        assert done.exit_code == 0, done.output
        assert "in force at all nodes" in done.output
        assert [submit(one), submit(two)] == [REFUSED, REFUSED]
        listed = tmp_path / "list.csv"
        rows = "".join(f"15551230001,1555987{number:04}\n" for number in range(1000))
        listed.write_text(f"business,consumer\n{rows}")
        done = run("consent", "import", listed, "--config", config)
        assert done.exit_code == 0, done.output
        assert "1000 lines taken, 999 changed something" in done.output  # one is B, who was opted out
        assert submit(two, write.address("15559870777")) == REFUSED
        shown = run("cluster", "status", "--config", config, "--json")
        assert [line.count('"serving"') for line in shown.stdout.splitlines()] == [1, 1]
        verified = run("cluster", "verify", "--config", gateways.config("two"))
        assert (verified.exit_code, verified.output.splitlines()[-1]) == (0, "1000 pairs here; 0 differences")


@pytest.mark.timeout(180)
def test_a_gateway_that_cannot_reach_etcd_waits_and_says_so(gateways: Gateways, members: Members) -> None:
    with Forwarder(members.urls[0]) as way, BareSmsc() as smsc:
        way.set("refused")
        (gateways.folder / "one").mkdir()
        table = gateways.table("one", endpoints=[way.url])
        proxy = ProxyProcess(config(gateways.folder / "one", smsc.address, more=table, admin=True))
        try:
            until(lambda: any("waiting for the cluster's store" in reason for reason in reasons(proxy)))
            assert json.loads(get(proxy, "/readyz", expect=503))["status"] == "not ready"
            assert not [event for event in proxy.events if event["event"] == "listening"]
            way.set("open")
            proxy.wait_for("ready")
            assert reasons(proxy) == []
            assert proxy.stop() == 0
        finally:
            proxy.kill()


@pytest.mark.timeout(180)
def test_one_that_serves_when_cut_off_goes_on_by_what_it_knows(gateways: Gateways, members: Members) -> None:
    with (
        Forwarder(members.urls[0]) as way,
        gateways.start("one") as one,
        gateways.start("two", endpoints=[way.url], more='when_cut_off = "serve"') as two,
    ):
        assert say(one, b"STOP") == 0
        way.set("silent")
        assert say(one, b"STOP", C) == 0
        until_refusing(two)  # as its status says; what is submitted is decided by what is known here
        assert [submit(two), submit(two, C)] == [REFUSED, PASSED]
        assert say(two, b"START") == TURNED_BACK
        way.set("open")
        until_serving(two)
        assert submit(two, C) == REFUSED


@pytest.mark.timeout(180)
def test_a_single_machine_becomes_a_node(gateways: Gateways, members: Members, tmp_path: Path) -> None:
    with gateways.start("one") as one:
        (gateways.folder / "two").mkdir()
        with link(gateways.folder / "two") as alone:
            alone.stop()
        with BareSmsc() as smsc:
            path = config(gateways.folder / "two", smsc.address, more=gateways.table("two"), admin=True)
            proxy = ProxyProcess(path)
            try:
                until(lambda: any("1 pairs of this ledger are not known" in reason for reason in reasons(proxy)))
                assert submit(one) == PASSED
                done = run("cluster", "seed", "--config", path, "--dry-run")
                assert done.output == "1 pairs here, of which 1 would be brought in\n"
                done = run("cluster", "seed", "--config", path)
                assert done.output == "1 pairs here, 1 brought in; in force at all nodes\n"
                assert submit(one) == REFUSED
                proxy.wait_for("ready")
                assert run("cluster", "verify", "--config", path).output == "1 pairs here; 0 differences\n"
                assert "a live node at" in _second_of_its_name(gateways, tmp_path)
            finally:
                proxy.kill()


def _second_of_its_name(gateways: Gateways, tmp_path: Path) -> str:
    (tmp_path / "other").mkdir()
    path = config(tmp_path / "other", "127.0.0.1:1", more=gateways.table("two"))
    done = subprocess.run([sys.executable, "-m", "proxy", "run", path], capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    return done.stderr


@pytest.mark.timeout(180)
def test_the_demo_of_a_cluster_goes_as_it_is_told() -> None:
    need_etcd()
    command = [sys.executable, "-m", "proxy.simulator.demo", "--cluster", "--once"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=150)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "5. gateway-3 is back" in done.stdout
    assert "The story went as it should." in done.stdout
