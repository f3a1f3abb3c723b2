"""What relaying costs: the proxy beside HAProxy (blind TCP) and a relay of node-smpp, in one run, round by round."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from proxy.simulator.process import ProxyProcess
from tests.bench.peers import BUSINESS
from tests.relay.test_network import closed_port

SHAPES = ((1, 1), (1, 10), (10, 10), (50, 10), (10, 100))
"""Sessions and window."""

TICKS = os.sysconf("SC_CLK_TCK")


class Target:
    """What is measured: where platforms connect, and the processes that do the work."""

    def __init__(self, name: str, port: int, pids: Sequence[int]) -> None:
        self.name = name
        self.port = port
        self.pids = pids

    def cpu(self) -> float:
        """Seconds of processor time that its processes have had."""
        return sum(_cpu(pid) for pid in self.pids)


def measure(*, quick: bool, millions: Sequence[int]) -> Iterator[dict[str, Any]]:
    """Processor time a message (submit_sm and its answer) and throughput, for each shape of load."""
    rounds, seconds = (2, 1.5) if quick else (5, 4.0)
    with tempfile.TemporaryDirectory(dir="/var/tmp") as name, ExitStack() as stack:
        sink = stack.enter_context(_sink())
        targets = [stack.enter_context(make(sink, Path(name))) for make in (_haproxy, _proxy, _node) if _is_there(make)]
        _run(targets[0], 1, 1, 0.5)
        for sessions, window in SHAPES:
            found: dict[str, list[tuple[float, float, float]]] = {target.name: [] for target in targets}
            for _ in range(rounds):
                for target in targets:
                    before = target.cpu()
                    run = _run(target, sessions, window, seconds)
                    cost = (target.cpu() - before) / run["answered"]
                    found[target.name].append((cost, run["answered"] / seconds, run["p50"]))
            blind = statistics.median(cost for cost, _, _ in found[targets[0].name])
            through = statistics.median(rate for _, rate, _ in found[targets[0].name])
            for target in targets:
                costs, rates, medians = zip(*found[target.name], strict=True)
                yield {
                    "sessions x window": f"{sessions} x {window}",
                    "relay": target.name,
                    "CPU a message, µs": round(statistics.median(costs) * 1e6, 2),
                    "from": round(min(costs) * 1e6, 2),
                    "to": round(max(costs) * 1e6, 2),
                    "to HAProxy": round(statistics.median(costs) / blind, 2),
                    "messages/s": round(statistics.median(rates)),
                    "of HAProxy's": round(statistics.median(rates) / through, 2),
                    "median, µs": round(statistics.median(medians) * 1e6),
                }


def _run(target: Target, sessions: int, window: int, seconds: float, **more: Any) -> dict[str, Any]:
    plan = {"port": target.port, "sessions": sessions, "window": window, "seconds": seconds, **more}
    command = [sys.executable, "-m", "tests.bench.peers", "platform", json.dumps(plan)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{target.name}: {done.stderr}")
    found: dict[str, Any] = json.loads(done.stdout)
    if found["wrong"] or found["lost"]:
        raise RuntimeError(f"{target.name}: {found['wrong']} wrong and {found['lost']} lost answers")
    return found


@contextmanager
def _process(*command: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A process that prints its port."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield process, int(process.stdout.readline())
    finally:
        process.kill()
        process.communicate()


@contextmanager
def _sink() -> Iterator[int]:
    with _process(sys.executable, "-m", "tests.bench.peers", "sink") as (_, port):
        yield port


@contextmanager
def _haproxy(sink: int, folder: Path) -> Iterator[Target]:
    port = closed_port().port
    config = folder / "haproxy.cfg"
    config.write_text(
        "global\n nbthread 1\n maxconn 6000\ndefaults\n mode tcp\n timeout connect 5s\n timeout client 1h\n"
        f" timeout server 1h\nlisten smpp\n bind 127.0.0.1:{port}\n server smsc 127.0.0.1:{sink}\n"
    )
    process = subprocess.Popen(["haproxy", "-db", "-q", "-f", str(config)])
    try:
        _wait_for(port)
        yield Target("HAProxy", port, [process.pid])
    finally:
        process.kill()
        process.wait()


@contextmanager
def _proxy(sink: int, folder: Path) -> Iterator[Target]:
    config = folder / "proxy.toml"
    config.write_text(
        f'[[route]]\nname = "bench"\nlisten = "127.0.0.1:0"\ncarrier = ["127.0.0.1:{sink}"]\n'
        f'[store]\npath = "{folder / "store"}"\n[admin]\nlisten = "127.0.0.1:0"\n'
    )
    opted_out = folder / "list.csv"
    opted_out.write_text(
        "business,consumer\n" + "".join(f"+{BUSINESS},+1{5_550_000_000 + n}\n" for n in range(100_000))
    )
    command = [sys.executable, "-m", "proxy", "consent", "import", str(opted_out), "--config", str(config)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    with ProxyProcess(config) as proxy:
        yield Target("consent proxy", proxy.address()[1], [proxy.worker_pid(), proxy.pid])


@contextmanager
def _node(sink: int, folder: Path) -> Iterator[Target]:
    script, module = Path(__file__).with_name("relay.js"), _node_module()
    with _process("node", str(script), str(module), str(sink)) as (process, port):
        yield Target("node-smpp", port, [process.pid])


def _node_module() -> Path:
    return Path(sys.prefix) / "node" / "node_modules" / "smpp"


def _is_there(make: Any) -> bool:
    if make is _haproxy and not shutil.which("haproxy"):
        raise SystemExit("scripts/bench relay needs haproxy, of Debian's haproxy")
    return make is not _node or (shutil.which("node") is not None and _node_module().exists())


def _wait_for(port: int) -> None:
    import socket
    import time

    for _ in range(1000):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.01)
        else:
            return
    raise RuntimeError(f"nobody listens on {port}")


def _cpu(pid: int) -> float:
    """Seconds of processor time of one process, by the kernel's own accounting."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS
