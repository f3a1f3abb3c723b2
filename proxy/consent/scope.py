"""Sets of business numbers, as configurations name them (single ones, prefixes, ranges), and groups of them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

from proxy.consent.numbers import Numbering

_INVISIBLE_AND_SIGNS = str.maketrans("", "", " \t().-/\u00a0")
_RANGE = re.compile(r"(\+[\d ().]+?)\s*[-–—]\s*(\+[\d ().]+)")
_LONGEST = 15
"""Digits of an international number (E.164)."""


class NumberSet:
    """Canonical numbers named by patterns.

    ``+15551230001`` (in any written form) is that number, ``+1555123*`` all that begin so, and
    ``+15551230000-+15551239999`` all of that length from the first to the last, both included; ``*`` is every
    number. Spaces and punctuation within numbers, and spaces around the dash, don't count.
    Raises ``ValueError`` for a pattern that can't be read, or that no number could ever match.
    """

    def __init__(self, patterns: Iterable[str], numbering: Numbering) -> None:
        self._single: set[str] = set()
        self._ranges: list[tuple[str, str]] = []
        prefixes: list[str] = []
        for pattern in patterns:
            text = pattern.strip()
            if text.endswith("*"):
                prefixes.append(_prefix(text[:-1]))
            elif ends := _RANGE.fullmatch(text):
                self._ranges.append(_range(*ends.groups()))
            else:
                self._single |= _one(text, numbering)
        self._prefixes = tuple(prefixes)

    def __contains__(self, number: str) -> bool:
        if number in self._single:
            return True
        if self._prefixes and number.startswith(self._prefixes):
            return True
        return any(len(number) == len(first) and first <= number <= last for first, last in self._ranges)


def _one(text: str, numbering: Numbering) -> set[str]:
    """The number or sender that is named by itself, and whom else that may name."""
    spelling = numbering.read(text)
    number = spelling.canonical
    digits = number.removeprefix("+")
    if not digits or "*" in digits or not (_is_number(digits) or (number[0] != "+" and any(map(str.isalpha, number)))):
        raise ValueError(
            f"{text!r} is not a number: write one number or sender, a prefix such as +1555123*,"
            " or a range such as +15551230000-+15551239999"
        )
    return set(spelling.all)


def _is_number(digits: str) -> bool:
    return digits.isascii() and digits.isdigit() and len(digits) <= _LONGEST


def _prefix(text: str) -> str:
    """The beginning of canonical numbers: ``+`` and digits, or letters of a sender."""
    bare = text.translate(_INVISIBLE_AND_SIGNS)
    if not bare.strip("+0123456789"):
        if bare and not (bare[0] == "+" and (bare == "+" or (_is_number(bare[1:]) and bare[1] != "0"))):
            raise ValueError(f"{text + '*'!r} matches no number: write the country code behind a +, as in +1555123*")
        return bare
    if "*" in text:
        raise ValueError(f"{text + '*'!r} is not a prefix: * may only stand at the end")
    return text.lstrip().casefold()


def _range(first: str, last: str) -> tuple[str, str]:
    first, last = (text.translate(_INVISIBLE_AND_SIGNS) for text in (first, last))
    if not (_is_number(first[1:]) and _is_number(last[1:]) and len(first) == len(last) and first <= last):
        raise ValueError(f"{first}-{last} is not a range: two international numbers of one length, the lower one first")
    return first, last


MOST_KNOWN = 10_000
"""Business numbers whose group is remembered."""


class Groups:
    """Groups of business numbers in which a STOP to one holds for all; a number is in the first that names it."""

    def __init__(self, groups: Mapping[str, NumberSet]) -> None:
        self._groups = {scope_name(name): numbers for name, numbers in groups.items()}
        self._known: dict[str, str | None] = {}

    @property
    def scopes(self) -> tuple[str, ...]:
        """What stands for each group in a pair, in the place of a business number."""
        return tuple(self._groups)

    def scope_of(self, business: str) -> str | None:
        """What stands for this number's group, None if it is in none."""
        if business not in self._known:
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            scopes = (scope for scope, numbers in self._groups.items() if business in numbers)
            self._known[business] = next(scopes, None)
        return self._known[business]


def scope_name(group: str) -> str:
    """What stands for a group in a pair: brackets that no address on the wire can hold, and the name without case.

    It is spelled as ``Numbering.parse`` spells it, so that commands and lists find it again.
    """
    return f"⟨{unicodedata.normalize('NFC', group).casefold()}⟩"
