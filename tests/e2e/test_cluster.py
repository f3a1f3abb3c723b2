"""Several gateways, one consent: real etcd members, real processes, and what becomes of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from proxy.smpp import write
from tests.cluster.members import Members, need_etcd
from tests.e2e.cluster import REFUSED, Gateways, submit
from tests.e2e.peers import A, B


@pytest.fixture(scope="module")
def members(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Members]:
    need_etcd()
    with Members(tmp_path_factory.mktemp("etcd"), 3) as found:
        yield found


@pytest.fixture
def gateways(tmp_path: Path, members: Members) -> Gateways:
    return Gateways(tmp_path, members.urls)


def test_a_stop_over_one_gateway_holds_at_the_others(gateways: Gateways) -> None:
    with gateways.start("one") as one, gateways.start("two") as two:
        assert submit(two) == 0
        one.stop()
        assert submit(two) == REFUSED
        assert submit(one) == REFUSED
        two.deliver_and_take(write.deliver_sm(B, A, b"START", sequence=5))
        assert submit(one) == 0
        assert submit(two) == 0
        assert two.proxy.stop() == 0
        assert one.proxy.stop() == 0
