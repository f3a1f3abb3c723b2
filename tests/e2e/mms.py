"""A proxy with routes of MM7, as a process."""

from __future__ import annotations

import socket
from pathlib import Path

from proxy.mm7.http import HttpMessage, HttpReader
from proxy.simulator.running import Running
from tests.e2e.peers import PATIENCE

Address = tuple[str, int]


def mms_config(
    folder: Path, mmsc: Address, vasp: Address, *, smsc: Address | None = None, keys: str = "", more: str = ""
) -> Path:
    """A configuration with free ports; ``keys`` are more of each MM7 route, ``more`` is appended."""
    out, in_ = (f'carrier = ["{host}:{port}"]' for host, port in (mmsc, vasp))
    sms = f'[[route]]\nname = "sms"\nlisten = "127.0.0.1:0"\ncarrier = ["{smsc[0]}:{smsc[1]}"]\n' if smsc else ""
    path = folder / "mms.toml"
    path.write_text(
        f'{sms}[[route]]\nname = "mms-out"\nprotocol = "mm7"\nlisten = "127.0.0.1:0"\n{out}\n{keys}\n'
        f'[[route]]\nname = "mms-in"\nprotocol = "mm7"\ndirection = "outbind"\nlisten = "127.0.0.1:0"\n{in_}\n{keys}\n'
        f'[store]\npath = "{folder / "store"}"\n[admin]\nlisten = "127.0.0.1:0"\n{more}'
    )
    return path


def config_of(folder: Path, simulator: Running, *, keys: str = "", more: str = "") -> Path:
    """The same in front of a simulator with an MMSC, a platform and an SMSC."""
    assert simulator.mms is not None
    smsc = (simulator.host, simulator.port)
    return mms_config(folder, simulator.mms.mmsc.address, simulator.mms.vasp.address, smsc=smsc, keys=keys, more=more)


def ask(address: Address, octets: bytes) -> HttpMessage | None:
    """Send a request over a connection of its own, and its answer; None if it was closed instead."""
    reader = HttpReader("POST")
    with socket.create_connection(address, timeout=PATIENCE) as sock:
        sock.sendall(octets)
        while data := sock.recv(65536):
            if (message := reader.feed(data)) is not None:
                return message
    return reader.end()
