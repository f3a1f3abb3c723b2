"""A cluster under load while machines fail: what platforms have seen holds, and in the end all nodes agree."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

import pytest

from proxy.simulator.cluster.members import Members
from proxy.smpp import write
from proxy.smpp.pdu import Address
from tests.cli.running import run
from tests.cluster.needing import need_etcd
from tests.e2e.cluster import LEASE, PASSED, REFUSED, TURNED_BACK, Gateways, freeze, say, submit, thaw
from tests.e2e.peers import Link
from tests.e2e.running import until

NAMES = ("one", "two", "three")
WITHIN = 1.5
"""Seconds in which other nodes see a resume."""


class Fleet:
    """Gateways that can be killed and started again; each is used by one thread at a time."""

    def __init__(self, gateways: Gateways) -> None:
        self._gateways = gateways
        self._links: dict[str, tuple[AbstractContextManager[Link], Link]] = {}
        self.locks = {name: threading.Lock() for name in NAMES}
        for name in NAMES:
            self.start(name)

    def start(self, name: str) -> None:
        context = self._gateways.start(name)
        self._links[name] = context, context.__enter__()

    def end(self, name: str, how: Callable[[Link], object]) -> None:
        """End a gateway while it is used, or not."""
        context, link = self._links[name]
        how(link)
        with self.locks[name]:
            context.__exit__(None, None, None)

    def link(self, name: str) -> Link:
        return self._links[name][1]

    def close(self) -> None:
        for name in NAMES:
            self.end(name, lambda link: link.proxy.kill())


class Consumer(threading.Thread):
    """Says STOP and START over any gateway, and looks at what submits over any gateway become."""

    def __init__(self, fleet: Fleet, number: int, seed: int, is_over: threading.Event) -> None:
        super().__init__(daemon=True)
        self._fleet = fleet
        self._random = random.Random(seed)
        self._address: Address = write.address(f"1555987{2000 + number}")
        self._is_over = is_over
        self.faults: list[str] = []
        self.acknowledged = 0

    def run(self) -> None:
        while not self._is_over.is_set():
            text = self._random.choice((b"STOP", b"START"))
            status = self._do(partial(say, text=text, consumer=self._address))
            if status == PASSED:
                self.acknowledged += 1
                self._check(text)
            elif status not in (TURNED_BACK, None):
                self.faults.append(f"{text!r} was answered {status}")

    def _check(self, text: bytes) -> None:
        """What was passed to a platform holds everywhere."""
        said = time.monotonic()
        for _ in range(3):
            sent = time.monotonic()
            status = self._do(lambda link: submit(link, self._address))
            if text == b"STOP" and status == PASSED:
                self.faults.append(f"{sent - said:.3f} s after the platform had seen the STOP a submit passed")
            if text == b"START" and status == REFUSED and sent - said > WITHIN:
                self.faults.append(f"{sent - said:.3f} s after START a submit was refused")

    def _do(self, what: Callable[[Link], int]) -> int | None:
        """Do this over some gateway; None if that was killed meanwhile, and nobody knows what it did."""
        name = self._random.choice(NAMES)
        with self._fleet.locks[name]:
            try:
                return what(self._fleet.link(name))
            except (OSError, EOFError, AssertionError):
                return None


@pytest.mark.timeout(240)
def test_what_a_platform_has_seen_holds_whatever_fails(tmp_path: Path) -> None:
    need_etcd()
    with Members(tmp_path / "etcd", 3) as members:
        gateways = Gateways(tmp_path, members.urls)
        fleet = Fleet(gateways)
        is_over = threading.Event()
        consumers = [Consumer(fleet, number, number, is_over) for number in range(6)]
        for consumer in consumers:
            consumer.start()
        try:
            # A rolling restart, each after the other.
            for name in NAMES[:2]:
                fleet.end(name, lambda link: link.proxy.stop())
                fleet.start(name)
            # Leaders that stand still for longer than the lease, one after another.
            for _ in range(2):
                leader = members.leader()
                members.freeze(leader)
                threading.Event().wait(LEASE + 1)
                members.thaw(leader)
            # A gateway that stands still, and one that is killed.
            pids = (fleet.link("three").proxy.pid, fleet.link("three").proxy.worker_pid())
            freeze(*pids)
            fleet.end("one", lambda link: link.proxy.kill())
            fleet.start("one")
            threading.Event().wait(LEASE)
            thaw(*pids)
            before = [consumer.acknowledged for consumer in consumers]
            until(lambda: all(now.acknowledged > then for now, then in zip(consumers, before, strict=True)))
        finally:
            is_over.set()
            for consumer in consumers:
                consumer.join(90)
        try:
            assert [fault for consumer in consumers for fault in consumer.faults] == []
            assert all(consumer.acknowledged for consumer in consumers)
            for name in NAMES:
                done = run("cluster", "verify", "--config", gateways.config(name))
                assert done.output.splitlines()[-1].endswith("0 differences"), done.output
                done = run("consent", "verify", "--config", gateways.config(name))
                assert done.exit_code == 0, done.output
        finally:
            fleet.close()
