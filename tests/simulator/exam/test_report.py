"""The report of an exam."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from proxy.simulator.exam.exam import Result
from proxy.simulator.exam.report import junit_xml, show


def test_the_report_for_people_and_for_ci(capsys: pytest.CaptureFixture[str]) -> None:
    results = [
        Result("Answers enquire_link", "pass", "ESME_ROK"),
        Result("Answers unbind", "fail", "no answer in 15 s", ("02:00:00.000 <- unbind #7",)),
        Result("Slows down", "not seen", "it sent nothing"),
    ]
    show(results)
    shown = capsys.readouterr().out
    assert "1 pass, 1 fail, 1 not seen" in shown
    assert "<- unbind #7" in shown
    suite = ET.fromstring(junit_xml(results))
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("3", "1", "1")
    failure = suite.find("testcase/failure")
    assert failure is not None
    assert (failure.get("message"), failure.text) == ("no answer in 15 s", "02:00:00.000 <- unbind #7")
