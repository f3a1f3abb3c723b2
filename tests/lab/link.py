"""A bad link: two TUN devices in two network namespaces, and a thread that loses, delays, reorders or doubles packets.

What ``tc netem`` does, for kernels that are built without it.
"""

from __future__ import annotations

import fcntl
import heapq
import os
import random
import select
import struct
import threading
import time
from typing import NamedTuple, Self

_TUNSETIFF = 0x400454CA
_IFF_TUN, _IFF_NO_PI = 0x0001, 0x1000


class Badness(NamedTuple):
    """Shares are of packets; times in seconds."""

    loss: float = 0.0
    delay: float = 0.0
    jitter: float = 0.0
    """Up to so much more delay for each packet, whichever came first: they overtake one another."""
    doubled: float = 0.0


def open_tun(name: str) -> int:
    """A TUN device in the network namespace of this thread; its file descriptor."""
    descriptor = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(descriptor, _TUNSETIFF, struct.pack("16sH", name.encode(), _IFF_TUN | _IFF_NO_PI))
    return descriptor


class Link:
    """Carries packets between two devices, for as long as it is open."""

    def __init__(self, one: int, other: int, seed: int = 1) -> None:
        self.badness = Badness()
        self.carried = self.lost = self.overtaken = 0
        self._ends = {one: other, other: one}
        self._draw = random.Random(seed)
        self._stop, self._stopped = os.pipe()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        os.write(self._stopped, b"x")
        self._thread.join()
        for descriptor in (*self._ends, self._stop, self._stopped):
            os.close(descriptor)

    def _run(self) -> None:
        queue: list[tuple[float, int, int, bytes]] = []
        number = last = 0
        while True:
            wait = max(0.0, queue[0][0] - time.monotonic()) if queue else None
            ready, _, _ = select.select([*self._ends, self._stop], [], [], wait)
            if self._stop in ready:
                return
            for descriptor in ready:
                packet = os.read(descriptor, 65536)
                for _ in range(2 if self._draw.random() < self.badness.doubled else 1):
                    number += 1
                    if self._draw.random() < self.badness.loss:
                        self.lost += 1
                        continue
                    due = time.monotonic() + self.badness.delay + self._draw.random() * self.badness.jitter
                    heapq.heappush(queue, (due, number, self._ends[descriptor], packet))
            while queue and queue[0][0] <= time.monotonic():
                _, place, to, packet = heapq.heappop(queue)
                self.overtaken += place < last
                last = max(last, place)
                self.carried += 1
                os.write(to, packet)
