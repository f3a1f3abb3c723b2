"""Numbers as people, lists and programs write them down: what is one, and what a spreadsheet has made of one."""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Any

from proxy.consent.numbers import Ends, Numbering, Pair

LONGEST_NUMBER = 64
"""Characters; nothing longer is a number or a sender's name."""

_ROUNDED = re.compile(r"[+-]?\d+(?:[.,]\d*)?[eE][+-]?\d+")
_DECIMAL = re.compile(r"[+-]?(?:\d{8,}[.,]\d*|\d+[.,]\d{1,2})")
_PLAIN = re.compile(r"\+?[1-9][0-9]{8,14}")
_NOTHING = frozenset(
    ("n/a", "na", "#n/a", "none", "null", "nil", "nan", "true", "false", "unknown", "undefined", "inf", "-", "?")
)
"""What software writes where there is no number."""


class NumberError(ValueError):
    """Which end of a pair (``business``, ``consumer``) can't be read, and why."""

    def __init__(self, end: str, problem: str) -> None:
        super().__init__(f"{end}: {problem}")


def written_pair(business: Any, consumer: Any, numbering: Numbering) -> Pair:
    """The pair of what was written for both; raises ``NumberError``."""
    return Pair(written_business(business, numbering), written_consumer(consumer, numbering))


def written_pairs(business: Any, consumer: Any, numbering: Numbering) -> list[Pair]:
    """All pairs that may be meant, the likeliest first; raises ``NumberError``.

    A list of numbers without a ``+`` may be one of national or of international numbers: whoever it opts out must be
    opted out whichever it is.
    """
    if not (_is_plain(business) and _is_plain(consumer)):
        written_pair(business, consumer, numbering)
    ends = Ends(*(numbering.read(str(value).strip()) for value in (business, consumer)))
    first, *others = ends.pairs
    return [first, *(pair for pair in others if is_number(pair.consumer))] if others else [first]


def _is_plain(value: Any) -> bool:
    """Whether this is a number that needs no thought: 9 to 15 digits, with or without a ``+``."""
    return isinstance(value, str) and _PLAIN.fullmatch(value) is not None


def written_business(value: Any, numbering: Numbering) -> str:
    """The canonical spelling of a business number, a sender's name or a group; raises ``NumberError``."""
    text = _text("business", value)
    number = numbering.parse(text)
    if not is_number(number) and (number.startswith("+") or not any(map(str.isalpha, number))):
        raise NumberError("business", f"{shown(value)} is neither a telephone number nor a sender's name")
    return number


def written_consumer(value: Any, numbering: Numbering) -> str:
    """The canonical spelling of a person's number; raises ``NumberError``."""
    number = numbering.parse(_text("consumer", value))
    if not is_number(number):
        raise NumberError("consumer", f"{shown(value)} is not a telephone number")
    return number


def is_number(canonical: str) -> bool:
    """Whether this can be a person's number: 3 to 15 digits (E.164), with or without a ``+``, and nothing else."""
    digits = canonical.removeprefix("+")
    return 3 <= len(digits) <= 15 and digits.isascii() and digits.isdigit()


def shown(value: Any) -> str:
    """A value as a message may show it: in quotes, short, and with nothing in it that steers a terminal."""
    return json.dumps(value if isinstance(value, str | int | float | None) else repr(value))[:80]


def printable(text: str) -> str:
    r"""The text with ``\u001b`` and the like for what can't be seen or steers a terminal, as JSON writes it."""
    return text if text.isprintable() else "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in text)


def _text(end: str, value: Any) -> str:
    """The text of a value that may be a number; says of what is none what it is instead."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise NumberError(end, f"{shown(value)} is not a number: write it as text")
    text = str(value).strip()
    if len(text) > LONGEST_NUMBER:
        raise NumberError(end, f"{shown(text)} has more than {LONGEST_NUMBER} characters")
    if not text or not text.isprintable():
        raise NumberError(end, f"{shown(text)} must hold characters that can be seen, and no others")
    if text.casefold() in _NOTHING:
        raise NumberError(end, f"{shown(text)} stands for no number at all")
    if _ROUNDED.fullmatch(text):
        raise NumberError(end, f"{shown(text)} is a number that was rounded: have it written as text")
    if _DECIMAL.fullmatch(text):
        raise NumberError(end, f"{shown(text)} has decimals, as a spreadsheet writes them: have it written as text")
    if any(not c.isascii() and (c.isdecimal() or unicodedata.category(c) == "Pd") for c in text):
        raise NumberError(end, f"{shown(text)} has digits or dashes that no telephone has: use 0 to 9 and -")
    return text
