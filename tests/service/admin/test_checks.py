"""Many pairs at once: of one moment, in slices that leave others their turns, with the rules made once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import lmdb
import pytest
import trio

from proxy.config.load import check
from proxy.config.schema import Config
from proxy.consent.numbers import Pair
from proxy.consent.rules import State
from proxy.ledger.disk.files import LedgerError
from proxy.ledger.ledger import Ledger
from proxy.service.admin.checks import Written, check_pairs
from tests.ledger.samples import Clock, numbered, wish


def config(**more: Any) -> Config:
    route = {"name": "a", "listen": "127.0.0.1:0", "carrier": "127.0.0.1:9"}
    return check({"route": [route], "store": {"path": "/nowhere/at/all"}, **more}, Path("test"))


class Restless:
    """Has two pairs opted out together, or in together, whenever somebody begins to read."""

    def __init__(self, ledger: Ledger, pairs: tuple[Pair, Pair]) -> None:
        self._ledger = ledger
        self._pairs = pairs
        self._begin = ledger.store.begin
        self.moments = 0

    def begin(self) -> lmdb.Transaction[bytes]:
        self.moments += 1
        state = State.OPTED_OUT if self.moments % 2 else State.OPTED_IN
        self._ledger.commit([wish(pair, state) for pair in self._pairs])
        return self._begin()


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path, Clock()) as ledger:
        ledger.commit([wish(numbered(n)) for n in range(10)])
        yield ledger


def asked(pair: Pair) -> dict[str, str]:
    return pair._asdict()


async def test_all_states_are_of_one_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pairs = [numbered(n) for n in range(1000)]
    with Ledger(tmp_path, Clock()) as ledger:
        restless = Restless(ledger, (pairs[0], pairs[-1]))
        monkeypatch.setattr(ledger.store, "begin", restless.begin)
        for moment in (1, 2, 3):
            found = await check_pairs(ledger.reader, Written(config()), [asked(pair) for pair in pairs])
            assert restless.moments == moment
            assert found[0]["state"] == found[-1]["state"] == ("opted_out" if moment % 2 else "opted_in")


async def test_what_is_committed_while_numbers_are_read_is_seen_for_all(ledger: Ledger) -> None:
    pairs = [numbered(n) for n in range(100, 200)]

    async def commit() -> None:
        for _ in range(50):
            await trio.lowlevel.checkpoint()
        ledger.commit([wish(pair) for pair in pairs])

    async with trio.open_nursery() as nursery:
        nursery.start_soon(commit)
        found = await check_pairs(ledger.reader, Written(config()), [asked(pair) for pair in pairs])
    assert {answer["state"] for answer in found} == {"opted_out"}


async def test_others_have_a_turn_behind_each_pair(ledger: Ledger) -> None:
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            await trio.lowlevel.checkpoint()
            turns += 1

    async with trio.open_nursery() as nursery:
        nursery.start_soon(count)
        await check_pairs(ledger.reader, Written(config()), [asked(numbered(n)) for n in range(1000)])
        nursery.cancel_scope.cancel()
    assert turns >= 999


async def test_a_group_counts_and_its_own_state_does_not_show(ledger: Ledger) -> None:
    written = Written(config(group=[{"name": "sale", "numbers": ["+1555123*"]}]))
    consumer = "+15559990000"
    ledger.commit([wish(Pair("⟨sale⟩", consumer))])
    (found,) = await check_pairs(ledger.reader, written, [{"business": "15551230001", "consumer": consumer}])
    assert found == {
        "business": "+15551230001",
        "consumer": consumer,
        "state": "no_record",
        "may_be_texted": False,
    }


async def test_a_ledger_that_can_not_be_read_is_no_answer(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger.store, "_fault", "gone")
    with pytest.raises(LedgerError, match="gone"):
        await check_pairs(ledger.reader, Written(config()), [asked(numbered(1))])
