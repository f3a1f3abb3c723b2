"""Reloads of a generation of real worker processes, odd ones among them: they refuse, or say nothing, or nonsense."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import trio

from proxy.config.load import check
from proxy.config.schema import Config
from proxy.ledger.disk.files import Mark
from proxy.net.happenings import Bound, Connected, Ended
from proxy.service.processes.generation import Generation
from proxy.service.processes.messages import Binds, Captured, EndConnection, Remembered, Wished
from proxy.service.processes.reload import ReloadError
from proxy.service.processes.worker_process import WorkerProcess
from proxy.service.telemetry.counters import Snapshot
from tests.e2e.peers import PATIENCE

ODD_WORKER = """
import json, socket, sys
from proxy.service.processes.messages import *

def orders(sock):
    for line in sock.makefile("rb"):
        yield decode_order(line[:-1])

sock = socket.socket(fileno=int(sys.argv[2]))
say = lambda news: sock.sendall(encode(news))
first, roles = json.loads(sys.argv[1])
for order in orders(sock):
    match order:
        case Start(config, number):
            how = roles.get(str(number - first), "good")
            if how != "slow start":
                say(Ready())
        case Prepare(reload) if how == "refuses":
            say(Prepared(reload, "I can't"))
        case Prepare() if how == "says nothing":
            pass
        case Prepare() if how == "ends":
            break
        case Prepare() if how == "talks nonsense":
            sock.sendall(b"Prepare {}\\n")
        case Prepare(reload):
            say(Prepared(reload))
        case Apply() if how == "never applies":
            pass
        case Apply() if how == "ends when it applies":
            break
        case Apply(reload):
            say(Applied(reload))
        case EndConnection() if how == "slow start":
            say(Ready())
        case Drain():
            break
"""


def settings(resume: str) -> Config:
    route = {"name": "a", "listen": "127.0.0.1:0", "carrier": "127.0.0.1:9"}
    tables = {
        "route": [route],
        "store": {"path": "/nowhere/at/all"},
        "workers": {"count": 2, "hang_timeout": 3600.0},
        "consent": {"resume": resume},
    }
    return check(tables, Path("test"))


OLD, NEW, NEWER = settings("any-reply"), settings("keyword"), settings("any-reply")


class Listener:
    """An ear that remembers who is gone."""

    def __init__(self) -> None:
        self.lost: list[int] = []

    def counted(self, worker: int, snapshot: Snapshot) -> None:
        pass

    def happened(self, worker: WorkerProcess, happening: Connected | Binds | Bound | Ended) -> None:
        pass

    def wished(self, worker: WorkerProcess, wish: Wished | Remembered | Captured) -> None:
        raise AssertionError("no cluster")

    def gone(self, worker: WorkerProcess, *, is_failure: bool) -> None:
        if is_failure:
            self.lost.append(worker.number)


@asynccontextmanager
async def generation(*roles: str, patience: float = PATIENCE) -> AsyncIterator[tuple[Generation, Listener]]:
    """Two workers; the first of all that are started are as odd as told."""
    ear, first = Listener(), next(Generation._numbers) + 1
    said = json.dumps([first, dict(enumerate(roles))])
    command = (sys.executable, "-c", ODD_WORKER, said)
    generation = Generation(OLD, b"", ear, lambda: Mark("", 0, 0, 0), command=command, reload_timeout=patience)
    with trio.fail_after(PATIENCE):
        async with trio.open_nursery() as nursery:
            await nursery.start(generation.run)
            try:
                yield generation, ear
            finally:
                generation.kill()


async def until(generation: Generation, count: int, config: Config) -> Sequence[WorkerProcess]:
    """Wait for so many ready workers with these settings."""
    await generation._wait(lambda: sum(worker.config is config for worker in generation.ready()) == count)
    return generation.ready()


async def test_all_prepare_and_then_all_apply() -> None:
    async with generation("good") as (workers, ear):
        await workers.settings.prepare(NEW)
        assert {worker.config is OLD for worker in workers.ready()} == {True}
        await workers.settings.apply(NEW)()
        assert {worker.config is NEW for worker in workers.ready()} == {True}
        assert ear.lost == []


@pytest.mark.parametrize(("how", "reason"), [("refuses", "I can't"), ("says nothing", "has not answered within 0.5 s")])
async def test_one_that_refuses_or_is_silent_leaves_all_as_they_were(how: str, reason: str) -> None:
    async with generation(how, patience=0.5) as (workers, ear):
        for _ in range(2):
            with pytest.raises(ReloadError, match=reason):
                await workers.settings.prepare(NEW)
        assert workers.settings.config is OLD
        assert [worker.config is OLD for worker in workers.ready()] == [True, True]
        assert ear.lost == []


@pytest.mark.parametrize("how", ["ends", "talks nonsense"])
async def test_one_that_ends_meanwhile_is_no_refusal_and_its_replacement_has_the_new_settings(how: str) -> None:
    async with generation(how) as (workers, ear):
        await workers.settings.prepare(NEW)
        await workers.settings.apply(NEW)()
        await until(workers, 2, NEW)
        assert len(ear.lost) == 1


@pytest.mark.parametrize(("how", "patience"), [("never applies", 0.5), ("ends when it applies", PATIENCE)])
async def test_one_that_does_not_say_that_it_applies_is_replaced_by_one_that_does(how: str, patience: float) -> None:
    async with generation(how, patience=patience) as (workers, ear):
        await workers.settings.prepare(NEW)
        await workers.settings.apply(NEW)()
        await until(workers, 2, NEW)
        assert len(ear.lost) == 1


@pytest.mark.parametrize("is_late", [False, True])
async def test_one_that_starts_meanwhile_takes_connections_only_with_the_settings_that_are_in_force(
    *, is_late: bool
) -> None:
    """It was told the old settings at its start; it is there before all have prepared, or after all apply."""
    async with generation("good", "good", "slow start") as (workers, ear):
        gone, other = sorted(workers.ready(), key=lambda worker: worker.number)
        gone.kill()
        await workers._wait(lambda: len(workers.workers - {gone}) == 2)
        (starting,) = workers.workers - {gone, other}
        if is_late:
            await workers.settings.prepare(NEW)
            await workers.settings.apply(NEW)()
            assert workers.ready() == [other]
            await workers.settings.prepare(NEWER)
            starting.tell(EndConnection(1, "a", ""))
            await until(workers, 2, NEW)
        else:
            starting.tell(EndConnection(1, "a", ""))
            await until(workers, 2, OLD)
        await workers.settings.prepare(NEWER)
        await workers.settings.apply(NEWER)()
        assert [worker.config is NEWER for worker in workers.ready()] == [True, True]
        assert len(ear.lost) == 1


async def test_orders_are_kept_for_a_worker_that_takes_none() -> None:
    """Far more than fit into the socket and any queue that is not without end; the last of them arrives."""
    async with generation("good") as (workers, _):
        worker, _other = workers.ready()
        worker.process.send_signal(signal.SIGSTOP)
        for n in range(50_000):
            worker.tell(EndConnection(n, "a", "x" * 100))
        workers.drain()
        worker.process.send_signal(signal.SIGCONT)
        await workers._wait(lambda: not workers.workers)
