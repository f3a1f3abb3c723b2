"""One commit, tried until its outcome is known or the time is up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import trio

from proxy.cluster.engine import Committed, Engine, EngineError, Key, OutcomeUnknown, Put, Record
from proxy.cluster.judging import Asked, Judge, UnreadRecord, keys_of
from proxy.cluster.state import NodeState
from proxy.cluster.undoing import undone
from proxy.cluster.values import UnreadableValue

_NO_SEAT = "this node has lost its seat in the cluster"

PAUSE = 0.05
"""Seconds between two tries, at first; it doubles up to a second."""


class NotDone(Exception):
    """Nothing of it was done, and nothing will be; ``reason`` is a label of the metric, the message says why."""

    def __init__(self, reason: str, fault: str) -> None:
        super().__init__(fault)
        self.reason = reason


class Unsettled(Exception):
    """The time is up, and it may still be done: ``tried`` says what was tried to be written, and what was before."""

    def __init__(self, tried: dict[Key, dict[bytes | None, Record]]) -> None:
        super().__init__("the cluster's store did not answer in time")
        self.tried = tried


class Done(NamedTuple):
    """What was committed; None if there was nothing to write. ``puts`` is what was written."""

    committed: Committed | None
    puts: Sequence[Put]


MakeJudge = Callable[[dict[Key, Record]], Judge]
IsAbsent = Callable[[Key], bool]
"""Whether a record is most likely not in the store, as far as is known here; a wrong guess costs a round trip."""


async def transact(
    engine: Engine, state: NodeState, asked: Sequence[Asked], judge: MakeJudge, is_absent: IsAbsent, until: float
) -> Done:
    """Commit what these wishes make of the records, as one; raises ``NotDone`` or ``Unsettled``.

    ``until`` is when to give up, by the node's clock. If it was unknown whether a try was done, the wishes remember
    which records they were tried on, and so does nobody else's newer change get undone.
    """
    wanted = list(dict.fromkeys(key for each in asked for wish in each.wishes for key in keys_of(wish)))
    guessed = {key for key in wanted if is_absent(key)}
    records = {key: Record(key, None, 0) for key in guessed}
    tried: dict[Key, dict[bytes | None, Record]] = {}
    fault, pause = "the cluster's store did not answer", PAUSE
    while state.clock() < until:
        puts: list[Put] = []
        try:
            if missing := [key for key in wanted if key not in records]:
                records |= {record.key: record for record in await engine.read(missing)}
            puts = _judged(judge(records), asked)
            if not puts and guessed:  # nothing is no change by what is known here alone
                records = {key: record for key, record in records.items() if key not in guessed}
                guessed.clear()
                continue
            if not puts:
                return await _done_already(engine, tried)
            if (seat := state.seat) is None:
                raise NotDone("out_of_touch", _NO_SEAT)
            outcome = await engine.commit(seat, puts)
        except UnreadRecord as unread:
            wanted += [key for key in unread.keys if key not in wanted]
            continue
        except UnreadableValue as error:
            raise NotDone("unreadable", str(error)) from error
        except EngineError as error:
            fault = str(error)
            if isinstance(error, OutcomeUnknown) and puts:
                _note(tried, puts, records, asked)
            records = {}
            guessed.clear()
        else:
            if isinstance(outcome, Committed):
                return Done(outcome, puts)
            if outcome.is_displaced and state.seat is seat:
                break
            records |= {record.key: record for record in outcome.records}
            guessed -= records.keys()
            continue
        await trio.sleep(min(pause, max(0.0, until - state.clock())))
        pause = min(2 * pause, 1.0)
    if tried:
        raise Unsettled(tried)
    if state.clock() < until:
        raise NotDone("out_of_touch", _NO_SEAT)
    raise NotDone("out_of_time", fault)


async def _done_already(engine: Engine, tried: dict[Key, dict[bytes | None, Record]]) -> Done:
    """Nothing is to be written: because nothing changes, or because a try was done whose answer did not come."""
    if not tried:
        return Done(None, ())
    revision, nodes = await engine.nodes()
    puts = [Put(key, value, 0) for key, values in tried.items() for value in values]
    return Done(Committed(revision, 0, tuple(nodes)), puts)


def _note(
    tried: dict[Key, dict[bytes | None, Record]],
    puts: Sequence[Put],
    records: dict[Key, Record],
    asked: Sequence[Asked],
) -> None:
    """Remember what may have been done, and on which records."""
    for put in puts:
        tried.setdefault(put.key, {})[put.value] = records.get(put.key) or Record(put.key, None, 0)
    for each in asked:
        for put in puts:
            each.tried.setdefault(put.key, put.expected)


def _judged(judge: Judge, asked: Sequence[Asked]) -> list[Put]:
    for each in asked:
        judge.judge(each)
    return judge.puts()


async def settle(
    engine: Engine, state: NodeState, tried: dict[Key, dict[bytes | None, Record]], token: str, utc: Callable[[], int]
) -> None:
    """Make sure that what was given up is not done, however long the store can't be reached.

    The seat is taken anew, so what is still under way does nothing when it arrives; what was done is undone.
    """
    pause, has_seat = PAUSE, False
    while True:
        try:
            if not has_seat:
                if state.seat is not None:
                    state.seat = await engine.take_seat(state.name, token, state.seat.revision)
                has_seat = True
            now = {record.key: record for record in await engine.read(list(tried))}
            puts = undone(tried, now, utc(), state.name)
            if not puts:
                return
            await engine.commit(None, puts)
        except (EngineError, UnreadableValue):
            await trio.sleep(pause)
            pause = min(2 * pause, 1.0)
