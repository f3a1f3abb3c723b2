"""Ports that the demos take: whether they are free, and what to do if one isn't."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterable

from proxy.net.endpoints import Endpoint


def refuse_taken(addresses: Iterable[str]) -> None:
    """Raise ``OSError`` if one of these addresses (host:port) is taken."""
    for host, port in map(Endpoint.parse, addresses):
        with socket.socket() as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                tried.bind((host, port))
            except OSError as error:
                raise OSError(
                    f"{host}:{port} is used by another program ({os.strerror(error.errno or 0)}). End that program"
                    " (perhaps it is a demo that still runs), or play the demo with --once, which takes free ports."
                ) from error
