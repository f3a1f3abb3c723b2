"""One commit, tried until its outcome is known or the time is up."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
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


Written = dict[Key, dict[bytes | None, Record]]
"""What was tried to be written, by record: each value, and the record as it was before."""


class NotDone(Exception):
    """Nothing of it was done, and nothing will be; ``reason`` is a label of the metric, the message says why."""

    def __init__(self, reason: str, fault: str) -> None:
        super().__init__(fault)
        self.reason = reason


class Unsettled(Exception):
    """The time is up, and it may still be done: ``tried`` says what was tried to be written, and what was before."""

    def __init__(self, tried: Written) -> None:
        super().__init__("the cluster's store did not answer in time")
        self.tried = tried


class Done(NamedTuple):
    """What was committed; None if there was nothing to write. ``written`` is what was, and what was there before."""

    committed: Committed | None
    written: Written
    wrote: Sequence[set[Key]]
    """The records that each of the asked wrote; nothing is said of them if the answer had not come."""


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
    tried: Written = {}
    fault, pause = "the cluster's store did not answer", PAUSE
    while state.clock() < until:
        puts: list[Put] = []
        try:
            if missing := [key for key in wanted if key not in records]:
                with _until(state, until, EngineError):
                    records |= {record.key: record for record in await engine.read(missing)}
            judged = judge(records)
            puts = _judged(judged, asked)
            if not puts and guessed:  # nothing is no change by what is known here alone
                records = {key: record for key, record in records.items() if key not in guessed}
                guessed.clear()
                continue
            if not puts:
                return await _done_already(engine, tried)
            if (seat := state.seat) is None:
                break
            with _until(state, until, OutcomeUnknown):
                outcome = await engine.commit(seat, puts)
        except UnreadRecord as unread:
            wanted += [key for key in unread.keys if key not in wanted]
            continue
        except UnreadableValue as error:
            raise NotDone("unreadable", str(error)) from error
        except EngineError as error:
            fault = str(error)
            if isinstance(error, OutcomeUnknown) and puts:
                _note(tried, puts, records)
                for each in asked:
                    for put in puts:
                        each.tried.setdefault(put.key, put.expected)
            records = {}
            guessed.clear()
        else:
            if isinstance(outcome, Committed):
                _note(tried, puts, records)
                return Done(outcome, tried, judged.wrote)
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


async def _done_already(engine: Engine, tried: Written) -> Done:
    """Nothing is to be written: because nothing changes, or because a try was done whose answer did not come."""
    if not tried:
        return Done(None, {}, ())
    revision, nodes = await engine.nodes()
    return Done(Committed(revision, 0, tuple(nodes)), tried, ())


def _note(tried: Written, puts: Sequence[Put], records: dict[Key, Record]) -> None:
    """Remember what was tried to be written, and what was there before."""
    for put in puts:
        tried.setdefault(put.key, {})[put.value] = records.get(put.key) or Record(put.key, None, 0)


@contextmanager
def _until(state: NodeState, until: float, fault: type[EngineError]) -> Iterator[None]:
    """Give up what takes longer; raises ``fault``."""
    with trio.move_on_after(max(0.0, until - state.clock())) as scope:
        yield
    if scope.cancelled_caught:
        raise fault("the cluster's store did not answer in time")


def _judged(judge: Judge, asked: Sequence[Asked]) -> list[Put]:
    for each in asked:
        judge.judge(each)
    return judge.puts()


async def settle(engine: Engine, state: NodeState, tried: Written, token: str, utc: Callable[[], int]) -> None:
    """Make sure that what was given up is not done, however long the store can't be reached.

    The seat is taken anew, so what is still under way does nothing when it arrives; what was done is undone.
    """

    async def stand_up_and_sit_down() -> None:
        if state.seat is not None:
            state.seat = await engine.take_seat(state.name, token, state.seat.revision)

    await _patiently(stand_up_and_sit_down)
    await undo(engine, state, tried, utc)


async def undo(engine: Engine, state: NodeState, written: Written, utc: Callable[[], int]) -> None:
    """Put back what was written, as far as nobody has written it since, however long the store can't be reached."""

    async def put_back() -> None:
        while True:
            now = {record.key: record for record in await engine.read(list(written))}
            if not (puts := undone(written, now, utc(), state.name)):
                return
            await engine.commit(None, puts)

    await _patiently(put_back)


async def _patiently(step: Callable[[], Awaitable[None]]) -> None:
    pause = PAUSE
    while True:
        try:
            await step()
        except (EngineError, UnreadableValue):
            await trio.sleep(pause)
            pause = min(2 * pause, 1.0)
        else:
            return
