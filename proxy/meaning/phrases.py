"""Phrases: short patterns of words that people can read, and the search for many of them at once.

Notation, element by element::

    stop texting        these words, next to each other
    (stop|quit) it      one of these; an alternative may be several words
    [please]            may be missing; [a|b] one of these, or nothing
    TEXTS               a class of words, named in capitals, also inside ( ) and [ ]
    NUMBER              digits, also as in 6am or 2nd
    ...                 at most four words of any kind, in the same sentence
    ~                   at most six, in this sentence or the next
    ^ and $             the start and the end of a sentence; also in ( ), as what else may stand there

Phrases are searched in text that ``tokens`` has made, a space after every word. A phrase is only
tried when the text holds one of the words it can't do without, so hundreds of them cost an
ordinary reply next to nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from proxy.meaning.plain import normal

_ELEMENT = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]|(\S+)")
_NUMBER = r"(\d+)(?:am|pm|a|p|st|nd|rd|th|x)? "
_ENDS = {"^": r"(?:^|(?<=[.?] ))", "$": r"(?=[.?] |$)"}
_UNTOLD = frozenset(("^", "$", "NUMBER"))
_MARKS = _UNTOLD | {".", "?"}
_GAPS = {"...": r"((?:[^ .?]+ ){0,4}?)", "~": r"((?:\S+ ){0,6}?)"}
"""What gaps and numbers match is captured, so that it can be left out of the words that are shown and kept."""

_MOST_COMMON = frozenset((
    ".", "?", "a", "and", "are", "at", "be", "can", "de", "do", "for", "get", "have", "how", "i", "if", "in", "is",
    "it", "la", "me", "my", "need", "no", "not", "of", "on", "que", "that", "the", "this", "to", "u", "want", "was",
    "what", "you", "your",
))  # fmt: skip
_COMMON = frozenset((
    "about", "account", "all", "am", "an", "any", "as", "back", "by", "call", "card", "das", "des", "did", "die",
    "dont", "ein", "el", "en", "from", "give", "go", "good", "has", "help", "im", "just", "keep", "last", "le",
    "leave", "les", "like", "make", "message", "more", "never", "new", "now", "number", "off", "one", "or", "out",
    "phone", "please", "said", "say", "send", "sent", "so", "still", "take", "text", "their", "them", "there",
    "they", "time", "un", "up", "we", "were", "when", "who", "why", "will", "with", "would",
))  # fmt: skip
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


class Text:
    """Words with a space behind each, as ``written``, and where they stand."""

    __slots__ = ("_places", "written")

    def __init__(self, written: str) -> None:
        self.written = written
        self._places: dict[str, list[int]] = {}

    def places(self, words: Set[str] | None) -> Sequence[int]:
        """Where these words begin, or any words, in their order."""
        index = self._places
        if not index:
            start = 0
            for word in self.written.split(" "):
                if word in index:
                    index[word].append(start)
                else:
                    index[word] = [start]
                start += len(word) + 1
        found = [index[word] for word in (index.keys() if words is None else index.keys() & words)]
        return found[0] if len(found) == 1 else sorted(chain.from_iterable(found))


@dataclass(slots=True)
class Phrase:
    """A phrase: its pattern, and sets of words of each of which a text must hold one, the rarest first.

    ``firsts`` are the words that it may begin with, None if it may begin with any.
    The pattern is compiled when a text might hold it for the first time, or by ``warm``: a thousand of them would take
    most of the time in which a worker starts.
    """

    source: str
    needed: tuple[frozenset[str], ...]
    firsts: frozenset[str] | None
    compiled: re.Pattern[str] | None = None

    def pattern(self) -> re.Pattern[str]:
        """The pattern, to match where a word begins."""
        if self.compiled is None:
            self.compiled = re.compile(self.source)
        return self.compiled

    def found_in(self, text: Text) -> Iterator[re.Match[str]]:
        """Where the text holds it, from left to right; none overlaps another."""
        match, end = self.pattern().match, 0
        for place in text.places(self.firsts):
            if place >= end and (found := match(text.written, place)):
                end = found.end()
                yield found


Anchored = tuple[int, int]
"""What has to be told of a phrase, as bits, before it is worth a try; and its number."""

Candidates = Mapping[str, Sequence[Phrase]]
"""The phrases of each kind that a text might hold, in the order they were given."""


class Phrases:
    """Phrases of several kinds, each given with the classes that its capitals stand for.

    Raises ``PhraseError`` for a phrase that can't be read. The work of a search grows with the length of the text
    times the number of phrases tried, never faster: nothing in the notation repeats without a bound.
    """

    def __init__(self, phrases: Iterable[tuple[str, str, Mapping[str, str]]], first: int = 0) -> None:
        """``phrases`` are (kind, phrase, classes); ``first`` is the lowest bit that ``told`` and ``anchored`` use."""
        self._patterns: list[tuple[str, Phrase]] = []
        self._anchored: dict[str, list[Anchored]] = {}
        bits: dict[frozenset[str], int] = {}
        for kind, phrase, classes in phrases:
            compiled = _compile(phrase, classes)
            needs = 0
            for words in compiled.needed[1:]:
                needs |= bits.setdefault(words, 1 << (first + len(bits)))
            for anchor in compiled.needed[0]:
                self._anchored.setdefault(anchor, []).append((needs, len(self._patterns)))
            self._patterns.append((kind, compiled))
        self._told: dict[str, int] = {}
        for words, bit in bits.items():
            for word in words:
                self._told[word] = self._told.get(word, 0) | bit

    def warm(self) -> Iterator[None]:
        """Compile every pattern that isn't yet, one after the other: about half a millisecond each."""
        for _, phrase in self._patterns:
            if phrase.compiled is None:
                yield
                phrase.pattern()

    def told(self, word: str) -> int:
        """What this word tells of the phrases that a text might hold, as bits."""
        return self._told.get(word, 0)

    def anchored(self, word: str) -> tuple[Anchored, ...]:
        """The phrases to try where a text has this word: what else has to be told for each, as bits, and its number."""
        return tuple(self._anchored.get(word, ()))

    def candidates(self, numbers: Iterable[int]) -> Candidates:
        """The phrases of these numbers, to search for."""
        found: dict[str, list[Phrase]] = {}
        for number in sorted(set(numbers)):
            kind, phrase = self._patterns[number]
            found.setdefault(kind, []).append(phrase)
        return found


