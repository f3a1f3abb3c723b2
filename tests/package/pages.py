"""The commands of a page, run one after another as a reader would type them, in a machine of their own.

That is a copy of the checkout in namespaces of its own: with a network that has nothing but a loopback, and with empty
folders where the pages install something.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SHIMS = Path(__file__).parent / "shims"

EMPTY = ("/etc/consent-proxy", "/etc/systemd/system", "/opt", "/var/lib/consent-proxy", "/run", "/usr/local/bin")
"""Folders that the pages may write into; they are made where they are missing, and empty in the namespace."""

INSTEAD = {
    r"scripts/test\b.*": "scripts/test --no-tools -q tests/net/test_endpoints.py",  # this test is one of them
    r"scripts/bench relay --quick": "python -m tests.bench --help",  # takes minutes
    r"scripts/bench --no-tools ledger import replies --quick.*": "python -m tests.bench replies --quick",
}
"""Commands that take too long, or would run themselves, and what is run in their place."""

STAYS = r"(scripts/demo|(\.venv/bin/)?consent-proxy (run|simulate))\b"
"""Commands that go on until they are told to end: they are started, and must still run at the end of the page; demos at
the end of their block, since they have the same ports as what follows."""

PRELUDE = r"""
set -euo pipefail
shopt -s expand_aliases
ip link set lo up
for folder in EMPTY; do mount -t tmpfs none $folder; done
mkdir -p /run/consent-proxy
venv=$(readlink -f COPY/.venv)  # whose it is wants to keep it, also where it is out of date and would be made anew
mount --bind "$venv" "$venv" && mount -o remount,bind,ro "$venv"
cd COPY
export PATH=SHIMS:/usr/local/bin:PATHS HOME=COPY TERM=dumb PIP_NO_INDEX=1 PIP_FIND_LINKS=WHEELS
STAYED=() DEMOS=()
stays() {  # start this, and go on when it says that it is ready
    log=$(mktemp)
    setsid bash -c "exec $1" > "$log" 2>&1 < <(exec sleep infinity) &
    case "$1" in scripts/demo*) DEMOS+=("$!") ;; *) STAYED+=("$!") ;; esac
    for _ in $(seq 600); do
        grep -qE '"event": "ready"|handsets and control|the exam is on|Ctrl-C ends' "$log" && return
        kill -0 "$!" 2>/dev/null || { cat "$log"; echo "$1: it ended"; exit 1; }
        sleep 0.2
    done
    cat "$log"; echo "$1: it never said that it is ready"; exit 1
}
end_demos() {
    for pid in "${DEMOS[@]}"; do
        kill -0 "$pid" || { echo "a demo has ended by itself"; exit 1; }
        kill -- "-$pid"
        tail --pid="$pid" -f /dev/null
    done
    DEMOS=()
}
finish() {
    status=$?
    for pid in "${STAYED[@]}"; do
        kill -0 "$pid" 2>/dev/null || { echo "one that should stay has ended"; status=1; }
        kill -- "-$pid" 2>/dev/null || true
    done
    [ ! -f /run/consent-proxy/pid ] || kill "$(cat /run/consent-proxy/pid)" || true
    exit $status
}
trap finish EXIT
PREPARE
"""


def blocks(page: Path) -> list[str]:
    """The command blocks of a page."""
    return [
        re.sub(rf"(?m)^{indent}", "", block)
        for indent, block in re.findall(r"(?ms)^( *)```sh\n(.*?)^ *```", page.read_text("utf-8"))
    ]


def script(page: Path, copy: Path, wheels: Path, prepare: str) -> str:
    """Everything that is run for a page."""
    lines = [PRELUDE]
    values = {
        "EMPTY": " ".join(EMPTY), "COPY": str(copy), "SHIMS": str(SHIMS), "WHEELS": str(wheels), "PREPARE": prepare,
        "PATHS": f"{copy}/.venv/bin:{os.environ['PATH']}",
    }  # fmt: skip
    for name, value in values.items():
        lines[0] = value.join(re.split(rf"\b{name}\b", lines[0]))
    for block in blocks(page):
        for line in block.splitlines():
            for pattern, instead in INSTEAD.items():
                line = re.sub(rf"^{pattern}", instead, line)
            if re.match(STAYS, line):
                command = re.sub(r"\s+#.*", "", line)
                lines.append(f"stays {command!r}")
            else:
                lines.append(line)
        lines.append("end_demos")
    return "\n".join(lines) + "\n"


def copied(folder: Path) -> Path:
    """A copy of the checkout, with its environment."""
    copy = folder / "checkout"
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    names = listed.stdout.split("\0") if listed.returncode == 0 else []
    ignored = shutil.ignore_patterns(".venv", ".git", "__pycache__", ".*_cache", ".hypothesis")
    if not names:
        shutil.copytree(ROOT, copy, ignore=ignored)
    for name in filter(None, names):
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, copy / name)
    (copy / ".venv").symlink_to(Path(sys.prefix))
    return copy


def run(page: Path, folder: Path, wheels: Path, prepare: str = "") -> subprocess.CompletedProcess[str]:
    """Run a page's commands; as root."""
    copy = copied(folder)
    for path in EMPTY:
        os.makedirs(path, exist_ok=True)
    text = script(page, copy, wheels, prepare)
    command = ["unshare", "--mount", "--net", "--pid", "--fork", "--mount-proc", "--kill-child", "bash", "-c", text]
    return subprocess.run(command, capture_output=True, text=True, timeout=240)
