"""What a reply means: takes a text; returns its meaning, and the words by which it was found.

In this order: reactions, which nobody typed; a keyword as the whole message, with courtesy around
it, spaced out, repeated or mistyped; keywords joined, disguised or shouted; then what ``requests``
finds inside the message. Only what passes all of that is an ordinary reply.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Set
from typing import NamedTuple

from proxy.meaning.keywords import Keywords
from proxy.meaning.languages import LANGUAGE_NAMES, LANGUAGES
from proxy.meaning.languages.classes import CLASSES
from proxy.meaning.languages.table import KINDS
from proxy.meaning.lexicon import KEY, OPENING, PHRASES
from proxy.meaning.meanings import Meaning, Reading
from proxy.meaning.phrases import Phrases
from proxy.meaning.plain import normal, own_words, tokens, without_ends, without_inline_signature, without_pauses
from proxy.meaning.requests import Requests, Said
from proxy.meaning.signals import is_spoken_of, joined, shouted, undisguised
from proxy.meaning.spelling import Spelling

PER_SE_WORDS = frozenset(("stop", "quit", "end", "revoke", "opt out", "cancel", "unsubscribe"))
"""Words that are a revocation by themselves in the US: 47 CFR 64.1200(a)(10)."""

STOP_WORDS = (
    "STOP", "STOPALL", "STOP ALL", "UNSUBSCRIBE", "UNSUB", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT", "OPT OUT",
    "OPT-OUT", "REMOVE", "ARRET", "ARRÊT", "ARRETE", "ARRETER", "ALTO", "PARAR", "PARE", "BAJA", "CANCELAR", "SAIR",
    "STOPP",
)  # fmt: skip
RESUME_WORDS = ("START", "UNSTOP", "YES", "RESUME", "SUBSCRIBE", "CONTINUE", "OPTIN", "OPT IN")
HELP_WORDS = ("HELP", "INFO", "AIDE", "AYUDA")

_READING = 5
"""Raised whenever the same tables are read otherwise than before: the version of the rules tells that too."""

_STOP_ALL = frozenset(("stopall", "stop all"))

_LAUGHS = re.compile("[😂🤣😹]")
"""Signs beside which a keyword that is drawn out, or slipped, is a joke: "staaahp 😂"."""

_STOP_SIGN = "🛑"

_ALARM_SIGNS = re.compile("[🛑✋🚫⛔❌🖕🔕]")

_QUOTED = re.compile('[“"‘«„”]')
_REACTION = re.compile(
    r"\W{0,4}(?:(?:liked|loved|disliked|laughed at|emphasi[sz]ed|questioned|le gust[oó]|le encant[oó]"
    r"|me gusta|a aim[eé]"
    r"|a ador[eé]|curtiu|gef[aä]llt|ha messo mi piace a"
    r"|reacted \S{1,12} to|reaccion[oó] con \S{1,12} a"
    r"|removed an? .{1,30} from)|[^\w\s]\S{0,12} to) ?[“\"‘«„”]",
    re.IGNORECASE,
)


class Extra(NamedTuple):
    """Phrases of a configuration, in the notation of ``proxy.meaning.phrases``.

    ``scenery`` is the setting ``harmless_phrases``: looked for only where nothing asks to stop, unlike the ``harmless``
    phrases of a language's table, which are left out before.
    """

    stop: tuple[str, ...] = ()
    scenery: tuple[str, ...] = ()


NO_EXTRA = Extra()


LONGEST = 5_000
"""Characters of a reply that are looked at: the first and the last ones. No message may hold up others, and the longest
that a telephone sends have a few thousand."""


class Replies:
    """Reads replies by lists of words and phrases.

    ``stop``, ``resume`` and ``help`` are the keywords. The tables of ``proxy.meaning.languages`` are always on; what
    asks to stop only in a language that is not among ``languages`` (by their names there) is UNCLEAR.
    Raises ``PhraseError`` for a phrase of ``extra`` that can't be read.
    """

    def __init__(
        self,
        stop: Iterable[str] = STOP_WORDS,
        resume: Iterable[str] = RESUME_WORDS,
        help: Iterable[str] = HELP_WORDS,
        extra: Extra = NO_EXTRA,
        languages: Iterable[str] = LANGUAGE_NAMES,
    ) -> None:
        lists = (tuple(stop), tuple(resume), tuple(help))
        expected = frozenset(languages) | {"en"}
        self._keywords = Keywords(*lists, expected)
        self._unspaced = _unspaced()
        spelling = {wrong: right for table in LANGUAGES for wrong, right in table.spelling.items()}
        phrases = Phrases(_phrases(extra, expected), PHRASES)
        self._requests = Requests(phrases, self._keywords, Spelling(spelling | self._keywords.typos), expected)
        self.version = _version(lists, extra, sorted(expected))

    def read(self, text: str) -> Reading:
        """The meaning of one reply; never raises. Of one that is longer than ``LONGEST`` only a STOP is certain."""
        if len(text) > LONGEST:
            half = LONGEST // 2 - 1
            reading = self.read(f"{text[:half]}\n{text[-half:]}")
            return reading if reading.meaning is Meaning.STOP else Reading(Meaning.UNCLEAR, reading.matched)
        if _QUOTED.search(text) and _REACTION.match(text):
            return Reading(Meaning.AUTOMATIC, "reaction")
        own = undisguised(own_words(text))
        words = without_pauses(tokens(own))
        plain = without_inline_signature(without_ends(words))
        if not plain:
            return _without_words(text)
        if keyword := self._keywords.read(plain):
            is_joke = keyword.meaning is Meaning.STOP and _LAUGHS.search(text) and keyword.matched not in plain
            return Reading(Meaning.UNCLEAR, keyword.matched) if is_joke else keyword
        said = self._requests.said(own, words)
        is_opening = said.bits & OPENING or len(words) <= _FEW_JOINED
        if is_opening and (signal := joined(plain.split())):
            if not is_spoken_of(words, signal):
                return Reading(Meaning.STOP, signal)
            reading = self._read(said, plain)
            lets_in = reading.meaning in (Meaning.OTHER, Meaning.RESUME)
            return Reading(Meaning.UNCLEAR, signal) if lets_in else reading
        return self._read(said, plain)

    def _read(self, said: Said, plain: str) -> Reading:
        """A keyword that is shouted, or a request; a stop sign beside what is unclear is one."""
        if said.bits & KEY and (signal := shouted(said.own)):
            return Reading(Meaning.STOP, signal)
        if not plain.isascii() and (found := self._unspaced.search(plain)):
            return Reading(Meaning.STOP, found.group())
        reading = self._requests.read(said)
        if _STOP_SIGN in said.own and reading.meaning in (Meaning.OTHER, Meaning.UNCLEAR, Meaning.RESUME):
            is_clear = reading.meaning is Meaning.UNCLEAR and "?" not in said.words
            return Reading(Meaning.STOP if is_clear else Meaning.UNCLEAR, _STOP_SIGN)
        return reading

    def warm(self) -> Iterator[None]:
        """Make in small steps what else the first replies would have to wait for."""
        return self._requests.warm()

    def asks_for_all(self, reading: Reading) -> bool:
        """Whether a STOP is meant for all groups of the account: STOPALL."""
        return reading.meaning is Meaning.STOP and reading.matched in _STOP_ALL


_FEW_JOINED = 4
"""In so few words joined keywords are looked for though the first of them is misspelled."""


def _without_words(text: str) -> Reading:
    """Signs and emoji alone: most are an ordinary reply, a few look like a raised hand."""
    if alarm := _ALARM_SIGNS.search(text):
        return Reading(Meaning.UNCLEAR, alarm.group())
    is_visible = any(c.isprintable() and not c.isspace() for c in text)
    return Reading(Meaning.OTHER if is_visible else Meaning.UNCLEAR, "")


def _phrases(extra: Extra, expected: Set[str]) -> Iterator[tuple[str, str, Mapping[str, str]]]:
    """The phrases of all kinds in all languages, and those of the configuration."""
    for kind in KINDS:
        for table in LANGUAGES:
            for phrase in getattr(table, kind):
                is_doubtful = kind in ("stop", "resume") and table.name not in expected
                yield "guard" if is_doubtful else kind, phrase, table.classes
        for phrase in getattr(extra, kind, ()):
            yield kind, phrase, {}


def _unspaced() -> re.Pattern[str]:
    phrases = {normal(phrase) for table in LANGUAGES for phrase in table.unspaced}
    return re.compile("|".join(map(re.escape, sorted(phrases, key=len, reverse=True))))


def _version(*parts: object) -> str:
    """A short name for these rules, so that evidence can say which ones a decision was made by."""
    return hashlib.sha256(repr((LANGUAGES, CLASSES, _READING, parts)).encode()).hexdigest()[:12]
