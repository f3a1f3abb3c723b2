"""Whether a ledger says what its cluster's store says, pair by pair."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from itertools import islice
from typing import NamedTuple

import trio

from proxy.cluster.engine import Engine
from proxy.cluster.values import pair_key, read_pair
from proxy.consent.numbers import Pair
from proxy.consent.rules import State
from proxy.ledger.ledger import Ledger


class Difference(NamedTuple):
    """A pair of which the ledger and the store say different things; None: that one has nothing of it."""

    pair: Pair
    here: State | None
    store: State | None


async def differences(
    engine: Engine, ledger: Ledger, advance: Callable[[int], None] = lambda _: None
) -> AsyncIterator[Difference]:
    """Every difference now. ``advance`` is told how many more pairs were compared.

    What is changed meanwhile is looked at a second time, when the ledger has had time to follow.
    """
    head = await engine.head()
    compared = 0
    for part in await engine.slices(head.revision):
        records = await engine.snapshot(head.revision, part)
        suspicious = []
        for record in records:
            assert record.value is not None
            pair = Pair.of_key(record.key.name)
            if _here(ledger, pair) is not read_pair(record.key.name, record.value).state:
                suspicious.append(record.key)
        compared += len(records)
        advance(len(records))
        if suspicious:
            await trio.sleep(1.0)
            for again in await engine.read(suspicious):
                pair = Pair.of_key(again.key.name)
                state = None if again.value is None else read_pair(again.key.name, again.value).state
                if _here(ledger, pair) is not state:
                    yield Difference(pair, _here(ledger, pair), state)
    if ledger.statistics().pairs > compared:
        async for difference in _only_here(engine, ledger):
            yield difference


async def _only_here(engine: Engine, ledger: Ledger) -> AsyncIterator[Difference]:
    keys = (pair_key(each.pair) for each in ledger.pairs.records())
    while some := list(islice(keys, engine.most)):
        for record in await engine.read(some):
            if record.value is None:
                pair = Pair.of_key(record.key.name)
                yield Difference(pair, _here(ledger, pair), None)


def _here(ledger: Ledger, pair: Pair) -> State | None:
    record = ledger.pairs.record(pair)
    return record.state if record else None
