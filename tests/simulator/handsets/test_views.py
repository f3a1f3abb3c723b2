"""Things as JSON."""

from __future__ import annotations

from proxy.simulator.handsets import views
from proxy.simulator.smsc.connection import Seen
from proxy.simulator.smsc.faults import Armed, FaultRule
from proxy.simulator.smsc.messages import FromHandset
from proxy.simulator.smsc.smsc import Smsc
from proxy.smpp import fields as pdus
from proxy.smpp import pdu
from proxy.smpp.message import Tlv
from proxy.smpp.pdu import Address
from proxy.smpp.text import Part


def test_a_message_from_a_handset() -> None:
    shown = views.from_handset(FromHandset(1, 2.0, "1555", "40404", "hi", Part(7, 2, 1), "ESME_ROK"))
    assert (shown["text"], shown["status"]) == ("hi", "ESME_ROK")
    assert shown["part"] == {"reference": 7, "total": 2, "number": 1}
    assert views.part(None) is None


def test_a_pdu_with_its_fields() -> None:
    given = {"source_addr": "1555", "dest_address": [Address(1, 1, b"1556"), b"friends"], "short_message": b"\x00\xff"}
    frame = pdus.write("submit_multi", given, (Tlv(0x1405, b"ab"),), sequence=9)
    shown = views.whole(Seen(1, 2.0, 3, "in", frame), Smsc())
    assert (shown["command"], shown["status"], shown["sequence"]) == ("submit_multi", "ESME_ROK", 9)
    assert shown["hex"] == frame.hex()
    assert (shown["fields"]["source_addr"], shown["fields"]["short_message"]) == ("1555", "00 ff")
    assert shown["fields"]["dest_address"] == [[1, 1, "1556"], "friends"]
    assert (shown["tlvs"], shown["fault"]) == ([{"tag": "0x1405", "hex": "6162"}], "")


def test_a_pdu_that_can_not_be_read_says_why() -> None:
    shown = views.whole(Seen(1, 2.0, 3, "in", pdu.header_only(pdu.SUBMIT_SM, 0, 9)), Smsc())
    assert (shown["command"], shown["fields"], shown["tlvs"]) == ("submit_sm", {}, [])
    assert shown["fault"]


def test_a_fault_that_is_set() -> None:
    shown = views.fault(Armed(4, FaultRule(action="queue_full", count=1), 0.0))
    assert (shown["number"], shown["met"], shown["action"], shown["count"]) == (4, 0, "queue_full", 1)
