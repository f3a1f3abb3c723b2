"""A connection to the admin HTTP of a running proxy."""

from __future__ import annotations

import http.client
import socket

from proxy.config.schema import AdminTable
from proxy.net.endpoints import Endpoint

PATIENCE = 10.0
"""Seconds to wait for the proxy's answer."""


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=PATIENCE)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(PATIENCE)
        self.sock.connect(self._path)


def connection_to(admin: AdminTable) -> http.client.HTTPConnection:
    """A connection to where the settings have it; it is made with the first request."""
    if admin.listen.startswith("unix:"):
        return _UnixConnection(admin.listen.removeprefix("unix:"))
    return http.client.HTTPConnection(*Endpoint.parse(admin.listen), timeout=PATIENCE)
