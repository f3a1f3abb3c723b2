"""Keeping the journal only so long: older entries go behind a checkpoint, so that what is left can be verified.

Run it in a process of its own: while it looks at all states, lookups of the same process would wait.
"""

from __future__ import annotations

from datetime import timedelta

from proxy.consent.entries import Event, hash_of_states
from proxy.ledger.ledger import Ledger
from proxy.ledger.tables.journal import utc
from proxy.ledger.upkeep.forgetting import vouch_again


def apply(ledger: Ledger, days: float, by: str) -> int:
    """Remove the journal's entries older than ``days``; returns how many.

    Raises ``LedgerError``, also where a wrong clock leaves open which entries are older.

    States are left as they are, those that the removed entries made too. ``by`` signs for it. Whatever interrupts
    this, the ledger can be verified then, and the next call goes on.
    """
    removed = ledger.journal.remove_signed_off()
    checkpoint = ledger.journal.checkpoint()
    if checkpoint and any(e.event is Event.FORGOTTEN for e in ledger.journal.entries(checkpoint.at)):
        vouch_again(ledger, {"operator": by})  # what forgot a number may have been interrupted
    through = ledger.journal.older_than(utc(ledger.now()) - timedelta(days=days))
    if not through:
        return removed
    with ledger.store.moment():
        at = ledger.statistics().revision
        resting = ((r.pair, r.state, r.sequence) for r in ledger.pairs.records() if r.sequence <= through)
        pairs, states = hash_of_states(resting)
    note = f"entries older than {days:g} days removed"
    said = {"at": str(at), "pairs": str(pairs), "states": states, "operator": by, "note": note}
    ledger.journal.sign_off(through, said)
    return removed + ledger.journal.remove_signed_off()
