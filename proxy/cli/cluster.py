"""``consent-proxy cluster``: the nodes, a ledger brought in, one compared; and what other commands ask of a cluster."""

from __future__ import annotations

import socket
import sys
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, TypeVar

import trio
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from proxy.cli.failing import conclude, fail, leaves, settings
from proxy.cli.ledger import ConfigOption, JsonOption, opened
from proxy.cli.tables import show
from proxy.cluster.commanding import Passed, change_all, wait_for_all
from proxy.cluster.comparing import differences
from proxy.cluster.engine import Engine, EngineError, Head, Key
from proxy.cluster.peers import read_pulse
from proxy.cluster.seeding import unknown_pairs, wanted_of, write_all
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

cluster = typer.Typer(help="The machines that share this consent.", no_args_is_help=True)

T = TypeVar("T")


def cluster_of(config: Path) -> ClusterTable:
    """``[cluster]`` of a configuration; one without ends the command."""
    table = settings(config).cluster
    if table is None:
        fail(f"{config}: has no [cluster]")
    return table


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


def note_age(config: Path, ledger: Ledger) -> None:
    """Say on standard error if this machine's ledger may not be all that the cluster agreed on."""
    table = settings(config).cluster
    if table is None:
        return

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


@contextmanager
def progress(what: str, total: int) -> Iterator[Callable[[int], None]]:
    """A progress bar over pairs, on a terminal."""
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task(what, total=total)
        yield lambda more: bar.advance(task, more)


@cluster.command("status")
def status(config: ConfigOption, as_json: JsonOption = False) -> None:
    """Show the nodes: who serves, and how far each has followed."""
    table = cluster_of(config)

    async def look(engine: Engine) -> tuple[list[str], int, list[dict[str, Any]]]:
        faults = await engine.check()
        _, before = await engine.nodes()
        revisions = {beat.name: beat.revision for beat in before}
        pulses = [read_pulse(beat.value) for beat in before if beat.value is not None]
        longest = max((pulse.lease for pulse in pulses if pulse), default=0)
        until = clock() + longest / 2
        while True:  # until all have beaten once more, or some certainly don't
            revision, now = await engine.nodes()
            beaten = {beat.name for beat in now if revisions.get(beat.name) != beat.revision}
            if len(beaten) == len(now) or clock() >= until:
                break
            await trio.sleep(0.05)
        return faults, revision, [_node(beat.name, beat.value, is_live=beat.name in beaten) for beat in now]

    faults, revision, nodes = in_cluster(table, look)
    newest = max((node["applied"] for node in nodes), default=0)
    for fault in faults:
        typer.echo(f"store: {fault}", err=True)
    show(({**node, "lag": newest - node["applied"], "this": node["name"] == table.name} for node in nodes), as_json)
    if not as_json and sys.stdout.isatty():
        typer.echo(f"store: revision {revision}, {table.engine} at {', '.join(table.endpoints)}")
    if not nodes:
        typer.echo("no node has joined this cluster yet", err=True)


def _node(name: str, value: bytes | None, *, is_live: bool) -> dict[str, Any]:
    pulse = read_pulse(value or b"")
    state = "silent" if not is_live else "serving" if pulse and pulse.serves else "joining"
    return {
        "name": name,
        "state": state,
        "address": pulse.address if pulse else "",
        "applied": pulse.applied if pulse else 0,
        "lease": pulse.lease if pulse else 0,
        "version": pulse.version if pulse else "",
    }


@cluster.command("seed")
def seed(
    config: ConfigOption,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count, and change nothing.")] = False,
) -> None:
    """Bring this machine's ledger into the cluster: what is newer wins, and opted out wins a tie."""
    table = cluster_of(config)
    with opened(config) as (ledger, _):
        total = ledger.statistics().pairs
        if dry_run:
            unknown = in_cluster(table, lambda engine: unknown_pairs(engine, ledger, table.name))
            typer.echo(f"{total} pairs here, of which {unknown} would be brought in")
            return
        with progress("bringing in", total) as advance:
            changed, revision = in_cluster(
                table, lambda engine: write_all(engine, wanted_of(ledger, table.name), advance)
            )
    typer.echo(f"{total} pairs here, {changed} brought in; {told(await_everywhere(table, changed, revision))}")


@cluster.command("verify")
def verify(config: ConfigOption) -> None:
    """Compare this machine's ledger with the cluster's store, pair by pair."""
    table = cluster_of(config)
    with opened(config) as (ledger, _):
        total = ledger.statistics().pairs

        async def compare(engine: Engine) -> list[str]:
            with progress("comparing", total) as advance:
                return [
                    f"{each.pair.business} to {each.pair.consumer}: {each.here or 'unknown'} here,"
                    f" {each.store or 'unknown'} in the cluster"
                    async for each in differences(engine, ledger, advance)
                ]

        found = in_cluster(table, compare)
    conclude(found, f"{total} pairs here; {len(found)} differences")


@cluster.command("forget")
def forget(name: str, config: ConfigOption) -> None:
    """Forget a node that will not come back. One that lives joins again by itself."""
    table = cluster_of(config)

    async def remove(engine: Engine) -> bool:
        seat = await engine.seat_of(name)
        if seat is None:
            return False
        await engine.leave(seat)
        return True

    if not in_cluster(table, remove):
        fail(f"the cluster has no node called {name}")
    typer.echo(f"{name} is forgotten")
