"""Sets of business numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.consent.numbers import Numbering
from proxy.consent.scope import NumberSet, scope_name

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


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("+1 555 123*", "+1555123*"),
        ("+1 (555) 123-*", "+1555123*"),
        ("+15551230000 - +15551239999", "+15551230000-+15551239999"),
        ("+1 555 123 0000–+1 555 123 9999", "+15551230000-+15551239999"),
    ],
)
def test_signs_and_spaces_in_a_pattern_do_not_count(written: str, meant: str) -> None:
    as_written, as_meant = NumberSet([written], US), NumberSet([meant], US)
    for number in ("+15551230000", "+15551239999", "+15551235", "+15551240000", "+44", "40404"):
        assert (number in as_written) is (number in as_meant)
    assert "+15551230001" in as_written


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        " ",
        "+1555-+15551",
        "+2-+1",
        "+x-+y",
        "1555123*",
        "555*",
        "+0*",
        "+1555**",
        "15551230000-15551239999",
        "+1+2",
    ],
)
def test_what_is_no_pattern(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"range|number|prefix"):
        NumberSet([pattern], US)


@given(st.text(st.characters(codec="utf-8", exclude_characters="⟨⟩\0"), min_size=1, max_size=64))
def test_a_group_is_spelled_in_one_way_everywhere(name: str) -> None:
    scope = scope_name(name)
    assert US.parse(scope) == scope
    assert US.parse(f" {scope} ") == scope
    assert scope_name(name.upper()) == scope or name.upper().casefold() != name.casefold()
