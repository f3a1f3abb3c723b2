"""What is measured, side by side: the proxy, HAProxy (blind TCP, one thread), node-smpp, and nothing in between."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import trio

from proxy.simulator.process import ProxyProcess
from tests.bench.peers import BUSINESS, MANY_OPTED_OUT, OPTED_OUT
from tests.net.ports import closed_port

TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


class Target:
    """Where platforms connect, and the processes that do the work."""

    def __init__(self, name: str, port: int, pids: Sequence[int], proxy: ProxyProcess | None = None) -> None:
        self.name = name
        self.port = port
        self.pids = pids
        self.proxy = proxy

    def cpu(self) -> float:
        """Seconds of processor time that its processes have had, by the kernel's own accounting."""
        return sum(_cpu(pid) for pid in self.pids)

    def memory(self) -> int:
        """Octets of memory that its processes have and nobody else."""
        return sum(_private(pid) for pid in self.pids)


class Sink:
    """The SMSC that takes everything at once."""

    def __init__(self, **plan: Any) -> None:
        """``plan``: see ``tests.bench.peers.sink``."""
        command = [sys.executable, "-m", "tests.bench.peers", "sink", json.dumps(plan)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.port = int(self._line())

    def __enter__(self) -> Sink:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._process.kill()
        self._process.communicate()

    def heard(self) -> dict[str, dict[str, float]]:
        """How long the answers to consumers' messages took in the run that has just ended, in seconds."""
        found: dict[str, dict[str, float]] = json.loads(self._line())
        return found

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline()


def run(target: Target, sessions: int, window: int, seconds: float, **more: Any) -> dict[str, Any]:
    """One load through the target: see ``tests.bench.peers.platform``."""
    plan = {"port": target.port, "sessions": sessions, "window": window, "seconds": seconds, **more}
    command = [sys.executable, "-m", "tests.bench.peers", "platform", json.dumps(plan)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{target.name}: {done.stderr}")
    found: dict[str, Any] = json.loads(done.stdout)
    if found["wrong"] or found["lost"]:
        raise RuntimeError(f"{target.name}: {found['wrong']} wrong and {found['lost']} lost answers")
    return found


def start_all(stack: ExitStack, sink: Sink, folder: Path, *, node: bool = True) -> list[Target]:
    """Nothing in between first, then HAProxy, the proxy, and node-smpp if that is wanted and installed."""
    targets = [Target("none", sink.port, [])]
    makers = [haproxy, proxy, *([node_smpp] if node and shutil.which("node") and _node_module().exists() else [])]
    return [*targets, *(stack.enter_context(make(sink, folder)) for make in makers)]


@contextmanager
def haproxy(sink: Sink, folder: Path) -> Iterator[Target]:
    """HAProxy as a blind relay of TCP, with one thread."""
    if not shutil.which("haproxy"):
        raise SystemExit("scripts/bench needs haproxy (Debian: apt-get install haproxy)")
    port = closed_port().port
    config = folder / "haproxy.cfg"
    config.write_text(
        "global\n nbthread 1\n maxconn 6000\ndefaults\n mode tcp\n timeout connect 5s\n timeout client 1h\n"
        f" timeout server 1h\nlisten smpp\n bind 127.0.0.1:{port}\n server smsc 127.0.0.1:{sink.port}\n"
    )
    process = subprocess.Popen(["haproxy", "-db", "-q", "-f", str(config)])
    try:
        trio.run(_wait_for, port)
        yield Target("HAProxy", port, [process.pid])
    finally:
        process.kill()
        process.wait()


@contextmanager
def proxy(sink: Sink, folder: Path, *, workers: int = 1) -> Iterator[Target]:
    """The proxy with everything on, and 100,000 opted-out pairs."""
    folder = folder / f"{workers}-workers"
    folder.mkdir(exist_ok=True)
    config = folder / "proxy.toml"
    config.write_text(
        f'[[route]]\nname = "bench"\nlisten = "127.0.0.1:0"\ncarrier = ["127.0.0.1:{sink.port}"]\n'
        f'[store]\npath = "{folder / "store"}"\n[admin]\nlisten = "127.0.0.1:0"\n[workers]\ncount = {workers}\n'
        "[limits]\nbinds_per_minute = 0\nunbound = 0\n"
    )
    if not (folder / "store").exists():
        opt_out(config, folder / "list.csv")
    with ProxyProcess(config) as process:
        for seen in range(workers):
            process.wait_for_another("worker_ready", seen)
        pids = [e["pid"] for e in process.events if e["event"] == "worker_ready"]
        yield Target("consent proxy", process.address()[1], [*pids, process.pid], process)


def opt_out(config: Path, path: Path) -> None:
    """Have many pairs opted out."""
    rows = (f"+{BUSINESS},+1{OPTED_OUT + n}\n" for n in range(MANY_OPTED_OUT))
    path.write_text("business,consumer\n" + "".join(rows))
    command = [sys.executable, "-m", "proxy", "consent", "import", str(path), "--config", str(config)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


@contextmanager
def node_smpp(sink: Sink, folder: Path) -> Iterator[Target]:
    """The simplest relay that node-smpp makes."""
    script = Path(__file__).with_name("relay.js")
    command = ["node", str(script), str(_node_module()), str(sink.port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield Target("node-smpp", int(process.stdout.readline()), [process.pid])
        finally:
            process.kill()


def _node_module() -> Path:
    return Path(sys.prefix) / "node" / "node_modules" / "smpp"


async def _wait_for(port: int) -> None:
    with trio.fail_after(30):
        while True:
            try:
                await (await trio.open_tcp_stream("127.0.0.1", port)).aclose()
            except OSError:
                await trio.sleep(0.01)
            else:
                return


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _private(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_Dirty")) * 1024
