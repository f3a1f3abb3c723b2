"""The control API of each test's SMSC."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from proxy.simulator.running import Running
from tests.simulator.handsets.api import Api


@pytest.fixture
def api(smsc: Running) -> Iterator[Api]:
    api = Api(smsc)
    try:
        yield api
    finally:
        api.close()
