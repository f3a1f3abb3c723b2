"""A ledger brought into the shared store: that of a single machine, or what a restored store has lost.

What is newer wins; where both are of the same moment, opted out does.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import NamedTuple

import trio

from proxy.cluster.engine import Conflict, Engine, EngineError, Key, OutcomeUnknown, Put, Record
from proxy.cluster.values import SharedPair, pair_key, read_pair
from proxy.consent.entries import Event
from proxy.consent.numbers import Pair
from proxy.consent.rules import State
from proxy.ledger.following import CHANGE, HEARD, REVISION
from proxy.ledger.ledger import Ledger
from proxy.ledger.tables.pairs import PairRecord

TOGETHER = 6
"""Commits under way at once."""

TRIES = 20
"""How often one commit is tried, a second and more apart, before a command gives up."""

Make = Callable[[Record], bytes | None]
"""What a record is to become, from how it is; None: it stays."""


class Wanted(NamedTuple):
    """A record that is to be written, by what it is when that is done."""

    key: Key
    make: Make


async def write_all(
    engine: Engine,
    wanted: Iterable[Wanted],
    advance: Callable[[int], None] = lambda _: None,
    is_absent: Callable[[Key], bool] = lambda _: False,
) -> tuple[int, int]:
    """Write all of these, many at once, each by what the store holds; how many states that changed, and the last
    revision.

    ``advance`` is told how many more were looked at. ``is_absent``: whether a record is most likely not in the store,
    as far as is known here; that saves a look at it. Raises ``EngineError`` where the store can't be reached for long;
    what was written until then is written.
    """
    changed = last = 0
    groups = _groups(wanted, engine.most)

    async def write() -> None:
        nonlocal changed, last
        for group in groups:
            count, revision = await _write_group(engine, group, is_absent)
            changed, last = changed + count, max(last, revision)
            advance(len(group))

    async with trio.open_nursery() as nursery:
        for _ in range(TOGETHER):
            nursery.start_soon(write)
    return changed, last


async def _write_group(engine: Engine, group: Sequence[Wanted], is_absent: Callable[[Key], bool]) -> tuple[int, int]:
    """Write these, tried again as long as somebody else writes them, or the store doesn't answer."""
    wishes = {each.key: each.make for each in group}
    records = {key: Record(key, None, 0) for key in wishes if is_absent(key)}
    made: dict[Key, bytes] = {}
    changed: set[Key] = set()
    tries = 0
    while True:
        try:
            if missing := [key for key in wishes if key not in records]:
                records |= {record.key: record for record in await engine.read(missing)}
            # What was written by a try whose answer did not come is as it is to be.
            puts = [
                Put(key, value, record.revision if record.value is not None else 0)
                for key, record in records.items()
                if record.value != made.get(key, b"") and (value := wishes[key](record)) is not None
            ]
            made |= {put.key: put.value for put in puts if put.value is not None}
            changed |= {put.key for put in puts if _is_other_state(records[put.key], put)}
            if not puts:
                return len(changed), max((record.revision for record in records.values()), default=0)
            outcome = await engine.commit(None, puts)
        except EngineError as error:
            tries += 1
            if tries >= TRIES:
                raise
            records = {}
            await trio.sleep(0.2 if isinstance(error, OutcomeUnknown) else 1.0)
            continue
        if not isinstance(outcome, Conflict):
            return len(changed), outcome.revision
        records |= {record.key: record for record in outcome.records}


def _is_other_state(before: Record, put: Put) -> bool:
    """Whether this puts a pair into another state than it was in."""
    if before.value is None or put.value is None:
        return True
    return read_pair(put.key.name, before.value).state is not read_pair(put.key.name, put.value).state


def _groups(wanted: Iterable[Wanted], most: int) -> Iterator[list[Wanted]]:
    """So many together; two wishes about the same record are not in one group."""
    wanted = iter(wanted)
    while some := list(islice(wanted, most)):
        seen: set[Key] = set()
        group: list[Wanted] = []
        for each in some:
            if each.key in seen:
                yield group
                group, seen = [], set()
            group.append(each)
            seen.add(each.key)
        yield group


# A ledger.


def wanted_of(ledger: Ledger, node: str) -> Iterator[Wanted]:
    """All pairs of a ledger, as they are to be in the store if they are newer there than it has them."""
    for record in ledger.pairs.records():
        yield Wanted(pair_key(record.pair), partial(_newer, ledger, record, node))


def _newer(ledger: Ledger, record: PairRecord, node: str, known: Record) -> bytes | None:
    at = round(record.since.timestamp() * 1_000_000)
    if known.value is not None:
        shared = read_pair(known.key.name, known.value)
        if (shared.at, shared.state is State.OPTED_OUT) >= (at, record.state is State.OPTED_OUT):
            return None
    with ledger.store.reading() as txn:
        entry, kept = ledger.journal.entry(txn, record.sequence), ledger.pairs.get(txn, record.pair)
    evidence = dict(entry.evidence) if entry else {}
    change = evidence.pop(CHANGE, "") or f"seed-{secrets.token_hex(6)}"
    for local in (REVISION, HEARD):
        evidence.pop(local, None)
    event = entry.event if entry and entry.event in (Event.CONFIRMED, Event(record.state)) else Event(record.state)
    stop = None if record.state is State.OPTED_OUT else 0
    evidence = {"node": node, **evidence}
    is_doubtful = kept is not None and kept.is_doubtful
    return SharedPair(event, change, at, stop, is_doubtful=is_doubtful, evidence=evidence, ids=(change,)).octets()


async def unknown_pairs(engine: Engine, ledger: Ledger, node: str) -> int:
    """How many pairs of a ledger the store doesn't have, or has from an earlier time."""
    unknown = 0
    for group in _groups(wanted_of(ledger, node), engine.most):
        known = await engine.read([each.key for each in group])
        unknown += sum(each.make(record) is not None for each, record in zip(group, known, strict=True))
    return unknown


def opted_out_pairs(pairs: Iterable[tuple[Pair, int, bool]], evidence: dict[str, str], now: int) -> Iterator[Wanted]:
    """The pairs of a list, opted out since the time that it says (UTC microseconds, 0: now), doubtful or not.

    What the store knows of a pair wins, unless the list is newer.
    """
    prefix = secrets.token_hex(6)
    for position, (pair, since, is_doubtful) in enumerate(pairs):
        fresh = SharedPair(Event.OPTED_OUT, f"{prefix}-{position}", since or now, None, False, is_doubtful, evidence)
        yield Wanted(pair_key(pair), partial(_opted_out, fresh, since))


def _opted_out(fresh: SharedPair, since: int, known: Record) -> bytes | None:
    shared = None if known.value is None else read_pair(known.key.name, known.value)
    ids = (*(shared.ids if shared else ()), fresh.change)
    if shared is not None and shared.state is State.OPTED_OUT:
        is_doubtful = shared.is_doubtful and fresh.is_doubtful
        return replace(shared, stop=None, is_doubtful=is_doubtful, ids=ids).octets()
    return replace(fresh, ids=ids).octets() if shared is None or since > shared.at else None
