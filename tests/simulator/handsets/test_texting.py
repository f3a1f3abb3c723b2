"""What a handset sends, as PDUs."""

from __future__ import annotations

from typing import Any

import pytest

from proxy.simulator.handsets import texting
from proxy.simulator.handsets.texting import MobileOriginated
from proxy.smpp.message import Tlv
from proxy.smpp.pdu import Address


def parts(**more: Any) -> list[tuple[bytes, int, int, list[Tlv]]]:
    return texting.parts(MobileOriginated(source="15559870001", destination="40404", **more), 7)


@pytest.mark.parametrize(
    ("number", "address"),
    [
        ("+15559870001", Address(1, 1, b"15559870001")),
        ("15559870001", Address(1, 1, b"15559870001")),
        ("40404", Address(0, 1, b"40404")),
        ("ACME", Address(5, 0, b"ACME")),
    ],
)
def test_numbers(number: str, address: Address) -> None:
    assert texting.address(number) == address


def test_texts_in_one_part_and_in_several() -> None:
    assert parts(text="STOP") == [(b"STOP", 0, 0, [])]
    first, second = parts(text="x" * 200)
    assert [first[0][:6], second[0][:6]] == [b"\x05\x00\x03\x07\x02\x01", b"\x05\x00\x03\x07\x02\x02"]
    assert first[1:] == second[1:] == (0x40, 0, [])


def test_octets_as_they_are() -> None:
    assert parts(hex="00ff", tlvs=[(0x1403, "ab")]) == [(b"\x00\xff", 0, 0, [Tlv(0x1403, b"\xab")])]
    with pytest.raises(ValueError, match="255"):
        parts(hex="00" * 256)


def test_a_payload_is_never_cut() -> None:
    assert parts(text="y" * 300, payload=True) == [(b"", 0, 0, [Tlv(0x0424, b"y" * 300)])]
    assert parts(text="ж" * 300, payload=True) == [(b"", 0, 8, [Tlv(0x0424, "ж".encode("utf-16-be") * 300)])]
    assert parts(payload=True) == [(b"", 0, 0, [Tlv(0x0424, b"")])]
