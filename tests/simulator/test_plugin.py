"""The pytest plugin as a project of an SMPP client would use it: the example of the README, run by its own pytest."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

README = Path("README.md")


def run_pytest(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(folder)]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True)


def test_the_readmes_example_passes(tmp_path: Path) -> None:
    text = README.read_text()
    (example,) = re.findall(r"(?s)```python\n(# test_my_client\.py.*?)```", text)
    (wanted,) = set(re.findall(r"`(pytest_plugins = [^`]+)`", text))
    (tmp_path / "conftest.py").write_text(wanted)
    (tmp_path / "test_my_client.py").write_text(example)
    assert len(example.strip().splitlines()) <= 25
    done = run_pytest(tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 passed" in done.stdout


def test_a_project_with_a_folder_of_the_same_name_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "proxy").mkdir()
    (tmp_path / "proxy/__init__.py").write_text("mine = True\n")
    (tmp_path / "test_mine.py").write_text("from proxy import mine\n\n\ndef test_it():\n    assert mine\n")
    done = run_pytest(tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
