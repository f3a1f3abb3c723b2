"""Peers for tests with real processes: a configuration, a plain blocking ESME, and a bare SMSC."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from proxy.simulator.process import ProxyProcess
from proxy.smpp import pdu, write
from proxy.smpp.pdu import RESPONSE, Address

PATIENCE = 60.0

A, B, C = write.address("15551230001"), write.address("15559870001"), write.address("15559870002")


def config(folder: Path, carrier: str, *, more: str = "", admin: bool = False) -> Path:
    """A configuration with free ports and a store in ``folder``; ``more`` is appended."""
    path = folder / f"{carrier.rpartition(':')[2]}.toml"
    path.write_text(
        f'[[route]]\nname = "test"\nlisten = "127.0.0.1:0"\ncarrier = ["{carrier}"]\n'
        f'[store]\npath = "{folder / "store"}"\n' + ('[admin]\nlisten = "127.0.0.1:0"\n' if admin else "") + more
    )
    return path


class Peer:
    """One end of an SMPP connection that does nothing by itself."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.sock.settimeout(PATIENCE)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.sock.close()

    def send(self, data: bytes) -> None:
        self.sock.sendall(data)

    def read_exactly(self, size: int) -> bytes:
        """The next octets; raises ``EOFError`` if the connection ends before."""
        data = bytearray()
        while len(data) < size:
            chunk = self.sock.recv(size - len(data))
            if not chunk:
                raise EOFError(f"closed after {len(data)} of {size} octets")
            data += chunk
        return bytes(data)

    def read(self) -> bytes:
        """The next PDU."""
        length = self.read_exactly(4)
        return length + self.read_exactly(int.from_bytes(length, "big") - 4)

    def read_all(self) -> bytes:
        """Everything until the other end closes (or resets)."""
        data = bytearray()
        try:
            while chunk := self.sock.recv(65536):
                data += chunk
        except ConnectionResetError:
            pass
        return bytes(data)

    def ask(self, frame: bytes) -> tuple[int, int, int]:
        """Send a request, return command_id, status and sequence_number of the next PDU."""
        self.send(frame)
        _, command, status, sequence = pdu.HEADER.unpack_from(self.read())
        return command, status, sequence


class Esme(Peer):
    """A client that binds when it is made."""

    def __init__(self, address: tuple[str, int], *, bind: bool = True, source: str = "") -> None:
        super().__init__(socket.create_connection(address, PATIENCE, source_address=(source, 0) if source else None))
        if bind:
            assert self.ask(write.bind("platform", "hunter2")) == (pdu.BIND_TRANSCEIVER | RESPONSE, 0, 1)

    def submit(self, source: Address = A, destination: Address = B, *, sequence: int = 7) -> int:
        """Submit a message, return the status that answers it."""
        command, status, answered = self.ask(write.submit_sm(source, destination, b"hello", sequence=sequence))
        assert (command, answered) == (pdu.SUBMIT_SM | RESPONSE, sequence)
        return status

    def take(self) -> bytes:
        """The next deliver_sm, which is acknowledged."""
        frame = self.read()
        _, command, _, sequence = pdu.HEADER.unpack_from(frame)
        assert command == pdu.DELIVER_SM, pdu.command_name(command)
        self.send(write.pdu(command | RESPONSE, b"\0", sequence=sequence))
        return frame


class BareSmsc:
    """A listening socket whose connections the test plays by hand."""

    def __init__(self) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self._server.settimeout(PATIENCE)
        self.address = "{}:{}".format(*self._server.getsockname())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def close(self) -> None:
        """Take no more connections."""
        self._server.close()

    def accept(self) -> Peer:
        return Peer(self._server.accept()[0])

    def accept_bind(self, esme: Esme, system_id: str = "platform") -> Peer:
        """Have ``esme`` bind, and accept that as the SMSC."""
        esme.send(write.bind(system_id, "hunter2"))
        peer = self.accept()
        peer.read()
        peer.send(write.pdu(pdu.BIND_TRANSCEIVER | RESPONSE, b"smsc\0"))
        esme.read()
        return peer


class Link:
    """A proxy process with both of its ends in the test's hands, bound."""

    def __init__(self, proxy: ProxyProcess, esme: Esme, smsc: Peer, bare: BareSmsc) -> None:
        self.proxy = proxy
        self.esme = esme
        self.smsc = smsc
        self.bare = bare

    def deliver(self, frame: bytes) -> int:
        """The SMSC delivers ``frame``; returns the status it is answered with, by whom ever."""
        self.smsc.send(frame)
        return int(pdu.HEADER.unpack_from(self.smsc.read())[2])

    def deliver_and_take(self, frame: bytes) -> None:
        """The SMSC delivers ``frame``, and the platform takes it."""
        self.smsc.send(frame)
        self.esme.take()
        self.smsc.read()

    def stop(self, sequence: int = 3) -> None:
        """B says STOP to A, and the platform takes it."""
        self.deliver_and_take(write.deliver_sm(B, A, b"STOP", sequence=sequence))


@contextmanager
def link(folder: Path, *, more: str = "", admin: bool = False, prefix: tuple[str, ...] = ()) -> Iterator[Link]:
    """Start a proxy and bind one session through it."""
    with (
        BareSmsc() as bare,
        ProxyProcess(config(folder, bare.address, more=more, admin=admin), prefix=prefix) as proxy,
        Esme(proxy.address(), bind=False) as esme,
        bare.accept_bind(esme) as smsc,
    ):
        yield Link(proxy, esme, smsc, bare)
