"""Settings for the proxy as a process, and what it says of itself."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from proxy.simulator.process import ProxyProcess
from proxy.simulator.running import Running
from tests.e2e.asking import get
from tests.e2e.peers import PATIENCE, config

SHORT = "[limits]\nclose_timeout = 0.2\n"


def settings(folder: Path, smsc: Running, more: str = "") -> Path:
    return config(folder, f"{smsc.host}:{smsc.port}", more=more, admin=True)


def status(proxy: ProxyProcess) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(get(proxy, "/status"))
    return found


def until(condition: Any) -> None:
    """Look until it holds; what is looked at has no event to wait for."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        threading.Event().wait(0.02)


@contextlib.contextmanager
def activated(path: Path, server: socket.socket) -> Iterator[ProxyProcess]:
    """A proxy that is given this listening socket as its service manager would."""
    script = (
        "import os, sys; fd = int(sys.argv[1]); os.dup2(fd, 3) if fd != 3 else os.set_inheritable(3, True);"
        " os.environ |= {'LISTEN_PID': str(os.getpid()), 'LISTEN_FDS': '1', 'LISTEN_FDNAMES': 'test'};"
        " os.execv(sys.executable, sys.argv[2:])"
    )
    os.set_inheritable(server.fileno(), True)
    prefix = (sys.executable, "-c", script, str(server.fileno()))
    with ProxyProcess(path, prefix=prefix, pass_fds=(server.fileno(),)) as proxy:
        yield proxy
