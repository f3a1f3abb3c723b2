"""A cluster of real processes: etcd members, and gateways whose ends are in the test's hands."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from proxy.simulator.process import ProxyProcess
from proxy.smpp import pdu, write
from tests.e2e.asking import get
from tests.e2e.peers import A, B, Esme, Link, link

LEASE = 3
REFUSED, UNAVAILABLE = 0x0B, 0x14

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

    @contextmanager
    def start(self, name: str, *, endpoints: Sequence[str] | None = None, more: str = "") -> Iterator[Link]:
        """A gateway that serves, with one session through it."""
        (self.folder / name).mkdir(exist_ok=True)
        with link(self.folder / name, more=self.table(name, endpoints=endpoints, more=more), admin=True) as found:
            yield found


def is_ready(proxy: ProxyProcess) -> bool:
    """Whether a gateway serves."""
    return bool(json.loads(get(proxy, "/status"))["ready"])


def submit(link: Link, sequence: int = 7) -> int:
    """The status of A's message to B, the carrier taking whatever reaches it."""
    esme: Esme = link.esme
    esme.send(write.submit_sm(A, B, b"hello", sequence=sequence))
    link.esme.sock.settimeout(0.05)
    try:
        answer = esme.read()
    except TimeoutError:
        link.smsc.read()
        link.smsc.send(write.pdu(pdu.SUBMIT_SM | pdu.RESPONSE, b"id\0", sequence=sequence))
        link.esme.sock.settimeout(60)
        answer = esme.read()
    finally:
        link.esme.sock.settimeout(60)
    _, command, status, answered = pdu.HEADER.unpack_from(answer)
    assert (command, answered) == (pdu.SUBMIT_SM | pdu.RESPONSE, sequence)
    return int(status)
