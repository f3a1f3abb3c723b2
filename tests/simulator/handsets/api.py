"""A client of the control API."""

from __future__ import annotations

import http.client
import json
from queue import Queue
from threading import Thread
from typing import Any

import trio

from proxy.simulator.handsets import control
from proxy.simulator.running import Running
from tests.e2e.peers import PATIENCE
from tests.simulator.esme import Client

A, B = "15551230001", "15559870001"


class Api:
    """A client of the control API."""

    def __init__(self, smsc: Running) -> None:
        self.smsc = smsc
        started: Queue[Any] = Queue()

        async def serve() -> None:
            with trio.CancelScope() as self.scope:
                async with trio.open_nursery() as nursery:
                    started.put(await nursery.start(control.serve, smsc.smsc, "127.0.0.1", 0, smsc.mms))

        self._thread = Thread(target=lambda: trio.from_thread.run(serve, trio_token=smsc.token))
        self._thread.start()
        self.address = started.get(timeout=PATIENCE)

    def close(self) -> None:
        self.smsc.token.run_sync_soon(self.scope.cancel)
        self._thread.join()

    def __call__(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        connection = http.client.HTTPConnection(self.address[0], self.address[1], timeout=PATIENCE)
        try:
            headers = {"Content-Type": "application/json"}
            connection.request(method, path, None if body is None else json.dumps(body), headers)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()


def mo(api: Api, client: Client, parts: int = 1, **more: Any) -> tuple[list[Any], Any]:
    """Send a message from B's handset; what the client got, and what the API said."""
    said: list[Any] = []
    thread = Thread(target=lambda: said.append(api("POST", "/v1/mo", {"source": B, "destination": A, **more})))
    thread.start()
    taken = [client.take_delivery() for _ in range(parts)]
    thread.join()
    return taken, said[0]
