"""The wheel and the source archive: what is in them, and that they do in a fresh environment what the checkout does."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tomllib
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.package import built
from tests.package.built import ROOT, Installed

VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]

PROMISED = (
    "py.typed",
    "service/admin/page/index.html",
    "service/admin/page/page.js",
    "service/admin/page/page.css",
    "service/admin/page/icon.svg",
    "simulator/handsets/page/index.html",
    "simulator/demo.toml",
    "examples/proxy.toml",
    "examples/systemd/consent-proxy.service",
    "examples/systemd/consent-proxy.socket",
    "examples/nftables/tproxy-closed.nft",
    "examples/nftables/redirect-bypass.nft",
    "examples/prometheus/alerts.yml",
    "examples/grafana/consent-proxy.json",
)


def files(root: Path, *folders: str) -> set[str]:
    """The files of these folders, without what Python and tools leave there."""
    found = (path for folder in folders for path in (root / folder).rglob("*") if path.is_file())
    return {
        str(path.relative_to(root))
        for path in found
        if "__pycache__" not in path.parts and not path.name.startswith(".")
    }


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built.build_sdist(tmp_path_factory.mktemp("sdist"))


@pytest.fixture(scope="module")
def wheel(sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built.build_wheel(sdist, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    return built.install(wheel, tmp_path_factory.mktemp("installed"))


def test_the_wheel_has_what_is_promised(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert {f"proxy/{name}" for name in PROMISED} <= names
    assert any(name.endswith("/scenarios/busy.toml") for name in names)
    examples = {name.replace("config/", "proxy/examples/", 1) for name in files(ROOT, "config")}
    assert names == files(ROOT, "proxy") | examples


def test_the_wheel_brings_a_command_and_no_plugin(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (entry_points,) = (name for name in archive.namelist() if name.endswith("entry_points.txt"))
        said = archive.read(entry_points).decode()
    assert re.findall(r"(?m)^\[(.*)\]$", said) == ["console_scripts"]


def test_what_runs_is_the_wheel(installed: Installed) -> None:
    where = installed.run("python", "-c", "import proxy; print(proxy.__file__)").strip()
    assert where == str(installed.site / "proxy/__init__.py")
    assert installed.run("consent-proxy", "--version") == f"{VERSION}\n"


def test_config_prints_the_example(installed: Installed) -> None:
    assert installed.run("consent-proxy", "config") == (ROOT / "config/proxy.toml").read_text()
    unit = "systemd/consent-proxy.service"
    assert installed.run("consent-proxy", "config", unit) == (ROOT / "config" / unit).read_text()


def test_the_demo_is_played(installed: Installed) -> None:
    assert "The story went as it should." in installed.run("python", "-m", "proxy.simulator.demo", "--once")


@pytest.fixture
def simulator(installed: Installed) -> Iterator[subprocess.Popen[str]]:
    program = str(installed.bin / "consent-proxy")
    command = [program, "simulate", "--listen", "127.0.0.1:0", "--control", "127.0.0.1:0"]
    with subprocess.Popen(command, cwd=installed.folder, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.send_signal(signal.SIGKILL)


def test_the_simulator_runs_and_shows_its_page(simulator: subprocess.Popen[str]) -> None:
    assert simulator.stdout is not None
    assert re.fullmatch(r"SMSC simulator on 127\.0\.0\.1:\d+\n", simulator.stdout.readline())
    (page,) = re.findall(r"http://127\.0\.0\.1:\d+/", simulator.stdout.readline())
    with urllib.request.urlopen(page, timeout=60) as answer:
        assert answer.read() == (ROOT / "proxy/simulator/handsets/page/index.html").read_bytes()


def test_the_source_archive_is_whole(sdist: Path) -> None:
    folders = ("proxy", "tests", "config", "scripts", ".ci")
    assert files(sdist, *folders) == files(ROOT, *folders)
    assert {"README.md", "LICENSE", "pyproject.toml", ".gitignore"} <= set(os.listdir(sdist))
    assert all(os.access(script, os.X_OK) for script in [*(sdist / "scripts").iterdir(), sdist / ".ci/run"])


def test_the_source_archive_passes_tests_of_its_own(sdist: Path) -> None:
    where = built.run(sdist, sys.executable, "-c", "import proxy; print(proxy.__file__)").strip()
    assert where == str(sdist / "proxy/__init__.py")
    some = ("tests/smpp/test_frames.py", "tests/smpp/test_pdu.py", "tests/config", "tests/test_import_law.py")
    said = built.run(sdist, sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *some)
    assert re.search(r"^\d+ passed", said, re.MULTILINE)
    assert " failed" not in said
