"""Opening ledgers for what a test wants of them."""

from __future__ import annotations

from pathlib import Path

from proxy.ledger.disk.environment import Access
from proxy.ledger.ledger import Ledger
from tests.ledger.partly import decide
from tests.ledger.samples import Clock


def opened(path: Path, access: Access = Access.WRITE) -> Ledger:
    return Ledger(path, Clock(), access=access, decide=decide)
