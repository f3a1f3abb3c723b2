"""Sets of business numbers."""

from __future__ import annotations

import pytest

from proxy.consent.numbers import Numbering
from proxy.consent.scope import NumberSet

US = Numbering("US")


@pytest.mark.parametrize(
    ("patterns", "inside", "outside"),
    [
        (["(555) 123-0001", "VANSO"], ["+15551230001", "vanso"], ["+15551230002", ""]),
        (["+1555123*", "van*"], ["+15551230001", "+15551239", "vanso"], ["+15551240000", "+44555"]),
        (["+15551230000-+15551230009"], ["+15551230000", "+15551230009"], ["+15551230010", "+1555123000", "40404"]),
        (["*"], ["+15551230001", "40404", "vanso", ""], []),
        ([], [], ["+15551230001", ""]),
    ],
)
def test_what_is_inside(patterns: list[str], inside: list[str], outside: list[str]) -> None:
    numbers = NumberSet(patterns, US)
    assert all(number in numbers for number in inside)
    assert not any(number in numbers for number in outside)


@pytest.mark.parametrize("pattern", ["", "+1555-+15551", "+2-+1", "+x-+y"])
def test_what_is_no_pattern(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"range|number"):
        NumberSet([pattern], US)
