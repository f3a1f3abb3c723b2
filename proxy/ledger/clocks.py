"""The ledger's two clocks: UTC, which may be set, and the time since the machine started, which nobody can set."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from proxy.ledger.tables.records import Moment


def since_boot() -> tuple[bytes, int]:
    """Which start of this machine it is, and the microseconds since then, sleep included."""
    return _boot(), time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1000


@cache
def _boot() -> bytes:
    try:
        return UUID(Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()).bytes
    except (OSError, ValueError):
        return bytes(16)


class Clocks(NamedTuple):
    """``utc`` gives UTC in microseconds, ``boot`` which start of the machine it is and for how long it has run."""

    utc: Callable[[], int]
    boot: Callable[[], tuple[bytes, int]] = since_boot

    def now(self) -> Moment:
        """The time, by both."""
        return Moment(self.utc(), *self.boot())
