"""Captures: what workers tell of them, gathered for whoever asked, bounded in octets and time, and journalled."""

from __future__ import annotations

import base64
import math
from collections.abc import AsyncGenerator, Callable, Iterable
from contextlib import aclosing
from dataclasses import dataclass, field
from importlib.metadata import version
from itertools import count

import trio

from proxy.ledger.ledger import Ledger
from proxy.net.captures import Capture
from proxy.net.pcapng import beginning
from proxy.service.processes.messages import Captured, EndCapture
from proxy.service.processes.worker_process import WorkerProcess

MOST = 4
"""Captures at once."""

MOST_SECONDS = 3600.0
MOST_OCTETS = 64 * 1024 * 1024

BEGINNING = beginning(f"consent-proxy {version('smpp-consent-proxy')}")
"""What each capture begins with, before any PDU."""


class TooManyCaptures(Exception):
    """There are ``MOST`` already."""


@dataclass
class _Going:
    """A capture that goes on: what workers were told, which of them know it, and where its records go."""

    order: Capture
    sending: trio.MemorySendChannel[bytes]
    left: int
    """Octets that it may still have; none once it is full at a worker or here, and then it is over."""
    told: set[int] = field(default_factory=set)


class Capturing:
    """The captures of a proxy. ``workers`` gives all workers now."""

    def __init__(self, ledger: Ledger, workers: Callable[[], Iterable[WorkerProcess]]) -> None:
        self._ledger = ledger
        self._workers = workers
        self._numbers = count(1)
        self._going: dict[int, _Going] = {}

    async def capture(
        self, evidence: dict[str, str], seconds: float, octets: int, *, session: str = "", system_id: str = "",
        business: str = "", consumer: str = "",
    ) -> AsyncGenerator[bytes, None]:  # fmt: skip
        """A capture as pcapng, piece by piece, from now on; it ends after so many seconds or octets, or when closed.

        Wanted is a session by its id, or all of a system_id, or a pair (canonical numbers). Raises
        ``TooManyCaptures``, and ``LedgerError`` if it can't be journalled: then nothing is captured.
        """
        if len(self._going) >= MOST:
            raise TooManyCaptures(f"there are {MOST} captures already; wait until one has ended")
        number = next(self._numbers)
        order = Capture(number, session, system_id, business, consumer, octets)
        sending, receiving = trio.open_memory_channel[bytes](math.inf)  # bounded by the octets
        going = self._going[number] = _Going(order, sending, octets)
        try:
            await trio.to_thread.run_sync(self._ledger.journal.note_capture, evidence)
            for worker in self._workers():
                self._tell(worker, going)
            yield BEGINNING
            deadline = trio.current_time() + seconds
            async with aclosing(_until(deadline, receiving)) as records:
                async for record in records:
                    yield record
        finally:
            del self._going[number]
            for worker in self._workers():
                worker.tell(EndCapture(number))

    def take(self, captured: Captured) -> None:
        """A worker tells something of a capture."""
        going = self._going.get(captured.number)
        if going is None or going.left < 0:
            return
        record = base64.b64decode(captured.record)
        going.left = going.left - len(record) if record else -1
        if going.left < 0:
            going.sending.close()
        else:
            going.sending.send_nowait(record)

    def ensure(self, worker: WorkerProcess) -> None:
        """A worker that may have come later has a connection: have it tell of captures too."""
        for going in self._going.values():
            self._tell(worker, going)

    def _tell(self, worker: WorkerProcess, going: _Going) -> None:
        if worker.number not in going.told:
            going.told.add(worker.number)
            worker.tell(going.order)


async def _until(deadline: float, records: trio.MemoryReceiveChannel[bytes]) -> AsyncGenerator[bytes, None]:
    while True:
        with trio.move_on_at(deadline):
            try:
                record = await records.receive()
            except trio.EndOfChannel:
                return
        if trio.current_time() >= deadline:
            return
        yield record
