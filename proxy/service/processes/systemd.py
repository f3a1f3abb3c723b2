"""Telling systemd how the service is: sd_notify(3)."""

from __future__ import annotations

import os
import socket
from contextlib import suppress


def notify(*lines: str) -> None:
    """Send these lines (``READY=1``) to the service manager, if one asked to be told. Never raises."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:  # it may be gone: we go on
        sock.sendto("\n".join(lines).encode(), "\0" + address[1:] if address[0] == "@" else address)


def watchdog_seconds() -> float:
    """How often the service manager wants to hear from us, 0 if it doesn't: half of what it waits."""
    if os.environ.get("WATCHDOG_PID", str(os.getpid())) != str(os.getpid()):
        return 0.0
    return int(os.environ.get("WATCHDOG_USEC", "0")) / 2e6
