"""Every PDU of a simulator in a file for Wireshark, as ``consent-proxy capture`` writes those of the proxy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from proxy.net.endpoints import Endpoint
from proxy.net.pcapng import Interface, beginning, record
from proxy.simulator.smsc.connection import Seen
from proxy.simulator.smsc.smsc import Smsc
from proxy.smpp.blank import blanked

MOST_OCTETS = 1 << 30
"""Octets of a file: behind them nothing more is written."""

_NOWHERE = Endpoint("0.0.0.0", 0)


@contextmanager
def capturing(path: Path, smsc: Smsc) -> Iterator[Callable[[Seen], None]]:
    """Write what the function is called with into this file while the context lasts; raises ``OSError``.

    Each PDU is in the file when the function returns.
    """
    with path.open("wb", buffering=0) as out:
        written = out.write(beginning("consent-proxy simulate")) or 0

        def note(seen: Seen) -> None:
            nonlocal written
            if written >= MOST_OCTETS:
                return
            connection = smsc.connections[seen.connection]
            client = Endpoint.parse(connection.peer) if connection.peer else _NOWHERE
            ours = Endpoint(*smsc.address) if smsc.address[0] else _NOWHERE
            ends = (client, ours) if seen.direction == "in" else (ours, client)
            comment = f"connection {seen.connection}"
            octets = record(Interface.PLATFORM, int(seen.time * 1e6), *ends, blanked(seen.frame), comment)
            written += out.write(octets) or 0

        yield note
