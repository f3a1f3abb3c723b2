"""The way of consumers' messages: how many go through, and how long a STOP waits for its commit."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

from tests.bench.options import Options, Row, a_folder
from tests.bench.targets import Sink, run, start_all

SHAPES = ((1, 1), (10, 1), (10, 10))


def measure(options: Options) -> Iterator[Row]:
    """deliver_sms of a hundred characters, one in a hundred a STOP, of ever new consumers."""
    seconds = 2.0 if options.quick else 10.0
    for sessions, window in SHAPES:
        with a_folder() as folder, Sink(mo_window=window, stop_share=options.stop_share) as sink, ExitStack() as stack:
            for target in start_all(stack, sink, folder):
                before = target.cpu()
                seen = run(target, sessions, 0, seconds)
                heard = sink.heard()
                cost = (target.cpu() - before) / max(1, seen["delivered"])
                yield {
                    "sessions x window": f"{sessions} x {window}",
                    "relay": target.name,
                    "CPU a message, µs": round(cost * 1e6, 1),
                    "messages/s": round(seen["delivered"] / seconds),
                    **{f"{name}, µs": round(heard["ordinary"][name] * 1e6) for name in ("p50", "p99")},
                    **{f"STOP {name}, µs": round(heard["stops"][name] * 1e6) for name in ("p50", "p99")},
                    "STOPs": heard["stops"]["count"],
                }
