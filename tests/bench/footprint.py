"""What the proxy takes up: memory of sessions that do nothing, time to start, and memory over a long time."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from tests.bench.options import Options, Row, a_folder
from tests.bench.targets import Sink, Target, proxy, run

SESSIONS = 10


def measure_idle(options: Options) -> Iterator[Row]:
    """Memory of the worker and the supervisor with many bound sessions, less what they have without any."""
    with a_folder() as folder, Sink() as sink, proxy(sink, folder) as target:
        run(target, 10, 10, 0.5)
        worker = Target("worker", target.port, target.pids[:1])
        empty, empty_worker = target.memory(), worker.memory()
        count = 500 if options.quick else 5000
        plan = {"port": target.port, "sessions": count, "window": 1, "seconds": 0, "idle": True}
        command = [sys.executable, "-m", "tests.bench.peers", "platform", json.dumps(plan)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as platform:
            assert platform.stdout is not None
            assert platform.stdout.readline() == "bound\n"
            yield {
                "sessions": count,
                "worker, KiB a session": round((worker.memory() - empty_worker) / count / 1024, 1),
                "with supervisor": round((target.memory() - empty) / count / 1024, 1),
                "empty, MiB": round(empty / 2**20, 1),
            }
            platform.communicate("\n")


def measure_start(options: Options) -> Iterator[Row]:
    """Seconds from the command to the first session's bind, with 100,000 pairs in the ledger."""
    rounds = 2 if options.quick else 7
    with a_folder() as folder, Sink() as sink:
        ready, bound = [], []
        with proxy(sink, folder):
            pass  # makes the ledger
        for _ in range(rounds):
            begun = time.perf_counter()
            with proxy(sink, folder) as target:
                ready.append(time.perf_counter() - begun)
                run(target, 1, 1, 0)
                bound.append(time.perf_counter() - begun)
        yield {
            "starts": rounds,
            "ready, s": round(statistics.median(ready), 2),
            "from": round(min(ready), 2),
            "to": round(max(ready), 2),
            "first messages answered, s (of which a client's start)": round(statistics.median(bound), 2),
        }


def measure_soak(options: Options) -> Iterator[Row]:
    """Half of what the proxy can do, for a long time, with consumers' messages: memory and its slope."""
    minutes = 0.25 if options.quick else options.minutes
    with a_folder() as folder, Sink(mo_share=0.01, stop_share=0.01) as sink, ExitStack() as stack:
        target = stack.enter_context(proxy(sink, folder))
        worker = Target("worker", target.port, target.pids[:1])
        most = run(target, SESSIONS, 10, 2.0)["answered"] / 2.0
        sink.heard()
        plan = {"port": target.port, "sessions": SESSIONS, "window": 100, "seconds": minutes * 60, "rate": most / 2}
        plan["keep_every"] = 100
        command = [sys.executable, "-m", "tests.bench.peers", "platform", json.dumps(plan)]
        samples: list[tuple[float, int]] = []
        begun = time.perf_counter()
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as platform:
            while platform.poll() is None:
                time.sleep(5)
                samples.append(((time.perf_counter() - begun) / 60, worker.memory()))
            assert platform.stdout is not None
            seen = json.loads(platform.stdout.read())
        second_half = samples[len(samples) // 2 : -1]
        slope = statistics.linear_regression(*zip(*second_half, strict=True)).slope if len(second_half) > 1 else 0.0
        yield {
            "minutes": minutes,
            "messages": seen["answered"],
            "consumers' messages": seen["delivered"],
            "lost or wrong": seen["lost"] + seen["wrong"],
            "memory at the start, MiB": _mib(samples[0][1]),
            "half way": _mib(samples[len(samples) // 2][1]),
            "at the end": _mib(samples[-2][1]),
            "slope of the second half, KiB a minute": round(slope / 1024, 1),
            "median, µs": round(seen["p50"] * 1e6),
            "p999, ms": round(seen["p999"] * 1e3, 1),
            "store, MiB": _mib(sum(f.stat().st_size for f in Path(folder).rglob("data.mdb"))),
        }


def _mib(octets: int) -> float:
    return round(octets / 2**20, 1)
