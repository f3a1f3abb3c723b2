"""What a reply means: a text in, a meaning and the words that gave it away out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple


class Meaning(StrEnum):
    """What the consumer wants."""

    STOP = "stop"
    RESUME = "resume"
    HELP = "help"
    AUTOMATIC = "automatic"
    UNCLEAR = "unclear"
    OTHER = "other"


CAUTION = (Meaning.STOP, Meaning.UNCLEAR, Meaning.HELP, Meaning.AUTOMATIC, Meaning.OTHER, Meaning.RESUME)
"""Which meaning counts when a text can be read in several ways: the first of these."""

PER_SE_WORDS = frozenset(("stop", "quit", "end", "revoke", "opt out", "cancel", "unsubscribe"))
"""Words that are a revocation by themselves in the US: 47 CFR 64.1200(a)(10)."""

STOP_WORDS = (
    "STOP", "STOPALL", "STOP ALL", "UNSUBSCRIBE", "UNSUB", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT", "OPT OUT",
    "OPT-OUT", "REMOVE", "ARRET", "ARRÊT", "ARRETE", "ARRETER", "ALTO", "PARAR", "PARE", "BAJA", "CANCELAR", "SAIR",
    "STOPP",
)  # fmt: skip
RESUME_WORDS = ("START", "UNSTOP", "YES", "RESUME", "SUBSCRIBE", "CONTINUE", "OPTIN", "OPT IN")
HELP_WORDS = ("HELP", "INFO", "AIDE", "AYUDA")

_COURTESY = frozenset(("please", "pls", "plz", "thanks", "thank", "you", "ok", "okay", "just", "por", "favor", "svp"))
_ABOUT_STOPPING = re.compile(
    r"\b(?:stop|unsub|cancel|quit\b|revoke|remov|arret|alto\b|pare?\b|parar\b|baja\b|sair\b|opt(?:ing|ed)? ?out)"
)
_TAPBACK = re.compile(
    r"\s*(?:liked|loved|disliked|laughed at|emphasi[sz]ed|questioned|reacted \S+ to|removed an? \w+ from|\S{1,8} to)"
    r" ?[“\"‘']",
    re.IGNORECASE,
)
_NOT_WORDS = re.compile(r"[^\w]+|_+")
_APOSTROPHES = str.maketrans("", "", "'’‘ʼ`´")


class Reading(NamedTuple):
    """A meaning and the words of the text that gave it."""

    meaning: Meaning
    matched: str


class Replies:
    """Reads replies by lists of words; each list replaces or extends the default one."""

    def __init__(
        self,
        stop: Iterable[str] = STOP_WORDS,
        resume: Iterable[str] = RESUME_WORDS,
        help: Iterable[str] = HELP_WORDS,
    ) -> None:
        self._keywords: dict[str, Meaning] = {}
        for meaning, words in ((Meaning.HELP, help), (Meaning.RESUME, resume), (Meaning.STOP, stop)):
            for word in words:
                self._keywords[normal(word)] = meaning

    def read(self, text: str) -> Reading:
        """The meaning of one reply; never raises."""
        plain = normal(text)
        if not plain:
            return Reading(Meaning.OTHER if any(map(_is_visible, text)) else Meaning.UNCLEAR, "")
        if _TAPBACK.match(text):
            return Reading(Meaning.AUTOMATIC, "reaction")
        words = plain.split()
        for candidate in (plain, _without_courtesy(words), "".join(words) if len(plain) <= 40 else ""):
            meaning = self._keywords.get(candidate)
            if meaning is not None:
                return Reading(meaning, candidate)
        mention = _ABOUT_STOPPING.search(plain)
        if mention:
            return Reading(Meaning.UNCLEAR, mention.group())
        return Reading(Meaning.OTHER, "")


def most_cautious(readings: Iterable[Reading]) -> Reading:
    """The reading that counts when one message can be read in several ways."""
    return min(readings, key=lambda reading: CAUTION.index(reading.meaning))


def normal(text: str) -> str:
    """Words of letters and digits, one space between: NFKC, case folded, without marks and signs."""
    folded = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES)).casefold()
    kept = "".join(c for c in folded if unicodedata.category(c) not in ("Mn", "Cf"))
    return _NOT_WORDS.sub(" ", kept).strip()


def _is_visible(character: str) -> bool:
    return character.isprintable() and not character.isspace()


def _without_courtesy(words: list[str]) -> str:
    kept = [word for word in words if word not in _COURTESY]
    return kept[0] if len(set(kept)) == 1 else " ".join(kept)
