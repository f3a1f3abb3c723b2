"""What a supervisor does at its start and now and then, beside its work."""

from __future__ import annotations

import resource
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import structlog
import trio

from proxy.service.processes.systemd import notify, watchdog_seconds

DAY = 86_400.0


def check_file_limit(sessions: int, workers: int) -> None:
    """Ask for as many file descriptors as we may have, which workers inherit, and say if that is too few."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and soft < hard:
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    needed = 2 * sessions // workers + 100
    if hard != resource.RLIM_INFINITY and hard < needed:
        structlog.get_logger().warning(
            "file_limit_low",
            limit=hard,
            needed=needed,
            do="raise LimitNOFILE= (systemd) or ulimit -n, or lower limits.sessions",
        )


async def tell_watchdog() -> None:
    """Tell the service manager that we live, if it wants to know; until cancelled."""
    if interval := watchdog_seconds():
        while True:
            notify("WATCHDOG=1")
            await trio.sleep(interval)


async def keep_journal_short(days: Callable[[], int], config: Path) -> None:
    """Once a day, where the settings say how many days it is kept, in a process of its own: it looks at every pair."""
    while True:
        if days():
            command = [sys.executable, "-m", "proxy", "journal", "prune", "--config", str(config)]
            try:
                done = await trio.run_process(command, check=False, capture_stdout=True, capture_stderr=True)
                status, said = done.returncode, (done.stdout or done.stderr).decode(errors="replace").strip()[-500:]
            except OSError as error:
                status, said = -1, str(error)
            structlog.get_logger().log(40 if status else 20, "journal_pruned", status=status, said=said)
        await trio.sleep(DAY)
