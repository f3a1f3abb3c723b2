"""PDUs in a line of text."""

from __future__ import annotations

import pytest

from proxy.simulator.smsc.connection import Seen
from proxy.simulator.smsc.printing import addressed, brief, full, print_seen
from proxy.smpp import fields as pdus
from proxy.smpp import pdu

GIVEN = {"source_addr": "15551230001", "destination_addr": "15559870001", "short_message": b"hello"}
SUBMIT = Seen(1, 3661.25, 2, "in", pdus.write("submit_sm", GIVEN, sequence=7))
REFUSAL = Seen(2, 3661.5, 2, "out", pdu.refusal(pdu.SUBMIT_SM, pdu.STATUSES["ESME_RINVDSTADR"], 7))
BIND = Seen(3, 0.0, 0, "in", pdus.write("bind_transceiver", {"system_id": "me", "password": "secret"}, sequence=1))


def test_everything_in_a_line() -> None:
    assert full(SUBMIT) == "01:01:01.250 #2 -> submit_sm seq 7 15551230001 to 15559870001: 'hello'"
    assert full(REFUSAL) == "01:01:01.500 #2 <- submit_sm_resp seq 7 ESME_RINVDSTADR"
    assert full(BIND) == "00:00:00.000 #0 -> bind_transceiver seq 1 me"


def test_a_message_that_can_not_be_read_is_shown_as_far_as_it_can() -> None:
    broken = Seen(4, 0.0, 0, "in", pdu.header_only(pdu.SUBMIT_SM, 0, 9))
    assert full(broken) == "00:00:00.000 #0 -> submit_sm seq 9"


def test_a_header_in_a_line() -> None:
    assert brief(SUBMIT) == "01:01:01.250 -> submit_sm #7"
    assert brief(REFUSAL) == "01:01:01.500 <- submit_sm_resp #7 ESME_RINVDSTADR"


def test_a_command_with_its_addresses() -> None:
    assert addressed(SUBMIT) == "submit_sm +15551230001 → +15559870001"


def test_it_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    print_seen(SUBMIT)
    assert capsys.readouterr().out == full(SUBMIT) + "\n"
