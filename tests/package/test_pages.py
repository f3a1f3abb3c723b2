"""Every command block of every page runs as it is printed, in a machine of its own."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.package import pages
from tests.package.pages import ROOT, blocks

PAGES = sorted(path for path in ROOT.rglob("README.md") if not {".venv", "node_modules"} & {*path.parts})

CONFIG = """
cat > proxy.toml <<'END'
[[route]]
name = "carrier-a"
listen = "127.0.0.1:2775"
carrier = ["127.0.0.1:2776"]
[store]
path = "/var/lib/consent-proxy/ledger"
MORE
END
"""
RELAYING = "export CONSENT_PROXY_CONFIG=proxy.toml\n"
ETCD = "etcd --data-dir /run/etcd > /run/etcd.log 2>&1 &\nuntil etcdctl endpoint health; do :; done\n"
NODE = '[cluster]\nengine = "etcd"\nendpoints = ["http://127.0.0.1:2379"]\nname = "gateway-1"\nuser = "gateways"\n'
NODE += 'password_file = "/run/etcd-password"\nnamespace = "consent"\n'

PREPARE = {
    "proxy/consent/README.md": CONFIG.replace("MORE", "") + RELAYING,
    "proxy/mms/README.md": CONFIG.replace("MORE", ""),
    "proxy/cluster/README.md": CONFIG.replace("MORE", "")
    + 'consent-proxy consent set 15551230001 15559870001 opted_out --note "before the cluster" -c proxy.toml\n'
    + f"cat >> proxy.toml <<'END'\n{NODE}END\n"
    + ETCD
    + "printf secret > /run/etcd-password\n"
    + 'consent-proxy() { command consent-proxy "$@" || [ "$2" = forget ]; }\n',
}
"""What a page takes for granted: a configuration, an etcd and a ledger. Nobody is called gateway-9 there."""

NEEDS = {
    "config/README.md": ("promtool", "curl", "systemd-analyze", "openssl"),
    "config/nftables/README.md": ("nft",),
    "proxy/cluster/README.md": ("etcd", "etcdctl"),
    "proxy/simulator/README.md": ("curl",),
}


@pytest.fixture(scope="session")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packages that an installation takes, since a page's machine has no network."""
    folder = tmp_path_factory.mktemp("wheels")
    words = [sys.executable, "-m", "pip", "download", "--quiet", "--dest", str(folder), str(ROOT), "hatchling"]
    subprocess.run(words, check=True, capture_output=True)
    return folder


def need(*programs: str) -> None:
    missing = [program for program in programs if not shutil.which(program)]
    if os.getuid() or missing:
        reason = f"needs {', '.join(missing)}" if missing else "needs root, for namespaces"
        if os.environ.get("CI") == "true" and missing:
            pytest.fail(reason)
        pytest.skip(reason)


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.timeout(500)
@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page)], ids=name_of)
def test_the_commands_of_a_page_run_as_they_are_printed(
    page: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    name = name_of(page)
    need("unshare", *NEEDS.get(name, ()))
    installs = "pip install" in page.read_text("utf-8")
    found = request.getfixturevalue("wheels") if installs else tmp_path
    done = pages.run(page, tmp_path, found, PREPARE.get(name, ""))
    assert done.returncode == 0, f"{done.stdout[-6000:]}\n{done.stderr[-6000:]}"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_what_a_page_points_at_is_there(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text("utf-8")):
        if not target.startswith("http"):
            assert (page.parent / target).exists(), target


def test_the_first_page_is_short_and_in_its_order() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    assert len(text.splitlines()) <= 150
    assert re.findall(r"(?m)^## (.*)$", text) == [
        "Try it",
        "What it does to your traffic",
        "Put it in front of a carrier",
        "Consent, for compliance",
        "Operate it",
        "Test an SMPP client",
        "Several machines",
        "Where to read on",
    ]
