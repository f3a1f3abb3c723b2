"""Numbers as lists and people write them: what spreadsheets make of them is named, and not taken for another."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.consent.numbers import Numbering, Pair
from proxy.consent.written import NumberError, is_number, written_business, written_consumer, written_pair
from proxy.ledger.upkeep.lists import as_cell, from_cell

US = Numbering("US")
SPOILED: list[Any] = [
    *("15559870001.0", "15559870001.", "1.5551230001E+10", "1,5551230001E+10", "1.6E10", "1555\u2013987\u20130001"),
    *("N/A", "n/a", "null", "None", "nan", "-", "", "  ", "\ud800", "\x1b[2J", "1" * 65, "1234567890123456789"),
    "\uff11\uff15\uff15\uff15\uff19\uff18\uff17\uff10\uff10\uff10\uff11",
    "\u0661\u0665\u0665\u0665\u0669\u0668\u0667\u0660\u0660\u0660\u0661",
    *(True, False, None, 1.5, 15559870001.0, [], {}),
]


@pytest.mark.parametrize("value", SPOILED, ids=ascii)
def test_what_is_no_number_is_named_with_its_value_and_its_end(value: Any) -> None:
    with pytest.raises(NumberError, match=r"^consumer: ") as of_consumer:
        written_consumer(value, US)
    with pytest.raises(NumberError, match=r"^business: ") as of_business:
        written_business(value, US)
    for error in (of_consumer, of_business):
        said = str(error.value)
        assert said.isprintable()
        assert said.isascii()
        assert not isinstance(value, str) or not value.strip().isalnum() or not value.isascii() or value[:60] in said


@pytest.mark.parametrize(
    "value",
    [15559870001, "15559870001", "+1 (555) 987-0001", "555.987.0001", " 555 987 0001 ", "tel:+1-555-987-0001"],
)
def test_what_is_one_in_any_form(value: Any) -> None:
    assert written_pair("VANSO", value, US) == Pair("vanso", "+15559870001")


@given(st.text(max_size=70) | st.integers() | st.booleans() | st.none() | st.floats())
def test_any_value_is_a_number_or_a_fault(value: Any) -> None:
    try:
        number = written_consumer(value, US)
    except NumberError as error:
        said = str(error)
    else:
        said = number
        assert is_number(number)
    assert said.isprintable()


@given(st.text())
def test_a_cell_is_no_formula_and_is_read_again(text: str) -> None:
    cell = as_cell(text)
    assert cell.isprintable()
    assert not text.isprintable() or from_cell(cell) == text
    assert cell[:1] not in ("=", "@", "\t", "\r")
    assert cell[:1] not in ("+", "-") or cell[1:].isdecimal()
