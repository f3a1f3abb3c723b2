"""The import law of the design: arrows only downward, and the pure parts stay pure."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent / "proxy"
FILES = sorted(ROOT.rglob("*.py"))

ALLOWED: dict[str, set[str]] = {
    "meaning": set(),
    "consent": {"meaning"},
    "ledger": {"consent", "meaning"},
    "cluster": {"ledger", "consent", "meaning", "net"},
    "smpp": set(),
    "mm7": set(),
    "net": set(),
    "relay": {"net", "smpp", "consent", "meaning"},
    "mms": {"net", "mm7", "consent", "meaning"},
    "config": {"smpp", "mm7", "consent", "meaning", "net"},
    "service": {"config", "relay", "mms", "mm7", "cluster", "ledger", "net", "smpp", "consent", "meaning"},
    "simulator": {"smpp", "mm7", "net"},
    "cli": {
        "service",
        "simulator",
        "config",
        "relay",
        "mms",
        "mm7",
        "cluster",
        "ledger",
        "net",
        "smpp",
        "consent",
        "meaning",
    },
    "__main__": {"cli"},
    "__init__": set(),
}
"""Which rooms a room may import, besides itself."""

PURE_OF_CLUSTER = ("engine", "values", "judging", "undoing", "peers", "etcd_wire")
PURE_OF_MMS = ("exchange", "submits", "deliveries", "credentials", "dialect", "standing", "actions", "tally")
PURE_ROOMS = ("meaning/**/*", "consent/*", "smpp/*", "mm7/*", "relay/session/*")
PURE = (*(f"cluster/{name}" for name in PURE_OF_CLUSTER), *(f"mms/{name}" for name in PURE_OF_MMS), *PURE_ROOMS)
IMPURE = {"trio", "socket", "lmdb", "structlog", "prometheus_client", "time", "random", "threading"}

ONLY_IN = {
    "h11": "mm7/http.py",
    "httpx": "cluster/gateway.py",
    "lmdb": "ledger/",
    "hypercorn": "net/http.py",
    "fastapi": ("service/admin/", "simulator/handsets/", "simulator/mms/control.py"),
}
"""Libraries that one room, or one file, answers for."""


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
    room, relative = part_of(path), str(path.relative_to(ROOT))
    for name in imports(path):
        if name.startswith("proxy."):
            assert name.split(".")[1] in ALLOWED[room] | {room}, f"{relative} may not import {name}"


def test_no_imports_go_in_a_circle() -> None:
    """Not even for types only: what needs each other is one thing, or lacks a protocol."""
    modules = {".".join(("proxy", *path.relative_to(ROOT).with_suffix("").parts)): path for path in FILES}
    graph = {name: {found for found in imports(path) if found in modules} for name, path in modules.items()}
    sorter = TopologicalSorter(graph)
    sorter.prepare()  # raises CycleError, which names them


WORD_TABLES = "meaning/languages/"
MOST_LINES = 300


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_files_are_short_enough_to_be_read(path: Path) -> None:
    if not str(path.relative_to(ROOT)).startswith(WORD_TABLES):
        assert len(path.read_text("utf-8").splitlines()) <= MOST_LINES


@pytest.mark.parametrize("path", sorted({p for glob in PURE for p in ROOT.glob(glob + ".py")}), ids=lambda p: p.name)
def test_pure_parts_stay_pure(path: Path) -> None:
    assert not {name.split(".")[0] for name in imports(path)} & IMPURE


@pytest.mark.parametrize(("library", "where"), ONLY_IN.items())
def test_a_library_stays_where_it_is_wrapped(library: str, where: str | tuple[str, ...]) -> None:
    users = {str(p.relative_to(ROOT)) for p in FILES if library in {n.split(".")[0] for n in imports(p)}}
    assert users
    assert {user for user in users if not user.startswith(where)} == set()


def test_every_pattern_of_the_law_names_a_file() -> None:
    for glob in PURE:
        assert list(ROOT.glob(glob + ".py")), glob
