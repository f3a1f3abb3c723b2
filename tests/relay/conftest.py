"""What every test of this folder leaves behind as it found it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.relay.session.consents import OnDisk


@pytest.fixture(autouse=True)
def _ledgers_are_closed() -> Iterator[None]:
    yield
    for consents in list(OnDisk.opened):
        consents.close()
