"""An etcd on this machine: members as processes, that can be killed, frozen and started again."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from pathlib import Path
from typing import Any, Self

HEALTHY_WITHIN = 30.0
"""Seconds in which a member must answer; only ever used up when something is broken."""


class NoEtcd(Exception):
    """There is no etcd on this machine; the message says how to have one."""


def etcd_program() -> str:
    """The program; raises ``NoEtcd``."""
    found = shutil.which("etcd")
    if found is None:
        raise NoEtcd("etcd is missing: scripts/install --etcd brings it, as root on Debian (etcd-server)")
    return found


def _free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


class Members:
    """So many members of one etcd on free ports, with their data in a folder; raises ``NoEtcd``.

    As a context manager they answer inside and are gone outside. ``more`` are further arguments of each, ``scheme``
    is that of their URLs.
    """

    def __init__(self, folder: Path, count: int = 1, *, more: tuple[str, ...] = (), scheme: str = "http") -> None:
        self._program = etcd_program()
        self.folder = folder
        self.urls = [f"{scheme}://127.0.0.1:{_free_port()}" for _ in range(count)]
        self._peers = [f"http://127.0.0.1:{_free_port()}" for _ in range(count)]
        self._more = more
        self.processes: list[subprocess.Popen[bytes] | None] = [None] * count

    def __enter__(self) -> Self:
        for at in range(len(self.urls)):
            self.start(at)
        self.wait()
        return self

    def __exit__(self, *exc_info: object) -> None:
        for at in range(len(self.urls)):
            self.kill(at)

    def start(self, at: int, *, state: str = "new") -> None:
        """Start a member, again or for the first time."""
        names = [f"m{each}={peer}" for each, peer in enumerate(self._peers)]
        self.folder.mkdir(parents=True, exist_ok=True)
        command = [
            self._program, "--name", f"m{at}", "--data-dir", str(self.folder / f"m{at}"),
            "--listen-client-urls", self.urls[at], "--advertise-client-urls", self.urls[at],
            "--listen-peer-urls", self._peers[at], "--initial-advertise-peer-urls", self._peers[at],
            "--initial-cluster", ",".join(names), "--initial-cluster-state", state,
            "--heartbeat-interval", "50", "--election-timeout", "500",
            *self._more,
        ]  # fmt: skip
        log = (self.folder / f"m{at}.log").open("ab")
        self.processes[at] = subprocess.Popen(
            command, stdout=log, stderr=log, env={**os.environ, "ETCD_UNSUPPORTED_ARCH": "arm64"}
        )
        log.close()

    def restore(self) -> None:
        """Have all of them live, and answer."""
        for at, process in enumerate(self.processes):
            if process is None:
                self.start(at)
            else:
                self.thaw(at)
        self.wait()

    def wait(self) -> None:
        """Until every living member answers."""
        for url, process in zip(self.urls, self.processes, strict=True):
            deadline = time.monotonic() + HEALTHY_WITHIN
            while process is not None and not _is_healthy(url):
                if time.monotonic() > deadline:
                    raise RuntimeError(f"etcd at {url} does not answer; its log is in {self.folder}")
                time.sleep(0.05)

    def leader(self) -> int:
        """Which of them leads now."""
        found = {at: status for at, url in enumerate(self.urls) if (status := _status(url))}
        leaders = [at for at, status in found.items() if status.get("leader") == status["header"]["member_id"]]
        if not leaders:
            raise RuntimeError(f"etcd has no leader: {found}")
        return leaders[0]

    def kill(self, at: int) -> None:
        """kill -9."""
        if (process := self.processes[at]) is not None:
            process.send_signal(signal.SIGCONT)
            process.kill()
            process.wait()
            self.processes[at] = None

    def freeze(self, at: int) -> None:
        """Stop it in the middle of what it does."""
        process = self.processes[at]
        assert process is not None, "it was killed"
        process.send_signal(signal.SIGSTOP)

    def thaw(self, at: int) -> None:
        """Have it go on."""
        process = self.processes[at]
        assert process is not None, "it was killed"
        process.send_signal(signal.SIGCONT)


def _status(url: str) -> dict[str, Any] | None:
    try:
        request = urllib.request.Request(f"{url}/v3/maintenance/status", b"{}", method="POST")
        with urllib.request.urlopen(request, timeout=2) as answer:
            found: dict[str, Any] = json.load(answer)
            return found
    except OSError:
        return None


def _is_healthy(url: str) -> bool:
    try:
        if url.startswith("https"):  # whom it trusts is not known here: it has to listen
            socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2])), 1).close()
            return True
        with urllib.request.urlopen(f"{url}/health", timeout=1) as answer:
            return b"true" in answer.read()
    except OSError:
        return False
