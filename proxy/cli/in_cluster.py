"""What commands do with a cluster. Imported only where there is one: it takes a third of a second."""

from __future__ import annotations

import socket
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import trio
import typer

from proxy.cli.failing import fail, leaves, settings
from proxy.cli.ledger import opened
from proxy.cluster.commanding import Passed, change_all, wait_for_all
from proxy.cluster.engine import Engine, EngineError, Head, Key
from proxy.cluster.values import UnreadableValue
from proxy.config.schema import ClusterTable
from proxy.consent.entries import iso
from proxy.consent.numbers import Pair
from proxy.consent.wishes import Change
from proxy.ledger.disk.files import DATA
from proxy.ledger.following import Following
from proxy.ledger.ledger import Ledger
from proxy.service.assembly import SettingsError, utc_microseconds
from proxy.service.clustering import clock, engine_of

T = TypeVar("T")


def in_cluster(table: ClusterTable, work: Callable[[Engine], Awaitable[T]]) -> T:
    """Do this with the shared store; one that can't be reached or used ends the command, and says why."""

    async def main() -> T:
        engine = engine_of(table)
        try:
            await engine.check()
            return await work(engine)
        finally:
            await engine.close()

    try:
        return trio.run(main)
    except SettingsError as error:
        fail(str(error))
    except (EngineError, UnreadableValue) as error:
        fail(f"the cluster can't be reached, so nothing is certain: {error}")
    except BaseExceptionGroup as group:
        faults = [error for error in leaves(group) if isinstance(error, EngineError | UnreadableValue)]
        if not faults:
            raise
        fail(f"the cluster can't be reached, so not all was done: {faults[0]}")


def change_everywhere(table: ClusterTable, changes: Sequence[Change]) -> Passed:
    """Make these changes for all nodes, and wait until they have them."""
    place = f"{table.name} (command on {socket.gethostname()})"
    return in_cluster(table, lambda engine: change_all(engine, changes, place, utc_microseconds, clock))


def await_everywhere(table: ClusterTable, changed: int, revision: int) -> Passed:
    """Wait until all nodes have what was committed."""
    return in_cluster(table, lambda engine: wait_for_all(engine, changed, revision, clock))


@contextmanager
def known_here(config: Path) -> Iterator[Callable[[Key], bool]]:
    """Whether a pair is most likely unknown to the cluster: this machine's ledger, if there is one, doesn't have it."""
    if not (settings(config).store.path / DATA).exists():
        yield lambda _: False
        return
    with opened(config) as (ledger, _):
        yield lambda key: ledger.pairs.record(Pair.of_key(key.name)) is None


def say_age(table: ClusterTable, ledger: Ledger) -> None:
    """Say on standard error if this machine's ledger may not be all that the cluster agreed on."""

    async def head() -> Head | None:
        engine = engine_of(table)
        try:
            with trio.move_on_after(table.lease / 3):
                return await engine.head()
        except EngineError:
            pass
        finally:
            await engine.close()
        return None

    found, cursor = trio.run(head), Following(ledger).cursor()
    commits = cursor.commits if cursor else 0
    if found is None:
        last = ledger.journal.last()
        since = f"its last change is of {iso(last.time)}" if last else "which is empty"
        typer.echo(f"the cluster can't be reached; this is what this machine's ledger has, {since}", err=True)
    elif found.commits > commits:
        typer.echo(f"this machine's ledger is {found.commits - commits} commits behind the cluster", err=True)


def told(passed: Passed) -> str:
    """What became of changes, for people."""
    if passed.silent:
        return f"in force at all nodes but {', '.join(passed.silent)}, out of touch: they refuse until they have it"
    return "in force at all nodes"
