"""One person, one spelling."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.consent.numbers import Numbering
from tests.consent.wire import canonical, read

US, GB = Numbering("US"), Numbering("GB")


@pytest.mark.parametrize(
    ("ton", "digits"),
    [
        (1, "15551230001"),
        (1, "+15551230001"),
        (1, "0015551230001"),
        (1, "5551230001"),
        (0, "15551230001"),
        (0, "+15551230001"),
        (0, "0015551230001"),
        (0, "01115551230001"),
        (0, "5551230001"),
        (0, "+1 (555) 123-0001"),
        (0, "555.123.0001"),
        (0, "tel:+1-555-123-0001"),
        (2, "5551230001"),
        (2, "15551230001"),
        (3, "15551230001"),
        (4, "5551230001"),
        (5, "15551230001"),
        (6, "15551230001"),
        (28, "15551230001"),
    ],
)
def test_one_number_however_it_is_written(ton: int, digits: str) -> None:
    assert canonical(US, ton, digits.encode()) == "+15551230001"


@pytest.mark.parametrize(
    ("ton", "digits", "spelled"),
    [
        (3, "12345", "12345"),
        (0, "12345", "12345"),
        (1, "12345", "12345"),
        (4, "40404", "40404"),
        (0, "611", "611"),
        (5, "VANSO", "vanso"),
        (5, "Vanso", "vanso"),
        (5, "GTBank 1", "gtbank 1"),
        (0, "INFO", "info"),
        (5, "Caf\xe9", "caf\xe9"),
        (0, "", ""),
        (1, "442071838750", "+442071838750"),
        (1, "6591234567", "+6591234567"),
        (1, "44951361920", "+44951361920"),
        (0, "999999999999999999999", "+999999999999999999999"),
    ],
)
def test_others_are_themselves(ton: int, digits: str, spelled: str) -> None:
    assert canonical(US, ton, digits.encode("latin-1")) == spelled


@pytest.mark.parametrize("ton", [0, 1, 2, 3, 5])
@pytest.mark.parametrize("digits", ["3236126762", "13236126762"])
def test_a_national_number_is_itself_though_it_would_be_one_abroad(ton: int, digits: str) -> None:
    """+32 36126762 is a number in Belgium, and platforms label national digits as international."""
    assert canonical(US, ton, digits.encode()) == "+13236126762"


@pytest.mark.parametrize("ton", [0, 1, 2, 3, 6])
def test_a_short_code_is_itself_whatever_its_label(ton: int) -> None:
    assert canonical(US, ton, b"12345678") == "12345678"


@pytest.mark.parametrize(
    ("country", "digits", "spelled"),
    [
        ("GB", "07700900123", "+447700900123"),
        ("GB", "7700900123", "+447700900123"),
        ("IN", "9812345678", "+919812345678"),
        ("IN", "09812345678", "+919812345678"),
        ("DE", "015112345678", "+4915112345678"),
        ("BR", "11987654321", "+5511987654321"),
        ("NO", "40612345", "+4740612345"),
    ],
)
def test_national_digits_labelled_international_elsewhere(country: str, digits: str, spelled: str) -> None:
    numbering = Numbering(country)
    assert canonical(numbering, 1, digits.encode()) == spelled
    assert canonical(numbering, 1, spelled[1:].encode()) == spelled


@pytest.mark.parametrize(
    ("ton", "digits"),
    [(0, "07700900123"), (2, "7700900123"), (2, "07700900123"), (0, "447700900123"), (1, "447700900123")],
)
def test_national_numbers_of_another_country(ton: int, digits: str) -> None:
    assert canonical(GB, ton, digits.encode()) == "+447700900123"


def test_an_american_number_in_another_country() -> None:
    assert canonical(GB, 0, b"15551230001") == "+15551230001"
    assert canonical(GB, 0, b"60777") == "60777"


def test_a_country_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="two letters"):
        Numbering("XX")


@given(st.integers(0, 255), st.binary(max_size=64).filter(lambda b: 0 not in b), st.sampled_from([US, GB]))
def test_anything_has_a_spelling_that_keeps(ton: int, digits: bytes, numbering: Numbering) -> None:
    spelled = canonical(numbering, ton, digits)
    assert "\0" not in spelled
    assert len(spelled.encode()) <= 200


@given(st.integers(200, 999), st.integers(2_000_000, 9_999_999), st.sampled_from([0, 1, 2]))
def test_every_american_number_has_one_spelling(area: int, number: int, ton: int) -> None:
    national = f"{area}{number}"
    spellings = {canonical(US, t, d.encode()) for t, d in ((1, "1" + national), (0, national), (0, "+1" + national))}
    assert spellings == {"+1" + national}
    assert canonical(US, ton, b"1" + national.encode()) == "+1" + national


@pytest.mark.parametrize(
    ("ton", "digits", "canonical", "others", "is_certain"),
    [
        (
            1,
            "6582345678",
            "+6582345678",
            ("+16582345678",),
            True,
        ),  # Singapore; the label is believed, Jamaica kept safe
        (0, "6582345678", "+16582345678", ("+6582345678",), False),  # nobody says: Jamaica at home, or Singapore
        (2, "6582345678", "+16582345678", (), True),
        (1, "4512345678", "+14512345678", (), True),  # no number in Denmark
        (1, "3544101234", "+13544101234", ("+3544101234",), False),  # Iceland's landline
        (1, "3546111234", "+3546111234", ("+13546111234",), True),  # Iceland's mobile
        (0, "4530123456", "+4530123456", (), True),  # Denmark: nobody has 012 behind an area code
        (1, "6834002", "+6834002", ("6834002",), True),
        (0, "6834002", "6834002", ("+6834002",), False),
        (0, "+40404", "40404", (), True),
        (0, "+44 (0)7911 123456", "+447911123456", (), True),
        (0, "0011447911123456", "+447911123456", (), True),
        (0, "001447911123456", "+447911123456", (), True),
    ],
)
def test_whom_an_address_means(
    ton: int, digits: str, canonical: str, others: tuple[str, ...], is_certain: bool
) -> None:
    assert read(US, ton, digits.encode()) == (canonical, others, is_certain)


@pytest.mark.parametrize(
    ("with_token", "without", "country", "dialled"),
    [
        ("+5215512345678", "+525512345678", "MX", "0445512345678"),
        ("+5491123456789", "+541123456789", "AR", "0111523456789"),
        ("+5511987654321", "+551187654321", "BR", "01187654321"),
    ],
)
def test_a_mobile_token_makes_no_other_person(with_token: str, without: str, country: str, dialled: str) -> None:
    spellings = {canonical(n, 0, text.encode()) for n in (US, Numbering(country)) for text in (with_token, without)}
    spellings |= {
        canonical(n, 1, text[1:].encode()) for n in (US, Numbering(country)) for text in (with_token, without)
    }
    spellings |= {canonical(Numbering(country), ton, dialled.encode()) for ton in (0, 2)}
    assert len(spellings) == 1
