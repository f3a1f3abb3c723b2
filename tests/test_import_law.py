"""The import law of the design: arrows only downward, and the pure parts stay pure."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent / "proxy"
FILES = sorted(ROOT.rglob("*.py"))

ALLOWED: dict[str, set[str]] = {
    "smpp": {"smpp"},
    "consent": {"consent"},
    "relay": {"relay", "smpp", "consent"},
    "config": {"relay", "smpp", "consent"},
    "httpserver": set(),
    "service": {"service", "config", "relay", "smpp", "consent", "httpserver"},
    "simulator": {"simulator", "smpp", "httpserver"},
    "cli": {"config", "service", "simulator", "relay", "smpp", "consent"},
    "__main__": {"cli"},
    "__init__": set(),
}
"""Which parts of the house a part may import."""

PURE = (
    "smpp/*",
    "consent/numbers.py",
    "consent/replies.py",
    "consent/phrases.py",
    "consent/plain.py",
    "consent/typos.py",
    "consent/languages/*",
    "consent/rules.py",
    "consent/journal.py",
    "consent/scope.py",
    "consent/refusals.py",
    "relay/session.py",
    "relay/glance.py",
    "relay/submits.py",
    "relay/deliveries.py",
    "relay/actions.py",
    "relay/policy.py",
    "relay/tally.py",
    "relay/limits.py",
)
IMPURE = {"trio", "socket", "lmdb", "structlog", "prometheus_client", "time", "random", "threading"}

ONLY_IN = {
    "lmdb": {
        "consent/aging.py",
        "consent/turned_back.py",
        "consent/ledger.py",
        "consent/journal_store.py",
        "consent/store.py",
        "consent/environment.py",
        "consent/copies.py",
        "consent/reader.py",
        "consent/parts.py",
    },
    "hypercorn": {"httpserver.py"},
    "fastapi": {"service/admin.py", "service/api.py", "service/bodies.py", "simulator/control.py"},
}
"""Libraries that few files answer for: lmdb is the ledger's, and of the files that it is made of."""


def imports(path: Path) -> Iterator[str]:
    """The full names of what a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            assert node.module is not None
            yield node.module
            if node.module == "proxy" or node.module.startswith("proxy."):
                yield from (f"{node.module}.{alias.name}" for alias in node.names)


def part_of(path: Path) -> str:
    relative = path.relative_to(ROOT)
    return relative.parts[0] if len(relative.parts) > 1 else relative.stem


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_go_downward(path: Path) -> None:
    allowed = ALLOWED[part_of(path)]
    for name in imports(path):
        if name.startswith("proxy."):
            assert name.split(".")[1] in allowed, f"{path.relative_to(ROOT)} may not import {name}"


@pytest.mark.parametrize("path", sorted({p for glob in PURE for p in ROOT.glob(glob)}), ids=lambda p: p.name)
def test_pure_parts_stay_pure(path: Path) -> None:
    assert not {name.split(".")[0] for name in imports(path)} & IMPURE


@pytest.mark.parametrize(("library", "files"), ONLY_IN.items())
def test_a_library_stays_where_it_is_wrapped(library: str, files: set[str]) -> None:
    users = {str(p.relative_to(ROOT)) for p in FILES if library in {n.split(".")[0] for n in imports(p)}}
    assert users == files


def test_every_pattern_of_the_law_names_a_file() -> None:
    for glob in PURE:
        assert list(ROOT.glob(glob)), glob
