"""Break the code on purpose, one place at a time, and see whether the tests notice.

The files and their tests are in ``targets``. It works on a copy: nothing here is changed. A mutant that survives is a
question: does a test lack, or does the code do what nobody needs?
"""

from __future__ import annotations

import os
import random
import shutil
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, NamedTuple

import typer
from cosmic_ray.ast import ast_nodes, get_ast_from_path
from cosmic_ray.mutating import mutate_and_test
from cosmic_ray.plugins import OPERATOR_PROVIDERS, get_operator, operator_names
from cosmic_ray.testing import run_tests
from cosmic_ray.work_item import MutationSpec, TestOutcome, WorkerOutcome

from tests.mutation.deletion import DeleteStatement
from tests.mutation.targets import ORDINARY, TARGETS

TIMEOUT = 300.0
"""Seconds; a mutant that makes the tests hang is noticed too."""

COPIED = ("proxy", "tests", "config", "scripts", "pyproject.toml", "README.md", "LICENSE")

OPTIONS = "-x -q -p no:cacheprovider --timeout=60 --hypothesis-profile=mutation"


class Mutant(NamedTuple):
    """One place of one file, and what is done there."""

    path: str
    line: int
    column: int
    operator: str
    occurrence: int


def mutants(path: str) -> Iterator[Mutant]:
    """All of a file's, in order."""
    OPERATOR_PROVIDERS["ours"] = {"DeleteStatement": DeleteStatement}
    wanted = tuple(f"core/{name}" for name in ORDINARY)
    tree = get_ast_from_path(Path(path))
    for name in operator_names():
        if not name.startswith((*wanted, "ours/")):
            continue
        operator = get_operator(name)()
        places = (start for node in ast_nodes(tree) for start, _ in operator.mutation_positions(node))
        for occurrence, (line, column) in enumerate(places):
            yield Mutant(path, line, column, name, occurrence)


def one_of_each_place(found: Iterable[Mutant], random_: random.Random) -> list[Mutant]:
    """One mutant for every place and kind of operator: ``<`` has seven others, which say little more than one."""
    places: dict[tuple[str, int, int, str], list[Mutant]] = {}
    for mutant in found:
        kind = mutant.operator.partition("_")[0]
        places.setdefault((mutant.path, mutant.line, mutant.column, kind), []).append(mutant)
    return [random_.choice(alternatives) for alternatives in places.values()]


def command(tests: Iterable[str]) -> str:
    """How these tests are run: to the first failure, with few examples, always the same."""
    return f"{sys.executable} -m pytest {OPTIONS} {' '.join(tests)}"


def must_pass(chosen: Iterable[Mutant]) -> None:
    """Raise ``RuntimeError`` if a test fails without any mutation."""
    for tests in {TARGETS[mutant.path] for mutant in chosen}:
        outcome, output = run_tests(command(tests), TIMEOUT)
        if outcome is not TestOutcome.SURVIVED:
            raise RuntimeError(f"without any mutation, {' '.join(tests)} must pass:\n{output}")


def is_noticed(mutant: Mutant) -> tuple[bool, str]:
    """Whether a test fails with it, and the mutation as a diff."""
    spec = MutationSpec(
        module_path=Path(mutant.path),
        operator_name=mutant.operator,
        occurrence=mutant.occurrence,
        start_pos=(mutant.line, mutant.column),
        end_pos=(mutant.line, mutant.column + 1),
    )
    result = mutate_and_test([spec], command(TARGETS[mutant.path]), TIMEOUT)
    if result.worker_outcome is not WorkerOutcome.NORMAL:
        raise RuntimeError(f"{mutant} could not be tried: {result.output}")
    changed = [
        line for line in result.diff.split("\n") if line.startswith(("+", "-")) and line[1:3] not in ("++", "--")
    ]
    return result.test_outcome is not TestOutcome.SURVIVED, "\n".join(f"    {line}" for line in changed)


def main(
    files: Annotated[
        list[str] | None, typer.Argument(help="files of proxy/; all that targets.py names if none is given")
    ] = None,
    *,
    sample: Annotated[int, typer.Option(help="how many to try of all files together; 0 is all")] = 100,
    seed: Annotated[int, typer.Option(help="which of them")] = 1,
    deletions: Annotated[bool, typer.Option(help="only statements that are taken away")] = False,
) -> None:
    """Try mutants of these files. Exits with 1 if any survives."""
    random_ = random.Random(seed)
    wanted = "ours/" if deletions else ""
    every = (mutant for path in files or TARGETS for mutant in mutants(path) if mutant.operator.startswith(wanted))
    found = one_of_each_place(every, random_)
    chosen = random_.sample(found, sample) if 0 < sample < len(found) else found
    noticed: Counter[str] = Counter()
    root = Path.cwd()
    with TemporaryDirectory() as folder:
        for name in COPIED:
            copy = shutil.copytree if (root / name).is_dir() else shutil.copy
            copy(root / name, Path(folder) / name)
        os.chdir(folder)
        must_pass(chosen)
        for number, mutant in enumerate(sorted(chosen), 1):
            begun = time.monotonic()
            killed, diff = is_noticed(mutant)
            noticed[mutant.path] += killed
            operator = mutant.operator.partition("/")[2]
            print(
                f"{number}/{len(chosen)} {'killed  ' if killed else 'SURVIVED'} {mutant.path}:{mutant.line}"
                f" {operator} {time.monotonic() - begun:.1f} s",
                flush=True,
            )
            if not killed:
                print(diff, flush=True)
        must_pass(chosen)  # else something other than the mutants was noticed
        os.chdir(root)
    tried = Counter(mutant.path for mutant in chosen)
    for path, count in sorted(tried.items()):
        print(f"{path}: {noticed[path]} of {count} killed")
    print(f"{noticed.total()} of {len(chosen)} killed; {len(found)} there are; seed {seed}")
    if noticed.total() < len(chosen):
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
