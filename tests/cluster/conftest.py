from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path

import pytest

from proxy.cluster.engine import Engine
from proxy.cluster.etcd import Etcd
from proxy.simulator.cluster.members import Members
from tests.cluster.memory import Memory, Store
from tests.cluster.needing import need_etcd

_namespaces = count(1)


@pytest.fixture(scope="session")
def one_etcd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Members]:
    """One member for all tests that need nothing but an etcd; each takes a namespace of its own."""
    need_etcd()
    with Members(Path(tmp_path_factory.mktemp("etcd"))) as members:
        yield members


@pytest.fixture(params=["memory", "etcd"])
async def engine(request: pytest.FixtureRequest) -> AsyncIterator[Engine]:
    """Each engine that there is."""
    if request.param == "memory":
        yield Memory(Store())
        return
    members: Members = request.getfixturevalue("one_etcd")
    etcd = Etcd(members.urls, f"test-{next(_namespaces)}", 5.0)
    yield etcd
    await etcd.close()
