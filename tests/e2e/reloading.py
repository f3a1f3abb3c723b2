"""Other settings for a proxy that runs: a wait that ends soon begins when the test is ready for it, on any machine."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import Any

from proxy.simulator.process import ProxyProcess


def rewrite(path: Path, old: str, new: str) -> None:
    """Put ``new`` in the place of ``old``, which must be there."""
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def reload(proxy: ProxyProcess, event: str = "reloaded") -> dict[str, Any]:
    """SIGHUP, and the line that the proxy logs of it."""
    before = sum(each["event"] == event for each in proxy.events)
    proxy.send_signal(signal.SIGHUP)
    return proxy.wait_for_another(event, before)
