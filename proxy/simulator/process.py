"""The proxy as a process of its own, for the demo and for tests: started, listened to, and ended."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any, Self

from proxy.net.endpoints import Endpoint

PATIENCE = 60.0
"""Seconds to wait for a line that must come; only ever used up when something is broken."""


class ProxyProcess:
    """``consent-proxy run CONFIG``; as a context manager it is ready inside and gone outside.

    ``events`` has its log lines so far. Raises ``RuntimeError`` with the log if it doesn't start.
    """

    def __init__(
        self,
        config: Path,
        *,
        env: Mapping[str, str] | None = None,
        prefix: tuple[str, ...] = (),
        pass_fds: tuple[int, ...] = (),
    ) -> None:
        """``prefix``: a command to run it under, such as ``prlimit``."""
        self.events: list[dict[str, Any]] = []
        self._changed = threading.Condition()
        self._is_over = False
        self._is_followed = True
        """Whether log lines are kept; one that runs for days would fill the memory with them."""
        self._process = subprocess.Popen(
            [*prefix, sys.executable, "-m", "proxy", "run", str(config)],
            stderr=subprocess.PIPE,
            text=True,
            env=env,
            start_new_session=True,
            pass_fds=pass_fds,
        )
        self._thread = threading.Thread(target=self._read_log, daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        try:
            self.wait_for("ready")
        except BaseException:
            self.kill()
            raise
        return self

    def __exit__(self, *exc_info: object) -> None:
        if self._process.poll() is None:
            self.kill()

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._process.pid

    def worker_pid(self) -> int:
        """The number of its first worker process."""
        pid: int = self.wait_for("worker_ready")["pid"]
        return pid

    def address(self, route: str | None = None) -> tuple[str, int]:
        """Where a route listens (the only one, if none is named)."""
        event = self.wait_for("listening", lambda e: route is None or e["route"] == route)
        return Endpoint.parse(event["address"])

    def admin_address(self) -> tuple[str, int]:
        """Where the admin HTTP listens."""
        return Endpoint.parse(self.wait_for("admin_listening")["address"])

    def wait_for(self, event: str, condition: Callable[[dict[str, Any]], bool] = lambda _: True) -> dict[str, Any]:
        """The first log line of this event that meets the condition; raises ``RuntimeError`` if none comes."""
        return self.wait_for_another(event, 0, condition)

    def wait_for_another(
        self, event: str, seen: int, condition: Callable[[dict[str, Any]], bool] = lambda _: True
    ) -> dict[str, Any]:
        """Like ``wait_for``, behind the ``seen`` lines that there were already."""

        def found() -> dict[str, Any] | None:
            lines = (e for e in self.events if e["event"] == event and condition(e))
            return next(islice(lines, seen, None), None)

        with self._changed:
            self._changed.wait_for(lambda: found() or self._is_over, timeout=PATIENCE)
            line = found()
        if line is None:
            log = "\n".join(map(str, self.events))
            raise RuntimeError(f"the proxy did not log {event!r}; its log:\n{log}")
        return line

    def send_signal(self, number: signal.Signals) -> None:
        """Send the process a signal."""
        self._process.send_signal(number)

    def stop(self) -> int:
        """Send SIGTERM and wait; returns the exit status."""
        self.send_signal(signal.SIGTERM)
        return self.wait()

    def kill(self) -> int:
        """Send SIGKILL to all its processes and wait; returns the exit status."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        return self.wait()

    def wait(self) -> int:
        """Wait for the end of a process that was told to end, and of its log; returns the exit status."""
        status = self._process.wait(PATIENCE)
        self._thread.join(PATIENCE)
        return status

    def run_on(self) -> int:
        """Wait, however long, until the process ends by itself or is ended by others; returns the exit status."""
        self._is_followed = False
        return self._process.wait()

    def _read_log(self) -> None:
        assert self._process.stderr is not None
        with self._process.stderr as lines:
            for line in lines:
                try:
                    event = json.loads(line)
                except ValueError:
                    event = {"event": "not_json", "line": line.rstrip()}
                with self._changed:
                    if self._is_followed:
                        self.events.append(event)
                    self._changed.notify_all()
        with self._changed:
            self._is_over = True
            self._changed.notify_all()


def ends_with_us() -> tuple[str, ...]:
    """A command to run the proxy under, by which it ends even if the demo is killed; none where there is no setpriv."""
    setpriv = shutil.which("setpriv")
    return (setpriv, "--pdeathsig", "TERM") if setpriv else ()
