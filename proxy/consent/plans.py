"""What the world's numbering plans say of digits: whether they are somebody's number, and which spelling of it counts.

The plans are the metadata of the library phonenumbers. Its own functions take 20 to 60 µs a question and a submit_multi
may ask hundreds, so the questions are put here to expressions that are compiled once for each country code.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any, NamedTuple

import phonenumbers
from phonenumbers import PhoneMetadata

_TOKENS = (
    (re.compile(r"\+521(\d{10})"), r"+52\1"),
    (re.compile(r"\+549(\d{10})"), r"+54\1"),
    (re.compile(r"\+55(\d\d)([6-9]\d{7})"), r"+55\g<1>9\2"),
)
"""Digits that say "mobile" and that networks write or leave out: Mexico's 1 (until 2019), Argentina's 9 behind the
country code, and the ninth digit that Brazil put in front of all mobile numbers (2012 to 2016)."""

_MEXICAN_PREFIX = re.compile(r"(?:01|04[45]|1)(\d{10})")
"""What was dialled in front of a national number in Mexico until 2019."""

_KINDS = (
    "fixed_line", "mobile", "toll_free", "premium_rate", "shared_cost", "personal_number", "voip", "pager", "uan",
    "voicemail",
)  # fmt: skip


class Number(NamedTuple):
    """A number as the plans see it: the spelling that counts, whether it is somebody's, whether it could be."""

    number: str
    is_somebodys: bool
    is_possible: bool

    @property
    def somebody(self) -> str:
        """The number if it is somebody's, else nothing."""
        return self.number if self.is_somebodys else ""

    @property
    def possible(self) -> str:
        """The number if it could be one, else nothing."""
        return self.number if self.is_possible else ""


def settled(number: str) -> str:
    """The spelling that counts of an international number (``+`` and digits): without tokens that come and go."""
    for pattern, counts in _TOKENS:
        if pattern.fullmatch(number):
            return pattern.sub(counts, number)
    return number


def international(digits: str) -> Number:
    """What these digits are as country code and number.

    A trunk prefix that stands behind the country code, as in +44 (0)7911 123456, is left out where the plan has one.
    """
    for size in (1, 2, 3):  # no country code is the beginning of another
        if (plan := plan_of(digits[:size])) is not None:
            found = plan.judge(digits[size:])
            return found if found.is_somebodys else Number(settled("+" + digits), False, found.is_possible)
    return Number("+" + digits, False, False)


def national(digits: str, country: str) -> Number:
    """What they are as it is written within ``country``, with its trunk prefix or without."""
    if country == "MX" and (dialled := _MEXICAN_PREFIX.fullmatch(digits)):
        digits = dialled.group(1)
    plan = plan_of(str(phonenumbers.country_code_for_region(country)))
    assert plan is not None
    found = plan.judge(digits)
    metadata = PhoneMetadata.metadata_for_region(country)
    prefix = metadata.national_prefix if metadata is not None else None
    if not found.is_somebodys and prefix and digits.startswith(prefix):  # where the plan has carriers' prefixes too
        bare = plan.judge(digits[len(prefix) :])
        return bare if bare.is_somebodys else found
    return found


class Plan:
    """The numbers behind one country code, in all the countries that share it."""

    def __init__(self, code: str, metadata: list[Any]) -> None:
        kinds = [getattr(region, kind, None) for region in metadata for kind in _KINDS]
        self._code = code
        self._somebodys = re.compile(
            "|".join(sorted({f"(?:{k.national_number_pattern})" for k in kinds if k and k.national_number_pattern}))
        )
        main = metadata[0]
        self._general = re.compile(main.general_desc.national_number_pattern or "(?!)")
        self._lengths = frozenset(size for region in metadata for size in region.general_desc.possible_length)
        self._prefix = re.compile(main.national_prefix_for_parsing) if main.national_prefix_for_parsing else None
        self._transform = re.sub(r"\$(\d)", r"\\\1", main.national_prefix_transform_rule or "")

    def judge(self, digits: str) -> Number:
        """What these digits are behind this country code, with a prefix of the plan or without."""
        bare = self._without_prefix(digits)
        written = f"+{self._code}{bare}"
        counts = settled(written)
        is_somebodys = self._is_somebodys(bare) or (
            counts != written and self._is_somebodys(counts[1 + len(self._code) :])
        )
        return Number(counts, is_somebodys, len(bare) in self._lengths)

    def _is_somebodys(self, digits: str) -> bool:
        return self._somebodys.fullmatch(digits) is not None

    def _without_prefix(self, digits: str) -> str:
        """The number that is meant, if the plan's prefixes for dialling stand in front; else the digits themselves."""
        found = self._prefix.match(digits) if self._prefix else None
        if found is None or not found.end():
            return digits
        if self._transform and found.lastindex and found.group(found.lastindex) is not None:
            bare = found.expand(self._transform) + digits[found.end() :]
        else:
            bare = digits[found.end() :]
        if self._general.fullmatch(digits) and not self._general.fullmatch(bare):
            return digits
        return bare if len(bare) in self._lengths else digits


