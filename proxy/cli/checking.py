"""``consent-proxy check``: all that ``run`` would open is opened, and what it sets up is said."""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from proxy.cli.failing import fail, settings
from proxy.cli.options import CONFIG, ConfigOption, examples
from proxy.config.kinds import ORIGINAL
from proxy.config.schema import ClusterTable, Config, RouteTable, carrier_names
from proxy.consent.numbers import Numbering
from proxy.ledger.disk.environment import Access, refuse_if_gone
from proxy.ledger.disk.files import DATA, LedgerError
from proxy.net.endpoints import Endpoint
from proxy.service.assembly import SettingsError, open_ledger, path_of, tokens_of

Positional = Annotated[Path | None, typer.Argument(metavar="[FILE]", help="The same as --config FILE.")]


def check(config: ConfigOption = CONFIG, file: Positional = None) -> None:
    """Say what a configuration sets up, or everything that is wrong with it.

    What run would open is opened: the ledger, token and TLS files. Names of carriers that can't be looked up, and
    addresses that are taken (by the running proxy, perhaps), are warnings. The status is 1 if run would not start.
    """
    config = file or config
    loaded = settings(config, is_in_use=False)
    faults, said = [], []
    try:
        if loaded.admin is not None:
            tokens_of(loaded.admin)
        if loaded.cluster is not None:
            from proxy.service.clustering import files_of

            files_of(loaded.cluster)
        paths = {route.name: path_of(route) for route in loaded.route}
    except SettingsError as error:
        fail(f"{config}: {error}")
    for route in loaded.route:
        said.append(f"route {route.name}:{_speaks(route)} {route.listen} -> {', '.join(carrier_names(route))}")
        if route.protocol == "mm7":
            numbering = Numbering(route.country or loaded.consent.country)
            said += (f"  service {name} = {numbering.parse(number)}" for name, number in route.services.items())
        if route.protocol == "mm7" and route.direction == "bind":
            said.append(f"  refuses with StatusCode {route.refuse_with}, as a {route.refuse_as}")
        if route.tls == "passthrough":
            said.append("  TLS passes unseen: consent is not held there")
        if paths[route.name].needs_capability:
            said.append("  uses addresses that are not its own, which takes CAP_NET_ADMIN or CAP_NET_RAW")
        if route.observe:
            said.append("  observes only: what would be refused is counted and passed on")
    said += (f"group {group.name}: {', '.join(group.numbers)}" for group in loaded.group)
    try:
        said.append(_store(loaded))
    except LedgerError as error:
        faults.append(f"{config}: store.path: {error}")
    said.append(f"admin: {loaded.admin.listen if loaded.admin else 'off'}")
    consent = loaded.consent
    confirmed = "one message may confirm a STOP" if consent.confirmation == "platform" else "nothing follows a STOP"
    said.append(f"consent: resume by {consent.resume}, refuse with {consent.refuse_with}, {confirmed}")
    said.append(f"workers: {loaded.workers.count}")
    said += (_cluster(table) for table in [loaded.cluster] if table)
    typer.echo("\n".join(said))
    for warning in _warnings(loaded):
        typer.echo(f"warning: {warning}", err=True)
    if faults:
        fail("\n".join(faults))


EXAMPLES = examples("check", "check --config ./proxy.toml")


def _speaks(route: RouteTable) -> str:
    """Its protocol and which way its messages go, where that isn't the usual."""
    if route.protocol == "mm7":
        return " MM7, platform to MMSC," if route.direction == "bind" else " MM7, MMSC to platform,"
    return " the SMSC connects," if route.direction == "outbind" else ""


def _store(config: Config) -> str:
    """What the settings' ledger is; raises ``LedgerError`` for one that a start would not take."""
    store = config.store
    kept = f"{store.journal_days:g} days" if store.journal_days else "for ever"
    if (store.path / DATA).exists():
        with open_ledger(config, Access.READ) as ledger:
            pairs = ledger.statistics().pairs
        if not os.access(store.path, os.W_OK):
            pairs_of = f"{pairs} pairs, which this user can't write: run this as the service's user to be sure"
        else:
            pairs_of = f"{pairs} pairs"
        return f"store: {store.path}, {pairs_of}, journal kept {kept}"
    if not store.create:
        raise LedgerError(
            f"there is no ledger in {store.path}, and create = false: mount its disk, or restore a backup"
        )
    refuse_if_gone(store.path)
    above = next((each for each in (store.path, *store.path.absolute().parents) if each.exists()), Path("/"))
    if not above.is_dir():
        raise LedgerError(f"{above} is not a folder")
    if not os.access(above, os.W_OK):
        return f"store: {store.path}, made at the first start by a user who may write to {above}: this one may not"
    return f"store: {store.path}, made at the first start, journal kept {kept}"


def _cluster(table: ClusterTable) -> str:
    cut_off = "refuses when cut off" if table.when_cut_off == "refuse" else "goes on when cut off"
    where = ", ".join(table.endpoints)
    return f"cluster: node {table.name}, {table.engine} at {where}, lease {table.lease:g} s, {cut_off}"


def _warnings(config: Config) -> Iterator[str]:
    """What may be so on purpose, or only now: names that can't be looked up, addresses that can't be listened on."""
    of_mms = [route for route in config.route if route.protocol == "mm7"]
    if of_mms and all(route.direction == "bind" for route in of_mms):
        yield 'no route of MM7 has direction = "outbind": what consumers send by MMS is not heard'
    for route in config.route:
        for name in carrier_names(route):
            if name == ORIGINAL:
                continue
            host, port = Endpoint.parse(name)
            try:
                socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            except OSError as error:
                yield f"route {route.name}: carrier {name} can't be looked up: {error.strerror}"
        if problem := _problem_of(route.listen):
            yield f"route {route.name}: can't listen on {route.listen} now: {problem}"
    if config.admin and (problem := _problem_of(config.admin.listen)):
        yield f"admin: can't listen on {config.admin.listen} now: {problem}"


def _problem_of(listen: str) -> str:
    """Why nobody could listen here now; empty if somebody could."""
    if listen.startswith("unix:"):
        folder = Path(listen.removeprefix("unix:")).parent
        return "" if folder.is_dir() else f"{folder} is not a folder"
    host, port = Endpoint.parse(listen)
    try:
        with socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET):
            return ""
    except OSError as error:
        taken = " (by a proxy that runs, perhaps)" if error.errno == errno.EADDRINUSE else ""
        return f"{os.strerror(error.errno) if error.errno else error}{taken}"
