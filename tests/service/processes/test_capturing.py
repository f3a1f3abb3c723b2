"""Captures, as several workers tell of one."""

from __future__ import annotations

import base64
import math
from contextlib import aclosing
from pathlib import Path
from typing import Any, cast

import pytest

from proxy.ledger.disk.environment import Access
from proxy.ledger.ledger import Ledger
from proxy.net.captures import Capture
from proxy.service.processes.capturing import BEGINNING, MOST, Capturing, TooManyCaptures
from proxy.service.processes.messages import Captured, EndCapture, Order
from proxy.service.processes.worker_process import WorkerProcess
from tests.ledger.opening import opened


class Worker:
    """A worker that remembers what it was told."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.orders: list[Order] = []

    def tell(self, order: Order) -> None:
        self.orders.append(order)


def capturing(ledger: Ledger, *workers: Worker) -> Capturing:
    return Capturing(ledger, lambda: cast("list[WorkerProcess]", list(workers)))


def record(number: int, octets: bytes) -> Captured:
    return Captured(number, base64.b64encode(octets).decode())


async def begun(captures: Capturing, octets: int = 1000) -> Any:
    records = captures.capture({"operator": "ann"}, math.inf, octets, system_id="platform")
    assert await anext(records) == BEGINNING
    return records


async def test_all_workers_are_told_once_and_the_end_too(tmp_path: Path) -> None:
    one, late = Worker(1), Worker(2)
    with opened(tmp_path / "store", Access.CREATE) as ledger:
        captures = capturing(ledger, one)
        async with aclosing(await begun(captures)):
            for _ in range(2):
                captures.ensure(cast("WorkerProcess", late))
        assert late.orders == [Capture(1, "", "platform", "", "", 1000)]
        assert one.orders == [*late.orders, EndCapture(1)]


@pytest.mark.parametrize("last", [b"", b"c" * 900])
async def test_it_ends_when_one_worker_or_all_together_have_told_too_much(tmp_path: Path, last: bytes) -> None:
    """And what another worker tells meanwhile harms nobody."""
    with opened(tmp_path / "store", Access.CREATE) as ledger:
        captures = capturing(ledger, Worker(1), Worker(2))
        async with aclosing(await begun(captures)) as records:
            for octets in (b"a" * 100, b"b" * 100, last, b"d" * 100, b"", b"e"):
                captures.take(record(1, octets))
            assert [each async for each in records] == [b"a" * 100, b"b" * 100]


async def test_there_are_only_so_many_at_once(tmp_path: Path) -> None:
    with opened(tmp_path / "store", Access.CREATE) as ledger:
        captures = capturing(ledger)
        going = [await begun(captures) for _ in range(MOST)]
        with pytest.raises(TooManyCaptures):
            await begun(captures)
        for each in going:
            await each.aclose()
        async with aclosing(await begun(captures)):
            pass
