"""The figures of ``relay`` as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import matplotlib.pyplot as plt

from tests.bench.options import Row

COLOURS = {"HAProxy": "#9aa0a6", "consent proxy": "#1a73e8", "node-smpp": "#e8710a"}
COST = "CPU a message, µs"


def draw(rows: Sequence[Row], subtitle: str, path: Path) -> None:
    """Processor time a message of every relay, by shape of load, with the spread of its rounds; written as SVG."""
    shapes = list(dict.fromkeys(row["sessions x window"] for row in rows))
    figure, axes = plt.subplots(figsize=(9, 4.5), layout="constrained")
    present = [name for name in COLOURS if any(row["relay"] == name for row in rows)]
    width = 0.8 / len(present)
    for place, name in enumerate(present):
        own = [row for row in rows if row["relay"] == name]
        at = [n + (place - (len(present) - 1) / 2) * width for n in range(len(shapes))]
        heights = [row[COST] for row in own]
        spread = [[row[COST] - row["from"] for row in own], [row["to"] - row[COST] for row in own]]
        bars = axes.bar(at, heights, width, label=name, color=COLOURS[name], yerr=spread, ecolor="#3c4043", capsize=2)
        axes.bar_label(bars, [f"{height:.3g}" for height in heights], padding=2, fontsize=8)
    axes.set_yscale("log")
    axes.set_xticks(range(len(shapes)), shapes)
    axes.set_xlabel("sessions x window")
    axes.set_ylabel("µs of processor time a message")
    axes.set_title(
        f"What relaying a message and its answer costs ({subtitle}; median and spread of the rounds)", fontsize=10
    )
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False)
    figure.savefig(path)
    plt.close(figure)
