"""The simulated SMSC in a thread of its own, for tests and programs without an event loop."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import Queue
from threading import Thread
from typing import Any, NamedTuple

import trio

from proxy.simulator.smsc.scenario import Scenario
from proxy.simulator.smsc.smsc import Smsc
from proxy.smpp.pdu import Address

PATIENCE = 10.0
"""Seconds that a call into the thread may take."""


class Running(NamedTuple):
    """A simulator in a thread: its address, and its methods for callers without an event loop."""

    smsc: Smsc
    host: str
    port: int
    token: trio.lowlevel.TrioToken
    control: tuple[str, int] | None = None
    """Where the control API and the handsets are, if they were asked for."""

    def deliver(self, source: Address, destination: Address, text: bytes, **more: Any) -> int:
        """Do ``Smsc.deliver`` as soon as somebody is bound to receive; ``trio.TooSlowError`` after ten seconds."""

        async def deliver() -> int:
            await self.smsc.wait_for(lambda smsc: bool(smsc.receivers()))
            return await self.smsc.deliver(source, destination, text, **more)

        status: int = self._call(deliver)
        return status

    def wait_for(self, condition: Callable[[Smsc], bool]) -> None:
        """Do ``Smsc.wait_for``; ``trio.TooSlowError`` after ten seconds."""
        self._call(lambda: self.smsc.wait_for(condition))

    def reset(self) -> None:
        """Do ``Smsc.reset``; ``trio.TooSlowError`` after ten seconds."""
        self._call(self.smsc.reset)

    def play(self, scenario: Scenario) -> None:
        """Do ``Smsc.play``."""
        trio.from_thread.run_sync(self.smsc.play, scenario, trio_token=self.token)

    def _call(self, function: Callable[[], Any]) -> Any:
        async def call() -> Any:
            with trio.fail_after(PATIENCE):
                return await function()

        return trio.from_thread.run(call, trio_token=self.token)


@contextmanager
def running(
    host: str = "127.0.0.1", port: int = 0, scenario: Scenario | None = None, *, control_port: int | None = None
) -> Iterator[Running]:
    """Run a simulator in a thread while the context lasts; raises ``OSError`` if a port is taken.

    With a ``control_port`` (0 is any free one) the control API and the handsets are served there.
    """
    started: Queue[Running | Exception] = Queue()
    scope = trio.CancelScope()

    async def main() -> None:
        smsc = Smsc(scenario=scenario)
        with scope:
            async with trio.open_nursery() as nursery:
                bound_host, bound_port = await nursery.start(smsc.serve, host, port)
                control = None
                if control_port is not None:
                    from proxy.simulator.handsets.control import serve  # FastAPI takes long to import

                    control = await nursery.start(serve, smsc, host, control_port)
                started.put(Running(smsc, bound_host, bound_port, trio.lowlevel.current_trio_token(), control))

    def run() -> None:
        try:
            trio.run(main)
        except* OSError as errors:
            started.put(errors.exceptions[0])

    thread = Thread(target=run, name="simulator", daemon=True)
    thread.start()
    outcome = started.get()
    if isinstance(outcome, Exception):
        raise outcome
    try:
        yield outcome
    finally:
        outcome.token.run_sync_soon(scope.cancel)
        thread.join()
