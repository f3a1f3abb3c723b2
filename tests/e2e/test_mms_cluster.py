"""MMS at the gateways of a cluster: a STOP over MM7 at one holds at all before its platform has it."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from proxy.simulator.cluster.members import Members
from proxy.simulator.mms.both import Mms
from proxy.simulator.mms.writing import Media
from proxy.simulator.process import ProxyProcess
from proxy.simulator.running import Running, running
from tests.cluster.needing import need_etcd
from tests.e2e.cluster import Gateways
from tests.e2e.mms import config_of
from tests.e2e.running import status, until
from tests.mm7.wire import A, B


def gateway(stack: ExitStack, gateways: Gateways, name: str, folder: Path) -> tuple[Running, ProxyProcess]:
    folder.mkdir()
    simulator = stack.enter_context(running(mms=Mms()))
    path = config_of(folder, simulator, keys='unproven = "refuse"', more=gateways.table(name, lease=10))
    proxy = stack.enter_context(ProxyProcess(path))
    simulator.post_mms_to(proxy.address("mms-out"), proxy.address("mms-in"))
    until(lambda: status(proxy)["cluster"]["serving"])
    return simulator, proxy


def test_a_stop_by_mms_at_one_gateway_holds_at_the_other_for_mms(tmp_path: Path) -> None:
    need_etcd()
    with ExitStack() as stack:
        gateways = Gateways(tmp_path, stack.enter_context(Members(tmp_path / "etcd")).urls)
        one, _ = gateway(stack, gateways, "one", tmp_path / "1")
        two, proxy = gateway(stack, gateways, "two", tmp_path / "2")
        menu = [Media.text("Our menu")]
        assert one.submit_mms(A, [B], menu).state == "1000"
        assert two.submit_mms(A, [B], menu).state == "1000"
        assert one.deliver_mms(B, A, [Media.text("STOP")]).state == "1000"
        assert two.submit_mms(A, [B], menu).state == "2001"
        assert one.submit_mms(A, [B], menu).state == "2001"
        assert two.deliver_mms(B, A, [Media.text("hi")]).state == "1000"
        assert two.submit_mms(A, [B], menu).state == "1000"
        until(lambda: one.submit_mms(A, [B], menu).state == "1000")
        assert proxy.stop() == 0
