"""Counters that are there before their first event, so that an alert on their growth fires on it."""

from __future__ import annotations

import os
import re
import signal
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from proxy.relay.session.tally import Tally
from proxy.service.telemetry.counters import Totals
from proxy.service.telemetry.labels import REFUSALS, known
from proxy.service.telemetry.metrics import METRICS, PREFIX, exposition
from proxy.simulator.process import ProxyProcess
from proxy.smpp import pdu, write
from tests.e2e.asking import get
from tests.e2e.peers import A, C, Esme, link
from tests.e2e.reloading import reload, rewrite
from tests.e2e.running import until

Series = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def read(text: bytes) -> Series:
    """Every counter by its name and labels."""
    families = text_string_to_metric_families(text.decode())
    samples = [sample for family in families if family.type == "counter" for sample in family.samples]
    return {(s.name.removeprefix(PREFIX), tuple(sorted(s.labels.items()))): s.value for s in samples}


def counters(proxy: ProxyProcess) -> Series:
    return read(get(proxy, "/metrics"))


def test_every_counter_is_there_at_0_for_every_route() -> None:
    found = read(exposition({}, Totals(), {"a": ["c:1"], "b": ["c:2"]}))
    assert set(found.values()) == {0.0}
    for name, described in METRICS.items():
        if described.kind == "counter" and not name.startswith("cluster_"):  # a single machine has none of these
            routes = {dict(labels).get("route") for metric, labels in found if metric == name}
            assert routes >= ({"a", "b"} if "route" in described.labels else {None}), name


def test_what_was_counted_stays_beside_what_was_not() -> None:
    totals = Totals()
    totals.count("reloads_total", "refused")
    totals.count("refused_total", "gone", "submit_sm", "opted_out")
    found = read(exposition({}, totals, {"a": []}))
    assert found["reloads_total", (("outcome", "refused"),)] == 1
    assert found["reloads_total", (("outcome", "applied"),)] == 0
    assert sum(found.values()) == 2


def test_every_reason_that_the_relay_counts_is_known() -> None:
    """And every command_id that it counts by."""
    text = "".join(path.read_text() for path in Path("proxy/relay").rglob("*.py"))
    named = set(re.findall(r'(?:_refuse\([\w.]+, |turn_back\([^")]*|reason: str = |refused\[[^"\]]*)"(\w+)"', text))
    assert len(named) > 6
    assert named == {reason for reasons in REFUSALS.values() for reason in reasons}
    commands = {key[3] for key in known({"a": []}) if key[0] == "pdus_total"}
    assert {pdu.command_name(command) for command in Tally().pdus[0]} == commands


def test_nothing_that_happens_makes_a_new_series(tmp_path: Path) -> None:
    with link(tmp_path, more='[limits]\nsessions = 2\n[consent]\nresume = "keyword"\n', admin=True) as talk:
        proxy = talk.proxy
        before = counters(proxy)
        talk.stop()
        assert talk.esme.submit() == 0x0B
        talk.esme.send(write.submit_sm(A, C, b"x", sequence=8))
        talk.smsc.read()
        talk.deliver_and_take(write.deliver_sm(C, A, b"help", sequence=9))
        with (
            Esme(proxy.address(), bind=False) as other,
            talk.bare.accept_bind(other),
            Esme(proxy.address(), bind=False) as beyond,
        ):
            assert beyond.read_all() == b""
            other.send(b"GET / HTTP/1.1\r\n\r\n")
            other.read_all()
        path = next(tmp_path.glob("*.toml"))
        rewrite(path, '"keyword"', '"maybe"')
        reload(proxy, "reload_refused")
        rewrite(path, '"maybe"', '"any-reply"')
        reload(proxy)
        until(lambda: counters(proxy)["sessions_ended_total", (("ended_by", "frame_error"), ("route", "test"))] == 1)
        os.kill(proxy.worker_pid(), signal.SIGKILL)
        proxy.wait_for("worker_ended")
        until(lambda: counters(proxy)["worker_restarts_total", ()] == 1)
        after = counters(proxy)
        assert after.keys() == before.keys()
        grown = {name for (name, _), value in after.items() if value}
        assert grown >= {"refused_total", "replies_total", "rejected_connections_total", "reloads_total"}
        grown_before = {name for (name, _), value in before.items() if value}
        assert grown_before <= {"pdus_total", "bytes_total", "binds_total", "carrier_answers_total"}


def test_a_route_that_a_reload_adds_is_there_at_0_too(tmp_path: Path) -> None:
    with link(tmp_path, admin=True) as talk:
        before = counters(talk.proxy)
        assert not [labels for _, labels in before if ("route", "b") in labels]
        path = next(tmp_path.glob("*.toml"))
        path.write_text(path.read_text() + '[[route]]\nname = "b"\nlisten = "127.0.0.1:0"\ncarrier = ["127.0.0.1:9"]\n')
        talk.proxy.send_signal(signal.SIGHUP)
        talk.proxy.wait_for("reloaded")
        after = counters(talk.proxy)

        def of(route: str) -> set[object]:
            return {
                (name, tuple(set(labels) - {("route", route)})) for name, labels in after if ("route", route) in labels
            }

        assert len(of("b")) == len(of("test")) > 100
        assert {after[key] for key in after if ("route", "b") in key[1]} == {0.0}
