"""All sockets that are ready are served in one turn, one after another: read, decide, send.

What costs most in relaying small messages is waking up for each of them. So no task waits for each socket: the sockets
of all sessions are in one epoll set, and one task serves whatever is ready in it. All that it does for a session is
what can be done without waiting. For the rest (a socket that takes no more, a commit, an end) it takes the socket out
of the set and wakes the session's own task, which comes back when it is done; so a side that doesn't read still stops
only the other side of its own session.
"""

from __future__ import annotations

import os
import select
import time
from collections.abc import Sequence
from typing import Any, Protocol, TypeVar

import outcome
import trio

READ_SIZE = 65536
"""Octets asked of the kernel at once: a window of a few hundred ordinary PDUs."""

MOST_SOCKETS = 64
"""Sockets served before the clock is looked at again; epoll goes round them in order, so none is left out."""

STAY = 0.002
"""Seconds for which turns may follow on one another before the event loop's other tasks have theirs."""

STAY_BRIEFLY = 0.0003
"""The same when it is not calm: a session's own task is at work, on a commit or a full socket, or somebody has called
``Turns.stir``."""

CALM_AFTER = 0.005
"""Seconds after a ``stir``, for other tasks to have done what they have to."""

LINGER = 0.001
"""Seconds to wait for the next turn before going back to the event loop, whose round costs more than a turn: the
kernel's shortest wait. Only when it is calm."""


T = TypeVar("T", covariant=True)


class Served(Protocol[T]):
    """What a socket is read for."""

    @property
    def descriptor(self) -> int:
        """The socket's file descriptor; it doesn't block."""
        ...

    def serve(self, data: bytes, now: float) -> T | None:
        """Deal with what was read, as far as that takes no waiting; what is left, None if nothing is.

        ``now`` is on trio's clock.
        """
        ...


class Turns:
    """Serves the sockets of those who ``wait_for`` something that takes waiting."""

    def __init__(self) -> None:
        self._epoll = select.epoll()
        self._waiting: dict[int, tuple[Served[Any], trio.lowlevel.Task]] = {}
        self._calm_from = 0.0
        self._away: set[int] = set()
        """The sockets whose tasks have something to do, and are expected back."""

    async def run(self) -> None:
        """Serve until cancelled."""
        with self._epoll:
            while True:
                await trio.lowlevel.wait_readable(self._epoll.fileno())
                begun = now = time.perf_counter()
                while True:
                    is_calm = not self._away and now > self._calm_from
                    if now - begun > (STAY if is_calm else STAY_BRIEFLY):
                        break
                    if not (ready := self._epoll.poll(LINGER if is_calm else 0, MOST_SOCKETS)):
                        break
                    now = self._turn(ready)

    def stir(self) -> None:
        """Let other tasks have their turns soon: something was noted that they may have to tell of."""
        self._calm_from = time.perf_counter() + CALM_AFTER

    async def wait_for(self, served: Served[T]) -> T | None:
        """Have all that comes served, until something of it takes waiting: what is left of that.

        None at the end of the stream. Raises ``OSError`` for a connection that is gone. Where ``run`` was cancelled
        before, nothing comes any more until the caller is cancelled too.
        """
        if self._epoll.closed:
            await trio.sleep_forever()
        descriptor = served.descriptor
        self._epoll.register(descriptor, select.EPOLLIN)
        self._away.discard(descriptor)
        self._waiting[descriptor] = served, trio.lowlevel.current_task()

        def abort(_: object) -> trio.lowlevel.Abort:
            self._forget(descriptor)
            return trio.lowlevel.Abort.SUCCEEDED

        left: T | None = await trio.lowlevel.wait_task_rescheduled(abort)
        return left

    def leave(self, served: Served[Any]) -> None:
        """Whoever waited will not do so again."""
        self._away.discard(served.descriptor)

    def _turn(self, ready: Sequence[tuple[int, int]]) -> float:
        """Serve these sockets; when that was done, by the clock of durations."""
        now = trio.current_time()
        for descriptor, _ in ready:
            served, _task = self._waiting[descriptor]
            try:
                data = os.read(descriptor, READ_SIZE)
                left = served.serve(data, now) if data else None
            except BlockingIOError:
                continue
            except Exception as error:  # noqa: BLE001 - it is raised in the session's own task
                self._wake(descriptor, outcome.Error(error))
                continue
            if left is not None or not data:
                self._away.add(descriptor)
                self._wake(descriptor, outcome.Value(left))
        return time.perf_counter()

    def _wake(self, descriptor: int, result: outcome.Outcome[Any]) -> None:
        trio.lowlevel.reschedule(self._forget(descriptor), result)

    def _forget(self, descriptor: int) -> trio.lowlevel.Task:
        self._epoll.unregister(descriptor)
        return self._waiting.pop(descriptor)[1]
