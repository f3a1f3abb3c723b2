"""Metrics as Prometheus reads them, and what a log line may show."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator

import pytest
import structlog
from prometheus_client.parser import text_string_to_metric_families

from proxy.net.durations import Durations
from proxy.service.telemetry.counters import Totals
from proxy.service.telemetry.log import Log, LogSettings, hashed, mask
from proxy.service.telemetry.metrics import METRICS, PREFIX, exposition


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


def test_the_table_is_what_is_exposed() -> None:
    families = list(text_string_to_metric_families(exposition({}, Totals(), {}).decode()))
    names = {(f.name + "_total" if f.type == "counter" else f.name).removeprefix(PREFIX) for f in families}
    assert names == set(METRICS)
    assert {f.documentation for f in families} == {d.help for d in METRICS.values()}


@pytest.fixture
def out() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def log(out: io.StringIO) -> Iterator[Log]:
    log = Log(LogSettings(key=b"secret"), out)
    try:
        yield log
    finally:
        structlog.reset_defaults()


def written(log: Log, out: io.StringIO) -> list[dict[str, object]]:
    log.close()
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_log_lines_are_json_with_masked_numbers(log: Log, out: io.StringIO) -> None:
    structlog.get_logger().debug("hidden")
    structlog.get_logger().info("refused", business="+15551230001", consumer="+15559870001")
    (fields,) = written(log, out)
    assert (fields["event"], fields["business"], fields["consumer"]) == ("refused", "+15551****01", "+15559****01")


def test_settings_of_the_log_change_while_it_runs(log: Log, out: io.StringIO) -> None:
    logger = structlog.get_logger().bind()
    logger.info("one", consumer="+15559870001")
    log.settings = LogSettings(level="debug", numbers="hashed", key=b"secret")
    logger.debug("two", consumer="+15559870001")
    log.settings = LogSettings(level="error", numbers="full")
    logger.warning("hidden")
    logger.error("three", consumer="+15559870001")
    one, two, three = written(log, out)
    assert (one["consumer"], three["consumer"]) == ("+15559****01", "+15559870001")
    assert two["consumer"] == hashed("+15559870001", b"secret") != hashed("+15559870001", b"other")


@pytest.mark.parametrize("form", ["json", "console"])
def test_when_how_much_it_matters_and_what_it_is_stand_first(log: Log, out: io.StringIO, form: str) -> None:
    log.settings = LogSettings(format=form)  # type: ignore[arg-type]
    structlog.get_logger().bind(route="a").info("refused", reason="opted_out", business="+15551230001")
    log.close()
    line = out.getvalue()
    places = [line.index(word) for word in ("T", "info", "refused", "route", "opted_out")]
    assert places == sorted(places), line
    if form == "json":
        assert list(json.loads(line))[:3] == ["time", "level", "event"]
