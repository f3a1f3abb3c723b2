"""What a reply means: takes a text; returns its meaning, and the words by which it was found.

In this order: reactions, which nobody typed; a keyword as the whole message, with courtesy around
it, spaced out, repeated or mistyped; keywords joined, disguised or shouted; then, inside the message,
requests to stop, unless they are negated or doubtful; automatic replies; requests to resume, unless
they are negated or conditional; anything that might be about stopping and is no mere scenery;
requests for help. Only what passes all of that is an ordinary reply.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Set
from typing import NamedTuple

from proxy.meaning.alike import meant as sounds_like
from proxy.meaning.clauses import before_last_stop, keyword_clause, tells
from proxy.meaning.grammar import ENGLISH_HALF, Request, asking, asking_back, request, request_back, unexpected
from proxy.meaning.keywords import Keywords
from proxy.meaning.languages import LANGUAGE_NAMES, LANGUAGES
from proxy.meaning.languages.classes import CLASSES
from proxy.meaning.languages.suspicion import DENIES, REFUSES
from proxy.meaning.languages.table import KINDS
from proxy.meaning.lexicon import DENY, KEY, LAST, MESSAGE, OPENING, PHRASES, REFUSE, SLIP, STOP, STOPS, Lexicon
from proxy.meaning.meanings import Meaning, Reading
from proxy.meaning.phrases import Anchored, Candidates, Match, Phrases, Text, mask, search
from proxy.meaning.plain import normal, own_words, tokens, without_ends, without_inline_signature, without_pauses
from proxy.meaning.signals import is_spoken_of, joined, shouted, suspicious, undisguised
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

_READING = 4
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


class _Message(NamedTuple):
    """What somebody wrote, without what it quotes; its words; what the rules know of all of them together."""

    own: str
    said: list[str]
    bits: int
    phrases: list[int]
    """The numbers of the phrases that it might hold; one may be there twice."""


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
        self._phrases = Phrases(_phrases(extra, expected), PHRASES)
        self._unexpected = unexpected(expected)
        self._unspaced = _unspaced()
        spelling = {wrong: right for table in LANGUAGES for wrong, right in table.spelling.items()}
        self._lexicon = Lexicon(Spelling(spelling | self._keywords.typos), self._phrases)
        self.version = _version(lists, extra, sorted(expected))

    def read(self, text: str) -> Reading:
        """The meaning of one reply; never raises."""
        if _QUOTED.search(text) and _REACTION.match(text):
            return Reading(Meaning.AUTOMATIC, "reaction")
        own = undisguised(own_words(text))
        said = without_pauses(tokens(own))
        plain = without_inline_signature(without_ends(said))
        if not plain:
            return _without_words(text)
        if keyword := self._keywords.read(plain):
            is_joke = keyword.meaning is Meaning.STOP and _LAUGHS.search(text) and keyword.matched not in plain
            return Reading(Meaning.UNCLEAR, keyword.matched) if is_joke else keyword
        message = self._message(own, said)
        is_opening = message.bits & OPENING or len(said) <= _FEW_JOINED
        if is_opening and (signal := joined(plain.split())):
            if not is_spoken_of(said, signal):
                return Reading(Meaning.STOP, signal)
            reading = self._read(message, plain)
            is_open = reading.meaning in (Meaning.OTHER, Meaning.RESUME)
            return Reading(Meaning.UNCLEAR, signal) if is_open else reading
        return self._read(message, plain)

    def _read(self, message: _Message, plain: str) -> Reading:
        """A keyword that is shouted, or a request, in any spelling."""
        if message.bits & KEY and (signal := shouted(message.own)):
            return Reading(Meaning.STOP, signal)
        if not plain.isascii() and (found := self._unspaced.search(plain)):
            return Reading(Meaning.STOP, found.group())
        reading = self._as_request(message)
        is_short = message.bits & _MISSPELT and len(message.said) <= _FEW_WORDS
        if is_short and reading.meaning in _MAY_BE_MORE:
            reading = self._as_it_sounds(message) or reading
        if _STOP_SIGN in message.own and reading.meaning in _MAY_BE_MORE:
            is_clear = reading.meaning is Meaning.UNCLEAR and "?" not in message.said
            return Reading(Meaning.STOP if is_clear else Meaning.UNCLEAR, _STOP_SIGN)
        return reading

    def _message(self, own: str, said: list[str]) -> _Message:
        bits = 0
        anchored: list[Anchored] = []
        for _, told, phrases in filter(None, map(self._lexicon.__getitem__, set(said))):
            bits |= told
            if phrases:
                anchored += phrases
        return _Message(own, said, bits, [number for needs, number in anchored if bits & needs == needs])

    def _as_it_sounds(self, message: _Message) -> Reading | None:
        """A request that some of the words only sound like; None if there is none, or nothing else is in it."""
        meant = {word: right for word in set(message.said) if (right := sounds_like(word))}
        if not meant:
            return None
        reading = self._as_request(self._message(message.own, [meant.get(word, word) for word in message.said]))
        is_told = not _CERTAIN.union(meant.values()).issuperset(reading.matched.split())
        return reading if reading.meaning is Meaning.STOP and is_told else None

    def warm(self) -> Iterator[None]:
        """Make in small steps what else the first replies would have to wait for."""
        return self._phrases.warm()

    def asks_for_all(self, reading: Reading) -> bool:
        """Whether a STOP is meant for all groups of the account: STOPALL."""
        return reading.meaning is Meaning.STOP and reading.matched in _STOP_ALL

    def _as_request(self, message: _Message) -> Reading:
        """A request in plain language, found inside the message: in its words, or in its text as it was written."""
        bits = message.bits
        candidates = self._phrases.candidates(message.phrases)
        is_pair = bits & REFUSE and bits & MESSAGE
        if not (candidates.keys() - _LEFT_OUT or is_pair or bits & (KEY | STOP) or asking(bits) or asking_back(bits)):
            return _ORDINARY
        words = self._lexicon.spelled(message.said)
        reading = self._as_phrases(message, words, candidates)
        if reading.meaning is Meaning.OTHER and is_pair and (pair := suspicious(words)):
            return Reading(Meaning.UNCLEAR, pair)
        return reading

    def _as_phrases(self, message: _Message, words: list[str], candidates: Candidates) -> Reading:
        """By the phrases that might be in these words, and by the classes of the words."""
        bits, text, asked = message.bits, Text(" ".join(words) + " "), None
        automatic = search(candidates, "automatic", text)
        doubt = search(candidates, "doubt", text)
        written, text = text, mask(candidates, "harmless", mask(candidates, "automatic", text))
        stop = search(candidates, "stop", text) or (self._clause(message) if bits & KEY else None)
        if stop is None and bits & LAST and (before := before_last_stop(words, self._keywords.courtesy)):
            complaint = search(candidates, "guard", Text(before))
            if complaint or tells(before):
                stop = Match(0, 0, f"{complaint.words if complaint else ''} … stop".lstrip(" …"), "_ stop")
        without_scenery = text if stop else mask(candidates, "scenery", mask(candidates, "compound", text))
        if stop is None and (languages := asking(bits)):
            asked = request(without_scenery.written.split(), languages)
            stop = self._certain(asked)
        if stop:
            rest = Text(f"{text.written[: stop.start]}_ {text.written[stop.end :]}")
            against = _beside(doubt, stop, written.written) or _unless_refused(search(candidates, "resume", rest), rest)
            return Reading(Meaning.UNCLEAR, against.words) if against else Reading(Meaning.STOP, stop.words)
        if automatic:
            return Reading(Meaning.AUTOMATIC, automatic.words)
        if doubt:
            return Reading(Meaning.UNCLEAR, doubt.words)
        is_denied = bits & (DENY | STOP)  # beside these nobody is let in by a sentence
        if (languages := asking_back(bits)) and (back := request_back(words, languages)):
            return Reading(Meaning.UNCLEAR if asked or is_denied else Meaning.RESUME, back)
        if asked:
            return Reading(Meaning.UNCLEAR, asked.words)
        for kind, meaning in _OTHERWISE:
            if match := search(candidates, kind, without_scenery):
                return Reading(Meaning.UNCLEAR if is_denied and meaning is Meaning.RESUME else meaning, match.words)
        left_out = STOPS.intersection(mask(candidates, "compound", written).written.split()) if bits & STOP else None
        return Reading(Meaning.UNCLEAR, min(left_out)) if left_out else _ORDINARY

    def _clause(self, message: _Message) -> Match | None:
        """A keyword that is a clause: a doubt counts against it only in the very same words."""
        keys = {word for word in set(message.said) if (known := self._lexicon[word]) and known.bits & KEY}
        clause = keyword_clause(message.own, keys, self._keywords.courtesy, self._keywords.typos)
        return Match(0, 0, clause, clause) if clause else None

    def _certain(self, asked: Request | None) -> Match | None:
        """A request that the grammar is sure of. It has gaps, so a doubt anywhere in the message counts against it."""
        if asked is None or not asked.is_certain or asked.language in self._unexpected:
            return None
        return Match(0, 0, asked.words, f"_ {asked.words}")


_ORDINARY = Reading(Meaning.OTHER, "")

_FEW_JOINED = 4
"""In so few words joined keywords are looked for though the first of them is misspelled."""

_MISSPELT = ENGLISH_HALF | SLIP
"""What shows that words may be meant otherwise: half of a request, or a slip."""

_FEW_WORDS = 40
"""Longer messages are by people who spell."""

_MAY_BE_MORE = (Meaning.OTHER, Meaning.UNCLEAR)

_CERTAIN = frozenset(("…", "_"))
"""What stands between the words that matched."""

_LEFT_OUT = frozenset(("harmless", "compound", "scenery"))
"""Kinds of phrases that say nothing by themselves."""

_OTHERWISE = (("resume", Meaning.RESUME), ("guard", Meaning.UNCLEAR), ("help", Meaning.HELP))
"""What a message that neither asks to stop nor is doubtful is, by the first kind of phrase that is in it."""


_NEXT = (". ", "? ", " i said ", " i told ", " i asked ", " i already ")
"""Where a sentence ends: at its sign, or where somebody begins to say what he has said before."""


def _unless_refused(resume: Match | None, text: Text) -> Match | None:
    """A request to be let in, unless the word before it refuses: "nn voglio ricevere sms"."""
    before = text.written[: resume.start].split()[-1:] if resume else []
    return None if before and before[0] in _REFUSING else resume


_REFUSING = REFUSES | DENIES


def _beside(doubt: Match | None, stop: Match, written: str) -> Match | None:
    """The doubt, unless the request stands in a sentence of its own: "How do I stop this? Take me off." asks."""
    if doubt is None:
        return None
    start = max(written.rfind(". ", 0, doubt.start), written.rfind("? ", 0, doubt.start), 0)
    ends = [end for sign in _NEXT if (end := written.find(sign, doubt.end)) >= 0]
    sentence = written[start : min(ends, default=len(written))]
    return doubt if "_" in stop.said or stop.said in sentence else None


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
