"""How a process of the proxy is: its processor time, memory, file descriptors, and how late its event loop is."""

from __future__ import annotations

import os
import resource
import time
from pathlib import Path
from typing import NamedTuple

import trio

LOOK_EVERY = 0.1
"""Seconds between looks at how late the event loop is."""

_DESCRIPTORS = Path("/proc/self/fd")
_MEMORY = Path("/proc/self/statm")
_PAGE = os.sysconf("SC_PAGE_SIZE")


class Vitals(NamedTuple):
    """Of one process. ``lag``: by how many seconds its event loop was late at the most since the last report."""

    cpu: float
    resident: int
    descriptors: int
    most_descriptors: int
    lag: float
    lost_lines: int


class Lateness:
    """How late the event loop was."""

    def __init__(self) -> None:
        self._worst = 0.0
        self._before = 0.0

    async def watch(self) -> None:
        """Look at it until cancelled."""
        while True:
            due = trio.current_time() + LOOK_EVERY
            await trio.sleep_until(due)
            self._worst = max(self._worst, trio.current_time() - due)

    def worst(self) -> float:
        """The worst since the call before the last one: two who ask at once don't take it from each other."""
        found = max(self._worst, self._before)
        self._before, self._worst = self._worst, 0.0
        return found


def vitals(lateness: Lateness, lost_lines: int) -> Vitals:
    """Those of this process now; 0 for what this machine doesn't tell."""
    try:
        resident = int(_MEMORY.read_text("ascii").split()[1]) * _PAGE
        descriptors = _DESCRIPTORS.stat().st_size or len(os.listdir(_DESCRIPTORS))  # the size: since Linux 6.2
    except OSError:
        resident = descriptors = 0
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return Vitals(time.process_time(), resident, descriptors, most, lateness.worst(), lost_lines)
