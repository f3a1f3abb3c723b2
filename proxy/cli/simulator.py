"""``consent-proxy simulate`` and ``consent-proxy load``. What they need is imported when they run."""

from __future__ import annotations

import ssl
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

import typer

from proxy.cli.failing import fail, leaves
from proxy.cli.options import STANDARD_INPUT, examples
from proxy.consent.numbers import Numbering
from proxy.ledger.upkeep import lists
from proxy.net.endpoints import Endpoint
from proxy.net.tls import ServerTls

SIMULATE_EXAMPLES = examples(
    "simulate", "simulate --scenario busy", "simulate --listen 127.0.0.1:0 --control '' --quiet", "simulate --exam"
)


def simulate(
    context: typer.Context,
    listen: Annotated[str, typer.Option(metavar="HOST:PORT", help="Where ESMEs (or the proxy) connect.")] = (
        "127.0.0.1:2776"
    ),
    control: Annotated[
        str, typer.Option(metavar="HOST:PORT", help="The control API and the handsets; empty for none.")
    ] = "127.0.0.1:2780",
    scenario: Annotated[
        Path | None,
        typer.Option(metavar="NAME|FILE", help="Accounts, outcomes and faults: a file, or a name such as busy."),
    ] = None,
    certificate: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Listen with TLS only, with this certificate (PEM).")
    ] = None,
    key: Annotated[Path | None, typer.Option(metavar="FILE", help="Its key, if it is not in the same file.")] = None,
    capture: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write every PDU to this new file too, as pcapng for Wireshark.")
    ] = None,
    mo_rate: Annotated[
        float, typer.Option(min=0, metavar="NUMBER", help="Messages a second from handsets, to whoever is bound.")
    ] = 0.0,
    stop_share: Annotated[float, typer.Option(min=0, max=1, metavar="0..1", help="How many of those say STOP.")] = 0.01,
    mm7: Annotated[
        str, typer.Option(metavar="HOST:PORT", help="Also play an MMSC of MMS (MM7), which listens here.")
    ] = "",
    vasp: Annotated[
        str, typer.Option(metavar="HOST:PORT", help="Where the platform of MMS listens for deliveries.")
    ] = "127.0.0.1:0",
    vasp_to: Annotated[
        str, typer.Option(metavar="HOST:PORT", help="Where the platform of MMS posts to, such as the proxy.")
    ] = "",
    mm7_to: Annotated[str, typer.Option(metavar="HOST:PORT", help="Where the MMSC posts to, such as the proxy.")] = "",
    mm7_account: Annotated[
        str, typer.Option(metavar="USER:PASSWORD", help="What the MMSC wants to see, and its platform shows.")
    ] = "",
    exam: Annotated[bool, typer.Option("--exam", help="Examine the client that binds, report, and end.")] = False,
    only: Annotated[
        list[str] | None, typer.Option(metavar="WORDS", help="Of the exam only what has these words in its name.")
    ] = None,
    junit: Annotated[Path | None, typer.Option(metavar="FILE", help="The report as JUnit XML too.")] = None,
    wait: Annotated[
        float, typer.Option(min=1, metavar="SECONDS", help="How long the exam waits for a client to bind.")
    ] = 3600.0,
    quiet: Annotated[bool, typer.Option("--quiet", help="Don't print a line for every PDU.")] = False,
) -> None:
    """Run an SMSC to test clients against, with handsets on a web page."""
    from proxy.simulator.run import Mm7Addresses, examine, run
    from proxy.simulator.smsc.scenario import Scenario, ScenarioError, read

    _refuse_in_vain(
        context,
        "control scenario mo_rate stop_share quiet mm7 vasp vasp_to mm7_to mm7_account" if exam else "only junit wait",
        f"{'with' if exam else 'without'} --exam",
    )
    if not mm7:
        _refuse_in_vain(context, "vasp vasp_to mm7_to mm7_account", "without --mm7")
    try:
        played = read(scenario) if scenario else Scenario()
        tls = _tls(certificate, key)
        if exam:
            is_well = examine(_address(listen), junit, only or [], first=wait, tls=tls, capture=capture)
            raise typer.Exit(0 if is_well else 1)
        where = _address(control) if control else None
        run(
            _address(listen),
            where,
            played,
            tls=tls,
            capture=capture,
            is_quiet=quiet,
            mo_rate=mo_rate,
            stop_share=stop_share,
            mm7=Mm7Addresses(
                _address(mm7),
                _address(vasp),
                _address(vasp_to) if vasp_to else None,
                _address(mm7_to) if mm7_to else None,
                _account(mm7_account),
            )
            if mm7
            else None,
        )
    except (ScenarioError, LookupError, OSError) as error:
        fail(str(error))
    except ExceptionGroup as group:
        fail("; ".join(map(str, leaves(group))))


