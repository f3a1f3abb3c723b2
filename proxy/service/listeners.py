"""The listening sockets: opened here, or handed to us by the service manager (sd_listen_fds(3))."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping

from proxy.config import endpoint
from proxy.relay.network import Endpoint

_FIRST = 3
"""The file descriptor of the first socket that a service manager hands over."""


class Inherited:
    """Sockets that the service manager opened, found by the name it gave them or by their address."""

    def __init__(self, environment: Mapping[str, str], pid: int) -> None:
        self._sockets: list[tuple[str, socket.socket]] = []
        if environment.get("LISTEN_PID") != str(pid):
            return
        names = environment.get("LISTEN_FDNAMES", "").split(":")
        for position in range(int(environment.get("LISTEN_FDS", "0"))):
            os.set_inheritable(_FIRST + position, False)
            sock = socket.socket(fileno=_FIRST + position)
            self._sockets.append((names[position] if position < len(names) else "", sock))

    def take(self, name: str, address: str) -> socket.socket | None:
        """The socket for this route (or ``admin``), if there is one."""
        for known, sock in self._sockets:
            if known == name or (sock.family != socket.AF_UNIX and str(address_of(sock)) == address):
                self._sockets.remove((known, sock))
                return sock
        return None

    def rest(self) -> list[str]:
        """Those that nobody took, by name or address."""
        return [name or str(sock.getsockname()) for name, sock in self._sockets]


def address_of(sock: socket.socket) -> Endpoint:
    """Where a socket really listens, which tells the port where 0 was asked for."""
    host, port = sock.getsockname()[:2]
    return Endpoint(host, port)


def open_listener(address: str) -> socket.socket:
    """Listen on ``host:port``. Raises ``OSError``."""
    host, port = endpoint(address)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.create_server((host, port), family=family, backlog=1024)
    sock.setblocking(False)
    return sock


def open_unix(path: str) -> socket.socket:
    """Listen on a Unix socket that only this user and group may connect to. Raises ``OSError``."""
    sock = socket.socket(socket.AF_UNIX)
    try:
        if os.path.exists(path):
            os.unlink(path)  # left by a process that was killed
        sock.bind(path)
        os.chmod(path, 0o660)
        sock.listen(128)
    except BaseException:
        sock.close()
        raise
    return sock
