"""The pytest plugin as a project of an SMPP client would use it: the example of the README, run by its own pytest."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path


def test_the_readmes_example_passes(tmp_path: Path) -> None:
    (example,) = re.findall(r"(?s)```python\n(# test_my_client\.py.*?)```", Path("README.md").read_text())
    (tmp_path / "test_my_client.py").write_text(example)
    assert len(example.strip().splitlines()) <= 25
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 passed" in done.stdout