def _refuse_in_vain(context: typer.Context, options: str, when: str) -> None:
    """Refuse options that would do nothing: whoever gave one expects something of it."""
    for name in options.split():
        source = context.get_parameter_source(name)
        if source is not None and source.name == "COMMANDLINE":
            option = "--" + name.replace("_", "-")
            fail(f"{option} is of no use {when}")


def _account(text: str) -> tuple[str, str]:
    user, colon, password = text.partition(":")
    if text and not (user and colon):
        fail("--mm7-account must be USER:PASSWORD")
    return user, password


def _tls(certificate: Path | None, key: Path | None) -> ssl.SSLContext | None:
    if certificate is None:
        if key is not None:
            fail("--key is of no use without --certificate")
        return None
    try:
        return ServerTls(str(certificate), str(key or "")).context()
    except OSError as error:
        files = f"{certificate} and {key}" if key else f"{certificate}, and no --key"
        fail(f"{files}: no certificate with its key: {error.strerror or error}")


def load(
    address: Annotated[str, typer.Argument(metavar="HOST:PORT", help="The proxy, or an SMSC.")],
    binds: Annotated[int, typer.Option(min=1, max=10_000, metavar="NUMBER", help="Sessions.")] = 1,
    window: Annotated[
        int, typer.Option(min=1, max=10_000, metavar="NUMBER", help="Requests without an answer, of each bind.")
    ] = 10,
    rate: Annotated[
        float, typer.Option(min=0, metavar="NUMBER", help="Messages a second in all; 0: as the windows let.")
    ] = 0.0,
    duration: Annotated[float, typer.Option(min=0.1, metavar="SECONDS", help="For how long.")] = 10.0,
    system_id: Annotated[str, typer.Option(metavar="NAME", help="What it binds as.")] = "load",
    password: Annotated[str, typer.Option(metavar="WORD")] = "load",
    opted_out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A list of opted-out pairs, as consent import takes it.")
    ] = None,
    share: Annotated[float, typer.Option(min=0, max=1, metavar="0..1", help="Their share of the traffic.")] = 0.1,
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of a table.")] = False,
) -> None:
    """Send submit_sm after submit_sm, each to another consumer, and measure every answer."""
    from proxy.simulator.load.load import LoadError, Plan
    from proxy.simulator.load.report import run_load

    host, port = _address(address)
    pairs = _pairs_in(opted_out) if opted_out else []
    some = share if pairs else 0.0
    plan = Plan(host, port, binds, window, rate, duration, system_id, password, opted_out=pairs, share=some)
    faults: list[str] = []
    try:
        run_load(plan, as_json=as_json)
    except* LoadError as errors:
        faults += map(str, leaves(errors))
    if faults:
        fail(faults[0])


def _pairs_in(path: Path) -> list[tuple[str, str]]:
    """The pairs of a list, without ``+``, as ``consent import`` reads it; one that can't be used ends the command."""
    try:
        is_piped = path == STANDARD_INPUT
        with nullcontext(sys.stdin) if is_piped else path.open(encoding="utf-8-sig", newline="") as source:
            rows = list(lists.read(source, lists.format_of(path.name), Numbering()))
    except (OSError, UnicodeDecodeError, lists.HeaderError) as error:
        fail(f"{path}: {error}")
    for row in rows:
        if isinstance(row, lists.BadLine):
            fail(f"{path}: line {row.line}: {row.problem}")
    if not rows:
        fail(f"{path}: holds no pair")
    pairs = (row.pair for row in rows if isinstance(row, lists.Row))
    return [(pair.business.lstrip("+"), pair.consumer.lstrip("+")) for pair in pairs]


def _address(text: str) -> Endpoint:
    try:
        return Endpoint.parse(text)
    except ValueError as error:
        fail(f"{text}: {error}")
