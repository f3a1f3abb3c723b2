"""The command ``consent-proxy simulate``: it runs the SMSC, its control API and the handsets, or examines a client."""

from __future__ import annotations

import math
import ssl
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import trio

from proxy.simulator.mms.both import Mms
from proxy.simulator.smsc.capture import capturing
from proxy.simulator.smsc.connection import Lost, Seen
from proxy.simulator.smsc.printing import clock, print_seen
from proxy.simulator.smsc.scenario import Scenario
from proxy.simulator.smsc.smsc import Smsc
from proxy.smpp import write

REPLIES = ("ok", "Thanks!", "What time do you open?", "yes please", "See you tomorrow", "Who is this?", "👍")
"""What handsets say when they don't say STOP."""


def run(
    listen: tuple[str, int],
    control: tuple[str, int] | None,
    scenario: Scenario,
    *,
    tls: ssl.SSLContext | None = None,
    capture: Path | None = None,
    is_quiet: bool = False,
    mo_rate: float = 0.0,
    stop_share: float = 0.0,
    mm7: Mm7Addresses | None = None,
) -> None:
    """Serve on these addresses and print a line for every PDU; raises ``OSError`` if one can't be had."""

    async def main() -> None:
        tell = (lambda _: None) if is_quiet else _print_event
        seen: list[Callable[[Seen], None]] = [] if is_quiet else [print_seen]
        smsc = Smsc(_to_all(seen), scenario, tell)
        if capture is not None:
            seen.append(files.enter_context(capturing(capture, smsc)))
        async with trio.open_nursery() as nursery:
            host, port = await _listening(nursery, partial(smsc.serve, tls=tls), *listen)
            print(f"SMSC simulator on {host}:{port}{' (TLS)' if tls else ''}", flush=True)
            mms = await _serve_mms(nursery, mm7, tell) if mm7 is not None else None
            if control is not None:
                from proxy.simulator.handsets import control as handsets

                host, port = await _listening(nursery, partial(handsets.serve, smsc, mms=mms), *control)
                print(f"handsets and control on http://{host}:{port}/", flush=True)
            for account in scenario.account:
                print(f"account {account.system_id}, password {account.password}", flush=True)
            if mo_rate:
                nursery.start_soon(talk, smsc, mo_rate, stop_share)
            await trio.sleep(math.inf)

    with ExitStack() as files:
        try:
            trio.run(main)
        except* KeyboardInterrupt:
            print("stopped")


class Mm7Addresses(NamedTuple):
    """Where the simulated MMSC and platform of MMS listen, and where they post to; see ``Mms``."""

    mmsc: tuple[str, int]
    vasp: tuple[str, int]
    outward: tuple[str, int] | None
    inward: tuple[str, int] | None
    account: tuple[str, str] = ("", "")


async def _serve_mms(nursery: trio.Nursery, at: Mm7Addresses, tell: Callable[[str], None]) -> Mms:
    mms = Mms(at.account, tell_of=tell)
    await _listening(nursery, mms.mmsc.serve, *at.mmsc)
    await _listening(nursery, mms.vasp.serve, *at.vasp)
    nursery.start_soon(mms.mmsc.report_on)
    mms.post_to(at.outward or mms.mmsc.address, at.inward or mms.vasp.address)
    for what, party in (("MMSC", mms.mmsc), ("platform of MMS", mms.vasp)):
        assert party.target is not None
        print("{} simulator on {}:{}, posts to {}".format(what, *party.address, party.target.url), flush=True)
    return mms


def _to_all(listeners: list[Callable[[Seen], None]]) -> Callable[[Seen], None]:
    """What tells each of these of a PDU; more may come later."""

    def note(pdu: Seen) -> None:
        for each in listeners:
            each(pdu)

    return note


def examine(
    listen: tuple[str, int],
    junit: Path | None,
    only: Sequence[str] = (),
    *,
    first: float = math.inf,
    tls: ssl.SSLContext | None = None,
    capture: Path | None = None,
) -> bool:
    """Examine the client that binds and print the report; says whether it failed nothing.

    ``only``: what has one of these words in its name. ``first``: how many seconds it may take to bind. Raises
    ``OSError``, or ``LookupError`` if nothing has these words.
    """
    from proxy.simulator.exam.exam import Exam
    from proxy.simulator.exam.report import junit_xml, show

    if junit is not None:
        junit.touch()
    exams: list[Exam] = []
    Exam(Smsc(), only=only).checks()

    async def main() -> None:
        seen: list[Callable[[Seen], None]] = []
        smsc = Smsc(_to_all(seen))
        if capture is not None:
            seen.append(files.enter_context(capturing(capture, smsc)))
        exams.append(Exam(smsc, only=only))
        async with trio.open_nursery() as nursery:
            host, port = await _listening(nursery, partial(smsc.serve, tls=tls), *listen)
            where = f"{host}:{port}{' (TLS)' if tls else ''}"
            print(f"the exam is on {where}: have the client bind there and keep sending", flush=True)
            if not only:
                print("it takes about three minutes")
            print("let each message say something else, and come back when cut off")
            try:
                await exams[0].run(lambda text: print(text, flush=True), first)
            except trio.TooSlowError:
                print(f"no client has bound in {first:g} s", flush=True)
            nursery.cancel_scope.cancel()

    with ExitStack() as files:
        try:
            trio.run(main)
        except* KeyboardInterrupt:
            print("stopped before the end")
    results = exams[0].results if exams else []
    show(results)
    if junit is not None:
        junit.write_text(junit_xml(results), "utf-8")
    return bool(results) and not any(result.verdict == "fail" for result in results)


def _print_event(text: str) -> None:
    print(f"{clock(time.time())} {text}", file=sys.stderr, flush=True)


async def _listening(nursery: trio.Nursery, serve: Callable[..., Any], host: str, port: int) -> tuple[str, int]:
    """Start what listens there; raises ``OSError`` that names the address."""
    failures: list[str] = []
    address = (host, port)
    try:
        address = await nursery.start(serve, host, port)
    except* OSError as errors:
        failures += (str(error) for error in errors.exceptions)
    if failures:
        raise OSError(f"can't listen on {host}:{port}: {failures[0]}")
    return address


async def talk(smsc: Smsc, rate: float, stop_share: float) -> None:
    """Deliver messages from ever new handsets at this rate, whatever becomes of them."""
    draw, begun, sent = Random(1), trio.current_time(), 0
    async with trio.open_nursery() as nursery:
        while True:
            if not smsc.receivers():
                await smsc.wait_for(lambda smsc: bool(smsc.receivers()))
                begun = trio.current_time() - sent / rate  # what was due meanwhile is not made up for
            due = int((trio.current_time() - begun) * rate) - sent
            for _ in range(max(0, min(due, 1000))):
                text = "STOP" if draw.random() < stop_share else draw.choice(REPLIES)
                nursery.start_soon(_say, smsc, f"1555{sent % 10_000_000:07}", text)
                sent += 1
            await trio.sleep(max(0.005, 1 / rate / 2))


async def _say(smsc: Smsc, consumer: str, text: str) -> None:
    octets, coding = (text.encode(), 0) if text.isascii() else (text.encode("utf-16-be"), 8)
    with suppress(LookupError, Lost):
        business = write.address("15551230001")
        await smsc.deliver(write.address(consumer), business, octets, data_coding=coding)
