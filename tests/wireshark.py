"""Captures as tshark reads them."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest


def tshark(path: Path, *fields: str) -> list[list[str]]:
    """These fields of each record."""
    program = shutil.which("tshark")
    if program is None:
        pytest.skip("needs tshark, of Debian's tshark")
    words = [program, "-r", str(path), "-T", "fields", *(word for field in fields for word in ("-e", field))]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    return [line.split("\t") for line in done.stdout.splitlines()]
