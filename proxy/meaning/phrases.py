"""Phrases: short patterns of words that people can read, and the search for many of them at once.

Notation, element by element::

    stop texting        these words, next to each other
    (stop|quit) it      one of these; an alternative may be several words
    [please]            may be missing; [a|b] one of these, or nothing
    TEXTS               a class of words, named in capitals, also inside ( ) and [ ]
    NUMBER              digits, also as in 6am or 2nd
    ...                 at most four words of any kind, in the same sentence
    ~                   at most six, in this sentence or the next
    ^ and $             the start and the end of a sentence

Phrases are searched in text that ``tokens`` has made, a space after every word. A phrase is only
tried when the text holds one of the words it can't do without, so hundreds of them cost an
ordinary reply next to nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import NamedTuple

from proxy.meaning.plain import normal

_ELEMENT = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]|(\S+)")
_NUMBER = r"(\d+)(?:am|pm|a|p|st|nd|rd|th|x)? "
_ENDS = {"^": r"(?:^|(?<=[.?] ))", "$": r"(?=[.?] |$)"}
_UNTOLD = frozenset(("^", "$", "NUMBER"))
_MARKS = _UNTOLD | {".", "?"}
_GAPS = {"...": r"((?:[^ .?]+ ){0,4}?)", "~": r"((?:\S+ ){0,6}?)"}
"""What gaps and numbers match is captured, so that it can be left out of the words that are shown and kept."""

_COMMON = frozenset(
    "a all am an and any are as at be by can do dont for from get go have i if im in is it just me more my no not of off"
    " on one or out please send so that the their them there they this to u up was we were what will with would you your"
    " text message take want need keep never did when how why who last sent say said has ? . about like number phone"
    " back help make give good call now new time still leave card account de que la el en un le les des ein die das".split()
)
"""Words so frequent that a phrase should not be tried for their sake if it has a rarer one."""


class PhraseError(ValueError):
    """A phrase that can't be read; the message says what is wrong with it."""


class Match(NamedTuple):
    """Where a phrase was found, and its own words there.

    ``words`` has ``…`` for what stood in gaps and ``#`` for numbers: those are the writer's, and nobody else's to read.
    ``said`` is all of it, as it was written.
    """

    start: int
    end: int
    words: str
    said: str


@dataclass(slots=True)
class _Compiled:
    """A phrase: its pattern, and sets of words of each of which the text must hold one, the rarest first.

    The pattern is compiled when a text might hold it for the first time, or by ``warm``: a thousand of them would take
    most of the time in which a worker starts.
    """

    source: str
    needed: tuple[frozenset[str], ...]
    compiled: re.Pattern[str] | None = None

    def pattern(self) -> re.Pattern[str]:
        if self.compiled is None:
            self.compiled = re.compile(self.source)
        return self.compiled


Candidates = Mapping[str, Sequence[re.Pattern[str]]]
"""The phrases of each kind that a text might hold, in the order they were given."""


class Phrases:
    """Phrases of several kinds, each given with the classes that its capitals stand for.

    Raises ``PhraseError`` for a phrase that can't be read. The work of a search grows with the length of the text
    times the number of phrases tried, never faster: nothing in the notation repeats without a bound.
    """

    def __init__(self, phrases: Iterable[tuple[str, str, Mapping[str, str]]]) -> None:
        """``phrases`` are (kind, phrase, classes)."""
        by_anchor: dict[str, list[int]] = {}
        self._patterns: list[tuple[str, _Compiled]] = []
        for kind, phrase, classes in phrases:
            compiled = _compile(phrase, classes)
            for anchor in compiled.needed[0]:
                by_anchor.setdefault(anchor, []).append(len(self._patterns))
            self._patterns.append((kind, compiled))
        self._by_anchor = {word: tuple(numbers) for word, numbers in by_anchor.items()}
        self.words = frozenset(word for _, phrase in self._patterns for words in phrase.needed for word in words)
        """Words that tell which phrases a text might hold."""

    def warm(self) -> Iterator[None]:
        """Compile every pattern that isn't yet, one after the other: about half a millisecond each."""
        for _, phrase in self._patterns:
            if phrase.compiled is None:
                yield
                phrase.pattern()

    def anchored(self, word: str) -> tuple[int, ...]:
        """The phrases that are to be tried where a text holds this word, by their numbers."""
        return self._by_anchor.get(word, ())

    def candidates(self, numbers: Set[int], words: Set[str]) -> Candidates:
        """Those of these phrases that a text might hold which has these words, among others that are in no phrase."""
        found: dict[str, list[re.Pattern[str]]] = {}
        for number in sorted(numbers):
            kind, phrase = self._patterns[number]
            for choices in phrase.needed:
                if choices.isdisjoint(words):
                    break
            else:
                found.setdefault(kind, []).append(phrase.compiled or phrase.pattern())
        return found


