"""``consent-proxy cluster``: the nodes, a ledger brought in, a ledger compared."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from proxy.cli.failing import conclude, fail, settings
from proxy.cli.ledger import opened
from proxy.cli.options import CONFIG, ConfigOption, JsonOption
from proxy.cli.tables import show
from proxy.config.schema import ClusterTable

if TYPE_CHECKING:
    from proxy.cluster.engine import Engine

cluster = typer.Typer(help="The machines that share this consent.", no_args_is_help=True)


def cluster_of(config: Path) -> ClusterTable:
    """``[cluster]`` of a configuration; one without ends the command."""
    table = settings(config).cluster
    if table is None:
        fail(f"{config}: has no [cluster]")
    return table


@contextmanager
def progress(what: str, total: int) -> Iterator[Callable[[int], None]]:
    """A progress bar over pairs, on a terminal."""
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task(what, total=total)
        yield lambda more: bar.advance(task, more)


@cluster.command("status")
def status(config: ConfigOption = CONFIG, as_json: JsonOption = False) -> None:
    """Show the nodes: who serves, and how far each has followed."""
    import trio

    from proxy.cli.in_cluster import in_cluster
    from proxy.cluster.peers import read_pulse
    from proxy.service.clustering import clock

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
    from proxy.cluster.peers import read_pulse

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
    config: ConfigOption = CONFIG,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count, and change nothing.")] = False,
) -> None:
    """Bring this machine's ledger into the cluster: what is newer wins, and opted out wins a tie."""
    from proxy.cli.in_cluster import await_everywhere, in_cluster, told
    from proxy.cluster.seeding import unknown_pairs, wanted_of, write_all

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
def verify(config: ConfigOption = CONFIG) -> None:
    """Compare this machine's ledger with the cluster's store, pair by pair."""
    from proxy.cli.in_cluster import in_cluster
    from proxy.cluster.comparing import differences

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
def forget(name: Annotated[str, typer.Argument(metavar="NODE")], config: ConfigOption = CONFIG) -> None:
    """Forget a node that will not come back. One that lives joins again by itself."""
    from proxy.cli.in_cluster import in_cluster

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
