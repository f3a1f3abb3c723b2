"""All that the rules know about one word, in one look: most words of ordinary replies are in none of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from proxy.meaning.alike import is_slip
from proxy.meaning.clauses import KEYS
from proxy.meaning.halves import HALVES, halves
from proxy.meaning.languages.everyday import DENIES
from proxy.meaning.phrases import Anchored, Phrases
from proxy.meaning.signals import may_open
from proxy.meaning.spelling import Spelling

STOPS = frozenset(("stop", "stopp", "unsubscribe", "unsub", "optout", "stopall"))
"""Words that keep a message from being an ordinary reply, though what they stand in asks for nothing."""

PHRASES = HALVES + 7
"""The first bit of what words tell of phrases."""

LASTS = frozenset(("stop", "more"))
"""Words that may end a message as a request: "this is spam stop", "had enough, no more"."""

KEY, STOP, DENY, OPENING, SLIP, LAST, RESPELLED = (1 << n for n in range(HALVES, PHRASES))
"""What a word may be besides half of a request: the first of a clause that is a keyword, one of ``STOPS``, of
``DENIES``, the first word of joined keywords, a slip of the finger, one of ``LASTS``, or spelled otherwise than phrases
and classes have it."""

_SETS = ((KEY, KEYS), (STOP, STOPS), (DENY, DENIES), (LAST, LASTS))

_KEPT = 1 << 15
"""Different words that are kept at hand with what is known about them."""

_LONGEST = 40
"""A word of more letters is in no list, and is not kept."""


class Known(NamedTuple):
    """What the rules know about a word that somebody wrote."""

    words: tuple[str, ...]
    """The word, or the words, that it stands for, as phrases and classes have them."""
    bits: int
    """What these are: ``grammar.halves``, the bits named here, and what they tell of phrases."""
    phrases: tuple[Anchored, ...]
    """The phrases that are to be tried for its sake, if the bits of the text have theirs."""


class Lexicon(dict[str, Known | None]):
    """What is known about each word, None of most of them: filled as they come.

    From the tables of ``spelling`` and ``phrases``, and from those that are the same for everybody.
    """

    def __init__(self, spelling: Spelling, phrases: Phrases) -> None:
        super().__init__()
        self._spelling, self._phrases = spelling, phrases

    def __missing__(self, word: str) -> Known | None:
        if len(word) > _LONGEST:
            return None
        if len(self) >= _KEPT:
            self.clear()
        known = self[word] = self._known(word)
        return known

    def spelled(self, words: Iterable[str]) -> list[str]:
        """The words as phrases and classes have them; one may become several."""
        found: list[str] = []
        for word in words:
            known = self[word]
            found += known.words if known else (word,)
        return found

    def _known(self, word: str) -> Known | None:
        words = self._spelling.corrected(word)
        bits = (OPENING if may_open(word) else 0) | (SLIP if is_slip(word) else 0)
        bits |= RESPELLED if words != (word,) else 0
        for each in words:
            bits |= halves(each) | self._phrases.told(each)
            for bit, listed in _SETS:
                bits |= bit if each in listed else 0
        phrases = tuple(phrase for each in words for phrase in self._phrases.anchored(each))
        return Known(words, bits, phrases) if bits or phrases else None
