"""What relaying costs: the proxy beside HAProxy and a relay of node-smpp, in one run, round by round."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

from tests.bench.options import Options, Row, a_folder
from tests.bench.targets import Sink, Target, proxy, run, start_all

SHAPES = ((1, 1), (1, 10), (10, 10), (50, 10), (10, 100))
"""Sessions and window."""


def measure(options: Options) -> Iterator[Row]:
    """Processor time a message (submit_sm and its answer), throughput and latency, for each shape of load."""
    rounds, seconds = (2, 1.5) if options.quick else (5, 3.0)
    more = {"opted_out": options.opted_out}
    with a_folder() as folder, Sink(mo_share=options.mo, stop_share=options.stop_share) as sink, ExitStack() as stack:
        targets = start_all(stack, sink, folder)
        for target in targets:
            run(target, 10, 10, 0.5)
        for sessions, window in SHAPES:
            found = _rounds(targets, rounds, sessions, window, seconds, **more)
            yield from _rows(f"{sessions} x {window}", found)


def measure_workers(options: Options) -> Iterator[Row]:
    """The same with one worker and with two; and with one that has as few sessions as each of two has."""
    rounds, seconds = (2, 1.5) if options.quick else (5, 3.0)
    with a_folder() as folder, Sink() as sink, ExitStack() as stack:
        targets = []
        for workers in (1, 2):
            target = stack.enter_context(proxy(sink, folder, workers=workers))
            target.name = f"{workers} worker{'s' * (workers > 1)}"
            targets.append(target)
        for sessions, window in ((5, 10), (10, 10), (25, 10), (50, 10)):
            found = _rounds(targets, rounds, sessions, window, seconds)
            one = statistics.median(cost for cost, _ in found["1 worker"])
            for name, runs in found.items():
                cost = statistics.median(cost for cost, _ in runs)
                yield {
                    "sessions x window": f"{sessions} x {window}",
                    "workers": name,
                    "CPU a message, µs": _micro(cost),
                    "to one worker": round(cost / one, 2),
                    "messages/s": round(statistics.median(r["answered"] / r["seconds"] for _, r in runs)),
                }


Found = dict[str, list[tuple[float, dict[str, Any]]]]
"""Processor time a message in seconds, and what the platform saw, of every round by target."""


def _rounds(targets: list[Target], rounds: int, sessions: int, window: int, seconds: float, **more: Any) -> Found:
    found: Found = {target.name: [] for target in targets}
    for _ in range(rounds):
        for target in targets:
            before = target.cpu()
            seen = run(target, sessions, window, seconds, **more)
            found[target.name].append(((target.cpu() - before) / seen["answered"], seen))
    return found


def _rows(shape: str, found: Found) -> Iterator[Row]:
    costs = {name: [cost for cost, _ in runs] for name, runs in found.items()}
    rates = {name: statistics.median(r["answered"] / r["seconds"] for _, r in runs) for name, runs in found.items()}
    medians = {name: statistics.median(r["p50"] for _, r in runs) for name, runs in found.items()}
    blind = statistics.median(costs["HAProxy"])
    added = medians["HAProxy"] - medians["none"]
    for name in found:
        yield {
            "sessions x window": shape,
            "relay": name,
            "CPU a message, µs": _micro(statistics.median(costs[name])),
            "from": _micro(min(costs[name])),
            "to": _micro(max(costs[name])),
            "to HAProxy": round(statistics.median(costs[name]) / blind, 2),
            "messages/s": round(rates[name]),
            "of HAProxy's": round(rates[name] / rates["HAProxy"], 2),
            "median, µs": round(medians[name] * 1e6),
            "added to HAProxy's": round((medians[name] - medians["none"]) / added, 2) if added > 0 else "",
            "refused": max(sum(n for status, n in r["statuses"].items() if status != "0") for _, r in found[name]),
        }


def _micro(seconds: float) -> float:
    return round(seconds * 1e6, 2)
