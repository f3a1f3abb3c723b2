"""A request in plain language inside a message: by phrases, by classes of words, also where words only sound like it.

In this order: requests to stop, unless they are negated or doubtful; automatic replies; requests to resume, unless they
are negated or conditional; anything that might be about stopping and is no mere scenery; requests for help.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from typing import NamedTuple

from proxy.meaning.alike import meant as sounds_like
from proxy.meaning.clauses import before_last_stop, keyword_clause, tells
from proxy.meaning.grammar import Request, request, request_back, suspicion, unexpected
from proxy.meaning.halves import ENGLISH_HALF, asking, asking_back, suspecting
from proxy.meaning.keywords import Keywords
from proxy.meaning.lexicon import DENY, KEY, LAST, PHRASES, RESPELLED, SLIP, STOP, STOPS, Lexicon
from proxy.meaning.meanings import Meaning, Reading
from proxy.meaning.phrases import Anchored, Candidates, Match, Phrases, Text, mask, search
from proxy.meaning.spelling import Spelling


class Said(NamedTuple):
    """What somebody wrote, without what it quotes; its words; what the rules know of all of them together."""

    own: str
    words: list[str]
    bits: int
    phrases: list[int]
    """The numbers of the phrases that it might hold; one may be there twice."""


class Requests:
    """Finds what is asked inside messages.

    ``phrases`` are those of all kinds, with bits from ``lexicon.PHRASES`` on. What asks to stop by the classes of a
    language that is not ``expected`` is UNCLEAR.
    """

    def __init__(self, phrases: Phrases, keywords: Keywords, spelling: Spelling, expected: Set[str]) -> None:
        self._phrases, self._keywords = phrases, keywords
        self._lexicon = Lexicon(spelling, phrases)
        self._unexpected = unexpected(expected)

    def said(self, own: str, words: list[str]) -> Said:
        """What is known of a message: as it was written, and in its words and the ends of its sentences."""
        bits = 0
        anchored: list[Anchored] = []
        for _, told, phrases in filter(None, map(self._lexicon.__getitem__, set(words))):
            bits |= told
            if phrases:
                anchored += phrases
        return Said(own, words, bits & _OF_WORDS, [number for needs, number in anchored if bits & needs == needs])

    def read(self, said: Said) -> Reading:
        """What is asked in it, or OTHER; of few words also what they are meant as, where they are misspelled."""
        reading = self._as_request(said)
        is_short = said.bits & _MISSPELT and len(said.words) <= _FEW_WORDS
        if is_short and reading.meaning in (Meaning.OTHER, Meaning.UNCLEAR):
            return self._as_it_sounds(said) or reading
        return reading

    def warm(self) -> Iterator[None]:
        """Make in small steps what else the first messages would have to wait for."""
        return self._phrases.warm()

    def _as_it_sounds(self, said: Said) -> Reading | None:
        """A request that some of the words only sound like; None if there is none, or nothing else is in it."""
        meant = {word: right for word in set(said.words) if (right := sounds_like(word))}
        if not meant:
            return None
        reading = self._as_request(self.said(said.own, [meant.get(word, word) for word in said.words]))
        is_told = not _CERTAIN.union(meant.values()).issuperset(reading.matched.split())
        return reading if reading.meaning is Meaning.STOP and is_told else None

    def _as_request(self, said: Said) -> Reading:
        """A request in plain language, found inside the message: in its words, or in its text as it was written."""
        bits = said.bits
        candidates = self._phrases.candidates(said.phrases)
        may_ask = bits & (KEY | STOP) or asking(bits) or asking_back(bits)
        suspects = suspecting(bits)
        is_told = may_ask or not _LEFT_OUT.issuperset(candidates)
        if not is_told and not suspects:
            return _ORDINARY
        words = self._lexicon.spelled(said.words) if bits & RESPELLED else said.words
        reading = self._as_phrases(said, words, candidates) if is_told else _ORDINARY
        if reading.meaning is Meaning.OTHER and suspects and (pair := suspicion(words, suspects)):
            return Reading(Meaning.UNCLEAR, pair)
        return reading

    def _as_phrases(self, said: Said, words: list[str], candidates: Candidates) -> Reading:
        """By the phrases that might be in these words, and by the classes of the words."""
        bits, text, asked = said.bits, Text(" ".join(words) + " "), None
        automatic = search(candidates, "automatic", text)
        doubt = search(candidates, "doubt", text)
        written, text = text, mask(candidates, "harmless", mask(candidates, "automatic", text))
        stop = search(candidates, "stop", text) or (self._clause(said) if bits & KEY else None)
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
            is_doubtful = asked or is_denied or back.language in self._unexpected
            return Reading(Meaning.UNCLEAR if is_doubtful else Meaning.RESUME, back.words)
        if asked:
            return Reading(Meaning.UNCLEAR, asked.words)
        for kind, meaning in _OTHERWISE:
            if match := search(candidates, kind, without_scenery):
                return Reading(Meaning.UNCLEAR if is_denied and meaning is Meaning.RESUME else meaning, match.words)
        left_out = STOPS.intersection(mask(candidates, "compound", written).written.split()) if bits & STOP else None
        return Reading(Meaning.UNCLEAR, min(left_out)) if left_out else _ORDINARY

    def _clause(self, said: Said) -> Match | None:
        """A keyword that is a clause: a doubt counts against it only in the very same words."""
        keys = {word for word in set(said.words) if (known := self._lexicon[word]) and known.bits & KEY}
        clause = keyword_clause(said.own, keys, self._keywords.courtesy, self._keywords.typos)
        return Match(0, 0, clause, clause) if clause else None

    def _certain(self, asked: Request | None) -> Match | None:
        """A request that the grammar is sure of. It has gaps, so a doubt anywhere in the message counts against it."""
        if asked is None or not asked.is_certain or asked.language in self._unexpected:
            return None
        return Match(0, 0, asked.words, f"_ {asked.words}")


_ORDINARY = Reading(Meaning.OTHER, "")

_OF_WORDS = (1 << PHRASES) - 1
"""The bits of a message that are needed once its phrases are known."""

_MISSPELT = ENGLISH_HALF | SLIP
"""What shows that words may be meant otherwise: half of a request, or a slip."""

_FEW_WORDS = 40
"""Longer messages are by people who spell."""

_CERTAIN = frozenset(("…", "_"))
"""What stands between the words that matched."""

_LEFT_OUT = frozenset(("harmless", "compound", "scenery"))
"""Kinds of phrases that say nothing by themselves."""

_OTHERWISE = (("resume", Meaning.RESUME), ("guard", Meaning.UNCLEAR), ("help", Meaning.HELP))
"""What a message that neither asks to stop nor is doubtful is, by the first kind of phrase that is in it."""


_NEXT = (". ", "? ", " i said ", " i told ", " i asked ", " i already ")
"""Where a sentence ends: at its sign, or where somebody begins to say what he has said before."""


_REFUSING = frozenset(("nn", "non", "nao", "n", "nie", "ne"))
"""Words right behind which nothing is asked for."""


def _unless_refused(resume: Match | None, text: Text) -> Match | None:
    """A request to be let in, unless the word before it refuses: "nn voglio ricevere sms"."""
    before = text.written[: resume.start].split()[-1:] if resume else []
    return None if before and before[0] in _REFUSING else resume


def _beside(doubt: Match | None, stop: Match, written: str) -> Match | None:
    """The doubt, unless the request stands in a sentence of its own: "How do I stop this? Take me off." asks."""
    if doubt is None:
        return None
    start = max(written.rfind(". ", 0, doubt.start), written.rfind("? ", 0, doubt.start), 0)
    ends = [end for sign in _NEXT if (end := written.find(sign, doubt.end)) >= 0]
    sentence = written[start : min(ends, default=len(written))]
    return doubt if "_" in stop.said or stop.said in sentence else None
