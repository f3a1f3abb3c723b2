"""A run under ``coverage run``: what is printed of it, and processes that live long enough to be counted.

``scripts/test --coverage`` is such a run. The proxy's own processes count too: coverage starts in each of
them (``patch = subprocess`` in pyproject.toml), and they write what they saw when they end in good order.
"""

from __future__ import annotations

import io
import os
import signal
import subprocess
from contextlib import suppress

from coverage import Coverage

from proxy.simulator.process import ProxyProcess

LEAST = 10
PATIENCE = 10.0


def is_on() -> bool:
    """Whether this process runs under ``coverage run``."""
    return Coverage.current() is not None and os.environ.get("COVERAGE_RUN") == "true"


def let_proxies_end_in_good_order() -> None:
    """From now on a test's proxy gets SIGTERM and is killed only after ten seconds: what is killed is not counted."""
    at_once = ProxyProcess.__exit__

    def in_good_order(self: ProxyProcess, *exc_info: object) -> None:
        self.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(PATIENCE)
        at_once(self, *exc_info)

    ProxyProcess.__exit__ = in_good_order  # type: ignore[method-assign]


def summary() -> list[str]:
    """The total and the ten files least covered, in percent of lines; ends the measuring."""
    measured = Coverage.current()
    assert measured is not None
    measured.stop()
    measured.save()
    whole = Coverage()
    whole.combine(strict=True)
    files = []
    for path in whole.get_data().measured_files():
        _, lines, _, missed, _ = whole.analysis2(path)
        if lines:
            files.append((100 * (1 - len(missed) / len(lines)), os.path.relpath(path), len(missed)))
    total = whole.report(file=io.StringIO())
    least = [f"{share:5.1f} %  {path} ({missed} lines)" for share, path, missed in sorted(files)[:LEAST]]
    return [f"{total:5.1f} %  of the lines of proxy/, all its processes counted; the least covered files:", *least]
