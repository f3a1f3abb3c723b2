"""The listening sockets: opened here, or handed to us by the service manager (sd_listen_fds(3))."""

from __future__ import annotations

import errno
import os
import socket
import stat
from collections.abc import Mapping

from proxy.net.endpoints import Endpoint

_FIRST = 3
"""The file descriptor of the first socket that a service manager hands over."""


class Inherited:
    """Sockets that the service manager opened, found by the name it gave them or by their address."""

    def __init__(self, environment: Mapping[str, str], pid: int) -> None:
        self._sockets: list[tuple[str, socket.socket]] = []
        self._taken: set[int] = set()
        self._unusable: list[str] = []
        count = environment.get("LISTEN_FDS", "")
        if environment.get("LISTEN_PID") != str(pid) or not count.isdigit():
            return
        names = environment.get("LISTEN_FDNAMES", "").split(":")
        for position in range(int(count)):
            name = names[position] if position < len(names) else ""
            try:
                os.set_inheritable(_FIRST + position, False)
                sock = socket.socket(fileno=_FIRST + position)
                is_listening = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
            except OSError:
                is_listening = 0
            if is_listening:
                self._sockets.append((name, sock))
            else:
                self._unusable.append(
                    f"{name or 'file descriptor'} {_FIRST + position} (is not a listening stream socket)"
                )

    def take(self, name: str, address: str) -> socket.socket | None:
        """The socket for this route (or ``admin``), if there is one; it may be taken again, and closed each time."""
        wants_unix = address.startswith("unix:")
        for position, (known, sock) in enumerate(self._sockets):
            is_unix = sock.family == socket.AF_UNIX
            if is_unix and not (wants_unix or name == "admin"):
                continue
            if known == name or _name_of(sock) == address:
                self._taken.add(position)
                return sock.dup()
        return None

    def rest(self) -> list[str]:
        """Those that nobody took, by name or address."""
        unused = [pair for position, pair in enumerate(self._sockets) if position not in self._taken]
        return [*self._unusable, *(name or _name_of(sock) for name, sock in unused)]


def _name_of(sock: socket.socket) -> str:
    return f"unix:{sock.getsockname()}" if sock.family == socket.AF_UNIX else str(address_of(sock))


def address_of(sock: socket.socket) -> Endpoint:
    """Where a socket really listens, which tells the port where 0 was asked for."""
    host, port = sock.getsockname()[:2]
    return Endpoint(host, port)


def open_listener(address: str) -> socket.socket:
    """Listen on ``host:port``. Raises ``OSError``."""
    host, port = Endpoint.parse(address)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.create_server((host, port), family=family, backlog=1024)
    sock.setblocking(False)
    return sock


def open_unix(path: str) -> socket.socket:
    """Listen on a Unix socket that only this user and group may connect to. Raises ``OSError``.

    A socket there that nobody listens on any more is replaced; anything else is left alone.
    """
    sock = socket.socket(socket.AF_UNIX)
    try:
        if os.path.lexists(path):
            _remove_if_left(path)
        sock.bind(path)
        os.chmod(path, 0o660)
        sock.listen(128)
    except BaseException:
        sock.close()
        raise
    return sock


def _remove_if_left(path: str) -> None:
    """Remove a socket that was left by a process that was killed; raises ``OSError`` if it is something else."""
    if not stat.S_ISSOCK(os.lstat(path).st_mode):
        raise OSError(errno.EEXIST, "there is a file that is not a socket")
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(path)
        except ConnectionRefusedError:
            os.unlink(path)
            return
    raise OSError(errno.EADDRINUSE, "another process listens there")
