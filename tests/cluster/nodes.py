"""Nodes in this process, with real ledgers, over any engine."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

import trio

from proxy.cluster.committing import Committing
from proxy.cluster.engine import Engine
from proxy.cluster.joining import Terms
from proxy.cluster.node import Node
from proxy.cluster.serving import Deadline, ServingConsent, now_ns
from proxy.cluster.state import NodeState
from proxy.consent.lookups import Consent
from proxy.consent.numbers import Pair
from proxy.consent.rules import State
from proxy.consent.wishes import Change, Origin, PartOfText
from proxy.ledger.following import Following
from proxy.ledger.ledger import Ledger
from proxy.meaning.meanings import Meaning

ORIGIN = Origin("route", "1", "esme")
LEASE = 1


def utc() -> int:
    return time.time_ns() // 1000


def change(pair: Pair, state: State, **more: object) -> Change:
    meaning = Meaning.STOP if state is State.OPTED_OUT else Meaning.RESUME
    return Change(pair, state, meaning, "word", ORIGIN, **more)  # type: ignore[arg-type]


def stop(pair: Pair, **more: object) -> Change:
    return change(pair, State.OPTED_OUT, **more)


def start(pair: Pair, **more: object) -> Change:
    return change(pair, State.OPTED_IN, **more)


def decide(part: PartOfText, texts: Sequence[str], is_certain: bool) -> Sequence[Change]:
    return [stop(part.ends.likeliest)] if any("STOP" in text for text in texts) else []


T = TypeVar("T")


async def until(condition: Callable[[], object]) -> None:
    """Look until it holds; what is looked at has no event to wait for."""
    with trio.fail_after(20):
        while not condition():  # noqa: ASYNC110
            await trio.sleep(0.005)


class Running:
    """A node that runs: its parts, and consent as a worker of it would see it."""

    def __init__(self, engine: Engine, folder: Path, name: str, lease: int, terms: Terms) -> None:
        self.ledger = Ledger(folder, utc)
        self.deadline = Deadline()
        self.state = NodeState(name, lease, self.deadline, lambda: now_ns() / 1e9)
        self.node = Node(engine, self.state, self.ledger, terms)
        self.committing = Committing(
            engine,
            self.state,
            Following(self.ledger),
            utc,
            decide,
            lambda pair: self.ledger.pairs.record(pair) is not None,
        )

    def seen(self, pair: Pair) -> State | None:
        with ServingConsent(self.ledger.reader(), self.deadline) as consent:
            return consent.state(pair)

    def look(self, ask: Callable[[Consent], T]) -> T:
        """What the ledger says, whether the node serves or not."""
        with self.ledger.reader() as consent:
            return ask(consent)

    async def until_seen(self, pair: Pair, state: State | None) -> None:
        await until(lambda: self.look(lambda consent: consent.state(pair)) is state)


@asynccontextmanager
async def running(
    engine: Engine, folder: Path, name: str = "a", *, lease: int = LEASE, machine: str = "here", seeds: bool = False
) -> AsyncIterator[Running]:
    """A node that has joined and serves; it leaves at the end."""
    here = Running(engine, folder, name, lease, Terms(f"host-{name}", machine, seeds))
    try:
        await here.node.joining.join()
        async with trio.open_nursery() as nursery:
            nursery.start_soon(here.node.run)
            nursery.start_soon(here.committing.run)
            with trio.fail_after(30):
                await here.node.serving()
            yield here
            await here.node.leave()
            nursery.cancel_scope.cancel()
    finally:
        here.ledger.close()
        here.deadline.close()
