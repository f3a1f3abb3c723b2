"""The settings that the workers of a generation go by, and how all of them come to go by others: all, or none."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping
from itertools import count
from typing import Any

import structlog
import trio

from proxy.config.schema import Config, carrier_names
from proxy.service.processes.worker_process import WorkerProcess

RELOAD_TIMEOUT = 10.0
"""Seconds in which a worker must have prepared for new settings, and again in which it must say that it has them."""


class ReloadError(Exception):
    """A worker can't go by new settings; the message says why. All go by those that they had."""


class InForce:
    """``config`` is what these workers go by, and what those that are started later begin with."""

    _numbers = count(1)

    def __init__(self, config: Config, workers: Collection[WorkerProcess], patience: float = RELOAD_TIMEOUT) -> None:
        """``workers`` are those of the generation at any time; ``patience`` is how long each may take for a step."""
        self.config = config
        self._workers = workers
        self._patience = patience
        self._reload = 0
        """The last reload that all were to prepare for."""

    async def prepare(self, config: Config) -> None:
        """Have all workers make ready for these settings; until ``apply`` they change nothing.

        Raises ``ReloadError`` if one can't, or says nothing in time.
        """
        self._reload = reload = next(InForce._numbers)
        faults: list[str] = []

        async def prepare(worker: WorkerProcess) -> None:
            if fault := await worker.prepare(reload, config, self._patience):
                faults.append(fault)

        while unprepared := [worker for worker in self._relaying() if worker.prepared != reload]:
            async with trio.open_nursery() as nursery:
                for worker in unprepared:
                    nursery.start_soon(prepare, worker)
            if faults:
                raise ReloadError(faults[0])

    def apply(self, config: Config) -> Callable[[], Awaitable[None]]:
        """Go by the settings that all have prepared for, in workers that are started later too.

        What is returned has the workers do so, and waits until all have said that they do. One that doesn't in time
        is killed, and replaced by one with the new settings.
        """
        self.config = config
        reload, workers = self._reload, self._relaying()

        async def apply(worker: WorkerProcess) -> None:
            is_done = await worker.apply(reload, config, self._patience)
            if not is_done and not worker.is_over.is_set():
                replace(worker, f"it has not said within {self._patience:g} s that it goes by new settings")

        async def all_apply() -> None:
            async with trio.open_nursery() as nursery:
                for worker in workers:
                    nursery.start_soon(apply, worker)

        return all_apply

    def _relaying(self) -> list[WorkerProcess]:
        """The workers that have sessions, or may have."""
        return [worker for worker in self._workers if worker.has_begun and not worker.is_over.is_set()]

    async def catch_up(self, worker: WorkerProcess) -> bool:
        """Have a worker that was started before the settings changed go by those in force, or have it replaced."""
        while worker.config is not self.config:
            reload, config = next(InForce._numbers), self.config
            fault = await worker.prepare(reload, config, self._patience)
            if fault or (fault == "" and not await worker.apply(reload, config, self._patience)):
                replace(worker, fault or "it doesn't go by new settings")
            if fault != "":
                return False
        return True


def replace(worker: WorkerProcess, reason: str) -> None:
    """End a worker that is of no use; its generation starts another."""
    structlog.get_logger().error("worker_failed", worker=worker.number, reason=reason)
    worker.kill()


def needs_new_workers(old: Config, new: Config) -> bool:
    """Whether routes or workers changed in what a running worker is made of."""

    def shape(config: Config) -> object:
        routes = [(r.name, r.protocol, r.listen, r.mode, r.direction, carrier_names(r)) for r in config.route]
        return routes, config.workers.count, config.limits.mms_memory

    return shape(old) != shape(new)


def differences(before: Config, after: Config) -> list[str]:
    """What new settings change, key by key, for the log: ``route carrier-a: carrier``, ``consent: resume``, ...

    Values are left out: a note of who may connect is nothing for a log.
    """
    found: list[str] = []
    old, new = (config.model_dump() for config in (before, after))
    for table in new.keys() | old.keys():
        was, is_now = old.get(table), new.get(table)
        if isinstance(was, list) and isinstance(is_now, list):
            was, is_now = ({each["name"]: each for each in tables} for tables in (was, is_now))
            found += (f"{table} {name}: removed" for name in was.keys() - is_now.keys())
            found += (f"{table} {name}: added" for name in is_now.keys() - was.keys())
            for name in was.keys() & is_now.keys():
                found += _changed(f"{table} {name}", was[name], is_now[name])
        elif was != is_now:
            if isinstance(was, dict) and isinstance(is_now, dict):
                found += _changed(table, was, is_now)
            else:
                found.append(f"{table}: {'added' if is_now else 'removed'}")
    return sorted(found)


def _changed(where: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    return (f"{where}: {key}" for key in after if before.get(key) != after[key])
