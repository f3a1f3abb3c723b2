"""Where log lines go: a stream that never blocks and never raises, whatever becomes of standard error.

A full disk, a pipe whose reader died or one that nobody empties must not stop messages. Lines wait
in a bounded queue for a thread that writes them; what finds no room is counted, and told when there
is room again.
"""

from __future__ import annotations

import json
import queue
import threading
from typing import TextIO

MOST_WAITING = 10_000
"""Lines that may wait: seconds of a busy log, a few megabytes."""

PATIENCE = 2.0
"""Seconds given to the last lines when the program ends."""


class LogStream:
    """A file-like object over ``target`` for the logger; ``lost`` counts lines that were not written."""

    def __init__(self, target: TextIO) -> None:
        self.lost = 0
        self._target = target
        self._told = 0
        self._lines: queue.Queue[str | None] = queue.Queue(MOST_WAITING)
        self._thread = threading.Thread(target=self._run, name="log", daemon=True)
        self._thread.start()

    def write(self, line: str) -> None:
        """Have this text written soon, if there is room."""
        try:
            self._lines.put_nowait(line)
        except queue.Full:
            self.lost += 1

    def flush(self) -> None:
        """Nothing: the thread flushes what it writes."""

    def close(self) -> None:
        """Wait a moment for what is still to be written."""
        try:
            self._lines.put(None, timeout=PATIENCE)
        except queue.Full:
            return
        self._thread.join(PATIENCE)

    def _run(self) -> None:
        while (line := self._lines.get()) is not None:
            if self.lost > self._told:
                self._told, told = self.lost, json.dumps({"event": "log_lines_lost", "lost": self.lost})
                self._write(told + "\n")
            self._write(line)

    def _write(self, line: str) -> None:
        try:
            self._target.write(line)
            self._target.flush()
        except (OSError, ValueError):
            self.lost += 1
