"""Keywords: a message that is one as a whole, with courtesy around it, spaced out, repeated or mistyped."""

from __future__ import annotations

from collections.abc import Iterable, Set

from proxy.meaning.languages import LANGUAGES
from proxy.meaning.languages.everyday import UNCLEAR_ALONE, UNCLEAR_SLIPS
from proxy.meaning.meanings import Meaning, Reading
from proxy.meaning.plain import normal, squeezed
from proxy.meaning.typos import NEARLY, REAL_WORDS, SLIPS, SLIPS_OF_OPT_OUT, is_unsubscribe, one_edit_away

LONGEST_KEYWORD = 60
"""A message longer than this many characters, once plain, is not looked up as a keyword."""

_SHORTEST_SPACED = 4
"""A shorter keyword that is spaced out has a space after every letter."""

_ENGLISH_COURTESY = frozenset(map(normal, LANGUAGES[0].courtesy))

_SIGNS = str.maketrans("013457", "oieast")
"""Digits that are written for letters."""

_NEARLY_QUIT = frozenset(("quite", "quiet", "quilt", "suit"))
"""Real words that are one slip from "quit": as the whole message they are unclear."""

_MILD_YES = frozenset(("yes", "continue"))
"""Resume words that agree to a STOP beside them ("yes stop") instead of contradicting it."""


_FEW = 5
"""Words of a message that begins with "unsubscribe": a name or the like, which changes nothing."""

_OTHER_UNSUBSCRIBING = frozenset((
    "from", "link", "button", "not", "didnt", "doesnt", "cant", "isnt", "wont", "failed", "broken", "error", "how",
    "why", "what", "when", "if", "or", "but", "wait", "nvm", "lol", "haha", "undo", "worked", "working", "works",
    "page", "is", "was", "isn", "the", "a", "of", "in", "option",
    "email", "emails", "confirmation", "him", "her", "them", "start", "help",
))  # fmt: skip
"""Words beside which it may be something else that is spoken of."""


