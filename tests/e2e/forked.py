"""Workers in processes forked from one that has everything imported already, so that many crashes fit in a test.

Each is a process of its own that opens the ledger anew.
"""

from __future__ import annotations

import multiprocessing
import os
import socket
import threading
from contextlib import suppress
from pathlib import Path

from proxy.config.load import load
from proxy.ledger.ledger import Ledger
from proxy.service.processes.channel import pair
from proxy.service.processes.messages import Connection, Order, Ready, Start, decode_news, encode
from tests.ledger.samples import Clock


def preloaded() -> multiprocessing.context.ForkServerContext:
    """What workers are forked from."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["proxy.service.processes.worker"])
    return context


def _serve(channel: socket.socket) -> None:
    """The child: one worker, as the supervisor runs it; nobody reads its log."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    from proxy.service.processes import worker

    worker.main(channel.detach())


class Forked:
    """A worker in a forked process, with the test for its supervisor."""

    def __init__(self, context: multiprocessing.context.ForkServerContext, path: Path, route: str = "test") -> None:
        self._route = route
        self._server = socket.create_server(("127.0.0.1", 0))
        self.address = self._server.getsockname()
        self._channel, theirs = pair()
        self.process = context.Process(target=_serve, args=(theirs,))
        self.process.start()
        theirs.close()
        with Ledger(path.parent / "store", Clock()) as ledger:
            mark = ledger.store.mark
        self._send(Start(load(path).model_dump_json(), 1, "", mark))
        lines = self._channel.makefile("rb")
        while not isinstance(decode_news(lines.readline()), Ready):
            pass
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self._accepting.start()
        self._drain = threading.Thread(target=self._drain_channel, daemon=True)
        self._drain.start()

    def _send(self, order: Order, *descriptors: int) -> None:
        socket.send_fds(self._channel, [encode(order)], descriptors)

    def _accept(self) -> None:
        number = 0
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            number += 1
            with connection, suppress(OSError):
                self._send(Connection(number, self._route), connection.fileno())

    def _drain_channel(self) -> None:
        with suppress(OSError):
            while self._channel.recv(65536):
                pass

    def kill(self) -> None:
        self.process.kill()
        self.process.join()
        self._drain.join()
        with suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        self._accepting.join()
        self._channel.close()
        self._server.close()
