"""Who makes wishes durable on a single machine: the ledger's writer, awaited on the event loop."""

from __future__ import annotations

from collections.abc import Sequence

import trio

from proxy.consent.refusals import Refusals
from proxy.consent.wishes import Made, NotRecorded, Wish
from proxy.ledger.disk.files import LedgerError
from proxy.ledger.writer import Outcome, Writer


class LedgerCommits:
    """``Commits`` by the writer of this machine's ledger."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    async def commit(self, wishes: Sequence[Wish]) -> Made:
        """Make these wishes durable, in order and together; raises ``NotRecorded``."""
        token = trio.lowlevel.current_trio_token()
        is_done = trio.Event()
        outcomes: list[Outcome] = []

        def done(outcome: Outcome) -> None:
            outcomes.append(outcome)
            try:
                token.run_sync_soon(is_done.set)
            except trio.RunFinishedError:
                return  # nobody is left to be told; the change itself is durable

        self._writer.submit(wishes, done)
        await is_done.wait()
        if isinstance(outcomes[0], LedgerError):
            raise NotRecorded(str(outcomes[0])) from outcomes[0]
        return outcomes[0]

    def remember(self, wishes: Sequence[Wish]) -> None:
        """Make these durable as soon as that can be done, before all others; nobody waits for it."""
        self._writer.remember(wishes)

    def count(self, refusals: Sequence[Refusals]) -> None:
        """Have these counts written down; they are lost if that can't be done now."""
        self._writer.submit(refusals, lambda _: None)
