"""Log lines of what sessions report: every change, and refusals at a bounded rate with their count."""

from __future__ import annotations

import structlog
from structlog.testing import capture_logs

from proxy.consent.wishes import Origin
from proxy.relay.log import LogReport
from proxy.relay.session.actions import Note
from proxy.relay.session.dialect import Dialect
from proxy.relay.session.session import Session
from proxy.relay.session.tally import Tally
from proxy.service.telemetry.rates import LINES_A_SECOND, LineRates


def test_frequent_lines_are_limited_and_their_number_kept() -> None:
    now = 100.0
    session = Session(Dialect(), Tally(), Origin("route", "s1", "platform"))
    with capture_logs() as lines:
        report = LogReport(structlog.get_logger(), Tally(), LineRates(lambda: now))
        for n in range(1000):
            report.note(session, Note("refused", {"n": n}))
        assert len(lines) == LINES_A_SECOND
        now = 101.5
        report.note(session, Note("refused", {"n": 1000}))
        report.note(session, Note("unreadable_pdu", {}))
    assert lines[LINES_A_SECOND]["left_out"] == 1000 - LINES_A_SECOND
    assert lines[LINES_A_SECOND]["system_id"] == "platform"
    assert "left_out" not in lines[-1]
