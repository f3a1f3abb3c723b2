"""A cluster of real processes: etcd members, and gateways whose ends are in the test's hands."""

from __future__ import annotations

import json
import os
import select
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from proxy.simulator.process import ProxyProcess
from proxy.smpp import pdu, write
from proxy.smpp.pdu import RESPONSE, Address
from tests.e2e.asking import get
from tests.e2e.peers import PATIENCE, A, B, Link, link
from tests.e2e.running import until

LEASE = 3
PASSED, REFUSED, UNAVAILABLE, TURNED_BACK = 0, 0x0B, 0x14, 0x64

_namespaces = count(1)


class Gateways:
    """Gateways of one cluster, in folders of their own under ``folder``."""

    def __init__(self, folder: Path, endpoints: Sequence[str]) -> None:
        self.folder = folder
        self.endpoints = endpoints
        self.namespace = f"e2e-{next(_namespaces)}"

    def table(self, name: str, *, endpoints: Sequence[str] | None = None, lease: int = LEASE, more: str = "") -> str:
        """``[cluster]`` of a gateway, and short waits."""
        urls = json.dumps(list(endpoints or self.endpoints))
        return (
            f'[limits]\nclose_timeout = 0.2\ndrain_timeout = 1\n[cluster]\nengine = "etcd"\nendpoints = {urls}\n'
            f'name = "{name}"\nnamespace = "{self.namespace}"\nlease = {lease}\n{more}\n'
        )

    def store(self, name: str) -> Path:
        """The folder of a gateway's ledger."""
        return self.folder / name / "store"

    def config(self, name: str) -> Path:
        """The configuration of a gateway that was started."""
        return next((self.folder / name).glob("*.toml"))

    @contextmanager
    def start(self, name: str, *, endpoints: Sequence[str] | None = None, more: str = "") -> Iterator[Link]:
        """A gateway that serves, with one session through it."""
        (self.folder / name).mkdir(exist_ok=True)
        for old in (self.folder / name).glob("*.toml"):
            old.unlink()
        with link(self.folder / name, more=self.table(name, endpoints=endpoints, more=more), admin=True) as found:
            yield found


def reasons(proxy: ProxyProcess) -> list[str]:
    """Why a gateway doesn't serve."""
    found: list[str] = json.loads(get(proxy, "/status"))["reasons"]
    return found


def cluster_status(proxy: ProxyProcess) -> dict[str, Any]:
    """The cluster as a gateway sees it."""
    found: dict[str, Any] = json.loads(get(proxy, "/status"))["cluster"]
    return found


def until_serving(*links: Link) -> None:
    """Wait until these serve."""
    for each in links:
        until(lambda each=each: cluster_status(each.proxy)["serving"])


def until_refusing(link: Link) -> None:
    """Wait until a gateway knows that it is out of touch."""
    until(lambda: not cluster_status(link.proxy)["serving"])


def submit(link: Link, consumer: Address = B, *, sequence: int = 7) -> int:
    """The status of A's message to a consumer, the carrier taking whatever reaches it."""
    link.esme.send(write.submit_sm(A, consumer, b"hello", sequence=sequence))
    ready, _, _ = select.select([link.esme.sock, link.smsc.sock], [], [], PATIENCE)
    if link.smsc.sock in ready:
        frame = link.smsc.read()
        assert pdu.HEADER.unpack_from(frame)[1] == pdu.SUBMIT_SM
        link.smsc.send(write.pdu(pdu.SUBMIT_SM | RESPONSE, b"id\0", sequence=sequence))
    _, command, status, answered = pdu.HEADER.unpack_from(link.esme.read())
    assert (command, answered) == (pdu.SUBMIT_SM | RESPONSE, sequence)
    return int(status)


def say(link: Link, text: bytes, consumer: Address = B, *, sequence: int = 3) -> int:
    """A consumer says this to A, and the platform takes it if it comes; the status that the carrier gets."""
    link.smsc.send(write.deliver_sm(consumer, A, text, sequence=sequence))
    ready, _, _ = select.select([link.esme.sock, link.smsc.sock], [], [], PATIENCE)
    assert ready
    if link.esme.sock in ready:
        link.esme.take()
    _, command, status, answered = pdu.HEADER.unpack_from(link.smsc.read())
    assert (command, answered) == (pdu.DELIVER_SM | RESPONSE, sequence)
    return int(status)


def freeze(*pids: int) -> None:
    """Stop processes in the middle of what they do."""
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)


def thaw(*pids: int) -> None:
    """Have them go on."""
    for pid in pids:
        os.kill(pid, signal.SIGCONT)
