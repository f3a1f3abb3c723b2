"""A carrier, the proxy and a platform on the hosts of the lab, and a session between them."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from proxy.simulator.process import ProxyProcess
from proxy.smpp import pdu, write
from proxy.smpp.pdu import RESPONSE
from tests.e2e.peers import PATIENCE, A, B, C, Esme, Peer
from tests.lab.network import CARRIER, CARRIER6, PORT, Network


@contextmanager
def carrier(net: Network, *, six: bool = False) -> Iterator[socket.socket]:
    """The SMSC's listening socket."""
    with net.carrier:
        family = socket.AF_INET6 if six else socket.AF_INET
        server = socket.create_server((CARRIER6 if six else CARRIER, PORT), family=family)
    with server:
        server.settimeout(PATIENCE)
        yield server


@contextmanager
def proxy(net: Network, folder: Path, mode: str, source: str, **given: Any) -> Iterator[ProxyProcess]:
    """The proxy on the gateway, with the rules of ``mode`` in place."""
    keys = given.pop("keys", "")
    path = settings(folder, mode, source, six=given.pop("six", False), more=given.pop("more", ""), keys=keys)
    net.insert(mode)
    with net.gateway:
        process = ProxyProcess(path, **given)
        process.__enter__()
    with process:
        yield process


def settings(folder: Path, mode: str, source: str, *, six: bool = False, more: str = "", keys: str = "") -> Path:
    path = folder / "proxy.toml"
    path.write_text(
        f'[[route]]\nname = "lab"\nlisten = "{"[::]" if six else "0.0.0.0"}:{PORT}"\ncarrier = "original"\n'
        f'mode = "{mode.partition("-")[0]}"\nsource = "{source}"\n{keys}[store]\npath = "{folder / "store"}"\n{more}'
    )
    return path


def dial(net: Network, *, six: bool = False) -> Esme:
    """The platform connects to the carrier's address."""
    with net.platform:
        return Esme((CARRIER6 if six else CARRIER, PORT), bind=False)


@contextmanager
def bound(net: Network, server: socket.socket, *, six: bool = False) -> Iterator[tuple[Esme, Peer]]:
    """A session through the gateway, bound."""
    with dial(net, six=six) as esme:
        esme.send(write.bind("platform", "hunter2"))
        with Peer(server.accept()[0]) as smsc:
            smsc.read()
            smsc.send(write.pdu(pdu.BIND_TRANSCEIVER | RESPONSE, b"smsc\0"))
            assert pdu.HEADER.unpack_from(esme.read())[2] == 0
            yield esme, smsc


def submit_passes(esme: Esme, smsc: Peer, consumer: pdu.Address) -> None:
    """A message reaches the carrier as it was sent, and its answer the platform."""
    submit = write.submit_sm(A, consumer, b"hello", sequence=7)
    esme.send(submit)
    assert smsc.read() == submit
    answer = write.pdu(pdu.SUBMIT_SM | RESPONSE, b"1\0", sequence=7)
    smsc.send(answer)
    assert esme.read() == answer


def tell_the_story(esme: Esme, smsc: Peer) -> None:
    """A STOP is heard, and from then on holds."""
    submit_passes(esme, smsc, B)
    stop = write.deliver_sm(B, A, b"STOP", sequence=3)
    smsc.send(stop)
    assert esme.take() == stop
    assert pdu.HEADER.unpack_from(smsc.read())[1] == pdu.DELIVER_SM | RESPONSE
    assert esme.submit(A, B, sequence=8) == 0x0B
    submit_passes(esme, smsc, C)
