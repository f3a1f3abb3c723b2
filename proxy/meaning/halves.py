"""Which halves of a request words are: quickly told of many at once, so that most messages need no grammar.

A request is made of two words at least, of classes that ``grammar`` has rules for: what is done, and to what.
"""

from __future__ import annotations

from proxy.meaning.languages.classes import CLASSES
from proxy.meaning.wordclasses import (
    ABOUT,
    AGAIN,
    BACK,
    CANCEL,
    CEASE,
    CONTACT,
    CONTACTING,
    HINT,
    MESSAGE,
    NONE,
    NOT_CONTACT,
    NUMBER,
    OWN,
    PLACE,
    PLEASE,
    RECEIVE,
    REFUSE,
    REFUSE_VERB,
    REMOVE,
    REMOVE_ME,
    UNLIST,
    WANT,
    classes_of,
)

HEADS = CEASE | REFUSE | REFUSE_VERB | NONE | NOT_CONTACT | REMOVE | REMOVE_ME | UNLIST | CANCEL
"""One of these is in every request to stop."""

OBJECTS = CONTACT | CONTACTING | NOT_CONTACT | RECEIVE | MESSAGE | PLACE | NUMBER | REMOVE_ME
"""One of these too."""

RETURNED = MESSAGE | PLACE | RECEIVE | OWN | CONTACT

OF_ONESELF = OWN | PLEASE | WANT

SUSPECT = (HEADS | HINT, OBJECTS | ABOUT)

_HALVES = (HEADS, OBJECTS, UNLIST, OF_ONESELF, BACK | AGAIN, RETURNED, *SUSPECT)
"""Classes in pairs: a request to stop has one of each of the first or of the second pair, a request to be let back in
one of each of the third, and what may be about stopping one of each of the fourth."""

_LANE = len(CLASSES)
_LANGUAGES = (1 << _LANE) - 1

ENGLISH_HALF = 1 | 1 << _LANE
"""What ``halves`` says of an English word that is half of a request to stop."""

HALVES = len(_HALVES) * _LANE
"""So many bits ``halves`` takes."""


def halves(word: str) -> int:
    """Which halves of a request the word is, in which languages, as bits: of several words, join them by ``|``."""
    found = 0
    for language, bits in classes_of(word):
        for n, half in enumerate(_HALVES):
            if bits & half:
                found |= 1 << (n * _LANE + language)
    return found


def asking(known: int) -> int:
    """The languages, as bits, in which words may ask to stop of which ``halves`` says this."""
    return (known & known >> _LANE | known >> 2 * _LANE & known >> 3 * _LANE) & _LANGUAGES


def asking_back(known: int) -> int:
    """The languages, as bits, in which words may ask to be let back in of which ``halves`` says this."""
    return known >> 4 * _LANE & known >> 5 * _LANE & _LANGUAGES


def suspecting(known: int) -> int:
    """The languages, as bits, in which words may be about stopping of which ``halves`` says this."""
    return known >> 6 * _LANE & known >> 7 * _LANE & _LANGUAGES
