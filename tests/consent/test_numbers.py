"""One person, one spelling."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.consent.numbers import Numbering, Pair

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
    assert US.canonical(ton, digits.encode()) == "+15551230001"


@pytest.mark.parametrize(
    ("ton", "digits", "canonical"),
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
def test_others_are_themselves(ton: int, digits: str, canonical: str) -> None:
    assert US.canonical(ton, digits.encode("latin-1")) == canonical


@pytest.mark.parametrize("ton", [0, 1, 2, 3, 5])
@pytest.mark.parametrize("digits", ["3236126762", "13236126762"])
def test_a_national_number_is_itself_though_it_would_be_one_abroad(ton: int, digits: str) -> None:
    """+32 36126762 is a number in Belgium, and platforms label national digits as international."""
    assert US.canonical(ton, digits.encode()) == "+13236126762"


@pytest.mark.parametrize("ton", [0, 1, 2, 3, 6])
def test_a_short_code_is_itself_whatever_its_label(ton: int) -> None:
    assert US.canonical(ton, b"12345678") == "12345678"


@pytest.mark.parametrize(
    ("country", "digits", "canonical"),
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
def test_national_digits_labelled_international_elsewhere(country: str, digits: str, canonical: str) -> None:
    numbering = Numbering(country)
    assert numbering.canonical(1, digits.encode()) == canonical
    assert numbering.canonical(1, canonical[1:].encode()) == canonical


@pytest.mark.parametrize(
    ("ton", "digits"),
    [(0, "07700900123"), (2, "7700900123"), (2, "07700900123"), (0, "447700900123"), (1, "447700900123")],
)
def test_national_numbers_of_another_country(ton: int, digits: str) -> None:
    assert GB.canonical(ton, digits.encode()) == "+447700900123"


def test_an_american_number_in_another_country() -> None:
    assert GB.canonical(0, b"15551230001") == "+15551230001"
    assert GB.canonical(0, b"60777") == "60777"


def test_the_pair_of_a_message_is_the_same_in_both_directions() -> None:
    business, consumer = (1, 1, b"15551230001"), (2, 1, b"5559870001")
    pair = Pair("+15551230001", "+15559870001")
    assert US.pair_of_mt(business, consumer) == pair
    assert US.pair_of_mo(consumer, business) == pair


def test_a_country_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="two letters"):
        Numbering("XX")


@given(st.integers(0, 255), st.binary(max_size=64).filter(lambda b: 0 not in b), st.sampled_from([US, GB]))
def test_anything_has_a_spelling_that_keeps(ton: int, digits: bytes, numbering: Numbering) -> None:
    canonical = numbering.canonical(ton, digits)
    assert "\0" not in canonical
    assert len(canonical.encode()) <= 200


@given(st.integers(200, 999), st.integers(2_000_000, 9_999_999), st.sampled_from([0, 1, 2]))
def test_every_american_number_has_one_spelling(area: int, number: int, ton: int) -> None:
    national = f"{area}{number}"
    spellings = {US.canonical(t, d.encode()) for t, d in ((1, "1" + national), (0, national), (0, "+1" + national))}
    assert spellings == {"+1" + national}
    assert US.canonical(ton, b"1" + national.encode()) == "+1" + national


NUMBERINGS = [
    Numbering(country) for country in ("US", "GB", "FR", "DE", "DK", "IT", "RU", "SG", "BR", "MX", "CN", "IN")
]


@pytest.mark.parametrize("numbering", NUMBERINGS, ids=lambda n: n.country)
@given(data=st.data())
def test_an_ordinary_address_has_the_spelling_that_the_pattern_says(data: st.DataObject, numbering: Numbering) -> None:
    pattern = re.compile(numbering.ordinary, re.DOTALL)
    address = data.draw(st.from_regex(pattern, fullmatch=True))
    found = pattern.fullmatch(address)
    assert found is not None
    international, national, doubtful = found.groups()
    canonical = (b"+" + international if international else numbering.prefix + (national or doubtful)).decode()
    others = numbering.elsewhere(doubtful) if doubtful else ""
    assert numbering.read(address[0], address[2:]).all == ((canonical, others) if others else (canonical,))


def test_addresses_as_platforms_write_them_are_ordinary() -> None:
    us, gb = (re.compile(n.ordinary, re.DOTALL) for n in (US, GB))
    for address in (b"\1\x0115551230001", b"\0\x0115551230001", b"\0\x01+15551230001", b"\2\x015551230001"):
        assert us.fullmatch(address)
    assert gb.fullmatch(b"\1\x01447400123456")
    assert gb.fullmatch(b"\0\0+447400123456")


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
    assert US.read(ton, digits.encode()) == (canonical, others, is_certain)


@pytest.mark.parametrize(
    ("with_token", "without", "country", "dialled"),
    [
        ("+5215512345678", "+525512345678", "MX", "0445512345678"),
        ("+5491123456789", "+541123456789", "AR", "0111523456789"),
        ("+5511987654321", "+551187654321", "BR", "01187654321"),
    ],
)
def test_a_mobile_token_makes_no_other_person(with_token: str, without: str, country: str, dialled: str) -> None:
    spellings = {n.canonical(0, text.encode()) for n in (US, Numbering(country)) for text in (with_token, without)}
    spellings |= {n.canonical(1, text[1:].encode()) for n in (US, Numbering(country)) for text in (with_token, without)}
    spellings |= {Numbering(country).canonical(ton, dialled.encode()) for ton in (0, 2)}
    assert len(spellings) == 1
