"""Waiting on the event loop for what the ledger's writer does on its thread."""

from __future__ import annotations

from collections.abc import Sequence

import trio

from proxy.consent.rules import Wish
from proxy.ledger.writer import Outcome, Writer


async def commit(writer: Writer, wishes: Sequence[Wish]) -> Outcome:
    """Have wishes made durable, and wait for that."""
    token = trio.lowlevel.current_trio_token()
    is_done = trio.Event()
    outcomes: list[Outcome] = []

    def done(outcome: Outcome) -> None:
        outcomes.append(outcome)
        try:
            token.run_sync_soon(is_done.set)
        except trio.RunFinishedError:
            return  # nobody is left to be told; the change itself is durable

    writer.submit(wishes, done)
    await is_done.wait()
    return outcomes[0]
