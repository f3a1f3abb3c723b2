"""On CI nothing may be skipped for want of a tool: what tests need, the scripts install."""

from __future__ import annotations

import os
from collections.abc import Generator

import pytest
from hypothesis import HealthCheck, settings

from tests import measured

settings.register_profile("default", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("mutation", settings.get_profile("default"), max_examples=25, derandomize=True)
settings.load_profile("default")

if measured.is_on():
    measured.let_proxies_end_in_good_order()

pytest_plugins = ["proxy.simulator.plugin"]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if measured.is_on():
        terminalreporter.section("coverage")
        for line in measured.summary():
            terminalreporter.line(line)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.skipped and os.environ.get("CI") == "true" and isinstance(report.longrepr, tuple):
        reason = report.longrepr[2]
        if "needs" in reason:
            report.outcome = "failed"
            report.longrepr = f"skipped on CI: {reason}"
    return report
