"""A way to a server that can be cut in the ways in which networks are: refused, silent, deaf; and healed."""

from __future__ import annotations

import selectors
import socket
import threading
from typing import Literal, Self

Mode = Literal["open", "refused", "silent", "deaf"]
"""``silent``: nothing arrives. ``deaf``: what is sent arrives, no answer comes. What is held arrives in the end."""


class _Way:
    """One connection through it: two sockets, and what is held for each."""

    def __init__(self, client: socket.socket, server: socket.socket) -> None:
        self.ends = (client, server)
        self.held = [bytearray(), bytearray()]


class Forwarder:
    """Forwards to a URL's host and port; ``url`` is its own."""

    def __init__(self, target: str) -> None:
        host, port = target.removeprefix("http://").split(":")
        self._target = host, int(port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = "http://{}:{}".format(*self._listener.getsockname())
        self._mode: Mode = "open"
        self._lock = threading.Lock()
        self._ways: list[_Way] = []
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._listener, selectors.EVENT_READ, None)
        self._wake, self._woken = socket.socketpair()
        self._selector.register(self._woken, selectors.EVENT_READ, None)
        self._is_over = False
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def close(self) -> None:
        """End all connections through it."""
        self._is_over = True
        self._wake.send(b"x")
        self._thread.join()
        for way in self._ways:
            for end in way.ends:
                end.close()
        for sock in (self._listener, self._wake, self._woken):
            sock.close()
        self._selector.close()

    def set(self, mode: Mode) -> None:
        """Go by this from now on; what was held arrives when it is ``open`` again."""
        with self._lock:
            self._mode = mode
        self._wake.send(b"x")

    def _run(self) -> None:
        while not self._is_over:
            for key, _ in self._selector.select():
                if key.fileobj is self._woken:
                    self._woken.recv(100)
                elif key.fileobj is self._listener:
                    self._accept()
                else:
                    way, at = key.data
                    self._move(way, at)
            with self._lock:
                mode = self._mode
            for way in list(self._ways):
                if mode == "refused":
                    self._end(way)
                else:
                    self._release(way, mode)

    def _accept(self) -> None:
        client, _ = self._listener.accept()
        with self._lock:
            mode = self._mode
        if mode == "refused":
            client.close()
            return
        try:
            server = socket.create_connection(self._target, 5)
        except OSError:
            client.close()
            return
        way = _Way(client, server)
        self._ways.append(way)
        for at, end in enumerate(way.ends):
            self._selector.register(end, selectors.EVENT_READ, (way, at))

    def _move(self, way: _Way, at: int) -> None:
        if way not in self._ways:
            return
        try:
            data = way.ends[at].recv(65536)
        except OSError:
            data = b""
        if not data:
            self._end(way)
        else:
            way.held[1 - at] += data

    def _release(self, way: _Way, mode: Mode) -> None:
        for to in (0, 1):
            if way.held[to] and (mode == "open" or (mode == "deaf" and to == 1)):
                try:
                    way.ends[to].sendall(bytes(way.held[to]))
                except OSError:
                    self._end(way)
                    return
                way.held[to].clear()

    def _end(self, way: _Way) -> None:
        """Close both ends, unless something is still held for the server: that arrives when healed."""
        if way in self._ways:
            with self._lock:
                mode = self._mode
            if mode in ("silent", "deaf") and way.held[1]:
                return
            self._ways.remove(way)
            for end in way.ends:
                self._selector.unregister(end)
                end.close()
