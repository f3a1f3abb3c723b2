"""The package as its users get it: built by the project's own means, installed beside nothing of the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
"""The folder whose package this is: a checkout, or an unpacked source archive."""

_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR")


def run(folder: Path, *command: object) -> str:
    """What a command says on standard output; nothing of this process's environment leads it to the checkout."""
    env = {name: os.environ[name] for name in _KEPT if name in os.environ}
    done = subprocess.run(list(map(str, command)), cwd=folder, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def build_sdist(out: Path) -> Path:
    """Build the source archive in ``out``, and unpack it there: its folder."""
    run(ROOT, sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", out)
    (archive,) = out.glob("*.tar.gz")
    run(out, "tar", "xzf", archive)
    return out / archive.name.removesuffix(".tar.gz")


def build_wheel(source: Path, out: Path) -> Path:
    """Build the wheel from an unpacked source archive."""
    run(source, sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", out)
    (wheel,) = out.glob("*.whl")
    return wheel


class Installed(NamedTuple):
    """An environment with the wheel in it, and an empty folder to run it from."""

    bin: Path
    site: Path
    folder: Path

    def run(self, name: str, *words: object) -> str:
        """What a command of the environment says."""
        return run(self.folder, self.bin / name, *words)


def install(wheel: Path, out: Path) -> Installed:
    """Make an environment of the wheel; the libraries that it needs are those of this one, the project itself is not.

    A folder that a ``.pth`` file names is searched, but ``.pth`` files in it, such as the checkout's, are not read.
    """
    home, folder = out / "venv", out / "empty"
    folder.mkdir()
    venv.create(home, symlinks=True)
    python = home / "bin/python"
    run(out, sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps", "--no-index", wheel)
    site = Path(sysconfig.get_path("purelib", "venv", vars={"base": str(home), "platbase": str(home)}))
    libraries = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (site / "libraries.pth").write_text("\n".join(sorted(libraries)))
    return Installed(home / "bin", site, folder)
