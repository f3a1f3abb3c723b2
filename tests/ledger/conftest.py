"""What the tests of the ledger are given."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from proxy.ledger.ledger import Ledger
from tests.ledger.partly import decide
from tests.ledger.samples import Clock


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "store", Clock(), decide=decide) as ledger:
        yield ledger
