"""Latency at fixed rates, and at more than can be done."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from contextlib import ExitStack

from tests.bench.options import Options, Row, a_folder
from tests.bench.targets import Sink, run, start_all

RATES = (100, 1_000, 10_000)
SESSIONS = 10


def measure(options: Options) -> Iterator[Row]:
    """Percentiles of the time from when a message was due to its answer, over ten sessions."""
    rounds, seconds = (1, 2.0) if options.quick else (3, 5.0)
    with a_folder() as folder, Sink() as sink, ExitStack() as stack:
        targets = start_all(stack, sink, folder)
        for rate in RATES:
            for target in targets:
                found = [run(target, SESSIONS, 1000, seconds, rate=rate) for _ in range(rounds)]
                yield {
                    "messages/s": rate,
                    "relay": target.name,
                    **{
                        f"{name}, µs": round(statistics.median(seen[name] for seen in found) * 1e6)
                        for name in ("p50", "p90", "p99", "p999")
                    },
                }


def measure_overload(options: Options) -> Iterator[Row]:
    """What is answered when more and more is asked for: all that the proxy can do, as late as the windows allow."""
    seconds = 2.0 if options.quick else 8.0
    with a_folder() as folder, Sink() as sink, ExitStack() as stack:
        target = next(t for t in start_all(stack, sink, folder, node=False) if t.proxy)
        most = run(target, SESSIONS, 100, seconds)["answered"] / seconds
        for share in (0.5, 0.8, 1.0, 2.0, 4.0):
            for window in (100, 1000):
                seen = run(target, SESSIONS, window, seconds, rate=share * most, from_sending=True)
                goodput = seen["answered"] / seconds
                yield {
                    "asked for": f"{share:.0%} of capacity",
                    "window": window,
                    "answered/s": round(goodput),
                    "of capacity": round(goodput / most, 2),
                    "p50, ms": round(seen["p50"] * 1e3, 2),
                    "p99, ms": round(seen["p99"] * 1e3, 2),
                    "windows / answered, ms": round(SESSIONS * window / goodput * 1e3, 1),
                }
