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
from collections.abc import Callable, Sequence
from typing import Protocol

import outcome
import trio

from proxy.consent.rules import Consent
from proxy.ledger.reader import Reader
from proxy.relay.session.actions import Action

READ_SIZE = 65536
"""Octets asked of the kernel at once: a window of a few hundred ordinary PDUs."""

MOST_SOCKETS = 64
"""Sockets served before the clock is looked at again; epoll goes round them in order, so none is left out."""

STAY = 0.002
"""Seconds for which turns may follow on one another before the event loop's other tasks have theirs."""

STAY_BRIEFLY = 0.0003
"""The same when it is not calm: a session's own task is at work, on a commit or a full socket, or something was noted,
such as a bind, that other tasks may have to tell of."""

CALM_AFTER = 0.005
"""Seconds after something was noted, for other tasks to have dealt with it."""

LINGER = 0.001
"""Seconds to wait for the next turn before going back to the event loop, whose round costs more than a turn: the
kernel's shortest wait. Only when it is calm."""


class Served(Protocol):
    """One direction of a session: the socket that it reads, and what becomes of what is read."""

    @property
    def descriptor(self) -> int:
        """The socket's file descriptor; it doesn't block."""
        ...

    def decide(self, data: bytes, consent: Consent, now: float) -> Sequence[Action]:
        """What to do with what was read; ``now`` is on trio's clock."""
        ...

    def carry_out_at_once(self, actions: Sequence[Action]) -> Sequence[Action]:
        """Do what can be done without waiting; what is left."""
        ...


class Turns:
    """Serves the sockets of those who ``wait_for`` something out of the ordinary."""

    def __init__(self, reader: Reader, on_batch: Callable[[float], None]) -> None:
        """``on_batch`` is told how long each decision took, in seconds."""
        self._reader = reader
        self._on_batch = on_batch
        self._epoll = select.epoll()
        self._waiting: dict[int, tuple[Served, trio.lowlevel.Task]] = {}
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

    async def wait_for(self, served: Served) -> Sequence[Action] | None:
        """Have all that comes served, until something of it takes waiting: those actions, to be carried out.

        None at the end of the stream. Raises ``OSError`` for a connection that is gone.
        """
        descriptor = served.descriptor
        self._epoll.register(descriptor, select.EPOLLIN)
        self._away.discard(descriptor)
        self._waiting[descriptor] = served, trio.lowlevel.current_task()

        def abort(_: object) -> trio.lowlevel.Abort:
            self._forget(descriptor)
            return trio.lowlevel.Abort.SUCCEEDED

        actions: Sequence[Action] | None = await trio.lowlevel.wait_task_rescheduled(abort)
        return actions

    def decide(self, served: Served, data: bytes, now: float) -> Sequence[Action]:
        """What to do with what was read just now, by consent as it stands after the read, never by an earlier state."""
        begun = time.perf_counter()
        with self._reader as consent:
            actions = served.decide(data, consent, now)
        self._on_batch(time.perf_counter() - begun)
        return actions

    def leave(self, served: Served) -> None:
        """Whoever waited will not do so again."""
        self._away.discard(served.descriptor)

    def _turn(self, ready: Sequence[tuple[int, int]]) -> float:
        """Serve these sockets; when that was done, by the clock of durations."""
        now = trio.current_time()
        for descriptor, _ in ready:
            served, _task = self._waiting[descriptor]
            try:
                data = os.read(descriptor, READ_SIZE)
                actions = self.decide(served, data, now) if data else None
                if actions is not None and len(actions) > 1:
                    self._calm_from = time.perf_counter() + CALM_AFTER
                rest = actions and served.carry_out_at_once(actions)
            except BlockingIOError:
                continue
            except Exception as error:  # noqa: BLE001 - it is raised in the session's own task
                self._wake(descriptor, outcome.Error(error))
                continue
            if rest is None or rest:
                self._away.add(descriptor)
                self._wake(descriptor, outcome.Value(rest))
        return time.perf_counter()

    def _wake(self, descriptor: int, result: outcome.Outcome[Sequence[Action] | None]) -> None:
        trio.lowlevel.reschedule(self._forget(descriptor), result)

    def _forget(self, descriptor: int) -> trio.lowlevel.Task:
        self._epoll.unregister(descriptor)
        return self._waiting.pop(descriptor)[1]
