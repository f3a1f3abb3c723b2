"""How fast the command takes a list of opted-out pairs, fsync and journal included."""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.options import Options, Row


def measure(options: Options) -> Iterator[Row]:
    """The whole command, from its start to its end, with consumers in random order."""
    lines = 100_000 if options.quick else 1_000_000
    with tempfile.TemporaryDirectory(dir="/var/tmp") as name:
        folder = Path(name)
        config = folder / "proxy.toml"
        config.write_text(
            '[[route]]\nname = "bench"\nlisten = "127.0.0.1:1"\ncarrier = ["127.0.0.1:2"]\n'
            f'[store]\npath = "{folder / "store"}"\n'
        )
        draw = random.Random(3)
        with (folder / "list.csv").open("w") as list_:
            list_.write("business,consumer\n")
            for consumer in draw.sample(range(2_000_000_000, 9_999_999_999), lines):
                list_.write(f"+1555123{draw.randrange(100):04},+1{consumer}\n")
        for which in ("new pairs", "the same list again"):
            begun = time.perf_counter()
            command = [sys.executable, "-m", "proxy", "consent", "import", str(folder / "list.csv")]
            subprocess.run([*command, "--config", str(config)], check=True, stdout=subprocess.DEVNULL)
            seconds = time.perf_counter() - begun
            yield {"import": which, "lines": lines, "seconds": round(seconds, 1), "lines/s": round(lines / seconds)}
