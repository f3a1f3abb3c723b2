"""Sets of business numbers, as configurations name them: single ones, prefixes, ranges."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from proxy.consent.numbers import Numbering


class NumberSet:
    """Canonical numbers named by patterns.

    ``+15551230001`` (in any written form) is that number, ``+1555123*`` all that begin so, and
    ``+15551230000-+15551239999`` all of that length from the first to the last, both included; ``*`` is every
    number. Raises ``ValueError`` for a pattern that can't be read.
    """

    def __init__(self, patterns: Iterable[str], numbering: Numbering) -> None:
        self._single: set[str] = set()
        self._ranges: list[tuple[str, str]] = []
        prefixes: list[str] = []
        for pattern in patterns:
            text = pattern.strip()
            first, dash, last = text.partition("-+")
            if text.endswith("*"):
                prefixes.append(text[:-1].casefold())
            elif dash and first.startswith("+"):
                self._ranges.append(_range(first, "+" + last))
            elif text:
                self._single.add(numbering.parse(text))
            else:
                raise ValueError("a number, a prefix such as +1555123*, or a range such as +15551230000-+15551239999")
        self._prefixes = tuple(prefixes)

    def __contains__(self, number: str) -> bool:
        if number in self._single:
            return True
        if self._prefixes and number.startswith(self._prefixes):
            return True
        return any(len(number) == len(first) and first <= number <= last for first, last in self._ranges)


class Groups:
    """Groups of business numbers in which a STOP to one holds for all; a number is in the first that names it."""

    def __init__(self, groups: Mapping[str, NumberSet]) -> None:
        self._groups = {scope_name(name): numbers for name, numbers in groups.items()}

    @property
    def scopes(self) -> tuple[str, ...]:
        """What stands for each group in a pair, in the place of a business number."""
        return tuple(self._groups)

    def scope_of(self, business: str) -> str | None:
        """What stands for this number's group, None if it is in none."""
        for scope, numbers in self._groups.items():
            if business in numbers:
                return scope
        return None


def scope_name(group: str) -> str:
    """What stands for a group in a pair: brackets that no address on the wire can hold."""
    return f"⟨{group}⟩"


def _range(first: str, last: str) -> tuple[str, str]:
    if not (first[1:].isdigit() and last[1:].isdigit() and len(first) == len(last) and first <= last):
        raise ValueError(f"{first}-{last} is no range: two international numbers of one length, the lower one first")
    return first, last