@cache
def plan_of(code: str) -> Plan | None:
    """The plan of a country code, None for digits that are none."""
    regions = phonenumbers.COUNTRY_CODE_TO_REGION_CODE.get(int(code)) if code else None
    if not regions:
        return None
    metadata = [PhoneMetadata.metadata_for_region_or_calling_code(int(code), region) for region in regions]
    return Plan(code, [each for each in metadata if each is not None])


def behind_exit_code(digits: str, country: str) -> list[str]:
    """What is left behind an international prefix, the country's own or a common one, that digits may begin with."""
    own = _exit_code(country).match(digits)
    found = [own.end()] if own else []
    found += [len(common) for common in ("00", "011", "0011", "001") if digits.startswith(common)]
    return [digits[end:] for end in dict.fromkeys(found)]


@cache
def _exit_code(country: str) -> re.Pattern[str]:
    metadata = PhoneMetadata.metadata_for_region(country)
    return re.compile((metadata.international_prefix if metadata is not None else None) or "00")


def prepare() -> None:
    """Compile all plans, a third of a second, so that no message has to wait for that."""
    for code in phonenumbers.COUNTRY_CODE_TO_REGION_CODE:
        plan_of(str(code))
    ten_digits()


def mobile_pattern(country: str) -> str:
    """A regular expression for a country's mobile numbers without its code, in the spelling that counts.

    One that matches nothing where there is no such pattern.
    """
    metadata = PhoneMetadata.metadata_for_region(country)
    pattern = metadata.mobile.national_number_pattern if metadata is not None and metadata.mobile else ""
    if not pattern or country == "AR":
        return "(?!)"
    return r"[1-9]{2}9\d{8}" if country == "BR" else rf"(?:{pattern})(?!\d)"


class TenDigits:
    """Whether ten digits, the length of a North American number, are a number elsewhere: in a microsecond."""

    def __init__(self) -> None:
        self._all: dict[str, re.Pattern[str]] = {}
        self._mobile: dict[str, re.Pattern[str]] = {}
        for code, regions in phonenumbers.COUNTRY_CODE_TO_REGION_CODE.items():
            if code != 1:
                self._add(str(code), regions)

    def _add(self, code: str, regions: Iterable[str]) -> None:
        size = 10 - len(code)
        patterns: dict[str, set[str]] = {kind: set() for kind in _KINDS}
        for region in regions:
            of_region = PhoneMetadata.metadata_for_region_or_calling_code(int(code), region)
            for kind in _KINDS:
                described = getattr(of_region, kind, None)
                if described is None or not described.national_number_pattern:
                    continue
                if not described.possible_length or size in described.possible_length:
                    patterns[kind].add(described.national_number_pattern)
        for table, kinds in ((self._all, _KINDS), (self._mobile, ("mobile",))):
            if found := sorted({pattern for kind in kinds for pattern in patterns[kind]}):
                table[code] = re.compile("|".join(f"(?:{pattern})" for pattern in found))

    def is_number(self, digits: str) -> bool:
        """Whether they are a country code and a number in its plan, of any kind."""
        return _matches(self._all, digits)

    def is_mobile(self, digits: str) -> bool:
        """Whether they are a country code and a number in its plan that a mobile telephone may have."""
        return _matches(self._mobile, digits)


def _matches(table: dict[str, re.Pattern[str]], digits: str) -> bool:
    for size in (2, 3):  # but for 1 and 7, with which no ten digits are whole, country codes have two or three digits
        pattern = table.get(digits[:size])
        if pattern is not None:
            return pattern.fullmatch(digits, size) is not None
    return False


@cache
def ten_digits() -> TenDigits:
    """The one that is needed, compiled when it first is."""
    return TenDigits()