def search(candidates: Candidates, kind: str, text: str) -> Match | None:
    """The first phrase of this kind that is in the text."""
    for pattern in candidates.get(kind, ()):
        found = pattern.search(text)
        if found:
            return Match(found.start(), found.end(), _own_words(found), found.group().strip())
    return None


def _own_words(found: re.Match[str]) -> str:
    """What a pattern matched, without what its gaps and numbers did."""
    parts: list[str] = []
    position = found.start()
    for start, end in found.regs[1:]:
        if 0 <= start < end:
            parts += (found.string[position:start], "… " if found.string[end - 1] == " " else "#")
            position = end
    return "".join((*parts, found.string[position : found.end()])).strip()


def mask(candidates: Candidates, kind: str, text: str) -> str:
    """The text with everything that the phrases of this kind match replaced by ``_``."""
    for pattern in candidates.get(kind, ()):
        text = pattern.sub("_ ", text)
    return text


def _compile(phrase: str, classes: Mapping[str, str]) -> _Compiled:
    parts: list[str] = []
    needed: list[frozenset[str]] = []
    for found in _ELEMENT.finditer(phrase):
        alternatives, optional, word = found.groups()
        if word is not None and set(word) & set("()[]|"):
            raise PhraseError(f"unmatched bracket at {word!r} in {phrase!r}")
        if word in _GAPS:
            parts.append(_GAPS[word])
            continue
        listed = alternatives if alternatives is not None else optional if optional is not None else word
        choices = _choices(listed, classes)
        parts.append(_group(choices, is_optional=optional is not None))
        if optional is None and choices and _UNTOLD.isdisjoint(choices):
            needed.append(frozenset(min(choice.split(), key=_commonness) for choice in choices))
    if not needed:
        raise PhraseError(f"{phrase!r} has no word that must be there")
    return _Compiled(r"(?:^|(?<= ))" + "".join(parts), tuple(sorted(needed, key=_cost)))


def _choices(listed: str, classes: Mapping[str, str]) -> list[str]:
    choices: list[str] = []
    for choice in listed.split("|"):
        if choice in classes:
            choices += _choices(classes[choice], classes)
        elif choice.strip():
            choices.append(choice.strip() if choice.strip() in _MARKS else normal(choice))
    return choices


def _group(choices: list[str], *, is_optional: bool) -> str:
    rendered = [_rendered(choice) for choice in sorted(choices, key=len, reverse=True)]
    group = rendered[0] if len(rendered) == 1 else "|".join(rendered)
    if is_optional:
        return f"(?:{group})?"
    return group if len(rendered) == 1 else f"(?:{group})"


def _rendered(choice: str) -> str:
    if choice in _ENDS:
        return _ENDS[choice]
    return _NUMBER if choice == "NUMBER" else re.escape(choice) + " "


def _commonness(word: str) -> tuple[bool, int]:
    return word in _COMMON, -len(word)


def _cost(anchors: frozenset[str]) -> tuple[int, int]:
    """Few common words first, then few words at all."""
    return len(anchors & _COMMON), len(anchors)