def search(candidates: Candidates, kind: str, text: Text) -> Match | None:
    """The first phrase of this kind that is in the text."""
    for phrase in candidates.get(kind, ()):
        for found in phrase.found_in(text):
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


def mask(candidates: Candidates, kind: str, text: Text) -> Text:
    """The text with everything that the phrases of this kind match replaced by ``_``."""
    for phrase in candidates.get(kind, ()):
        if found := list(phrase.found_in(text)):
            starts, ends = [0, *(each.end() for each in found)], [each.start() for each in found]
            kept = [text.written[start:end] for start, end in zip(starts, [*ends, None], strict=True)]
            text = Text("_ ".join(kept))
    return text


def _compile(phrase: str, classes: Mapping[str, str]) -> Phrase:
    parts: list[str] = []
    needed: list[frozenset[str]] = []
    firsts: set[str] = set()
    is_begun, is_open = False, False
    for found in _ELEMENT.finditer(phrase):
        alternatives, optional, word = found.groups()
        if word is not None and set(word) & set("()[]|"):
            raise PhraseError(f"unmatched bracket at {word!r} in {phrase!r}")
        if word in _GAPS:
            parts.append(_GAPS[word])
            is_open |= not is_begun
            continue
        listed = alternatives if alternatives is not None else optional if optional is not None else word
        choices = _choices(listed, classes)
        if optional is not None and not _ENDS.keys().isdisjoint(choices):
            raise PhraseError(f"[{optional}] in {phrase!r} may be missing, so the end in it says nothing; write ( )")
        parts.append(_group(choices, is_optional=optional is not None))
        if not is_begun:
            firsts.update(choice.split()[0] for choice in choices if choice not in _UNTOLD)
            is_open |= "NUMBER" in choices
            is_begun = optional is None and _ENDS.keys().isdisjoint(choices)
        if optional is None and choices and _UNTOLD.isdisjoint(choices):
            needed.append(frozenset(min(choice.split(), key=_commonness) for choice in choices))
    if not needed:
        raise PhraseError(f"{phrase!r} has no word that must be there")
    return Phrase("".join(parts), tuple(sorted(needed, key=_cost)), None if is_open else frozenset(firsts))


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


def _commonness(word: str) -> tuple[int, int]:
    return _cost(frozenset((word,))), -len(word)


def _cost(anchors: frozenset[str]) -> int:
    """How often one of them is met, roughly."""
    return sum(20 if word in _MOST_COMMON else 5 if word in _COMMON else 1 for word in anchors)
