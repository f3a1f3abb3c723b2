"""Words of requests as they sound, or as fingers slip: "plese tak me of yor list", "leavde me alone". English only.

A word that is no word of a request, and sounds like one, may be meant as it. That is not enough to change it: only
where the whole message becomes a request, and a word of that is spelled right, ``replies`` reads it so.
"""

from __future__ import annotations

import re
from functools import lru_cache

from proxy.meaning.languages.everyday import NOT_ALIKE, UNCLEAR_SLIPS
from proxy.meaning.typos import SLIPS, distance, fat_finger, misspellings

MEANT = (
    "please", "take", "off", "your", "list", "send", "sending", "texting", "texts", "message", "messages",
    "messaging", "remove", "number", "unsubscribe", "again", "anymore", "never", "dont", "want", "receive",
    "receiving", "these", "more", "from", "phone", "leave", "alone", "quit", "cancel", "delete", "contact",
    "contacting", "bother", "bothering", "notifications", "reminders", "stopping", "removed", "unsubscribed",
    "contacted", "taken", "deleted", "spamming", "harassing", "advertisements", "promotions", "solicitations",
    "subscription",
)  # fmt: skip
"""Words that are recognised by their sound, and when a finger slipped in them."""

_SHORT_SLIPS = {slip: word for slip, word in SLIPS.items() if slip not in UNCLEAR_SLIPS} | dict.fromkeys(
    ("stoop", "stip", "stap", "stup", "sto", "sop", "atop", "stob", "stahp", "stawp"), "stop"
)
"""Slips of the shortest words, which are heard beside others only."""

SLIPPED_IN = (
    "stop", "text", "get", "out", "opt", "lose", "name", "wrong", "spam", "interested", "need", "alerts", "wanna",
    "texted", "not", "nothing", "further", "communications", "group", "another", "enough", "removing", "report",
    "cease",
    "contacts", "database", "permission", "consent", "subscribe", "unsub", "msg", "msgs", "txt", "txts", "dnt", "ever",
)  # fmt: skip
"""More words, which are recognised when a finger slipped in them, and not by their sound."""

_SLIPPED = misspellings((*MEANT, *SLIPPED_IN), fat_finger, NOT_ALIKE)

_LONG, _LONGER = 7, 9
"""In a word of so many letters one slip is forgiven, whatever it sounds like; in a longer one two are."""

_SHORT = 5
"""In a shorter word, one letter may differ at most, though it sounds the same."""

_LONGEST = 20

_SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"ph", "f"), (r"gh(?=t|$)", ""), (r"ck|q|c(?![eiyh])", "k"), (r"x", "ks"), (r"z|c(?=[eiy])", "s"),
        (r"g(?=[ei])", "j"), (r"^wr", "r"), (r"^kn", "n"), (r"mb$", "m"), (r"e$", ""),
        (r"(?<=.)[aeiouyw]+|^[aeiou]+", "a"), (r"h", ""), (r"(.)\1+", r"\1"),
    )
)  # fmt: skip
"""English sounds, roughly: silent letters and the difference between vowels go."""


def sound(word: str) -> str:
    """How a word sounds, so that words which sound the same are the same."""
    for pattern, replacement in _SOUNDS:
        word = pattern.sub(replacement, word)
    return word


_BY_SOUND: dict[str, list[str]] = {}
for _word in MEANT:
    _BY_SOUND.setdefault(sound(_word), []).append(_word)


def is_slip(word: str) -> bool:
    """Whether the word is one of a request in which a finger slipped: quickly told."""
    return word in _SLIPPED or word in _SHORT_SLIPS


@lru_cache(1 << 12)
def meant(word: str) -> str | None:
    """The word of a request that this word may be meant as; None for most words, and for everyday ones."""
    if len(word) > _LONGEST or not word.isascii() or not word.isalpha() or word in NOT_ALIKE or word in MEANT:
        return None
    if (slip := _SHORT_SLIPS.get(word) or _SLIPPED.get(word)) is not None:
        return slip
    most = 1 if len(word) < _SHORT else 2
    for each in _BY_SOUND.get(sound(word), ()):
        if distance(word, each, most) <= most:
            return each
    most = 2 if len(word) >= _LONGER else 1 if len(word) >= _LONG else 0
    near = (each for each in MEANT if most and each[0] == word[0] and distance(word, each, most) <= most)
    return next(near, None)
