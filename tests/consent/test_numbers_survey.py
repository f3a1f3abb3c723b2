"""A survey over all regions of the phone-number library: one person, however the number is written."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache

import phonenumbers
import pytest
from phonenumbers import PhoneMetadata, PhoneNumber, PhoneNumberFormat, PhoneNumberType

from proxy.consent import plans
from proxy.consent.numbers import Numbering
from tests.consent.wire import canonical, read

REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)
KINDS = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE)
OF_EACH = 6
"""Numbers that are generated for each region and kind, by changing digits of the example."""


def e164(number: PhoneNumber) -> str:
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


@cache
def numbers_of(region: str) -> tuple[PhoneNumber, ...]:
    """Valid numbers of a region: the library's examples, and others like them (the same at every run)."""
    found: dict[str, PhoneNumber] = {}
    generator = random.Random(region)
    for kind in KINDS:
        example = phonenumbers.example_number_for_type(region, kind)
        if example is None:
            continue
        found[e164(example)] = example
        national = phonenumbers.national_significant_number(example)
        wanted = len(found) + OF_EACH
        for _ in range(400):
            if len(found) >= wanted:
                break
            kept = generator.randint(1, 3)
            digits = national[:kept] + "".join(generator.choice("0123456789") for _ in national[kept:])
            number = phonenumbers.parse(f"+{example.country_code}{digits}")
            if phonenumbers.is_valid_number_for_region(number, region):
                found[e164(number)] = number
    return tuple(found.values())


def exit_codes(region: str) -> list[str]:
    """What is dialled before a country code: 00, and the region's own where it is digits alone."""
    metadata = PhoneMetadata.metadata_for_region(region)
    assert metadata is not None
    own = metadata.preferred_international_prefix or metadata.international_prefix or ""
    return ["00", *([own] if re.fullmatch(r"\d+", own) and own != "00" else [])]


def abroad(number: PhoneNumber, home: str) -> Iterator[tuple[int, str]]:
    """How a number with its country code is written on a route of ``home``: type of number and digits."""
    digits = e164(number)[1:]
    for ton in (0, 1):
        yield ton, "+" + digits
        yield ton, digits
        for code in exit_codes(home):
            yield ton, code + digits


def at_home(number: PhoneNumber, region: str) -> Iterator[tuple[int, str]]:
    """How it is written within its own country."""
    yield from abroad(number, region)
    national = phonenumbers.national_significant_number(number)
    metadata = PhoneMetadata.metadata_for_region(region)
    assert metadata is not None
    for written in (national, (metadata.national_prefix or "") + national):
        yield 0, written
        yield 2, written


@pytest.mark.parametrize("region", REGIONS)
def test_heard_in_any_spelling_and_refused_in_any_spelling(region: str) -> None:
    numbering = Numbering(region)
    for number in numbers_of(region):
        person = canonical(numbering, 1, e164(number).encode())
        for ton, digits in at_home(number, region):
            spelling = read(numbering, ton, digits.encode())
            assert person in spelling.heard, (e164(number), ton, digits, spelling)
            assert person in spelling.all, (e164(number), ton, digits, spelling)
            if spelling.is_certain:
                assert spelling.canonical == person, (e164(number), ton, digits, spelling)


@pytest.mark.parametrize("home", ["US", "DE", "BR", "CN", "AU", "TR"])
def test_people_abroad_are_heard_and_refused_on_a_route_of_another_country(home: str) -> None:
    numbering = Numbering(home)
    for region in REGIONS:
        for number in numbers_of(region):
            person = canonical(numbering, 1, e164(number).encode())
            for ton, digits in abroad(number, home):
                spelling = read(numbering, ton, digits.encode())
                assert person in spelling.all, (e164(number), ton, digits, spelling)
                assert person in spelling.heard or ton == 1, (e164(number), ton, digits, spelling)
                if spelling.is_certain and not (ton == 0 and digits[0] not in "+0"):
                    assert spelling.canonical == person, (e164(number), ton, digits, spelling)


@pytest.mark.parametrize("home", ["US", "GB", "SG"])
def test_two_people_have_two_spellings(home: str) -> None:
    numbering = Numbering(home)
    people = {plans.settled(e164(number)) for region in REGIONS for number in numbers_of(region)}
    counted = Counter(canonical(numbering, 1, number[1:].encode()) for number in people)
    assert [number for number, count in counted.items() if count > 1] == []


@pytest.mark.parametrize("code", sorted({phonenumbers.country_code_for_region(region) for region in REGIONS}))
def test_the_plans_say_what_the_library_says(code: int) -> None:
    """Of numbers that are whole, too short, too long, or have a trunk prefix behind the country code."""
    generator = random.Random(code)
    for region in phonenumbers.region_codes_for_country_code(code):
        for number in numbers_of(region):
            digits = e164(number)[1:]
            for given in (digits, digits[:-1], digits + "1", f"{code}0{digits[len(str(code)) :]}"):
                changed = given[:-3] + "".join(generator.choice("0123456789") for _ in range(3))
                for text in (given, changed):
                    found = plans.international(text)
                    parsed = phonenumbers.parse("+" + text)
                    is_valid = phonenumbers.is_valid_number(parsed)
                    if code not in (52, 54, 55):
                        assert found.is_somebodys == is_valid, text
                    if is_valid:
                        assert found.number == plans.settled(e164(parsed)), text
