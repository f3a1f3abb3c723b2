"""The ledger at size: what a pair takes on disk, and what it costs to look one up."""

from __future__ import annotations

import os
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from proxy.consent.numbers import Pair
from proxy.ledger.ledger import Ledger
from proxy.ledger.upkeep import lists as transfer
from proxy.ledger.upkeep.bulk import Listed
from tests.bench.options import Options, Row

BUSINESSES = 1000
GROUP, BATCH = 500_000, 10_000
"""As ``consent import`` writes them."""


def measure(options: Options) -> Iterator[Row]:
    """One ledger that grows from size to size, with consumers in random order."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as name:
        path, size = Path(name), 0
        for wanted in sorted(options.millions):
            begun = time.perf_counter()
            added = wanted * 1_000_000 - size
            _grow(path, size, added)
            rate = added / (time.perf_counter() - begun)
            size += added
            lookups = 20_000 if options.quick else 200_000
            _forget_cached(path)
            opening = time.perf_counter()
            with _open(path) as ledger:
                opened = time.perf_counter() - opening
                cold = _lookups(ledger, size, 1_000 if options.quick else 5_000, seed=1)
                _read_through(path)
                warm = [statistics.mean(_lookups(ledger, size, lookups, seed=n)) for n in range(2, 5)]
                begun = time.perf_counter()
                scanned = sum(1 for _ in ledger.pairs.records(business=_pair(0).business))
                scan = time.perf_counter() - begun
            yield {
                "pairs, millions": wanted,
                "octets a pair": round((path / "data.mdb").stat().st_size / size),
                "added/s": round(rate),
                "open, ms": round(opened * 1e3, 1),
                "lookup, µs": round(statistics.median(warm) * 1e6, 2),
                "out of cache, µs": round(statistics.median(cold) * 1e6),
                "99 %": round(statistics.quantiles(cold, n=100)[98] * 1e6),
                "scan of a business, pairs/s": round(scanned / scan),
            }


def _open(path: Path) -> Ledger:
    return Ledger(path, lambda: time.time_ns() // 1000, map_size=1 << 36)


def _pair(n: int) -> Pair:
    """The n-th pair; neighbours are far apart, and no two are the same."""
    return Pair(f"+1555{n % BUSINESSES:07}", f"+1{2_000_000_000 + n * 6_700_417 % 7_999_999_993}")


def _grow(path: Path, first: int, count: int) -> None:
    rows = (transfer.Row(n, _pair(n), 0) for n in range(first, first + count))
    with _open(path) as ledger:
        for group, _ in transfer.batches(rows, GROUP):
            for start in range(0, len(group), BATCH):
                ledger.absorb([Listed(row.pair) for row in group[start : start + BATCH]], {"note": "bench"})


def _lookups(ledger: Ledger, size: int, count: int, *, seed: int) -> list[float]:
    """Seconds of each of ``count`` lookups, half of them of pairs that are there."""
    draw = random.Random(seed)
    pairs = [_pair(draw.randrange(2 * size)) for _ in range(count)]
    reader, seconds = ledger.reader(), []
    clock = time.perf_counter
    for pair in pairs:
        begun = clock()
        with reader as consent:
            consent.state(pair)
        seconds.append(clock() - begun)
    return seconds


def _forget_cached(path: Path) -> None:
    """Have the kernel drop the file's pages; nobody may have it mapped."""
    with (path / "data.mdb").open("rb") as data:
        os.fsync(data.fileno())
        os.posix_fadvise(data.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _read_through(path: Path) -> None:
    """Have the file in the page cache, as far as it fits."""
    with (path / "data.mdb").open("rb", buffering=0) as data:
        while data.read(1 << 24):
            pass
