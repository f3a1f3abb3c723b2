"""Metrics as Prometheus reads them, and what a log line may show."""

from __future__ import annotations

import io
import json
import sys

import pytest
import structlog
from prometheus_client.parser import text_string_to_metric_families

from proxy.service import telemetry
from proxy.service.telemetry import METRICS, PREFIX, Durations, mask, set_up_log


def test_durations_are_cumulative() -> None:
    durations = Durations((0.1, 1.0))
    for seconds in (0.05, 0.1, 0.5, 7.0):
        durations.observe(seconds)
    buckets, total = durations.buckets()
    assert buckets == [("0.1", 2), ("1.0", 3), ("+Inf", 4)]
    assert total == pytest.approx(7.65)


@pytest.mark.parametrize(
    ("number", "masked"), [("+15551230001", "+15551****01"), ("40404", "4****04"), ("611", "611"), ("vanso", "v****so")]
)
def test_masks(number: str, masked: str) -> None:
    assert mask(number) == masked


def test_names_follow_prometheus() -> None:
    for name, described in METRICS.items():
        assert (described.kind == "counter") == name.endswith("_total")
        assert described.help.endswith(".")


def exposition_of_nothing() -> str:
    class Ledger:
        def statistics(self) -> object:
            return type("Statistics", (), {"opted_out_pairs": 3})()

    nothing = telemetry.Telemetry([], Ledger(), Durations((1.0,)), Durations((1.0,)))  # type: ignore[arg-type]
    return nothing.exposition().decode()


def test_the_table_is_what_is_exposed() -> None:
    families = list(text_string_to_metric_families(exposition_of_nothing()))
    names = {(f.name + "_total" if f.type == "counter" else f.name).removeprefix(PREFIX) for f in families}
    assert names == set(METRICS)
    assert {f.documentation for f in families} == {d.help for d in METRICS.values()}


def test_log_lines_are_json_with_masked_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.StringIO()
    monkeypatch.setattr(sys, "stderr", out)
    try:
        stream = set_up_log(level="info")
        log = structlog.get_logger()
        log.debug("hidden")
        log.info("refused", business="+15551230001", consumer="+15559870001")
        stream.close()
    finally:
        structlog.reset_defaults()
    (line,) = out.getvalue().splitlines()
    fields = json.loads(line)
    assert (fields["event"], fields["business"], fields["consumer"]) == ("refused", "+15551****01", "+15559****01")
