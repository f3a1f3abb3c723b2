"""What the parts of one node share: its seat, how far it has come, who else is there, who waits for news of that."""

from __future__ import annotations

from collections.abc import Callable

import trio

from proxy.cluster.engine import Seat
from proxy.cluster.peers import Peers
from proxy.cluster.serving import Deadline
from proxy.consent.entries import Entry


class NodeState:
    """A node as it stands; ``clock`` gives seconds since the machine started, sleep included."""

    def __init__(self, name: str, lease: int, deadline: Deadline, clock: Callable[[], float]) -> None:
        self.name = name
        self.lease = lease
        self.deadline = deadline
        self.clock = clock
        self.peers = Peers(lease)
        self.seat: Seat | None = None
        self.revision = 0
        """Up to which revision this node's ledger has everything."""
        self.fault = "joining the cluster"
        """Why it doesn't serve, as far as it knows; empty if it does."""
        self._awaited: dict[str, list[Entry]] = {}
        self._changed = trio.Event()

    def notify(self) -> None:
        """Something has changed: have whoever waits look again."""
        self._changed.set()
        self._changed = trio.Event()

    async def changes(self, at_most: float) -> None:
        """Wait until something has changed, for so many seconds at the most."""
        with trio.move_on_after(max(0.0, at_most)):
            await self._changed.wait()

    def await_entries(self, change: str) -> None:
        """Keep the journal entries that this change will make here, until they are taken."""
        self._awaited[change] = []

    def made(self, entries: dict[str, Entry]) -> None:
        """Changes have made these entries in this node's journal."""
        for change, entry in entries.items():
            if (kept := self._awaited.get(change.partition(".")[0])) is not None:
                kept.append(entry)

    def take_entries(self, change: str) -> tuple[Entry, ...]:
        """What this change has made."""
        return tuple(self._awaited.pop(change, ()))
