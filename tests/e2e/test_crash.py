"""kill -9 at any instant: every STOP that reached the platform is in force afterwards (promises 2 and 3).

The proxy runs in processes forked from one that has everything imported already, so that two
hundred crashes fit in a test; each is a process of its own that opens the ledger anew.
"""

from __future__ import annotations

import random
import threading
from pathlib import Path

import pytest

from proxy.consent.numbers import Pair
from proxy.consent.rules import State
from proxy.ledger.ledger import Ledger
from proxy.simulator.process import ProxyProcess
from proxy.smpp import pdu, write
from tests.e2e.forked import Forked, preloaded
from tests.e2e.peers import A, BareSmsc, Esme, Peer, config
from tests.ledger.samples import Clock

KILLS = 200
BUSINESS = "+15551230001"


def consumer(number: int) -> str:
    return f"1555{number:07}"


def deliver_until_killed(proxy: Forked, bare: BareSmsc, first: int, kill_after: int, turns: int) -> list[int]:
    """A stream of STOPs from ever new consumers; returns those whose deliver_sm reached the platform.

    The kill comes ``turns`` turns of a busy loop after number ``kill_after`` arrived: at any
    instant of reading, committing or sending the ones behind it.
    """
    arrived: list[int] = []
    with Esme(proxy.address, bind=False) as esme, bare.accept_bind(esme) as smsc:
        stream = b"".join(
            write.deliver_sm(write.address(consumer(n)), A, b"STOP", sequence=n) for n in range(first, first + 300)
        )
        sender = threading.Thread(target=_send_all, args=(smsc, stream))
        sender.start()
        try:
            while True:
                frame = esme.read()
                _, command, _, number = pdu.HEADER.unpack_from(frame)
                if command == pdu.DELIVER_SM:
                    arrived.append(number)
                if len(arrived) == kill_after:
                    for _ in range(turns):
                        pass
                    proxy.kill()
        except (EOFError, OSError):
            pass
        sender.join()
    return arrived


def _send_all(smsc: Peer, stream: bytes) -> None:
    """In pieces, so that reads, commits and sends overlap."""
    try:
        for start in range(0, len(stream), 700):
            smsc.send(stream[start : start + 700])
    except OSError:
        pass  # the proxy is dead


@pytest.mark.timeout(1200)
def test_no_stop_that_reached_the_platform_is_lost(tmp_path: Path) -> None:
    random_ = random.Random(4711)
    context = preloaded()
    reached: list[int] = []
    with BareSmsc() as bare:
        path = config(tmp_path, bare.address)
        for kill in range(KILLS):
            proxy = Forked(context, path)
            arrived = deliver_until_killed(
                proxy, bare, kill * 1000 + 1, random_.randrange(1, 40), random_.randrange(100_000)
            )
            assert arrived
            assert_in_force(tmp_path / "store", arrived)
            reached += arrived
        with ProxyProcess(path) as whole, Esme(whole.address(), bind=False) as esme, bare.accept_bind(esme):
            for number in reached:
                assert esme.submit(destination=write.address(consumer(number))) == 0x0B
    print(f"{KILLS} kills, {len(reached)} STOPs had reached the platform, none lost")


def assert_in_force(store: Path, numbers: list[int]) -> None:
    """Every one of these consumers is opted out, in state and journal."""
    with Ledger(store, Clock()) as ledger:
        with ledger.reader() as consent:
            for number in numbers:
                assert consent.state(Pair(BUSINESS, "+" + consumer(number))) is State.OPTED_OUT, number
        journalled = {entry.pair.consumer for entry in ledger.journal.entries()}
        assert {"+" + consumer(number) for number in numbers} <= journalled
