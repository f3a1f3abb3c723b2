"""How old what this machine's ledger says may be, where other machines share its consent."""

from __future__ import annotations

from pathlib import Path

from proxy.cli.failing import settings
from proxy.ledger.ledger import Ledger


def note_age(config: Path, ledger: Ledger) -> None:
    """Say on standard error if this machine's ledger may not be all that its cluster agreed on."""
    if (table := settings(config).cluster) is not None:
        from proxy.cli.in_cluster import say_age

        say_age(table, ledger)
