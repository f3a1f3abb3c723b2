"""A cluster on this machine: what a STOP waits for, how many changes go through, what a submit costs, catching up."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from threading import Event, Thread

from proxy.simulator.cluster.members import Members
from proxy.simulator.process import ProxyProcess
from proxy.smpp import write
from tests.bench.options import Options, Row, a_folder
from tests.bench.targets import Sink, Target, run
from tests.e2e.asking import get
from tests.e2e.cluster import Gateways
from tests.e2e.peers import A, Link

STOPS = 200


def measure(options: Options) -> Iterator[Row]:
    """Three etcd members and 1, 3 and 5 gateways, all on this machine and its one disk."""
    for nodes in (1, 3) if options.quick else (1, 3, 5):
        with a_folder() as folder, ExitStack() as stack:
            members = stack.enter_context(Members(folder / "etcd", 3))
            gateways = Gateways(folder, members.urls)
            links = [stack.enter_context(gateways.start(f"node-{at}")) for at in range(nodes)]
            waits = sorted(_stop(links[0], at) for at in range(50 if options.quick else STOPS))
            yield _row(f"STOP to platform, {nodes} nodes, median", statistics.median(waits) * 1e3, "ms")
            yield _row(f"STOP to platform, {nodes} nodes, 99 %", waits[len(waits) * 99 // 100] * 1e3, "ms")
    yield from _submits(options)
    yield from _many(options)


def _row(what: str, value: float, unit: str) -> Row:
    return {"what": what, "value": round(value, 2), "unit": unit}


def _stop(link: Link, number: int) -> float:
    """Seconds until the platform has a STOP."""
    frame = write.deliver_sm(write.address(f"1555988{number:04}"), A, b"STOP", sequence=3)
    begun = time.perf_counter()
    link.smsc.send(frame)
    link.esme.take()
    took = time.perf_counter() - begun
    link.smsc.read()
    return took


def _submits(options: Options) -> Iterator[Row]:
    """The cost of a submit_sm with a cluster and without, side by side, in turns."""
    rounds, seconds = (3, 1.5) if options.quick else (9, 3.0)
    with a_folder() as folder, Sink() as sink, ExitStack() as stack:
        members = stack.enter_context(Members(folder / "etcd", 3))
        table = Gateways(folder, members.urls).table("one").partition("[cluster]")[2]
        targets = [
            stack.enter_context(_Relay(folder / name, sink, more)).target
            for name, more in (("alone", ""), ("node", f"[cluster]{table}"), ("alone again", ""))
        ]
        costs: dict[str, list[float]] = {target.name: [] for target in targets}
        for _ in range(rounds):
            for target in targets:
                before = target.cpu()
                seen = run(target, 10, 10, seconds)
                costs[target.name].append((target.cpu() - before) / seen["answered"])
        for name, found in costs.items():
            yield _row(f"CPU a submit_sm, {name}", statistics.median(found) * 1e6, "µs")


class _Relay:
    """A gateway as the relay bench measures it, but its worker only: a supervisor's beats are no cost of submits."""

    def __init__(self, folder: Path, sink: Sink, more: str) -> None:
        folder.mkdir()
        config = folder / "proxy.toml"
        config.write_text(
            f'[[route]]\nname = "bench"\nlisten = "127.0.0.1:0"\ncarrier = ["127.0.0.1:{sink.port}"]\n'
            f'[store]\npath = "{folder / "store"}"\n[limits]\nbinds_per_minute = 0\nunbound = 0\n{more}'
        )
        self._process = ProxyProcess(config)
        self._name = folder.name

    def __enter__(self) -> _Relay:
        self._process.__enter__()
        self.target = Target(self._name, self._process.address()[1], [self._process.worker_pid()], self._process)
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._process.__exit__(*exc_info)


def _many(options: Options) -> Iterator[Row]:
    """A list brought in while a node serves, how far the node is behind meanwhile, and a fresh node that catches up."""
    pairs = 100_000 if options.quick else 1_000_000 * options.millions[0]
    with a_folder() as folder, ExitStack() as stack:
        members = stack.enter_context(Members(folder / "etcd", 3, more=("--quota-backend-bytes", "8000000000")))
        gateways = Gateways(folder, members.urls)
        one = stack.enter_context(gateways.start("one"))
        listed = folder / "list.csv"
        with listed.open("w") as rows:
            rows.write("business,consumer\n")
            rows.writelines(f"+1555{at % 1000:07},+1{2_000_000_000 + at * 7}\n" for at in range(pairs))
        done, lags = Event(), list[int]()

        def watch() -> None:
            while not done.wait(0.25):
                seen = json.loads(get(one.proxy, "/status"))["cluster"]
                lags.append(max(node["lag"] for node in seen["nodes"]))

        watching = Thread(target=watch)
        watching.start()
        begun = time.perf_counter()
        command = [
            sys.executable,
            "-m",
            "proxy",
            "consent",
            "import",
            str(listed),
            "--config",
            str(gateways.config("one")),
        ]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        took = time.perf_counter() - begun
        done.set()
        watching.join()
        yield _row(f"changes a second, {pairs:,} in batches", pairs / took, "/s")
        yield _row("largest lag meanwhile", max(lags, default=0), "revisions")
        yield _row(f"a fresh node catches up with {pairs:,} pairs", _fresh(gateways), "s")
        yield _row("etcd's file a pair", (members.folder / "m0/member/snap/db").stat().st_size / pairs, "octets")
        yield _row("a ledger's file a pair", (gateways.store("one") / "data.mdb").stat().st_size / pairs, "octets")


def _fresh(gateways: Gateways) -> float:
    """Seconds until a node with an empty ledger serves."""
    (gateways.folder / "two").mkdir()
    path = gateways.folder / "two" / "proxy.toml"
    text = gateways.config("one").read_text().replace("/one/", "/two/").replace('name = "one"', 'name = "two"')
    path.write_text(text)
    begun = time.perf_counter()
    proxy = ProxyProcess(path)
    try:
        while not any(event["event"] == "ready" for event in proxy.events):
            time.sleep(0.1)
            if time.perf_counter() - begun > 900:
                raise RuntimeError(f"it does not catch up: {proxy.events}")
        return time.perf_counter() - begun
    finally:
        proxy.kill()