class Keywords:
    """The keywords of a configuration and those of all languages; ``stop``, ``resume`` and ``help`` are the former.

    Those of languages that are not ``expected`` are unclear.
    """

    def __init__(self, stop: Iterable[str], resume: Iterable[str], help: Iterable[str], expected: Set[str]) -> None:
        stop = tuple(stop)
        self._keywords = _keywords(stop, resume, help, expected)
        self.unclear = _unclear(UNCLEAR_ALONE.difference(map(normal, stop)))
        """Words that are unclear alone, and the courtesy that shows that they are meant."""
        self._first_words = frozenset(word.split()[0] for word in self._keywords if word)
        self._compact = {word.replace(" ", ""): meaning for word, meaning in self._keywords.items()}
        self.courtesy = frozenset(normal(word) for table in LANGUAGES for word in table.courtesy)
        self.typos = one_edit_away(map(normal, (*stop, *LANGUAGES[0].stop_words)))
        """Misspellings, and the keywords that were meant."""

    def read(self, plain: str) -> Reading | None:
        """The whole message as a keyword, whatever courtesy is around it."""
        if len(plain) > LONGEST_KEYWORD:
            return None
        words = plain.split()
        core = [word for word in words if word not in self.courtesy] or words
        if unclear := self._as_everyday(words):
            return unclear
        bare = " ".join(core)
        for said in (plain, bare):
            if (meaning := self._keywords.get(said)) is not None:
                return Reading(meaning, said)
        if several := self._as_several_keywords(core):
            return several
        forms = [words]
        if len(core) < len(words):
            forms += core, [word for word in words if word not in _ENGLISH_COURTESY]
        for spaced in forms:
            if len(spaced) == 2 or (len(spaced) > 1 and min(map(len, spaced)) == 1):
                compact = "".join(spaced)
                meaning = self._compact.get(compact)
                if meaning is not None and (len(compact) >= _SHORTEST_SPACED or len(compact) == len(spaced)):
                    return Reading(meaning, compact)
        is_opted_out = words[0] in ("optout", "optingout") or words[:2] in (["opt", "out"], ["opting", "out"])
        if len(words) <= _FEW and (is_opted_out or is_unsubscribe(words[0])) and _OTHER_UNSUBSCRIBING.isdisjoint(words):
            return Reading(self._keywords.get("unsubscribe", Meaning.UNCLEAR), "unsubscribe")
        if bare in SLIPS_OF_OPT_OUT:
            return Reading(Meaning.STOP, "opt out")
        return self._as_misspelling(core) if len(core) == 1 else None

    def _as_everyday(self, words: list[str]) -> Reading | None:
        """Nothing but everyday words that only look like a STOP, with courtesy of other languages."""
        unclear = [word for word in words if word in self.unclear]
        if not unclear or not self.courtesy.union(unclear).issuperset(words):
            return None
        is_meant = any(not self.unclear[word].isdisjoint(words) for word in unclear)
        return None if is_meant else Reading(Meaning.UNCLEAR, " ".join(unclear))

    def _as_several_keywords(self, core: list[str]) -> Reading | None:
        """Keywords in a row: "stop stop", "stop quit cancel"; contradictions are unclear."""
        if self.typos.get(core[0], core[0]) not in self._first_words:
            return None
        core = [self.typos.get(word, word) for word in core]
        found: list[tuple[str, Meaning]] = []
        position = 0
        while position < len(core):
            for length in (4, 3, 2, 1):
                phrase = " ".join(core[position : position + length])
                if (meaning := self._keywords.get(phrase)) is not None:
                    found.append((phrase, meaning))
                    position += length
                    break
            else:
                return None
        meanings = {meaning for phrase, meaning in found if phrase not in _MILD_YES} or {Meaning.RESUME}
        matched = found[0][0] if len({phrase for phrase, _ in found}) == 1 else " ".join(core)
        if Meaning.STOP in meanings:
            return Reading(Meaning.UNCLEAR if Meaning.RESUME in meanings else Meaning.STOP, matched)
        return Reading(meanings.pop() if len(meanings) == 1 else Meaning.UNCLEAR, matched)

    def _as_misspelling(self, core: list[str]) -> Reading | None:
        """One word that is a keyword but for repeated letters or one slip of the finger."""
        (word,) = core
        if word in REAL_WORDS:
            return Reading(Meaning.UNCLEAR, word) if word in NEARLY else None
        if word in _NEARLY_QUIT:
            return Reading(Meaning.UNCLEAR, word)
        for candidate in (word, squeezed(word)):
            if candidate in REAL_WORDS:
                continue
            meaning = self._keywords.get(candidate)
            if meaning is not None:
                return Reading(meaning, candidate)
            meant = self.typos.get(candidate) or SLIPS.get(candidate)
            if meant is not None and self._keywords.get(meant) is Meaning.STOP:
                return Reading(Meaning.UNCLEAR if candidate in UNCLEAR_SLIPS else Meaning.STOP, meant)
        if is_unsubscribe(word) and self._keywords.get("unsubscribe") is Meaning.STOP:
            return Reading(Meaning.STOP, "unsubscribe")
        if not word.isalpha() and self._keywords.get(signs := word.translate(_SIGNS)) is Meaning.STOP:
            return Reading(Meaning.STOP, signs)
        if sorted(word) == sorted("help") and word[0] == "h":
            return Reading(Meaning.HELP, "help")
        return None


def _keywords(
    stop: Iterable[str], resume: Iterable[str], help: Iterable[str], expected: Set[str]
) -> dict[str, Meaning]:
    """Every keyword in its plain form; where lists disagree STOP wins, and the settings win over the tables."""
    keywords: dict[str, Meaning] = {}
    tables = [table for table in LANGUAGES if table.name in expected]
    for table in LANGUAGES:
        keywords |= dict.fromkeys(map(normal, (*table.resume_words, *table.stop_words)), Meaning.UNCLEAR)
    for table in tables:
        keywords |= dict.fromkeys(map(normal, table.help_words), Meaning.HELP)
        keywords |= dict.fromkeys(map(normal, table.resume_words), Meaning.RESUME)
    for table in tables:
        keywords |= dict.fromkeys(map(normal, table.stop_words), Meaning.STOP)
    keywords |= dict.fromkeys(map(normal, help), Meaning.HELP)
    keywords |= dict.fromkeys(map(normal, resume), Meaning.RESUME)
    return keywords | dict.fromkeys(map(normal, stop), Meaning.STOP)


def _unclear(words: Iterable[str]) -> dict[str, frozenset[str]]:
    """Words that are unclear alone, and the courtesy that shows that they are meant: that of their own language."""
    stops = [(set(map(normal, table.stop_words)), set(map(normal, table.courtesy))) for table in LANGUAGES]
    return {word: frozenset().union(*(courtesy for stop, courtesy in stops if word in stop)) for word in words}
